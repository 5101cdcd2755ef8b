"""Cells that hold a list: as many columns as the list has components."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple


class Spread(NamedTuple):
    """The columns of a table some of whose cells are lists, all of one length in one column.

    The components of a list called `probs` are columns called `probs[0]`, `probs[1]` and so on,
    which `probs` names together.
    """

    lengths: tuple[int | None, ...]
    """How many components a cell of each column of the file has; None where it is no list."""
    names: tuple[str, ...] | None = None
    """Those of the columns of the file, where these have names."""

    @property
    def starts(self) -> tuple[int, ...]:
        """At which column each column of the file starts, and where the last one ends."""
        sizes = (1 if length is None else length for length in self.lengths)
        return tuple(accumulate(sizes, initial=0))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.starts[-1]

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of all columns, where they have names."""
        if self.names is None:
            return None
        return tuple(
            name if component is None else f"{name}[{component}]"
            for name, length in zip(self.names, self.lengths, strict=True)
            for component in ((None,) if length is None else range(length))
        )

    @property
    def lists(self) -> Mapping[str, range]:
        """The columns that a list became, by its name."""
        starts = self.starts
        return {
            name: range(starts[i], starts[i + 1])
            for i, name in enumerate(self.names or ())
            if self.lengths[i] is not None
        }
