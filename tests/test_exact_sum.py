"""Exact sums against an oracle of Python integers and fractions that shares no code with them."""

import functools
import itertools
import math
import struct
from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lossctl.exact_sum import Moments, exact_sum

pytestmark = pytest.mark.filterwarnings("error")

BLOCK = 2**15
LEAST = 5e-324
MOST = math.ldexp(2.0**53 - 1, 971)
PELL = 1855077841 * 6000001  # 1 + 1855077841**2 == 2 * 1311738121**2; 54 bits, so a tie
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


def test_the_oracle_tells_neighbours_apart() -> None:
    third = Fraction(1, 3)
    assert is_nearest(1 / 3, third)
    assert not is_nearest(math.nextafter(1 / 3, 1), third)
    assert not is_nearest(math.nextafter(1 / 3, 0), third)
    assert is_nearest(1.0, 1 + Fraction(1, 2**53))
    assert not is_nearest(math.nextafter(1, 2), 1 + Fraction(1, 2**53))
    assert is_nearest(math.inf, BEYOND - 2**970)
    assert not is_nearest(math.inf, BEYOND - 2**970 - 1)
    assert not is_nearest(MOST, BEYOND - 2**970)
    assert is_nearest(math.sqrt(2), Fraction(2), power=2)
    assert not is_nearest(math.nextafter(math.sqrt(2), 2), Fraction(2), power=2)
    assert not is_nearest(-0.5, Fraction(1, 2))
    assert not is_nearest(math.nan, third)


@examples
@given(samples)
def test_any_finite_values_against_fractions(values: list[float]) -> None:
    check(values)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([1e16, 1.0, -1e16, LEAST], id="cancelling"),
        pytest.param([MOST, LEAST, -MOST], id="cancelling-over-the-whole-range"),
        pytest.param([LEAST, 3 * LEAST, -7 * LEAST, 2.0**-1022], id="denormal"),
        pytest.param([LEAST, LEAST, 0.0], id="mean-below-the-least-denormal"),
        pytest.param([0.1], id="one-element"),
        pytest.param([-0.0], id="one-negative-zero"),
        pytest.param([-0.0, 0.0, -0.0, 0.1], id="zeros-of-both-signs"),
        pytest.param([0.1] * 1000, id="all-equal"),
        pytest.param([1e-200, 3e-200, -1e-180, 1e300, LEAST, 1.0, 0.0], id="beyond-dekker"),
        pytest.param([0.1 * 2.0**-530] * 3 + [0.3 * 2.0**-500], id="errors-of-squares-underflow"),
        pytest.param([1e155, -1.1e155, 1.3e155], id="squares-overflow"),
    ],
)
def test_special_values(values: list[float]) -> None:
    check(values)


@pytest.mark.parametrize("exponent", [-1074, -1022, -538, -485, 500, 512, 959, 960, 976, 1023])
def test_values_next_to_every_limit(exponent: int) -> None:
    at = math.ldexp(1.0, exponent)
    near = [math.nextafter(at, 0), at, math.nextafter(at, math.inf)]
    check([*near, -1.0])
    check([-value for value in near] + [0.1])
    check(near)


@pytest.mark.parametrize("sign", [1, -1])
def test_powers_of_two_over_the_whole_range_in_one_block(sign: int) -> None:
    for last in (959, 1023):  # folds up to their limit, and no fold at all
        check([sign * math.ldexp(1.0, exponent) for exponent in range(-1074, last + 1)])
    rng = np.random.default_rng(5)
    wide = np.ldexp(rng.uniform(-1, 1, 3000), rng.integers(-1074, 960, 3000))
    check(sign * wide)


