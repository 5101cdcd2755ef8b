"""How the records of a text table are read: fast where that has an answer, else strictly."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.tables.block import Block
from lossctl.tables.records.cuts import Cut
from lossctl.tables.text import fast, strict


class TextReader(NamedTuple):
    """How the records of a text table are read."""

    layout: strict.Layout
    large: bool

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the rows of a cut, by the fast reader if it can, else by the strict one."""
        if rows == cut.records:
            block = fast.read(cut, self.layout, self.large)
            if block is not None:
                return block
        return strict.read(cut, self.layout, rows)
