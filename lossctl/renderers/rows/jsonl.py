"""Per-sample rows as JSON Lines: an object a sample."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from lossctl.renderers.rows.lines import lines
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from lossctl.base.arrays import Ids


class JsonLines:
    """One object a line, its keys in the order of the columns."""

    def head(self, columns: tuple[str, ...]) -> str:
        """Return nothing: each line names its own columns."""
        return ""

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        first, *others = [json.dumps(name) + ": " for name in samples.names]
        return lines(
            samples, ["{" + first, *[", " + key for key in others], "}\n"], _quoted, "null"
        )


def _quoted(texts: Ids) -> Ids:
    decoded = [text.decode() for text in texts.tolist()]
    strings = json.dumps(decoded, separators=("\n", ": "))[1:-1]  # in a string it would be escaped
    return np.array(strings.encode().split(b"\n"))


JSONL = JsonLines()
