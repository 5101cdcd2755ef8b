"""The strict reader of text tables: the only maker of errors about rows and cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import count
from typing import NamedTuple

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.tables.block import Block, Place
from lossctl.tables.cells import (
    COMMENT,
    BadCell,
    Meaning,
    decimal_comma,
    id_bytes,
    number,
    or_missing,
)
from lossctl.tables.records.cuts import Cut
from lossctl.tables.records.records import LONGEST_RECORD
from lossctl.tables.table import ENCODING, Selection
from lossctl.tables.text.dialect import Dialect

csv.field_size_limit(LONGEST_RECORD)
_NO_RETURN = "\udc0d"
"""Stands for a carriage return while the csv module parses; no decoded text holds it."""


class Layout(NamedTuple):
    """What a row of a table looks like, and what is read of it."""

    name: str
    dialect: Dialect
    width: int
    selection: Selection
    column: Callable[[int], str]
    """How messages name the selected columns."""

    def plan(self) -> list[tuple[int, Meaning]]:
        """Return the index of each selected column, and what its cells mean."""
        selection = self.selection
        plain = decimal_comma if self.dialect.decimal == "," else number
        found = [(index, selection.words.get(index, plain)) for index in selection.values]
        return [(i, or_missing(meaning)) for i, meaning in found] if selection.skip else found


def cells_of(content: str, dialect: Dialect, where: Place) -> Iterator[tuple[int, list[str]]]:
    """Yield each record of a text as the offset of its first line and its cells; [] if blank.

    `where` names a line by its offset. Raises DataError for a quotation mark out of place.
    """
    if '"' not in content or dialect.delimiter == " ":
        for offset, line in enumerate(content.split("\n")[:-1]):
            yield offset, dialect.split(line) if line else []
        return
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
            what = f"a quotation mark is out of place ({error})"
            raise DataError(f"{where.row(offset)}: {what}", block_row=record) from None
        yield offset, [cell.replace(_NO_RETURN, "\r") for cell in cells]
        if unsound is not None and unsound < reader.line_num:  # and no cell was to blame
            message = f"{where.row(offset)}: a quotation mark is out of place"
            raise DataError(message, block_row=record)


def _unsound_line(content: str, delimiter: str) -> int | None:
    """Return the offset of the first line with a quotation mark in a cell that is not quoted.

    There the csv module takes it for a character, but `Records` for the start of a quotation.
    """
    mark = re.escape(delimiter)
    sound = re.match(f'(?:(?:"(?:[^"]++|"")*+"|[^"\n{mark}]*+)[\n{mark}])*+', content)
    end = sound.end() if sound else 0
    return None if end == len(content) else content.count("\n", 0, end)


def read(cut: Cut, layout: Layout, rows: int) -> Block:
    """Return the first `rows` records of a cut as a block.

    Raises DataError at the first row that is short, long or blank, at the first bad cell, and
    where the parser and `Records` disagree about where a record ends.
    """
    text = cut.text()
    values: list[float] = []
    ids: list[bytes] = []
    lines: list[int] = []
    place = Place(lambda row: f"{layout.name}:{lines[row]}", layout.column)
    by_line = Place.by_line(layout.name, cut.line, layout.column)
    records = cells_of(text, layout.dialect, by_line)
    plan, id_column = layout.plan(), layout.selection.id
    for row, (offset, cells) in zip(range(rows), records, strict=False):
        lines.append(cut.line + offset)
        if len(cells) != layout.width:
            raise place.error(row, None, *_wrong_width(cells, layout.width))
        column, text_of_cell = -1, ""
        try:
            if id_column is not None:
                text_of_cell = cells[id_column]
                ids.append(id_bytes(text_of_cell))
            column = 0
            for index, meaning in plan:
                text_of_cell = cells[index]
                values.append(meaning(text_of_cell))
                column += 1
        except BadCell as bad:
            what = _not_unicode(text_of_cell, cut, offset) or (bad.what, bad.hint)
            raise place.error(row, column, *what) from None
    if len(lines) != rows or (rows == cut.records and next(records, None) is not None):
        raise DataError(f"{by_line.row(0)}: a quotation mark is out of place")
    if lines[-1] - lines[0] == rows - 1:
        place = Place.by_line(layout.name, lines[0], layout.column)  # keeps no list of lines
    matrix = np.array(values, np.float64).reshape(rows, len(plan))
    found = None if id_column is None else np.array(ids, np.bytes_)
    return Block(np.asfortranarray(matrix), place, found)


def _not_unicode(cell: str, cut: Cut, line: int) -> tuple[str, str] | None:
    """Return message and hint for a cell on a line of the cut that holds bytes not in UTF-8."""
    content = cell.encode("utf-8", "surrogateescape")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        start = 0
        for _ in range(line):
            start = cut.content.index(b"\n", start) + 1
        found = cut.content.find(content, start)
        at = found + error.start
        if found < 0:  # it does not stand there as it is: doubled quotes, CRLF inside
            raw = cut.content[start:].decode("utf-8", "surrogateescape")
            bad = next(i for i, char in enumerate(raw) if "\udc80" <= char <= "\udcff")
            at = start + len(raw[:bad].encode())
        offset = cut.offset + at
        return (
            f"{quoted(cell)} is not UTF-8: byte 0x{content[error.start]:02x} at offset {offset}",
            ENCODING,
        )
    return None


def _wrong_width(cells: list[str], width: int) -> tuple[str, str | None]:
    if not "".join(cells).strip() and len(cells) <= 1:
        hint = "if it was an empty cell, the value is missing" if width == 1 else None
        return "a blank line", hint
    have = len(cells)
    kind = "short" if have < width else "long"
    hint = None
    if cells[0].startswith("#"):
        hint = COMMENT
    elif have == width + 1 and not cells[-1]:
        hint = "the line ends with a delimiter"
    return f"a {kind} row: {have} cells where there should be {width}", hint
