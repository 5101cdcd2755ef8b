"""What a value must satisfy before a loss may be taken of it."""

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import DataError, UsageError
from lossctl.losses.diagnoses import Row
from lossctl.losses.domain import ROUNDING, Domain, narrowest
from lossctl.losses.loss import BoundLoss
from lossctl.pairing.columns import Columns
from lossctl.pairing.naming import count_from_1
from lossctl.tables.block import Block
from lossctl.tables.cells import label_text

NARROW = 1 << 12
"""In a row of fewer values the order of addition does not move the sum by ROUNDING."""
SILENT_SUM = 1e-3
"""The sum of a row may be so far from 1 without a warning."""
FAR_SUM = 0.25
"""Rounding never moves a sum so far from 1: what does is no distribution over these columns."""


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
    may_have_header: tuple[bool, bool] = (True, True)
    """Whether the first row of predictions, and of targets, may be a header if it has no names."""

    @classmethod
    def of(cls, losses: Iterable[BoundLoss], sum_tolerance: float | None, width: int) -> "Rules":
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


def check(block: Block, rules: Rules, *, targets: bool) -> int:
    """Raise DataError at the first row of predictions, or of targets, that breaks the rules.

    Return how many sums were rough.
    """
    domains = rules.targets if targets else rules.predictions
    offenders = [(place, domain) for domain in domains if (place := domain.offender(block.values))]
    if offenders:
        may_be_header = rules.may_have_header[targets]
        raise _no_member(block, *min(offenders, key=itemgetter(0)), targets, may_be_header)
    summing = {domain.summands: domain for domain in domains if domain.summands is not None}
    return sum(
        _check_sums(block, summands(block.values), domain, rules.sum_tolerance, targets)
        for summands, domain in summing.items()
    )


def check_labels(targets: Block, classes: int, maybe_numbers: bool, columns: Columns) -> None:
    """Raise DataError at the first label that is not the index of one of so many classes.

    `maybe_numbers` says that the losses can be taken of numbers that are no labels, too, and
    `columns` how classes are named.
    """
    labels = targets.values[:, 0]
    bad = (labels != np.floor(labels)) | (labels < 0) | (labels >= classes)
    if bad.any():
        row = int(np.argmax(bad))
        raise targets.place.error(
            row,
            0,
            f"{labels[row]:g} is not one of the class indices 0 to {classes - 1}",
            _way_out(float(labels[row]), classes, maybe_numbers, columns),
            label_text(repr(float(labels[row]))),
        )


def _way_out(label: float, classes: int, maybe_numbers: bool, columns: Columns) -> str | None:
    """Return the way out for a label that is no index of a class, where one is known."""
    ways, header = [], columns.header_first
    if columns.way_to_name is not None:
        ways.append(columns.way_to_name)
    elif label == classes:
        ways.append(f"{header}{count_from_1(classes)}")
    elif label < 0 and label.is_integer():
        marks = "it marks samples that are to be left out"
        if (label, classes) == (-1, 2):
            ways.append(f"{header}if labels are -1 and 1, name the classes: --classes -1,1")
            marks = f"labels are 0 and 1, and {marks}"
        ways.append(f"if {marks}, pass --ignore-label {label:g}")
    if maybe_numbers:
        ways.append(
            f"if the targets are numbers, and no labels of {classes} classes, say which column is "
            "the prediction with --pred-cols"
        )
    return "; ".join(ways) or None


def _no_member(
    block: Block, at: tuple[int, int], domain: Domain, targets: bool, may_be_header: bool
) -> DataError:
    """Return the error of a value that does not belong to a domain."""
    row, column = at
    value, hint = repr(float(block.values[at])), None
    if domain.diagnosis is not None:
        without_names = isinstance(block.place.columns[column], int)
        may_be_header &= without_names and block.place.spot(row).line == 1
        hint = domain.diagnosis(Row(block.values[row], targets, may_be_header))
    return block.place.error(row, column, f"{value} is not {domain.offence}", hint, value)


def _check_sums(
    block: Block, probabilities: Array, domain: Domain, tolerance: float, targets: bool
) -> int:
    """Raise DataError for a row far off 1; return how many are further off than SILENT_SUM."""
    if probabilities.shape[1] < NARROW:
        itself = probabilities is block.values
        near = np.abs((block.sums if itself else np.einsum("nj->n", probabilities)) - 1.0).max()
        if near <= min(SILENT_SUM, tolerance):
            return 0
    sums = np.zeros(len(probabilities))
    for column in probabilities.T:
        sums += column
    off = np.abs(sums - 1.0)
    bad = ~(off <= tolerance + ROUNDING)
    if bad.any():
        row = int(np.argmax(bad))
        hint = "divide the row by its sum, if that is right, or pass --sum-tolerance X"
        if off[row] > FAR_SUM and domain.far_sum is not None:
            hint = domain.far_sum(targets)
        raise block.place.error(
            row,
            None,
            f"the probabilities of the row sum to {float(sums[row]):.6g}, not to 1",
            f"the tolerance is {tolerance:g}; {hint}",
        )
    return int(np.count_nonzero(off > SILENT_SUM + ROUNDING))
