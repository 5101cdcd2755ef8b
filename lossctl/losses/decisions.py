"""Losses of decisions: of scores, the highest or positive ones of which decide for a class.

Of one component the target is 0 or 1, and the score decides by its sign; of several, exactly one
target is 1, that of the true class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.arrays import Array
from lossctl.losses.diagnoses import of_decisions
from lossctl.losses.domain import (
    DISTRIBUTION,
    LOG_PROBABILITY,
    LOGIT,
    PROBABILITY,
    REAL,
    Domain,
    Undefined,
)
from lossctl.losses.loss import SCORES, Formula, Loss
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np

DECIDED = Domain("0 or 1", "0 or 1", 0.0, 1.0, members=(0.0, 1.0), diagnosis=of_decisions)


def of_no_class(scores: Array, targets: Array) -> Undefined | None:
    """Return why a sample of several components is of no class."""
    ones = np.flatnonzero(targets == 1.0).tolist()
    if len(targets) == 1 or len(ones) == 1:
        return None
    hint = "exactly one target of a row is 1, that of its class"
    if not ones:
        return Undefined(True, "the row is of no class: none of its targets is 1", hint)
    told = f"the row is of {len(ones)} classes: {len(ones)} of its targets are 1"
    return Undefined(True, told, hint, column=ones[1])


def hinge(scores: Array, targets: Array) -> Array:
    """Hinge loss: max(0, 1 - margin), shape (n,), in the units of the scores.

    The margin of one score y is y, or -y where the target is 0; of several, the true class's less
    the highest other one (Crammer and Singer). NaN where not exactly one of several targets is 1.

    Domain: any real number; of targets 0 or 1. Units: the scores'. Source: Cortes and Vapnik,
    Machine Learning 20, 1995; Crammer and Singer, JMLR 2, 2001.
    """
    return np.maximum(1.0 - _margins(scores, targets), 0.0)


def squared_hinge(scores: Array, targets: Array) -> Array:
    """Squared hinge loss: max(0, 1 - margin)^2, shape (n,); the margin is that of `hinge`.

    Domain: any real number; of targets 0 or 1. Units: the scores', squared. Source: Lee and
    Mangasarian, Comput. Optim. Appl. 20, 2001.
    """
    losses: Array = hinge(scores, targets)
    return losses * losses


def _margins(scores: Array, targets: Array) -> Array:
    if scores.shape[1] == 1:
        margins: Array = scores[:, 0] * (2.0 * targets[:, 0] - 1.0)
        return margins
    return np.where(_are_decided(targets), _sides(scores, targets).margins, np.nan)


class _Sides(NamedTuple):
    """The scores of the true class and of others, of several classes."""

    margins: Array
    others: Array
    """The scores, those of the true class as -inf, (n, k)."""
    highest: NDArray[np.intp]
    """The first class that has the highest other score, (n,)."""


def _sides(scores: Array, targets: Array) -> _Sides:
    rows = np.arange(len(scores))
    others = np.where(targets == 1.0, -np.inf, scores)
    highest = others.argmax(axis=1)
    margins = scores[rows, targets.argmax(axis=1)] - others[rows, highest]
    return _Sides(margins, others, highest)


def _are_decided(targets: Array) -> NDArray[np.bool_]:
    """Return which rows have exactly one 1, shape (n,)."""
    ones = np.zeros(len(targets))
    for d in targets.T:
        ones += d == 1.0
    decided: NDArray[np.bool_] = ones == 1.0
    return decided


def hinge_gradient(scores: Array, targets: Array) -> Array:
    """-1 for the true class and 1 for the highest other one where the loss is above 0, else 0.

    Of one score it is 1 or -1 there. Of other scores that are as high the first one counts.
    """
    margins, slopes = _margins_and_slopes(scores, targets)
    return np.where(margins[:, None] < 1.0, slopes, 0.0)


def squared_hinge_gradient(scores: Array, targets: Array) -> Array:
    """Twice the hinge loss times its gradient."""
    margins, slopes = _margins_and_slopes(scores, targets)
    gradient: Array = 2.0 * np.maximum(1.0 - margins, 0.0)[:, None] * slopes
    return gradient


def _margins_and_slopes(scores: Array, targets: Array) -> tuple[Array, Array]:
    """Return the margins of samples with a class, and the gradient of minus them."""
    if scores.shape[1] == 1:
        return _margins(scores, targets), 1.0 - 2.0 * targets
    sides, slopes = _sides(scores, targets), -targets
    slopes[np.arange(len(scores)), sides.highest] += 1.0
    return sides.margins, slopes


def hinge_has_kinks(scores: Array, targets: Array) -> NDArray[np.bool_]:
    """Return which samples have a margin of 1, or two scores that are the highest other, (n,)."""
    margins, are_tied = _margins_and_ties(scores, targets)
    found: NDArray[np.bool_] = (margins == 1.0) | (margins < 1.0) & are_tied
    return found


def squared_hinge_has_kinks(scores: Array, targets: Array) -> NDArray[np.bool_]:
    """Return which samples with a loss have two scores that are the highest other one, (n,)."""
    margins, are_tied = _margins_and_ties(scores, targets)
    found: NDArray[np.bool_] = (margins < 1.0) & are_tied
    return found


def _margins_and_ties(scores: Array, targets: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the margins of samples with a class, and whether the highest other score is twice."""
    if scores.shape[1] == 1:
        return _margins(scores, targets), np.zeros(len(scores), np.bool_)
    margins, others, highest = _sides(scores, targets)
    rows = np.arange(len(scores))
    found = others[rows, highest]
    others[rows, highest] = -np.inf
    tied: NDArray[np.bool_] = others[rows, others.argmax(axis=1)] == found
    return margins, tied


