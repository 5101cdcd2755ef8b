"""Losses of real numbers: absolute and squared error."""

from __future__ import annotations

import numpy as np

from lossctl.base.arrays import Array
from lossctl.losses.loss import NUMBERS, Formula, Loss, Peer

_FEW = 32
"""With fewer rows than this NumPy is called once for all columns rather than once for each."""


def mae(predictions: Array, targets: Array) -> Array:
    """Absolute error: sum_j |y_j - d_j|, shape (n,), in the targets' units."""
    if len(predictions) < _FEW:
        terms = np.subtract(predictions, targets, order="C")
        return _left_to_right(np.abs(terms, out=terms))
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.abs(term, out=term)
    return losses


def mse(predictions: Array, targets: Array) -> Array:
    """Half squared error: 1/2 sum_j (y_j - d_j)^2, shape (n,), in squared units."""
    if len(predictions) < _FEW:
        terms = np.subtract(predictions, targets, order="C")
        return 0.5 * _left_to_right(np.multiply(terms, terms, out=terms))
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.multiply(term, term, out=term)
    losses *= 0.5
    return losses


def _left_to_right(terms: Array) -> Array:
    """Return the sums of rows, added up in their order, and overwrite the terms."""
    sums: Array = np.add.accumulate(terms, axis=1, out=terms)[:, -1].copy()
    return sums


MAE = Loss(
    name="mae",
    title="absolute error",
    family="regression",
    units="the targets'",
    source="Laplace 1774, least absolute deviations",
    scales={
        NUMBERS: Formula(
            "sum_j |y_j - d_j|",
            mae,
            words="sum of absolute differences over {components}",
            peers=(Peer("scikit-learn's mean_absolute_error", mean=True),),
        )
    },
)
MSE = Loss(
    name="mse",
    title="half squared error",
    family="regression",
    units="the targets', squared",
    source="Legendre 1805 and Gauss 1809, least squares",
    scales={
        NUMBERS: Formula(
            "1/2 sum_j (y_j - d_j)^2",
            mse,
            words="1/2 sum of squares over {components}",
            peers=(Peer("scikit-learn's mean_squared_error", 2, mean=True),),
        )
    },
)
