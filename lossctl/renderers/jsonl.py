"""Per-sample rows as JSON Lines: an object a sample."""

from __future__ import annotations

import json

from lossctl.summary import Samples


class JsonLines:
    """One object a line, its keys in the order of the columns."""

    def head(self, losses: tuple[str, ...]) -> str:
        """Return nothing: each line names its own columns."""
        return ""

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        names = ["row", *samples.losses]
        columns = [samples.rows.tolist(), *(v.tolist() for v in samples.losses.values())]
        rows = zip(*columns, strict=True)
        return "".join([json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows])


JSONL = JsonLines()
