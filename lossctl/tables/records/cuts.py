"""Some whole records of a stream, as bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lossctl.base.errors import DataError
from lossctl.tables.streams.source import Source

MAY_BE_CUT_OFF = "the file ends here without a newline, so it may be cut off"
"""A hint begins so on what a file ends with, where that may be the cause."""


class Cut(ABC):
    """Some records as they stand in the stream, and where the first one starts."""

    def __init__(self, size: int, records: int, line: int, offset: int) -> None:
        self.size = size
        """In bytes."""
        self.records = records
        self.line = line
        """The number of the first one's line, from 1."""
        self.offset = offset
        """How many bytes stand before it."""
        self.is_open = False
        """Whether the file ends with its last record, which has no newline there."""

    @property
    @abstractmethod
    def content(self) -> bytes:
        """The records."""

    def lines(self) -> bytes:
        """Return the records, each ended by a newline, without the carriage returns before it."""
        content = self.content
        return content.replace(b"\r\n", b"\n") if b"\r" in content else content

    def is_cut_off_at(self, row: int | None) -> bool:
        """Return whether the record of this index is the last one, and may be cut off."""
        return self.is_open and row == self.records - 1

    def text(self) -> str:
        """Return the same as text; bytes that are not UTF-8 are kept as surrogates."""
        return self.lines().decode("utf-8", "surrogateescape")


def doubt_the_end(error: DataError) -> None:
    """Say in the hint of an error first that the file may be cut off where it is."""
    rest = f"; if it is not: {error.hint}" if error.hint else ""
    error.hint = f"{MAY_BE_CUT_OFF}{rest}"


class HeldCut(Cut):
    """Records in memory."""

    def __init__(self, content: bytes, records: int, line: int, offset: int) -> None:
        super().__init__(len(content), records, line, offset)
        self._content = content

    @property
    def content(self) -> bytes:
        """The records."""
        return self._content


class FileCut(Cut):
    """Records of a file: their bytes; in another process, where these lie."""

    def __init__(
        self, source: Source, content: bytes, records: int, line: int, offset: int
    ) -> None:
        super().__init__(len(content), records, line, offset)
        self._source = source
        self._content: bytes | None = content

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_content": None}

    @property
    def content(self) -> bytes:
        """The records; raises ResourceError if the file changed since it was opened."""
        if self._content is None:
            return self._source.read_at(self.offset, self.size)
        self._source.check()
        return self._content
