"""Parquet files, whose row groups are never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow.parquet import ParquetFile

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.tables.arrow.chunks import RowGroup, row_groups_of
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.pages import PageReader, require_lists
from lossctl.tables.arrow.schema import is_text, leaves_of
from lossctl.tables.arrow.tables import ArrowTable
from lossctl.tables.arrow.thrift import Damaged
from lossctl.tables.arrow.words import by_dictionary
from lossctl.tables.streams.stream import Stream, regular
from lossctl.tables.table import TableOptions

_BUFFER = 1 << 16
_PLAIN = "write it without encryption"
_MOST_ELEMENTS = 1_000_000
"""Of a list in the end of a file, as pyarrow has it; and never more than the file has bytes."""


class _Stored(NamedTuple):
    """How a column is stored."""

    name: str
    leaves: range
    """In which columns of Parquet's own."""
    is_text: bool
    is_nested: bool

    @classmethod
    def of(cls, field: Any, leaves: tuple[int, int]) -> _Stored:
        """Return how a field of the schema is stored: from one of Parquet's columns to another."""
        return cls(field.name, range(*leaves), is_text(field.type), field.type.num_fields > 0)

    @property
    def called(self) -> str:
        """What messages call it."""
        return f"column {quoted(self.name)}"


class ParquetTable(ArrowTable):
    """A Parquet file."""

    title = "Parquet"

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        self._source = source = regular(stream, self.title)
        self._limited = options.limited
        with reading(source.name, self.title):
            # The file is open already, and pyarrow reads it without Python.
            self._file = pa.OSFile(f"/dev/fd/{source.descriptor}")
            self._parquet = self._opened()
            schema = self._parquet.schema_arrow
            self._metadata = self._parquet.metadata
            self._expected = int(self._metadata.num_rows)
            leaves = accumulate((leaves_of(field.type) for field in schema), initial=0)
            self._stored = list(map(_Stored.of, schema, pairwise(leaves)))
            self._groups = self._row_groups()
        super().__init__(source, schema, options.decimal)

    def _row_groups(self) -> list[RowGroup]:
        try:
            groups = row_groups_of(self._source)
        except Damaged:
            raise self._damaged("its end") from None
        leaves = self._stored[-1].leaves.stop if self._stored else 0
        rows = sum(group.rows for group in groups)
        if rows != self._expected or any(len(group.chunks) != leaves for group in groups):
            raise self._damaged("its end")
        return groups

    _metadata: Any = None

    def _opened(self, texts: list[str] | None = None) -> ParquetFile:
        """Open the file with pyarrow, which is to make dictionaries of these columns."""
        return ParquetFile(
            self._file,
            metadata=self._metadata,
            read_dictionary=texts,
            buffer_size=_BUFFER,
            pre_buffer=False,
            page_checksum_verification=True,
            coerce_int96_timestamp_unit="us",  # in nanoseconds, the year 2300 would be 1715
            thrift_container_size_limit=min(self._source.size or 0, _MOST_ELEMENTS),
        )

    def can_be_text(self, column: int) -> bool:
        """Return whether each cell of a column has a text; those that are encrypted have none."""
        leaves = self._stored[self._position(column)].leaves
        chunks = (group.chunks[leaf] for group in self._groups for leaf in leaves)
        return super().can_be_text(column) and not any(chunk.encrypted for chunk in chunks)

    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        columns = [self._stored[position] for position in positions]
        names = [column.name for column in columns]
        of_texts = any(column.is_text for column in columns)
        batches_of = self._batches_of_texts if of_texts else self._batches_of_numbers
        for batch in batches_of(columns, names, rows):
            yield batch.select(names)  # "a.b" is also what pyarrow calls the field b of a

    def _batches_of_numbers(
        self, columns: list[_Stored], names: list[str], rows: int
    ) -> Iterator[Any]:
        """Yield batches across row groups, each of which is inspected before it is read."""
        batches = self._parquet.iter_batches(rows, columns=names)
        groups, inspected, begun = iter(self._groups), 0, 0
        while begun < (self._expected or 0):
            while inspected < min(begun + rows, self._expected or 0):
                group = next(groups)
                self._inspected(group, columns, rows)
                inspected += group.rows
            batch = next(batches, None)
            if batch is None:
                return
            begun += batch.num_rows
            yield batch

    def _batches_of_texts(
        self, columns: list[_Stored], names: list[str], rows: int
    ) -> Iterator[Any]:
        """Yield batches of runs of row groups, with the dictionaries that suit each run."""
        for groups in self._runs(rows):
            texts = set[str]()
            for number in groups:
                texts |= self._inspected(self._groups[number], columns, rows)
            parquet = self._opened(sorted(texts)) if texts else self._parquet
            yield from parquet.iter_batches(rows, row_groups=groups, columns=names)

    def _runs(self, rows: int) -> Iterator[list[int]]:
        """Yield the numbers of row groups that follow one another and have so many rows."""
        run: list[int] = []
        held = 0
        for number, group in enumerate(self._groups):
            run.append(number)
            held += group.rows
            if held >= rows:
                yield run
                run, held = [], 0
        if run:
            yield run

    def _inspected(self, group: RowGroup, columns: list[_Stored], rows: int) -> set[str]:
        """Return which columns of a row group are texts that had better come as dictionaries.

        Raises DataError or ResourceError for columns whose pages are not sound, or a bomb.
        """
        texts = set[str]()
        reader = PageReader(self._source)
        for column in columns:
            called = f"{self._source.name}: {column.called}"
            for leaf in column.leaves:
                chunk = group.chunks[leaf]
                if chunk.encrypted:
                    reason = f"{column.called} is encrypted"
                    raise DataError(reason, _PLAIN, file=self._source.name)
                if column.is_nested and self._limited:
                    require_lists(chunk, called)
                try:
                    pages = reader.sound_pages(chunk, called, self._limited)
                except Damaged:
                    raise self._damaged(f"a page of {column.called}") from None
                if column.is_text and by_dictionary(self._source, chunk, pages, rows):
                    texts.add(column.name)
        return texts

    def _damaged(self, what: str) -> DataError:
        reason = f"not a sound Parquet file ({what} is damaged)"
        return DataError(reason, file=self._source.name)

    def progress(self) -> float:
        """Return what part of the rows was taken."""
        return self._start / max(self._expected or 0, 1)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._file.close()
        super().close()
