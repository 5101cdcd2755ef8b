"""A stream of bytes cut into records: lines, but for line ends inside quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lossctl.errors import DataError
from lossctl.tables.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 1 << 22
LONGEST_RECORD = 1 << 24
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Records:
    """The records of one stream, each ended by a newline (carriage returns are gone)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._buffer = b""
        self._ends: NDArray[np.intp] = np.empty(0, np.intp)
        self._open_quotes = 0
        self._carriage_returns = False
        self.ended = False
        self.final_newline = True
        self.line = 1
        self._start()

    def _start(self) -> None:
        head = self._read()
        if head.startswith(_UTF16):
            raise DataError(
                f"{self._source.name}: the file is UTF-16",
                "convert it to UTF-8 first, for example with iconv -f UTF-16 -t UTF-8",
            )
        self._carriage_returns = b"\n" not in head and b"\r" in head
        self._add(head.removeprefix(_BOM))

    def _read(self) -> bytes:
        parts, size = [], 0
        while size < CHUNK:
            part = self._source.read(CHUNK - size)
            if not part:
                self.ended = True
                break
            parts.append(part)
            size += len(part)
        return b"".join(parts)

    def _add(self, chunk: bytes) -> None:
        if self._carriage_returns:
            chunk = chunk.replace(b"\r", b"\n")
        if self.ended:
            whole = chunk or self._buffer
            self.final_newline = not whole or whole.endswith(b"\n")
            if not self.final_newline:
                chunk += b"\n"
        ends = self._record_ends(chunk) + len(self._buffer)
        self._buffer += chunk
        self._ends = np.concatenate((self._ends, ends))
        if (
            self.ended
            and self._buffer
            and (not len(self._ends) or self._ends[-1] != len(self._buffer))
        ):
            self._ends = np.append(self._ends, len(self._buffer))

    def _record_ends(self, chunk: bytes) -> NDArray[np.intp]:
        """Return the offsets just behind each newline that is not inside quotes."""
        characters = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero(characters == ord("\n")) + 1
        if self._open_quotes or b'"' in chunk:
            quotes = np.flatnonzero(characters == ord('"'))
            before = np.searchsorted(quotes, ends) + self._open_quotes
            ends = ends[before % 2 == 0]
            self._open_quotes = (self._open_quotes + len(quotes)) % 2
        return ends

    def peek(self, records: int) -> tuple[bytes, int]:
        """Return the next records, up to as many as asked for, and how many they are."""
        while len(self._ends) < records and not self.ended:
            self._add(self._read())
            if not len(self._ends) and len(self._buffer) > LONGEST_RECORD:
                raise DataError(
                    f"{self._source.name}:{self.line}: a line of over {LONGEST_RECORD >> 20} MiB",
                    "is this a text file, and is a quotation mark left open?",
                )
        count = min(records, len(self._ends))
        return (self._buffer[: self._ends[count - 1]], count) if count else (b"", 0)

    def take(self, records: int) -> tuple[bytes, int, int]:
        """Return the next records, how many they are, and the number of their first line."""
        content, count = self.peek(records)
        first_line = self.line
        self._buffer = self._buffer[len(content) :]
        self._ends = self._ends[count:] - len(content)
        self.line += count if b'"' not in content else content.count(b"\n")
        return content.replace(b"\r\n", b"\n"), count, first_line
