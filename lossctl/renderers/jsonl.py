"""Per-sample rows as JSON Lines: an object a sample."""

from __future__ import annotations

import json

from lossctl.summary import Samples


class JsonLines:
    """One object a line, its keys in the order of the columns."""

    def head(self, columns: tuple[str, ...]) -> str:
        """Return nothing: each line names its own columns."""
        return ""

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        columns = samples.columns()
        rows = zip(*columns.values(), strict=True)
        return "".join([json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows])


JSONL = JsonLines()
