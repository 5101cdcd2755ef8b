"""Decimal numbers of Arrow to float64, each rounded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.base.arrays import Array
from lossctl.tables.cells import EXACT_BELOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT_POWER = 22
"""10 to this is the largest power of ten that float64 has exactly."""


def nearest(array: Any) -> tuple[Array, NDArray[np.object_] | None]:
    """Return the float64 nearest to each decimal number, and the integers that float64 lacks.

    The latter are texts, empty for all other numbers; None where there are none. A null is any
    number. What is beyond the range of float64 is infinite.
    """
    scale, size = array.type.scale, array.type.bit_width // 8
    content = memoryview(array.buffers()[1])[array.offset * size :][: len(array) * size]
    low, small = _low_parts(content, size)
    values = low.astype(np.float64)
    if 0 <= scale <= _EXACT_POWER:
        values /= float(10**scale)  # both are exact, so the quotient is rounded once
    else:
        small[:] = False
    inexact = {}
    for row in np.flatnonzero(~small).tolist():
        whole = int.from_bytes(content[row * size : (row + 1) * size], "little", signed=True)
        values[row] = _rounded(whole, scale)
        if scale <= 0 and np.isfinite(values[row]) and int(values[row]) != whole * 10**-scale:
            inexact[row] = str(whole * 10**-scale)
    if not inexact:
        return values, None
    texts = np.full(len(array), "", object)
    texts[list(inexact)] = list(inexact.values())
    return values, texts


def _low_parts(content: memoryview, size: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the lowest 64 bits of integers, and which of them are the whole and exact."""
    parts = np.frombuffer(content, np.dtype(f"<i{min(size, 8)}")).reshape(-1, max(size // 8, 1))
    low = parts[:, 0].astype(np.int64)
    small = np.abs(low.astype(np.float64)) < EXACT_BELOW
    for part in parts.T[1:]:
        small &= part == (low >> 63)
    return low, small


def _rounded(whole: int, scale: int) -> float:
    """Return whole / 10**scale, rounded once."""
    try:
        # Python divides integers exactly, then rounds
        return whole / 10**scale if scale > 0 else float(whole * 10**-scale)
    except OverflowError:
        return float("-inf") if whole < 0 else float("inf")
