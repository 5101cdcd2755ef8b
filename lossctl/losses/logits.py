"""What logits are the logits of: log-probabilities of classes, probabilities of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    import numpy as np
else:
    import lossctl.losses.numpy_when_used as np


def log_softmax(logits: Array) -> Array:
    """Log-probabilities of logits: y_j - max(y) - ln sum_i exp(y_i - max(y)), shape (n, k).

    Those of -inf are -inf; where all of a row are, its classes have none, which is NaN.
    """
    highest = logits.max(axis=1)
    shifted = np.empty(logits.shape, order="F")
    total = np.zeros(len(logits))
    for shift, y in zip(shifted.T, logits.T, strict=True):
        np.subtract(y, highest, out=shift)
        total += np.exp(shift)
    shifted -= np.log(total)[:, None]
    return shifted


def sigmoid(y: Array) -> Array:
    """Return 1 / (1 + exp -y), of the shape of y, to the last digits on both sides."""
    small = np.exp(-np.abs(y))
    values: Array = np.where(y < 0.0, small, 1.0) / (1.0 + small)
    return values
