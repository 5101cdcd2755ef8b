"""What values predictions and targets may have, and what those most likely are that have others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING = 1e-12
"""Adding up a row may move its sum by this much, so a bound admits sums that are so far beyond."""
LOW_PRECISION = 1e-6
"""Values that were computed in low precision may be so far beyond a bound that they should keep."""
INFINITY = float("inf")


class Domain(NamedTuple):
    """The values that predictions or targets of a loss may have; what is read is always finite.

    The bounds belong to it. One that does not is told by the float next to it: the lowest positive
    number is `math.nextafter(0.0, 1.0)`.
    """

    title: str
    offence: str = ""
    """What a value outside of it is not."""
    lowest: float = -INFINITY
    highest: float = INFINITY
    whole: bool = False
    """Only whole numbers belong to it."""
    members: tuple[float, ...] | None = None
    """Its only values, all within the bounds; None: all that the bounds admit."""
    summands: Callable[[Array], Array] | None = None
    """Returns, of shape (n, k), what sums to 1 in every row; None: nothing need do so."""
    diagnosis: Callable[[Array], str] | None = None
    """Returns what a row, shape (k,), that has a value outside of it most likely is."""

    def holds(self, values: Array) -> NDArray[np.bool_]:
        """Return which values belong to it, in the shape of the values; NaN does not."""
        inside = (values >= self.lowest) & (values <= self.highest)
        if self.whole:
            inside &= values == np.floor(values)
        if self.members is not None:
            inside &= np.isin(values, self.members)
        return inside

    def offender(self, values: Array) -> tuple[int, int] | None:
        """Return row and column of the first of the values, shape (n, k), that is none of its own.

        Most have none: where the bounds say everything, the least and the greatest value tell it.
        """
        if not self.whole and self.members is None:
            if self.lowest == -INFINITY and self.highest == INFINITY:
                return None
            if values.min() >= self.lowest and values.max() <= self.highest:  # neither for NaN
                return None
        inside = self.holds(values)
        if inside.all():
            return None
        row, column = np.argwhere(~inside)[0].tolist()
        return row, column

    def lies_in(self, other: Domain) -> bool:
        """Return whether the other one has all of its values."""
        if self.members is not None:
            return bool(other.holds(np.array(self.members)).all())
        return (
            other.members is None
            and (self.whole or not other.whole)
            and other.lowest <= self.lowest
            and self.highest <= other.highest
        )

    def meets(self, other: Domain) -> bool:
        """Return whether both have a value in common; what must sum to 1 is not looked at."""
        for one, another in ((self, other), (other, self)):
            if one.members is not None:
                return bool(another.holds(np.array(one.members)).any())
        lowest, highest = max(self.lowest, other.lowest), min(self.highest, other.highest)
        if self.whole or other.whole:
            lowest, highest = float(np.ceil(lowest)), float(np.floor(highest))
        return lowest <= highest


def narrowest(domains: Iterable[Domain]) -> tuple[Domain, ...]:
    """Return those domains that have to be looked at for a value to belong to all of them.

    One is left out if another lies in it, unless something else must sum to 1 in it; of two with
    the same values the first stays.
    """
    kept: list[Domain] = []
    for domain in domains:
        if not any(_implies(other, domain) for other in kept):
            kept = [other for other in kept if not _implies(domain, other)]
            kept.append(domain)
    return tuple(kept)


def _implies(narrow: Domain, wide: Domain) -> bool:
    same_sums = wide.summands is None or wide.summands == narrow.summands
    return same_sums and narrow.lies_in(wide)


def _itself(values: Array) -> Array:
    return values


def _exponentials(values: Array) -> Array:
    exponentials: Array = np.exp(values)
    return exponentials


def _not_probabilities(row: Array) -> str:
    """Return what the values of a row look like that are not all probabilities.

    Only the row is looked at, so that the size of the blocks does not change a message.
    """
    low, high = float(row.min()), float(row.max())
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(row.sum())
    if low >= -0.01 and high <= 1.01:
        return "it lies just outside 0 to 1: was it rounded, or computed in low precision?"
    seen = f"values from {low:.3g} to {high:.3g}"
    with np.errstate(over="ignore"):
        exponentials = float(np.exp(row).sum())
    if high <= LOG_PROBABILITY.highest and abs(exponentials - 1) < 0.05:
        seen += ", whose exponentials sum to 1"
        return f"{seen}: these look like log-probabilities; pass --from log-probs"
    if len(row) == 1:
        return f"a value of {low:.3g}: this looks like a logit; take its sigmoid"
    if abs(total - 1) >= 0.05:
        seen += f", which sum to {total:.4g}, not to 1"
    if low >= 0 and abs(total - 100) < 5:
        return f"{seen}: these look like percentages; divide them by 100"
    if low >= 0 and np.array_equal(row, np.floor(row)):
        return f"{seen}: these look like counts or labels; are the two swapped? Predictions first"
    return f"{seen}: these look like logits; pass --from logits with ce, or take their softmax"


def _not_log_probabilities(row: Array) -> str:
    low, high = float(row.min()), float(row.max())
    if low >= 0 and high <= 1 + ROUNDING:
        return "these look like probabilities: leave --from log-probs out"
    return f"values from {low:.3g} to {high:.3g}: if these are logits, pass --from logits"


REAL = Domain("any real number")
PROBABILITY = Domain(
    "probability",
    "a probability",
    0.0,
    1.0 + LOW_PRECISION,
    diagnosis=_not_probabilities,
)
DISTRIBUTION = PROBABILITY._replace(
    title="probability distribution over k >= 2 classes", summands=_itself
)
LOG_PROBABILITY = Domain(
    "log-probability of a distribution over k >= 2 classes",
    "a log-probability",
    highest=LOW_PRECISION,
    summands=_exponentials,
    diagnosis=_not_log_probabilities,
)
