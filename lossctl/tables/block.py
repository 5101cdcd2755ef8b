"""Consecutive rows in memory, and the spans they are loaded from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import DataError, LossctlError
from lossctl.tables.place import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Block:
    """Consecutive rows in memory, which nobody writes to."""

    __slots__ = ("_sums", "beside", "place", "values")

    def __init__(
        self, values: Array, place: Place, beside: Mapping[str, NDArray[Any]] = {}
    ) -> None:
        self.values = values
        """Of shape (n, k)."""
        self.place = place
        self.beside = beside
        """The columns beside the values, by their roles, each of shape (n,)."""
        self._sums: Array | None = None

    @property
    def sums(self) -> Array:
        """The sum of each row, shape (n,), in whatever order; not finite if a value is not."""
        if self._sums is None:
            with np.errstate(over="ignore", invalid="ignore"):
                self._sums = np.einsum("nj->n", self.values)
        return self._sums

    def __len__(self) -> int:
        return len(self.values)

    def first(self, rows: int) -> Block:
        """Return the first `rows` rows."""
        if rows >= len(self):
            return self
        beside = {role: cells[:rows] for role, cells in self.beside.items()}
        return Block(self.values[:rows], self.place, beside)

    def keep(self, which: NDArray[Any]) -> Block:
        """Return the rows with these indices."""
        beside = {role: cells[which] for role, cells in self.beside.items()}
        return Block(np.asfortranarray(self.values[which]), self.place.keep(which), beside)

    def split(self, width: int) -> tuple[Block, Block]:
        """Return the first `width` columns and those behind them, as blocks of the same rows."""
        columns = self.place.columns
        return (
            Block(self.values[:, :width], self.place, self.beside),
            Block(
                self.values[:, width:], self.place._replace(columns=columns[width:]), self.beside
            ),
        )

    @staticmethod
    def join(parts: list[Block]) -> Block:
        """Return the rows of all parts, at least one, in their order.

        The list is emptied as they are copied, so that nothing lies in memory twice.
        """
        if len(parts) == 1:
            return parts.pop()
        sizes = list(map(len, parts))
        place = Place.join([part.place for part in parts], sizes)
        rows, first = sum(sizes), parts[0]
        values = np.empty((rows, first.values.shape[1]), order="F")
        beside: dict[str, NDArray[Any]] = {
            role: np.empty(rows, _common([part.beside[role].dtype for part in parts]))
            for role in first.beside
        }
        parts.reverse()
        for start, end in pairwise([0, *accumulate(sizes)]):
            part = parts.pop()
            values[start:end] = part.values
            for role, cells in beside.items():
                cells[start:end] = part.beside[role]
        return Block(values, place, beside)


def _common(kinds: list[np.dtype[Any]]) -> np.dtype[Any]:
    """Return a type for cells of all these; what is of several kinds stays as it is."""
    if len({kind.kind for kind in kinds}) > 1:
        return np.dtype(object)
    return np.result_type(*kinds)


class Span(Protocol):
    """Where some consecutive rows lie: a value that any thread, and any machine, may load."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""


class Loaded(NamedTuple):
    """Rows that are in memory already."""

    block: Block

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.block)

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        return self.block.first(rows)


class Joined(NamedTuple):
    """Spans that follow one another, as one."""

    spans: tuple[Span, ...]

    @property
    def rows(self) -> int:
        """How many rows they have together."""
        return sum(span.rows for span in self.spans)

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        parts, start = [], 0
        for span in self.spans:
            wanted = min(span.rows, rows - start)
            if wanted <= 0:
                break
            try:
                parts.append(span.load(wanted))
            except DataError as error:
                if error.block_row is not None:
                    error.block_row += start
                raise
            start += wanted
        return Block.join(parts)


def gathered(spans: list[Span]) -> list[Span]:
    """Return the rows of spans as one span in memory; the spans where one cannot be loaded."""
    joined = Joined(tuple(spans))
    try:
        return [Loaded(joined.load(joined.rows))]
    except LossctlError:  # told in its turn, behind what is wrong in rows before it
        return spans
