"""All warnings in one registry, and those that are known only at the end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.warnings import Caution
from lossctl.base.wording import counted, quoted
from lossctl.evaluation import doubts
from lossctl.evaluation.doubts import ValueDoubt
from lossctl.evaluation.task import Task
from lossctl.pairing import warnings as of_pairing
from lossctl.results.summary import Summary
from lossctl.tables import warnings as of_tables

if TYPE_CHECKING:
    from typing import Self


class Evaluated(NamedTuple):
    """What is known when all samples are evaluated."""

    task: Task
    summary: Summary
    unpaired: tuple[int, int] = (0, 0)
    """So many rows of predictions and of targets were left out for want of a partner."""
    hashes: Mapping[str, str | None] = {}
    """The SHA-256 of the files by their paths, where it was asked for."""


class FinalWarning(Caution):
    """A warning of what is known only when all samples are evaluated."""

    @classmethod
    @abstractmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield the warnings of this class that are to be told."""


class UnusedId(FinalWarning):
    """Rows were paired by position, though both tables have a column that looks like an id."""

    code = "unused-id"

    def __init__(self, column: str) -> None:
        self.column = column

    @classmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield one, if there is such a column."""
        column = evaluated.task.columns.unused_id
        if column is not None:
            yield cls(column)

    @property
    def message(self) -> str:
        """What people are told."""
        return (
            f"rows were paired by position, though both files have a column {quoted(self.column)}: "
            "pair by it with --id?"
        )


class Skipped(FinalWarning):
    """Samples were left out because a value is missing, as was asked for."""

    code = "skipped"

    def __init__(self, rows: int, evaluated: int) -> None:
        self.rows, self.evaluated = rows, evaluated

    @classmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield one, if any sample was left out."""
        if evaluated.summary.skipped:
            yield cls(evaluated.summary.skipped, evaluated.summary.n)

    @property
    def count(self) -> int:
        """Every row counts."""
        return self.rows

    @property
    def message(self) -> str:
        """What people are told."""
        left_out = counted(self.rows, "row")
        return f"{left_out} left out for a missing value: {self.evaluated} evaluated"


class Unpaired(FinalWarning):
    """Rows were left out because no row of the other table has their id, as was asked for."""

    code = "unpaired"

    def __init__(self, table: str, rows: int, evaluated: int) -> None:
        self.table = table
        self.rows, self.evaluated = rows, evaluated

    @classmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield one for each table of which rows were left out."""
        task = evaluated.task
        for rows, table in zip(evaluated.unpaired, (task.predictions, task.targets), strict=True):
            if rows:
                yield cls(table, rows, evaluated.summary.n)

    @property
    def count(self) -> int:
        """Every row counts."""
        return self.rows

    @property
    def message(self) -> str:
        """What people are told."""
        left_out = f"{counted(self.rows, 'row')} of {self.table} left out"
        return f"{left_out} for want of a partner: {self.evaluated} evaluated"


class Overflow(FinalWarning):
    """The total of a loss is beyond float64, though its mean is not."""

    code = "overflow"

    def __init__(self, loss: str) -> None:
        self.loss = loss

    @classmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield one for each such loss."""
        for name, loss in evaluated.summary.losses.items():
            if not isfinite(loss.moments.sum()):
                yield cls(name)

    @property
    def message(self) -> str:
        """What people are told."""
        return f"the total of {self.loss} is beyond float64"


WARNINGS: tuple[type[Caution], ...] = (
    of_tables.ShardsReordered,
    of_tables.NoFinalNewline,
    of_pairing.ColumnsReordered,
    doubts.Identical,
    doubts.Swapped,
    doubts.ProbabilitiesAsLogits,
    doubts.NotProbabilities,
    UnusedId,
    doubts.NoLabel0,
    doubts.RoughSums,
    Skipped,
    Unpaired,
    Overflow,
)
"""Every warning, in the order in which they are told; those of tables are told table by table."""


def doubts_to_look_for(task: Task) -> tuple[type[ValueDoubt], ...]:
    """Return the warnings that the values of every block are looked at for."""
    kinds = (kind for kind in WARNINGS if issubclass(kind, ValueDoubt))
    return tuple(kind for kind in kinds if kind.applies(task))


def warnings_of(evaluated: Evaluated) -> Iterator[Caution]:
    """Yield what is to be told of the samples, in the order of the registry."""
    seen = {type(doubt): doubt for doubt in evaluated.summary.doubts}
    for kind in WARNINGS:
        if issubclass(kind, FinalWarning):
            yield from kind.of(evaluated)
        elif kind in seen and seen[kind].count:
            yield seen[kind]
