"""What a row most likely is that has a value outside of its domain, and the way out.

Only the row is looked at, so that the size of the blocks does not change a message. Whoever does
what a hint says gets the right number or another error. So a hint that would make a number of
anything (`--from logits`) is given to no index, label or count, and says what must be true of the
values; and of targets it is never said how predictions may be given.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    import lossctl.losses.numpy_when_used as np

JUST_OUTSIDE = 0.01
LOGITS_END = 1000.0
"""No model that was ever trained gives a logit so far from 0."""
NEAR_1 = 0.05
"""So far from 1 no row of probabilities adds up, however it was rounded."""
OF_PREDICTIONS = "name the columns of the predictions with --pred-cols"
IF_LOGITS = "if the values of all rows are logits, pass --from logits"
"""Only a row is looked at, and others may be probabilities."""
OF_TARGETS = "name the columns of the targets with --target-col"


class Row(NamedTuple):
    """A row that has a value outside of its domain."""

    values: Array
    """Of shape (k,)."""
    targets: bool
    """They are targets rather than predictions."""
    may_be_header: bool = False
    """It is the first line of a text that was taken to have no header."""

    @property
    def range(self) -> str:
        """The least and the greatest value, for people."""
        low, high = float(self.values.min()), float(self.values.max())
        return f"a value of {low:.3g}" if low == high else f"values from {low:.3g} to {high:.3g}"


Diagnosis: TypeAlias = Callable[[Row], str | None]


def of_distribution(row: Row) -> str:
    """Return what a row is that is no probability distribution over classes."""
    values = row.values
    low, total = float(values.min()), _sum(values)
    if (known := _of_any(row)) is not None:
        return known
    if values.max() <= 0 and _sum_to_1(np.exp(values)):
        way = "take their exponentials" if row.targets else "pass --from log-probs"
        seen = f"{row.range}, whose exponentials sum to 1"
        return f"{seen}: these look like log-probabilities; {way}"
    seen = row.range
    if abs(total - 1) >= NEAR_1:
        seen += f", which sum to {total:.4g}, not to 1"
    if low >= 0 and abs(total - 100) < 5:
        return f"{seen}: these look like percentages; divide them by 100"
    if _are_whole(values):
        return f"{seen}: these look like counts or labels; {_swapped(row)}"
    if row.targets:
        return f"{seen}: targets are rows of probabilities, or one column of class labels"
    return f"{seen}: {IF_LOGITS}"


def of_events(row: Row) -> str:
    """Return what a row is whose values are no probabilities of events."""
    if (known := _of_any(row)) is not None:
        return known
    values = row.values
    if row.targets:
        return _of_binary_targets(values)
    offenders = values[_outside(values)]
    if _are_whole(offenders):
        return (
            f"{row.range}: a whole number is a label, a count or an index rather than a logit; "
            f"{_swapped(row)}, or {OF_PREDICTIONS}"
        )
    if np.abs(offenders).max() > LOGITS_END:
        return f"{row.range}: neither probabilities nor logits; {OF_PREDICTIONS}"
    hint = f"{row.range}: {IF_LOGITS}; if others are probabilities, mend this one"
    if len(offenders) < len(values):
        hint = f"{row.range}: is a column no prediction? If so, {OF_PREDICTIONS}; {IF_LOGITS}"
    return f"{hint}; percentages are to be divided by 100" if values.min() >= 0 else hint


def of_log_probabilities(row: Row) -> str:
    """Return what a row is whose values are no log-probabilities."""
    low, high = float(row.values.min()), float(row.values.max())
    if low >= 0 and high <= 1 + JUST_OUTSIDE:
        return "these look like probabilities: leave --from log-probs out"
    positive = row.values[row.values > 0]
    if _are_whole(positive):
        others = row.values[row.values <= 0]
        if _sum_to_1(np.exp(others)):
            return f"without it the exponentials sum to 1: is it an id? If so, {OF_PREDICTIONS}"
        return f"{row.range}: is a column no class? If so, {OF_PREDICTIONS}"
    return f"{row.range}: {IF_LOGITS}"


def of_decisions(row: Row) -> str:
    """Return what targets are that are neither 0 nor 1, where each is of one class or another."""
    if bool(((row.values > 0) & (row.values < 1)).any()):
        return "this loss is of classes, not of probabilities of them: give labels, or 0 and 1"
    return _of_binary_targets(row.values, "targets are 0 and 1")


def of_rates(row: Row) -> str:
    """Return what a row is that has a number below what a count or a rate may be."""
    if row.targets:
        return f"{row.range}: is a column no target? If so, {OF_TARGETS}"
    if row.values.min() < 0:
        return (
            f"{row.range}: if these are logarithms of what is predicted, take their exponentials; "
            f"else {OF_PREDICTIONS}"
        )
    return "what is predicted to be 0 can never be anything else: predict a small positive number"


def of_growth(row: Row) -> str:
    """Return what a row is that has a number of -1 or less, of which ln(1 + x) is none."""
    columns = OF_TARGETS if row.targets else OF_PREDICTIONS
    return f"{row.range}: ln(1 + x) is of numbers above -1; is a column something else? {columns}"


def of_sums(targets: bool) -> str:
    """Return what probabilities are that sum to something far from 1."""
    if targets:
        return f"is a column no class? If so, {OF_TARGETS}"
    return (
        f"is a column no class? If so, {OF_PREDICTIONS}. If each is the probability of an event of "
        "its own, that is --loss bce"
    )


def of_sums_of_exponentials(targets: bool) -> str:
    """Return what log-probabilities are whose exponentials sum to something far from 1."""
    return IF_LOGITS


def _of_any(row: Row) -> str | None:
    """Return what is true of probabilities of any kind."""
    values = row.values
    if values.min() >= -JUST_OUTSIDE and values.max() <= 1 + JUST_OUTSIDE:
        return "it lies just outside 0 to 1: was it rounded, or computed in low precision?"
    if row.may_be_header and _are_whole(values):
        option = "--targets-header" if row.targets else "--header"
        return f"{row.range}: if the first line names the columns, pass {option}"
    outside = _outside(values)
    within, offenders = values[~outside], values[outside]
    whole_beside_parts = _are_whole(offenders) and not _are_whole(values)
    if whole_beside_parts or (len(within) > 1 and _sum_to_1(within)):
        columns = OF_TARGETS if row.targets else f"{OF_PREDICTIONS}, or pair by it with --id"
        return f"the others lie within 0 to 1: is it an id, a label or a weight? If so, {columns}"
    return None


def _of_binary_targets(values: Array, wanted: str = "targets are 0 and 1, or probabilities") -> str:
    """Return what targets of events are that are neither 0 and 1 nor probabilities."""
    if len(values) > 1 or not _are_whole(values):
        return f"{wanted}: {OF_TARGETS}"
    if values[0] == -1:
        return f"{wanted}: if 1 is the label of the event, pass --pos-label 1"
    return f"{wanted}: if these are two labels, say which is that of the event: --pos-label LABEL"


def _swapped(row: Row) -> str:
    return OF_TARGETS if row.targets else "are the two swapped? Predictions first"


def _outside(values: Array) -> "NDArray[np.bool_]":
    return (values < 0) | (values > 1)


def _are_whole(values: Array) -> bool:
    return bool((np.isfinite(values) & (values == np.floor(values))).all())


def _sum(values: Array) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(values.sum())


def _sum_to_1(values: Array) -> bool:
    return abs(_sum(values) - 1) < NEAR_1
