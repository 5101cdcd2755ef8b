"""Warnings that are seen in the values: one of a class is made of each block, and these merge."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.warnings import Doubt
from lossctl.base.wording import counted
from lossctl.evaluation.task import Task
from lossctl.evaluation.validation import SILENT_SUM
from lossctl.losses.domain import ROUNDING

if TYPE_CHECKING:
    from typing import Self

ENOUGH_LABELS = 10
"""No label 0 says something where there are so many times as many samples as classes."""


class Values(NamedTuple):
    """What can be seen in one block of at least one sample."""

    predictions: Array
    """Their shape is (n, k)."""
    targets: Array
    """Their shape is (n, k), or (n, 1) where they are labels."""
    rough_sums: int
    """So many rows of probabilities sum to 1 only roughly."""


class ValueDoubt(Doubt):
    """A warning that is seen in the values of the samples."""

    @classmethod
    @abstractmethod
    def applies(cls, task: Task) -> bool:
        """Return whether it is looked for at all, which is settled before any block is read."""

    @classmethod
    @abstractmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Return what is doubted of one block; any thread may ask, and good values cost little."""


class Identical(ValueDoubt):
    """The targets are the predictions, value for value."""

    code = "identical"
    message = "the targets are the predictions, value for value: is one a copy?"

    def __init__(self, equal: bool) -> None:
        self.equal = equal

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Rows of targets may be the predictions, labels may not."""
        return not task.columns.labels

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Compare the first rows, and all rows only if these are equal."""
        predictions, targets = values.predictions, values.targets
        same_start = np.array_equal(predictions[0], targets[0])
        return cls(same_start and np.array_equal(predictions, targets))

    def merge(self, other: Self) -> Self:
        """Everything must be equal."""
        return type(self)(self.equal and other.equal)

    @property
    def count(self) -> int:
        """It is told once."""
        return int(self.equal)


class Swapped(ValueDoubt):
    """Every prediction is 0 or 1, but not every target is, where both are probabilities."""

    code = "swapped"

    def __init__(self, predictions: str, targets: str, hard: bool, soft: bool) -> None:
        self.predictions, self.targets = predictions, targets
        self.hard = hard
        """Every prediction is 0 or 1."""
        self.soft = soft
        """Some target is neither; this is known only where every prediction of its block is."""

    @classmethod
    def applies(cls, task: Task) -> bool:
        """The targets must be rows of probabilities."""
        return task.rules.targets.is_unit and not task.columns.labels

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look at the targets only if the predictions are 0 and 1."""
        hard = _only_0_and_1(values.predictions)
        soft = hard and not _only_0_and_1(values.targets)
        return cls(task.predictions, task.targets, hard, soft)

    def merge(self, other: Self) -> Self:
        """All predictions must be 0 or 1, and one target something else."""
        hard, soft = self.hard and other.hard, self.soft or other.soft
        return type(self)(self.predictions, self.targets, hard, soft)

    @property
    def count(self) -> int:
        """It is told once."""
        return int(self.hard and self.soft)

    @property
    def message(self) -> str:
        """What people are told."""
        return (
            f"{self.predictions} holds only 0 and 1, but {self.targets} does not: are they "
            "swapped? Predictions come first"
        )


class ProbabilitiesAsLogits(ValueDoubt):
    """What was called logits looks like probabilities.

    With `ce` every row is a distribution, with `bce` alone every value lies within 0 to 1.
    """

    code = "probabilities-as-logits"

    def __init__(self, predictions: str, rows: bool, probable: bool) -> None:
        self.predictions = predictions
        self.rows = rows
        """Rows should be logits of distributions, rather than values those of events."""
        self.probable = probable

    @classmethod
    def applies(cls, task: Task) -> bool:
        """The predictions must have been called logits."""
        return any(loss.scale == "logits" for loss in task.losses.values())

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look at the first row, and at all rows only if it is doubted."""
        rows = task.rules.targets.summands is not None
        are_probable = _are_distributions if rows else _are_within_0_and_1
        probable = are_probable(values.predictions[:1]) and are_probable(values.predictions)
        return cls(task.predictions, rows, probable)

    def merge(self, other: Self) -> Self:
        """Everything must look like probabilities."""
        return type(self)(self.predictions, self.rows, self.probable and other.probable)

    @property
    def count(self) -> int:
        """It is told once."""
        return int(self.probable)

    @property
    def message(self) -> str:
        """What people are told."""
        what = "row is a probability distribution" if self.rows else "value is a probability"
        return f"{self.predictions}: every {what}, but was read as logits: leave --from logits out?"


