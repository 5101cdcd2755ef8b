"""Consecutive rows in memory, and the spans they are loaded from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from lossctl.base.arrays import Array, Ids
from lossctl.base.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Place(NamedTuple):
    """How messages name a row and a column of a block."""

    row: Callable[[int], str]
    column: Callable[[int], str]
    """That of the ids has the index -1."""

    @staticmethod
    def by_line(name: str, first: int, column: Callable[[int], str] = str) -> Place:
        """Return the place of rows that are one line each, from the line `first` on."""
        return Place(lambda row: f"{name}:{first + row}", column)

    @staticmethod
    def by_number(name: str, start: int, column: Callable[[int], str]) -> Place:
        """Return the place of rows that go by their numbers; the first has the index `start`."""
        return Place(lambda row: f"{name}: row {start + row + 1}", column)

    def error(self, row: int, column: int | None, what: str, hint: str | None = None) -> DataError:
        """Return the error that says `what` is wrong at a row and, if it lies there, a column."""
        at = "" if column is None else f" {self.column(column)}:"
        return DataError(f"{self.row(row)}:{at} {what}", hint, block_row=row)


class Block(NamedTuple):
    """Consecutive rows in memory: values of shape (n, k), never written to; ids as bytes."""

    values: Array
    place: Place
    ids: Ids | None = None

    def keep(self, which: NDArray[Any]) -> Block:
        """Return the rows with these indices."""
        row = self.place.row
        return Block(
            np.asfortranarray(self.values[which]),
            self.place._replace(row=lambda index: row(int(which[index]))),
            None if self.ids is None else self.ids[which],
        )

    def split(self, width: int) -> tuple[Block, Block]:
        """Return the first `width` columns and those behind them, as blocks of the same rows."""
        column = self.place.column
        behind = self.place._replace(column=lambda index: column(width + index))
        return (
            self._replace(values=self.values[:, :width]),
            self._replace(values=self.values[:, width:], place=behind),
        )

    @staticmethod
    def join(parts: list[Block]) -> Block:
        """Return the rows of all parts, at least one, in their order.

        The list is emptied as they are copied, so that nothing lies in memory twice.
        """
        if len(parts) == 1:
            return parts.pop()
        starts = [0, *accumulate(len(part.values) for part in parts)]
        rows = [part.place.row for part in parts]
        first = parts[0]

        def row(index: int) -> str:
            part = bisect_right(starts, index) - 1
            return rows[part](index - starts[part])

        values = np.empty((starts[-1], first.values.shape[1]), order="F")
        width = max(0 if part.ids is None else part.ids.itemsize for part in parts)
        ids = np.empty(starts[-1], f"S{width}") if width else None
        parts.reverse()
        for start, end in pairwise(starts):
            part = parts.pop()
            values[start:end] = part.values
            if ids is not None:
                ids[start:end] = part.ids
        return Block(values, Place(row, first.place.column), ids)


class Span(Protocol):
    """Where some consecutive rows lie; any thread may load it."""

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
        return len(self.block.values)

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        values, place, ids = self.block
        return Block(values[:rows], place, None if ids is None else ids[:rows])


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
