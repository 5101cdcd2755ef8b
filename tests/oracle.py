"""An oracle of Python integers and fractions that shares no code with exact sums."""

import math
import struct
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lossctl.results.exact_sum import Moments, exact_sum

BLOCK = 2**15
LEAST = 5e-324
MOST = math.ldexp(2.0**53 - 1, 971)
BEYOND = Fraction(2**1024)  # where the float after MOST would be
examples = settings(deadline=None, derandomize=True, database=None, max_examples=400)

any_float = st.floats(allow_nan=False, allow_infinity=False)
any_bits = (
    st.integers(0, 2**64 - 1)
    .map(lambda bits: float(struct.unpack("<d", struct.pack("<Q", bits))[0]))
    .filter(math.isfinite)
)
exponents = st.sampled_from([-1074, -1022, -600, -60, 0, 1023])
scaled = st.builds(math.ldexp, st.floats(-1, 1), exponents)
denormal = st.integers(-(2**52), 2**52).map(lambda units: units * LEAST)
cancelling = st.lists(any_bits, max_size=8).flatmap(
    lambda big: st.lists(denormal | scaled, max_size=4).flatmap(
        lambda small: st.permutations([*big, *(-value for value in big), *small])
    )
)
samples = st.one_of(
    st.lists(any_float, max_size=30),
    st.lists(any_bits, max_size=30),
    st.lists(scaled, max_size=30),
    st.lists(denormal, max_size=30),
    cancelling,
)


def array(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def moments(values: Sequence[float] | NDArray[np.float64]) -> Moments:
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        return Moments.of(np.asarray(values, dtype=np.float64))


def units(value: float) -> int:
    exact = Fraction(value)
    return exact.numerator * (2**1074 // exact.denominator)


def bits(value: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", value))[0])


def is_nearest(result: float, exact: Fraction, power: int = 1) -> bool:
    """Whether result is the float nearest to exact**(1/power), ties to even."""
    if exact < 0:
        return is_nearest(-result, -exact, power)
    if math.isnan(result) or result < 0:
        return False
    center = BEYOND if math.isinf(result) else Fraction(result)
    above = math.nextafter(result, math.inf)
    upper = (center + (BEYOND if math.isinf(above) else Fraction(above))) / 2
    lower = max((center + Fraction(math.nextafter(result, -math.inf))) / 2, Fraction(0)) ** power
    if math.isinf(result):
        return exact >= lower
    if bits(result) % 2 == 0:
        return lower <= exact <= upper**power
    return lower < exact < upper**power


def check(values: Sequence[float] | NDArray[np.float64]) -> Moments:
    """Compare all of the state and of the statistics with the oracle."""
    found = moments(values)
    integers = [units(float(value)) for value in values]
    count, total = len(integers), sum(integers)
    assert found == Moments(count, total, sum(integer**2 for integer in integers))
    assert exact_sum(array(values)) == total
    assert is_nearest(found.sum(), Fraction(total, 2**1074))
    if count:
        assert is_nearest(found.mean(), Fraction(total, count * 2**1074))
    if count > 1:
        spread = sum((count * integer - total) ** 2 for integer in integers)  # count**2 times
        variance = Fraction(spread, count**2 * (count - 1) * 2**2148)
        deviation, error = found.standard_deviation(), found.standard_error()
        assert deviation is not None
        assert is_nearest(deviation, variance, power=2)
        assert error is not None
        assert is_nearest(error, variance / count, power=2)
    return found
