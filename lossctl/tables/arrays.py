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
    elements = [x.item() if isinstance(x, np.generic) else x for x in array.ravel().tolist()]
    text = any(isinstance(value, str) for value in elements)
    for position, value in enumerate(elements, 1):
        where = f"{name}: element {position}: {value!r}"
        if text and (not isinstance(value, str) or "\0" in value):
            raise DataError(f"{where} is not a label", "all labels are text, or all are numbers")
        if not text and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise DataError(f"{where} is not a number")
        if isinstance(value, int) and value != _nearest(value):
            raise DataError(f"{where} is not exact as a 64-bit float")
    return np.array(elements, np.str_ if text else np.float64).reshape(array.shape)


def _nearest(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
