"""Dates as ids, which each tool writes in a form of its own, in one form in both tables."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossctl.pairing.ids import ID
from lossctl.pairing.levels import encoded, is_moment, without_midnight
from lossctl.pairing.other_ids import OtherIds
from lossctl.tables.block import Block, Span
from lossctl.tables.table import Table

_DIGIT = re.compile("[0-9]")


def differ_in_form(tables: tuple[Table, Table], columns: tuple[int, int]) -> bool:
    """Return whether ids are dates in the first rows of both tables, in forms that differ."""
    forms: list[set[str]] = []
    for table, column in zip(tables, columns, strict=True):
        stands = column < table.width or (table.in_memory and table.index_range is None)
        if not stands or not table.can_be_text(column):
            return False
        cells = [row[0] for row in table.head([column])]
        if not all(map(is_moment, cells)):
            return False
        forms.append({_DIGIT.sub("0", cell) for cell in cells})
    return forms[0] != forms[1]


class DatedSpan(NamedTuple):
    """Some rows, whose ids are dates."""

    span: Span

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.span.rows

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all, with their dates in one form."""
        block = self.span.load(rows)
        texts = [without_midnight(text.decode()) for text in block.beside[ID].tolist()]
        ids = encoded(texts) if texts else block.beside[ID]
        return Block(block.values, block.place, {**block.beside, ID: ids})


class Dated(OtherIds):
    """A table whose ids are dates, of which each comes in one form."""

    def take(self, rows: int) -> DatedSpan | None:
        """Return the next rows with their ids in one form."""
        span = self._table.take(rows)
        return None if span is None else DatedSpan(span)
