"""JSON Lines: an object, an array or a single value a line, each a sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lossctl.base.errors import DataError
from lossctl.tables.block import Block
from lossctl.tables.cells import BadCell, Meaning
from lossctl.tables.json.parsing import parsed_line
from lossctl.tables.json.reader import RowReader
from lossctl.tables.json.shape import shape_of
from lossctl.tables.place import Spot
from lossctl.tables.records.cuts import Cut, doubt_the_end
from lossctl.tables.records.record_table import RecordTable
from lossctl.tables.records.records import Records
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import (
    HEAD,
    NoRows,
    Reading,
    Selection,
    TableOptions,
    all_columns,
)

_DOCUMENT = "if the file is one JSON document, not a row a line, pass --format-in json"


class JsonLinesTable(RecordTable):
    """Objects whose keys name the columns, arrays, or single values; all lines alike."""

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        super().__init__(stream, Records(stream, quotes=False))
        self._decimal = options.decimal
        first_line = Spot(self.name, line=1)
        line = self.records.peek(1).lines()
        if line == b"\n" == self.records.peek(2).lines():  # as pandas writes no row at all
            raise NoRows("the file is empty but for a newline", file=self.name, content=False)
        try:
            parsed_line(line)
            self.shape = shape_of(self._first_rows(), "line")
        except BadCell as bad:
            document = _DOCUMENT if line.strip()[:1] in (b"[", b"{") else None
            raise first_line.error(bad.reason, bad.hint or document) from None
        self.columns = self.shape.columns(first_line)
        self.width, self.lists = self.shape.spread.width, self.shape.spread.lists
        self.is_vector = self.shape.kind is None
        self.select(all_columns(self.width))

    def _first_rows(self) -> Iterator[Any]:
        """Yield the first rows, the first one by itself; those behind one that is none are left."""
        for records in (1, HEAD):
            lines = self.records.peek(records).lines().split(b"\n")[:-1]
            for line in lines[records == HEAD :]:
                try:
                    yield parsed_line(line)
                except BadCell:
                    return

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first lines, as text; "" for what is no cell."""
        for row in self._first_rows():
            yield self.shape.head(row, columns, self._decimal)

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns whose cell in the first line is no cell."""
        self.shape.require_readable(next(self._first_rows()), columns, self.first_row())

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column mean as numbers."""
        return self._row_reader.number(self.shape.holds_strings(column))

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        reading = Reading(self.name, selection, self.columns)
        self._row_reader = RowReader(reading, self.shape, self._decimal)
        self.reader = JsonReader(self._row_reader)


class JsonReader(NamedTuple):
    """How the lines of a table in JSON are read."""

    rows: RowReader

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the first `rows` lines of a cut; raise DataError at the first bad one."""
        lines = cut.lines().split(b"\n")[:rows]
        try:
            return self.rows.block(self.rows.reading.lines(cut.line), map(parsed_line, lines))
        except DataError as error:
            if cut.is_cut_off_at(error.block_row) and error.column is None:
                doubt_the_end(error)
            raise