@pytest.mark.parametrize("length", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_lengths_around_a_block(length: int) -> None:
    check(np.random.default_rng(length).lognormal(size=length))


@pytest.mark.parametrize(
    ("exponent", "sign"), [(0, 1), (0, -1), (-1022, 1), (498, -1), (958, 1), (959, -1), (1023, 1)]
)
def test_a_full_block_of_values_just_below_a_power_of_two(exponent: int, sign: int) -> None:
    ulps = np.random.default_rng(7).integers(1, 2**40, BLOCK)
    values = sign * np.ldexp(1 - ulps * 2.0**-53, exponent)
    found = [exact_sum(values), exact_sum(np.repeat(values[:1], BLOCK))]
    expected = [units(float(value)) for value in values]
    assert found == [sum(expected), BLOCK * expected[0]]


def test_very_many_values_just_below_a_power_of_two() -> None:
    ulps = np.random.default_rng(17).integers(1, 2**40, 2**20)
    expected = (2**20 * 2**53 - int(ulps.sum())) * 2 ** (1074 - 53)
    assert exact_sum(np.asarray(1 - ulps * 2.0**-53, dtype=np.float64)) == expected


def test_a_full_block_of_random_bits() -> None:
    words = np.random.default_rng(11).integers(0, 2**64, BLOCK // 4, dtype=np.uint64)
    values = words.view(np.float64)
    check(values[np.isfinite(values)])


def test_sum_beyond_the_range_with_a_finite_mean() -> None:
    for sign in (1, -1):
        found = check([sign * 1e308] * 3 + [sign * MOST] * 4)
        assert found.sum() == sign * math.inf
        assert 1e308 < sign * found.mean() < MOST
        assert check([sign * MOST] * 5).mean() == sign * MOST
    assert check([MOST, -MOST]).standard_deviation() == math.inf
    assert check([MOST, -MOST]).standard_error() == MOST
    assert check([MOST, 2.0**970]).sum() == math.inf  # the tie goes to the even neighbour
    assert check([MOST, math.nextafter(2.0**970, 0)]).sum() == MOST


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([1.0, 1 + 2.0**-52], 1.0),
        ([1 + 2.0**-52, 1 + 2.0**-51], 1 + 2.0**-51),
        ([-1.0, -1 - 2.0**-52], -1.0),
        ([1.0, 1 + 2.0**-52, 1.0, 1 + 2.0**-52], 1.0),
        ([0.0, LEAST], 0.0),
        ([LEAST, 2 * LEAST], 2 * LEAST),
    ],
)
def test_ties_of_the_mean_go_to_even(values: list[float], mean: float) -> None:
    assert bits(check(values).mean()) == bits(mean)


def test_a_hair_beside_a_tie() -> None:
    tie = [2.0**53, 1.0]
    assert check(tie).sum() == 2.0**53
    assert check([*tie, LEAST]).sum() == 2.0**53 + 2
    assert check([*tie, 2.0]).sum() == 2.0**53 + 4
    assert check([*tie, 2.0, -LEAST]).sum() == 2.0**53 + 2
    assert check([2.0**55, 4.0, 0.0, 0.0]).mean() == 2.0**53
    assert check([2.0**55, 4.0, LEAST, 0.0]).mean() == 2.0**53 + 2


@pytest.mark.parametrize(
    ("values", "deviation"),
    [
        ([-(2.0**53), 1.0, 2.0**53 + 2], 2.0**53),  # exactly 2**53 + 1
        ([-(2.0**53), 3.0, 2.0**53 + 6], 2.0**53 + 4),  # exactly 2**53 + 3
        ([-(2.0**53), 1 + 2.0**-52, 2.0**53 + 2], 2.0**53 + 2),  # some 2**-157 more
        ([2.0**53, 2.0**53 - 2 * 1311738121 * 6000001], float(PELL + 1)),  # PELL and some 2**-10
        ([-1.0, 0.0, 1.0], 1.0),
        ([0.1] * 7, 0.0),
        ([-LEAST, 0.0, LEAST], LEAST),
        ([0.0, 0.0, LEAST], LEAST),  # 0.577 of it
        ([0.0] * 4 + [LEAST], 0.0),  # 0.447 of it
    ],
)
def test_ties_of_the_standard_deviation(values: list[float], deviation: float) -> None:
    assert check(values).standard_deviation() == deviation


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ([2.0**53, -1.0], 2.0**52),  # exactly 2**52 + 1/2
        ([2.0**53, -3.0], 2.0**52 + 2),  # exactly 2**52 + 3/2
        ([2.0**53, -1 - 2.0**-52], 2.0**52 + 1),
        ([0.0, LEAST], 0.0),
        ([LEAST, 4 * LEAST], 2 * LEAST),
    ],
)
def test_ties_of_the_standard_error(values: list[float], error: float) -> None:
    assert check(values).standard_error() == error


