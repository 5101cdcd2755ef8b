"""What is kept of all samples: exact sums, extremes, counts, the worst rows; summaries merge."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.results.exact_sum import Moments
from lossctl.results.samples import Samples


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
