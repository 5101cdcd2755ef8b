"""Exact sums against an oracle of Python integers and fractions that shares no code with them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from oracle import BEYOND, BLOCK, LEAST, MOST, check, examples, is_nearest, moments, samples, units

from lossctl.results.exact_sum import Moments, exact_sum

pytestmark = pytest.mark.filterwarnings("error")


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


@pytest.mark.parametrize("step", range(37))
def test_a_full_block_of_the_largest_remainders(step: int) -> None:
    """Beside 1.0 the first fold leaves of each value all but half of its unit."""
    value = 2.0**-step + 2.0**-36 - 2.0 ** -(52 + step)
    values = np.append(np.full(BLOCK - 1, value), 1.0)
    assert exact_sum(values) == (BLOCK - 1) * units(value) + units(1.0)


@pytest.mark.parametrize("step", range(20))
def test_a_full_block_of_one_value_and_its_square(step: int) -> None:
    for value in np.ldexp(np.random.default_rng(23).uniform(0.5, 1, 20), -step).tolist():
        values, unit, one = np.append(np.full(BLOCK - 1, value), 1.0), units(value), units(1.0)
        total, squares = (BLOCK - 1) * unit + one, (BLOCK - 1) * unit**2 + one**2
        assert moments(values) == Moments(BLOCK, total, squares)


@pytest.mark.parametrize("share", [0.91, 0.93, 0.95, 0.97, 1.01, 1.02, 1.03, 1.04])
def test_a_full_block_of_the_largest_errors_of_squares(share: float) -> None:
    """Of 1 + a the square loses a * a, or gains as much as that is above half a unit."""
    half = math.sqrt(2.0**-53)
    ulps = np.rint(np.linspace(half, share * half, BLOCK + 1)[1:] * 2.0**52)
    values = 1.0 + ulps * 2.0**-52
    expected = sum(units(float(value)) ** 2 for value in values)
    assert moments(values).squares == expected


def test_very_many_values_just_below_a_power_of_two() -> None:
    ulps = np.random.default_rng(17).integers(1, 2**40, 2**20)
    expected = (2**20 * 2**53 - int(ulps.sum())) * 2 ** (1074 - 53)
    assert exact_sum(np.asarray(1 - ulps * 2.0**-53, dtype=np.float64)) == expected


def test_a_full_block_of_random_bits() -> None:
    words = np.random.default_rng(11).integers(0, 2**64, BLOCK // 4, dtype=np.uint64)
    values = words.view(np.float64)
    check(values[np.isfinite(values)])


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
