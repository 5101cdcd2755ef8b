"""What tables of lines share: their spans are whole records, in memory or still in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from lossctl.tables.block import Block
from lossctl.tables.place import Spot
from lossctl.tables.records.cuts import Cut
from lossctl.tables.records.records import Records
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import NoRows, Table
from lossctl.tables.warnings import NoFinalNewline

if TYPE_CHECKING:
    from lossctl.tables.records.lines import Lines


class RecordReader(Protocol):
    """How the records of a table are read: a value, which any thread and any machine may call."""

    def read(self, cut: Cut, rows: int) -> Block:
        """Return the first `rows` records of a cut; raise DataError at the first bad one."""


class RecordTable(Table):
    """A table of lines: spans of a file know where they lie, those of a stream hold their bytes."""

    stream: Stream
    reader: RecordReader
    """How the selected columns are read."""

    def __init__(self, stream: Stream, records: Records) -> None:
        self.name = stream.name
        self.stream = stream
        self.records = records
        self._begun = False
        self._lines: Lines | None = None
        """The lines of a file that are taken without reading them, until they give up."""
        if not records.peek(1).records:
            raise NoRows("the file is empty", file=self.name, content=False)

    def first_row(self) -> Spot:
        """Return where the first row stands, before anything is taken."""
        return Spot(self.name, line=self.records.line)

    def take(self, rows: int) -> RecordSpan | None:
        """Return the next rows: where they lie, or, as a stream's, with their bytes."""
        if not self._begun:
            self._begun, self._lines = True, self.records.hand_over()
        cut: Cut | None = None
        if self._lines is not None:
            cut = self._lines.take(rows)
            if cut is None:
                self.records.resume(self._lines)
                self._lines = None
        cut = cut or self.records.take(rows)
        if not cut.records:
            self.check()  # what was read here; the other cuts check it themselves
            return None
        return RecordSpan(self.reader, cut)

    def warnings(self) -> list[NoFinalNewline]:
        """Return a warning if the last line has no newline, as in a file that was cut."""
        return [] if self.records.final_newline else [NoFinalNewline(table=self.name)]

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self.records.record_size()

    def progress(self) -> float | None:
        """Return what part of the file was taken."""
        return self._lines.progress() if self._lines else self.records.progress()


class RecordSpan(NamedTuple):
    """Some rows of a table of lines."""

    reader: RecordReader
    cut: Cut

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.cut.records

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        return self.reader.read(self.cut, rows)
