"""Every loss at its edges, worked by hand, and against the libraries that people know."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import Run, Write
from samples import EACH, targets_for
from scipy.special import expit, rel_entr, xlogy  # type: ignore[import-untyped]
from sklearn import metrics  # type: ignore[import-untyped]
from sklearn.metrics.pairwise import paired_cosine_distances  # type: ignore[import-untyped]

import lossctl
from lossctl.base.arrays import Array
from lossctl.losses import loss_of

LEAST = 5e-324
LN2 = math.log(2)

BY_HAND: dict[str, list[tuple[list[float], list[float], float]]] = {
    "huber": [
        ([0.0], [0.0], 0.0),
        ([1.0], [0.0], 0.5),  # the kink: both branches say so
        ([3.0], [0.0], 2.5),
        ([-3.0, 0.5], [0.0, 0.0], 2.625),
        ([1e300], [0.0], 1e300),
    ],
    "huber:delta=0.5": [
        ([0.5], [0.0], 0.125),
        ([2.0], [0.0], 0.875),
        ([0.25], [0.0], 0.03125),
        ([1e308], [-1e308], 1e308),  # the error is beyond float64, but not half of it
    ],
    "huber:delta=1000000000": [([3.0], [1.0], 2.0)],
    "smooth-l1": [([1.0], [0.0], 0.5), ([3.0], [0.0], 2.5), ([0.5, 2.0], [0.0, 0.0], 1.625)],
    "smooth-l1:beta=2": [([2.0], [0.0], 1.0), ([1.0], [0.0], 0.25), ([-4.0], [0.0], 3.0)],
    "log-cosh": [
        ([0.0], [0.0], 0.0),
        ([1e4], [0.0], 1e4 - LN2),
        ([-1e4], [0.0], 1e4 - LN2),
        ([1e-9], [0.0], 5e-19),
        ([1.0], [0.0], math.log(math.cosh(1.0))),
        ([math.nextafter(1.0, 0.0)], [0.0], math.log(math.cosh(1.0))),
        ([1e308], [0.0], 1e308),
    ],
    "quantile:alpha=0.9": [
        ([0.0], [0.0], 0.0),
        ([1.0], [3.0], 1.8),
        ([3.0], [1.0], 0.2),
        ([3.0, 1.0], [1.0, 3.0], 2.0),
    ],
    "quantile:alpha=0": [([1.0], [3.0], 0.0), ([3.0], [1.0], 2.0), ([-1e308], [1e308], 0.0)],
    "quantile:alpha=1": [([1.0], [3.0], 2.0), ([3.0], [1.0], 0.0)],
    "quantile:alpha=0.5": [([1.0], [3.0], 1.0), ([3.0], [1.0], 1.0)],
    "cosine": [
        ([1.0, 0.0], [2.0, 0.0], 0.0),
        ([1.0, 0.0], [0.0, 5.0], 1.0),
        ([1.0, 0.0], [-3.0, 0.0], 2.0),
        ([1e200, 0.0], [1e-200, 0.0], 0.0),
        ([1.0, 1e-9], [1.0, 0.0], 5e-19),
        ([-2.0], [3.0], 2.0),
    ],
    "msle": [
        ([0.0], [0.0], 0.0),
        ([math.e - 1], [0.0], 1.0),
        ([1.0], [3.0], LN2**2),
        ([math.nextafter(-1.0, 0.0)], [0.0], (53 * LN2) ** 2),
    ],
    "mape": [
        ([110.0], [100.0], 0.1),
        ([1.0], [-1.0], 2.0),
        ([0.0], [0.0], 0.0),
        ([1.0], [0.0], 2.0**52),
        ([110.0, 90.0], [100.0, 100.0], 0.2),
        ([1e308], [-1e308], 2.0),
        ([LEAST], [0.0], 2.0**52 * LEAST),
    ],
    "smape": [
        ([110.0], [90.0], 0.2),
        ([0.0], [0.0], 0.0),
        ([1.0], [0.0], 2.0),
        ([1.0], [-1.0], 2.0),
        ([LEAST], [0.0], 2.0),
        ([1.7e308], [0.85e308], 2 / 3),
    ],
    "poisson": [
        ([1.0], [1.0], 0.0),
        ([2.0], [0.0], 4.0),
        ([1.0], [math.e], 2.0),
        ([1e10], [1e-320], 2e10),
        ([LEAST], [0.0], 2 * LEAST),
        ([1e-300], [1e300], 2e300 * (600 * math.log(10) - 1)),  # the quotient is beyond float64
        ([1.0], [1 + 2**-20], 2.0**-40 * (1 - 2.0**-20 / 3)),  # (d - y)^2 / y, and a third order
    ],
    "gamma": [
        ([1.0], [1.0], 0.0),
        ([1.0], [math.e], 2 * (math.e - 2)),
        ([2.0], [1.0], 2 * LN2 - 1),
        ([1e300], [1e-300], 2 * (600 * math.log(10) - 1)),
    ],
    "hinge": [
        ([2.0], [1.0], 0.0),
        ([0.25], [1.0], 0.75),
        ([0.25], [0.0], 1.25),
        ([1.0], [1.0], 0.0),
        ([3.0, 1.0, 2.5], [1.0, 0.0, 0.0], 0.5),
        ([3.0, 1.0, 2.5], [0.0, 1.0, 0.0], 3.0),
        ([-1e300, 1e300], [1.0, 0.0], 2e300),
    ],
    "squared-hinge": [([0.25], [0.0], 1.5625), ([3.0, 1.0, 2.5], [0.0, 1.0, 0.0], 9.0)],
    "zero-one": [
        ([0.6], [1.0], 0.0),
        ([0.5], [1.0], 1.0),
        ([0.5], [0.0], 0.0),
        ([0.2, 0.5, 0.3], [0.0, 1.0, 0.0], 0.0),
        ([0.5, 0.5], [0.0, 1.0], 1.0),  # of two as probable the first one counts
    ],
    "brier": [
        ([0.25], [1.0], 0.5625),
        ([1.0, 0.0], [0.0, 1.0], 2.0),
        ([0.5, 0.25, 0.25], [1.0, 0.0, 0.0], 0.375),
    ],
    "kl": [
        ([0.25, 0.75], [0.0, 1.0], -math.log(0.75 + 1e-7)),
        ([1.0, 0.0], [0.0, 1.0], -math.log(1e-7)),
        ([0.5, 0.5], [0.25, 0.75], 0.75 * math.log(3) - LN2 - math.log(1 + 2e-7)),
        ([1.0, 0.0], [1.0, 0.0], -math.log(1 + 1e-7)),
    ],
    "focal": [
        ([0.25], [1.0], -0.5625 * math.log(0.25 + 1e-7)),
        ([0.25], [0.0], -0.0625 * math.log(0.75 + 1e-7)),
        ([0.0], [1.0], -math.log(1e-7)),
        ([1.0], [1.0], 0.0),
        ([0.0], [0.0], 0.0),
        ([1.0], [0.0], -math.log(1e-7)),
        ([1.0 + 5e-8], [1.0], 0.0),
    ],
    "focal:gamma=0": [([0.25], [1.0], -math.log(0.25 + 1e-7)), ([1.0], [1.0], -math.log1p(1e-7))],
    "tweedie:power=0": [([3.0], [-1.0], 16.0)],
    "tweedie:power=1": [([2.0], [0.0], 4.0)],
    "tweedie:power=1.5": [([1.0], [1.0], 0.0), ([4.0], [0.0], 8.0), ([4.0], [1.0], 2.0)],
    "tweedie:power=2": [([2.0], [1.0], 2 * LN2 - 1)],
    "tweedie:power=3": [([1.0], [1.0], 0.0), ([2.0], [1.0], 0.25)],  # (d - y)^2 / (d y^2)
    "tweedie:power=-1": [
        ([1.0], [-2.0], 2 * (1 + 1 / 3)),
        ([2.0], [2.0], 0.0),
        ([1e-300], [-1e300], 1e-300),
    ],
    "tweedie:power=1.00000001": [([1.0], [1.0], 0.0), ([1.0], [0.5], 0.30685282010631781)],
    "tweedie:power=1.999": [([1.0], [LEAST], 1049.0486657909426), ([2.0], [2.0], 0.0)],
    "tweedie:power=2.5": [([1.1], [1.1], 0.0), ([1e-300], [1e-300], 0.0)],
}
CASES = [(name, *case) for name, cases in BY_HAND.items() for case in cases]


@pytest.mark.parametrize(("name", "y", "d", "expected"), CASES)
def test_by_hand(name: str, y: list[float], d: list[float], expected: float) -> None:
    found = lossctl.evaluate([y], [d], loss=name).losses[name].mean
    assert found == pytest.approx(expected, rel=1e-9 if abs(expected) < 2e-7 else 4e-15, abs=0)


def huber(y: Array, d: Array, delta: float) -> Array:
    error = np.abs(y - d)
    return np.where(error <= delta, error**2 / 2, delta * (error - delta / 2))


def smooth_l1(y: Array, d: Array, beta: float) -> Array:
    error = np.abs(y - d)
    return np.where(error < beta, error**2 / (2 * beta), error - beta / 2)


PLAIN: dict[str, Callable[[Array, Array], Array]] = {
    "huber:delta=0.7": lambda y, d: huber(y, d, 0.7),
    "smooth-l1:beta=0.7": lambda y, d: smooth_l1(y, d, 0.7),
    "log-cosh": lambda y, d: np.log(np.cosh(y - d)),
    "smape": lambda y, d: 2 * np.abs(y - d) / (np.abs(y) + np.abs(d)),
    "poisson": lambda y, d: 2 * (xlogy(d, d / y) - d + y),
}


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("name", PLAIN)
def test_it_is_the_plain_formula(name: str, k: int) -> None:
    y, d = np.random.default_rng(k).gamma(2.0, 1.0, (2, 500, k))
    found = loss_of(name).per_sample(y, d)
    np.testing.assert_allclose(found, PLAIN[name](y, d).sum(axis=1), rtol=1e-12, atol=1e-15)


SCIKIT_LEARN: dict[str, tuple[Callable[..., Any], dict[str, float], bool]] = {
    "quantile:alpha=0.9": (metrics.mean_pinball_loss, {"alpha": 0.9}, True),
    "msle": (metrics.mean_squared_log_error, {}, True),
    "mape": (metrics.mean_absolute_percentage_error, {}, True),
    "poisson": (metrics.mean_poisson_deviance, {}, False),
    "gamma": (metrics.mean_gamma_deviance, {}, False),
    **{
        f"tweedie:power={power:g}": (metrics.mean_tweedie_deviance, {"power": power}, False)
        for power in (-2.5, 0, 1, 1.5, 2, 2.5, 3)
    },
    "cosine": (lambda d, y: paired_cosine_distances(d, y).mean(), {}, False),
}
"""What it is called there, with its parameters, and whether components are averaged there."""


@pytest.mark.parametrize("name", SCIKIT_LEARN)
def test_scikit_learn_has_the_same_number(name: str) -> None:
    function, parameters, averaged = SCIKIT_LEARN[name]
    k = 3 if averaged or name == "cosine" else 1
    y, d = np.random.default_rng(7).gamma(2.0, 1.0, (2, 500, k))
    result = lossctl.evaluate(y, d, loss=name).losses[name]
    theirs = float(function(d, y, **parameters))
    assert result.mean == pytest.approx(theirs * (k if averaged else 1), rel=1e-12)
    assert result.peer is not None
    assert result.peer[1] == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("k", [1, 3])
def test_scikit_learn_has_the_same_decisions(k: int) -> None:
    scores = np.random.default_rng(k).normal(size=(400, k))
    labels = np.arange(400) % max(k, 2)
    report = lossctl.evaluate(scores, labels, loss="hinge,zero-one", from_="scores")
    theirs = metrics.hinge_loss(labels, scores[:, 0] if k == 1 else scores)
    assert report.means["hinge"] == pytest.approx(theirs, rel=1e-14)
    wrong = metrics.zero_one_loss(labels, scores[:, 0] > 0 if k == 1 else scores.argmax(axis=1))
    assert report.means["zero-one"] == pytest.approx(wrong, rel=1e-15)
    probable = expit(scores) if k == 1 else softmax(scores)
    by_logits = lossctl.evaluate(scores, labels, loss="zero-one", from_="logits")
    by_probabilities = lossctl.evaluate(probable, labels, loss="zero-one")
    assert by_logits.means == by_probabilities.means == {"zero-one": report.means["zero-one"]}


@pytest.mark.parametrize("name", ["hinge", "squared-hinge", "zero-one", "ce"])
def test_a_row_of_several_classes_or_none_is_told_of_the_targets(
    run: Run, write: Write, name: str
) -> None:
    of_classes = name != "ce"
    for row, where, told in (
        ("1,1", 't.csv:3: column "b"', "the row is of 2 classes: 2 of its targets are 1"),
        ("0,0", "t.csv:3", "the row is of no class: none of its targets is 1"),
    ):
        write({"p.csv": "a,b\n0.2,0.8\n0.2,0.8\n", "t.csv": f"a,b\n0,1\n{row}\n"})
        outcome = run("eval", "p.csv", "t.csv", "-l", name)
        assert outcome.code == 3
        message, hint = outcome.err.splitlines()
        assert message.startswith(f"lossctl: error: {where if of_classes else 't.csv:3'}: ")
        if of_classes:
            assert message.endswith(told)
            assert hint == "lossctl: hint: exactly one target of a row is 1, that of its class"


def test_logits_that_leave_no_class_are_no_decision() -> None:
    with pytest.raises(lossctl.DataError, match="the zero-one of this sample is nan") as caught:
        lossctl.evaluate([[-math.inf, -math.inf]], [0], loss="zero-one", from_="logits")
    assert caught.value.hint == "all logits of the row are -inf: no class is left"


@pytest.mark.parametrize(
    ("target", "hint"),
    [("0.75", "not of probabilities of them"), ("-1", "--pos-label 1"), ("2", "--pos-label LABEL")],
)
def test_targets_that_decide_nothing_say_the_way_out(
    run: Run, write: Write, target: str, hint: str
) -> None:
    write({"p.csv": "y\n1\n1\n", "t.csv": f"y\n1\n{target}\n"})
    outcome = run("eval", "p.csv", "t.csv", "-l", "hinge")
    assert outcome.code == 3
    assert hint in outcome.err
    assert "or probabilities" not in outcome.err


def test_labels_that_are_words_are_decided(run: Run, write: Write) -> None:
    write({"p.csv": "cat,dog\n1.5,-1\n0.25,0.5\n", "t.csv": "cat\ndog\n", "e.csv": "s\n2\n-0.5\n"})
    assert run("eval", "p.csv", "t.csv", "-l", "hinge", "-q").out == "0.375\n"
    of_event = ("eval", "e.csv", "t.csv", "-l", "hinge", "-q", "--pos-label", "cat")
    assert run(*of_event).out == "0.25\n"
    worst = run("eval", "p.csv", "t.csv", "-l", "hinge", "--rows=0", "--worst=1").out
    assert worst.splitlines()[3].split() == ["2", "0.75", "dog", "dog"]


def softmax(scores: Array) -> Array:
    return np.asarray(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_scikit_learn_has_the_same_brier_score(k: int) -> None:
    y = np.random.default_rng(k).dirichlet(np.ones(max(k, 2)), 300)[:, :k]
    labels = np.arange(300) % max(k, 2)
    d = (labels == 0).astype(float) if k == 1 else labels
    report = lossctl.evaluate(y, d, loss="brier").losses["brier"]
    theirs = metrics.brier_score_loss(d, y[:, 0] if k == 1 else y, labels=np.unique(d))
    assert report.peer is not None
    assert report.peer[1] == pytest.approx(theirs, rel=1e-12)


def probabilities_of(logits: Array) -> Array:
    return 1 / (1 + np.exp(-logits))


@pytest.mark.parametrize("k", [2, 5])
def test_kl_is_the_relative_entropy_on_every_scale(k: int) -> None:
    logits = np.random.default_rng(k).normal(size=(200, k))
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    d = np.random.default_rng(k + 1).dirichlet(np.ones(k), 200)
    d[::3] = np.eye(k)[0]
    expected = float(rel_entr(d, y).sum(axis=1).mean())
    assert lossctl.evaluate(y, d, loss="kl").means["kl"] == pytest.approx(expected, abs=1e-5)
    of_logits = lossctl.evaluate(logits, d, loss="kl", from_="logits").means["kl"]
    of_logs = lossctl.evaluate(np.log(y), d, loss="kl", from_="log-probs").means["kl"]
    assert of_logits == pytest.approx(expected, rel=1e-12)
    assert of_logs == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_is_the_plain_formula_on_both_scales(gamma: float) -> None:
    logits = np.random.default_rng(1).normal(scale=3.0, size=(300, 2))
    p, d = probabilities_of(logits), np.random.default_rng(2).integers(0, 2, (300, 2))
    plain = -(d * (1 - p) ** gamma * np.log(p) + (1 - d) * p**gamma * np.log(1 - p)).sum(axis=1)
    name = f"focal:gamma={gamma:g}" if gamma != 2 else "focal"
    found = lossctl.evaluate(logits, d, loss=name, from_="logits").means[name]
    assert found == pytest.approx(plain.mean(), rel=1e-12)
    assert lossctl.evaluate(p, d, loss=name).means[name] == pytest.approx(plain.mean(), rel=1e-3)


def test_focal_of_extreme_logits() -> None:
    for y, d, expected in (
        (800.0, 0, 800.0),
        (-800.0, 1, 800.0),
        (800.0, 1, 0.0),
        (1e308, 0, 1e308),
    ):
        found = lossctl.evaluate([y], [d], loss="focal", from_="logits").means["focal"]
        assert found == pytest.approx(expected, rel=1e-15)
    assert lossctl.evaluate([-math.inf], [0], loss="focal", from_="logits").means["focal"] == 0.0
    with pytest.raises(lossctl.DataError, match="inf"):
        lossctl.evaluate([-math.inf], [1], loss="focal", from_="logits")


@pytest.mark.parametrize("name", EACH)
def test_none_is_below_its_least_where_nearly_all_digits_agree(name: str) -> None:
    d = targets_for(name, 2000, 3, 3)
    y = d * (1 + 4e-16 * np.random.default_rng(4).integers(-2, 3, d.shape))
    losses = loss_of(name).per_sample(y, d)
    assert losses.min() >= loss_of(name).formula.least
    assert losses.max() < 1e-6 or name in {"ce", "bce", "focal", "perplexity"}


OUTSIDE = {
    "poisson": ("0", "1", "0.0 is not positive", "predict a small positive number"),
    "poisson below": ("-1.5", "1", "-1.5 is not positive", "take their exponentials"),
    "poisson targets": ("1", "-1", "-1.0 is not 0 or more", "is a column no target?"),
    "gamma": ("1", "0", "0.0 is not positive", "is a column no target?"),
    "tweedie:power=1.5": ("1", "-1", "-1.0 is not 0 or more", "is a column no target?"),
    "tweedie:power=2.5": ("1", "0", "0.0 is not positive", "is a column no target?"),
    "tweedie:power=-1": ("0", "1", "0.0 is not positive", "predict a small positive number"),
    "msle": ("-1", "1", "-1.0 is not above -1", "ln(1 + x)"),
    "msle targets": ("1", "-2", "-2.0 is not above -1", "ln(1 + x)"),
    "cosine": ("0", "1", "p.csv:3: all values of the row are 0", "a row of zeros points nowhere"),
    "cosine targets": ("1", "0", "t.csv:3: all values of the row are 0", "a row of zeros points"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_outside_names_its_row_and_says_what_it_looks_like(
    run: Run, write: Write, name: str
) -> None:
    y, d, reason, hint = OUTSIDE[name]
    write({"p.csv": f"a\n1\n{y}\n", "t.csv": f"a\n1\n{d}\n"})
    outcome = run("eval", "p.csv", "t.csv", "-l", name.split(maxsplit=1)[0])
    assert (outcome.code, outcome.out) == (3, "")
    first, second = outcome.err.splitlines()
    assert ":3:" in first
    assert reason in first
    assert hint in second


PARAMETERS = {
    "quantile": ("alpha is missing", "as in --loss quantile:alpha=0.9"),
    "quantile:alpha=1.5": ("must be a number from 0 to 1", None),
    "tweedie:power=0.5": ("from -10 to 10, and not between 0 and 1", None),
    "tweedie": ("power is missing", "as in --loss tweedie:power=1.5"),
    "huber:delta=0": ("must be a number from 1e-09 to 1e+09", None),
    "smooth-l1:beta=nan": ("must be a number from 1e-09 to 1e+09", None),
    "huber:epsilon=1": ("no parameter of this loss is called 'epsilon'", "one of: delta"),
}


@pytest.mark.parametrize("text", PARAMETERS)
def test_a_parameter_that_is_missing_or_out_of_range_is_told(
    run: Run, write: Write, text: str
) -> None:
    reason, hint = PARAMETERS[text]
    write({"p.csv": "1\n", "t.csv": "1\n"})
    outcome = run("eval", "p.csv", "t.csv", "-l", text)
    assert (outcome.code, outcome.out) == (2, "")
    assert reason in outcome.err
    assert hint is None or hint in outcome.err


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([1e-200, 0.0], True),
        ([1e-160, 1e-155], True),
        ([1e-200, 1e-150], False),
        ([0.0, 0.0], False),
    ],
    ids=str,
)
def test_squares_that_are_too_small_are_told_of_their_root(errors: list[float], told: bool) -> None:
    report = lossctl.evaluate(errors, [0.0, 0.0], loss="rmse,mse")
    assert [one.code for one in report.warnings].count("underflow") == told
    if not told:
        root = math.sqrt(sum(error * error for error in errors) / 2)
        assert report.means["rmse"] == pytest.approx(root, rel=1e-14)


def test_listing_the_losses_imports_no_numpy(run: Run) -> None:
    program = "import sys; from lossctl.__main__ import main\ntry: main()\nfinally: "
    program += "print('numpy' in sys.modules, file=sys.stderr)"
    outcome = run("losses", program=("python", "-c", program))
    assert outcome.err.endswith("False\n")
    assert "tweedie" in outcome.out
