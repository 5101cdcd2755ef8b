"""Binary cross-entropy of logits against its definition, SciPy and PyTorch's formula."""

import decimal
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import log_expit  # type: ignore[import-untyped]
from test_losses import layouts

import lossctl
from lossctl.base.arrays import Array
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.losses.classification import bce_of_logits

examples = settings(deadline=None, derandomize=True, database=None, max_examples=150)
LEAST, MOST = 5e-324, 1.7976931348623157e308


def losses_of(logits: object, targets: object) -> list[float]:
    y, d = (np.array(rows, np.float64, order="F") for rows in (logits, targets))
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        return [float(value) for value in bce_of_logits(y, d)]


def exact(y: float, d: float) -> Decimal:
    """Return -[d ln s + (1 - d) ln (1 - s)], s = 1 / (1 + e^-y), with 40 digits or more left.

    The digits that 1 - s cancels are as many as e^-|y| has zeros.
    """
    with decimal.localcontext() as context:
        context.prec = 60 + int(abs(y)) + 330
        target = Decimal(d)
        probability = 1 / (1 + (-Decimal(y)).exp())
        return -(target * probability.ln() + (1 - target) * (1 - probability).ln())


def is_close(found: float, expected: Decimal, ulps: int) -> bool:
    return abs(Decimal(found) - expected) <= ulps * Decimal(math.ulp(float(expected)))


TARGETS = [0.0, LEAST, 1e-20, 0.1, 0.5, 0.75, 1.0 - 2.0**-53, 1.0]
LOGITS = [0.0, LEAST, 2.3e-308, 1e-17, 1e-8, 0.3, 1.0, 17.5, 36.7, 37.0, 100.25, 300.0]


@pytest.mark.parametrize("d", TARGETS)
def test_the_definition_in_decimal(d: float) -> None:
    for y in LOGITS:
        for logit in (y, -y):
            assert is_close(losses_of([[logit]], [[d]])[0], exact(logit, d), 4), logit


@examples
@given(y=st.floats(-40, 40), d=st.floats(0, 1))
def test_any_value_within_four_units_in_the_last_place(y: float, d: float) -> None:
    assert is_close(losses_of([[y]], [[d]])[0], exact(y, d), 4)


EXTREMES: dict[str, tuple[float, float, float]] = {
    "zero": (0.0, 1.0, math.log(2)),
    "minus-zero": (-0.0, 1.0, math.log(2)),
    "zero-and-false": (0.0, 0.0, math.log(2)),
    "subnormal": (LEAST, 0.0, math.log(2)),
    "minus-subnormal": (-LEAST, 0.0, math.log(2)),
    "right-by-far": (1e308, 1.0, 0.0),
    "false-by-far": (-1e308, 0.0, 0.0),
    "wrong-by-far": (1e308, 0.0, 1e308),
    "wrong-below": (-1e308, 1.0, 1e308),
    "greatest": (MOST, 0.0, MOST),
    "least": (-MOST, 1.0, MOST),
    "soft-by-far": (1e308, 0.75, 0.25e308),
    "soft-below": (-1e308, 0.75, 0.75e308),
    "subnormal-loss": (745.0, 1.0, LEAST),
    "no-loss": (746.0, 1.0, 0.0),
    "small-loss": (700.0, 1.0, math.exp(-700)),
    "small-loss-below": (-700.0, 0.0, math.exp(-700)),
}


@pytest.mark.parametrize(("y", "d", "loss"), EXTREMES.values(), ids=EXTREMES)
def test_extremes(y: float, d: float, loss: float) -> None:
    found = losses_of([[y]], [[d]])[0]
    assert found == pytest.approx(loss, rel=4e-16, abs=0)
    assert math.copysign(1.0, found) == 1.0
    assert lossctl.evaluate([y], [d], loss="bce", from_="logits").losses["bce"].mean == found


