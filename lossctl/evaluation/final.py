"""Warnings that are known only when all samples are evaluated."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.warnings import Caution
from lossctl.base.wording import counted, quoted
from lossctl.evaluation.cautions import ENOUGH
from lossctl.evaluation.task import Task
from lossctl.losses.domain import ROUNDING
from lossctl.pairing.index_names import called_in_messages
from lossctl.pairing.outlook import KEEP
from lossctl.results.summary import Summary

if TYPE_CHECKING:
    from typing import Self

_FAR_ABOVE = 1.5
"""A log loss so many times the entropy of the classes is no fault of the model's, as a rule."""


class Evaluated(NamedTuple):
    """What is known when all samples are evaluated."""

    task: Task
    summary: Summary
    unpaired: tuple[int, int] = (0, 0)
    """So many rows of predictions and of targets were left out, with an id that the other lacks."""
    repeated: tuple[int, int] = (0, 0)
    """So many rows of predictions and of targets repeat a sample."""
    hashes: Mapping[str, str | None] = {}
    """The SHA-256 of the files by their paths, where it was asked for."""


class FinalCaution(Caution):
    """A warning of what is known only when all samples are evaluated."""

    @classmethod
    @abstractmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield the warnings of this class that are to be told."""


class UnusedId(FinalCaution):
    """Rows were paired by position, though both tables have a column that looks like an id."""

    code = "unused-id"
    column: tuple[str, str]
    """What it is called in each."""
    differ: bool = False
    """The first rows have the same ids, but in another order."""

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        task, column = evaluated.task, evaluated.task.columns.unused_id
        if column is not None and not task.one and not task.labels_agree:
            yield cls(column=column, differ=task.columns.in_another_order)

    @property
    def message(self) -> str:
        order = ", in another order" if self.differ else ""
        if self.column[0] == self.column[1]:
            said = f"both tables have a column {quoted(self.column[0])}"
            way = "pair by it with --id?"
        else:
            said = f"{' and '.join(map(called_in_messages, self.column))} hold the same ids"
            way = "call both the same, and pair by them with --id?"
        return f"rows were paired by position, though {said}{order}: {way}"


class AskedFor(FinalCaution):
    """An option was given for what some rows are like, and says how many these are."""

    asked_for = True
    rows: int

    @property
    def count(self) -> int:
        return self.rows


class Skipped(AskedFor):
    """Samples were left out for a missing value or a label to ignore, as was asked for."""

    code = "skipped"
    rows: int
    lack: int
    """So many of these lack a prediction."""
    evaluated: int
    why: str

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        if (summary := evaluated.summary).skipped:
            columns = evaluated.task.columns
            reasons = ["a missing value"] if columns.targets.skip else []
            why = " or ".join(reasons + ["a label to ignore"] * columns.ignoring)
            rows, lack = summary.skipped, summary.unpredicted
            yield cls(rows=rows, lack=lack, evaluated=summary.n, why=why)

    @property
    def message(self) -> str:
        lack = f" ({self.lack} without a prediction)" if self.lack else ""
        left_out = f"{counted(self.rows, 'row')} left out for {self.why}"
        return f"{left_out}{lack}: {self.evaluated} evaluated"


class Unpaired(AskedFor):
    """Rows were left out because no row of the other table has their id, as was asked for."""

    code = "unpaired"
    table: str
    rows: int
    evaluated: int

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each table of which rows were left out."""
        names = evaluated.task.predictions_name, evaluated.task.targets_name
        for rows, table in zip(evaluated.unpaired, names, strict=True):
            if rows:
                yield cls(table=table, rows=rows, evaluated=evaluated.summary.n)

    @property
    def message(self) -> str:
        left_out = f"{counted(self.rows, 'row')} of {self.table} left out"
        return f"{left_out}, with an id that the other table lacks: {self.evaluated} evaluated"


