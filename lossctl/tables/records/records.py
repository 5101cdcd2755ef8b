"""A stream of bytes cut into records: lines, but for line ends inside quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.errors import DataError
from lossctl.tables.missing import starts_with_failure
from lossctl.tables.records.cuts import HeldCut
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream, pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lossctl.tables.records.lines import Lines

CHUNK = 1 << 22
LONGEST_RECORD = 1 << 24
_BOM = b"\xef\xbb\xbf"
_SEPARATOR = rb'(?i)("?)sep=([^\w"\r\n\x80-\xff]|\\t)\1(?:\r?\n|\r|\Z)'
"""Excel's first line that says which delimiter follows, and is no row: sep=;"""


class Records:
    """The records of one stream; a carriage return that alone ends lines is a newline here.

    A first line such as sep=; is passed over, and then lines that start with `comment`. Without
    `quotes` (and delimiters) a quotation mark is a character like any other.
    """

    def __init__(self, stream: Stream, *, quotes: bool = True, comment: bytes = b"") -> None:
        self._stream = stream
        self._quotes = quotes
        self._buffer = b""
        self._start = 0
        """Where the next record starts in the buffer."""
        self._ends: NDArray[np.intp] = np.empty(0, np.intp)
        self._next = 0
        """Which of the ends in the buffer is that of the next record."""
        self._open_quotes = 0
        self._offset = 0
        """Where the buffer starts in the stream."""
        self.ended = False
        self.final_newline = True
        self.line = 1
        self.separator: str | None = None
        """The delimiter that a first line such as sep=; names."""
        head = b"".join(self._read())
        while b"\n" not in head and head[:-1].count(b"\r") == 0 and not self.ended:
            head += b"".join(self._read())  # the first line is longer, or ends between CR and LF
            self._require_short(len(head), self.line)
        self._carriage_returns = b"\n" not in head and b"\r" in head
        if head.startswith(_BOM):
            head, self._offset = head.removeprefix(_BOM), len(_BOM)
        head = self._below_separator(head) if quotes else head
        self._add([self._below_comments(head, comment) if comment else head])

    def _below_separator(self, head: bytes) -> bytes:
        if not head[:5].lower().startswith((b"sep=", b'"sep=')):
            return head
        first = re.match(_SEPARATOR, head)
        if first is None:
            return head
        self.separator = first[2].decode().replace("\\t", "\t")
        self._offset += first.end()
        self.line += 1
        return head[first.end() :]

    def _below_comments(self, head: bytes, comment: bytes) -> bytes:
        newline = b"\r" if self._carriage_returns else b"\n"
        while head.startswith(comment) and not _is_row(head):
            while newline not in head and not self.ended:
                head += b"".join(self._read())
                self._require_short(len(head), self.line)
            size = len(head.split(newline, 1)[0]) + 1
            head = head[size:]
            self._offset += size
            self.line += 1
            while len(head) < len(comment) and not self.ended:
                head += b"".join(self._read())
        return head

    def _read(self) -> list[bytes]:
        """Return the next bytes of the stream, in pieces, of which none is copied here."""
        content = pieces(self._stream, CHUNK)
        self.ended = sum(map(len, content)) < CHUNK
        return content

    def _add(self, content: list[bytes]) -> None:
        """Drop what was taken and append a chunk; the last one is given a final newline."""
        if self._carriage_returns:
            if any(b"\n" in piece for piece in content):
                raise DataError(
                    "lines end in carriage returns first, then in newlines", file=self._stream.name
                )
            content = [piece.replace(b"\r", b"\n") for piece in content]
        rest = self._buffer[self._start :]
        if self.ended:
            last_piece = next((piece for piece in reversed(content) if piece), rest)
            self.final_newline = not last_piece or last_piece.endswith(b"\n")
            if not self.final_newline:
                content = [*content, b"\n"]
        buffer = b"".join((rest, *content))
        ends = np.concatenate(
            (self._ends[self._next :] - self._start, self._record_ends(buffer, len(rest)))
        )
        self._offset += self._start
        self._buffer, self._start, self._ends, self._next = buffer, 0, ends, 0
        last = int(ends[-1]) if len(ends) else 0
        if self.ended and last < len(self._buffer):  # a quotation mark was left open
            self._ends = np.append(ends, len(self._buffer))
        self._require_short(len(self._buffer) - last, self.line + len(ends))
        if len(self._buffer) > LONGEST_RECORD and len(ends):
            sizes = np.diff(ends, prepend=0)
            self._require_short(int(sizes.max()), self.line + int(sizes.argmax()))

    def _require_short(self, size: int, line: int) -> None:
        if size > LONGEST_RECORD:
            raise DataError(
                f"a line of over {LONGEST_RECORD >> 20} MiB",
                "is this a text file, and is a quotation mark left open?",
                file=self._stream.name,
                line=line,
            )

    def _record_ends(self, content: bytes, start: int) -> NDArray[np.intp]:
        """Return the offsets just behind each newline from `start` on that is not inside quotes."""
        characters = np.frombuffer(content, np.uint8, offset=start)
        ends = np.flatnonzero(characters == ord("\n")) + (start + 1)
        if self._quotes and (self._open_quotes or content.find(b'"', start) >= 0):
            quotes = np.flatnonzero(characters == ord('"')) + start
            before = np.searchsorted(quotes, ends) + self._open_quotes
            ends = ends[before % 2 == 0]
            self._open_quotes = (self._open_quotes + len(quotes)) % 2
        return ends

    def hand_over(self) -> Lines | None:
        """Return the lines to come, which `Lines` counts from now on; None where it cannot."""
        source = self._stream
        if not isinstance(source, Source) or source.size is None:
            return None
        if self.ended or self._carriage_returns or self._open_quotes:
            return None
        from lossctl.tables.records.lines import Lines

        offset = self._offset + self._start
        self._buffer, self._start, self._ends, self._next = b"", 0, self._ends[:0], 0
        return Lines(source, offset, self.line, quotes=self._quotes)

    def resume(self, lines: Lines) -> None:
        """Go on where these lines gave up."""
        lines.source.seek(lines.offset)
        self._offset, self.line = lines.offset, lines.line

    def record_size(self) -> int:
        """Return the mean size in bytes of the records in the buffer."""
        return len(self._buffer) // max(len(self._ends), 1) + 1

    def progress(self) -> float | None:
        """Return what part of the file was taken; of what is in the buffer, only that."""
        read, taken = self._offset + len(self._buffer), self._offset + self._start
        part = self._stream.progress()
        return None if part is None else part * taken / max(read, 1)

    def next_lines(self, size: int) -> str:
        """Return what comes next as text, whole lines of at most so many bytes together.

        Nothing is read for it; bytes that are not UTF-8 are replaced.
        """
        content = self._buffer[self._start : self._start + size]
        return content[: content.rfind(b"\n") + 1].decode("utf-8", "replace")

    def peek(self, records: int, size: int | None = None) -> HeldCut:
        """Return the next records, up to as many as asked for or as hold some more than `size`."""
        while len(self._ends) - self._next < records and not self.ended:
            held = len(self._buffer) - self._start
            if size is not None and self._next < len(self._ends) and held > size:
                break
            self._add(self._read())
        count = min(records, len(self._ends) - self._next)
        end = int(self._ends[self._next + count - 1]) if count else self._start
        content = self._buffer[self._start : end]
        cut = HeldCut(content, count, self.line, self._offset + self._start)
        is_last = self.ended and self._next + count == len(self._ends)
        cut.is_open = is_last and not self.final_newline
        return cut

    def take(self, records: int) -> HeldCut:
        """Return the next records, up to as many as asked for, and pass on to those behind."""
        cut = self.peek(records)
        if not cut.records:  # a shard may stay open for long behind its last row
            self._offset += self._start
            self._buffer, self._start = b"", 0
        self._next += cut.records
        self._start += len(cut.content)
        multiline = self._quotes and b'"' in cut.content
        self.line += cut.content.count(b"\n") if multiline else cut.records
        return cut


def is_separator(line: str) -> bool:
    """Return whether a line is Excel's that says the delimiter."""
    return re.fullmatch(_SEPARATOR, line.encode("utf-8", "surrogateescape")) is not None


def _is_row(head: bytes) -> bool:
    """Return whether the first line is a row of a spreadsheet that starts with #N/A or so."""
    return starts_with_failure(head[:256].decode("utf-8", "replace"))
