"""The fast reader of text tables: pandas' parser behind a screen, or no answer at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock
from typing import Any, TypeAlias, cast

import numpy as np

from lossctl.base.arrays import Array, Ids
from lossctl.base.memory import require_memory
from lossctl.tables.block import Block
from lossctl.tables.cells import EXACT_BELOW, BadCell, Meaning
from lossctl.tables.records.cuts import Cut, HeldCut
from lossctl.tables.text.dialect import Dialect
from lossctl.tables.text.strict import Layout

_PIECE = 1 << 20
"""Of bytes: it stays in the processor's cache while it is looked at."""
_MINUS_INFINITY = (b"-inf", b"-Inf")
"""As C, Python, pandas and polars write it, and as R does."""
_STAND_IN = b"-9e15"
_IMPORTING = Lock()
_SIZE_OF_PANDAS = 7 << 25
"""In bytes of address space, with pyarrow, which it imports, and without the blocks to be read."""
_EXACT_SINCE = (3, 1)
"""From this version on pandas rounds every decimal correctly; before, if it is asked to."""
_WIDE = 1 << 10
"""With more columns pandas takes longer for a cell, the longer the more columns there are."""
Parser: TypeAlias = "Callable[[Cut, int, Dialect], Array | None]"


def read(cut: Cut, layout: Layout, large: bool) -> Block | None:
    """Return the records of a cut as a block, or None where the strict reader must decide.

    Numbers go to pandas, which is imported for a large table alone; words and ids are cut out
    first, and each distinct word is read once.
    """
    if layout.spread is not None or layout.dialect.delimiter == layout.dialect.decimal:
        return None  # where a comma is both, quotation marks tell which
    parse = numbers if large or "pandas" in sys.modules else _single_digits
    selection = layout.reading.selection
    beside = selection.words or selection.beside
    everything = not beside and selection.values == range(layout.width)
    read_cut = _everything if everything else _some
    block = read_cut(cut, layout, parse)
    if block is not None:
        return block
    lines = cut.lines()
    return None if len(lines) == cut.size else read_cut(_with(cut, lines), layout, parse)


def _with(cut: Cut, content: bytes) -> Cut:
    """Return the same records as another text."""
    return HeldCut(content, cut.records, cut.line, cut.offset)


def _everything(cut: Cut, layout: Layout, parse: Parser) -> Block | None:
    """Return the numbers of all columns, as most tables are read, without a copy."""
    values = parse(cut, layout.width, layout.dialect)
    return None if values is None else Block(values, layout.reading.lines(cut.line))


def _some(cut: Cut, layout: Layout, parse: Parser) -> Block | None:
    """Return the columns that are read, words and those beside the values among them."""
    selection = layout.reading.selection
    place = layout.reading.lines(cut.line)
    numeric = sorted({*selection.columns()} - {*selection.words, *selection.texts()})
    cells: dict[int, Ids] = {}
    if len(numeric) < layout.width:
        if len(selection.words) > _WIDE:  # NumPy is called for each
            return None
        from lossctl.tables.text.parting import part

        parted = part(cut.content, cut.records, layout, numeric)
        if parted is None:
            return None
        cut, cells = _with(cut, parted[0]), parted[1]
    columns: dict[int, Array] = {}
    for index, meaning in selection.words.items():
        codes = _codes(cells[index], meaning)
        if codes is None:
            return None
        columns[index] = codes
    if numeric:
        if selection.minus_infinity == len(numeric):
            parse = partial(_logarithms, parse)
        values = parse(cut, len(numeric), layout.dialect)
        if values is None:
            return None
        columns |= dict(zip(numeric, values.T, strict=True))
    if not columns:  # a line of nothing but spaces that part its cells
        return None
    values = np.array([columns[index] for index in selection.values]).T
    everything = cells | columns
    return Block(values, place, {role: everything[i] for role, i in selection.beside.items()})


def numbers(cut: Cut, width: int, dialect: Dialect) -> Array | None:
    """Return the numbers of a cut, shape (rows, width), or None for the strict reader.

    Accepted are blocks of the expected shape that pass the screen, all of whose cells pandas takes
    for numbers that are finite and below 2^53 in magnitude: on those pandas and the strict reader
    give the same bits.
    """
    digits = _single_digits(cut, width, dialect)
    if digits is not None:
        return digits
    content = cut.content
    if dialect.decimal != "." and b"." in content:
        return None
    content = content if dialect.decimal == "." else content.replace(dialect.decimal.encode(), b".")
    if not _is_plain(content, cut.records, width, dialect.delimiter):
        return None
    if width <= _WIDE:
        values = _parsed(content, cut.records, width, dialect.delimiter)
    else:
        stacked = _stacked(content, cut.records, width, dialect.delimiter)
        values = None if stacked is None else _parsed(stacked, cut.records * width, 1, ",")
    if values is None:
        return None
    exact = values.min() > -EXACT_BELOW and values.max() < EXACT_BELOW  # and not NaN
    return np.asfortranarray(values.reshape(cut.records, width)) if exact else None


