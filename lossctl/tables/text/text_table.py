"""CSV, TSV and their kin: a row is a sample, a column a component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from lossctl.base.errors import DataError
from lossctl.tables.cells import Meaning, number_with, with_point
from lossctl.tables.column_names import unique_names
from lossctl.tables.heads import begins_json
from lossctl.tables.missing import is_missing, starts_with_failure
from lossctl.tables.place import OneLineEach, Spot
from lossctl.tables.records.record_table import RecordSpan, RecordTable
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
from lossctl.tables.text import strict
from lossctl.tables.text.dialect import (
    BESIDE_LISTS,
    IN_NAMES,
    MANY,
    Dialect,
    decimals,
    recognise,
    require_agreement,
    require_no_decimals,
    unused_in,
)
from lossctl.tables.text.header import are_quoted_alone, is_header, is_label, require_no_doubt
from lossctl.tables.text.reader import TextReader

SMALL = 1 << 23
"""Up to this size, importing pandas takes longer than the strict reader."""
_SEEN = 1 << 16
"""So many bytes of the first rows are looked at for what their commas mean, and for lists."""
_HEAD_SIZE = 1 << 24
"""Of the first rows no more is held than this, however wide they are; in bytes."""


class TextTable(RecordTable):
    """Rows of cells between delimiters, with or without a header."""

    delimited = True

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        self._options = options
        comment = (options.comment or "").encode("utf-8", "surrogateescape")
        super().__init__(stream, Records(stream, comment=comment))
        size = stream.size
        self._large = not self.records.ended if size is None else size > SMALL
        first = self._peek()
        where = Spot(self.name, line=self.records.line)
        self._refuse_other_formats(first, where)
        self._comma_found, self._decimals = False, list[str]()
        self._dialect = self._dialect_of(first, where)
        self._first = self._cells(first)
        self._header_open = options.header is None
        if self._has_header(first, where) if self._header_open else options.header:
            self.take_header()
        else:
            self._settle_columns(None)
            self._decimals = self._maybe_decimals()
            require_no_decimals(self._decimals, where)

    def _maybe_decimals(self) -> list[str]:
        """Return the numbers that its first rows may be, with decimal commas, as well as two."""
        if not self._comma_found or self.columns is not None or self.width != 2:
            return []
        found = decimals(chain([self._first], self._below()))
        return [] if found and '"' in self.records.next_lines(_SEEN) else found

    def commas_in_doubt(self) -> bool:
        """Return whether each of its first rows, which are many, may be one such number."""
        return len(self._decimals) >= MANY

    def _has_header(self, first: str, where: Spot) -> bool:
        """Return whether the first row names the columns; raise DataError where it may not."""
        if is_label(self._first, self._below, self._options.labels):
            return False
        if first.startswith('"') and are_quoted_alone(first, self.records.peek(2).text()):
            return True
        require_no_doubt(self._first, self._below, where)
        points = self._first
        if self._options.decimal != "." or "[" in first:
            points = [self._plain(cell) for cell in points]
        return is_header(points, self._below, where)

    def _dialect_of(self, first: str, where: Spot) -> Dialect:
        """Return what the user, the file or its first record says; raise DataError if they differ.

        `first` is the first record, and stands there.
        """
        options, announced = self._options, self.records.separator
        if announced is not None:
            require_agreement(announced, options.delimiter, self.name)
        told = announced or options.delimiter
        if told:
            dialect = Dialect(told, options.decimal)
        elif any(first.rstrip("\n") in known for known in options.labels):
            dialect = Dialect(",", options.decimal)  # a label of several words
        else:
            of_names = "|" in first and not self._is_below("|")
            parted = first.replace("|", "") if of_names else first
            dialect = recognise(parted, where, options.decimal)
            if dialect.delimiter not in first and self._is_list_below():
                dialect = dialect._replace(delimiter=BESIDE_LISTS)
            elif dialect.delimiter in IN_NAMES and not self._is_below(dialect.delimiter):
                dialect = dialect._replace(delimiter=unused_in(first))
            else:
                self._comma_found = dialect.delimiter == ","
        return dialect._replace(commas=self._has_decimal_commas(dialect))

    def _is_below(self, delimiter: str) -> bool:
        """Return whether some of the first rows, below the very first one, have a delimiter."""
        rows = self.records.peek(HEAD, _HEAD_SIZE).text().splitlines()[1:]
        return not rows or any(delimiter in row.strip(" ") for row in rows)

    def _is_list_below(self) -> bool:
        """Return whether the row below the first is one list without quotation marks."""
        below = self.records.peek(2).text().split("\n", 1)[1].rstrip("\n")
        if not below.startswith("["):
            return False
        from lossctl.tables.text.bracketed import components

        return components(below, self._options.decimal) is not None

    def _has_decimal_commas(self, dialect: Dialect) -> bool:
        seen = self.records.next_lines(_SEEN)
        if dialect.decimal == "," or "," not in seen:
            return False
        if dialect.delimiter == "," and '"' not in seen:
            return False
        from lossctl.tables.oddities import decimal_comma_in

        return decimal_comma_in(seen, dialect.delimiter)

    def _plain(self, cell: str) -> str:
        """Return a cell for those who look for names: with a decimal point, and 0 for a list."""
        if "[" in cell:
            from lossctl.tables.text.bracketed import spread_of

            if spread_of([cell], None, self._dialect.decimal):
                return "0"
        return cell.replace(self._options.decimal, ".")

    def _settle_columns(self, names: tuple[str, ...] | None) -> None:
        """Find out what columns there are, by their names and by lists in the first row."""
        self._cell_count = len(self._first if names is None else names)
        first = self._first_lists() if self._may_hold_lists() else self._first
        first = [*first, *[""] * self._cell_count][: self._cell_count]
        self._spread = None
        if "[" in "".join(first):
            from lossctl.tables.text.bracketed import spread_of

            self._spread = spread_of(first, names, self._dialect.decimal)
        if self._spread is None:
            self.width, self.columns, self.lists = self._cell_count, names, {}
        else:
            self.width, self.lists = self._spread.width, self._spread.lists
            columns = self._spread.columns
            where = Spot(self.name, self.records.line)
            self.columns = None if columns is None else unique_names(list(columns), where)
        self.select(all_columns(self.width))

    def _may_hold_lists(self) -> bool:
        """Return whether some cell is missing in the first row where there are lists below it."""
        return "[" in self.records.next_lines(_SEEN) and any(map(is_missing, self._first))

    def _first_lists(self) -> list[str]:
        """Return the first row, with the first cell of its column for one that is missing."""
        first = list(self._first)
        for cells in self._rows():
            for column, cell in enumerate(cells[: len(first)]):
                if is_missing(first[column]):
                    first[column] = cell
        return first

    def _refuse_other_formats(self, first: str, where: Spot) -> None:
        if first == "\n":
            raise where.error("a blank line")
        if self._options.header:
            return
        if first.startswith("#") and not starts_with_failure(first):
            raise where.error(
                "the first line starts with '#': is it a comment, or the header?",
                "pass --comment '#' to pass over such lines (and --classes A,B to name the "
                "columns), or --header if the first name does start with it",
            )
        if first.startswith(("{", "[")) and begins_json(first):
            from lossctl.tables.text.bracketed import why_no_row

            raise where.error(*why_no_row(first))

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
        names = unique_names(self._first, Spot(self.name, self.records.line))
        self.records.take(1)
        first = self._peek()
        if not first:
            raise self._no_row(names)
        self._refuse_row_names(first, len(names))
        self._first = self._cells(first)
        self._settle_columns(names)

    def _refuse_row_names(self, first: str, names: int) -> None:
        """Raise DataError if the header is one name short of the first row below it."""
        short = first.count(self._dialect.delimiter) >= names
        if short or (names == 1 and any(mark in first.strip() for mark in ' \t;,|"')):
            from lossctl.tables.text.row_names import refuse_row_names

            where = Spot(self.name, self.records.line)
            refuse_row_names(first, names, self._dialect, where)

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column mean as numbers."""
        return number_with(self._dialect.decimal)

    def undecided_row(self) -> list[str]:
        """Return the cells of the first row, taken for a sample, unless its user said so."""
        return self._first if self._header_open else []

    def _no_row(self, names: tuple[str, ...]) -> DataError:
        """Return the error for a header alone, which may be cut off if its line has no end."""
        reason = "there is no row below the header"
        if not self.records.final_newline:
            return DataError(reason, file=self.name)
        return NoRows(reason, file=self.name, columns=names, width=len(names))

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows; an empty one where a row is short.

        They end at a row that cannot be parsed, which is an error when it is read.
        """
        yield self._chosen(self._first, columns)
        for cells in self._below():
            yield self._chosen(cells, columns)

    def _below(self) -> Iterator[list[str]]:
        """Yield the cells of the first rows but the very first one."""
        with suppress(DataError):
            yield from islice(self._rows(), 1, None)

    def _rows(self) -> Iterator[list[str]]:
        """Return the cells of the first rows, which are read now and parsed one by one."""
        where = OneLineEach(self.name, self.records.line)
        text = self.records.peek(HEAD, _HEAD_SIZE).text()
        return (cells for _, cells in strict.cells_of(text, self._dialect, where))

    def _chosen(self, cells: list[str], columns: Sequence[int]) -> list[str]:
        if self._spread is not None:
            from lossctl.tables.text.bracketed import shown

            cells = shown(cells, self._spread, self._dialect.decimal)
        decimal, width = self._dialect.decimal, len(cells)
        chosen = [cells[column] if column < width else "" for column in columns]
        return chosen if decimal == "." else [with_point(cell, decimal) for cell in chosen]

    def take(self, rows: int) -> RecordSpan | None:
        """Return the next rows: where they lie, or, as a stream's, with their bytes."""
        self._first = []  # of a million columns
        return super().take(rows)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        values = selection.values
        if len(values) == self.width and tuple(values) == tuple(range(self.width)):
            selection = selection._replace(values=range(self.width))
        reading = Reading(self.name, selection, self.columns)
        layout = strict.Layout(reading, self._dialect, self._cell_count, self._spread)
        self.reader = TextReader.of(layout, self._large)
