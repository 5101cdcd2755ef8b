"""What a value must satisfy before a loss may be taken of it."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import UsageError
from lossctl.losses.domain import ROUNDING, Domain, narrowest
from lossctl.losses.loss import BoundLoss
from lossctl.tables.block import Block
from lossctl.tables.cells import label_text

NARROW = 1 << 12
"""In a row of fewer values the order of addition does not move the sum by ROUNDING."""
SILENT_SUM = 1e-3
"""The sum of a row may be so far from 1 without a warning."""


def default_sum_tolerance(width: int) -> float:
    """Return how far from 1 the sum of a row of `width` probabilities may be.

    Rounding to two decimals moves each by up to 0.005.
    """
    return min(0.05, max(1e-2, 0.005 * width))


class Rules(NamedTuple):
    """What the losses that were asked for demand of predictions and targets."""

    predictions: tuple[Domain, ...]
    """Every prediction must belong to all of them."""
    targets: tuple[Domain, ...]
    sum_tolerance: float

    @classmethod
    def of(cls, losses: Iterable[BoundLoss], sum_tolerance: float | None, width: int) -> Rules:
        """Return the rules for rows of `width` values; raise UsageError for an absurd tolerance."""
        if sum_tolerance is None:
            sum_tolerance = default_sum_tolerance(width)
        if not 0.0 <= sum_tolerance < float("inf"):
            raise UsageError(f"--sum-tolerance {sum_tolerance}: a number from 0 on")
        formulas = [loss.formula for loss in losses]
        return cls(
            narrowest(formula.predictions for formula in formulas),
            narrowest(formula.targets for formula in formulas),
            sum_tolerance,
        )


def check(predictions: Block, targets: Block | None, rules: Rules) -> int:
    """Raise DataError at the first row that breaks the rules; return how many sums were rough.

    `targets` is None where they are classes, and so are as they must be.
    """
    rough = _check_domains(predictions, rules.predictions, rules.sum_tolerance)
    if targets is not None:
        rough += _check_domains(targets, rules.targets, rules.sum_tolerance)
    return rough


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
            label_text(repr(float(labels[row]))),
        )


def _check_domains(block: Block, domains: tuple[Domain, ...], tolerance: float) -> int:
    found = [(place, domain) for domain in domains if (place := domain.offender(block.values))]
    if found:
        (row, column), domain = min(found, key=itemgetter(0))
        value = repr(float(block.values[row, column]))
        hint = domain.diagnosis(block.values[row]) if domain.diagnosis else None
        raise block.place.error(row, column, f"{value} is not {domain.offence}", hint, value)
    summands = dict.fromkeys(domain.summands for domain in domains if domain.summands is not None)
    return sum(_check_sums(block, taken(block.values), tolerance) for taken in summands)


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
            f"the tolerance is {tolerance:g}; lossctl never renormalises: mend the row, "
            "or pass --sum-tolerance X",
        )
    return int(np.count_nonzero(off > SILENT_SUM + ROUNDING))
