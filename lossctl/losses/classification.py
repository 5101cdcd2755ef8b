"""Losses of probabilities: cross-entropy, of classes and of single events."""

from __future__ import annotations

from math import exp, inf
from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.componentwise import elementwise
from lossctl.losses.domain import (
    DISTRIBUTION,
    LOG_PROBABILITY,
    LOGIT,
    LOW_PRECISION,
    PROBABILITY,
)
from lossctl.losses.logits import log_softmax, sigmoid
from lossctl.losses.loss import Formula, Guard, Loss
from lossctl.losses.of_mean import OfMean
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np


EPS = 1e-7
"""This is added inside each log, so that one true class costs at most -ln(1e-7) = 16.118."""
MOST_COMPONENTS = 1e6
"""Of the perfect ones of so many each has a loss of -1e-7."""
_LEAST = 2.0 * (EPS + LOW_PRECISION)
"""A probability may be so little above 1, where targets sum to less than 2."""
_SKLEARN = Peer("scikit-learn's log_loss", highest=36.04365338911715, of_float32=15.942385152878742)
"""-ln(2^-52) and -ln(2^-23): it takes no float64, and no float32, to be below that."""


def ce(predictions: Array, targets: Array) -> Array:
    """Cross-entropy: -sum_j d_j ln(y_j + 1e-7), shape (n,), in nats; -1e-7 of a y_j of 1.

    Domain: probability distribution over k >= 2 classes. Units: nats. Source: the log-likelihood of
    a categorical distribution; Good, J. R. Stat. Soc. B 14, 1952.
    """
    losses, term = np.zeros((2, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        _log(y, term)
        losses -= np.multiply(d, term, out=term)
    return losses


def _log(probabilities: Array, out: Array) -> None:
    """Write ln(y + 1e-7) to `out`."""
    np.add(probabilities, EPS, out=out)
    np.log(out, out=out)


def nll(log_probabilities: Array, targets: Array) -> Array:
    """Cross-entropy of log-probabilities: -sum_j d_j y_j, shape (n,), in nats; no 1e-7 needed.

    Domain: log-probability of a distribution over k >= 2 classes; of targets probability
    distribution over k >= 2 classes. Units: nats. Source: the log-likelihood of a categorical
    distribution; Good, J. R. Stat. Soc. B 14, 1952.
    """
    losses, term = np.zeros((2, len(log_probabilities)))
    for y, d in zip(log_probabilities.T, targets.T, strict=True):
        term.fill(0.0)
        losses -= np.multiply(d, y, out=term, where=d != 0)  # y may be -inf elsewhere
    return losses


def bce(predictions: Array, targets: Array) -> Array:
    """Binary cross-entropy, shape (n,), in nats.

    -sum_j [ d_j ln(y_j + 1e-7) + (1 - d_j) ln(1 - y_j + 1e-7) ]

    Domain: probability. Units: nats. Source: the log-likelihood of k Bernoulli distributions; Cox,
    J. R. Stat. Soc. B 20, 1958.
    """
    losses, term, other = np.zeros((3, len(predictions)))
    for y, d in zip(predictions.T, targets.T, strict=True):
        _log(y, term)
        term *= d
        _log(np.subtract(1.0, y, out=other), other)
        other *= 1.0 - d
        losses -= np.add(term, other, out=term)
    return losses


def bce_of_logits(logits: Array, targets: Array) -> Array:
    """Binary cross-entropy of logits, shape (n,), in nats; no 1e-7 needed.

    sum_j [ softplus(y_j) - d_j y_j ], as |y_j| of what the target is not, plus ln(1 + e^-|y_j|):
    no term is below 0, so that nothing cancels.

    Domain: any real number, or -inf; of targets probability. Units: nats. Source: the
    log-likelihood of k Bernoulli distributions; Cox, J. R. Stat. Soc. B 20, 1958.
    """
    losses, term, other = np.zeros((3, len(logits)))
    for y, d in zip(logits.T, targets.T, strict=True):
        np.abs(y, out=term)
        np.exp(np.negative(term, out=term), out=term)
        losses += np.log1p(term, out=term)
        np.maximum(y, 0.0, out=term)
        losses += np.multiply(term, np.subtract(1.0, d, out=other), out=term)
        np.multiply(np.negative(y, out=term), d, out=term)  # NaN where y is -inf and d is 0
        losses += np.fmax(term, 0.0, out=term)  # which fmax takes for nothing
    return losses


@elementwise
def ce_gradient(y: Array, d: Array) -> Array:
    """-d_j / (y_j + 1e-7)."""
    return -d / (y + EPS)


def ce_of_logits_gradient(logits: Array, targets: Array) -> Array:
    """Softmax_j sum_i d_i - d_j, shape (n, k).

    It is softmax_j (sum of the other d_i) - d_j (sum of the other softmax_i), which keeps the
    digits of what is nearly certain.
    """
    with np.errstate(under="ignore"):
        p = np.exp(log_softmax(logits))
        gradient: Array = p * _of_others(targets) - targets * _of_others(p)
    return gradient


def _of_others(values: Array) -> Array:
    """Return the sum of the other values of each row, (n, k), those before it and those behind."""
    sums = np.zeros(values.shape, order="F")
    before, behind = np.zeros((2, len(values)))
    k = values.shape[1]
    for column in range(k):
        sums[:, column] += before
        sums[:, k - 1 - column] += behind
        before += values[:, column]
        behind += values[:, k - 1 - column]
    return sums


@elementwise
def nll_gradient(y: Array, d: Array) -> Array:
    """-d_j."""
    return -d


@elementwise
def bce_gradient(y: Array, d: Array) -> Array:
    """(1 - d_j) / (1 - y_j + 1e-7) - d_j / (y_j + 1e-7)."""
    return (1.0 - d) / (1.0 - y + EPS) - d / (y + EPS)


@elementwise
def bce_of_logits_gradient(y: Array, d: Array) -> Array:
    """p_j - d_j, where p_j is 1 / (1 + exp -y_j): (1 - d_j) p_j - d_j (1 - p_j)."""
    gradient: Array = (1.0 - d) * sigmoid(y) - d * sigmoid(-y)
    return gradient


def ce_guarded(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    """Return the samples whose loss the 1e-7 decides, as a probability in use is below it, (n,)."""
    guarded = np.zeros(len(predictions), np.bool_)
    for y, d in zip(predictions.T, targets.T, strict=True):
        guarded |= (y < EPS) & (d > 0)
    return guarded


def bce_guarded(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    """Return the samples with an event whose loss the 1e-7 decides, shape (n,)."""
    guarded = np.zeros(len(predictions), np.bool_)
    for y, d in zip(predictions.T, targets.T, strict=True):
        guarded |= (y < EPS) & (d > 0) | (1.0 - y < EPS) & (1.0 - d > 0)
    return guarded


CE = Loss(
    name="ce",
    title="cross-entropy",
    family="classification",
    units="nats",
    source="the log-likelihood of a categorical distribution; Good, J. R. Stat. Soc. B 14, 1952",
    scales={
        "probs": Formula(
            text="-sum_j d_j ln(y_j + 1e-7)",
            per_sample=ce,
            gradient=ce_gradient,
            predictions=DISTRIBUTION,
            targets=DISTRIBUTION,
            guard=Guard(EPS, ce_guarded),
            least=-_LEAST,
            true_class_only=True,
            of_shares=True,
            words="-sum of d ln(p + 1e-7) over {classes}, in nats",
            peers=(_SKLEARN,),
        ),
        "logits": Formula(
            text="-sum_j d_j (y_j - ln sum_i exp y_i)",
            per_sample=nll,
            gradient=ce_of_logits_gradient,
            predictions=LOGIT,
            targets=DISTRIBUTION,
            transform=log_softmax,
            true_class_only=True,
            of_shares=True,
            words="-sum of d ln(softmax) over {classes}, in nats",
            peers=(Peer("torch's cross_entropy"),),
        ),
        "log-probs": Formula(
            text="-sum_j d_j y_j",
            per_sample=nll,
            gradient=nll_gradient,
            predictions=LOG_PROBABILITY,
            targets=DISTRIBUTION,
            least=-_LEAST,
            true_class_only=True,
            of_shares=True,
            words="-sum of d times the log-probability over {classes}, in nats",
            peers=(Peer("torch's nll_loss"),),
        ),
    },
)


def _exponential(mean: float, k: int) -> float:
    """Return e to the power of a mean, infinite beyond float64."""
    try:
        return exp(mean)
    except OverflowError:
        return inf


PERPLEXITY = Loss(
    name="perplexity",
    title="perplexity",
    family="classification",
    units="classes that are as likely as one another",
    source="Jelinek, Mercer, Bahl and Baker, J. Acoust. Soc. Am. 62, 1977",
    scales={
        scale: formula._replace(
            text=f"exp(mean of {formula.text})",
            words=f"exp of the mean {formula.words}; all else is that of ce",
            peers=(),
            of_shares=False,
        )
        for scale, formula in CE.scales.items()
    },
    of_mean=OfMean("ce", _exponential, _exponential, "multiplied by Loss(W)"),
)

EVENT = PROBABILITY._replace(highest=1.0 + EPS / 2)
"""The formula rounds the 1e-7 in it, so that it has no value for all that is below 1 + 1e-7."""

BCE = Loss(
    name="bce",
    title="binary cross-entropy",
    family="classification",
    units="nats",
    source="the log-likelihood of k Bernoulli distributions; Cox, J. R. Stat. Soc. B 20, 1958",
    scales={
        "probs": Formula(
            text="-sum_j [d_j ln(y_j + 1e-7) + (1 - d_j) ln(1 - y_j + 1e-7)]",
            per_sample=bce,
            gradient=bce_gradient,
            predictions=EVENT,
            targets=EVENT,
            guard=Guard(EPS, bce_guarded),
            least=-EPS * MOST_COMPONENTS,
            of_shares=True,
            words="-sum of [d ln(p + 1e-7) + (1 - d) ln(1 - p + 1e-7)] over {components}, in nats",
            peers=(
                _SKLEARN._replace(components=1),
                Peer("torch's binary_cross_entropy", mean=True, highest=100.0),
            ),
        ),
        "logits": Formula(
            text="sum_j [softplus(y_j) - d_j y_j]",
            per_sample=bce_of_logits,
            gradient=bce_of_logits_gradient,
            predictions=LOGIT,
            targets=EVENT,
            of_shares=True,
            words="sum of [softplus(y) - d y] over {components}, in nats",
            peers=(Peer("torch's binary_cross_entropy_with_logits", mean=True),),
        ),
    },
)
