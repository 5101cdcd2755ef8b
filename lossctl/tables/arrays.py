"""Arrays in memory as tables, for those who call `lossctl.evaluate` with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.errors import DataError
from lossctl.tables.random_access import RandomAccessTable
from lossctl.tables.table import unique_names

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ArrayTable(RandomAccessTable):
    """Anything NumPy takes for an array of one or two dimensions; a data frame keeps its names."""

    path: str | None = None

    def __init__(self, values: object, name: str) -> None:
        array = _real(values, name)
        if array.ndim not in (1, 2) or 0 in array.shape:
            raise DataError(
                f"{name}: shape {array.shape}",
                "a table has one or two dimensions, samples and components, and is not empty",
            )
        self._array: NDArray[Any] = array.reshape(len(array), -1)
        super().__init__(name, *self._array.shape, boolean=array.dtype.kind == "b")
        named = getattr(values, "columns", None)
        if named is not None:
            self.columns = unique_names([str(column) for column in named], name)

    def elements(self, start: int, rows: int) -> NDArray[Any]:
        """Return a view of some rows."""
        return self._array[start : start + rows]

    def close(self) -> None:
        """Nothing to close."""


def _real(values: object, name: str) -> NDArray[Any]:
    """Return `values` as an array of real numbers, or of text; raise DataError for others."""
    if isinstance(values, np.ma.MaskedArray):
        raise DataError(f"{name}: a masked array", "fill it, or leave the masked samples out")
    try:
        array = np.asarray(values)
    except ValueError:
        raise DataError(f"{name}: rows of different lengths") from None
    if array.dtype.kind in "OT":
        array = _of_objects(array, name)
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "fiubU" or (size > 8 and kind != "U"):
        raise DataError(f"{name}: elements of type {array.dtype} are not real numbers")
    return array


def _of_objects(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Return an array of Python objects as one of text or of float64."""
    elements = array.ravel().tolist()
    if all(isinstance(value, str) for value in elements):
        return array.astype(np.str_)
    for row, value in enumerate(elements):
        if isinstance(value, str | bytes) or value is None:
            raise DataError(f"{name}: element {row + 1}: {value!r} is not a number")
        if isinstance(value, int) and abs(value) >= 2**53 and value != _nearest(value):
            raise DataError(f"{name}: element {row + 1}: {value} is not exact as a 64-bit float")
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{name}: not an array of real numbers") from None


def _nearest(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