class Repeated(AskedFor):
    """Rows repeat a sample, and were left out or evaluated again, as was asked for."""

    code = "repeated"
    table: str
    rows: int
    evaluated: int
    kept: bool

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each table that has such rows; where they were paired, for both at once."""
        task, n = evaluated.task, evaluated.summary.n
        names = task.predictions_name, task.targets_name
        counts = list(zip(names, evaluated.repeated, strict=True))
        for table, rows in counts[:1] if task.one or task.by_position else counts:
            if rows:
                yield cls(table=table, rows=rows, evaluated=n, kept=task.repeated == KEEP)

    @property
    def message(self) -> str:
        repeats = "repeats a sample" if self.rows == 1 else "repeat samples"
        done = "evaluated again" if self.kept else "left out"
        which = f"{counted(self.rows, 'row')} of {self.table}"
        what = f"it {repeats}" if self.rows == 1 else f"they {repeats}"
        return f"{which} {done}, as {what}: {self.evaluated} evaluated"


class Overflow(FinalCaution):
    """The total of a loss is beyond float64, though its mean is not."""

    code = "overflow"
    loss: str

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each such loss."""
        for name, loss in evaluated.summary.losses.items():
            if not isfinite(loss.moments.sum()):
                yield cls(loss=name)

    @property
    def message(self) -> str:
        return f"the total of {self.loss} is beyond float64"


class AtKinks(FinalCaution):
    """The gradient of a sample is a subgradient: it has a prediction where there is no derivative.

    Such a prediction is, of `mae`, one that is its target; of `rmse` all are, if all errors are 0.
    """

    code = "at-kinks"
    loss: str
    samples: int

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each such loss."""
        task = evaluated.task
        for name, loss in evaluated.summary.losses.items():
            samples, of_mean = loss.at_kink, task.losses[name].of_mean
            if of_mean is not None and task.of_mean and loss.moments.mean() == of_mean.kink:
                samples = evaluated.summary.n
            if samples:
                yield cls(loss=name, samples=samples)

    @property
    def count(self) -> int:
        return self.samples

    @property
    def message(self) -> str:
        return (
            f"{counted(self.samples, 'sample')} with a prediction where {self.loss} has a kink: "
            "the gradient there is a subgradient"
        )


class Perfect(FinalCaution):
    """The least loss is below 0, as that of a perfect prediction is: the 1e-7 in the logarithm.

    Where it is further below, probabilities are above 1, or do not sum to it.
    """

    code = "perfect-prediction"
    loss: str
    by_guard: bool = True
    """The guard says all of it."""

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each such loss."""
        task = evaluated.task
        for name, loss in evaluated.summary.losses.items():
            guard = task.losses[name].formula.guard
            if guard is not None and loss.minimum < 0:
                lowest = -guard.eps * task.width * (1.0 + ROUNDING)
                yield cls(loss=name, by_guard=loss.minimum >= lowest)

    @property
    def about(self) -> str:  # type: ignore[override]
        return self.loss

    @property
    def message(self) -> str:
        if self.by_guard:
            return "the 1e-7 puts the loss of a perfect prediction just below 0"
        return "probabilities that are a little off, or sums of them, put it below 0"


class AboveEntropy(FinalCaution):
    """A log loss is far above that of predicting for each sample how common the classes are.

    It is told where the mean less two standard errors is above 1.5 times the entropy of the shares
    of the classes.
    """

    code = "above-entropy"
    unlikely = True
    loss: str
    mean: float
    entropy: float

    @classmethod
    def of(cls, evaluated: Evaluated) -> "Iterator[Self]":
        """Yield one for each such loss."""
        summary = evaluated.summary
        if summary.totals is None or summary.n < ENOUGH:
            return
        for name, loss in summary.losses.items():
            asked = evaluated.task.losses[name]
            if not asked.formula.of_shares:
                continue
            entropy = _entropy(summary.totals / summary.n, one_of=asked.formula.of_one_class)
            mean, error = loss.moments.mean(), loss.moments.standard_error()
            if error is not None and mean - 2 * error > _FAR_ABOVE * entropy > 0:
                yield cls(loss=name, mean=mean, entropy=entropy)

    @property
    def message(self) -> str:
        return (
            f"{self.loss} is {self.mean:.6g}, but always predicting how common the classes are "
            f"gives {self.entropy:.6g}: are rows or columns shuffled, or probabilities inverted?"
        )


def _entropy(shares: Array, *, one_of: bool) -> float:
    """Return the entropy of one of several classes, or of that many events, in nats."""
    parts = shares if one_of else np.concatenate((shares, 1.0 - shares))
    used = parts[parts > 0]
    return float(-(used * np.log(used)).sum())
