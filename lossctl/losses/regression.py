"""Losses of real numbers, by the error e_j = y_j - d_j."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.componentwise import FEW, componentwise, elementwise, left_to_right
from lossctl.losses.loss import NUMBERS, Formula, Loss, Parameter
from lossctl.losses.of_mean import OfMean
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np

_UNITS = "the targets'"
_SQUARED = "the targets', squared"
_LENGTH = 1e-9, 1e9
"""From what to what a parameter may be that parts small errors from large ones."""


def mae(predictions: Array, targets: Array) -> Array:
    """Absolute error: sum_j |y_j - d_j|, shape (n,), in the targets' units.

    Domain: any real number. Units: the targets'. Source: Laplace 1774, least absolute deviations.
    """
    if len(predictions) < FEW:
        terms = np.subtract(predictions, targets, order="C")
        return left_to_right(np.abs(terms, out=terms))
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.abs(term, out=term)
    return losses


def mse(predictions: Array, targets: Array) -> Array:
    """Half squared error: 1/2 sum_j (y_j - d_j)^2, shape (n,), in squared units.

    Domain: any real number. Units: the targets', squared. Source: Legendre 1805 and Gauss 1809,
    least squares.
    """
    if len(predictions) < FEW:
        terms = np.subtract(predictions, targets, order="C")
        return 0.5 * left_to_right(np.multiply(terms, terms, out=terms))
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.multiply(term, term, out=term)
    losses *= 0.5
    return losses


@componentwise
def huber(y: Array, d: Array, delta: float) -> Array:
    """Huber loss: sum_j of e_j^2 / 2 up to |e_j| = delta, then delta (|e_j| - delta / 2).

    Shape (n,), in squared units.

    Domain: any real number. Units: the targets', squared. Source: Huber, Ann. Math. Stat. 35, 1964.
    """
    half = np.abs(0.5 * y - 0.5 * d)  # the whole may be beyond float64, though its loss is not
    near = np.minimum(half, 0.5 * delta)
    return 4.0 * near * (half - 0.5 * near)


@componentwise
def smooth_l1(y: Array, d: Array, beta: float) -> Array:
    """Smooth L1: sum_j of e_j^2 / (2 beta) up to |e_j| = beta, then |e_j| - beta / 2.

    Shape (n,), in the targets' units.

    Domain: any real number. Units: the targets'. Source: Girshick, Fast R-CNN, 2015: the Huber loss
    divided by beta.
    """
    error = np.abs(y - d)
    near = np.minimum(error, beta)
    return near / beta * (error - 0.5 * near)


@componentwise
def log_cosh(y: Array, d: Array) -> Array:
    """Log-cosh: sum_j ln cosh e_j, shape (n,); about e_j^2 / 2 near 0 and |e_j| - ln 2 far away.

    Below 1 it is ln(1 + 2 sinh^2(e/2)), which keeps the digits of small errors; above, where cosh
    would overflow from 710 on, |e| + ln(1 + exp(-2|e|)) - ln 2.

    Domain: any real number. Units: the targets', squared where errors are small. Source: Green,
    IEEE Trans. Med. Imaging 9, 1990.
    """
    error = np.abs(y - d)
    sinh = np.sinh(0.5 * np.minimum(error, 1.0))
    far = error + np.log1p(np.exp(-2.0 * error)) - log(2.0)
    return np.where(error < 1.0, np.log1p(2.0 * sinh * sinh), far)


@componentwise
def quantile(y: Array, d: Array, alpha: float) -> Array:
    """Quantile (pinball) loss: sum_j of alpha (d_j - y_j), or (1 - alpha) (y_j - d_j) if y_j > d_j.

    Shape (n,), in the targets' units.

    Domain: any real number. Units: the targets'. Source: Koenker and Bassett, Econometrica 46,
    1978.
    """
    half = 0.5 * d - 0.5 * y  # the whole may be beyond float64, though a part of it is not
    return np.maximum(2.0 * alpha * half, (2.0 * alpha - 2.0) * half)


@elementwise
def mae_gradient(y: Array, d: Array) -> Array:
    """Sign of y_j - d_j; 0 where both are the same, the middle of its subgradients."""
    return np.sign(y - d)


def are_equal(predictions: Array, targets: Array, **_: float) -> NDArray[np.bool_]:
    """Return which samples have a prediction that is its target, shape (n,)."""
    found: NDArray[np.bool_] = (predictions == targets).any(axis=1)
    return found


@elementwise
def mse_gradient(y: Array, d: Array) -> Array:
    """y_j - d_j."""
    return y - d


@elementwise
def huber_gradient(y: Array, d: Array, delta: float) -> Array:
    """y_j - d_j, but from -delta to delta."""
    return np.clip(y - d, -delta, delta)


@elementwise
def smooth_l1_gradient(y: Array, d: Array, beta: float) -> Array:
    """(y_j - d_j) / beta, but from -1 to 1."""
    return np.clip((y - d) / beta, -1.0, 1.0)


@elementwise
def log_cosh_gradient(y: Array, d: Array) -> Array:
    """tanh(y_j - d_j)."""
    return np.tanh(y - d)


@elementwise
def quantile_gradient(y: Array, d: Array, alpha: float) -> Array:
    """1 - alpha where y_j > d_j, -alpha where y_j < d_j; 0 where both are the same."""
    error = y - d
    return np.where(error > 0.0, 1.0 - alpha, np.where(error < 0.0, -alpha, 0.0))


MAE = Loss(
    name="mae",
    title="absolute error",
    family="regression",
    units=_UNITS,
    source="Laplace 1774, least absolute deviations",
    scales={
        NUMBERS: Formula(
            "sum_j |y_j - d_j|",
            mae,
            gradient=mae_gradient,
            kinks=are_equal,
            words="sum of absolute differences over {components}",
            peers=(Peer("scikit-learn's mean_absolute_error", mean=True),),
        )
    },
)
MSE = Loss(
    name="mse",
    title="half squared error",
    family="regression",
    units=_SQUARED,
    source="Legendre 1805 and Gauss 1809, least squares",
    scales={
        NUMBERS: Formula(
            "1/2 sum_j (y_j - d_j)^2",
            mse,
            gradient=mse_gradient,
            words="1/2 sum of squares over {components}",
            peers=(Peer("scikit-learn's mean_squared_error", 2, mean=True),),
        )
    },
)


def _root_of_mean_square(half: float, k: int) -> float:
    """Return the root of the mean square of k components, by the mean half square of samples."""
    return sqrt(2.0 * half / k)


def _slope_of_root(half: float, k: int) -> float:
    """Return its derivative; 0 where all errors are 0, as there is none and nothing varies."""
    return 1.0 / (k * _root_of_mean_square(half, k)) if half else 0.0


RMSE = Loss(
    name="rmse",
    title="root mean squared error",
    family="regression",
    units=_UNITS,
    source="Gauss 1809, the mean error of observations",
    scales={
        NUMBERS: Formula(
            "sqrt(mean of 1/k sum_j (y_j - d_j)^2)",
            mse,
            gradient=mse_gradient,
            words="root of the mean square over samples and {components}; all else is that of mse",
            peers=(Peer("scikit-learn's root_mean_squared_error", components=1),),
        )
    },
    of_mean=OfMean(
        "mse",
        _root_of_mean_square,
        _slope_of_root,
        "divided by k Loss(W), or 0, the middle of its subgradients, where all errors are 0",
        kink=0.0,
    ),
)
HUBER = Loss(
    name="huber",
    title="Huber loss",
    family="regression",
    units=_SQUARED,
    source="Huber, Ann. Math. Stat. 35, 1964",
    parameters={"delta": Parameter(1.0, *_LENGTH, "errors beyond it count linearly")},
    scales={
        NUMBERS: Formula(
            "sum_j [e_j^2 / 2 if |e_j| <= delta, else delta (|e_j| - delta / 2)], e = y - d",
            huber,
            gradient=huber_gradient,
            words="sum of Huber losses, linear from {delta} on, over {components}",
            peers=(Peer("torch's huber_loss", mean=True),),
        )
    },
)
SMOOTH_L1 = Loss(
    name="smooth-l1",
    title="smooth L1 loss",
    family="regression",
    units=_UNITS,
    source="Girshick, Fast R-CNN, 2015: the Huber loss divided by beta",
    parameters={"beta": Parameter(1.0, *_LENGTH, "errors beyond it count linearly")},
    scales={
        NUMBERS: Formula(
            "sum_j [e_j^2 / (2 beta) if |e_j| <= beta, else |e_j| - beta / 2], e = y - d",
            smooth_l1,
            gradient=smooth_l1_gradient,
            words="sum of smooth absolute differences, linear from {beta} on, over {components}",
            peers=(Peer("torch's smooth_l1_loss", mean=True),),
        )
    },
)
LOG_COSH = Loss(
    name="log-cosh",
    title="log-cosh loss",
    family="regression",
    units="the targets', squared where errors are small",
    source="Green, IEEE Trans. Med. Imaging 9, 1990",
    scales={
        NUMBERS: Formula(
            "sum_j ln cosh(y_j - d_j)",
            log_cosh,
            gradient=log_cosh_gradient,
            words="sum of ln cosh of the differences over {components}",
            peers=(Peer("Keras' log_cosh", mean=True),),
        )
    },
)
QUANTILE = Loss(
    name="quantile",
    title="quantile (pinball) loss",
    family="regression",
    units=_UNITS,
    source="Koenker and Bassett, Econometrica 46, 1978",
    parameters={
        "alpha": Parameter(None, 0.0, 1.0, "the quantile that is predicted", example=0.9),
    },
    scales={
        NUMBERS: Formula(
            "sum_j max(alpha (d_j - y_j), (1 - alpha) (y_j - d_j))",
            quantile,
            gradient=quantile_gradient,
            kinks=are_equal,
            words="sum of pinball losses of the quantile {alpha} over {components}",
            peers=(Peer("scikit-learn's mean_pinball_loss", mean=True),),
        )
    },
)
