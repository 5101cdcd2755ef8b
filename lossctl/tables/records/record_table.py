"""What tables of lines share: their spans are whole records, in memory or still in the file."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.tables.block import Block
from lossctl.tables.records.cuts import Cut
from lossctl.tables.records.lines import Lines
from lossctl.tables.records.records import Records
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import Table
from lossctl.tables.warnings import NoFinalNewline


class RecordTable(Table):
    """A table of lines: spans of a file know where they lie, those of a stream hold their bytes."""

    def __init__(self, stream: Stream, records: Records) -> None:
        self.name = stream.name
        self.records = records
        self._stream = stream
        self._lines: Lines | None = None
        self._source: Source | None = None
        """The file, where spans read it later."""
        self._started = False
        if not records.peek(1).records:
            raise DataError(f"{self.name}: the file is empty")

    def take(self, rows: int) -> RecordSpan | None:
        """Return the next rows: where they lie, or, as a stream's, with their bytes."""
        if not self._started:
            self._started, self._lines = True, self.records.rest()
            self._source = self._lines.source if self._lines else None
            self.reads_later = self._source is not None
        cut: Cut | None = None
        if self._lines is not None:
            cut = self._lines.take(rows)
            if cut is None:
                self.records.resume(self._lines)
                self._lines = None
        cut = cut or self.records.take(rows)
        if not cut.records and self._source:
            self._source.check()  # of what was read here; the other cuts check it themselves
        return RecordSpan(self, cut) if cut.records else None

    @abstractmethod
    def read(self, cut: Cut, rows: int) -> Block:
        """Return the first `rows` of some records as a block; any thread may call it."""

    def warnings(self) -> list[NoFinalNewline]:
        """Return a warning if the last line has no newline, as in a file that was cut."""
        return [] if self.records.final_newline else [NoFinalNewline(self.name)]

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self.records.record_size()

    def progress(self) -> float | None:
        """Return what part of the file was taken."""
        return self._lines.progress() if self._lines else self.records.progress()

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._stream.close()


class RecordSpan(NamedTuple):
    """Some rows of a table of lines."""

    table: RecordTable
    cut: Cut

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.cut.records

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        return self.table.read(self.cut, rows)
