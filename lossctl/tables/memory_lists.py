"""Lists and arrays in the cells of a data frame or a series: as many columns as they are long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.tables.cells import NOT_EXACT, BadCell
from lossctl.tables.memory_texts import is_missing, with_whole_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LISTS = (list, tuple, np.ndarray)
_BESIDE_OTHERS = "true and false beside numbers or missing values"


def holds_lists(cells: NDArray[Any]) -> bool:
    """Return whether the first of these objects that is not missing is a list or an array."""
    first = next((cell for cell in cells if not is_missing(cell)), None)
    return cells.ndim == 1 and isinstance(first, _LISTS)


def rows_of_lists(cells: Iterable[object], name: str, column: str) -> NDArray[Any]:
    """Return lists of one length as rows, of NaN for one that is missing.

    Raises DataError for a list of another length, and for one of what is no number.
    """
    parts: list[NDArray[Any] | None] = []
    for position, cell in enumerate(cells, 1):
        try:
            parts.append(None if is_missing(cell) else array_of(cell))
        except BadCell as bad:
            raise _at(position, bad, name, column) from None
    length = next(len(part) for part in parts if part is not None)
    kinds: set[str] = {"f" if part is None else part.dtype.kind for part in parts}
    rows = []
    for position, part in enumerate(parts, 1):
        try:
            rows.append(np.full(length, np.nan) if part is None else _row(part, length, kinds))
        except BadCell as bad:
            raise _at(position, bad, name, column) from None
    return np.stack(rows)


def _at(position: int, bad: BadCell, name: str, column: str) -> DataError:
    return DataError(f"{column}element {position}: {bad.reason}", bad.hint, file=name)


def _row(part: NDArray[Any], length: int, kinds: set[str]) -> NDArray[Any]:
    """Return a list as one of such a length among lists of these kinds; raise BadCell for none."""
    if len(part) != length:
        raise BadCell(f"a list of {len(part)} where the first one has {length} components")
    if part.dtype.kind == "b" and kinds != {"b"}:
        raise _true_or_false()
    return _floats(part.tolist()) if part.dtype.kind in "iu" and len(kinds) > 1 else part


def array_of(cell: object) -> NDArray[Any]:
    """Return a list as an array of numbers, or of true and false, with NaN for what is missing.

    Its elements are looked at before they are converted, which rounds whole numbers beside others
    and makes numbers of true and false. Raises BadCell for another list, and for what is none.
    """
    if isinstance(cell, _LISTS) and getattr(cell, "ndim", 1) == 1 and len(cell):
        if isinstance(cell, np.ndarray) and cell.dtype.kind in "fiub":
            return cell
        elements = [x.item() if isinstance(x, np.generic) else x for x in cast("list[Any]", cell)]
        elements = with_whole_numbers(elements)
        kinds = set(map(type, elements))
        if kinds == {bool}:
            return np.array(elements)
        if kinds == {int} and all(-(2**63) <= element < 2**63 for element in elements):
            return np.array(elements, np.int64)
        if all(
            isinstance(element, int | float | Decimal) or is_missing(element)
            for element in elements
        ):
            return _floats(elements)
    raise BadCell(f"{quoted(str(cell))} is not a list of numbers")


def may_be_changed(values: Sequence[Any], array: NDArray[Any]) -> bool:
    """Return whether some elements of a list, or of lists in it, are others in an array of it."""
    kinds: set[type] = set(map(type, values)) if array.ndim == 1 else set()
    for row in values if array.ndim > 1 else ():
        kinds |= {row.dtype.type} if isinstance(row, np.ndarray) else set(map(type, row))
    return len(kinds) > 1 or (array.dtype.kind == "f" and kinds == {int})


def float_of(whole: int) -> float:
    """Return a whole number as float64; raise BadCell if it is not exact."""
    try:
        nearest = float(whole)
    except OverflowError:
        raise BadCell("an integer is too large for a 64-bit float") from None
    if nearest != whole:
        raise BadCell(f"{whole} {NOT_EXACT}")
    return nearest


def _floats(elements: Iterable[Any]) -> NDArray[np.float64]:
    """Return numbers as float64, NaN for what is missing; raise BadCell for one that is none."""
    floats = []
    for element in elements:
        if isinstance(element, bool):
            raise _true_or_false()
        whole = isinstance(element, int)
        floats.append(np.nan if is_missing(element) else float_of(element) if whole else element)
    return np.array(floats, np.float64)


def _true_or_false() -> BadCell:
    return BadCell(_BESIDE_OTHERS, "write 1 for true and 0 for false")
