"""How the records of a text table are read: quickly where that has an answer, else strictly."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.tables.block import Block
from lossctl.tables.records.cuts import Cut
from lossctl.tables.text import fast, native, strict


class TextReader(NamedTuple):
    """How the records of a text table are read."""

    layout: strict.Layout
    large: bool
    columns: native.Columns | None
    """What the native reader reads; None where it knows no such table."""

    @classmethod
    def of(cls, layout: strict.Layout, large: bool) -> TextReader:
        """Return the reader of a table with this layout."""
        return cls(layout, large, native.Columns.of(layout))

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the rows of a cut, by the first of native, fast and strict that has an answer."""
        block: Block | None = None
        if rows == cut.records:
            if self.columns is not None:
                block = native.read(cut, self.layout, self.columns)
            if block is None:
                block = fast.read(cut, self.layout, self.large)
        return strict.read(cut, self.layout, rows) if block is None else block
