"""The strict reader of text tables: the only maker of errors about rows and cells."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.wording import counted, quoted
from lossctl.tables.block import Block
from lossctl.tables.cells import (
    COMMENT,
    ROLES,
    BadCell,
    Meaning,
    decimal_comma,
    number,
)
from lossctl.tables.lists import Spread
from lossctl.tables.missing import starts_with_failure
from lossctl.tables.oddities import ENCODING
from lossctl.tables.place import OneLineEach, Place, SeveralLinesEach
from lossctl.tables.records.collecting import Collector, Plan
from lossctl.tables.records.cuts import Cut, doubt_the_end
from lossctl.tables.records.records import LONGEST_RECORD
from lossctl.tables.table import Reading
from lossctl.tables.text.dialect import Dialect

if TYPE_CHECKING:
    from lossctl.tables.text.bracketed import Expansion

csv.field_size_limit(LONGEST_RECORD)
_MARK_OUT_OF_PLACE = "a quotation mark is out of place"
_NO_RETURN = "\udc0d"
"""Stands for a carriage return while the csv module parses; no decoded text holds it."""

_HEADER_AGAIN = (
    "the line repeats the header",
    'was one table put below another, as to_csv(..., mode="a") does? Take the line out, or write '
    "what is added with header=False",
)


class Layout(NamedTuple):
    """What a row of a table looks like, and what is read of it."""

    reading: Reading
    dialect: Dialect
    width: int
    """How many cells a record has."""
    spread: Spread | None = None
    """Which of them are lists, and so several columns; None where none is."""

    def plan(self) -> Plan:
        """Return which cells are read, and what they mean."""
        selection = self.reading.selection
        plain = decimal_comma if self.dialect.decimal == "," else number
        meanings: list[Meaning] = [selection.words.get(i, plain) for i in selection.values]
        if self.spread is not None and plain is decimal_comma:
            from lossctl.tables.text.bracketed import in_lists

            points = in_lists(self.spread)
            meanings = [
                number if i in points and meaning is plain else meaning
                for i, meaning in zip(selection.values, meanings, strict=True)
            ]
        beside = {
            role: (i, ROLES[role].bytes_of if ROLES[role].text else plain)
            for role, i in selection.beside.items()
        }
        return Plan(list(zip(selection.values, selection.admitting(meanings), strict=True)), beside)

    def expansion(self) -> "Expansion | None":
        """Return how lists in cells become columns, where there are lists."""
        if self.spread is None:
            return None
        from lossctl.tables.text.bracketed import Expansion

        return Expansion.of(self.spread, self.dialect.decimal, self.reading.selection.columns())


def cells_of(content: str, dialect: Dialect, where: OneLineEach) -> Iterator[tuple[int, list[str]]]:
    """Yield each record of a text as the offset of its first line and its cells; [] if blank.

    `where` knows a line by its offset. Raises DataError for a quotation mark out of place.
    """
    if '"' not in content:
        for offset, line in enumerate(content.split("\n")[:-1]):
            yield offset, dialect.split(line) if line else []
        return
    if dialect.delimiter == " ":
        content = _single_spaced(content)
    # The parser must not take a stray carriage return for the end of a line.
    stream = StringIO(content.replace("\r", _NO_RETURN), newline="\n")
    reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
    unsound = _unsound_line(content, dialect.delimiter)
    for record in count():
        offset = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason, hint = f"{_MARK_OUT_OF_PLACE} ({error})", _of_escapes(content, offset)
            raise where.spot(offset).error(reason, hint, block_row=record) from None
        yield offset, [cell.replace(_NO_RETURN, "\r") for cell in cells]
        if unsound is not None and unsound < reader.line_num:  # and no cell was to blame
            hint = _of_escapes(content, offset)
            raise where.spot(offset).error(_MARK_OUT_OF_PLACE, hint, block_row=record)


def _of_escapes(content: str, line: int) -> str | None:
    """Return the way out where a quotation mark is escaped on the line of this offset."""
    if '\\"' not in content.split("\n", line + 1)[line]:
        return None
    return (
        "a quotation mark inside of a cell is doubled, not escaped: where R wrote the file, with "
        'write.table(..., qmethod = "double")'
    )


def _single_spaced(content: str) -> str:
    """Return a text with one space for each run of spaces between two cells, and none elsewhere."""
    parts = r'("(?:[^"]++|"")*+")|((?m:^ ++| ++$))| ++'  # quotations, edges of lines, others
    return re.sub(parts, lambda part: part[1] or ("" if part[2] else " "), content)


def _unsound_line(content: str, delimiter: str) -> int | None:
    """Return the offset of the first line with a quotation mark in a cell that is not quoted.

    There the csv module takes it for a character, but `Records` for the start of a quotation.
    """
    mark = re.escape(delimiter)
    sound = re.match(f'(?:(?:"(?:[^"]++|"")*+"|[^"\n{mark}]*+)[\n{mark}])*+', content)
    end = sound.end() if sound else 0
    return None if end == len(content) else content.count("\n", 0, end)


def read(cut: Cut, layout: Layout, rows: int) -> Block:
    """Return the first `rows` records of a cut as a block; raise DataError at the first bad one.

    Where the file may be cut off at what is bad, that is told first.
    """
    try:
        return _read(cut, layout, rows)
    except DataError as error:
        if cut.is_cut_off_at(error.block_row) and _ends_with(error, cut, layout):
            doubt_the_end(error)
        raise


def _ends_with(error: DataError, cut: Cut, layout: Layout) -> bool:
    """Return whether a file ends with what is bad: a short row, its last cell, or a quotation."""
    cells = layout.dialect.split(cut.text().rstrip("\n").rsplit("\n", 1)[-1])
    if error.column is None:
        return len(cells) < layout.width or _MARK_OUT_OF_PLACE in error.reason
    return error.value == cells[-1]


def _read(cut: Cut, layout: Layout, rows: int) -> Block:
    """Return the first `rows` records of a cut as a block.

    Raises DataError at the first row that is short, long or blank, at the first bad cell, and
    where the parser and `Records` disagree about where a record ends.
    """
    lines: list[int] = []
    collector, expand = Collector(layout.plan()), layout.expansion()
    place = layout.reading.place(SeveralLinesEach(layout.reading.file, lines))
    by_line = OneLineEach(layout.reading.file, cut.line)
    records = cells_of(cut.text(), layout.dialect, by_line)
    for row, (offset, cells) in zip(range(rows), records, strict=False):
        lines.append(cut.line + offset)
        if len(cells) != layout.width:
            raise place.error(row, None, *wrong_width(cells, layout.width))
        try:
            collector.add(cells if expand is None else expand.cells(cells))
        except BadCell as bad:
            if tuple(cells) == layout.reading.names:
                raise place.error(row, None, *_HEADER_AGAIN) from None
            told = _told(bad, cut, offset, layout.dialect)
            raise _error(bad, place, row, told) from None  # no frame of it holds it
    if len(lines) != rows or (rows == cut.records and next(records, None) is not None):
        raise by_line.spot(0).error(_MARK_OUT_OF_PLACE)
    if lines[-1] - lines[0] == rows - 1:
        place = layout.reading.lines(lines[0])  # keeps no list of lines
    else:  # whoever keeps the place keeps 8 bytes a row
        place = layout.reading.place(SeveralLinesEach(layout.reading.file, np.array(lines)))
    return collector.block(place)


def _error(
    bad: BadCell, place: Place, row: int, told: tuple[str, str | None, str | None]
) -> DataError:
    """Return the error of a cell, in the column of the file that it stands in."""
    error = place.error(row, bad.column, *told)
    error.column = error.column if bad.label is None else bad.label
    return error


def _told(bad: BadCell, cut: Cut, line: int, dialect: Dialect) -> tuple[str, str | None, str]:
    """Return reason, hint and value of a bad cell on a line of a cut, as the table has it."""
    cell = str(bad.value)
    if (odd := _not_unicode(cell, cut, line)) is not None:
        return *odd, cell
    if dialect.commas:
        from lossctl.tables.oddities import DECIMAL_COMMA, either_reading

        if bad.hint == either_reading(cell):
            return bad.reason, DECIMAL_COMMA, cell
    return bad.reason, bad.hint, cell


def _not_unicode(cell: str, cut: Cut, line: int) -> tuple[str, str] | None:
    """Return message and hint for a cell on a line of the cut that holds bytes not in UTF-8."""
    content = cell.encode("utf-8", "surrogateescape")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        start = 0
        for _ in range(line):
            start = cut.content.index(b"\n", start) + 1
        position = cut.content.find(content, start)
        at = position + error.start
        if position < 0:  # it does not stand there as it is: doubled quotes, CRLF inside
            raw = cut.content[start:].decode("utf-8", "surrogateescape")
            bad = next(i for i, char in enumerate(raw) if "\udc80" <= char <= "\udcff")
            at = start + len(raw[:bad].encode())
        offset = cut.offset + at
        return (
            f"{quoted(cell)} is not UTF-8: byte 0x{content[error.start]:02x} at offset {offset}",
            ENCODING,
        )
    return None


def wrong_width(cells: list[str], width: int) -> tuple[str, str | None]:
    """Return what is wrong with a record of another width, and the way out where one is known."""
    if not "".join(cells).strip() and len(cells) <= 1:
        hint = None
        if width == 1:
            hint = (
                "if it is a missing value, it must be seen: write NA there (polars: write_csv(..., "
                'null_value="NA"))'
            )
        return "a blank line", hint
    have = len(cells)
    kind = "short" if have < width else "long"
    hint = None
    if cells[0].startswith("#") and not starts_with_failure(cells[0]):
        hint = COMMENT
    elif have == width + 1 and not cells[-1]:
        hint = "the line ends with a delimiter"
    elif have > width and any("[" in cell for cell in cells):
        hint = 'a list with delimiters in it needs quotation marks: "[0.1, 0.9]"'
    return f"a {kind} row: {counted(have, 'cell')} where there should be {width}", hint
