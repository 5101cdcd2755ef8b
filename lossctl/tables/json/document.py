"""A JSON document that is a table: an array of rows, or an object as pandas writes data frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from lossctl.base.errors import DataError, LossctlError
from lossctl.tables.block import Block
from lossctl.tables.cells import BadCell, Meaning
from lossctl.tables.json.elements import LARGEST, Element, Text, elements, too_large, whole
from lossctl.tables.json.layouts import Rows, is_record, rows_of
from lossctl.tables.json.reader import RowReader
from lossctl.tables.json.shape import shape_of
from lossctl.tables.place import ByNumber, ElementsOfDocument, Spot
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import (
    HEAD,
    NoRows,
    Reading,
    Selection,
    Table,
    TableOptions,
    all_columns,
)

_CELL_BYTES = 100
"""About what a cell takes in memory, from when it is parsed until it is a number."""


def open_document(stream: Stream, options: TableOptions) -> JsonDocument:
    """Return the table in a document; raise DataError for one that is no table, or too large."""
    if stream.size is not None and stream.size > LARGEST:
        raise too_large(stream.name)
    text = Text(stream.name, stream.read)
    if text.next() != "{":
        return JsonDocument(stream, options, elements(text))
    document = whole(text)
    try:
        single = options.shard and is_record(document)
        rows = Rows([document]) if single else rows_of(document)
    except BadCell as bad:
        raise DataError(bad.reason, bad.hint, file=stream.name) from None
    coming = (Element(row, None) for row in rows.rows)
    table = JsonDocument(stream, options, coming, rows.names)
    table.index_names, table.index_range = rows.index_names, rows.index_range
    return table


class JsonDocument(Table):
    """Rows that are objects, arrays or single values, all alike; parsed before they are taken."""

    stream: Stream

    def __init__(
        self,
        stream: Stream,
        options: TableOptions,
        coming: Iterator[Element],
        names: tuple[str, ...] | None = None,
    ) -> None:
        self.name, self.stream = stream.name, stream
        self._decimal = options.decimal
        self._coming = coming
        self._held = deque[Element]()
        self._failed: LossctlError | None = None
        """What went wrong behind the rows that are held."""
        self._start = 0
        held = self._peek(1)
        if not held:
            raise self._failed or NoRows("there is no row in it", file=self.name)
        where = Spot(self.name, line=held[0].line, row=1)
        try:
            self.shape = shape_of(self._first_rows(), "row", names)
        except BadCell as bad:
            raise where.error(bad.reason, bad.hint) from None
        self.columns = self.shape.columns(where)
        self.width, self.lists = self.shape.spread.width, self.shape.spread.lists
        self.is_vector = self.shape.kind is None
        self.select(all_columns(self.width))

    def _peek(self, rows: int) -> list[Element]:
        """Return the next rows, up to as many as asked for, as far as nothing goes wrong."""
        while len(self._held) < rows and self._failed is None:
            try:
                self._held.append(next(self._coming))
            except StopIteration:
                break
            except LossctlError as error:
                self._failed = error
        return list(islice(self._held, rows))

    def _first_rows(self) -> Iterator[Any]:
        """Yield the first rows, the first one by itself."""
        for records in (1, HEAD):
            for element in self._peek(records)[records == HEAD :]:
                yield element.value

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text; "" for what is no cell."""
        for row in self._first_rows():
            yield self.shape.head(row, columns, self._decimal)

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns whose cell in the first row is no cell."""
        if self._held:
            where = Spot(self.name, line=self._held[0].line, row=1)
            self.shape.require_readable(self._held[0].value, columns, where)

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column mean as numbers."""
        return self._row_reader.number(self.shape.holds_strings(column))

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        reading = Reading(self.name, selection, self.columns)
        self._row_reader = RowReader(reading, self.shape, self._decimal)

    def take(self, rows: int) -> ElementsSpan | None:
        """Return the next rows; raise what went wrong once those before it are taken."""
        taken = self._peek(rows)
        if not taken:
            if self._failed is not None:
                raise self._failed
            self.check()
            return None
        for _ in taken:
            self._held.popleft()
        start = self._start
        self._start += len(taken)
        return ElementsSpan(self._row_reader, taken, start)

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return _CELL_BYTES * self.width

    def progress(self) -> float | None:
        """Return what part of the file was read."""
        return self.stream.progress()


class ElementsSpan(NamedTuple):
    """Some rows of a document."""

    reader: RowReader
    elements: Sequence[Element]
    start: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.elements)

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        elements, reading = self.elements[:rows], self.reader.reading
        where: ByNumber | ElementsOfDocument = ByNumber(reading.file, self.start)
        if elements[0].line is not None:
            lines = np.array([element.line for element in elements])
            where = ElementsOfDocument(reading.file, self.start, lines)
        return self.reader.block(reading.place(where), (element.value for element in elements))
