"""The fast reader of text tables: pandas' parser behind a screen, or no answer at all."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from lossctl.losses import Array
from lossctl.tables.block import Block, Place
from lossctl.tables.cells import EXACT_BELOW, BadCell, Meaning
from lossctl.tables.dialect import Dialect
from lossctl.tables.parting import Cells, part
from lossctl.tables.records import Cut
from lossctl.tables.strict import Layout

_NUMERIC = b"0123456789+-.eE \n"


def read(cut: Cut, layout: Layout) -> Block | None:
    """Return the records of a cut as a block, or None where the strict reader must decide.

    Numbers go to pandas; words and ids are cut out first, and each distinct word is read once.
    """
    content, selection = cut.lines(), layout.selection
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
        values = numbers(content, cut.records, len(numeric), layout.dialect)
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

    Accepted are blocks made of the bytes of plain numbers alone, of the expected shape, all finite
    and below 2^53 in magnitude: on those pandas >= 3.1 and the strict reader give the same bits.
    """
    if dialect.decimal == "," and b"." not in content:
        content, dialect = content.replace(b",", b"."), Dialect(dialect.delimiter)
    if dialect.decimal == "," or content.translate(None, _NUMERIC + dialect.delimiter.encode()):
        return None
    if content.count(b"+") != content.count(b"e+") + content.count(b"E+"):
        return None  # pandas 3.1 misreads some numbers with a plus sign and spaces
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
        )
    except ValueError:  # what pandas says of it is never shown
        return None
    values = frame.to_numpy()
    if values.shape != (rows, width) or not (np.abs(values) < EXACT_BELOW).all():
        return None
    return np.asfortranarray(values)


def _codes(cells: Cells, meaning: Meaning) -> Array | None:
    """Return the numbers that words stand for; None if one is not known."""
    distinct, inverse = np.unique(cells, return_inverse=True)
    try:
        codes = [meaning(text.decode()) for text in distinct.tolist()]
    except (BadCell, UnicodeDecodeError):
        return None
    return np.array(codes)[inverse]
