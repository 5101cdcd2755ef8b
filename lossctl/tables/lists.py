"""Cells that hold a list, or an object of numbers: as many columns as it has components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple


class Spread(NamedTuple):
    """The columns of a table some of whose cells are lists, all of one length in one column.

    The components of a list called `probs` are columns called `probs[0]`, `probs[1]` and so on,
    which `probs` names together. The values of an object called so are `probs.cat`, `probs.dog`.
    """

    lengths: tuple[int | None, ...]
    """How many components a cell of each column of the file has; None where it is one by itself."""
    names: tuple[str, ...] | None = None
    """Those of the columns of the file, where these have names."""
    keys: tuple[tuple[str, ...] | None, ...] = ()
    """The keys of the objects of each column of the file, None for no objects; or nothing at all,
    where no column holds any."""

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
            f"{name}{component}"
            for position, name in enumerate(self.names)
            for component in self._components(position)
        )

    def keys_of(self, position: int) -> tuple[str, ...] | None:
        """Return the keys of the objects of a column of the file; None if it holds no objects."""
        return self.keys[position] if self.keys else None

    def _components(self, position: int) -> Iterator[str]:
        """Yield what stands behind the name of a column of the file in those of its components."""
        length = self.lengths[position]
        keys = self.keys_of(position)
        if length is None:
            yield ""
        elif keys is None:
            yield from (f"[{component}]" for component in range(length))
        else:
            yield from (f".{key}" for key in keys)

    @property
    def lists(self) -> Mapping[str, range]:
        """The columns that a list or an object became, by its name."""
        starts = self.starts
        return {
            name: range(starts[i], starts[i + 1])
            for i, name in enumerate(self.names or ())
            if self.lengths[i] is not None
        }
