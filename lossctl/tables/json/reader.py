"""Rows of JSON to a block, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.tables.block import Block
from lossctl.tables.cells import (
    ROLES,
    BadCell,
    Meaning,
    Role,
    boolean,
    number,
    number_with,
)
from lossctl.tables.json.parsing import Literal, says_nothing, text_of
from lossctl.tables.json.shape import BadList, Shape
from lossctl.tables.place import Place
from lossctl.tables.records.collecting import Collector, Plan
from lossctl.tables.table import Reading

Cell: TypeAlias = Callable[[object], float]
"""From what stands in a cell to its number, or BadCell."""


class RowReader(NamedTuple):
    """How the rows of a table in JSON are read: a value, which any thread may call."""

    reading: Reading
    shape: Shape
    decimal: str = "."
    """The decimal point of numbers that are strings."""

    def block(self, place: Place, rows: Iterable[Any]) -> Block:
        """Return rows as a block; raise DataError at the first bad one.

        A row that cannot be parsed raises BadCell when its turn comes.
        """
        positions, lists = self.shape.positions(), self.shape.lists
        collector = Collector(self._plan([self.shape.strings[i] for i in positions]))
        read = {positions[i] for i in self.reading.selection.columns()} if lists else set()
        done = 0
        try:
            for row in rows:
                cells = self.shape.cells(row)
                if lists:
                    cells = self.shape.spread_out(cells, read.__contains__)
                collector.add(cells)
                done += 1
        except BadCell as bad:
            raise _error(bad, place, done) from None
        return collector.block(place)

    def _plan(self, strings: Sequence[bool]) -> Plan:
        """Return which cells are read, and what they mean; `strings` says which columns are."""
        selection = self.reading.selection
        meanings = [
            selection.words.get(index, self.number(strings[index])) for index in selection.values
        ]
        cells = [
            _cell(meaning, selection.words.get(index), strings[index])
            for index, meaning in zip(selection.values, selection.admitting(meanings), strict=True)
        ]
        beside = {
            role: (index, self._beside(ROLES[role], strings[index]))
            for role, index in selection.beside.items()
        }
        return Plan(list(zip(selection.values, cells, strict=True)), beside)

    def number(self, strings: bool) -> Meaning:
        """Return what the cells of a column, of strings or of others, mean as numbers."""
        return number_with(self.decimal) if strings else number

    def _beside(self, role: Role, strings: bool) -> Callable[[object], bytes | float]:
        """Return the function of a cell that stands beside predictions and targets."""
        if role.text or role.as_it_lies:
            return partial(_id, role)
        return partial(_typed, self.number(strings), strings)


def _cell(meaning: Meaning, word: Meaning | None, strings: bool) -> Cell:
    """Return the function of a cell among the values; one of labels may be a string or not."""
    if word in (None, boolean):
        return partial(_typed, meaning, strings)
    return partial(_untyped, meaning)


def _typed(meaning: Meaning, strings: bool, cell: object) -> float:
    """Return what a cell means; raise BadCell for a string in a column of numbers or vice versa."""
    if cell.__class__ is Literal and not strings:
        return meaning(cell)
    text = text_of(cell)
    if isinstance(text, Literal) is strings and not says_nothing(cell):
        if strings:
            raise BadCell(f"{quoted(text)} is no string, as the first value of the column is")
        raise BadCell(f"{quoted(text)} is text, not a number")
    return meaning(text)


def _untyped(meaning: Meaning, cell: object) -> float:
    return meaning(text_of(cell))


def _id(role: Role, cell: object) -> bytes:
    if role.any_cell and (cell is None or isinstance(cell, dict | list)):
        return role.bytes_of("" if cell is None else json.dumps(cell))
    text = text_of(cell)
    if not role.any_cell and (cell is None or isinstance(cell, bool)):
        raise BadCell(f"{text} {role.none}")
    return role.bytes_of(text)


def _error(bad: BadCell, place: Place, row: int) -> DataError:
    if isinstance(bad, BadList):
        return place.spot(row).error(bad.reason, bad.hint, column=bad.label, block_row=row)
    value = bad.value if isinstance(bad.value, str) else None
    return place.error(row, bad.column, bad.reason, bad.hint, value)
