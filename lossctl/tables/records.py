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
_UTF16 = ("UTF-16", "convert it to UTF-8: iconv -f UTF-16 -t UTF-8")
_NO_TEXT = {
    b"\xff\xfe": _UTF16,
    b"\xfe\xff": _UTF16,
    b"\x93NUMPY": ("NPY", "give it a name that ends in .npy"),
    b"\x1f\x8b": ("compressed (gzip)", "decompress it first: gunzip -k"),
    b"PK\x03\x04": ("a zip archive", "extract its member first"),
    b"PAR1": ("Parquet", None),
}


class Records:
    """The records of one stream, each ended by a newline (carriage returns are gone)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._buffer = b""
        self._start = 0
        """Where the next record starts in the buffer."""
        self._ends: NDArray[np.intp] = np.empty(0, np.intp)
        self._next = 0
        """Which of the ends in the buffer is that of the next record."""
        self._open_quotes = 0
        self.ended = False
        self.final_newline = True
        self.line = 1
        head = self._read()
        self._refuse_other_formats(head)
        while b"\n" not in head and head[:-1].count(b"\r") == 0 and not self.ended:
            head += self._read()  # the first line is longer, or ends between CR and LF
            self._require_short(len(head), self.line)
        self._carriage_returns = b"\n" not in head and b"\r" in head
        self._add(head.removeprefix(_BOM))

    def _refuse_other_formats(self, head: bytes) -> None:
        for magic, (what, hint) in _NO_TEXT.items():
            if head.startswith(magic):
                raise DataError(f"{self._source.name}: the file is {what}, not text", hint)

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
        """Drop what was taken and append a chunk; the last one is given a final newline."""
        if self._carriage_returns:
            if b"\n" in chunk:
                raise DataError(
                    f"{self._source.name}: lines end in carriage returns first, then in newlines"
                )
            chunk = chunk.replace(b"\r", b"\n")
        rest = self._buffer[self._start :]
        if self.ended:
            whole = chunk or rest
            self.final_newline = not whole or whole.endswith(b"\n")
            if not self.final_newline:
                chunk += b"\n"
        ends = np.concatenate(
            (self._ends[self._next :] - self._start, self._record_ends(chunk) + len(rest))
        )
        self._buffer, self._start, self._ends, self._next = rest + chunk, 0, ends, 0
        last = int(ends[-1]) if len(ends) else 0
        if self.ended and last < len(self._buffer):  # a quotation mark was left open
            self._ends = np.append(ends, len(self._buffer))
        self._require_short(len(self._buffer) - last, self.line + len(ends))

    def _require_short(self, size: int, line: int) -> None:
        if size > LONGEST_RECORD:
            raise DataError(
                f"{self._source.name}:{line}: a line of over {LONGEST_RECORD >> 20} MiB",
                "is this a text file, and is a quotation mark left open?",
            )

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

    def record_size(self) -> int:
        """Return the mean size in bytes of the records in the buffer."""
        return len(self._buffer) // max(len(self._ends), 1) + 1

    def peek(self, records: int) -> tuple[bytes, int]:
        """Return the next records, up to as many as asked for, and how many they are."""
        while len(self._ends) - self._next < records and not self.ended:
            self._add(self._read())
        count = min(records, len(self._ends) - self._next)
        if not count:
            return b"", 0
        content = self._buffer[self._start : self._ends[self._next + count - 1]]
        return content.replace(b"\r\n", b"\n"), count

    def take(self, records: int) -> tuple[bytes, int, int]:
        """Return the next records, how many they are, and the number of their first line."""
        content, count = self.peek(records)
        first_line = self.line
        if count:
            self._next += count
            self._start = int(self._ends[self._next - 1])
            self.line += count if b'"' not in content else content.count(b"\n")
        return content, count, first_line
