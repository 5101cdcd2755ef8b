"""A warning of a root of what is too small for a float64."""

from __future__ import annotations

from collections.abc import Iterator
from sys import float_info
from typing import TYPE_CHECKING

from lossctl.evaluation.copies import Identical
from lossctl.evaluation.final import Evaluated, FinalCaution

if TYPE_CHECKING:
    from typing import Self


class Underflow(FinalCaution):
    """The errors of all samples are so small that their squares have lost digits, or are 0."""

    code = "underflow"
    loss: str

    @classmethod
    def of(cls, evaluated: Evaluated) -> Iterator[Self]:
        """Yield one for each loss that is a root of such a mean, unless there are no errors."""
        if any(isinstance(one, Identical) and one.equal for one in evaluated.summary.cautions):
            return
        for name, loss in evaluated.summary.losses.items():
            of_mean = evaluated.task.losses[name].of_mean
            is_root = of_mean is not None and of_mean.kink is not None
            if is_root and loss.maximum < float_info.min:
                yield cls(loss=name)

    @property
    def message(self) -> str:
        return (
            f"the squares of all errors are below {float_info.min:.2g}, where a float64 has fewer "
            f"digits or is 0: {self.loss} is not exact"
        )
