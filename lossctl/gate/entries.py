"""One number of a baseline, and how it is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from lossctl.base.decimals import finite_decimal
from lossctl.gate.verdicts import SLACK
from lossctl.losses import lowest
from lossctl.results.report import LossResult
from lossctl.results.signature import (
    definition,
    differences,
    facts_apart,
    left_out,
    samples_of,
)

EARLIER = "earlier_inputs"
"""A number has this key where it was kept while its check took others, of other inputs."""


class Entry(NamedTuple):
    """One number of a baseline."""

    mean: Decimal
    """It is exactly as it is written."""
    signature: str
    n: int
    """The number is of so many samples."""
    left_out: int
    """So many rows were left out for it."""
    is_of_inputs: bool = True
    """Whether it is of the inputs that its check has now, and was not kept when these came."""

    def is_as(self, other: Entry) -> bool:
        """Return whether it says the same of the same samples; the version may be another."""
        changed = differences(self.signature, other.signature)
        alike = self._replace(signature=other.signature, is_of_inputs=other.is_of_inputs)
        return not changed and alike == other

    def is_near(self, result: LossResult) -> bool:
        """Return whether a result has the same number; the last bits of a logarithm may differ."""
        number = Decimal(repr(result.mean))
        return abs(number - self.mean) <= SLACK * max(abs(number), abs(self.mean))

    def contradiction(self, result: LossResult) -> str | None:
        """Return what it says that a result of the very same files contradicts, if it does.

        The versions must be the same, too.
        """
        apart = facts_apart(result.signature, self.signature)
        if apart is None:
            return None
        if result.n != self.n:
            return f"is of {self.n} samples, but the files that it is of have {result.n}"
        for name, (now, told) in apart.items():
            return f"says {name}={told}, but of the files that it is of it is {name}={now}"
        if not self.is_near(result):
            return f"is {self.mean}, but the files that it is of give {result.mean!r}"
        return None


class Written(float):
    """A number that still knows how it was written."""

    text: str

    def __new__(cls, text: str) -> Written:
        """Return the number that a text is of."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def entry_of(loss: str, entry: dict[str, Any]) -> Entry:
    """Return the number that a baseline has for a loss; raise an error where that is none."""
    mean, signature = entry["mean"], entry["signature"]
    if isinstance(mean, bool) or not isinstance(mean, int | float):
        raise ValueError(f"the mean of {loss} is no number")
    number = finite_decimal(mean.text if isinstance(mean, Written) else str(mean))
    if number is None:
        raise ValueError(f"the mean of {loss} is not finite")
    if definition(signature)["loss"] != loss:
        raise ValueError(f"the signature of {loss} is of another loss")
    if number < Decimal(repr(least := lowest(loss))):
        raise ValueError(f"the mean of {loss} is {number}, below {least:g}: nothing is lower")
    n = _count(loss, entry["n"], signature)
    return Entry(number, signature, n, left_out(signature), EARLIER not in entry)


def _count(loss: str, n: object, signature: str) -> int:
    """Return of how many samples a number is; raise ValueError where that is not said, or twice."""
    if type(n) is not int or n < 1:
        raise ValueError(f"the n of {loss} is no number of samples")
    if (signed := samples_of(signature)) not in (None, str(n)):
        raise ValueError(f"the n of {loss} is {n}, but {signed} in its signature")
    return n
