"""Excel workbooks: one sheet, as the rows that saving it as CSV would write."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import StringIO
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError, ResourceError, UsageError
from lossctl.base.wording import choose, listed, quoted, visible
from lossctl.tables.cells import EXACT_BELOW
from lossctl.tables.excel.marks import Marks, marks_of, require_sound
from lossctl.tables.place import Spot
from lossctl.tables.records.records import is_separator
from lossctl.tables.streams.archive import Archive
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream, regular
from lossctl.tables.table import HEAD, TableOptions
from lossctl.tables.text.text_table import TextTable

_DELIMITER = "\t"


def open_workbook(stream: Stream, options: TableOptions) -> TextTable:
    """Return the sheet called `options.key`, or the only one, as a table.

    Raises UsageError for a key that no sheet has, and DataError where several could be meant or the
    workbook is damaged. What is said of text tables holds of it; its lines are the sheet's rows.
    """
    source = regular(stream, "a workbook")
    archive = Archive(source, options.limited)
    require_sound(archive)
    with _reading(source.name):
        book = CalamineWorkbook.from_path(f"/dev/fd/{source.descriptor}")
        name = _sheet_name(book, options.key, source.name)
    shown = f"{source.name}:{visible(name)}"
    marks = marks_of(archive, name, shown)
    with _reading(shown):
        text = SheetText(source, shown, book.get_sheet_by_name(name), marks, options)
    return TextTable(text, options._replace(delimiter=_DELIMITER, comment=text.comment))


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say of which workbook an error of calamine is; it also panics, which is no Exception."""
    try:
        yield
    except (CalamineError, ValueError, OverflowError) as error:
        if isinstance(error, DataError | UsageError):
            raise
        raise _unsound(name, error) from None
    except OSError as error:
        if isinstance(error, ResourceError):
            raise
        raise ResourceError(f"{name}: {error.strerror or error}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _unsound(name, error) from None


def _unsound(name: str, error: BaseException) -> DataError:
    return DataError(
        f"not a sound workbook ({visible(str(error))})",
        "save it anew in a spreadsheet program, or as CSV",
        file=name,
    )


def _sheet_name(book: CalamineWorkbook, key: str | None, name: str) -> str:
    sheets = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if key is not None:
        if key not in sheets:
            raise UsageError(*choose("sheet", key, map(visible, sheets)))
        return key
    if len(sheets) != 1:
        raise DataError(
            f"a workbook of {len(sheets)} sheets: {listed(map(visible, sheets), 10)}",
            f"say which: {name}:NAME, or --key NAME",
            file=name,
        )
    return sheets[0]


class SheetText:
    """A sheet as delimited text in UTF-8, a line a row, without the empty rows at its end."""

    size: int | None = None

    def __init__(
        self, source: Source, name: str, sheet: Any, marks: Marks, options: TableOptions
    ) -> None:
        self.name = name
        self.source = source
        self._sheet = sheet
        self._marks = marks
        self._decimal = options.decimal
        self._passed = options.comment
        self.comment = options.comment or "#"
        """What the lines above the table start with."""
        self._timed: set[int] = set()
        """The columns in which a date comes with a time, if only in another row."""
        self._held = b""
        self._taken = 0
        self._lines = self._text_of_rows()

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of text; b"" at the end."""
        if not self._held:
            with _reading(self.name):
                self._held = "".join(islice(self._lines, HEAD)).encode("utf-8", "surrogatepass")
        part, self._held = self._held[:size], self._held[size:]
        return part

    def progress(self) -> float:
        """Return what part of the rows was read."""
        return self._taken / max(int(self._sheet.height), 1)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self.source.close()

    def _text_of_rows(self) -> Iterator[str]:
        """Yield the rows down to the last one that is not empty.

        Those above the table, empty or a comment, are comments, so that lines are rows. The words
        of the first row are in quotation marks: "# id" or "[0]" is no comment, no JSON.
        """
        if self._sheet.start is None:
            return
        self._timed = _timed_columns(self._sheet)
        rows = self._rows()
        for cells in rows:
            if any(cells) and not (self._passed and cells[0].startswith(self._passed)):
                self._refuse_delimiter(cells)
                yield _first_written(cells)
                break
            yield f"{self.comment}\n"
        empty: list[str] = []
        for cells in rows:
            line = _written(cells, csv.QUOTE_MINIMAL)
            if any(cells):
                yield from empty
                yield line
                empty.clear()
            else:
                empty.append(line)

    def _refuse_delimiter(self, cells: list[str]) -> None:
        """Raise DataError for the line of a text file that says its delimiter."""
        if is_separator(cells[0]) and not any(cells[1:]):
            raise Spot(self.name, line=self._taken).error(
                f"{quoted(cells[0])} says the delimiter of a text file, and a workbook has none",
                f"remove the row, or pass over it with --comment {cells[0][:4]}",
                column=1,
                value=cells[0],
            )

    def _rows(self) -> Iterator[list[str]]:
        """Yield all rows as texts, without the columns before the first one that is not empty."""
        left = self._sheet.start[1]
        for row, values in enumerate(self._sheet.iter_rows()):
            cells = [self._text(value, column) for column, value in enumerate(values)]
            for column, error in self._marks.errors.get(row, {}).items():
                cells[column - left] = error
            self._taken += 1
            yield cells

    def _text(self, value: object, column: int) -> str:
        if isinstance(value, float):
            whole = value.is_integer() and abs(value) < EXACT_BELOW
            text = str(int(value)) if whole else repr(value)
            return text if self._decimal == "." else text.replace(".", self._decimal)
        if isinstance(value, date):
            if column in self._timed and not isinstance(value, datetime):
                value = datetime(value.year, value.month, value.day)
            return value.isoformat()
        return str(value)


def _first_written(cells: list[str]) -> str:
    """Return cells as a line of text, in quotation marks but for numbers."""
    quotes = (f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells)
    shown = (cell if is_number(cell) else word for cell, word in zip(cells, quotes, strict=True))
    return _DELIMITER.join(shown) + "\n"


def _written(cells: list[str], quoting: Any) -> str:
    """Return cells as a line of text."""
    line = StringIO()
    csv.writer(line, delimiter=_DELIMITER, lineterminator="\n", quoting=quoting).writerow(cells)
    return line.getvalue()


def _timed_columns(sheet: Any) -> set[int]:
    """Return the columns in which a date comes with a time; calamine leaves out midnight."""
    if not any(isinstance(value, date) for row in islice(sheet.iter_rows(), HEAD) for value in row):
        return set()
    return {
        column
        for row in sheet.iter_rows()
        for column, value in enumerate(row)
        if isinstance(value, datetime)
    }
