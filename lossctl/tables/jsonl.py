"""JSON Lines: an object or an array a line, each a sample."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from lossctl.base.wording import quoted
from lossctl.tables.block import Block
from lossctl.tables.cells import (
    ROLES,
    BadCell,
    Meaning,
    Role,
    boolean,
    number,
    or_missing,
)
from lossctl.tables.place import Spot
from lossctl.tables.records.collecting import Collector, Plan
from lossctl.tables.records.cuts import Cut
from lossctl.tables.records.record_table import RecordTable
from lossctl.tables.records.records import Records
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import (
    HEAD,
    Reading,
    Selection,
    TableOptions,
    all_columns,
    unique_names,
)


class Literal(str):
    """What is no string in JSON: a number or NaN as it is written, true, false, null."""

    __slots__ = ()


class JsonLinesTable(RecordTable):
    """Objects whose keys name the columns, or arrays without names; all lines alike."""

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        super().__init__(stream, Records(stream, quotes=False))
        first_line = Spot(self.name, line=1)
        try:
            first = _parsed(self.records.peek(1).lines())
        except BadCell as bad:
            raise first_line.error(bad.reason, bad.hint) from None
        if isinstance(first, dict):
            self.columns = unique_names(list(first), first_line)
        self.width = len(first)
        if not self.width:
            raise first_line.error("there is nothing in it")
        self.select(all_columns(self.width))

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first lines, as text; "" for what is no cell."""
        for records, skipped in ((1, 0), (HEAD, 1)):
            for line in self.records.peek(records).lines().split(b"\n")[skipped:-1]:
                try:
                    cells = _cells(_parsed(line), self.columns)
                except BadCell:
                    cells = []
                yield [_text_or_empty(cells[i]) if i < len(cells) else "" for i in columns]

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self.reader = JsonReader(Reading(self.name, selection, self.columns), self.width)


class JsonReader(NamedTuple):
    """How the lines of a table in JSON are read."""

    reading: Reading
    width: int

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the first `rows` lines of a cut; raise DataError at the first bad one."""
        place = self.reading.lines(cut.line)
        collector = Collector(self._plan())
        for row, line in zip(range(rows), cut.lines().split(b"\n"), strict=False):
            try:
                collector.add(self._checked(_parsed(line)))
            except BadCell as bad:
                value = bad.value if isinstance(bad.value, str) else None
                raise place.error(row, bad.column, bad.reason, bad.hint, value) from None
        return collector.block(place)

    def _plan(self) -> Plan:
        """Return which cells are read, and what they mean."""
        selection = self.reading.selection
        meanings = [_typed(selection.words.get(index)) for index in selection.values]
        if selection.skip:
            meanings = [partial(or_missing, meaning) for meaning in meanings]
        cells = [partial(_number_of, meaning) for meaning in meanings]
        beside = {role: (i, _beside(ROLES[role])) for role, i in selection.beside.items()}
        return Plan(list(zip(selection.values, cells, strict=True)), beside)

    def _checked(self, line: object) -> list[object]:
        """Return the cells of a line; raise BadCell if it is not like the first one."""
        cells = _cells(line, self.reading.names)
        if len(cells) != self.width:
            raise BadCell(f"{len(cells)} values where there should be {self.width}")
        return cells


def _number_of(meaning: Meaning, value: object) -> float:
    """Return the number that a value of JSON means."""
    return meaning(_text(value))


def _beside(role: Role) -> Callable[[object], bytes | float]:
    """Return the function of a value of JSON that stands beside predictions and targets."""
    return partial(_text_of, role) if role.text else partial(_number_of, _typed(None))


def _text_of(role: Role, value: object) -> bytes:
    if role.any_cell and (value is None or isinstance(value, dict | list)):
        return role.bytes_of("" if value is None else json.dumps(value))
    if not role.any_cell and (value is None or isinstance(value, bool)):
        raise BadCell(f"{json.dumps(value)} {role.none}")
    return role.bytes_of(_text(value))


def _literal(meaning: Meaning, text: str) -> float:
    """Return what is meant by what is no string in JSON; raise BadCell for a string."""
    if not isinstance(text, Literal):
        raise BadCell(f"{quoted(text)} is text, not a number")
    return meaning(text)


def _cells(line: object, columns: tuple[str, ...] | None) -> list[object]:
    """Return the values of an object, in the order of the columns, or of an array."""
    if columns is None:
        if not isinstance(line, list):
            raise BadCell("not an array, as the first line is")
        return line
    if not isinstance(line, dict):
        raise BadCell("not an object, as the first line is")
    for name in columns:
        if name not in line:
            raise BadCell(f"no value called {quoted(name)}")
    if len(line) > len(columns):
        other = next(name for name in line if name not in columns)
        raise BadCell(f"{quoted(other)} is not in the first line")
    return [line[name] for name in columns]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return Literal(json.dumps(value))
    kind = "an array" if isinstance(value, list) else "an object"
    raise BadCell(f"{kind} is neither a number nor text")


def _text_or_empty(value: object) -> str:
    try:
        return _text(value)
    except BadCell:
        return ""


def _typed(word: Meaning | None) -> Meaning:
    """Return what the cells of a column mean: no string is a number, true or false."""
    if word is not None and word is not boolean:
        return word
    return partial(_literal, word or number)


def _parsed(line: bytes) -> Any:
    """Return a line's value; raise BadCell for what is no object and no array in JSON."""
    try:
        value = _DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02x} at offset {error.start} of the line"
        raise BadCell(f"not UTF-8: {byte}") from None
    except ValueError as error:  # JSONDecodeError is one
        if isinstance(error, BadCell):
            raise
        blank = not line.strip()
        what = str(error).partition(": line")[0]
        raise BadCell("a blank line" if blank else f"not JSON ({what})") from None
    except RecursionError:
        raise BadCell("not a row of cells: it is nested too deeply") from None
    if not isinstance(value, dict | list):
        raise BadCell("neither an object nor an array")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadCell(f"the key {quoted(twice)} is there twice")
    return values


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Literal, parse_int=Literal, parse_constant=Literal
)
