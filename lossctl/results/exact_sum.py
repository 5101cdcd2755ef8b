"""Exact, mergeable sums of float64 arrays: numpy folds gathered in Python integers.

Sources: the fold is the error-free vector extraction of Rump, Ogita and Oishi (SIAM J. Sci.
Comput. 31, 2008); the error of a square is Dekker's, with Veltkamp's split (Numer. Math. 18,
1971); the square root rounds to odd first (Boldo and Melquiond, IEEE Trans. Comput. 57, 2008).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 2**15  # most values of one fold: 2**15 highs of at most 2**36 units stay below 2**53
_NARROW = 53 - 15  # bits of values so many of which add up without rounding
_WIDE = _NARROW + 10 * 36  # a block of wider range than ten folds of 36 bits goes to the bins
_UNIT = 1074  # every finite float64 is a multiple of 2**-_UNIT
_LARGE = 960  # no fold beyond 2 to its power: sigma stays far from the end of the range
_SQUARE_LOW, _SQUARE_HIGH = 2.0**-485, 2.0**500  # where x * x and its error are both exact


def exact_sum(values: NDArray[np.float64]) -> int:
    """Sum ``values`` (float64, any shape, may be empty) exactly, in units of 2**-1074.

    TypeError: another dtype. ValueError: a NaN or an infinity among the values.
    Method: error-free vector extraction (Rump, Ogita, Oishi 2008) on blocks of 2**15 values.
    """
    blocks, scratch = _prepared(values)
    return sum(_block_sum(block, scratch) for block in blocks)


class Moments:
    """Exact state of N float64 values, the same for every order and partition of them."""

    __slots__ = ("count", "nan", "negative_infinity", "positive_infinity", "squares", "total")

    def __init__(  # noqa: PLR0917, six parts of one state, in the order of `_state`
        self,
        count: int = 0,
        total: int = 0,
        squares: int = 0,
        nan: int = 0,
        positive_infinity: int = 0,
        negative_infinity: int = 0,
    ) -> None:
        self.count = count  # finite values
        self.total = total  # their sum, in units of 2**-1074
        self.squares = squares  # the sum of their squares, in units of 2**-2148
        self.nan = nan  # these three are counted apart, and are in neither sum
        self.positive_infinity = positive_infinity
        self.negative_infinity = negative_infinity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moments) and self._state() == other._state()

    def __hash__(self) -> int:
        return hash(self._state())

    def __repr__(self) -> str:
        return f"Moments{self._state()}"

    def _state(self) -> tuple[int, ...]:
        others = self.nan, self.positive_infinity, self.negative_infinity
        return self.count, self.total, self.squares, *others

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Moments:
        """Return the state of ``values`` (float64, any shape, may be empty).

        TypeError: another dtype. Method: ``exact_sum`` of the values, of their rounded squares
        and of the errors of these (Dekker 1971); integers outside 2**-485 <= |x| <= 2**500.
        """
        blocks, scratch = _prepared(values)
        result = cls()
        for block in blocks:
            result = result.merge(_block_moments(block, scratch))
        return result

    def merge(self, other: Moments) -> Moments:
        """Return the state of the values of both (a new one): integer addition, no rounding."""
        return Moments(
            self.count + other.count,
            self.total + other.total,
            self.squares + other.squares,
            self.nan + other.nan,
            self.positive_infinity + other.positive_infinity,
            self.negative_infinity + other.negative_infinity,
        )

    def mean(self) -> float:
        """Return the mean rounded once, ties to even; NaN for no values at all.

        As in IEEE arithmetic, infinities of one sign give that infinity, and a NaN or
        infinities of both signs NaN. The mean of zeros is 0.0 whatever their signs.
        """
        if self._others():
            return self.sum()
        return self.total / (self.count << _UNIT) if self.count else math.nan

    def sum(self) -> float:
        """Return the sum rounded once, infinite beyond the range; 0.0 for no values at all.

        NaN and infinities among the values act as in ``mean``.
        """
        if self.nan or (self.positive_infinity and self.negative_infinity):
            return math.nan
        if self._others():
            return math.inf if self.positive_infinity else -math.inf
        return _ratio(self.total, 1 << _UNIT)

    def standard_deviation(self) -> float | None:
        """Return the root of the exact variance (ddof=1), rounded once (Boldo, Melquiond 2008).

        Infinite beyond the range. NaN if a NaN or an infinity is among the values; None for
        fewer than two values, these included.
        """
        return self._root_of_variance(1)

    def standard_error(self) -> float | None:
        """Return the root of variance (ddof=1) / count, as ``standard_deviation`` does."""
        return self._root_of_variance(self.count)

    def _others(self) -> int:
        return self.nan + self.positive_infinity + self.negative_infinity

    def _root_of_variance(self, divisor: int) -> float | None:
        if self._others() or self.count < 2:
            return math.nan if self.count + self._others() > 1 else None
        spread = self.count * self.squares - self.total**2
        return _root(spread, (self.count * (self.count - 1) * divisor) << (2 * _UNIT))


def _prepared(values: NDArray[np.float64]) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
    if values.dtype != np.float64:
        raise TypeError(f"exact sums need float64 values, not {values.dtype}")
    flat = np.ascontiguousarray(values).reshape(-1)
    width = min(flat.size + -flat.size % 8, _BLOCK)
    memory = np.empty(4 * width + 8)
    start = -memory.ctypes.data // 8 % 8  # rows on 64-byte boundaries: a fifth less time
    scratch = memory[start : start + 4 * width].reshape(4, width)
    return [flat[i : i + _BLOCK] for i in range(0, flat.size, _BLOCK)], scratch


def _units(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()  # the denominator is a power of two
    return numerator << (_UNIT + 1 - denominator.bit_length())


def _extremes(block: NDArray[np.float64], scratch: NDArray[np.float64]) -> tuple[float, float]:
    """Return the largest size of the values, and the least one but 0; 0.0 where there is none."""
    size = np.abs(block, out=scratch[0, : block.size])
    top = float(size.max(initial=0.0))
    return top, float(size.min(initial=top)) or float(size[size > 0].min(initial=top))


def _reach(top: float, least: float) -> tuple[int, int]:
    """Return between which exponents of two the bits of finite values of these sizes lie."""
    return math.frexp(top)[1], max(math.frexp(least)[1] - 53, -_UNIT)


def _block_sum(block: NDArray[np.float64], scratch: NDArray[np.float64]) -> int:
    top, least = _extremes(block, scratch)
    if not math.isfinite(top):
        raise ValueError("exact_sum needs finite values; Moments.of counts the others apart")
    return _sum_within(block, *_reach(top, least), scratch)


def _sum_within(
    block: NDArray[np.float64], exponent: int, unit: int, scratch: NDArray[np.float64]
) -> int:
    """Sum values of at most 2**exponent that are multiples of 2**unit."""
    if exponent > _LARGE or exponent - unit > _WIDE:
        return _binned_sum(block)
    high, rest = scratch[:2, : block.size]  # both overwritten
    total = 0
    while exponent - unit > _NARROW:
        sigma = math.ldexp(1.5, exponent + 16)
        np.add(block, sigma, out=high)
        np.subtract(high, sigma, out=high)  # multiples of 2**(exponent - 36)
        np.subtract(block, high, out=rest)  # without error, at most 2**(exponent - 37)
        total += _units(float(high.sum()))  # at most 2**51 units: exact in any order
        block, exponent = rest, exponent - 36
    return total + _units(float(block.sum()))  # at most 2**53 units


def _binned_sum(block: NDArray[np.float64]) -> int:
    fraction, exponent = np.frexp(block)
    mantissa = np.ldexp(fraction, 53).astype(np.int64)
    bins = exponent + (_UNIT - 1)  # the least exponent, that of 2**-1074, is -1073
    highs = np.bincount(bins, weights=mantissa >> 27).tolist()
    lows = np.bincount(bins, weights=mantissa & (2**27 - 1)).tolist()
    pairs = enumerate(zip(highs, lows, strict=True))
    return sum(((int(high) << 27) + int(low)) << i for i, (high, low) in pairs) >> 52


def _block_moments(block: NDArray[np.float64], scratch: NDArray[np.float64]) -> Moments:
    top, least = _extremes(block, scratch)
    if top <= _SQUARE_HIGH and least >= _SQUARE_LOW:
        total = _sum_within(block, *_reach(top, least), scratch)
        return Moments(block.size, total, _block_squares(block, top, least, scratch))
    finite = block[np.isfinite(block)]
    size = np.abs(finite)
    plain = (size >= _SQUARE_LOW) & (size <= _SQUARE_HIGH)
    squares = sum(_units(value) ** 2 for value in finite[~plain & (size > 0)].tolist())
    most = finite[plain]
    squares += _block_squares(most, *_extremes(most, scratch), scratch)
    others = [np.isnan(block), block == math.inf, block == -math.inf]
    total = _block_sum(finite, scratch)
    return Moments(finite.size, total, squares, *(int(other.sum()) for other in others))


def _block_squares(
    block: NDArray[np.float64], top: float, least: float, scratch: NDArray[np.float64]
) -> int:
    high, low, product, error = scratch[:, : block.size]  # all overwritten
    np.multiply(block, 2.0**27 + 1, out=high)  # Veltkamp's split: block = high + low
    np.subtract(high, block, out=low)
    high -= low
    np.subtract(block, high, out=low)
    np.multiply(block, block, out=product)
    np.multiply(high, high, out=error)  # error = ((high**2 - product) + 2*high*low) + low**2
    error -= product
    high *= low
    high += high
    error += high
    low *= low
    error += low
    exponent, unit = _reach(top * top, least * least)
    total = _sum_within(product, exponent, unit, scratch)
    # An error is at most half a unit of the last bit of its product.
    total += _sum_within(error, exponent - 54, 2 * _reach(top, least)[1], scratch)
    return total << _UNIT


def _ratio(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator  # Python rounds this once, subnormals included
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def _root(numerator: int, denominator: int) -> float:
    shift = (113 - numerator.bit_length() + denominator.bit_length()) // 2
    up, down = max(shift, 0), max(-shift, 0)  # the quotient has at least 111 bits
    quotient, remainder = divmod(numerator << (2 * up), denominator << (2 * down))
    root = math.isqrt(quotient)  # 56 bits or more; an inexact root is made odd (sticky bit)
    odd = remainder != 0 or root * root != quotient
    return _ratio((root | odd) << down, 1 << up)
