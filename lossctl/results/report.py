"""What an evaluation says: typed, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lossctl.base.version import __version__
from lossctl.base.wording import counted
from lossctl.results.losses import Losses
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from pandas import DataFrame

SCHEMA = 1
_MOST_NAMES = 1000
"""More components are not named in JSON."""


@dataclass(frozen=True, slots=True, repr=False)
class LossResult:
    """One loss of all samples, in the loss's own units."""

    __module__ = "lossctl"

    loss: str
    mean: float
    """Loss(W): the correctly rounded mean of the per-sample losses, or a function of it."""
    total: float
    """Their correctly rounded sum; infinite where that is beyond float64."""
    n: int
    std: float | None
    """Standard deviation with ddof = 1; None for one sample."""
    stderr: float | None
    """Standard error of the mean, std / sqrt(n); None for one sample."""
    min: float
    max: float
    signature: str
    """One line that states what was computed, for anyone to reproduce it."""
    formula: str = ""
    """The loss of one sample, of predictions y and targets d."""
    explanation: str = ""
    """The formula in words, with the number of components, and what others make of it."""
    is_other: bool = False
    """Whether it is another number than a well-known one that its explanation compares it with."""
    peer: tuple[str, float] | None = None
    """What a well-known program calls this loss, and its number for the same files; None where it
    has no such loss, or one that a small number within a logarithm makes another."""
    notes: tuple[str, ...] = ()
    """What is to be known of these numbers, which are as they should be."""

    def __repr__(self) -> str:
        error = "" if self.stderr is None else f" +- {self.stderr:.3g}"
        return f"<LossResult: {self.loss} {self.mean:.6g}{error}, n {self.n}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: its numbers as a table."""
        return _frame([self]).to_html()

    def to_dict(self) -> dict[str, Any]:
        """Return it in the published JSON schema; numbers beyond float64 are None."""
        return {
            "loss": self.loss,
            "mean": self.mean,
            "total": finite(self.total),
            "n": self.n,
            "std": finite(self.std),
            "stderr": finite(self.stderr),
            "min": self.min,
            "max": self.max,
            "signature": self.signature,
            "formula": self.formula,
            "explanation": self.explanation,
            "peer": self.peer and dict(zip(("name", "value"), self.peer, strict=True)),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """Something the user should know of numbers that are valid all the same."""

    code: str
    message: str
    count: int = 1
    asked_for: bool = field(default=False, repr=False)
    """Whether it says what an option has done, which is no reason for a check to fail."""
    unlikely: bool = field(default=False, repr=False)
    """Whether the numbers can hardly be those that were meant: no check passes with them."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The outcome of one evaluation: what it says, but not how that is shown."""

    n: int
    """Samples evaluated: all that were read but those counted in `skipped`, `unpaired` and, where
    they were to be left out, `repeated`."""
    k: int
    """Components of a sample."""
    predictions: str | None
    """The file's path; None for an array."""
    targets: str | None
    losses: Losses[LossResult]
    at_guard: dict[str, int]
    warnings: tuple[ReportWarning, ...] = ()
    kept_worst: Samples | None = None
    """The samples with the highest first loss, where they were asked for."""
    skipped: int = 0
    """Samples left out for a missing value, where that was asked for."""
    unpaired: tuple[int, int] = (0, 0)
    """Rows of predictions and of targets left out for want of a partner with their id."""
    repeated: tuple[int, int] = (0, 0)
    """Rows of predictions and of targets that repeat a sample, where these were to be kept or to
    be left out."""
    hashes: Mapping[str, str | None] = field(default_factory=dict)
    """The SHA-256 of each file, None of a stream, by its path; where that was asked for."""
    kept_samples: Samples | None = None
    """The losses of all samples, where they were asked for."""
    id_column: str | None = None
    """The column by which rows were paired, where one was named."""
    components: tuple[str, ...] = ()
    """What the components of a sample are called, where they have names."""
    pos_label: str | None = None
    """The label whose probability is predicted, where targets of a single event are labels,"""
    neg_label: str | None = None
    """and the other one, as far as it is known."""

    def __repr__(self) -> str:
        losses = ", ".join(f"{name} {loss.mean:.6g}" for name, loss in self.losses.items())
        warnings = f", {counted(len(self.warnings), 'warning')}" if self.warnings else ""
        return f"<Report: {losses}, n {self.n}, k {self.k}{warnings}>"

    @property
    def means(self) -> Losses[float]:
        """Loss(W) of each loss by its name."""
        return Losses({name: loss.mean for name, loss in self.losses.items()})

    def to_frame(self) -> DataFrame:
        """Return the results as a data frame of pandas, a row a loss."""
        return _frame(self.losses.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the report in the published JSON schema; numbers beyond float64 are None."""
        result: dict[str, Any] = {
            "schema": SCHEMA,
            "lossctl": __version__,
            "n": self.n,
            "k": self.k,
            "predictions": {"path": self.predictions},
            "targets": {"path": self.targets},
            "losses": [loss.to_dict() for loss in self.losses.values()],
            "means": dict(self.means),
            "skipped": self.skipped,
            "unpaired": dict(zip(("predictions", "targets"), self.unpaired, strict=True)),
            "repeated": dict(zip(("predictions", "targets"), self.repeated, strict=True)),
            "at_guard": self.at_guard,
            "warnings": [
                {"code": warning.code, "message": warning.message, "count": warning.count}
                for warning in self.warnings
            ],
        }
        if 0 < len(self.components) <= _MOST_NAMES:
            result["components"] = list(self.components)
        if self.id_column is not None:
            result["id_column"] = self.id_column
        if self.pos_label is not None:
            result |= {"pos_label": self.pos_label, "neg_label": self.neg_label}
        if self.kept_worst is not None:
            columns = self.kept_worst.columns()
            result["worst"] = [
                dict(zip(columns, map(_of_json, cells), strict=True))
                for cells in zip(*columns.values(), strict=True)
            ]
        return result


def _frame(losses: Iterable[LossResult]) -> DataFrame:
    """Return the numbers of some losses, a row each."""
    from pandas import DataFrame

    numbers = ("loss", "mean", "total", "n", "std", "stderr", "min", "max")
    return DataFrame([loss.to_dict() for loss in losses], columns=numbers).set_index("loss")


def _of_json(cell: Any) -> Any:
    return finite(cell) if isinstance(cell, float) else cell


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold; None for what it cannot."""
    return value if value is not None and abs(value) < float("inf") else None