@examples
@given(samples, st.randoms(use_true_random=False), st.lists(st.integers(0, 30), max_size=5))
def test_any_partition_and_order_give_the_same_state(
    values: list[float], random: Random, cuts: list[int]
) -> None:
    whole = moments(values)
    shuffled = list(values)
    random.shuffle(shuffled)
    edges = sorted([0, *(min(cut, len(values)) for cut in cuts), len(values)])
    parts = [moments(shuffled[start:end]) for start, end in itertools.pairwise(edges)]
    random.shuffle(parts)
    merged = functools.reduce(Moments.merge, parts)
    assert merged == whole
    assert bits(merged.mean()) == bits(whole.mean())
    assert bits(merged.sum()) == bits(whole.sum())


def test_partitions_and_permutations_of_several_blocks() -> None:
    rng = np.random.default_rng(3)
    values = np.ldexp(rng.standard_normal(100_000), rng.integers(-80, 80, 100_000))
    whole = moments(values)
    for parts in (2, 7, 1000):
        edges = np.sort(rng.integers(0, values.size, parts))
        pieces = [moments(piece) for piece in np.split(rng.permutation(values), edges)]
        merged = functools.reduce(Moments.merge, pieces)
        assert merged == whole
        assert bits(merged.mean()) == bits(whole.mean())
    assert whole.total == sum(map(units, values.tolist()))


def test_merge_returns_a_new_state_and_adds_every_field() -> None:
    left, right = Moments(1, 2, 3, 4, 5, 6), Moments(10, 20, 30, 40, 50, 60)
    assert left.merge(right) == Moments(11, 22, 33, 44, 55, 66)
    assert left == Moments(1, 2, 3, 4, 5, 6)
    assert right == Moments(10, 20, 30, 40, 50, 60)
    assert left.merge(Moments()) == left


@pytest.mark.parametrize(
    ("others", "counts", "mean"),
    [
        ([math.nan, -math.nan], (2, 0, 0), math.nan),
        ([math.inf] * 3, (0, 3, 0), math.inf),
        ([-math.inf], (0, 0, 1), -math.inf),
        ([math.inf, -math.inf, -math.inf], (0, 1, 2), math.nan),
        ([math.nan, math.inf], (1, 1, 0), math.nan),
    ],
)
def test_other_values_are_counted_apart(
    others: list[float], counts: tuple[int, int, int], mean: float
) -> None:
    finite = [0.1, -3.0, 1e-200]
    plain = moments(finite)
    for values in ([*finite, *others], [*others, *finite], [0.1, *others, -3.0, 1e-200]):
        found = moments(values)
        assert found == Moments(3, plain.total, plain.squares, *counts)
        assert found == plain.merge(moments(others))
        for result in (found.mean(), found.sum(), moments(others).mean()):
            assert str(result) == str(mean)
        assert str(found.standard_deviation()) == str(found.standard_error()) == "nan"
        with pytest.raises(ValueError, match="finite"):
            exact_sum(array(values))


def test_fewer_than_two_values() -> None:
    nothing = moments([])
    assert nothing == Moments()
    assert exact_sum(array([])) == 0
    assert math.isnan(nothing.mean())
    assert bits(nothing.sum()) == bits(0.0)
    for few in ([], [1.5], [math.nan], [math.inf]):
        assert moments(few).standard_deviation() is None
        assert moments(few).standard_error() is None
    assert str(moments([1.5, math.nan]).standard_deviation()) == "nan"


def test_views_of_any_shape_are_read_and_never_written() -> None:
    values = np.random.default_rng(13).lognormal(size=(6, 40))
    values[0, 0], values[1, 1] = 0.0, 1e-200
    values.setflags(write=False)
    for view in (values, values.T, values[::2, ::-3], np.asfortranarray(values), values[:, 7:7]):
        assert moments(view) == moments(view.flatten().tolist())
        assert exact_sum(view) == sum(map(units, view.flatten().tolist()))
    assert moments(values[2, 3]) == moments([float(values[2, 3])])


@pytest.mark.parametrize("dtype", ["float32", "int64", ">f8", "bool", "object"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    for function in (exact_sum, Moments.of):
        with pytest.raises(TypeError, match="float64"):
            function(np.ones(3, dtype=dtype))
