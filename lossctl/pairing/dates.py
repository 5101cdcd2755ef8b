"""Dates as ids, which each tool writes in a form of its own, in one form in both tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from lossctl.base.wording import quoted
from lossctl.pairing.date_forms import DateForm, form_of_dates
from lossctl.pairing.ids import ID
from lossctl.pairing.levels import encoded, is_moment, without_midnight
from lossctl.pairing.other_ids import OtherIds
from lossctl.pairing.written_dates import Written
from lossctl.tables.block import Block, Span
from lossctl.tables.table import Table

Forms: TypeAlias = tuple[DateForm | None, DateForm | None]
_DIGIT = re.compile("[0-9]")
_AT_THE_END = re.compile("[-+Z][0-9:]*$")


def forms_of(tables: tuple[Table, Table], columns: tuple[int, int]) -> Forms | None:
    """Return by what ids are read that are dates in the first rows; None if all have one form.

    Of two forms None is that of dates as ISO 8601 has them.
    """
    heads = []
    for table, column in zip(tables, columns, strict=True):
        stands = column < table.width or (table.in_memory and table.index_range is None)
        if not stands or not table.can_be_text(column):
            return None
        heads.append([row[0] for row in table.head([column])])
    found = form_of_dates(*heads), form_of_dates(*reversed(heads))
    if any(found):
        return found
    if not all(is_moment(cell) for head in heads for cell in head):
        return None
    forms = [set(map(_form, head)) for head in heads]
    return None if forms[0] == forms[1] else found


def _form(date: str) -> tuple[str, str]:
    """Return how a date is written, and what its zone is, if it has one."""
    zone = _AT_THE_END.search(date, len("2024-01-01"))
    return _DIGIT.sub("0", date), zone[0] if zone else ""


class DatedSpan(NamedTuple):
    """Some rows, whose ids are dates."""

    span: Span
    form: DateForm | None
    """What they are read by, where they are not written as ISO 8601 has dates."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.span.rows

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all, with their dates in one form."""
        block = self.span.load(rows)
        cells = [text.decode() for text in block.beside[ID].tolist()]
        if isinstance(self.form, Written):
            texts = list(_dates(cells, self.form, block))
        else:
            texts = list(map(without_midnight if self.form is None else self.form.text, cells))
        ids = encoded(texts) if texts else block.beside[ID]
        return Block(block.values, block.place, {**block.beside, ID: ids})


def _dates(cells: list[str], form: Written, block: Block) -> Iterator[str]:
    """Yield ids as dates; raise DataError for one that shows that this is not the form of all."""
    for row, cell in enumerate(cells):
        date = form.date(cell) if cell else cell
        if date is None:
            raise block.place.error(
                row,
                None,
                f"the id {quoted(cell)} is no date as those of the first rows are, or one of two",
                "write all dates of both tables as 2024-01-31",
            )
        yield date


class Dated(OtherIds):
    """A table whose ids are dates, of which each comes in one form."""

    def __init__(self, table: Table, form: DateForm | None) -> None:
        """Take a table, and what its ids are read by."""
        super().__init__(table)
        self._form = form

    def take(self, rows: int) -> DatedSpan | None:
        """Return the next rows with their ids in one form."""
        span = self._table.take(rows)
        return None if span is None else DatedSpan(span, self._form)
