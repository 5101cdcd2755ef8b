"""What tables that can be read at any row share: NPY files and arrays in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.tables.table import Block, Place, unknown_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT_INTEGERS = 1 << 53


class RandomAccessTable(ABC):
    """A table of one or two dimensions whose elements lie at known places; it has no header."""

    columns: tuple[str, ...] | None = None

    def __init__(self, name: str, rows: int, width: int, boolean: bool) -> None:
        self.name = name
        self.width = width
        self.boolean = boolean
        self._rows = rows
        self._next = 0
        self._names: tuple[str, ...] | None = None

    @abstractmethod
    def elements(self, start: int, rows: int) -> NDArray[Any]:
        """Return some rows as they are, shape (rows, width), good until this thread's next call."""

    def take(self, rows: int) -> RowSpan | None:
        """Return the next rows by their numbers."""
        start = self._next
        self._next = min(start + rows, self._rows)
        return RowSpan(self, start, self._next - start) if self._next > start else None

    def warnings(self) -> list[tuple[str, str]]:
        """Nothing is odd about an array."""
        return []

    def row_size(self) -> int:
        """Return how many bytes a row takes at most while it is read."""
        return 8 * self.width

    def header_in_doubt(self) -> bool:
        """Return False: an array has no header."""
        return False

    def take_header(self) -> None:
        """Raise RuntimeError: there is none to take."""
        raise RuntimeError("an array has no header")

    def first_label(self) -> str:
        """Return the first element as text."""
        return _label_text(self.elements(0, 1)[0, 0].item())

    def use_names(self, names: tuple[str, ...]) -> None:
        """Read elements as class names."""
        self._names = names

    def read(self, start: int, rows: int) -> Block:
        """Return some rows as float64, converted before any arithmetic."""
        elements = self.elements(start, rows)
        place = Place(lambda row: f"{self.name}: row {start + row + 1}", self.columns)
        if self._names is not None:
            return _indices(elements[:, 0], self._names, place)
        return _numbers(elements, place)


class RowSpan(NamedTuple):
    """Some rows of a table, still where they lie."""

    table: RandomAccessTable
    start: int
    rows: int

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        return self.table.read(self.start, rows)


def _numbers(elements: NDArray[Any], place: Place) -> Block:
    """Return a copy of `elements` (n, k) as a block of finite float64, columns contiguous.

    Raises DataError for NaN, infinities, and 64-bit integers that float64 cannot hold exactly.
    """
    if elements.dtype.kind == "U":
        raise place.error(0, 0, f"{str(elements[0, 0])!r} is not a number")
    values = np.array(elements, dtype=np.float64, order="F")
    if elements.dtype.kind in "iu" and elements.dtype.itemsize == 8:
        for row, column in np.argwhere(np.abs(values) >= _EXACT_INTEGERS).tolist():
            if int(values[row, column]) != int(elements[row, column]):
                raise place.error(
                    row,
                    column,
                    f"{elements[row, column]} is an integer that a 64-bit float cannot hold "
                    "exactly",
                )
    return Block(values, place).require_finite()


def _indices(labels: NDArray[Any], names: tuple[str, ...], place: Place) -> Block:
    """Return a block of class indices, shape (n, 1), for class names of shape (n,)."""
    index = {name: float(i) for i, name in enumerate(names)}
    distinct, inverse = np.unique(labels, return_inverse=True)
    found = np.array([index.get(_label_text(value), -1.0) for value in distinct.tolist()])
    values = found[inverse].reshape(-1, 1)
    if (found < 0).any():
        row = int(np.argmax(values[:, 0] < 0))
        raise place.error(row, 0, *unknown_label(_label_text(labels[row].item()), names))
    return Block(values, place)


def _label_text(value: float | int | str) -> str:
    """Return a label as text; a whole number without its decimal point, true as 1."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole or isinstance(value, bool) else str(value)
