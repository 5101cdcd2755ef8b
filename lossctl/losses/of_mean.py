"""Losses that are no mean themselves, but a function of one."""

from collections.abc import Callable
from typing import NamedTuple


class OfMean(NamedTuple):
    """Loss(W) as a function of the mean of another loss, to which all else belongs.

    That is what each sample has, their total, deviation and extremes.
    """

    inner: str
    """The loss whose mean it is of."""
    value: Callable[[float, int], float]
    """Returns Loss(W) where that mean, of k components, is this; infinite beyond float64."""
    slope: Callable[[float, int], float]
    """Returns its derivative by the mean, by which a small error of the mean is one of Loss(W)."""
    gradient: str
    """What its gradient is, by that of the mean, in words that follow on "it is"."""
    kink: float | None = None
    """It has no derivative where the mean is this: there the slope is a subgradient."""