def _parsed(content: bytes, rows: int, width: int, delimiter: str) -> Array | None:
    """Return what pandas takes for numbers; None if that is anything but so many rows of them."""
    read_csv = _pandas()
    try:
        frame = read_csv(
            cast(Any, _AtOnce(content)),
            header=None,
            sep=r"\s+" if delimiter == " " else delimiter,
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
    return frame.to_numpy() if frame.shape == (rows, width) else None


def _stacked(content: bytes, rows: int, width: int, delimiter: str) -> bytes | None:
    """Return the cells of all rows one below another; None if a row has another number of them."""
    characters = np.frombuffer(content, np.uint8)
    newlines = characters == ord("\n")
    parts = newlines | (characters == ord(delimiter))
    if delimiter == " ":  # a run of spaces parts two cells, and none is empty
        ends = np.flatnonzero(parts[1:] & ~parts[:-1]) + 1
        content = b"\n".join(content.split()) + b"\n"
    else:
        ends = np.flatnonzero(parts)
        content = content.replace(delimiter.encode(), b"\n")
    last = np.searchsorted(ends, np.flatnonzero(newlines), "right")
    return content if np.array_equal(last, np.arange(1, rows + 1) * width) else None


def _logarithms(parse: Parser, cut: Cut, width: int, dialect: Dialect) -> Array | None:
    """Return what `parse` makes of numbers that may be -inf, as logarithms may.

    Another number stands for -inf; None where it also stands in the text as itself.
    """
    content = cut.content
    infinite = sum(map(content.count, _MINUS_INFINITY))
    if not infinite:
        return parse(cut, width, dialect)
    for written in _MINUS_INFINITY:
        content = content.replace(written, _STAND_IN)
    values = parse(_with(cut, content), width, dialect)
    if values is None:
        return None
    stands_in = values == float(_STAND_IN)
    if np.count_nonzero(stands_in) != infinite:
        return None
    return np.asfortranarray(np.where(stands_in, -np.inf, values))


def _pandas() -> Callable[..., Any]:
    """Return an exact `read_csv`; raise MemoryError where pandas has not enough to be imported.

    It is asked for first: on its way through hundreds of modules Python may fail anywhere, and
    look for memory for ever. Other threads wait, as they would take a part of pandas for all.
    """
    with _IMPORTING:
        if "pandas" not in sys.modules:
            require_memory(_SIZE_OF_PANDAS)
        import pandas as pd

    version = tuple(map(int, pd.__version__.split(".")[:2]))
    if version < _EXACT_SINCE:  # later pandas warns of being asked
        return partial(pd.read_csv, float_precision="round_trip")
    return cast("Callable[..., Any]", pd.read_csv)


class _AtOnce:
    """A file to pandas that gives all it has, however little is asked for: nothing is copied.

    No function in Python reads it, in which an interrupt might be raised that pandas would take
    for an error of its own.
    """

    def __init__(self, content: bytes) -> None:
        self.read = partial(next, iter((content, b"")))

    def __iter__(self) -> Iterator[bytes]:
        """Look like a file to pandas."""
        return iter(())


def _is_plain(content: bytes, rows: int, width: int, delimiter: str) -> bool:
    """Return whether no byte is below the space or above E but newlines, delimiters and e.

    Of what is left pandas takes for numbers only numbers; of other words it takes some, as true.
    """
    if b"+" in content and content.count(b"+") != content.count(b"e+") + content.count(b"E+"):
        return False  # pandas 3.1 misreads some numbers with a plus sign and spaces
    low, high, delimiters = 0, 0, rows * (width - 1)
    characters = np.frombuffer(content, np.uint8)
    for start in range(0, len(characters), _PIECE):
        piece = characters[start : start + _PIECE]
        low += int(np.count_nonzero(piece < ord(" ")))
        if piece.max() > ord("E"):
            high += int(np.count_nonzero(piece > ord("E")))
            high -= int(np.count_nonzero(piece == ord("e")))
    newlines = rows + delimiters * (delimiter == "\t")
    return (low, high) == (newlines, delimiters * (delimiter == "|"))


def _single_digits(cut: Cut, width: int, dialect: Dialect) -> Array | None:
    """Return cells such as 0 and 1, or 0.0 and 1.0, as one-hot targets have: no parser needed."""
    for cell in ("0", f"0{dialect.decimal}0"):
        zeros = (dialect.delimiter.join([cell] * width) + "\n").encode()
        if cut.size == cut.records * len(zeros):
            content = np.frombuffer(cut.content, np.uint8).reshape(cut.records, -1)
            above = (content - np.frombuffer(zeros, np.uint8)).reshape(cut.records, width, -1)
            if above[:, :, 0].max() <= 9 and not above[:, :, 1:].any():
                return np.asfortranarray(above[:, :, 0], np.float64)
    return None


def _codes(cells: Ids, meaning: Meaning) -> Array | None:
    """Return the numbers that words stand for; None if one is not known."""
    distinct, inverse = np.unique(cells, return_inverse=True)
    try:
        codes = [meaning(text.decode()) for text in distinct.tolist()]
    except (BadCell, UnicodeDecodeError):
        return None
    return np.array(codes)[inverse]
