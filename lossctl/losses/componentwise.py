"""Losses that are a sum over the components, each term of one prediction and its target."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    import numpy as np
else:
    import lossctl.losses.numpy_when_used as np

FEW = 32
"""With fewer rows than this NumPy is called once for all columns rather than once for each."""


def componentwise(term: Callable[..., Array]) -> Callable[..., Array]:
    """Return the loss whose terms a function takes of arrays of any one shape, by elements.

    The terms of a sample are added from left to right, and `term` sees contiguous memory alone, so
    that the layout of predictions and targets, shape (n, k), cannot change a bit of the result,
    shape (n,).
    """

    @wraps(term)
    def per_sample(predictions: Array, targets: Array, **parameters: float) -> Array:
        if len(predictions) < FEW:
            y, d = (np.ascontiguousarray(values) for values in (predictions, targets))
            return left_to_right(term(y, d, **parameters))
        losses = np.zeros(len(predictions))
        for y, d in zip(predictions.T, targets.T, strict=True):
            losses += term(np.ascontiguousarray(y), np.ascontiguousarray(d), **parameters)
        return losses

    return per_sample


def elementwise(slope: Callable[..., Array]) -> Callable[..., Array]:
    """Return the gradient, (n, k), whose elements a function takes as `componentwise` does."""

    @wraps(slope)
    def gradient(predictions: Array, targets: Array, **parameters: float) -> Array:
        y, d = (np.ascontiguousarray(values) for values in (predictions, targets))
        return slope(y, d, **parameters)

    return gradient


def left_to_right(terms: Array) -> Array:
    """Return the sums of rows, added up in their order; what is 0 is +0.0."""
    sums: Array = np.add.accumulate(terms, axis=1)[:, -1] + 0.0
    return sums
