"""Several files as one table, in the order in which they are given."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from lossctl.errors import DataError
from lossctl.tables.block import Joined, Span
from lossctl.tables.table import Selection, Table


class Shards:
    """Tables of the same columns, one after another; each is opened when its turn comes."""

    def __init__(self, name: str, openers: list[Callable[[bool | None], Table]]) -> None:
        self.name = name
        self._openers = openers
        self._tables = [openers[0](None)]
        self._selection: Selection | None = None
        self.columns = self._tables[0].columns
        self.width = self._tables[0].width

    def _next(self) -> Table | None:
        """Open the next shard; raise DataError if its columns are not those of the first."""
        if len(self._tables) == len(self._openers):
            return None
        first = self._tables[0]
        table = self._openers[len(self._tables)](first.columns is not None)
        self._tables.append(table)
        if (table.width, table.columns) != (first.width, first.columns):
            raise DataError(f"{table.name} has other columns than {first.name}")
        if self._selection is not None:
            table.select(self._selection)
        return table

    def first(self, column: int) -> str:
        """Return the first row's cell of a column, as text."""
        return self._tables[0].first(column)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self._selection = selection
        self._tables[0].select(selection)

    def take(self, rows: int) -> Span | None:
        """Return the next rows, from as many shards as it takes."""
        spans: list[Span] = []
        while rows:
            span = self._tables[-1].take(rows)
            if span is not None:
                spans.append(span)
                rows -= span.rows
            elif self._next() is None:
                break
        return Joined(tuple(spans)) if spans else None

    def warnings(self) -> chain[tuple[str, str]]:
        """Return what was odd about each shard."""
        return chain.from_iterable(table.warnings() for table in self._tables)

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._tables[0].row_size()

    def header_in_doubt(self) -> bool:
        """Return whether the first shard's first row may be names."""
        return self._tables[0].header_in_doubt()

    def take_header(self) -> None:
        """Treat the first row of each shard as the names of the columns."""
        self._tables[0].take_header()
        self.columns = self._tables[0].columns

    def close(self) -> None:
        """Close all files; raise ResourceError if one changed while it was read."""
        for table in self._tables:
            table.close()
