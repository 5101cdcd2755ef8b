"""What a loss says of itself: one entry of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.arrays import Array
from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted
from lossctl.losses.domain import REAL, Domain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Parameter(NamedTuple):
    """A number that a formula takes beside predictions and targets."""

    default: float
    lowest: float
    highest: float
    meaning: str

    def parsed(self, where: str, text: str) -> float:
        """Return the value that is written; raise UsageError, which says `where`, for another."""
        number = finite_decimal(text)
        if number is None or not self.lowest <= number <= self.highest:
            raise UsageError(
                f"{where} is {quoted(text)}, but must be a number from {self.lowest:g} to "
                f"{self.highest:g}"
            )
        return float(number)


class Guard(NamedTuple):
    """What keeps a logarithm finite."""

    eps: float
    """Added inside each logarithm."""
    decides: Callable[[Array, Array], NDArray[np.bool_]]
    """Returns which samples have a loss that eps decides rather than the probability, (n,)."""


class Loss(NamedTuple):
    """A loss of one sample, div(y, d), and all that there is to know of it."""

    name: str
    title: str
    family: str
    formula: str
    per_sample: Callable[..., Array]
    """Takes predictions and targets, float64 of shape (n, k), and the parameters by their names;
    returns the losses, shape (n,). Components are added left to right, and each log and exp runs
    on contiguous memory, so that the layout of the input cannot change a bit of the result."""
    units: str
    """Those of the loss."""
    source: str
    """Where the formula is from."""
    predictions: Domain = REAL
    targets: Domain = REAL
    parameters: Mapping[str, Parameter] = {}
    guard: Guard | None = None
    true_class_only: bool = False
    """A component whose target is 0 adds nothing, so that for a label its class is enough."""
    scale: str | None = None
    """What the predictions are given as; None where they are plain numbers."""
    scales: Mapping[str, Loss] = {}
    """The same loss of predictions that are given otherwise, by scale."""
    before: Callable[[Array], Array] | None = None
    """Makes of the predictions, shape (n, k), what the loss is taken of."""
    values: Mapping[str, float] = {}
    """The parameters of this loss: their defaults, or what was asked for."""

    def with_parameters(self, text: str, given: Mapping[str, str]) -> Loss:
        """Return the loss with these parameters, written as decimal numbers; others have defaults.

        `text` is how the loss was asked for. Raises UsageError for a parameter that it does not
        have, and for a value that is no number or out of range.
        """
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        for name, written in given.items():
            if name not in values:
                if not values:
                    raise UsageError(f"--loss {quoted(text)}: this loss has no parameters")
                raise UsageError(*choose("parameter of this loss", name, values))
            values[name] = self.parameters[name].parsed(f"--loss {quoted(text)}: {name}", written)
        if not values:
            return self
        return self._replace(per_sample=partial(self.per_sample, **values), values=values)
