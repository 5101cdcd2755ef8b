"""Labels of an index, an array a level: which are the same, and what they are as texts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import isnan
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from lossctl.tables.cells import EXACT_BELOW
from lossctl.tables.columnar import cell_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

Levels: TypeAlias = "Sequence[NDArray[Any]]"
"""Labels of some rows, an array a level."""


def same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Return whether labels are equal for certain; missing ones are."""
    kinds = {first.dtype.kind, second.dtype.kind}
    if kinds <= set("iufb") or kinds in ({"M"}, {"m"}):
        return np.array_equal(first, second, equal_nan=True)
    try:
        return bool(first.tolist() == second.tolist())
    except (TypeError, ValueError):  # of a label that compares in a way of its own
        return False


def whole_numbers(level: NDArray[Any]) -> NDArray[np.int64] | None:
    """Return labels as whole numbers, whatever their type; None if one is none."""
    if level.dtype.kind in "iu":
        return level.astype(np.int64)
    with suppress(TypeError, ValueError, OverflowError):
        numbers = level.astype(np.float64)
        if (np.abs(numbers) < EXACT_BELOW).all() and (numbers == np.floor(numbers)).all():
            return numbers.astype(np.int64)
    return None


def texts(levels: Levels) -> list[str]:
    """Return labels as texts; those of several levels as tuples of texts."""
    columns = [list(map(_text, _plain(level))) for level in levels]
    return columns[0] if len(columns) == 1 else list(map(str, zip(*columns, strict=True)))


def _plain(level: NDArray[Any]) -> list[Any]:
    """Return labels as values of Python's own; times as texts, to the nanosecond."""
    if level.dtype.kind == "M":
        moments: list[str] = np.datetime_as_string(level).tolist()
        return [None if text == "NaT" else _iso(text) for text in moments]
    return list(level) if level.dtype.kind == "m" else level.tolist()


def _text(label: Any) -> str:
    """Return the text of a label: dates in ISO, whole numbers without a point; "" for none."""
    if label is None or type(label).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(label, float):
        return "" if isnan(label) else cell_text(label)
    if isinstance(label, bytes):
        return label.decode("utf-8", "backslashreplace")
    return str(label.isoformat() if hasattr(label, "isoformat") else label)


def _iso(text: str) -> str:
    """Return a moment with the fraction of its second as pandas writes it: none, 6 or 9 digits."""
    second, _, fraction = text.partition(".")
    fraction = fraction.ljust(9, "0")
    if not fraction.strip("0"):
        return second
    return f"{second}.{fraction[:6] if fraction.endswith('000') else fraction}"
