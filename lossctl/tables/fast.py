"""The fast reader of text tables: pandas' parser behind a screen, or no answer at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from typing import TypeAlias

import numpy as np

from lossctl.losses import Array
from lossctl.tables.block import Block, Place
from lossctl.tables.cells import EXACT_BELOW, BadCell, Meaning
from lossctl.tables.dialect import Dialect
from lossctl.tables.parting import Cells, part
from lossctl.tables.records import Cut
from lossctl.tables.strict import Layout

Parser: TypeAlias = "Callable[[bytes, int, int, Dialect], Array | None]"
_PIECE = 1 << 18
"""Stays in the processor's cache while it is looked at."""
_FIRST, _LAST = np.uint8(ord(",")), np.uint8(ord("E"))
"""Between them lie digits and points, and nothing else that pandas takes for a part of a number."""


def read(cut: Cut, layout: Layout, large: bool) -> Block | None:
    """Return the records of a cut as a block, or None where the strict reader must decide.

    Numbers go to pandas, which is imported for a large table alone; words and ids are cut out
    first, and each distinct word is read once.
    """
    parse = numbers if large or "pandas" in sys.modules else _digits
    block = _read(cut.content, cut, layout, parse)
    if block is None and b"\r" in cut.content:
        return _read(cut.lines(), cut, layout, parse)
    return block


def _read(content: bytes, cut: Cut, layout: Layout, parse: Parser) -> Block | None:
    selection = layout.selection
    place = Place.by_line(layout.name, cut.line, layout.column)
    numeric = sorted(set(selection.values) - set(selection.words))
    cells: dict[int, Cells] = {}
    if len(numeric) < layout.width:
        parted = part(content, cut.records, layout, numeric)
        if parted is None:
            return None
        content, cells = parted
    found: dict[int, Array] = {}
    for index, meaning in selection.words.items():
        codes = _codes(cells[index], meaning)
        if codes is None:
            return None
        found[index] = codes
    if numeric:
        values = parse(content, cut.records, len(numeric), layout.dialect)
        if values is None:
            return None
        if selection.values == range(layout.width) and not found:  # as most are: no copy
            return Block(values, place)
        found |= dict(zip(numeric, values.T, strict=True))
    values = np.array([found[index] for index in selection.values]).T
    ids = None if selection.id is None else cells[selection.id]
    return Block(values, place, ids)


def numbers(content: bytes, rows: int, width: int, dialect: Dialect) -> Array | None:
    """Return the numbers of `content`, shape (rows, width), or None for the strict reader.

    Accepted are blocks of the expected shape without control characters, all of whose cells pandas
    takes for numbers that are finite and below 2^53 in magnitude: on those pandas >= 3.1 and the
    strict reader give the same bits.
    """
    if dialect.decimal == ",":
        if b"." in content:
            return None
        content, dialect = content.replace(b",", b"."), Dialect(dialect.delimiter)
    found = _digits(content, rows, width, dialect)
    if found is not None:
        return found
    if not _is_plain(content, rows if dialect.delimiter in ",; " else rows * width):
        return None
    import pandas as pd

    try:
        frame = pd.read_csv(
            BytesIO(content),
            header=None,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            dtype=np.float64,
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            engine="c",
            low_memory=False,
            nrows=rows + 1,  # else pandas asks the system for processors at every call
        )
    except ValueError:  # what pandas says of it is never shown
        return None
    if frame.shape != (rows, width):
        return None
    values: Array = np.asfortranarray(frame.to_numpy())
    return values if values.min() > -EXACT_BELOW and values.max() < EXACT_BELOW else None


def _digits(content: bytes, rows: int, width: int, dialect: Dialect) -> Array | None:
    """Return cells such as 0 and 1, or 0.0 and 1.0, as one-hot targets have: no parser needed."""
    for cell in ("0", f"0{dialect.decimal}0"):
        zeros = (dialect.delimiter.join([cell] * width) + "\n").encode()
        if len(content) == rows * len(zeros):
            above = np.frombuffer(content, np.uint8).reshape(rows, -1) - np.frombuffer(
                zeros, np.uint8
            )
            cells = above.reshape(rows, width, -1)
            if cells[:, :, 0].max() <= 9 and not cells[:, :, 1:].any():
                return np.asfortranarray(cells[:, :, 0], np.float64)
    return None


def _is_plain(content: bytes, marks: int) -> bool:
    """Return whether this is digits, points, signs, exponents, spaces, and so many `marks`.

    These are newlines, and delimiters unless they are a comma, a semicolon or a space. Of other
    words than numbers pandas takes some, such as true, for numbers.
    """
    characters = np.frombuffer(content, np.uint8)
    pieces = [characters[i : i + _PIECE] for i in range(0, len(characters), _PIECE)]
    odd = sum(int(np.count_nonzero(p - _FIRST > _LAST - _FIRST)) for p in pieces) - marks
    if not odd:  # as most are: no plus, no exponent, no space
        return True
    pluses, exponents, spaces = (
        sum(int(np.count_nonzero(piece == ord(character))) for piece in pieces)
        for character in "+e "
    )
    if pluses and pluses != content.count(b"e+") + content.count(b"E+"):
        return False  # pandas 3.1 misreads some numbers with a plus sign and spaces
    return odd == pluses + exponents + spaces


def _codes(cells: Cells, meaning: Meaning) -> Array | None:
    """Return the numbers that words stand for; None if one is not known."""
    distinct, inverse = np.unique(cells, return_inverse=True)
    try:
        codes = [meaning(text.decode()) for text in distinct.tolist()]
    except (BadCell, UnicodeDecodeError):
        return None
    return np.array(codes)[inverse]
