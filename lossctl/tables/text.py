"""CSV, TSV and their kin: a row is a sample, a column a component."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.errors import DataError
from lossctl.tables import fast, strict
from lossctl.tables.dialect import Dialect, counts_up, is_header, recognise
from lossctl.tables.records import Records
from lossctl.tables.source import Source
from lossctl.tables.table import Block, Place, TableOptions, unique_names

SMALL = 1 << 23
"""Up to this size, importing pandas takes longer than the strict reader."""


class TextTable:
    """A text file or pipe of rows of numbers, or of one class label a row."""

    boolean = False

    def __init__(self, path: str, options: TableOptions) -> None:
        self.path: str | None = path
        self._source = Source(path)
        self.name = self._source.name
        self._records = Records(self._source)
        self._cell: strict.Cell = strict.number
        self._fast = not self._small()
        self.columns: tuple[str, ...] | None = None
        first = self._peek()
        if not first:
            raise DataError(f"{self.name}: the file is empty")
        if first == "\n":
            raise DataError(f"{self.name}:1: a blank line")
        where = f"{self.name}:1"
        self._dialect = Dialect(options.delimiter) if options.delimiter else recognise(first, where)
        self._first = self._cells(first)
        self.width = len(self._first)
        self._header_open = options.header is None
        if is_header(self._first, options.labels, where) if self._header_open else options.header:
            self.take_header()

    def _small(self) -> bool:
        size = self._source.size
        return self._records.ended if size is None else size <= SMALL

    def _peek(self) -> str:
        """Return the next record with its newline; nothing at the end."""
        return self._records.peek(1)[0].decode("utf-8", "surrogateescape")

    def _cells(self, record: str) -> list[str]:
        where = Place(lambda offset: f"{self.name}:{self._records.line + offset}")
        found = [cells for _, cells in strict.cells_of(record, self._dialect, where)]
        if len(found) != 1:
            raise DataError(f"{where.row(0)}: a quotation mark is out of place")
        return found[0]

    def take_header(self) -> None:
        """Treat the first row, so far a sample, as the names of the columns."""
        self._header_open = False
        self.columns = unique_names(self._first, f"{self.name}:1")
        self._records.take(1)
        first = self._peek()
        if not first:
            raise DataError(f"{self.name}: there is no row below the header")
        self._first = self._cells(first)

    def warnings(self) -> list[tuple[str, str]]:
        """Return a warning if the last line has no newline, as in a file that was cut."""
        if self._records.final_newline:
            return []
        return [("no-final-newline", f"{self.name}: no newline at the end: is the file complete?")]

    def header_in_doubt(self) -> bool:
        """Return whether the first row, taken for a sample, is 0..k-1 or 1..k."""
        return self._header_open and counts_up(self._first)

    def first_label(self) -> str:
        """Return the text of the first cell."""
        return self._first[0]

    def use_names(self, names: tuple[str, ...]) -> None:
        """Read cells as class names."""
        self._cell = strict.class_index(names)
        self._fast = False

    def take(self, rows: int) -> TextSpan | None:
        """Return the next rows as a span that holds their bytes."""
        content, count, line = self._records.take(rows)
        return TextSpan(self, content, count, line) if count else None

    def read(self, span: TextSpan, rows: int) -> Block:
        """Return the rows of a span, by the fast reader if it can, else by the strict one."""
        whole = rows == span.rows
        if self._fast and whole:
            values = fast.read(span.content, span.rows, self.width, self._dialect)
            if values is not None:
                return Block(values, Place(span.where, self.columns))
        shape = strict.RowShape(self.name, self._dialect, self.width, self.columns)
        return strict.read(span.content, span.line, shape, self._cell, rows, whole=whole)

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._records.record_size()

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._source.close()


class TextSpan(NamedTuple):
    """Some rows of a text table, as bytes."""

    table: TextTable
    content: bytes
    rows: int
    line: int

    def where(self, row: int) -> str:
        """Return how messages name a row, where every record is one line."""
        return f"{self.table.name}:{self.line + row}"

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        return self.table.read(self, rows)
