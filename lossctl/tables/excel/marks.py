"""What calamine does not tell of a sheet: its errors, and formulas that were never calculated.

Both are empty cells to calamine, as missing values are. It also makes room for all cells between
the first and the last one, however far apart these are: that is looked at before, here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.parsers import expat

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted, visible
from lossctl.tables.streams.archive import Archive
from lossctl.tables.streams.stream import Stream

_PIECE = 1 << 18
_REFERENCE = re.compile(rb"""<c\s[^<>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_NOT_PLAIN = (b'"e"', b"'e'", b"<f", b":f", b":c", b"<!")
"""What no sheet holds without errors, formulas, prefixes of elements and entities."""
_DIGITS = "0123456789"
_FREE_CELLS = 1 << 21
"""So many cells may be empty, whatever the sheet looks like."""
_MOST_EMPTY = 8
"""So many empty cells there may be for each one that is not."""

Attributes = dict[str, str]


class Marks(NamedTuple):
    """What is to be known of a sheet beside the values of its cells."""

    errors: Mapping[int, Mapping[int, str]]
    """The cells that hold an error such as #N/A, by row and column from 0."""


def require_sound(archive: Archive) -> None:
    """Read all members to their verified ends, as calamine has no limit to what comes out of them.

    Raises DataError if one is damaged, and ResourceError if one expands too much.
    """
    for member in archive.names:
        content = archive.open(member)
        while content.read(_PIECE):
            pass


def marks_of(archive: Archive, sheet: str, name: str) -> Marks:
    """Return the marks of the sheet of that title; `name` is what messages call it.

    Raises DataError for a formula without a value and for cells that lie too far apart.
    """
    package = _Relations(archive, "")
    place = package.of_type("/officeDocument")
    workbook = _Workbook()
    _parse(archive, place, workbook.start)
    relation = workbook.sheets.get(sheet)
    member = _Relations(archive, place).targets.get(relation or "")
    if member is None:
        raise DataError("the workbook is damaged: it does not say where the sheet is", file=name)
    if _is_plain(archive.open(_member(archive, member))):
        return Marks({})
    cells = _Cells(name, workbook.stale)
    _parse(archive, member, cells.start, cells)
    _require_near(cells, name)
    return Marks(cells.errors)


def _is_plain(content: Stream) -> bool:
    """Return whether a sheet has neither errors nor formulas, and no cell is far from the others.

    This is quicker than to parse it, and False where it is in doubt.
    """
    count, last, columns, rest = 0, 0, set[bytes](), b""
    while part := content.read(_PIECE):
        part = rest + part
        end = part.rfind(b"<")  # no tag is looked at in two pieces
        part, rest = part[:end], part[end:]
        references = _REFERENCE.findall(part)
        cells = sum(part.count(b"<c" + after) for after in (b" ", b">", b"/", b"\t", b"\r", b"\n"))
        if cells != len(references) or any(sign in part for sign in _NOT_PLAIN):
            return False
        count += len(references)
        last = max(last, *(int(row) for _, row in references)) if references else last
        columns.update(column for column, _ in references)
    width = max((_number(column.decode()) for column in columns), default=0)
    return count > 0 and not _is_spread(count, last * width) and len(rest) < _PIECE


def _member(archive: Archive, path: str) -> str:
    """Return the name of the member at a path, be it in other letters; raise if there is none."""
    for name in archive.names:
        if name.lower() == path.lower():
            return name
    raise DataError(f"the workbook is damaged: {visible(path)} is missing", file=archive.name)


def _number(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _is_spread(count: int, room: int) -> bool:
    """Return whether so many cells are so few of those that there is room for."""
    return room > _FREE_CELLS + _MOST_EMPTY * count


def _parse(
    archive: Archive,
    member: str,
    start: Callable[[str, Attributes], None],
    cells: _Cells | None = None,
) -> None:
    content = archive.open(_member(archive, member))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = start
    if cells is not None:
        cells.parser = parser
    try:
        while part := content.read(_PIECE):
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"not a sound workbook ({visible(str(error))})", file=content.name
        ) from None


def _refuse_entities(*_: object) -> None:
    raise ValueError("it declares entities, as no spreadsheet does")


class _Workbook:
    """The relations of sheets by their titles, and whether formulas are still to be calculated."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.stale = False

    def start(self, element: str, attributes: Attributes) -> None:
        local = element.rpartition(":")[2]
        if local == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            self.sheets.setdefault(attributes.get("name", ""), relation)
        elif local == "calcPr":
            self.stale = attributes.get("fullCalcOnLoad") in ("1", "true")


class _Relations:
    """The members that a member, or the whole package, names: by their ids and by their types."""

    def __init__(self, archive: Archive, member: str) -> None:
        self.targets: dict[str, str] = {}
        self._folder, base = posixpath.split(member)
        self._types: dict[str, str] = {}
        self._name = archive.name
        _parse(archive, posixpath.join(self._folder, "_rels", f"{base}.rels"), self.start)

    def start(self, element: str, attributes: Attributes) -> None:
        if element.rpartition(":")[2] == "Relationship":
            target = posixpath.join("/", self._folder, attributes.get("Target", ""))
            path = posixpath.normpath(target).lstrip("/")
            self.targets[attributes.get("Id", "")] = path
            self._types.setdefault(attributes.get("Type", ""), path)

    def of_type(self, ending: str) -> str:
        """Return the first member of this type of relation; raise DataError if there is none."""
        for type_, path in self._types.items():
            if type_.endswith(ending):
                return path
        raise DataError("the workbook is damaged: it has no workbook", file=self._name)


class _Cells:
    """The cells of a sheet as they come; their text is looked at where it may be of interest."""

    parser: expat.XMLParserType

    def __init__(self, name: str, stale: bool) -> None:
        self.errors: dict[int, dict[int, str]] = {}
        self._name = name
        self._stale = stale
        self._prefix: str | None = None
        self.count = 0
        self._row = self._column = 0
        """Those of the current cell, from 1."""
        self.rows = self.columns = (1 << 30, 0)
        """The first and the last row, and column, of a cell that is not empty."""
        self._kind: str | None = None
        self._formula: list[str] | None = None
        self._value: list[str] = []

    def start(self, element: str, attributes: Attributes) -> None:
        if self._prefix is None:
            self._prefix = element.removesuffix("worksheet")
        local = element.removeprefix(self._prefix)
        if local == "c":
            self._at(attributes.get("r"))
            self._kind = attributes.get("t")
            if self._kind == "e":
                self._watch()
        elif local in ("v", "is"):
            self.count += 1
            self.rows = min(self.rows[0], self._row), max(self.rows[1], self._row)
            self.columns = min(self.columns[0], self._column), max(self.columns[1], self._column)
            self._value = []
            if self.parser.CharacterDataHandler is not None:
                self.parser.CharacterDataHandler = self._value.append
        elif local == "f":
            self._formula = []
            self._watch()
            self.parser.CharacterDataHandler = self._formula.append
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0

    def _at(self, reference: str | None) -> None:
        """Go to the cell of this reference, or, where it has none, to the next one."""
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip(_DIGITS)
        self._row = int(reference[len(letters) :])
        self._column = _number(letters)

    def _watch(self) -> None:
        """Look at the text of the current cell, and at its end."""
        self._value = []
        self.parser.CharacterDataHandler = self._ignore
        self.parser.EndElementHandler = self._end

    def _ignore(self, text: str) -> None:
        """Pass over text between elements."""

    def _end(self, element: str) -> None:
        if element.removeprefix(self._prefix or "") != "c":
            if self.parser.CharacterDataHandler is not None:
                self.parser.CharacterDataHandler = self._ignore
            return
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        value, formula = "".join(self._value).strip(), self._formula
        self._formula = None
        if self._kind == "e":
            self.errors.setdefault(self._row - 1, {})[self._column - 1] = value or "#ERROR!"
        elif formula is not None and (self._stale or not value):
            raise DataError(
                f"the formula {quoted('=' + ''.join(formula))} has no value in the file: it was "
                "never calculated",
                "open the workbook in a spreadsheet program and save it, or write values instead",
                file=self._name,
                line=self._row,
            )


def _require_near(cells: _Cells, name: str) -> None:
    """Raise DataError where so many cells are empty that they would fill the memory."""
    (top, bottom), (left, right) = cells.rows, cells.columns
    if cells.count and _is_spread(cells.count, (bottom - top + 1) * (right - left + 1)):
        raise DataError(
            f"its {cells.count} cells lie too far apart: on {bottom} rows and {right} columns",
            "remove the cells outside the table: in Excel, Ctrl+End goes to the last one",
            file=name,
        )
