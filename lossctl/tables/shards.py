"""Several files as one table, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from weakref import WeakSet

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.tables.block import Joined, Span
from lossctl.tables.streams.source import Source
from lossctl.tables.table import Selection, Table
from lossctl.tables.warnings import ShardsReordered


class Shards(Table):
    """Tables of the same columns, one after another; each is opened when its turn comes."""

    def __init__(
        self,
        name: str,
        openers: Sequence[Callable[[bool | None], Table]],
        reordered: bool,
        hashed: bool,
    ) -> None:
        self.name = name
        self._openers = iter(openers[1:])
        self._count, self._before = len(openers), 0
        """How many shards there are, and how many were taken whole."""
        self._table = openers[0](None)
        self._selection: Selection | None = None
        self._ended = False
        self._hashed, self._hashes = hashed, dict[str, str | None]()
        self._warnings: list[Caution] = [ShardsReordered(table=name)] if reordered else []
        self._first_name = self._table.name
        self._done: WeakSet[Source] = WeakSet()
        """Files of which all rows were taken, until the last of their spans is gone."""
        self.columns = self._table.columns
        self.width = self._table.width
        self.lists = self._table.lists
        self.index_names = self._table.index_names

    def _next(self) -> bool:
        """Open the next shard, if there is one; raise DataError if its columns are others."""
        self._ended = True  # until the next one is open
        self._warnings += self._table.warnings()
        if self._hashed:
            self._hashes |= self._table.hashes()
        self._table.check()
        self._done |= self._table.sources()
        self._before += 1
        opener = next(self._openers, None)
        if opener is None:
            return False
        self._table, self._ended = opener(self.columns is not None), False
        if (self._table.width, self._table.columns) != (self.width, self.columns):
            name = self._table.name
            reason = f"{name} has other columns than {self._first_name}"
            raise DataError(reason, file=name, names_place=True)
        if self._selection is not None:
            self._table.select(self._selection)
        return True

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows of the first shard, as text."""
        return self._table.head(columns)

    def can_be_text(self, column: int) -> bool:
        """Return whether the cells of a column of the first shard can be read as texts."""
        return self._table.can_be_text(column)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self._selection = selection
        self._table.select(selection)

    def take(self, rows: int) -> Span | None:
        """Return the next rows, from as many shards as it takes."""
        spans: list[Span] = []
        while rows:
            span = None if self._ended else self._table.take(rows)
            if span is not None:
                spans.append(span)
                rows -= span.rows
            elif self._ended or not self._next():
                break
        return Joined(tuple(spans)) if spans else None

    def warnings(self) -> list[Caution]:
        """Return what was odd about each shard."""
        return self._warnings

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._table.row_size()

    def progress(self) -> float:
        """Return what part of the shards was taken, as if all were of one size."""
        current = 0.0 if self._ended else self._table.progress() or 0.0
        return (self._before + current) / self._count

    def undecided_row(self) -> Sequence[str]:
        """Return the first shard's first row, if it may be a header."""
        return self._table.undecided_row()

    def take_header(self) -> None:
        """Treat the first row of each shard as the names of the columns."""
        self._table.take_header()
        self.columns = self._table.columns

    def hashes(self) -> Mapping[str, str | None]:
        """Return the SHA-256 of all files by their paths; all rows are taken."""
        return self._hashes

    def sources(self) -> set[Source]:
        """Return the files that are open."""
        return {*self._done, *self._table.sources()}

    def close(self) -> None:
        """Close all files; raise ResourceError if one changed while it was read."""
        try:
            self._table.close()
        finally:
            super().close()
