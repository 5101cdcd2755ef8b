"""CSV, TSV and their kin: a row is a sample, a column a component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.tables.block import Block
from lossctl.tables.cells import is_boolean
from lossctl.tables.place import OneLineEach, Spot
from lossctl.tables.records.cuts import Cut
from lossctl.tables.records.record_table import RecordTable
from lossctl.tables.records.records import Records
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import (
    HEAD,
    Reading,
    Selection,
    TableOptions,
    all_columns,
    unique_names,
)
from lossctl.tables.text import fast, strict
from lossctl.tables.text.dialect import Dialect, is_header, recognise

SMALL = 1 << 23
"""Up to this size, importing pandas takes longer than the strict reader."""


class TextTable(RecordTable):
    """Rows of cells between delimiters, with or without a header."""

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        self._options = options
        comment = (options.comment or "").encode("utf-8", "surrogateescape")
        super().__init__(stream, Records(stream, comment=comment))
        size = stream.size
        self._large = not self.records.ended if size is None else size > SMALL
        first = self._peek()
        where = Spot(self.name, line=self.records.line)
        self._refuse_other_formats(first, where)
        if options.delimiter:
            self._dialect = Dialect(options.delimiter, options.decimal)
        else:
            self._dialect = recognise(first, where, options.decimal)
        self._first = self._cells(first)
        self.width = len(self._first)
        self._header_open = options.header is None
        points = [cell.replace(options.decimal, ".") for cell in self._first]
        if self._header_open:
            self._require_no_doubt(where)
        if is_header(points, options.labels, where) if self._header_open else options.header:
            self.take_header()
        self.select(all_columns(self.width))

    def _require_no_doubt(self, where: Spot) -> None:
        """Raise DataError for true and false above true and false: names or a sample."""
        if all(map(is_boolean, self._first)):
            below = self.records.peek(2).text()
            rows = strict.cells_of(below, self._dialect, OneLineEach(self.name, 1))
            if all(is_boolean(cell) for _, cells in rows for cell in cells):
                raise where.error(
                    "the first row may be a header or a sample: it is true and false",
                    "pass --header or --no-header, or --targets-header or --no-targets-header",
                )

    def _refuse_other_formats(self, first: str, where: Spot) -> None:
        if first == "\n":
            raise where.error("a blank line")
        if first.startswith("#") and not self._options.header:
            raise where.error(
                "the first line starts with '#': is it a comment, or the header?",
                "pass --comment '#' to pass over such lines (and --classes A,B to name the "
                "columns), or --header if the first name does start with it",
            )
        if first.startswith(("{", "[")):
            raise where.error(
                "this is JSON, not a row of cells",
                "give the file a name that ends in .jsonl, or pass --format-in jsonl",
            )

    def _peek(self) -> str:
        """Return the next record with its newline; nothing at the end."""
        return self.records.peek(1).text()

    def _cells(self, record: str) -> list[str]:
        where = OneLineEach(self.name, self.records.line)
        rows = [cells for _, cells in strict.cells_of(record, self._dialect, where)]
        if len(rows) != 1:
            raise where.spot(0).error("a quotation mark is out of place")
        return rows[0]

    def take_header(self) -> None:
        """Treat the first row, so far a sample, as the names of the columns."""
        self._header_open = False
        self.columns = unique_names(self._first, Spot(self.name, self.records.line))
        self.records.take(1)
        first = self._peek()
        if not first:
            raise DataError("there is no row below the header", file=self.name)
        self._first = self._cells(first)

    def undecided_row(self) -> list[str]:
        """Return the cells of the first row, taken for a sample, unless its user said so."""
        return self._first if self._header_open else []

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows; an empty one where a row is short.

        They end at a row that cannot be parsed, which is an error when it is read.
        """
        yield [self._cell(self._first, column) for column in columns]
        cut = self.records.peek(HEAD)
        where = OneLineEach(self.name, cut.line)
        rows = strict.cells_of(cut.text(), self._dialect, where)
        with suppress(DataError):
            for _, cells in islice(rows, 1, None):
                yield [self._cell(cells, column) for column in columns]

    def _cell(self, cells: list[str], column: int) -> str:
        text = cells[column] if column < len(cells) else ""
        pointed = text.replace(self._dialect.decimal, ".")
        return pointed if is_number(pointed) else text

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        reading = Reading(self.name, selection, self.columns)
        self.reader = TextReader(strict.Layout(reading, self._dialect, self.width), self._large)


class TextReader(NamedTuple):
    """How the records of a text table are read."""

    layout: strict.Layout
    large: bool

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the rows of a cut, by the fast reader if it can, else by the strict one."""
        if rows == cut.records:
            block = fast.read(cut, self.layout, self.large)
            if block is not None:
                return block
        return strict.read(cut, self.layout, rows)
