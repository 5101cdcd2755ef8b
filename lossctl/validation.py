"""What a value must satisfy before a loss may be taken of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import UsageError
from lossctl.losses import Loss
from lossctl.tables.block import Block

ROUNDING = 1e-12
"""What adding up a row may itself be off by, so that a bound admits the sums that are on it."""
LARGEST_LOG = 1e-6
"""The highest log-probability: a little above 0, as low precision leaves it."""
NARROW = 1 << 12
"""Of fewer columns the order of addition does not move a sum by ROUNDING."""
SILENT_SUM = 1e-3
"""How far from 1 a row's sum may be without a word."""


def default_sum_tolerance(width: int) -> float:
    """Return how far from 1 the sum of a row of `width` probabilities may be.

    Rounding to two decimals moves each by up to 0.005.
    """
    return min(0.05, max(1e-2, 0.005 * width))


class Rules(NamedTuple):
    """What the losses that were asked for demand of predictions and targets."""

    highest: float | None
    """The highest value a probability may have; None: the values need be none."""
    distributions: bool
    """Each row must be a probability distribution."""
    sum_tolerance: float
    scale: str
    """What the predictions of probabilities are given as."""

    @classmethod
    def of(cls, losses: Iterable[Loss], sum_tolerance: float | None, width: int) -> Rules:
        """Return the rules for rows of `width` values; raise UsageError for an absurd tolerance."""
        if sum_tolerance is None:
            sum_tolerance = default_sum_tolerance(width)
        if not 0.0 <= sum_tolerance < float("inf"):
            raise UsageError(f"--sum-tolerance {sum_tolerance}: a number from 0 on")
        found = tuple(losses)
        highest = min((loss.highest for loss in found if loss.highest is not None), default=None)
        distributions = any(loss.distributions for loss in found)
        return cls(highest, distributions, sum_tolerance, found[0].predictions_are)


def check(predictions: Block, targets: Block | None, rules: Rules) -> int:
    """Raise DataError at the first row that breaks the rules; return how many sums were rough.

    `targets` is None where they are classes, and so are as they must be.
    """
    if rules.highest is None:
        return 0
    rough = 0
    if rules.scale == "probs":
        rough += _check_probabilities(predictions, rules)
    elif rules.scale == "log-probs":
        rough += _check_log_probabilities(predictions, rules)
    return rough if targets is None else rough + _check_probabilities(targets, rules)


def _check_probabilities(block: Block, rules: Rules) -> int:
    _check_range(block, 0.0, rules.highest or 1.0, "a probability")
    return _check_sums(block, block.values, rules.sum_tolerance) if rules.distributions else 0


def _check_log_probabilities(block: Block, rules: Rules) -> int:
    _check_range(block, -np.inf, LARGEST_LOG, "a log-probability")
    return _check_sums(block, np.exp(block.values), rules.sum_tolerance)


def check_labels(targets: Block, classes: int) -> None:
    """Raise DataError at the first label that is not the index of one of so many classes."""
    labels = targets.values[:, 0]
    bad = (labels != np.floor(labels)) | (labels < 0) | (labels >= classes)
    if bad.any():
        row = int(np.argmax(bad))
        raise targets.place.error(
            row,
            0,
            f"{labels[row]:g} is not one of the class indices 0 to {classes - 1}",
            "labels count from 0: do these count from 1?" if labels[row] == classes else None,
        )


def _check_range(block: Block, lowest: float, highest: float, what: str) -> None:
    values = block.values
    if values.min() >= lowest and values.max() <= highest:  # neither holds of NaN
        return
    row, column = np.argwhere(~((values >= lowest) & (values <= highest)))[0].tolist()
    raise block.place.error(
        row,
        column,
        f"{float(values[row, column])!r} is not {what}",
        (_log_diagnosis if lowest < 0 else _diagnosis)(values[row]),
    )


def _log_diagnosis(values: Array) -> str:
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1 + ROUNDING:
        return "these look like probabilities: leave --from log-probs out"
    return f"values from {low:.3g} to {high:.3g}: if these are logits, pass --from logits"


def _diagnosis(values: Array) -> str:
    """Return what the values of a row look like that are not all probabilities.

    Only the row is looked at, so that the size of the blocks does not change a message.
    """
    low, high = float(values.min()), float(values.max())
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(values.sum())
    if low >= -0.01 and high <= 1.01:
        return "it lies just outside 0 to 1: was it rounded, or computed in low precision?"
    seen = f"values from {low:.3g} to {high:.3g}"
    with np.errstate(over="ignore"):
        exponentials = float(np.exp(values).sum())
    if high <= LARGEST_LOG and abs(exponentials - 1) < 0.05:
        seen += ", whose exponentials sum to 1"
        return f"{seen}: these look like log-probabilities; pass --from log-probs"
    if len(values) == 1:
        return f"a value of {low:.3g}: this looks like a logit; take its sigmoid"
    if abs(total - 1) >= 0.05:
        seen += f", which sum to {total:.4g}, not to 1"
    if low >= 0 and abs(total - 100) < 5:
        return f"{seen}: these look like percentages; divide them by 100"
    if low >= 0 and np.array_equal(values, np.floor(values)):
        return f"{seen}: these look like counts or labels; are the files swapped? Predictions first"
    return f"{seen}: these look like logits; pass --from logits with ce, or take their softmax"


def _check_sums(block: Block, probabilities: Array, tolerance: float) -> int:
    """Raise DataError for a row far off 1; return how many are further off than SILENT_SUM."""
    if probabilities.shape[1] < NARROW:
        near = np.abs(np.einsum("nj->n", probabilities) - 1.0).max()
        if near <= min(SILENT_SUM, tolerance):
            return 0
    sums = np.zeros(len(probabilities))
    for column in probabilities.T:
        sums += column
    off = np.abs(sums - 1.0)
    bad = ~(off <= tolerance + ROUNDING)
    if bad.any():
        row = int(np.argmax(bad))
        raise block.place.error(
            row,
            None,
            f"the probabilities of the row sum to {float(sums[row]):.6g}, not to 1",
            f"the tolerance is {tolerance:g}; lossctl never renormalises: mend the file, "
            "or pass --sum-tolerance X",
        )
    return int(np.count_nonzero(off > SILENT_SUM + ROUNDING))