def zero_one(probabilities: Array, targets: Array) -> Array:
    """Zero-one loss: 1 where another class is the most probable one, else 0; shape (n,).

    Of classes that are as probable the first one counts; of one event a probability above 1/2 says
    that it comes about. NaN where not exactly one of several targets is 1, and where all values are
    -inf, which leaves no class.

    Domain: probability; of targets 0 or 1. Units: none. Source: 1 - accuracy.
    """
    return _wrong(probabilities, targets, 0.5)


def zero_one_of_scores(scores: Array, targets: Array) -> Array:
    """Zero-one loss of scores, logits or log-probabilities, as `zero_one`; of one, 0 is 1/2.

    Domain: any real number, or -inf; of targets 0 or 1. Units: none. Source: 1 - accuracy.
    """
    return _wrong(scores, targets, 0.0)


def _wrong(values: Array, targets: Array, threshold: float) -> Array:
    if values.shape[1] == 1:
        of_event: NDArray[np.bool_] = (values[:, 0] > threshold) != (targets[:, 0] == 1.0)
        return of_event.astype(np.float64)
    wrong = values.argmax(axis=1) != targets.argmax(axis=1)
    some_class = values.max(axis=1) > -np.inf
    return np.where(_are_decided(targets) & some_class, wrong.astype(np.float64), np.nan)


HINGE = Loss(
    name="hinge",
    title="hinge loss",
    family="decisions",
    units="the scores'",
    source="Cortes and Vapnik, Machine Learning 20, 1995; Crammer and Singer, JMLR 2, 2001",
    scales={
        SCORES: Formula(
            "max(0, 1 - (y_true - max_(j not true) y_j)); of one score max(0, 1 - (2d - 1) y)",
            hinge,
            gradient=hinge_gradient,
            kinks=hinge_has_kinks,
            targets=DECIDED,
            one_class=True,
            words="1 less the margin of the true class, not below 0, over {components}",
            peers=(Peer("scikit-learn's hinge_loss", but_of=2),),
            undefined=of_no_class,
        )
    },
)
SQUARED_HINGE = Loss(
    name="squared-hinge",
    title="squared hinge loss",
    family="decisions",
    units="the scores', squared",
    source="Lee and Mangasarian, Comput. Optim. Appl. 20, 2001",
    scales={
        SCORES: Formula(
            "max(0, 1 - (y_true - max_(j not true) y_j))^2; of one score max(0, 1 - (2d - 1) y)^2",
            squared_hinge,
            gradient=squared_hinge_gradient,
            kinks=squared_hinge_has_kinks,
            targets=DECIDED,
            one_class=True,
            words="square of 1 less the margin of the true class, not below 0, over {components}",
            undefined=of_no_class,
        )
    },
)
_ZERO_ONE = Formula(
    "1 if argmax_j y_j is not the true class, else 0; of one probability, of y > 1/2",
    zero_one,
    predictions=PROBABILITY,
    targets=DECIDED,
    one_class=True,
    words="1 for each sample whose most probable class is another one, over {components}",
    peers=(Peer("scikit-learn's zero_one_loss"),),
    undefined=of_no_class,
)
_BY_SCORES = _ZERO_ONE._replace(
    text="1 if argmax_j y_j is not the true class, else 0; of one score, of y > 0",
    per_sample=zero_one_of_scores,
)
ZERO_ONE = Loss(
    name="zero-one",
    title="zero-one loss, the share of errors",
    family="decisions",
    units="none",
    source="1 - accuracy",
    scales={
        "probs": _ZERO_ONE,
        "logits": _BY_SCORES._replace(predictions=LOGIT),
        "log-probs": _BY_SCORES._replace(
            text="1 if argmax_j y_j is not the true class, else 0",
            predictions=LOG_PROBABILITY,
            targets=DISTRIBUTION,
        ),
        SCORES: _BY_SCORES._replace(predictions=REAL),
    },
)
