"""Losses of probabilities beside cross-entropy: of distributions over classes, and of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.classification import (
    EPS,
    EVENT,
    MOST_COMPONENTS,
    bce_guarded,
    ce_gradient,
    ce_guarded,
    ce_of_logits_gradient,
    nll_gradient,
)
from lossctl.losses.componentwise import componentwise, elementwise
from lossctl.losses.domain import DISTRIBUTION, LOG_PROBABILITY, LOGIT, PROBABILITY
from lossctl.losses.logits import log_softmax, sigmoid
from lossctl.losses.loss import Formula, Guard, Loss, Parameter
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np


_LEAST_KL = -1.0
"""Where sums are off 1 it is below 0 by at most 1/e of the sum of the predictions."""


@componentwise
def brier(y: Array, d: Array) -> Array:
    """Brier score: sum_j (y_j - d_j)^2, shape (n,); of one distribution from 0 to 2.

    Domain: probability. Units: none. Source: Brier, Monthly Weather Review 78, 1950.
    """
    error: Array = y - d
    return error * error


@componentwise
def kl(y: Array, d: Array) -> Array:
    """Kullback-Leibler divergence: sum_j d_j [ln d_j - ln(y_j + 1e-7)], shape (n,), in nats.

    It is the cross-entropy less the entropy of the targets, of which a target of 0 has no part. At
    its least it is -1e-7 for each class, where both sum to 1.

    Domain: probability distribution over k >= 2 classes. Units: nats. Source: Kullback and Leibler,
    Ann. Math. Stat. 22, 1951.
    """
    terms: Array = d * (_log_or_0(d) - np.log(y + EPS))
    return terms


@componentwise
def kl_of_log_probabilities(y: Array, d: Array) -> Array:
    """Kullback-Leibler divergence: sum_j d_j (ln d_j - y_j), shape (n,), in nats.

    Domain: log-probability of a distribution over k >= 2 classes; of targets probability
    distribution over k >= 2 classes. Units: nats. Source: Kullback and Leibler, Ann. Math. Stat.
    22, 1951.
    """
    terms: Array = d * (_log_or_0(d) - np.where(d > 0.0, y, 0.0))  # y may be -inf elsewhere
    return terms


def _log_or_0(d: Array) -> Array:
    """Return the logarithms of targets, 0 for those that are 0."""
    logs: Array = np.log(np.where(d > 0.0, d, 1.0))
    return logs


@componentwise
def focal(y: Array, d: Array, gamma: float) -> Array:
    """Focal loss of events, shape (n,): their binary cross-entropy, less of it where all is well.

    -sum_j [d_j (1 - y_j)^gamma ln(y_j + 1e-7) + (1 - d_j) y_j^gamma ln(1 - y_j + 1e-7)]; with a
    gamma of 0 it is `bce`.

    Domain: probability. Units: nats. Source: Lin, Goyal, Girshick, He and Dollar, ICCV 2017,
    without alpha.
    """
    no = 1.0 - y
    of_yes = np.power(np.maximum(no, 0.0), gamma) * np.log(y + EPS)  # y may be 1 + 5e-8
    of_no = np.power(y, gamma) * np.log(no + EPS)
    likelihood: Array = d * of_yes + (1.0 - d) * of_no
    return -likelihood


@componentwise
def focal_of_logits(y: Array, d: Array, gamma: float) -> Array:
    """Focal loss of events by their logits, shape (n,), with p = 1 / (1 + exp -y); no 1e-7 needed.

    -ln p and -ln(1 - p) are softplus(-y) and softplus(y), and powers of p their exponentials. A
    logit of -inf says that an event cannot be, and costs nothing where it is not.

    Domain: any real number, or -inf; of targets probability. Units: nats. Source: Lin, Goyal,
    Girshick, He and Dollar, ICCV 2017, without alpha.
    """
    no, yes = _softplus(y), _softplus(-y)
    of_yes = np.exp(-gamma * no) * yes
    of_no = np.exp(-gamma * np.where(yes < np.inf, yes, 1e300)) * no
    return np.where(d > 0.0, d * of_yes, 0.0) + (1.0 - d) * of_no


def _softplus(y: Array) -> Array:
    """Return ln(1 + exp y)."""
    values: Array = np.maximum(y, 0.0) + np.log1p(np.exp(-np.abs(y)))
    return values


@elementwise
def brier_gradient(y: Array, d: Array) -> Array:
    """2 (y_j - d_j)."""
    return 2.0 * (y - d)


@elementwise
def focal_gradient(y: Array, d: Array, gamma: float) -> Array:
    """The derivative of `focal` by y_j, 0 where it is infinite, at 0 and 1 with a gamma below 1.

    d_j [g (1 - y_j)^(g-1) ln(y_j + 1e-7) - (1 - y_j)^g / (y_j + 1e-7)], less the same of 1 - y_j
    and 1 - d_j.
    """
    no = np.maximum(1.0 - y, 0.0)
    of_yes = np.where(d > 0.0, d * _slope(y, no, gamma), 0.0)
    gradient: Array = of_yes - np.where(d < 1.0, (1.0 - d) * _slope(no, y, gamma), 0.0)
    return gradient


def _slope(y: Array, no: Array, gamma: float) -> Array:
    """Return the derivative of -(1 - y)^gamma ln(y + 1e-7), where 1 - y is `no`.

    With a gamma below 1 its second term is infinite where y is 1, and counts as 0.
    """
    slope: Array = -np.power(no, gamma) / (y + EPS)
    if gamma:
        power = np.where(no > 0.0, np.power(np.where(no > 0.0, no, 1.0), gamma - 1.0), gamma == 1.0)
        slope = slope + gamma * power * np.log(y + EPS)
    return slope


def focal_has_kinks(predictions: Array, targets: Array, gamma: float) -> NDArray[np.bool_]:
    """Return which samples have a slope that is infinite, and counts as 0, (n,): see `_slope`."""
    if not 0.0 < gamma < 1.0:
        return np.zeros(len(predictions), np.bool_)
    certain = ((predictions >= 1.0) & (targets > 0.0)) | ((predictions <= 0.0) & (targets < 1.0))
    found: NDArray[np.bool_] = np.any(certain, axis=1)
    return found


@elementwise
def focal_of_logits_gradient(y: Array, d: Array, gamma: float) -> Array:
    """p_j^g [g (1 - p_j) softplus(y_j) + p_j] where d_j is 0, less the same of -y_j where it is 1.

    p_j is 1 / (1 + exp -y_j).
    """
    gradient: Array = (1.0 - d) * _slope_of_logit(y, gamma) - d * _slope_of_logit(-y, gamma)
    return gradient


def _slope_of_logit(y: Array, gamma: float) -> Array:
    """Return the derivative of p^gamma softplus(y); of -inf it is 0."""
    p = sigmoid(y)
    finite = np.clip(y, -1e300, 1e300)
    slope: Array = np.exp(-gamma * _softplus(-finite)) * (
        gamma * sigmoid(-y) * _softplus(finite) + p
    )
    return slope


BRIER = Loss(
    name="brier",
    title="Brier score",
    family="probabilities",
    units="none",
    source="Brier, Monthly Weather Review 78, 1950",
    scales={
        "probs": Formula(
            "sum_j (y_j - d_j)^2",
            brier,
            gradient=brier_gradient,
            predictions=PROBABILITY,
            targets=PROBABILITY,
            words="sum of squared differences over {components}",
            peers=(
                Peer("scikit-learn's brier_score_loss", mean=True, components=2),
                Peer("scikit-learn's brier_score_loss"),
            ),
        )
    },
)
KL = Loss(
    name="kl",
    title="Kullback-Leibler divergence",
    family="probabilities",
    units="nats",
    source="Kullback and Leibler, Ann. Math. Stat. 22, 1951",
    scales={
        "probs": Formula(
            "sum_j d_j [ln d_j - ln(y_j + 1e-7)]",
            kl,
            gradient=ce_gradient,
            predictions=DISTRIBUTION,
            targets=DISTRIBUTION,
            guard=Guard(EPS, ce_guarded),
            least=_LEAST_KL,
            true_class_only=True,
            words="sum of d [ln d - ln(p + 1e-7)] over {classes}, in nats",
        ),
        "logits": Formula(
            "sum_j d_j [ln d_j - y_j + ln sum_i exp y_i]",
            kl_of_log_probabilities,
            gradient=ce_of_logits_gradient,
            predictions=LOGIT,
            targets=DISTRIBUTION,
            transform=log_softmax,
            least=_LEAST_KL,
            true_class_only=True,
            words="sum of d [ln d - ln(softmax)] over {classes}, in nats",
        ),
        "log-probs": Formula(
            "sum_j d_j (ln d_j - y_j)",
            kl_of_log_probabilities,
            gradient=nll_gradient,
            predictions=LOG_PROBABILITY,
            targets=DISTRIBUTION,
            least=_LEAST_KL,
            true_class_only=True,
            words="sum of d (ln d less the log-probability) over {classes}, in nats",
            peers=(Peer("torch's kl_div of batchmean"),),
        ),
    },
)
FOCAL = Loss(
    name="focal",
    title="focal loss of events",
    family="probabilities",
    units="nats",
    source="Lin, Goyal, Girshick, He and Dollar, ICCV 2017, without alpha",
    parameters={"gamma": Parameter(2.0, 0.0, 100.0, "how much less what is nearly right counts")},
    scales={
        "probs": Formula(
            "-sum_j [d_j (1 - y_j)^gamma ln(y_j + 1e-7) + (1 - d_j) y_j^gamma ln(1 - y_j + 1e-7)]",
            focal,
            gradient=focal_gradient,
            kinks=focal_has_kinks,
            predictions=EVENT,
            targets=EVENT,
            guard=Guard(EPS, bce_guarded),
            least=-EPS * MOST_COMPONENTS,
            words="sum of focal losses of gamma {gamma} over {components}, in nats",
        ),
        "logits": Formula(
            "sum_j [d_j (1 - p_j)^gamma softplus(-y_j) + (1 - d_j) p_j^gamma softplus(y_j)]",
            focal_of_logits,
            gradient=focal_of_logits_gradient,
            predictions=LOGIT,
            targets=EVENT,
            words="sum of focal losses of gamma {gamma} over {components}, in nats",
            peers=(Peer("torchvision's sigmoid_focal_loss of alpha -1", mean=True),),
        ),
    },
)
