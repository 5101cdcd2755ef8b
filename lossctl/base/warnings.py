"""What every warning is: something to know of numbers that are valid all the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing import Self


class Caution(ABC):
    """One warning. Its class has all there is to know of it, and a line in `WARNINGS`.

    That registry is in `evaluation/doubts.py`. The class's docstring says when the warning is told.
    """

    code: ClassVar[str]
    """Programs know the warning by its code, which no other warning has."""

    @property
    def count(self) -> int:
        """How often there is what the warning is of; at 0 it is not told."""
        return 1

    @property
    @abstractmethod
    def message(self) -> str:
        """What people are told."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))


class Doubt(Caution):
    """A warning that is seen in the values: one is made of each block, and these merge."""

    @abstractmethod
    def merge(self, other: Self) -> Self:
        """Return what is doubted of the samples of both."""
