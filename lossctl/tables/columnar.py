"""Tables whose columns are arrays, be they in files, in streams or in memory; arrays -> a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.decimals import is_number
from lossctl.base.wording import quoted
from lossctl.tables.block import Block
from lossctl.tables.cells import (
    EXACT_BELOW,
    LOGARITHMS,
    NOT_EXACT,
    ROLES,
    SKIP,
    BadCell,
    Meaning,
    boolean,
    is_missing,
    label_text,
    number,
)
from lossctl.tables.place import Place, Spot
from lossctl.tables.table import Reading, Selection, Table, all_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray


Arrays: TypeAlias = "Sequence[NDArray[Any]] | NDArray[Any]"
"""An array for each column, or one of shape (columns, rows)."""


class ColumnarTable(Table):
    """A table whose columns are arrays, and whose rows are known by their numbers."""

    def __init__(self, name: str, width: int) -> None:
        self.name = name
        self.width = width
        self.select(all_columns(width))

    def may_hold_words(self, column: int) -> bool:
        """Return whether a column is one of texts."""
        return column in self.text_columns

    def first_row(self) -> Spot:
        """Return where the first row stands, before anything is taken."""
        return self.reading.by_number(0).spot(0)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self.reading = Reading(self.name, selection, self.columns)

    def row_size(self) -> int:
        """Return how many bytes a row takes at most while it is read."""
        return 8 * self.width


class ArraysSpan(NamedTuple):
    """Some rows whose arrays are in memory."""

    reading: Reading
    arrays: Arrays
    start: int
    rows: int

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        arrays = self.arrays
        if rows < self.rows:
            arrays = (
                arrays[:, :rows]
                if isinstance(arrays, np.ndarray)
                else [column[:rows] for column in arrays]
            )
        return block_of(arrays, self.reading, self.start)


def block_of(columns: Arrays, reading: Reading, start: int) -> Block:
    """Return the selected ones of all columns, each of shape (n,), as a block.

    Its first row has the index `start` in the table. Elements are real numbers, converted before
    any arithmetic, true and false, or text. Raises DataError for NaN (unless missing values are to
    be left out), infinities (but -inf where the selection admits it), integers that float64 cannot
    hold exactly, and text that is no word of its column.
    """
    selection, place = reading.selection, reading.by_number(start)
    words = [selection.words.get(index, number) for index in selection.values]
    meanings = selection.admitting(words) if selection.words else words
    values = _as_they_lie(columns, selection)
    if values is None:
        values = np.empty((max(map(len, columns)), len(selection.values)), order="F")
        for position, index in enumerate(selection.values):
            column = columns[index]
            if index in selection.words:
                column = _codes(column, meanings[position], place, position)
            with np.errstate(invalid="ignore"):  # of a signalling NaN, which is refused below
                values[:, position] = numbers(column, place, position)
    block = Block(values, place)
    if not np.isfinite(block.sums).all():
        _require_good(values, selection, place)
    block.beside = {role: _beside(columns[i], role, place) for role, i in selection.beside.items()}
    return block


def _require_good(values: Array, selection: Selection, place: Place) -> None:
    """Raise DataError for the first value that is not finite, where it may not be so."""
    good = ~np.isinf(values) if selection.skip else np.isfinite(values)
    if selection.minus_infinity:
        good[:, : selection.minus_infinity] |= np.isneginf(values[:, : selection.minus_infinity])
    for position, index in enumerate(selection.values if selection.words else ()):
        if index in selection.words:  # it is what the words mean: NaN leaves a sample out
            good[:, position] = True
    if not good.all():
        row, position = np.argwhere(~good)[0].tolist()
        value = values[row, position]
        what, hint = "not finite", LOGARITHMS if np.isneginf(value) else None
        if np.isnan(value):
            what, hint = "a missing value, not a number", SKIP
        raise place.error(row, position, f"{value} is {what}", hint, str(value))


def _as_they_lie(columns: Arrays, selection: Selection) -> Array | None:
    """Return columns that are a matrix of float64 already, all of them wanted, without a copy."""
    whole = selection.values == range(len(columns)) and not selection.words
    is_matrix = isinstance(columns, np.ndarray) and columns.dtype == np.float64
    return cast(Array, columns).T if whole and is_matrix else None


def cell_text(value: object) -> str:
    """Return an element as the text of a cell; a whole number without its decimal point."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return label_text(str(value)) if isinstance(value, float) else str(value)


