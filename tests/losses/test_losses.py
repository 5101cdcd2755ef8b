"""The losses against values worked by hand, plain Python, scikit-learn, and their contract."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from samples import DECISIONS, EACH, EVERY, targets_for
from sklearn.metrics import (  # type: ignore[import-untyped]
    log_loss,
    mean_absolute_error,
    mean_squared_error,
)

import lossctl
from lossctl.base.arrays import Array
from lossctl.losses import LOSSES, SCALES, entry, loss_of
from lossctl.losses.classification import EPS
from lossctl.losses.loss import NUMBERS, SCORES, Formula

examples = settings(deadline=None, derandomize=True, database=None, max_examples=200)
every_loss = pytest.mark.parametrize("name", EACH)

GUARD = -math.log(1e-7)


def losses_of(name: str, predictions: object, targets: object) -> list[float]:
    """Return the per-sample losses of rows given as lists."""
    y, d = (np.array(rows, np.float64, order="F") for rows in (predictions, targets))
    return [float(value) for value in loss_of(name).per_sample(y, d)]


def probabilities(rows: int, columns: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).dirichlet(np.ones(columns), rows)


# Worked by hand.


@pytest.mark.parametrize(
    ("name", "y", "d", "expected"),
    [
        ("mae", [1.0, -2.0, 4.0], [0.0, 0.0, 1.0], 6.0),
        ("mae", [0.5], [0.75], 0.25),
        ("mse", [1.0, -2.0, 4.0], [0.0, 0.0, 1.0], 7.0),  # (1 + 4 + 9) / 2
        ("mse", [0.5], [0.75], 0.03125),
        ("ce", [0.25, 0.75], [0.0, 1.0], -math.log(0.75 + 1e-7)),
        (
            "ce",
            [0.25, 0.75],
            [0.5, 0.5],
            -0.5 * math.log(0.25 + 1e-7) - 0.5 * math.log(0.75 + 1e-7),
        ),
        ("bce", [0.25], [1.0], -math.log(0.25 + 1e-7)),
        ("bce", [0.25], [0.0], -math.log(0.75 + 1e-7)),
        ("bce", [0.5, 0.5], [1.0, 0.0], -2 * math.log(0.5 + 1e-7)),
    ],
)
def test_by_hand(name: str, y: list[float], d: list[float], expected: float) -> None:
    assert losses_of(name, [y], [d])[0] == pytest.approx(expected, rel=4e-16, abs=0)


small_integers = st.lists(st.integers(-1000, 1000), min_size=3, max_size=3)


@examples
@given(y=small_integers, d=small_integers)
def test_mae_and_mse_of_integers_are_exact(y: list[int], d: list[int]) -> None:
    pairs = list(zip(y, d, strict=True))
    assert losses_of("mae", [y], [d]) == [sum(abs(a - b) for a, b in pairs)]
    assert losses_of("mse", [y], [d]) == [Fraction(sum((a - b) ** 2 for a, b in pairs), 2)]


# An oracle that shares no code: loops from left to right.


def plain_mae(y: Sequence[float], d: Sequence[float]) -> float:
    total = 0.0
    for a, b in zip(y, d, strict=True):
        total += abs(a - b)
    return total


def plain_mse(y: Sequence[float], d: Sequence[float]) -> float:
    total = 0.0
    for a, b in zip(y, d, strict=True):
        total += (a - b) * (a - b)
    return 0.5 * total


def ce_terms(y: Sequence[float], d: Sequence[float]) -> list[float]:
    return [-b * math.log(a + 1e-7) for a, b in zip(y, d, strict=True)]


def bce_terms(y: Sequence[float], d: Sequence[float]) -> list[float]:
    return [
        -(b * math.log(a + 1e-7)) - (1.0 - b) * math.log((1.0 - a) + 1e-7)
        for a, b in zip(y, d, strict=True)
    ]


numbers = st.floats(-1e6, 1e6)
fractions_of_one = st.floats(0.0, 1.0)


def rows_of(values: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[list[float], list[float]]]:
    return st.integers(1, 6).flatmap(
        lambda k: st.tuples(*[st.lists(values, min_size=k, max_size=k)] * 2)
    )


@examples
@given(rows_of(numbers))
def test_mae_and_mse_are_the_plain_loops(row: tuple[list[float], list[float]]) -> None:
    y, d = row
    assert losses_of("mae", [y], [d]) == [plain_mae(y, d)]
    assert losses_of("mse", [y], [d]) == [plain_mse(y, d)]


@pytest.mark.parametrize(("name", "terms_of"), [("ce", ce_terms), ("bce", bce_terms)])
@examples
@given(row=rows_of(fractions_of_one))
def test_entropies_are_the_plain_loops_within_one_ulp_a_log(
    name: str,
    terms_of: Callable[[Sequence[float], Sequence[float]], list[float]],
    row: tuple[list[float], list[float]],
) -> None:
    y, d = row
    terms = terms_of(y, d)
    logs = [abs(math.log(a + EPS)) + abs(math.log((1.0 - a) + EPS)) for a in y]
    # One ulp for each log, and half an ulp for each rounding behind it on both sides.
    slack = 4 * sum(map(math.ulp, logs)) + len(y) * math.ulp(sum(map(abs, terms)))
    assert abs(losses_of(name, [y], [d])[0] - sum(terms)) <= slack


@examples
@given(st.lists(fractions_of_one, min_size=1, max_size=40))
def test_a_single_log_is_within_one_ulp(y: list[float]) -> None:
    for found, a in zip(losses_of("ce", [[a] for a in y], [[1.0]] * len(y)), y, strict=True):
        assert abs(found + math.log(a + 1e-7)) <= math.ulp(found)


# scikit-learn: its means are over components too.


@pytest.mark.parametrize("k", [1, 2, 7])
def test_scikit_learn_differs_by_the_documented_factors(k: int) -> None:
    y, d = np.random.default_rng(k).normal(size=(2, 50, k))
    report = lossctl.evaluate(y, d, loss=["mae", "mse"])
    assert report.losses["mae"].mean == pytest.approx(k * mean_absolute_error(d, y), rel=1e-14)
    assert report.losses["mse"].mean == pytest.approx(k / 2 * mean_squared_error(d, y), rel=1e-14)


def test_scikit_learn_ce_differs_by_the_added_eps_only() -> None:
    y = probabilities(60, 4)
    labels = np.arange(60) % 4
    shifted = -np.log(y[np.arange(60), labels] + 1e-7)
    mean = lossctl.evaluate(y, labels, loss="ce").losses["ce"].mean
    assert mean == pytest.approx(float(shifted.mean()), rel=1e-14)
    assert mean == pytest.approx(float(log_loss(labels, y)), abs=1e-4)
    assert mean < float(log_loss(labels, y))


# The guard at its edges.


@pytest.mark.parametrize(
    ("y", "expected"),
    [(0.0, 16.118095650958319), (1.0, -9.9999995e-08), (1e-300, 16.118095650958319)],
    ids=["zero", "one", "tiny"],
)
def test_the_log_guard_at_its_edges(y: float, expected: float) -> None:
    assert losses_of("ce", [[y]], [[1.0]])[0] == pytest.approx(expected, rel=1e-9)


def test_an_unused_component_adds_a_positive_zero() -> None:
    for y in (0.0, 0.5, 1.0):
        assert math.copysign(1.0, losses_of("ce", [[y]], [[0.0]])[0]) == 1.0


def test_float32_is_widened_before_the_eps_is_added() -> None:
    one = np.array([[0.0, 1.0]], np.float32)
    mean = lossctl.evaluate(one, one, loss="ce").losses["ce"].mean
    assert mean == pytest.approx(-9.9999995e-08, rel=1e-9)  # -1.19e-07 in float32


@pytest.mark.parametrize("y", [-1e-8, -1e-7, -1e-6, -1.0, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("d", [0.0, 1.0], ids=["unused", "used"])
@pytest.mark.parametrize("name", ["ce", "bce"])
def test_what_is_no_probability_is_refused_even_where_unused(name: str, y: float, d: float) -> None:
    with pytest.raises(lossctl.DataError, match=r"predictions: row 2: column 1"):
        lossctl.evaluate([[0.5, 0.5], [y, 1.0]], [[0.0, 1.0], [d, 1.0 - d]], loss=name)


@pytest.mark.parametrize("name", ["mae", "mse"])
def test_a_loss_beyond_float64_is_refused(name: str) -> None:
    with pytest.raises(lossctl.DataError, match=r"row 2.*inf"):
        lossctl.evaluate([0.0, 1.7e308], [0.0, -1.7e308], loss=name)


# Labels stand for their one-hot rows, to the last bit.


@pytest.mark.parametrize("name", EVERY + DECISIONS)
@pytest.mark.parametrize("k", [2, 3, 10, 33])
@pytest.mark.parametrize("n", [1, 7, 64, 1001])
def test_labels_are_their_one_hot_rows(name: str, k: int, n: int) -> None:
    rng = np.random.default_rng(n * k)
    y = probabilities(n, k, n)
    y[rng.integers(n)] = np.eye(k)[0]
    labels = rng.integers(k, size=n)
    by_label = lossctl.evaluate(y, labels, loss=name, worst=n)
    by_row = lossctl.evaluate(y, np.eye(k)[labels], loss=name, worst=n)
    assert by_label.worst is not None
    assert by_row.worst is not None
    assert by_label.worst.losses[name].tobytes() == by_row.worst.losses[name].tobytes()
    assert by_label.worst.rows.tolist() == by_row.worst.rows.tolist()
    assert by_label.at_guard == by_row.at_guard


# What every loss in the table keeps to.


@every_loss
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (9, 1), (1000, 3)], ids=str)
def test_one_finite_number_a_sample(name: str, shape: tuple[int, int]) -> None:
    y, d = map(np.asfortranarray, (probabilities(*shape, 1), targets_for(name, *shape, 2)))
    before = y.tobytes("F"), d.tobytes("F")
    values = loss_of(name).per_sample(y, d)
    assert values.shape == (shape[0],)
    assert values.dtype == np.float64
    assert np.isfinite(values).all()
    assert (y.tobytes("F"), d.tobytes("F")) == before
    guard = loss_of(name).formula.guard
    if guard is not None:
        found = guard.decides(y, d)
        assert found.shape == (shape[0],)
        assert found.dtype == np.bool_


@every_loss
def test_no_prediction_is_better_than_the_target(name: str) -> None:
    targets = np.asfortranarray(np.eye(4) if name in EVERY + DECISIONS else probabilities(4, 4, 99))
    best = loss_of(name).per_sample(targets, targets)
    assert (np.abs(best) <= 4 * 1.1e-7).all()
    for seed in range(20):
        y = np.asfortranarray(probabilities(4, 4, seed))
        losses = loss_of(name).per_sample(y, targets)
        assert (losses >= best if name == "zero-one" else losses > best).all()


def layouts(values: Array) -> dict[str, Array]:
    """Return the same values in memory in many ways."""
    n, k = values.shape
    wide: NDArray[np.float64] = np.full((2 * n, 3 * k), np.nan)
    wide[::2, ::3] = values
    odd = np.empty(values.size * 8 + 1, np.uint8)[1:].view(np.float64).reshape(n, k)
    odd[...] = values
    return {
        "c": np.ascontiguousarray(values),
        "fortran": np.asfortranarray(values),
        "strided": wide[::2, ::3],
        "reversed-rows": values[::-1].copy()[::-1],
        "reversed-columns": values[:, ::-1].copy()[:, ::-1],
        "unaligned": odd,
        "big-endian": values.astype(">f8"),
    }


@every_loss
@pytest.mark.parametrize("shape", [(1, 3), (37, 2), (1003, 9)], ids=str)
def test_the_layout_of_the_input_does_not_change_a_bit(name: str, shape: tuple[int, int]) -> None:
    y, d = probabilities(*shape, 5), targets_for(name, *shape, 6)
    found = set()
    for ours, theirs in zip(layouts(y).values(), reversed(layouts(d).values()), strict=True):
        worst = lossctl.evaluate(ours, theirs, loss=name, worst=shape[0]).worst
        assert worst is not None
        found.add((worst.rows.tobytes(), worst.losses[name].tobytes()))
    assert len(found) == 1


FACTS = {"from", "eps", "reduction", "n", "k", "targets", "paired", "missing", "nan", "loss"}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_says_what_it_is(name: str) -> None:
    loss = entry(name)
    assert loss.name == name
    assert all((loss.title, loss.formula.text, loss.units, loss.source))
    assert f"lossctl.losses.{loss.family}:" in LOSSES[name]
    function = loss.of_mean.inner if loss.of_mean else name
    assert loss.formula.per_sample.__name__ == function.replace("-", "_")
    assert loss.formula.per_sample.__doc__
    assert next(iter(loss.scales)) in {NUMBERS, "probs", SCORES}
    assert NUMBERS not in loss.scales or len(loss.scales) == 1
    assert all(parameter.isidentifier() for parameter in loss.parameters)
    assert not FACTS & loss.parameters.keys(), "a fact of every signature has this name"


@pytest.mark.parametrize("name", [name for name in LOSSES if entry(name).of_mean is None])
def test_the_function_says_domain_units_and_source_as_its_entry_does(name: str) -> None:
    loss = entry(name)
    formulas: dict[str, list[Formula]] = {}
    for formula in loss.scales.values():
        if formula.transform is None:  # else the function is one of another scale
            said = " ".join((formula.per_sample.__doc__ or "").split())
            formulas.setdefault(said, []).append(formula)
    for said, taken in formulas.items():
        assert f" Units: {loss.units}. " in said
        assert said.endswith(f" Source: {loss.source}.")
        titles = [(formula.predictions.title, formula.targets.title) for formula in taken]
        assert any(
            f" Domain: {y}{'' if y == d else f'; of targets {d}'}" in said for y, d in titles
        ), titles


def test_the_scales_that_options_list_are_those_of_the_losses() -> None:
    assert set(SCALES) == {scale for name in LOSSES for scale in entry(name).scales} - {NUMBERS}
