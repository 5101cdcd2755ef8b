"""Mean, spread and merging of `Moments` against the oracle of fractions: every tie, any order."""

import functools
import itertools
import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import (
    LEAST,
    MOST,
    array,
    bits,
    check,
    examples,
    moments,
    samples,
    units,
)

from lossctl.results.exact_sum import Moments, exact_sum

pytestmark = pytest.mark.filterwarnings("error")

PELL = 1855077841 * 6000001  # 1 + 1855077841**2 == 2 * 1311738121**2; 54 bits, so a tie


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