def numbers(column: NDArray[Any], place: Place, position: int | str) -> NDArray[Any]:
    """Return a column itself; raise DataError if float64 cannot hold its elements exactly."""
    kind = column.dtype.kind
    if kind not in "fiu":
        cells = list(map(cell_text, column.tolist()))
        what, hint = "not a number", None
        if kind == "b":
            hint = "write 1 for true and 0 for false"
        elif kind in "US":
            what, hint = "text, not a number", _way_out(cells)
        raise place.error(0, position, f"{quoted(cells[0])} is {what}", hint)
    if kind in "iu" and column.dtype.itemsize == 8:
        extremes = int(column.min(initial=0)), int(column.max(initial=0))
        if max(map(abs, extremes)) < EXACT_BELOW:
            return column
        for row in np.flatnonzero(np.abs(column.astype(np.float64)) >= EXACT_BELOW).tolist():
            value = int(column[row])
            if int(float(value)) != value:
                raise place.error(row, position, f"{value} {NOT_EXACT}", value=str(value))
    return column


def _way_out(cells: Sequence[str]) -> str:
    """Return the way out for texts where there should be numbers: that of the first odd one."""
    from lossctl.tables.oddities import DECIMAL_COMMA, way_out

    odd = next((cell for cell in cells if not (is_number(cell) or is_missing(cell))), None)
    way = None if odd is None else way_out(odd)
    if odd is None or way is None:
        return "make the array one of numbers: array.astype(float)"
    if way == DECIMAL_COMMA:
        way = (
            'it has a decimal comma: in pandas read the file with read_csv(..., decimal=","), or '
            'convert the column with .str.replace(",", ".").astype(float)'
        )
    return way if odd == cells[0] else f"as for {quoted(odd)}, {way}"


def _codes(column: NDArray[Any], meaning: Meaning, place: Place, position: int) -> Array:
    """Return the numbers that a column of words stands for; each distinct word is read once."""
    if meaning is boolean and column.dtype.kind == "b":
        return column.astype(np.float64)
    distinct, inverse = np.unique(column, return_inverse=True)
    codes = np.empty(len(distinct))
    wrong: dict[int, BadCell] = {}
    for code, value in enumerate(distinct.tolist()):
        try:
            codes[code] = meaning(cell_text(value))
        except BadCell as bad:
            wrong[code] = bad
    if wrong:
        row = int(np.argmax(np.isin(inverse, list(wrong))))
        first = wrong[int(inverse[row])]
        raise place.error(row, position, first.reason, first.hint, cell_text(column[row]))
    return codes[inverse]


def _beside(column: NDArray[Any], role: str, place: Place) -> NDArray[Any]:
    """Return a column beside the values as its role has it."""
    whole = column.dtype.kind in "iu"
    if ROLES[role].as_it_lies or (ROLES[role].any_cell and whole):
        return column
    if not ROLES[role].text:
        values: Array = numbers(column, place, role).astype(np.float64)
        for row in np.flatnonzero(~np.isfinite(values))[:1].tolist():
            raise place.error(row, role, f"{values[row]} is not finite", value=str(values[row]))
        return values
    if whole and len(column):
        longest = max(len(str(column.min())), len(str(column.max())))
        return column.astype(f"S{longest}")
    cells = []
    for row, value in enumerate(column.tolist()):
        text = "" if value is None else cell_text(value)
        try:
            cells.append(ROLES[role].bytes_of(text))
        except BadCell as bad:
            raise place.error(row, role, bad.reason, bad.hint, text) from None
    return np.array(cells, np.bytes_)
