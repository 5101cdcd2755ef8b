"""What every warning is: something to know of numbers that are valid all the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing import Self


class Caution(ABC):
    """One warning. Its class has all there is to know of it, and a line in `WARNINGS`.

    That registry is in `evaluation/warnings.py`. The class's docstring says when the warning is
    told, and its annotations which attributes it is made of, by their names.
    """

    code: ClassVar[str]
    """Programs know the warning by its code, which no other warning has."""

    asked_for: ClassVar[bool] = False
    """Whether it says what an option has done, so that whoever gave that knows of it."""

    unlikely: ClassVar[bool] = False
    """Whether the numbers can hardly be those that were meant: no check passes with them."""

    about: str | None = None
    """The loss whose result it is a note of, where nothing is odd about the numbers."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

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


class BlockCaution(Caution):
    """A warning that is seen in the values: one is made of each block, and these merge.

    A class names the attributes that merge and how, as in `class Odd(BlockCaution, rows=add)`; the
    others are the same in all blocks. Whether it is to be told shows only when all have merged.
    """

    merging: ClassVar[Mapping[str, Callable[[Any, Any], Any]]]
    """What makes one of the attributes of two, by their names."""

    def __init_subclass__(cls, **merging: Callable[[Any, Any], Any]) -> None:
        cls.merging = merging

    @classmethod
    @abstractmethod
    def applies(cls, task: Any) -> bool:
        """Return whether it is looked for at all, which is settled before any block is read."""

    @classmethod
    @abstractmethod
    def of(cls, values: Any, task: Any) -> Self:
        """Return what is seen in one block; any thread may ask, and good values cost little."""

    @property
    def count(self) -> int:
        """It is told once, if all attributes that merge are true in the end."""
        return int(all(getattr(self, name) for name in self.merging))

    def merge(self, other: Self) -> Self:
        """Return what is seen in the samples of both."""
        mine, others = vars(self), vars(other)
        merged = {name: rule(mine[name], others[name]) for name, rule in self.merging.items()}
        return type(self)(**mine | merged)
