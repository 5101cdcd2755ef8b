"""What is kept of all samples: sums, extremes, counts, cautions, the worst rows; they merge."""

from typing import NamedTuple

from lossctl.base.arrays import Array
from lossctl.base.warnings import BlockCaution
from lossctl.results.exact_sum import Moments
from lossctl.results.samples import Samples


class LossSummary(NamedTuple):
    """What is kept of one loss of all samples."""

    moments: Moments
    minimum: float
    maximum: float
    at_guard: int = 0
    """So many have a loss that 1e-7 decided: a component in use has a probability below it."""
    at_kink: int = 0
    """So many have a prediction where the loss has no derivative, where gradients are taken."""

    def merge(self, other: "LossSummary") -> "LossSummary":
        """Return the summary of the samples of both."""
        return LossSummary(
            self.moments.merge(other.moments),
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
            self.at_guard + other.at_guard,
            self.at_kink + other.at_kink,
        )


class Summary(NamedTuple):
    """What is kept of all samples read so far."""

    n: int
    """So many were evaluated."""
    losses: dict[str, LossSummary]
    cautions: tuple[BlockCaution, ...] = ()
    """One for each warning that was looked for in the values."""
    worst: Samples | None = None
    skipped: int = 0
    """So many were left out because a value is missing,"""
    unpredicted: int = 0
    """so many of them because one of the predictions is."""
    totals: "Array | None" = None
    """The sum of the targets of each class or event, shape (k,), where a loss is a logarithm."""

    def merge(self, other: "Summary", worst: int = 0) -> "Summary":
        """Return the summary of the samples of both, with the `worst` worst of them."""
        skipped, unpredicted = self.skipped + other.skipped, self.unpredicted + other.unpredicted
        if not self.losses or not other.losses:
            some = other if not self.losses else self
            return some._replace(skipped=skipped, unpredicted=unpredicted)
        kept = [part for part in (self.worst, other.worst) if part is not None]
        return Summary(
            self.n + other.n,
            {name: loss.merge(other.losses[name]) for name, loss in self.losses.items()},
            tuple(
                caution.merge(another)
                for caution, another in zip(self.cautions, other.cautions, strict=True)
            ),
            Samples.join(kept).worst(worst) if kept else None,
            skipped,
            unpredicted,
            None if self.totals is None or other.totals is None else self.totals + other.totals,
        )


EMPTY = Summary(0, {})
