"""Per-sample rows as TSV and CSV: shortest round-trip numbers under a header."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.summary import Samples
from lossctl.tables.dialect import is_number

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Delimited(NamedTuple):
    """Rows of cells with one delimiter; only ids may need quotation marks."""

    delimiter: str

    def head(self, columns: tuple[str, ...]) -> str:
        """Return the header line."""
        return self.delimiter.join(columns) + "\n"

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        columns = [
            map(self._text if name == "id" else repr, cells)
            for name, cells in samples.columns().items()
        ]
        return "".join([self.delimiter.join(cells) + "\n" for cells in zip(*columns, strict=True)])

    def _text(self, text: str) -> str:
        """Return an id as a cell, no formula for a spreadsheet to obey (CWE-1236)."""
        if text.startswith(_FORMULA) and not is_number(text):
            text = "'" + text
        if any(char in text for char in (self.delimiter, '"', "\n", "\r")):
            text = '"' + text.replace('"', '""') + '"'
        return text


TSV = Delimited("\t")
CSV = Delimited(",")
