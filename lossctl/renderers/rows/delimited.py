"""Per-sample rows as TSV and CSV: shortest round-trip numbers under a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.decimals import is_number
from lossctl.renderers.rows.lines import lines
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from lossctl.base.arrays import Ids

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = ('"', "\n", "\r")


class Delimited(NamedTuple):
    """Rows of cells with one delimiter; only texts may need quotation marks."""

    delimiter: str

    def head(self, columns: tuple[str, ...]) -> str:
        """Return the header line."""
        return self.delimiter.join(map(self._text, columns)) + "\n"

    def rows(self, samples: Samples) -> str:
        """Return a line for each sample."""
        between = [self.delimiter] * (len(samples.names) - 1)
        return lines(samples, ["", *between, "\n"], self._quoted)

    def _quoted(self, texts: Ids) -> Ids:
        """Return texts as cells; most are as they were."""
        content = texts.tobytes()
        first = content[:: texts.itemsize]
        odd = any(char.encode() in content for char in (self.delimiter, *_QUOTED))
        if not odd and not any(char.encode() in first for char in _FORMULA):
            return texts
        return np.array([self._text(text.decode()).encode() for text in texts.tolist()])

    def _text(self, text: str) -> str:
        """Return a text as a cell, no formula for a spreadsheet to obey (CWE-1236)."""
        if text.startswith(_FORMULA) and not is_number(text):
            text = "'" + text
        if any(char in text for char in (self.delimiter, *_QUOTED)):
            text = '"' + text.replace('"', '""') + '"'
        return text


TSV = Delimited("\t")
CSV = Delimited(",")
