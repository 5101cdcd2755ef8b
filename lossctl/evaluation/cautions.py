"""Warnings that are seen in the values: one of a class is made of each block, and these merge."""

from __future__ import annotations

from operator import add, and_, or_
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.warnings import BlockCaution
from lossctl.base.wording import counted
from lossctl.evaluation.looks import (
    are_distributions,
    are_probabilities,
    are_within_0_and_1,
    only_0_and_1,
    sum_to_1,
)
from lossctl.evaluation.task import Task
from lossctl.losses.classification import EVENT
from lossctl.losses.diagnoses import NEAR_1
from lossctl.losses.loss import NUMBERS
from lossctl.pairing.naming import count_from_1

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray

ENOUGH = 10
"""What holds of fewer samples may be chance."""
ENOUGH_LABELS = 10
"""That no label is 0 says something if there are so many times as many samples as classes."""


class Values:
    """What can be seen in one block of at least one sample."""

    def __init__(
        self, predictions: Array, targets: Array, rough_sums: int, numbers: NDArray[np.int64]
    ) -> None:
        self.predictions = predictions
        """Their shape is (n, k)."""
        self.targets = targets
        """Their shape is (n, k), or (n, 1) where they are labels."""
        self.rough_sums = rough_sums
        """So many rows of probabilities sum to 1 only roughly."""
        self.numbers = numbers
        """Those of the samples, from 1, shape (n,)."""


class Swapped(BlockCaution, hard=and_, soft=or_):
    """Every prediction is 0 or 1, but not every target is, where both are probabilities."""

    code = "swapped"
    unlikely = True
    predictions: str
    targets: str
    hard: bool
    """Every prediction is 0 or 1."""
    soft: bool
    """Some target is neither; this is known only where every prediction of its block is."""

    @classmethod
    def applies(cls, task: Task) -> bool:
        return are_probabilities(task.rules.targets) and task.columns.labels is None

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        hard = only_0_and_1(values.predictions)
        soft = hard and not only_0_and_1(values.targets)
        names = task.predictions_name, task.targets_name
        return cls(predictions=names[0], targets=names[1], hard=hard, soft=soft)

    @property
    def message(self) -> str:
        if self.predictions == self.targets:
            return (
                f"{self.predictions}: the predictions are only 0 and 1, but the targets are not: "
                "are --pred-cols and --target-col the wrong way round?"
            )
        return (
            f"{self.predictions} holds only 0 and 1, but {self.targets} does not: are they "
            "swapped? Predictions come first"
        )


class HardPredictions(BlockCaution, hard=and_, wrong=add, samples=add):
    """A log loss is taken of predictions that are all 0 or 1: of classes, not of probabilities."""

    code = "hard-predictions"
    predictions: str
    hard: bool
    wrong: int
    """So many samples have a loss that the 1e-7 decides."""
    samples: int

    @classmethod
    def applies(cls, task: Task) -> bool:
        return any(loss.formula.guard is not None for loss in task.losses.values())

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        hard, wrong, y = only_0_and_1(values.predictions), 0, values.predictions
        if hard and task.columns.labels is not None:
            labels = values.targets[:, 0].astype(np.intp)
            wrong = int(np.count_nonzero(y[np.arange(len(y)), labels] == 0.0))
        elif hard:
            wrong = int(np.count_nonzero((np.abs(y - values.targets) == 1.0).any(axis=1)))
        return cls(predictions=task.predictions_name, hard=hard, wrong=wrong, samples=len(y))

    @property
    def count(self) -> int:
        return int(self.hard and self.samples >= ENOUGH)

    @property
    def message(self) -> str:
        return (
            f"{self.predictions} holds only 0 and 1, classes rather than probabilities: a log loss "
            f"of them only counts mistakes, {self.wrong} of {counted(self.samples, 'sample')}, at "
            "16.118 for each wrong value"
        )


