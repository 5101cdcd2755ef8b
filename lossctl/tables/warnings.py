"""Warnings of single tables."""

from __future__ import annotations

from lossctl.base.warnings import Caution
from lossctl.base.wording import visible


class NoFinalNewline(Caution):
    """A text ends within a line, as one does that was cut off."""

    code = "no-final-newline"
    table: str

    @property
    def message(self) -> str:
        return f"{self.table}: no newline at the end: is the file complete?"


class ShardsReordered(Caution):
    """Shards were listed in another order than their natural one, in which they are read."""

    code = "shards-reordered"
    table: str

    @property
    def message(self) -> str:
        return f"{visible(self.table)}: read in natural order, not in the order of this list"
