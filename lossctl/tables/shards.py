"""Several files as one table, one after another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias
from weakref import WeakSet

from lossctl.base.errors import DataError, LossctlError
from lossctl.base.warnings import Caution
from lossctl.base.wording import visible
from lossctl.tables.block import Joined, Span, gathered
from lossctl.tables.cells import Meaning
from lossctl.tables.known_columns import KnownColumns
from lossctl.tables.locations import Location
from lossctl.tables.place import Spot
from lossctl.tables.strangers import way_around_strangers
from lossctl.tables.streams.source import Source
from lossctl.tables.table import HEAD, NoRows, Selection, Table
from lossctl.tables.warnings import EmptyShards

Opener: TypeAlias = Callable[[Location, bool | None], Table]
"""It opens a shard, and is told whether it has a header, where one before has decided that."""


_MANY_ROWS = 1 << 60
_MOST_SPANS = 64
"""More spans of one block are small, and weigh more than their rows: these are loaded at once."""


class Shards(Table):
    """Tables of the same columns, one after another; each is opened when its turn comes.

    Those without rows are passed over, and counted. What the columns are says the first that has
    rows, or a header alone before it.
    """

    def __init__(
        self,
        name: str,
        shards: Sequence[Location],
        opener: Opener,
        cautions: Sequence[Caution],
        *,
        folder: str,
        no_bytes: bool,
        hashed: bool,
    ) -> None:
        """`folder` is what paths were relative to where they were written.

        `no_bytes` admits shards of no bytes; other tables without rows are told by a header.
        """
        self.name, self._folder = name, folder
        self._opener = opener
        self._shards, self._next = shards, 0
        """All of them, and which one's turn comes next."""
        self._cautions = list(cautions)
        self._no_bytes, self._hashed = no_bytes, hashed
        self._empty, self._first_empty = 0, ""
        self._hashes: dict[str, str | None] = {}
        self._selection: Selection | None = None
        self._known: KnownColumns | None = None
        """What the first shard with columns says of them, be it without rows."""
        self._done: WeakSet[Source] = WeakSet()
        """Files of which all rows were taken, until the last of their spans is gone."""
        self._first: str | None = None
        """The name of the first shard with rows."""
        table = self._open_next()
        if table is None:
            raise DataError(f"none of its {len(shards)} shards has a row", file=visible(name))
        self._table, self._ended, self._first = table, False, table.name
        self.columns, self.width, self.lists = table.columns, table.width, table.lists
        self.index_names, self.text_columns = table.index_names, table.text_columns
        self.delimited, self.is_vector = table.delimited, table.is_vector
        self.format, self.read_by = table.format, table.read_by
        if table.index_range is not None and table.index_range[:1] == range(1):
            self.index_range = range(_MANY_ROWS)  # as the first shard, they number the rows

    def _open_next(self) -> Table | None:
        """Open the next shard that has rows; None at the end.

        Raises DataError if the columns of one, with rows or without, are others.
        """
        while self._next < len(self._shards):
            shard = self._shards[self._next]
            self._next += 1
            table = self._opened(shard)
            if table is not None:
                return table
        return None

    def _opened(self, shard: Location) -> Table | None:
        """Open a shard; None if it has no row, and is passed over."""
        try:
            table = self._opener(shard, self._has_header())
        except NoRows as error:
            self._pass_over(shard, error)
            return None
        except DataError as error:
            error.hint = self._way_around_strangers() or error.hint
            raise
        self._require_columns(KnownColumns.of(table))
        if not table.is_empty():
            return self._with_rows(table)
        self._finish(table)
        self._count_empty(table.name)
        table.close()
        return None

    def _has_header(self) -> bool | None:
        return None if self._known is None else self._known.columns is not None

    def _pass_over(self, shard: Location, error: NoRows) -> None:
        if not (error.content or self._no_bytes):
            hint = "if nothing was to be written there, say so with --missing-shards present"
            raise DataError(error.reason, hint, file=error.file) from None
        name = error.file or visible(shard.path)
        if error.width is not None:
            self._require_columns(KnownColumns.without_rows(name, error))
        if self._hashed:
            source = Source(shard.path)
            self._hashes[shard.path] = source.sha256()
            source.close()
        self._count_empty(name)

    def _count_empty(self, name: str) -> None:
        self._empty, self._first_empty = self._empty + 1, self._first_empty or name

    def _require_columns(self, known: KnownColumns) -> None:
        """Raise DataError if a shard, with rows or without, has other columns than one before."""
        if self._known is None:
            self._known = known
        elif self._known[1:] != known[1:]:
            error = self._other_columns(known.name, self._known.name)
            error.hint = self._known.way_to(known) or error.hint
            raise error

    def _with_rows(self, table: Table) -> Table:
        """Return a shard with rows; raise DataError if its lists, too, are not as long as before.

        How long lists are is known of rows alone.
        """
        if self._first is None:
            return table
        read = self._selection.columns() if self._selection else [0]
        other_labels = read[-1] >= self.width and table.index_names != self.index_names
        if other_labels or (table.width, table.columns) != (self.width, self.columns):
            raise self._other_columns(table.name, self._first)
        self.is_vector = self.is_vector and table.is_vector
        return table

    def _other_columns(self, name: str, first: str) -> DataError:
        reason = f"{name} has other columns than {first}"
        return DataError(reason, self._way_around_strangers(), file=name, names_place=True)

    def _way_around_strangers(self) -> str | None:
        """Return the hint for where files that seem to be no shards lie among them."""
        return way_around_strangers([shard.path for shard in self._shards], self._folder)

    def _finish(self, table: Table) -> None:
        """Take from a shard what is to be known at its end."""
        self._cautions += table.warnings()
        if self._hashed:
            self._hashes |= table.hashes()
        table.check()

    def _go_on(self) -> bool:
        """Open the next shard with rows, if there is one."""
        self._ended = True  # until the next one is open
        self._finish(self._table)
        for source in self._table.sources():
            source.rest()
            self._done.add(source)
        table = self._open_next()
        if table is None:
            return False
        self._table, self._ended = table, False
        if self._selection is not None:
            table.select(self._selection)
        return True

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, from as many shards as it takes."""
        return islice(self._rows(columns), HEAD)

    def _rows(self, columns: Sequence[int]) -> Iterator[list[str]]:
        yield from self._table.head(columns)
        for shard in islice(self._shards, self._next, None):
            if not os.path.isfile(shard.path):
                return  # what can be read but once is not read ahead
            try:
                table = self._opener(shard, self._has_header())
            except NoRows:
                continue
            except LossctlError:
                return  # told when its turn comes
            try:
                if table.is_empty():
                    continue
                if (table.columns, table.width) != (self.columns, self.width):
                    return
                yield from table.head(columns)
            finally:
                table.close()

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column of all shards mean as numbers."""
        return self._table.number(column)

    def can_be_text(self, column: int) -> bool:
        """Return whether each cell of a column of the first shard has a text."""
        return self._table.can_be_text(column)

    def may_hold_words(self, column: int) -> bool:
        """Return whether a column of the first shard may hold words."""
        return self._table.may_hold_words(column)

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns that cannot be read in the first shard."""
        self._table.require_readable(columns)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self._selection = selection
        self._table.select(selection)

    def take(self, rows: int) -> Span | None:
        """Return the next rows, from as many shards as it takes."""
        whole: list[Span] = []
        spans: list[Span] = []
        while rows:
            span = None if self._ended else self._take(rows)
            if span is not None:
                spans.append(span)
                rows -= span.rows
                if len(spans) == _MOST_SPANS:
                    whole += gathered(spans)
                    spans = []
            elif self._ended or not self._go_on():
                break
        return Joined((*whole, *spans)) if whole or spans else None

    def _take(self, rows: int) -> Span | None:
        try:
            return self._table.take(rows)
        except NoRows:  # of a stream that shows so only at its end
            self._count_empty(self._table.name)
            return None

    def warnings(self) -> list[Caution]:
        """Return what was odd about the shards, and about each of them."""
        empty = EmptyShards(table=self.name, shards=self._empty, first=self._first_empty)
        return [*self._cautions, *([empty] if self._empty else [])]

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._table.row_size()

    def progress(self) -> float | None:
        """Return what part of the shards was taken, as if all were of one size."""
        if self._ended:
            return self._next / len(self._shards)
        current = self._table.progress() or 0.0
        return (self._next - 1 + current) / len(self._shards)

    def first_row(self) -> Spot:
        """Return where the first shard's first row stands, before anything is taken."""
        return self._table.first_row()

    def undecided_row(self) -> Sequence[str]:
        """Return the first shard's first row, if it may be a header."""
        return self._table.undecided_row()

    def take_header(self) -> None:
        """Treat the first row of each shard as the names of the columns."""
        self._table.take_header()
        self.columns = self._table.columns
        self._known = KnownColumns.of(self._table)

    def commas_in_doubt(self) -> bool:
        """Return whether each of the first rows may be 13,5 as well as 13 and 5."""
        return self._table.commas_in_doubt()

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
