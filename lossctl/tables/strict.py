"""The strict reader of text tables: the one place that knows what a bad cell is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import count
from typing import NamedTuple

import numpy as np

from lossctl.errors import DataError
from lossctl.tables.dialect import Dialect, is_number
from lossctl.tables.table import Block, Place, unknown_label
from lossctl.wording import quoted

EXACT_BELOW = 2.0**53
_NO_RETURN = "\udc0d"
"""Stands for a carriage return while the csv module parses; no decoded text holds it."""
_COMMENT = "a comment line is no row: remove it"

Cell = Callable[[str], float]


class BadCell(ValueError):
    """A cell that is not what its column holds: the message, and the way out if there is one."""

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class RowShape(NamedTuple):
    """What a row of the table must look like."""

    name: str
    dialect: Dialect
    width: int
    columns: tuple[str, ...] | None


def number(text: str) -> float:
    """Return the float64 nearest to a decimal number; raise BadCell for anything else."""
    if not is_number(text):
        raise BadCell(*_not_a_number(text))
    value = float(text)
    if abs(value) < EXACT_BELOW:
        return value
    if value in (float("inf"), float("-inf")):
        raise BadCell(f"{quoted(text)} is too large for a 64-bit float")
    digits = text.strip(" ").lstrip("+-").lstrip("0")
    if digits.isdigit() and int(digits) != abs(int(value)):
        raise BadCell(f"{quoted(text)} is an integer that a 64-bit float cannot hold exactly")
    return value


def _not_a_number(text: str) -> tuple[str, str | None]:
    bare = text.strip(" ")
    if not bare:
        return "an empty cell is not a number", None
    hint = None
    if bare.startswith("#"):
        hint = _COMMENT
    elif is_number(bare.replace(",", ".", 1)):
        hint = "write numbers with a decimal point and no thousands separator"
    elif bare.strip("'") in ("True", "False", "true", "false"):
        hint = "write 1 for true and 0 for false"
    return f"{quoted(text)} is not a number", hint


def class_index(names: tuple[str, ...]) -> Cell:
    """Return the function from a class name to its index."""
    index = {name: float(position) for position, name in enumerate(names)}

    def cell(text: str) -> float:
        found = index.get(text)
        if found is None:
            found = index.get(label_text(text))
        if found is None:
            raise BadCell(*unknown_label(text, names))
        return found

    return cell


def label_text(text: str) -> str:
    """Return the text of a label; of a whole number without sign, point and spaces around it."""
    if is_number(text) and abs(float(text)) < EXACT_BELOW and float(text).is_integer():
        return str(int(float(text)))
    return text


def cells_of(content: str, dialect: Dialect, where: Place) -> Iterator[tuple[int, list[str]]]:
    """Yield each record of a text as the offset of its first line and its cells.

    `where` names a line by its offset. Raises DataError for a quotation mark out of place.
    """
    if '"' not in content or dialect.delimiter == " ":
        for offset, line in enumerate(content.split("\n")[:-1]):
            yield offset, dialect.split(line)
        return
    # The parser must not take a stray carriage return for the end of a line.
    stream = StringIO(content.replace("\r", _NO_RETURN), newline="\n")
    reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
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


def read(
    content: bytes, first_line: int, shape: RowShape, cell: Cell, rows: int, *, whole: bool
) -> Block:
    """Return the first `rows` records of `content` as a block.

    Raises DataError at the first row that is short, long or blank, at the first bad cell, and
    where the parser and `Records` disagree about where a record ends.
    """
    text = content.decode("utf-8", "surrogateescape")
    values: list[float] = []
    lines: list[int] = []
    place = Place(lambda row: f"{shape.name}:{lines[row]}", shape.columns)
    by_line = Place(lambda offset: f"{shape.name}:{first_line + offset}")
    records = cells_of(text, shape.dialect, by_line)
    for row, (offset, cells) in zip(range(rows), records, strict=False):
        lines.append(first_line + offset)
        if len(cells) != shape.width or cells == [""]:
            raise place.error(row, None, *_wrong_width(cells, shape))
        for column, content_of_cell in enumerate(cells):
            try:
                values.append(cell(content_of_cell))
            except BadCell as bad:
                raise place.error(row, column, bad.what, bad.hint) from None
    if len(lines) != rows or (whole and next(records, None) is not None):
        raise DataError(f"{by_line.row(0)}: a quotation mark is out of place")
    matrix = np.array(values, np.float64).reshape(len(lines), shape.width)
    return Block(np.asfortranarray(matrix), place)


def _wrong_width(cells: list[str], shape: RowShape) -> tuple[str, str | None]:
    if not "".join(cells).strip() and len(cells) <= 1:
        hint = "if it was an empty cell, the value is missing" if shape.width == 1 else None
        return "a blank line", hint
    have, want = len(cells), shape.width
    kind = "short" if have < want else "long"
    hint = None
    if cells[0].startswith("#"):
        hint = _COMMENT
    elif have == want + 1 and not cells[-1]:
        hint = "the line ends with a delimiter"
    return f"a {kind} row: {have} cells where there should be {want}", hint
