"""The lines of a file in runs of as many as asked for, found by counting newlines."""

from __future__ import annotations

from lossctl.tables.records.cuts import FileCut
from lossctl.tables.streams.source import Source
from lossctl.tables.text.compiled import first_lines

_CHUNK = 1 << 18
"""So many bytes are read at least."""
_LONGEST = 1 << 23
"""So many bytes without a newline are left to `Records`, which refuses what is too long."""


class Lines:
    """The lines of a regular file from `offset` on, in runs of as many as asked for.

    At the last, shorter run it gives up, and where a newline may be inside quotes or a line has no
    end in sight: whoever reads on starts at `offset`, on `line`.
    """

    def __init__(self, source: Source, offset: int, line: int, *, quotes: bool) -> None:
        self.source = source
        self.offset = offset
        self.line = line
        self._quotes = quotes
        self._held = b""
        """What was read and not taken."""
        self._line_size = 0
        """In bytes, about."""

    def take(self, lines: int) -> FileCut | None:
        """Return the next lines; None if there are not so many, or it gives up."""
        pieces, piece = list[bytes](), self._held
        missing, barren, size = lines, 0, len(piece)
        while True:
            found, end = first_lines(piece, missing)
            missing -= found
            if not missing:
                break
            pieces.append(piece)
            barren = 0 if found else barren + len(piece)
            piece = self._read(self.offset + size, missing)
            size += len(piece)
            if barren > _LONGEST or not piece:
                return None
        self._held = piece[end:]
        content = b"".join([*pieces, memoryview(piece)[:end]])
        cut = FileCut(self.source, content, lines, self.line, self.offset)
        self.offset, self.line = self.offset + cut.size, self.line + lines
        self._line_size = cut.size // lines
        return cut

    def progress(self) -> float:
        """Return what part of the file was taken."""
        return self.offset / max(self.source.size or 0, 1)

    def _read(self, start: int, lines: int) -> bytes:
        """Return about so many lines; nothing at the end, and where it cannot be understood."""
        piece = self.source.read_at_most(start, max(_CHUNK, lines * self._line_size))
        return b"" if self._quotes and b'"' in piece else piece
