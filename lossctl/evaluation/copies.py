"""Warnings that targets, or a column of them, are the predictions, or are made of them."""

from __future__ import annotations

import math
from operator import add, and_
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.warnings import BlockCaution
from lossctl.base.wording import listed, quoted
from lossctl.evaluation.task import Task
from lossctl.pairing.words import OF_TARGETS, PREDICTED, words_of

if TYPE_CHECKING:
    from typing import Self

    from lossctl.evaluation.cautions import Values

_FEW, _SHOWN = 3, 5


class Identical(BlockCaution, equal=and_):
    """The targets are the predictions, value for value; labels are, as 0 and 1 for each class."""

    code = "identical"
    unlikely = True
    equal: bool
    labels: bool
    """The targets are labels, and the predictions say the same of each class."""

    @classmethod
    def applies(cls, task: Task) -> bool:
        return True

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Compare the first rows, and all rows only if these are equal."""
        y, d, labels = values.predictions, values.targets, task.columns.labels is not None
        alike = _are_of_labels if labels else np.array_equal
        return cls(equal=alike(y[:1], d[:1]) and alike(y, d), labels=labels)

    @property
    def message(self) -> str:
        if self.labels:
            return (
                "the predictions are the targets, as 0 and 1 for each class: is one made of the "
                "other?"
            )
        return "the targets are the predictions, value for value: is one a copy?"


def _are_of_labels(y: Array, labels: Array) -> bool:
    """Return whether each row has a 1 for the class of its label, and 0 for all others."""
    of_label = y[np.arange(len(y)), labels[:, 0].astype(np.intp)]
    return bool((of_label == 1.0).all()) and np.count_nonzero(y) == len(y)


class SameComponents(BlockCaution, same=and_, samples=add):
    """Some components are the same in predictions and targets, value for value, others are not."""

    code = "same-components"
    names: tuple[str, ...]
    """Of all components; none where they have no names."""
    width: int
    same: frozenset[int]
    """Their indices."""
    samples: int

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Columns beside the components stand in files whose columns have names."""
        return task.columns.labels is None and task.width > 1 and task.columns.names is not None

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Compare the first rows, and only what is equal there in all."""
        y, d = values.predictions, values.targets
        alike = np.flatnonzero(y[0, : d.shape[1]] == d[0]).tolist()
        same = frozenset(i for i in alike if np.array_equal(y[:, i], d[:, i]))
        names = task.columns.names or ()
        return cls(names=names, width=task.width, same=same, samples=len(y))

    @property
    def count(self) -> int:
        """Of fewer samples it may be chance, and where all are the same, one is a copy."""
        few = self.samples < _FEW or len(self.same) == self.width
        return 0 if few else len(self.same)

    @property
    def message(self) -> str:
        called = (self.names[i] if self.names else str(i + 1) for i in sorted(self.same))
        shown = listed(map(quoted, called), _SHOWN)
        return (
            f"the same in predictions and targets, value for value: {shown}; if that is no "
            "component, leave it out with --pred-cols"
        )


class PredictedTargets(BlockCaution, highest=and_, most_of_0=max, least_of_1=min):
    """Targets are called as predictions are, and each is the class that is predicted.

    That is the one with the highest value; of a single event, whether the value is high.
    """

    code = "predicted-targets"
    unlikely = True
    target: str
    highest: bool
    """Each label is that of a highest value."""
    most_of_0: float
    """The highest prediction of an event that did not come about; 0 beside labels."""
    least_of_1: float
    """The lowest of one that did; 1 beside labels."""

    @classmethod
    def applies(cls, task: Task) -> bool:
        words = {*words_of(task.target_called or "")}
        of_one = task.of_one_event and task.width == 1
        called_so = bool(words & PREDICTED) and not words & OF_TARGETS
        return called_so and (task.columns.labels is not None or of_one)

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        y, d = values.predictions, values.targets[:, 0]
        called = task.target_called or ""
        if task.columns.labels is not None:
            of_label = y[np.arange(len(y)), d.astype(np.intp)]
            highest = bool((of_label == y.max(axis=1)).all())
            return cls(target=called, highest=highest, most_of_0=0.0, least_of_1=1.0)
        ones, hard = y[d == 1.0, 0], bool(((d == 0.0) | (d == 1.0)).all())
        most = float(y[d == 0.0, 0].max(initial=-math.inf))
        least = float(ones.min(initial=math.inf))
        return cls(target=called, highest=hard, most_of_0=most, least_of_1=least)

    @property
    def count(self) -> int:
        """Of events that all came about, or all did not, nothing can be said."""
        both = -math.inf < self.most_of_0 and self.least_of_1 < math.inf
        return int(self.highest and both and self.most_of_0 < self.least_of_1)

    @property
    def message(self) -> str:
        return (
            f"{quoted(self.target)} was read as targets, and each is the class that is predicted: "
            "is that what the model predicted, rather than what is true?"
        )
