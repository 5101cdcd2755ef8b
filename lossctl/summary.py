"""What is kept of all samples: exact sums, extremes, counts, the worst rows; summaries merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.exact_sum import Moments

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Samples:
    """Per-sample losses: row numbers from 1, shape (n,), and for each loss an array (n,)."""

    rows: NDArray[np.int64]
    losses: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: slice | NDArray[np.intp]) -> Samples:
        losses = {name: values[which] for name, values in self.losses.items()}
        return Samples(self.rows[which], losses)

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """Return the samples of all parts, in their order; at least one part."""
        return Samples(
            np.concatenate([part.rows for part in parts]),
            {
                name: np.concatenate([part.losses[name] for part in parts])
                for name in parts[0].losses
            },
        )

    def worst(self, count: int) -> Samples:
        """Return the `count` samples with the highest first loss, the earlier row first."""
        first = next(iter(self.losses.values()))
        return self[np.lexsort((self.rows, -first))[:count]]


class LossSummary(NamedTuple):
    """What is kept of one loss of all samples."""

    moments: Moments
    minimum: float
    maximum: float
    at_guard: int = 0
    """Samples whose loss the 1e-7 decided: a component in use has a probability below it."""

    def merge(self, other: LossSummary) -> LossSummary:
        """Return the summary of the samples of both."""
        return LossSummary(
            self.moments.merge(other.moments),
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
            self.at_guard + other.at_guard,
        )


class Summary(NamedTuple):
    """What is kept of all samples evaluated so far."""

    n: int
    losses: dict[str, LossSummary]
    rough_sums: int = 0
    identical: bool = False
    """The targets are the predictions, value for value."""
    worst: Samples | None = None

    def merge(self, other: Summary, worst: int = 0) -> Summary:
        """Return the summary of the samples of both, with the `worst` worst of them."""
        if not self.losses or not other.losses:
            return other if not self.losses else self
        kept = [part for part in (self.worst, other.worst) if part is not None]
        return Summary(
            self.n + other.n,
            {name: mine.merge(other.losses[name]) for name, mine in self.losses.items()},
            self.rough_sums + other.rough_sums,
            self.identical and other.identical,
            Samples.join(kept).worst(worst) if kept else None,
        )


EMPTY = Summary(0, {})