class Complementary(BlockCaution, complementary=and_):
    """A `bce` or a `focal` is taken of probabilities of classes, as if each were an event."""

    code = "complementary-columns"
    loss: str
    """What takes each class for an event."""
    classes: int
    complementary: bool

    @classmethod
    def applies(cls, task: Task) -> bool:
        loss = _of_events(task)
        alone = loss == "bce" and "ce" not in task.losses
        return loss is not None and (task.width == 2 or (task.width > 2 and alone))

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look at the first row, and at all rows only if it adds up to 1."""
        rows = values.predictions
        complementary = are_distributions(rows[:1]) and are_distributions(rows)
        loss = _of_events(task) or ""
        return cls(loss=loss, classes=task.width, complementary=complementary)

    @property
    def message(self) -> str:
        if self.classes > 2:
            return (
                f"each row adds up to 1, as that of {self.classes} classes does, but bce takes "
                "each class for an event of its own: for the log loss pass --loss ce"
            )
        twice = f"the two columns add up to 1, so that {self.loss} counts each event twice"
        if self.loss != "bce":
            return f"{twice}: name the positive column with --pred-cols"
        return (
            f"{twice} and is twice the log loss: for that itself pass --loss ce, or name the "
            "positive column with --pred-cols"
        )


def _of_events(task: Task) -> str | None:
    """Return the first loss, if any, that takes probabilities for those of events."""
    of_events = (name for name, loss in task.losses.items() if loss.formula.predictions == EVENT)
    return min(of_events, key=lambda name: name != "bce", default=None)


class ProbabilitiesAsLogits(BlockCaution, probable=and_):
    """What was called logits looks like probabilities.

    With `ce` every row is a distribution, with `bce` alone every value lies within 0 to 1.
    """

    code = "probabilities-as-logits"
    unlikely = True
    predictions: str
    rows: bool
    """Rows should be logits of distributions, rather than values those of events."""
    probable: bool

    @classmethod
    def applies(cls, task: Task) -> bool:
        return any(loss.scale == "logits" for loss in task.losses.values())

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Look at the first row, and at all rows only if it looks like probabilities."""
        rows = sum_to_1(task.rules.targets)
        looks_so = are_distributions if rows else are_within_0_and_1
        probable = looks_so(values.predictions[:1]) and looks_so(values.predictions)
        return cls(predictions=task.predictions_name, rows=rows, probable=probable)

    @property
    def message(self) -> str:
        what = "row is a probability distribution" if self.rows else "value is a probability"
        return (
            f"{self.predictions}: every {what}, but was read as logits: if it is one, leave "
            "--from logits out"
        )


class NotProbabilities(BlockCaution, outside=or_):
    """Predictions are no probabilities of classes, though the targets are labels of these.

    A value lies outside 0 to 1, or a row does not add up to 1, and no loss demands that it does.
    """

    code = "not-probabilities"
    unlikely = True
    predictions: str
    targets: str
    outside: bool

    @classmethod
    def applies(cls, task: Task) -> bool:
        """A loss of distributions makes sure of them itself, and others are of no probabilities."""
        scales = {loss.scale for loss in task.losses.values()}
        demanded = sum_to_1(task.rules.targets) or sum_to_1(task.rules.predictions)
        return task.columns.labels is not None and not demanded and scales <= {NUMBERS, "probs"}

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        rows = values.predictions
        outside = not are_within_0_and_1(rows)
        outside = outside or bool((np.abs(rows.sum(axis=1) - 1.0) > NEAR_1).any())
        return cls(predictions=task.predictions_name, targets=task.targets_name, outside=outside)

    @property
    def message(self) -> str:
        return (
            f"{self.targets} holds class labels, but the rows of {self.predictions} are no "
            "probabilities of classes: are they logits or percentages, or is a column no class?"
        )


class NoLabel0(BlockCaution, labels=add, least=min):
    """Of many labels that are indices none is 0."""

    code = "no-label-0"
    targets: str
    classes: int
    labels: int
    """So many were seen."""
    least: float

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Labels must be indices of classes, not their names."""
        return task.columns.labels == "indices"

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        labels, least = len(values.targets), float(values.targets.min())
        return cls(targets=task.targets_name, classes=task.width, labels=labels, least=least)

    @property
    def count(self) -> int:
        return int(self.least > 0 and self.labels >= ENOUGH_LABELS * self.classes)

    @property
    def message(self) -> str:
        return (
            f"{self.targets}: the least label is {self.least:g}, and none is 0, the first class: "
            f"{count_from_1(self.classes)}"
        )


class RoughSums(BlockCaution, rows=add):
    """Rows of probabilities sum to 1 only within the tolerance, and are more than 0.001 off."""

    code = "rough-sums"
    rows: int
    """So many do; those of predictions and of targets are counted apart."""
    tolerance: float

    @classmethod
    def applies(cls, task: Task) -> bool:
        return sum_to_1(task.rules.predictions) or sum_to_1(task.rules.targets)

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        return cls(rows=values.rough_sums, tolerance=task.rules.sum_tolerance)

    @property
    def count(self) -> int:
        return self.rows

    @property
    def message(self) -> str:
        return (
            f"{counted(self.rows, 'row')} of probabilities {'sums' if self.rows == 1 else 'sum'} "
            f"to 1 only roughly, within the tolerance of {self.tolerance:g}"
        )
