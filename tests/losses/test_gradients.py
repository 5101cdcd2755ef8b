"""The gradient of every loss on every scale against central differences, and at its kinks."""

import math

import numpy as np
import pytest
from samples import probabilities, targets_for

from lossctl.base.arrays import Array
from lossctl.losses import LOSSES, entry, loss_of
from lossctl.losses.loss import NUMBERS, SCORES, BoundLoss

STEP = 1e-6
TEXTS = [
    *(entry(name).example for name in LOSSES),
    *("huber:delta=0.3", "smooth-l1:beta=0.3", "tweedie:power=-1", "tweedie:power=3"),
    *("focal:gamma=0", "focal:gamma=0.5", "quantile:alpha=0.2", "tweedie:power=0"),
]
CASES = [
    (text, scale)
    for text in TEXTS
    for scale, formula in entry(text.partition(":")[0]).scales.items()
    if formula.gradient is not None
]


def losses(loss: BoundLoss, y: Array, d: Array) -> Array:
    transform = loss.formula.transform
    return loss.per_sample(y if transform is None else transform(y), d)


def predictions(scale: str, k: int) -> Array:
    numbers = np.random.default_rng(k).normal(size=(50, k))
    if scale in ("logits", SCORES):
        return 3 * numbers
    if scale == "log-probs":
        return np.log(probabilities(50, k, k))
    return 0.02 + 0.96 * probabilities(50, max(k, 2), k)[:, :k]


@pytest.mark.parametrize("k", [1, 3, 40])
@pytest.mark.parametrize(("text", "scale"), CASES)
def test_it_is_the_central_difference(text: str, scale: str, k: int) -> None:
    if text == "cosine" and k == 1:
        k = 2  # of one component it is 0 or 2, everywhere flat
    loss = loss_of(text, "probs" if scale in (NUMBERS, SCORES) else scale)
    y, d = predictions(scale, k), targets_for(text, 50, k, 9)
    if loss.formula.one_class and k == 1:
        d = np.arange(50.0)[:, None] % 2
    assert loss.formula.gradient is not None
    found = loss.formula.gradient(y, d, **loss.values)
    assert found.shape == y.shape
    for column in range(min(k, 4)):
        aside = np.zeros(k)
        aside[column] = STEP
        difference = (losses(loss, y + aside, d) - losses(loss, y - aside, d)) / (2 * STEP)
        np.testing.assert_allclose(found[:, column], difference, rtol=2e-5, atol=2e-7)


@pytest.mark.parametrize("k", [7, 23])  # NumPy adds rows otherwise from 8 columns on
@pytest.mark.parametrize(("text", "scale"), CASES)
def test_the_layout_does_not_change_a_bit(text: str, scale: str, k: int) -> None:
    loss = loss_of(text, "probs" if scale in (NUMBERS, SCORES) else scale)
    y, d = predictions(scale, k), targets_for(text, 50, k, 9)
    before = y.tobytes(), d.tobytes()
    assert loss.formula.gradient is not None
    found = {
        np.ascontiguousarray(loss.formula.gradient(one, other, **loss.values)).tobytes()
        for one in (y, np.asfortranarray(y))
        for other in (d, np.asfortranarray(d))
    }
    assert len(found) == 1
    assert (y.tobytes(), d.tobytes()) == before


def test_all_have_one_but_what_is_flat_everywhere() -> None:
    without = {
        name
        for name in LOSSES
        if any(formula.gradient is None for formula in entry(name).scales.values())
    }
    assert without == {"zero-one"}


KINKS: dict[str, tuple[list[float], list[float], list[float]]] = {
    "mae": ([1.0, 2.0], [1.0, 0.0], [0.0, 1.0]),
    "quantile:alpha=0.9": ([1.0, 0.0], [1.0, 2.0], [0.0, -0.9]),
    "mape": ([2.0, 3.0], [2.0, 2.0], [0.0, 0.5]),
    "smape": ([0.0, 1.0], [1.0, 3.0], [-2.0, -0.75]),
    "hinge": ([2.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    "squared-hinge": ([0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [-4.0, 4.0, 0.0]),
}


@pytest.mark.parametrize("text", KINKS)
def test_at_a_kink_it_is_the_documented_subgradient_and_is_counted(text: str) -> None:
    y, d, expected = KINKS[text]
    loss = loss_of(text)
    rows = np.array([y, [-5.0, *[7.0] * (len(y) - 1)]]), np.array([d, d])
    assert loss.formula.gradient is not None
    assert loss.formula.kinks is not None
    assert loss.formula.gradient(*rows, **loss.values)[0].tolist() == expected
    has_kinks = loss.formula.kinks(*rows, **loss.values)
    assert has_kinks[0]
    assert not has_kinks[1] or text.endswith("hinge")


def test_where_the_slope_of_focal_is_infinite_is_a_kink() -> None:
    y, d = np.array([[1.0, 0.5], [0.0, 0.5], [1.0, 0.5], [0.5, 1.0]]), np.array([[1.0, 0.0]] * 4)
    d[1, 0] = d[2, 0] = 0.0
    for gamma, expected in (("0.5", [True, True, False, False]), ("2", [False] * 4)):
        loss = loss_of(f"focal:gamma={gamma}")
        assert loss.formula.kinks is not None
        assert loss.formula.kinks(y, d, **loss.values).tolist() == expected


def test_at_the_edges() -> None:
    for text, scale, y, d, expected in (
        ("ce", "logits", [800.0, -800.0], [0.0, 1.0], [1.0, -1.0]),
        ("ce", "logits", [-math.inf, 1.0], [0.0, 1.0], [0.0, 0.0]),
        ("bce", "logits", [-800.0], [0.0], [0.0]),
        ("bce", "logits", [-math.inf], [0.0], [0.0]),
        ("focal", "logits", [-math.inf], [0.0], [0.0]),
        ("focal", "logits", [800.0], [0.0], [1.0]),
        ("log-cosh", "probs", [1e4], [0.0], [1.0]),
        ("bce", "logits", [37.0], [1.0], [-math.exp(-37.0)]),
        ("ce", "logits", [40.0, 0.0], [1.0, 0.0], [-math.exp(-40.0), math.exp(-40.0)]),
        ("smape", "probs", [1.0, 1.7e308], [1e-17, -1.7e308], [4e-17, 0.0]),
        ("tweedie:power=2", "probs", [1e200], [1.0], [2e-200]),
        ("tweedie:power=3", "probs", [1e-150], [1e-150], [0.0]),
        ("tweedie:power=10", "probs", [1e-70], [1e-70], [0.0]),
        ("focal:gamma=0.5", "probs", [1.0], [1.0], [0.0]),
        ("poisson", "probs", [1.6e308], [8e307], [1.0]),
        ("focal:gamma=0.5", "probs", [1.0], [0.0], [1e7 - 0.5 * math.log(1e-7)]),
        ("focal:gamma=0.5", "probs", [1.0], [1.0], [0.0]),
        ("cosine", "probs", [3.0, 5.0], [3.0, 5.0], [0.0, 0.0]),
        ("ce", "probs", [0.0, 1.0], [0.0, 1.0], [0.0, -1 / (1 + 1e-7)]),
    ):
        loss = loss_of(text, scale)
        assert loss.formula.gradient is not None
        found = loss.formula.gradient(np.array([y]), np.array([d]), **loss.values)
        assert found[0] == pytest.approx(expected, rel=1e-14, abs=0), (text, y)
