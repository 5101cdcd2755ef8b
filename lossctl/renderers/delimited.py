"""Per-sample rows as TSV and CSV: shortest round-trip numbers under a header."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.summary import Samples


class Delimited(NamedTuple):
    """Rows of cells with one delimiter; no cell needs quotation marks."""

    delimiter: str

    def head(self, losses: tuple[str, ...]) -> str:
        """Return the header line: row, then the losses."""
        return self.delimiter.join(["row", *losses]) + "\n"

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        columns = [map(repr, samples.rows.tolist())]
        columns += [map(repr, values.tolist()) for values in samples.losses.values()]
        return "".join([self.delimiter.join(cells) + "\n" for cells in zip(*columns, strict=True)])


TSV = Delimited("\t")
CSV = Delimited(",")
