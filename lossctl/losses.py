"""The losses: per-sample div(y, d) for predictions y and targets d.

Every function takes float64 arrays of shape (n, k) and returns the n per-sample losses. Components
are added left to right and each log and exp runs on contiguous memory, so that the layout of the
input cannot change a bit of the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPS = 1e-7
"""Added inside each log; the largest cross-entropy of one true class is -ln(1e-7) = 16.118."""


def mae(predictions: Array, targets: Array) -> Array:
    """Absolute error: sum_j |y_j - d_j|, shape (n,), in the targets' units."""
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.abs(term, out=term)
    return losses


def mse(predictions: Array, targets: Array) -> Array:
    """Half squared error: 1/2 sum_j (y_j - d_j)^2, shape (n,), in squared units."""
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        np.subtract(y, d, out=term)
        losses += np.multiply(term, term, out=term)
    losses *= 0.5
    return losses


def ce(predictions: Array, targets: Array) -> Array:
    """Cross-entropy: -sum_j d_j ln(y_j + 1e-7), shape (n,), in nats; -1e-7 at its least."""
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        _log(y, term)
        losses -= np.multiply(d, term, out=term)
    return losses


def _log(probabilities: Array, out: Array) -> None:
    """Write ln(y + 1e-7) to `out`."""
    np.add(probabilities, EPS, out=out)
    np.log(out, out=out)


def log_softmax(logits: Array) -> Array:
    """Log-probabilities of logits: y_j - max(y) - ln sum_i exp(y_i - max(y)), shape (n, k)."""
    highest = logits.max(axis=1)
    shifted = np.empty(logits.shape, order="F")
    total = np.zeros(len(logits))
    for shift, y in zip(shifted.T, logits.T, strict=True):
        np.subtract(y, highest, out=shift)
        total += np.exp(shift)
    shifted -= np.log(total)[:, None]
    return shifted


def nll(log_probabilities: Array, targets: Array) -> Array:
    """Cross-entropy of log-probabilities: -sum_j d_j y_j, shape (n,), in nats; no 1e-7 needed."""
    losses, term = np.zeros((2, len(log_probabilities)))
    for y, d in zip(log_probabilities.T, targets.T, strict=True):
        term.fill(0.0)
        losses -= np.multiply(d, y, out=term, where=d != 0)  # y may be -inf elsewhere
    return losses


def bce(predictions: Array, targets: Array) -> Array:
    """Binary cross-entropy, shape (n,), in nats.

    -sum_j [ d_j ln(y_j + 1e-7) + (1 - d_j) ln(1 - y_j + 1e-7) ]
    """
    losses, term, other = np.zeros((3, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        _log(y, term)
        term *= d
        _log(np.subtract(1.0, y, out=other), other)
        other *= 1.0 - d
        losses -= np.add(term, other, out=term)
    return losses


def _ce_guarded(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    guarded = np.zeros(len(predictions), np.bool_)
    for y, d in zip(predictions.T, targets.T, strict=True):
        guarded |= (y < EPS) & (d > 0)
    return guarded


def _bce_guarded(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    guarded = np.zeros(len(predictions), np.bool_)
    for y, d in zip(predictions.T, targets.T, strict=True):
        guarded |= (y < EPS) & (d > 0) | (1.0 - y < EPS) & (1.0 - d > 0)
    return guarded


class Loss(NamedTuple):
    """One entry of the table of losses."""

    title: str
    formula: str
    per_sample: Callable[[Array, Array], Array]
    guarded: Callable[[Array, Array], NDArray[np.bool_]] | None = None
    """Which samples have a loss that the added 1e-7 decides rather than the probability."""
    true_class_only: bool = False
    """A component whose target is 0 adds nothing, so that for a label its class is enough."""
    highest: float | None = None
    """Predictions and targets are probabilities, and no prediction is above this; None: any number.

    A little above 1, since low precision leaves such values, but where the formula has no value."""
    distributions: bool = False
    """Each row of predictions and targets is a probability distribution over k >= 2 classes."""
    predictions_are: str = "probs"
    """What predictions of probabilities are given as, one of `SCALES`."""
    before: Callable[[Array], Array] | None = None
    """Makes of the predictions, shape (n, k), what the loss is taken of."""


LOSSES: dict[str, Loss] = {
    "mae": Loss("absolute error", "sum_j |y_j - d_j|", mae),
    "mse": Loss("half squared error", "1/2 sum_j (y_j - d_j)^2", mse),
    "ce": Loss(
        "cross-entropy",
        "-sum_j d_j ln(y_j + 1e-7)",
        ce,
        guarded=_ce_guarded,
        true_class_only=True,
        highest=1.0 + 1e-6,
        distributions=True,
    ),
    "bce": Loss(
        "binary cross-entropy",
        "-sum_j [d_j ln(y_j + 1e-7) + (1 - d_j) ln(1 - y_j + 1e-7)]",
        bce,
        guarded=_bce_guarded,
        highest=1.0 + EPS / 2,
    ),
}

SCALES = {"probs": "probabilities", "logits": "logits", "log-probs": "log-probabilities"}
"""What predictions of probabilities may be given as."""
_NLL = LOSSES["ce"]._replace(formula="-sum_j d_j y_j", per_sample=nll, guarded=None)
_GIVEN_AS: dict[tuple[str, str], Loss] = {
    ("ce", "logits"): _NLL._replace(
        formula="-sum_j d_j (y_j - ln sum_i exp y_i)", predictions_are="logits", before=log_softmax
    ),
    ("ce", "log-probs"): _NLL._replace(predictions_are="log-probs"),
}


def loss_of(name: str, predictions_are: str) -> Loss:
    """Return the loss of this name for predictions on this scale; raise KeyError if there is none.

    On "probs", which every loss has, predictions are taken as they are.
    """
    return LOSSES[name] if predictions_are == "probs" else _GIVEN_AS[name, predictions_are]