def test_a_loss_beyond_float64_is_an_error() -> None:
    for y, d in ([[MOST, MOST], [0.0, 0.0]], [[-MOST, MOST], [1.0, 0.0]]):
        with pytest.raises(lossctl.DataError, match=r"row 2: the bce of this sample is inf"):
            lossctl.evaluate([[1.0, 2.0], y], [[1.0, 0.0], d], loss="bce", from_="logits")


def logits_and_targets(
    shape: tuple[int, int], spread: float, soft: bool
) -> tuple[Array, NDArray[np.float64]]:
    rng = np.random.default_rng(shape[1])
    d = rng.random(shape)
    return rng.normal(0, spread, shape), d if soft else np.round(d)


@pytest.mark.parametrize("soft", [True, False], ids=["soft", "hard"])
@pytest.mark.parametrize("spread", [1e-300, 1e-3, 1.0, 30.0, 1e5, 1e300])
@pytest.mark.parametrize("k", [1, 2, 7])
def test_scipy_and_the_formula_of_pytorch(k: int, spread: float, soft: bool) -> None:
    y, d = logits_and_targets((200, k), spread, soft)
    found = losses_of(y, d)
    with np.errstate(under="ignore"):
        by_scipy = -(d * log_expit(y) + (1 - d) * log_expit(-y)).sum(axis=1)
        by_torch = ((1 - d) * y + np.maximum(-y, 0) + np.log1p(np.exp(-np.abs(y)))).sum(axis=1)
    np.testing.assert_allclose(found, by_scipy, rtol=1e-14)
    if spread <= 30:  # PyTorch's terms cancel where y < 0
        np.testing.assert_allclose(found, by_torch, rtol=1e-12, atol=1e-14 * spread)


def test_components_are_summed() -> None:
    y, d = logits_and_targets((50, 5), 3.0, soft=True)
    total = np.zeros(50)
    for j in range(5):
        total += losses_of(y[:, j : j + 1], d[:, j : j + 1])
    np.testing.assert_allclose(losses_of(y, d), total, rtol=1e-15)


def test_it_is_the_bce_of_the_sigmoid_but_for_the_guard() -> None:
    y, d = logits_and_targets((300, 3), 2.0, soft=False)
    of_logits = lossctl.evaluate(y, d, loss="bce", from_="logits").losses["bce"].mean
    of_probabilities = lossctl.evaluate(1 / (1 + np.exp(-y)), d, loss="bce").losses["bce"].mean
    assert of_logits == pytest.approx(of_probabilities, abs=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (37, 1), (1003, 9)], ids=str)
def test_layouts_and_blocks_do_not_change_a_bit(shape: tuple[int, int]) -> None:
    y, d = logits_and_targets(shape, 20.0, soft=True)
    found = set()
    for predictions, targets in zip(
        layouts(y).values(), reversed(layouts(d).values()), strict=True
    ):
        for block_rows in (1, 8, None) if shape[0] < 100 else (100, None):
            how = Options("bce", from_="logits", block_rows=block_rows)
            parts = Evaluation(predictions, targets, how).samples()
            found.add(b"".join(part.losses["bce"].tobytes() for part in parts))
    assert len(found) == 1


def test_inputs_are_not_written_to() -> None:
    y, d = logits_and_targets((9, 2), 2.0, soft=True)
    before = y.tobytes(), d.tobytes()
    bce_of_logits(y, d)
    assert (y.tobytes(), d.tobytes()) == before


def test_labels_stand_for_their_rows() -> None:
    y, _ = logits_and_targets((40, 4), 2.0, soft=True)
    labels = np.arange(40) % 4
    by_label, by_row = (
        lossctl.evaluate(y, targets, loss="bce", from_="logits").losses["bce"].total
        for targets in (labels, np.eye(4)[labels])
    )
    assert by_label == by_row


@pytest.mark.parametrize("target", [-0.5, 1.5, 2.0])
def test_targets_are_probabilities_all_the_same(target: float) -> None:
    with pytest.raises(lossctl.DataError, match=r"targets: row 2: column 1.* is not a probability"):
        lossctl.evaluate([3.0, -4.0], [1.0, target], loss="bce", from_="logits")
