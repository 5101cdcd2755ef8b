"""Labels of an index, an array a level: which are the same, and what they are as texts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from lossctl.tables.cells import EXACT_BELOW
from lossctl.tables.memory_texts import texts_of

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
    columns = list(map(texts_of, levels))
    return columns[0] if len(columns) == 1 else list(map(str, zip(*columns, strict=True)))
