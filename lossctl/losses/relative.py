"""Losses by the error in proportion to what was to be predicted."""

from __future__ import annotations

from math import nextafter
from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.componentwise import componentwise, elementwise
from lossctl.losses.diagnoses import of_growth
from lossctl.losses.domain import Domain
from lossctl.losses.loss import NUMBERS, Formula, Loss
from lossctl.losses.peers import Peer
from lossctl.losses.regression import are_equal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np

_LEAST = 2.0**-52
"""No target counts as less than this, as scikit-learn has it."""
_HUGE = 1e300
"""From here on the sum of two numbers may be beyond float64."""
_GROWTH = Domain("number above -1", "above -1", lowest=nextafter(-1.0, 0.0), diagnosis=of_growth)


@componentwise
def msle(y: Array, d: Array) -> Array:
    """Squared logarithmic error: sum_j [ln(1 + y_j) - ln(1 + d_j)]^2, shape (n,).

    Domain: number above -1. Units: none. Source: least squares of ln(1 + x).
    """
    error = _growth(y, d)
    return error * error


def _growth(y: Array, d: Array) -> Array:
    """Return ln(1 + y) - ln(1 + d), of one logarithm where y is near d, lest they cancel."""
    apart: Array = (y - d) / (1.0 + d)
    one = np.log1p(np.clip(apart, -0.5, 0.5))
    return np.where(np.abs(apart) <= 0.5, one, np.log1p(y) - np.log1p(d))


@componentwise
def mape(y: Array, d: Array) -> Array:
    """Absolute percentage error, as a fraction: sum_j |y_j - d_j| / max(|d_j|, 2^-52), (n,).

    Domain: any real number. Units: none: 0.1 is 10%. Source: Makridakis, Int. J. Forecasting 9,
    1993.
    """
    _, y, d = _with_room(y, d)
    return np.abs(y - d) / np.maximum(np.abs(d), _LEAST)


@componentwise
def smape(y: Array, d: Array) -> Array:
    """Symmetric percentage error, as a fraction: sum_j 2 |y_j - d_j| / (|y_j| + |d_j|), (n,).

    A term is from 0 to 2, and 0 where both are 0.

    Domain: any real number. Units: none, from 0 to 2 a component. Source: Makridakis, Int. J.
    Forecasting 9, 1993.
    """
    _, y, d = _with_room(y, d)
    size = np.abs(y) + np.abs(d)
    return 2.0 * np.abs(y - d) / np.where(size > 0.0, size, 1.0)


def _with_room(y: Array, d: Array) -> tuple[Array, Array, Array]:
    """Return a share, and it of both: a quarter where a sum or a difference might overflow."""
    share = np.where(np.maximum(np.abs(y), np.abs(d)) < _HUGE, 1.0, 0.25)
    return share, share * y, share * d


@elementwise
def msle_gradient(y: Array, d: Array) -> Array:
    """2 [ln(1 + y_j) - ln(1 + d_j)] / (1 + y_j)."""
    gradient: Array = 2.0 * _growth(y, d) / (1.0 + y)
    return gradient


@elementwise
def mape_gradient(y: Array, d: Array) -> Array:
    """Sign of y_j - d_j by max(|d_j|, 2^-52); 0 where both are the same."""
    gradient: Array = np.sign(y - d) / np.maximum(np.abs(d), _LEAST)
    return gradient


@elementwise
def smape_gradient(y: Array, d: Array) -> Array:
    """2 (1 + sign y_j sign d_j) s |d_j| / (|y_j| + |d_j|)^2, where s is the sign of y_j - d_j.

    So it is 0 where the signs differ, and of y_j = 0, whose sign is 0, the middle of both sides.
    """
    share, y, d = _with_room(y, d)
    size = np.abs(y) + np.abs(d)
    safe = np.where(size > 0.0, size, 1.0)
    sides = 2.0 * (1.0 + np.sign(y) * np.sign(d)) * np.sign(y - d)
    gradient: Array = share * (sides * (np.abs(d) / safe) / safe)
    return gradient


def _have_kinks(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    """Return which samples have a prediction that is 0 or its target, shape (n,)."""
    found: NDArray[np.bool_] = ((predictions == targets) | (predictions == 0.0)).any(axis=1)
    return found


MSLE = Loss(
    name="msle",
    title="squared logarithmic error",
    family="relative",
    units="none",
    source="least squares of ln(1 + x)",
    scales={
        NUMBERS: Formula(
            "sum_j [ln(1 + y_j) - ln(1 + d_j)]^2",
            msle,
            gradient=msle_gradient,
            predictions=_GROWTH,
            targets=_GROWTH,
            words="sum of squared differences of ln(1 + x) over {components}",
            peers=(Peer("scikit-learn's mean_squared_log_error", mean=True),),
        )
    },
)
MAPE = Loss(
    name="mape",
    title="absolute percentage error",
    family="relative",
    units="none: 0.1 is 10%",
    source="Makridakis, Int. J. Forecasting 9, 1993",
    scales={
        NUMBERS: Formula(
            "sum_j |y_j - d_j| / max(|d_j|, 2^-52)",
            mape,
            gradient=mape_gradient,
            kinks=are_equal,
            words="sum of absolute differences, each by its target, over {components}",
            peers=(Peer("scikit-learn's mean_absolute_percentage_error", mean=True),),
        )
    },
)
SMAPE = Loss(
    name="smape",
    title="symmetric percentage error",
    family="relative",
    units="none, from 0 to 2 a component",
    source="Makridakis, Int. J. Forecasting 9, 1993",
    scales={
        NUMBERS: Formula(
            "sum_j 2 |y_j - d_j| / (|y_j| + |d_j|)",
            smape,
            gradient=smape_gradient,
            kinks=_have_kinks,
            words="sum of absolute differences, each by the mean of both sizes, over {components}",
        )
    },
)
