"""Lists and arrays in the cells of a data frame or a series: as many columns as they are long."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.base.errors import DataError
from lossctl.tables.cells import EXACT_BELOW

if TYPE_CHECKING:
    from numpy.typing import NDArray


def holds_lists(cells: NDArray[Any]) -> bool:
    """Return whether the first of these objects that is not missing is a list or an array."""
    first = next((cell for cell in cells if not _is_missing(cell)), None)
    return cells.ndim == 1 and isinstance(first, list | tuple | np.ndarray)


def rows_of_lists(cells: NDArray[Any], name: str, column: str) -> NDArray[Any]:
    """Return lists of one length as rows, of NaN for one that is missing.

    Raises DataError for a list of another length, and for one of what is no number.
    """
    parts = [None if _is_missing(cell) else _list_of(cell) for cell in cells]
    first = next(part for part in parts if part is not None)
    for position, (part, cell) in enumerate(zip(parts, cells, strict=True), 1):
        where = f"{column}element {position}"
        if part is None:
            continue
        if part.ndim != 1 or part.dtype.kind not in "fiub" or not len(part):
            raise DataError(f"{where}: {cell!r} is not a list of numbers", file=name)
        if len(part) != len(first):
            reason = f"a list of {len(part)} where the first one has {len(first)} components"
            raise DataError(f"{where}: {reason}", file=name)
        if (part.dtype.kind == "b") != (first.dtype.kind == "b"):
            reason = "true and false in some lists, and numbers in others"
            raise DataError(f"{where}: {reason}", file=name)
    missing = np.full(len(first), np.nan)
    rows = np.stack([missing if part is None else part for part in parts])
    if rows.dtype.kind == "f" and any(_is_inexact(part) for part in parts if part is not None):
        reason = "beside other numbers, integers beyond 2^53 are not exact"
        raise DataError(f"{column}{reason}", file=name)
    return rows


def _list_of(cell: object) -> NDArray[Any]:
    """Return a list as an array, with NaN for None; an empty one for what is no list."""
    if not isinstance(cell, list | tuple | np.ndarray):
        return np.empty(0)
    if not isinstance(cell, np.ndarray):
        cell = [np.nan if element is None else element for element in cell]
    try:
        return np.asarray(cell)
    except ValueError:  # lists of several lengths in it
        return np.empty(0)


def _is_missing(cell: object) -> bool:
    """Return whether a cell is None, NaN, or the missing value of pandas, which is not imported."""
    nan = isinstance(cell, float) and isnan(cell)
    return cell is None or nan or type(cell).__name__ == "NAType"


def _is_inexact(part: NDArray[Any]) -> bool:
    return part.dtype.kind in "iu" and bool((np.abs(part.astype(float)) >= EXACT_BELOW).any())
