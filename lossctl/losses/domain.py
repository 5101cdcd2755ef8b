"""What values predictions and targets may have, and what those most likely are that have others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lossctl.base.arrays import Array

ROUNDING = 1e-12
"""What adding up a row may itself be off by, so that a bound admits the sums that are on it."""
INFINITY = float("inf")


class Domain(NamedTuple):
    """The values that predictions or targets of a loss may have; what is read is always finite."""

    title: str
    offence: str = ""
    """What a value outside the bounds is not."""
    lowest: float = -INFINITY
    highest: float = INFINITY
    summands: Callable[[Array], Array] | None = None
    """Returns, of shape (n, k), what sums to 1 in every row; None: nothing need do so."""
    diagnosis: Callable[[Array], str] | None = None
    """Returns what a row, shape (k,), that has a value outside the bounds most likely is."""

    @property
    def bounded(self) -> bool:
        """Whether there are finite values outside of it."""
        return self.lowest > -INFINITY or self.highest < INFINITY

    @property
    def is_unit(self) -> bool:
        """Whether its values lie within 0 to 1, but for rounding."""
        return self.lowest >= 0.0 and self.highest < 2.0

    def meet(self, other: Domain) -> Domain:
        """Return what is in both; an offender is told what the narrower one says of it."""
        inside = other.lowest <= self.lowest and self.highest <= other.highest
        narrower = self if inside else other
        return narrower._replace(
            lowest=max(self.lowest, other.lowest),
            highest=min(self.highest, other.highest),
            summands=self.summands or other.summands,
        )


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
        return f"{seen}: these look like counts or labels; are the files swapped? Predictions first"
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
    1.0 + 1e-6,  # a little above 1, since low precision leaves such values
    diagnosis=_not_probabilities,
)
DISTRIBUTION = PROBABILITY._replace(
    title="probability distribution over k >= 2 classes", summands=_itself
)
LOG_PROBABILITY = Domain(
    "log-probability of a distribution over k >= 2 classes",
    "a log-probability",
    highest=1e-6,  # a little above 0, as low precision leaves it
    summands=_exponentials,
    diagnosis=_not_log_probabilities,
)
