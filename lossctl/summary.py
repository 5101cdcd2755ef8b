"""What is kept of all samples: exact sums, extremes, counts, the worst rows; summaries merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.exact_sum import Moments

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Samples:
    """Per-sample losses: row numbers from 1, shape (n,), for each loss an array (n,), and ids."""

    rows: NDArray[np.int64]
    losses: dict[str, NDArray[np.float64]]
    ids: NDArray[np.bytes_] | None = None
    """In UTF-8, where the samples have ids."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: slice | NDArray[np.intp]) -> Samples:
        losses = {name: values[which] for name, values in self.losses.items()}
        return Samples(self.rows[which], losses, None if self.ids is None else self.ids[which])

    @property
    def names(self) -> list[str]:
        """What every output has: row, id where there are ids, then the losses."""
        return ["row", *([] if self.ids is None else ["id"]), *self.losses]

    def columns(self) -> dict[str, list[Any]]:
        """Return the same as lists of Python's own values, by name."""
        found: dict[str, list[Any]] = {"row": self.rows.tolist()}
        if self.ids is not None:
            found["id"] = [text.decode() for text in self.ids.tolist()]
        return found | {name: values.tolist() for name, values in self.losses.items()}

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """Return the samples of all parts, in their order; at least one part."""
        ids = [part.ids for part in parts if part.ids is not None]
        return Samples(
            np.concatenate([part.rows for part in parts]),
            {
                name: np.concatenate([part.losses[name] for part in parts])
                for name in parts[0].losses
            },
            np.concatenate(ids) if ids else None,
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


class Traits(NamedTuple):
    """What the values themselves say against what they were taken for."""

    rough_sums: int = 0
    """Rows of probabilities that sum to 1 only roughly."""
    identical: bool = False
    """The targets are the predictions, value for value."""
    hard: bool = False
    """Every prediction is 0 or 1."""
    soft: bool = False
    """Some target is neither; only known where every prediction is."""
    least_label: float = 0.0
    distributions: bool = False
    """Every row of predictions is a probability distribution, though they were called logits."""
    outside: bool = False
    """Some prediction is no probability, though the targets are labels; whatever the loss."""

    def merge(self, other: Traits) -> Traits:
        """Return what holds of the samples of both."""
        return Traits(
            self.rough_sums + other.rough_sums,
            self.identical and other.identical,
            self.hard and other.hard,
            self.soft or other.soft,
            min(self.least_label, other.least_label),
            self.distributions and other.distributions,
            self.outside or other.outside,
        )


class Summary(NamedTuple):
    """What is kept of all samples read so far."""

    n: int
    """How many were evaluated."""
    losses: dict[str, LossSummary]
    traits: Traits = Traits()
    worst: Samples | None = None
    skipped: int = 0
    """How many were left out because a value is missing."""

    def merge(self, other: Summary, worst: int = 0) -> Summary:
        """Return the summary of the samples of both, with the `worst` worst of them."""
        skipped = self.skipped + other.skipped
        if not self.losses or not other.losses:
            return (other if not self.losses else self)._replace(skipped=skipped)
        kept = [part for part in (self.worst, other.worst) if part is not None]
        return Summary(
            self.n + other.n,
            {name: mine.merge(other.losses[name]) for name, mine in self.losses.items()},
            self.traits.merge(other.traits),
            Samples.join(kept).worst(worst) if kept else None,
            skipped,
        )


EMPTY = Summary(0, {})
