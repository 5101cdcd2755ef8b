"""What a value must satisfy before a loss may be taken of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lossctl.errors import UsageError
from lossctl.losses import LOSSES, Array
from lossctl.tables.table import Block

ROUNDING = 1e-12
"""What adding up a row may itself be off by, so that a bound admits the sums that are on it."""
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

    @classmethod
    def of(cls, losses: tuple[str, ...], sum_tolerance: float | None, width: int) -> Rules:
        """Return the rules for rows of `width` values; raise UsageError for an absurd tolerance."""
        if sum_tolerance is None:
            sum_tolerance = default_sum_tolerance(width)
        if not 0.0 <= sum_tolerance < float("inf"):
            raise UsageError(f"--sum-tolerance {sum_tolerance}: a number from 0 on")
        bounds = [bound for name in losses if (bound := LOSSES[name].highest) is not None]
        distributions = any(LOSSES[name].distributions for name in losses)
        return cls(min(bounds, default=None), distributions, sum_tolerance)


def check(predictions: Block, targets: Block, labels: bool, rules: Rules) -> int:
    """Raise DataError at the first row that breaks the rules; return how many sums were rough."""
    if labels:
        _check_labels(targets, predictions.values.shape[1])
    if rules.highest is None:
        return 0
    _check_range(predictions, rules.highest)
    if not labels:
        _check_range(targets, rules.highest)
    if not rules.distributions:
        return 0
    rough = _check_sums(predictions, rules.sum_tolerance)
    return rough if labels else rough + _check_sums(targets, rules.sum_tolerance)


def _check_labels(targets: Block, classes: int) -> None:
    labels = targets.values[:, 0]
    bad = (labels != np.floor(labels)) | (labels < 0) | (labels >= classes)
    if bad.any():
        row = int(np.argmax(bad))
        raise targets.place.error(
            row,
            0,
            f"{labels[row]:g} is not one of the class indices 0 to {classes - 1}",
            "labels count from 0" if labels[row] == classes else None,
        )


def _check_range(block: Block, highest: float) -> None:
    values = block.values
    bad = ~((values >= 0.0) & (values <= highest))
    if bad.any():
        row, column = np.argwhere(bad)[0].tolist()
        raise block.place.error(
            row,
            column,
            f"{float(values[row, column])!r} is not a probability",
            _diagnosis(values[row]),
        )


def _diagnosis(values: Array) -> str:
    low, high = float(values.min()), float(values.max())
    if low >= -0.01 and high <= 1.01:
        return "it lies just outside 0 to 1: was it rounded, or computed in low precision?"
    seen = f"values from {low:.3g} to {high:.3g}: "
    if high <= 0:
        return seen + "these look like log-probabilities; ce and bce take probabilities (exp)"
    if low >= 0 and 1.5 < high <= 100.5:
        return seen + "these look like percentages or counts; ce and bce take values from 0 to 1"
    return seen + "these look like logits; ce takes probabilities (softmax), bce too (sigmoid)"


def _check_sums(block: Block, tolerance: float) -> int:
    sums = np.zeros(len(block.values))
    for column in block.values.T:
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
