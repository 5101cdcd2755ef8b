"""What other programs make of a loss."""

from math import gcd
from typing import NamedTuple

from lossctl.base.wording import counted


class Peer(NamedTuple):
    """What another program calls a loss that is ours but for a factor."""

    name: str
    times: int = 1
    """Ours is multiplied by this to be theirs,"""
    mean: bool = False
    """and divided by the number of components."""
    highest: float | None = None
    """What a probability of 0 for what is true costs there, where ours has a guard,"""
    of_float32: float | None = None
    """and what it costs where predictions are float32, if that is something else."""
    components: int | None = None
    """It takes losses of so many; None: of any number,"""
    but_of: int | None = None
    """except for this one."""

    def takes(self, k: int) -> bool:
        """Return whether it takes losses of so many components."""
        return self.components in (None, k) and k != self.but_of

    def factor(self, k: int) -> tuple[int, int]:
        """Return by what ours is multiplied to be theirs, and by what it is divided."""
        below = k if self.mean else 1
        common = gcd(self.times, below)
        return self.times // common, below // common

    def compared(self, k: int, mean: float, *, guarded: bool = False) -> str:
        """Return what it makes of k components where our mean is this.

        It is another number where a guard decides some of our losses: a higher one, unless what
        it counts for these depends on how exact the predictions are.
        """
        above, below = self.factor(k)
        if above == below:
            why = f", as k is {k}" * self.mean
            other = "higher" if self.of_float32 is None else "another number"
            return f"{self.name} is {other if guarded else 'the same'}{why}"
        share = f"{above} times" if below == 1 else f"{above}/{below} of"
        more = "more than " * guarded
        return f"{self.name} is {more}{share} Loss(W), {mean / below * above:.6g}"

    def described(self) -> str:
        """Return what it makes of ours, whatever the number of components."""
        of = "" if self.components is None else f" of {counted(self.components, 'component')}"
        if self.but_of is not None:
            of = f", which does not take {counted(self.but_of, 'component')},"
        if self.mean or self.times != 1:
            return f"{self.name}{of} is {self.times}{'/k' * self.mean} of it"
        return f"{self.name}{of} is the same{', but for the 1e-7' * (self.highest is not None)}"

    def most(self) -> str:
        """Return what a probability of 0 for what is true costs there, for people."""
        said = f"up to {self.highest:.6g} there"
        if self.of_float32 is None:
            return said
        return f"{said}, or {self.of_float32:.6g} if predictions are float32"
