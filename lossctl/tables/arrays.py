"""Arrays in memory as tables, for those who call `lossctl.evaluate` with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.errors import DataError
from lossctl.tables.npy import to_block
from lossctl.tables.table import Block, Place, indices_of_names, label_text

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ArrayTable:
    """Anything NumPy takes for an array of one or two dimensions; a data frame keeps its names."""

    path: str | None = None

    def __init__(self, values: object, name: str) -> None:
        self.name = name
        try:
            array = np.asarray(values)
        except ValueError:
            raise DataError(f"{name}: rows of different lengths") from None
        if array.dtype.kind in "OT":
            array = _plain(array, name)
        kind, size = array.dtype.kind, array.dtype.itemsize
        if kind not in "fiubU" or (size > 8 and kind != "U"):
            raise DataError(f"{name}: elements of type {array.dtype} are not real numbers")
        if array.ndim not in (1, 2) or 0 in array.shape:
            raise DataError(
                f"{name}: shape {array.shape}",
                "a table has one or two dimensions, samples and components, and is not empty",
            )
        self._array: NDArray[Any] = array.reshape(len(array), -1)
        self.width = self._array.shape[1]
        self.boolean = kind == "b"
        named = getattr(values, "columns", None)
        self.columns: tuple[str, ...] | None = (
            None if named is None else tuple(str(column) for column in named)
        )
        self._names: tuple[str, ...] = ()
        self._next = 0

    def warnings(self) -> list[tuple[str, str]]:
        """Nothing is odd about an array."""
        return []

    def take(self, rows: int) -> ArraySpan | None:
        """Return the next rows as slices of the array."""
        start = self._next
        self._next = min(start + rows, len(self._array))
        return ArraySpan(self, start, self._next - start) if self._next > start else None

    def first_label(self) -> str:
        """Return the first element as text."""
        return label_text(self._array[0, 0].item())

    def numbered(self) -> bool:
        """An array has no header: its first row is a sample."""
        return False

    def take_header(self) -> None:
        """An array has no header to take."""

    def use_names(self, names: tuple[str, ...]) -> None:
        """Read elements as class names."""
        self._names = names

    def read(self, start: int, rows: int) -> Block:
        """Return some rows as float64."""
        elements = self._array[start : start + rows]
        place = Place(lambda row: f"{self.name}: row {start + row + 1}", self.columns)
        if self._names:
            return indices_of_names(Block(np.empty((0, 1)), place), elements[:, 0], self._names)
        if elements.dtype.kind == "U":
            raise place.error(0, 0, f"{elements[0, 0]!r} is not a number")
        return to_block(elements, place)

    def close(self) -> None:
        """Nothing to close."""


class ArraySpan(NamedTuple):
    """Some rows of an array."""

    table: ArrayTable
    start: int
    rows: int

    def load(self, rows: int | None = None) -> Block:
        """Return the rows, or only the first `rows` of them."""
        return self.table.read(self.start, self.rows if rows is None else rows)


def _plain(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Return an array of Python objects as one of text or of float64."""
    if all(isinstance(value, str) for value in array.flat):
        return array.astype(np.str_)
    if any(isinstance(value, str) for value in array.flat):
        raise DataError(f"{name}: text and numbers are mixed")
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{name}: not an array of real numbers") from None
