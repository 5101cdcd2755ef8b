"""The fast reader of text tables: pandas' parser behind a screen, or no answer at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

import numpy as np

from lossctl.losses import Array
from lossctl.tables.block import Block, Place
from lossctl.tables.cells import EXACT_BELOW, BadCell, Meaning
from lossctl.tables.cuts import Cut, HeldCut, Readable
from lossctl.tables.dialect import Dialect
from lossctl.tables.parting import Cells, part
from lossctl.tables.strict import Layout

Parser: TypeAlias = "Callable[[Cut, int, Dialect], Array | None]"


def read(cut: Cut, layout: Layout, large: bool) -> Block | None:
    """Return the records of a cut as a block, or None where the strict reader must decide.

    Numbers go to pandas, which is imported for a large table alone; words and ids are cut out
    first, and each distinct word is read once.
    """
    parse = numbers if large or "pandas" in sys.modules else _single_digits
    block = _read(cut, layout, parse)
    if block is not None:
        return block
    lines = cut.lines()
    return None if len(lines) == cut.size else _read(_with(cut, lines), layout, parse)


def _with(cut: Cut, content: bytes) -> Cut:
    """Return the same records as another text."""
    return HeldCut(content, cut.records, cut.line, cut.offset)


def _read(cut: Cut, layout: Layout, parse: Parser) -> Block | None:
    selection = layout.selection
    place = Place.by_line(layout.name, cut.line, layout.column)
    numeric = sorted(set(selection.values) - set(selection.words))
    cells: dict[int, Cells] = {}
    if len(numeric) < layout.width:
        parted = part(cut.content, cut.records, layout, numeric)
        if parted is None:
            return None
        cut, cells = _with(cut, parted[0]), parted[1]
    found: dict[int, Array] = {}
    for index, meaning in selection.words.items():
        codes = _codes(cells[index], meaning)
        if codes is None:
            return None
        found[index] = codes
    if numeric:
        values = parse(cut, len(numeric), layout.dialect)
        if values is None:
            return None
        if selection.values == range(layout.width) and not found:  # as most are: no copy
            return Block(values, place)
        found |= dict(zip(numeric, values.T, strict=True))
    values = np.array([found[index] for index in selection.values]).T
    ids = None if selection.id is None else cells[selection.id]
    return Block(values, place, ids)


def numbers(cut: Cut, width: int, dialect: Dialect) -> Array | None:
    """Return the numbers of a cut, shape (rows, width), or None for the strict reader.

    Accepted are blocks of the expected shape that pass the screen, all of whose cells pandas takes
    for numbers that are finite and below 2^53 in magnitude: on those pandas >= 3.1 and the strict
    reader give the same bits.
    """
    found = _single_digits(cut, width, dialect)
    if found is not None:
        return found
    import pandas as pd

    screened = _Screened(cut.open(), dialect.decimal)
    try:
        frame = pd.read_csv(
            cast(Any, screened),
            header=None,
            sep=r"\s+" if dialect.delimiter == " " else dialect.delimiter,
            dtype=np.float64,
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            engine="c",
            low_memory=False,
            nrows=cut.records + 1,  # else pandas asks the system for processors at every call
        )
    except ValueError:  # what pandas says of it is never shown
        if screened.error is not None and not isinstance(screened.error, ValueError):
            raise screened.error from None
        return None
    if frame.shape != (cut.records, width) or not screened.saw_only(cut.records, width, dialect):
        return None
    values: Array = np.asfortranarray(frame.to_numpy())
    return values if values.min() > -EXACT_BELOW and values.max() < EXACT_BELOW else None


class _Screened:
    """Text on its way to pandas, which takes for numbers some words that are none, as true.

    Each piece is looked at while it is in the processor's cache.
    """

    def __init__(self, text: Readable, decimal: str) -> None:
        self._text = text
        self._decimal = decimal.encode()
        self._last = b""
        self.error: BaseException | None = None
        """What `read` raised: of an interrupt pandas makes an error of its own."""
        self._low = self._high = 0
        """Characters below the space, and those above E but for e."""

    def __iter__(self) -> Iterator[bytes]:
        """Look like a file to pandas."""
        return iter(())

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; raise ValueError for what no plain number has."""
        try:
            return self._looked_at(self._text.read(size))
        except BaseException as error:
            self.error = error
            raise

    def _looked_at(self, piece: bytes) -> bytes:
        if b"\r" in piece:
            raise ValueError
        if self._decimal != b".":
            if b"." in piece:
                raise ValueError
            piece = piece.replace(self._decimal, b".")
        if b"+" in piece:
            text = self._last + piece
            if text.count(b"+") != text.count(b"e+") + text.count(b"E+"):
                raise ValueError  # pandas 3.1 misreads some numbers with a plus sign and spaces
        self._last = piece[-1:]
        characters = np.frombuffer(piece, np.uint8)
        self._low += int(np.count_nonzero(characters < ord(" ")))
        if characters.max(initial=0) > ord("E"):
            self._high += int(np.count_nonzero(characters > ord("E")))
            self._high -= int(np.count_nonzero(characters == ord("e")))
        return piece

    def saw_only(self, rows: int, width: int, dialect: Dialect) -> bool:
        """Return whether there was nothing but newlines, delimiters, and characters of numbers."""
        delimiters = rows * (width - 1)
        low = rows + delimiters * (dialect.delimiter == "\t")
        return (self._low, self._high) == (low, delimiters * (dialect.delimiter == "|"))


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


def _codes(cells: Cells, meaning: Meaning) -> Array | None:
    """Return the numbers that words stand for; None if one is not known."""
    distinct, inverse = np.unique(cells, return_inverse=True)
    try:
        codes = [meaning(text.decode()) for text in distinct.tolist()]
    except (BadCell, UnicodeDecodeError):
        return None
    return np.array(codes)[inverse]