class NotProbabilities(ValueDoubt):
    """Some prediction is no probability, though the targets are labels; whatever the loss."""

    code = "not-probabilities"

    def __init__(self, predictions: str, targets: str, outside: bool) -> None:
        self.predictions, self.targets = predictions, targets
        self.outside = outside

    @classmethod
    def applies(cls, task: Task) -> bool:
        """A loss of probabilities makes sure of them itself, or expects none."""
        return task.columns.labels and not task.rules.targets.is_unit

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look at the least and the greatest value."""
        return cls(task.predictions, task.targets, not _are_within_0_and_1(values.predictions))

    def merge(self, other: Self) -> Self:
        """One value is enough."""
        return type(self)(self.predictions, self.targets, self.outside or other.outside)

    @property
    def count(self) -> int:
        """It is told once."""
        return int(self.outside)

    @property
    def message(self) -> str:
        """What people are told."""
        return (
            f"{self.targets} holds class labels, but {self.predictions} values that are no "
            "probabilities: are they logits or percentages, or is a column no class?"
        )


class NoLabel0(ValueDoubt):
    """Of many labels that are indices none is 0."""

    code = "no-label-0"

    def __init__(self, targets: str, classes: int, labels: int, least: float) -> None:
        self.targets = targets
        self.classes = classes
        self.labels = labels
        """So many were seen."""
        self.least = least

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Labels must be indices of classes, not their names."""
        return task.columns.labels and not task.columns.targets.words

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look for the least label."""
        return cls(task.targets, task.width, len(values.targets), float(values.targets.min()))

    def merge(self, other: Self) -> Self:
        """The least label of both counts."""
        labels, least = self.labels + other.labels, min(self.least, other.least)
        return type(self)(self.targets, self.classes, labels, least)

    @property
    def count(self) -> int:
        """It is told once."""
        return int(self.least > 0 and self.labels >= ENOUGH_LABELS * self.classes)

    @property
    def message(self) -> str:
        """What people are told."""
        return (
            f"{self.targets}: the least label is {self.least:g}, but labels count from 0: do these "
            "count from 1?"
        )


class RoughSums(ValueDoubt):
    """Rows of probabilities sum to 1 only roughly, as validation counts."""

    code = "rough-sums"

    def __init__(self, rows: int, tolerance: float) -> None:
        self.rows = rows
        self.tolerance = tolerance

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Something must have to sum to 1."""
        domains = task.rules.predictions, task.rules.targets
        return any(domain.summands is not None for domain in domains)

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Take the number that validation counted."""
        return cls(values.rough_sums, task.rules.sum_tolerance)

    def merge(self, other: Self) -> Self:
        """All rows count."""
        return type(self)(self.rows + other.rows, self.tolerance)

    @property
    def count(self) -> int:
        """Every such row counts, one of predictions and one of targets apart."""
        return self.rows

    @property
    def message(self) -> str:
        """What people are told."""
        return (
            f"{counted(self.rows, 'row')} of probabilities {'sums' if self.rows == 1 else 'sum'} "
            f"to 1 only roughly, within the tolerance of {self.tolerance:g}"
        )


def _only_0_and_1(values: Array) -> bool:
    first = values[0]
    if not ((first == 0.0) | (first == 1.0)).all():
        return False
    return bool(((values == 0.0) | (values == 1.0)).all())


def _are_distributions(rows: Array) -> bool:
    if not (rows >= 0.0).all():
        return False
    return bool((np.abs(rows.sum(axis=1) - 1.0) <= SILENT_SUM).all())


def _are_within_0_and_1(values: Array) -> bool:
    return bool(values.min() >= 0.0 and values.max() <= 1.0 + ROUNDING)
