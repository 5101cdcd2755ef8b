"""What values predictions and targets may have, and what those most likely are that have others."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.arrays import Array
from lossctl.losses.diagnoses import (
    Diagnosis,
    of_distribution,
    of_events,
    of_log_probabilities,
    of_sums,
    of_sums_of_exponentials,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np

ROUNDING = 1e-12
"""Adding up a row may move its sum by this much, so a bound admits sums that are so far beyond."""
LOW_PRECISION = 1e-6
"""Values that were computed in low precision may be so far beyond a bound that they should keep."""
INFINITY = float("inf")


class Domain(NamedTuple):
    """The values that predictions or targets of a loss may have.

    What is read is finite, but for -inf where `minus_infinity` says so.

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
    minus_infinity: bool = False
    """-inf belongs to it, too, as a logarithm of 0 does; then `lowest` is -inf."""
    summands: Callable[[Array], Array] | None = None
    """Returns, of shape (n, k), what sums to 1 in every row; None: nothing need do so."""
    diagnosis: Diagnosis | None = None
    """Returns what a row that has a value outside of it most likely is, and the way out."""
    far_sum: Callable[[bool], str] | None = None
    """Returns what a row is whose sum is far from 1; it is told whether these are targets."""

    def holds(self, values: Array) -> "NDArray[np.bool_]":
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

    def lies_in(self, other: "Domain") -> bool:
        """Return whether the other one has all of its values."""
        if self.members is not None:
            return bool(other.holds(np.array(self.members)).all())
        return (
            other.members is None
            and (self.whole or not other.whole)
            and other.lowest <= self.lowest
            and self.highest <= other.highest
        )

    def meets(self, other: "Domain") -> bool:
        """Return whether both have a value in common; what must sum to 1 is not looked at."""
        for one, another in ((self, other), (other, self)):
            if one.members is not None:
                return bool(another.holds(np.array(one.members)).any())
        lowest, highest = max(self.lowest, other.lowest), min(self.highest, other.highest)
        if self.whole or other.whole:
            lowest, highest = float(np.ceil(lowest)), float(np.floor(highest))
        return lowest <= highest


class Undefined(NamedTuple):
    """Why a sample has no loss, though its values belong to the domains."""

    of_targets: bool
    """It is for its targets, not for its predictions."""
    reason: str
    hint: str
    column: int | None = None
    """In which one it lies, if in one."""


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


REAL = Domain("any real number")
LOGIT = Domain("any real number, or -inf", minus_infinity=True)
"""-inf is the logit of what cannot be: of a class that was masked, of an event of probability 0."""
PROBABILITY = Domain("probability", "a probability", 0.0, 1.0 + LOW_PRECISION, diagnosis=of_events)
DISTRIBUTION = PROBABILITY._replace(
    title="probability distribution over k >= 2 classes",
    summands=_itself,
    diagnosis=of_distribution,
    far_sum=of_sums,
)
LOG_PROBABILITY = Domain(
    "log-probability of a distribution over k >= 2 classes",
    "a log-probability",
    highest=LOW_PRECISION,
    minus_infinity=True,
    summands=_exponentials,
    diagnosis=of_log_probabilities,
    far_sum=of_sums_of_exponentials,
)
