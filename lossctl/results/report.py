"""What an evaluation says: typed, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lossctl.base.version import __version__
from lossctl.results.samples import Samples

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class LossResult:
    """One loss of all samples, in the loss's own units."""

    loss: str
    mean: float
    """Loss(W): the correctly rounded mean of the per-sample losses."""
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
        }


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """Something the user should know of numbers that are valid all the same."""

    code: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one evaluation."""

    n: int
    """Samples evaluated: all that were read but those counted in `skipped`, `unpaired` and, where
    they were to be left out, `repeated`."""
    k: int
    """Components of a sample."""
    predictions: str | None
    """The file's path; None for an array."""
    targets: str | None
    losses: dict[str, LossResult]
    at_guard: dict[str, int]
    warnings: tuple[ReportWarning, ...] = ()
    worst: Samples | None = None
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
            "skipped": self.skipped,
            "unpaired": dict(zip(("predictions", "targets"), self.unpaired, strict=True)),
            "repeated": dict(zip(("predictions", "targets"), self.repeated, strict=True)),
            "at_guard": self.at_guard,
            "warnings": [
                {"code": warning.code, "message": warning.message, "count": warning.count}
                for warning in self.warnings
            ],
        }
        if self.worst is not None:
            columns = self.worst.columns()
            result["worst"] = [
                dict(zip(columns, cells, strict=True))
                for cells in zip(*columns.values(), strict=True)
            ]
        return result


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold; None for what it cannot."""
    return value if value is not None and abs(value) < float("inf") else None
