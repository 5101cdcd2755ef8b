"""CSV, TSV and their kin: a row is a sample, a column a component."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.errors import DataError
from lossctl.tables import fast, strict
from lossctl.tables.dialect import Dialect, check_header, is_header, is_number, recognise
from lossctl.tables.records import Records
from lossctl.tables.source import Source
from lossctl.tables.table import Block, Place, TableOptions, counts_up
from lossctl.wording import quoted

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
        first = self._first_record()
        where = f"{self.name}:1"
        self._dialect = Dialect(options.delimiter) if options.delimiter else recognise(first, where)
        self._first = self._cells(first)
        self.width = len(self._first)
        header = options.header
        if is_header(self._first, options.names, where) if header is None else header:
            self.take_header()

    def _small(self) -> bool:
        size = self._source.size
        return self._records.ended if size is None else size <= SMALL

    def _first_record(self) -> str:
        content, count = self._records.peek(1)
        if not count:
            raise DataError(f"{self.name}: the file is empty")
        text = content.decode("utf-8", "surrogateescape")
        if not text.strip("\r\n"):
            raise DataError(f"{self.name}:1: a blank line", "remove it")
        return text.replace("\r\n", "\n")

    def _cells(self, record: str) -> list[str]:
        for _, cells in strict.cells_of(record, self._dialect, lambda n: f"{self.name}:{1 + n}"):
            return cells
        return []

    def take_header(self) -> None:
        """Treat the first row, so far a sample, as the names of the columns."""
        self.columns = check_header(self._first, f"{self.name}:1")
        self._records.take(1)
        content, count = self._records.peek(1)
        if not count:
            raise DataError(f"{self.name}: there is no row below the header")
        self._first = self._cells(content.decode("utf-8", "surrogateescape").replace("\r\n", "\n"))

    def warnings(self) -> list[tuple[str, str]]:
        """Return a warning if the last line has no newline, as in a file that was cut."""
        if self._records.final_newline:
            return []
        return [("no-final-newline", f"{self.name}: no newline at the end: is the file complete?")]

    def numbered(self) -> bool:
        """Return whether the first row is 0..k-1 or 1..k and not known to be a sample."""
        if self.columns is not None or not all(is_number(cell) for cell in self._first):
            return False
        return counts_up([float(cell) for cell in self._first])

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

    def read(self, span: TextSpan, rows: int | None) -> Block:
        """Return the rows of a span, by the fast reader if it can, else by the strict one."""
        if self._fast and rows is None:
            values = fast.read(span.content, span.rows, self.width, self._dialect)
            if values is not None:
                return Block(values, Place(span.where, self.columns))
        layout = strict.Layout(self.name, self._dialect, self.width, self.columns)
        block = strict.read(span.content, span.line, layout, self._cell, rows)
        if len(block.values) != (span.rows if rows is None else rows):
            raise DataError(
                f"{span.where(0)}: a quotation mark is out of place",
                f"near {quoted(span.content[:40].decode('utf-8', 'surrogateescape'))}",
            )
        return block

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

    def load(self, rows: int | None = None) -> Block:
        """Read the rows, or only the first `rows` of them."""
        return self.table.read(self, rows)
