"""Some whole records of a stream, as bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lossctl.tables.streams.source import Source


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

    @property
    @abstractmethod
    def content(self) -> bytes:
        """The records."""

    def lines(self) -> bytes:
        """Return the records, each ended by a newline, without the carriage returns before it."""
        content = self.content
        return content.replace(b"\r\n", b"\n") if b"\r" in content else content

    def text(self) -> str:
        """Return the same as text; bytes that are not UTF-8 are kept as surrogates."""
        return self.lines().decode("utf-8", "surrogateescape")


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
