"""Numbers as text, many at once: the characters of `repr`, at a fifth of its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells: TypeAlias = NDArray[np.uint8]
    """A row of ASCII or UTF-8 for each cell; NUL, anywhere, is no character."""

_LONGEST = len("-2.2250738585072014e-308")
_DIGITS = 17
_DECADES = range(-6, 15)  # where every power of ten that is used below is exact
_BOUNDS = np.array([float(f"1e{decade}") for decade in (*_DECADES, _DECADES.stop)])
_FEW = 64
"""Fewer values of one decade than these are written by Python itself as fast."""
_PLACES = np.indices((10,) * 4, np.uint8).reshape(4, -1) + ord("0")
_GROUP = np.ascontiguousarray(_PLACES.T).view(np.uint32).ravel()
"""This holds the four digits of each number below 10,000."""
_SPLIT = 2.0**27 + 1.0


def whole(numbers: NDArray[np.int64]) -> Cells:
    """Return the digits of positive whole numbers, at least one."""
    width, least = len(str(numbers.max())), len(str(numbers.min()))
    cells = _digits(numbers, width)
    for place in range(least, width):
        cells[:, -1 - place] *= numbers >= 10**place
    return cells


def shortest(values: NDArray[np.float64]) -> Cells:
    """Return the `repr` of each value: the shortest digits that are read as the same float64."""
    cells = np.empty(len(values), f"S{_LONGEST}")
    left = np.ones(len(values), bool)
    places = np.searchsorted(_BOUNDS, values, side="right")
    counts = np.bincount(places, minlength=len(_BOUNDS))
    for place, decade in enumerate(_DECADES, 1):
        if counts[place] >= _FEW:
            which = np.flatnonzero(places == place)
            texts, known = _shortest(values[which], decade)
            cells[which] = texts.view(cells.dtype).ravel()
            left[which] = ~known
    others = np.flatnonzero(left)
    cells[others] = list(map(repr, values[others].tolist()))
    return cells.view(np.uint8).reshape(len(values), _LONGEST)


def _shortest(values: NDArray[np.float64], decade: int) -> tuple[Cells, NDArray[np.bool_]]:
    """Return the texts of values from 10**decade up, below the next one, and which are right.

    A float64 is told from all others by 17 digits, if not by fewer. Scaled by a power of ten that
    is itself a float64, to 17 digits before the point, a value is the exact sum of `high`, `near`
    and `rest`. Fewer digits will do if they, as a quotient of two whole numbers that are float64,
    give the value back. Texts of up to 15 digits are left to Python.
    """
    high, low = _product(values, float(10 ** (_DIGITS - 1 - decade)))
    near = np.rint(low)  # to the even number from midway, as repr does
    rest = low - near
    all17 = high.astype(np.int64) + near.astype(np.int64)
    best16 = (all17 + 5 - (rest < 0.0)) // 10
    known = np.rint(high / 100.0) / float(10 ** (_DIGITS - 3 - decade)) != values
    known &= rest != 0.0
    known &= all17 < 9 * 10**16  # best16 is below 2**53, so that it is a float64
    short = best16 / float(10 ** (_DIGITS - 2 - decade)) == values
    digits = _digits(np.where(short, best16 * 10, all17), _DIGITS)
    digits[:, -1] *= ~short
    return _pointed(digits, decade), known


def _product(values: NDArray[np.float64], factor: float) -> tuple[NDArray[np.float64], ...]:
    """Return each product as a float64, and exactly what it lacks (Dekker 1971)."""
    product = values * factor
    scaled = values * _SPLIT
    head = scaled - (scaled - values)
    tail = values - head
    high = factor * _SPLIT - (factor * _SPLIT - factor)
    low = factor - high
    return product, head * high - product + head * low + tail * high + tail * low


def _digits(numbers: NDArray[np.int64], width: int) -> Cells:
    """Return the last `width` decimal digits of each number."""
    groups = -(-width // 4)
    fours = np.empty((len(numbers), groups), np.uint32)
    for group in reversed(range(groups)):
        above = numbers // 10**4
        fours[:, group] = _GROUP[numbers - above * 10**4]
        numbers = above
    return fours.view(np.uint8)[:, groups * 4 - width :]


def _pointed(digits: Cells, decade: int) -> Cells:
    """Return the digits with the point where `repr` has it, and an exponent where it has one."""
    cells = np.zeros((len(digits), _LONGEST), np.uint8)
    if -4 <= decade < 0:
        cells[:, : 1 - decade] = ord("0")
        cells[:, 1] = ord(".")
        cells[:, 1 - decade : 1 - decade + _DIGITS] = digits
        return cells
    before = 1 + max(decade, 0)
    cells[:, :before] = digits[:, :before]
    cells[:, before] = ord(".")
    cells[:, before + 1 : 1 + _DIGITS] = digits[:, before:]
    if decade < 0:
        cells[:, 1 + _DIGITS : 5 + _DIGITS] = list(b"e%03d" % decade)
    return cells
