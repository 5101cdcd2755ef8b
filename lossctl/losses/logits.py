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

    The sum is 1, of the highest logit, and the others, so that the logarithm of a class that is
    nearly certain keeps its digits. Those of -inf are -inf; where all of a row are, its classes
    have none, which is NaN.
    """
    first = logits.argmax(axis=1)
    highest = logits[np.arange(len(logits)), first]
    shifted = np.empty(logits.shape, order="F")
    others, term = np.zeros((2, len(logits)))
    for column, (shift, y) in enumerate(zip(shifted.T, logits.T, strict=True)):
        np.subtract(y, highest, out=shift)
        np.exp(shift, out=term)
        others += np.multiply(term, first != column, out=term)
    shifted -= np.log1p(others)[:, None]
    return shifted


def sigmoid(y: Array) -> Array:
    """Return 1 / (1 + exp -y), of the shape of y, to the last digits on both sides."""
    small = np.exp(-np.abs(y))
    values: Array = np.where(y < 0.0, small, 1.0) / (1.0 + small)
    return values
