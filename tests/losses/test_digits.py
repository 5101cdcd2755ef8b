"""Losses keep their digits where what they are made of cancels: beside the formula in decimals."""

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from lossctl.losses import loss_of

POWERS = ["-3", "-0.5", "1.2", "1.5", "1.999", "2.5", "3", "10"]
FORMULAS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "poisson": lambda y, d: 2 * (d * (d / y).ln() - d + y),
    "gamma": lambda y, d: 2 * ((y / d).ln() + d / y - 1),
    "msle": lambda y, d: ((1 + y).ln() - (1 + d).ln()) ** 2,
}


def tweedie(power: str) -> Callable[[Decimal, Decimal], Decimal]:
    def deviance(y: Decimal, d: Decimal) -> Decimal:
        one, two = 1 - Decimal(float(power)), 2 - Decimal(float(power))
        return 2 * (d**two / (one * two) - d * y**one / one + y**two / two)

    return deviance


@pytest.mark.parametrize("apart", [1e-14, 1e-9, 1e-6, 1e-3, 0.02, 0.1, 0.2, 0.28, 0.5, 0.9, -0.3])
@pytest.mark.parametrize("name", [*FORMULAS, *(f"tweedie:power={power}" for power in POWERS)])
def test_of_predictions_near_their_targets(name: str, apart: float) -> None:
    formula = FORMULAS.get(name) or tweedie(name.partition("=")[2])
    d = np.array([0.001, 0.7, 3.0, 1234.5, 6.02e8])
    y = d * (1.0 + apart)
    found = loss_of(name).per_sample(y[:, None], d[:, None])
    with localcontext(prec=80):
        expected = [float(formula(Decimal(a), Decimal(b))) for a, b in zip(y, d, strict=True)]
    assert found == pytest.approx(expected, rel=2e-14, abs=0)


@pytest.mark.parametrize(
    ("power", "y"), [(10, 1e-100), (9.5, 1e-300), (3, 5e-324), (-10, 1e60), (-1, 1e300)]
)
def test_of_a_prediction_that_is_its_target_though_powers_of_it_overflow(
    power: float, y: float
) -> None:
    values = np.array([[y], [1.0]])
    assert loss_of(f"tweedie:power={power}").per_sample(values, values).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("margin", [0.5, 3.0, 10.0, 20.0, 36.0, 40.0, 300.0])
def test_of_a_class_that_is_nearly_certain(margin: float) -> None:
    logits = np.array([[margin, 0.0, -1.0], [0.0, margin, 0.0], [margin, margin, 0.0]])
    bound = loss_of("ce", scale="logits")
    assert bound.formula.transform is not None
    found = bound.per_sample(bound.formula.transform(logits), np.eye(3)[[0, 1, 1]])
    with localcontext(prec=200):
        others = [[-margin, -1 - margin], [-margin, -margin], [0.0, -margin]]
        sums = [sum(Decimal(other).exp() for other in row) for row in others]
        expected = [float((1 + Decimal(total)).ln()) for total in sums]
    assert found == pytest.approx(expected, rel=1e-15, abs=0)


def test_of_a_direction_that_is_nearly_opposite() -> None:
    y, d = np.array([[1.0, 0.0]]), np.array([[-1.0, 1e-9]])
    gradient = loss_of("cosine").formula.gradient
    assert gradient is not None
    assert gradient(y, d)[0] == pytest.approx([0.0, -1e-9], rel=1e-12, abs=1e-24)


def test_of_a_deviance_beyond_float64() -> None:
    found = loss_of("tweedie:power=-1").per_sample(np.array([[1038.0]]), np.array([[2e205]]))
    assert found.tolist() == [np.inf]
