"""Where the lines of a file lie, found by counting its newlines."""

from __future__ import annotations

import numpy as np

from lossctl.tables.records.cuts import FileCut
from lossctl.tables.streams.source import Source

_CHUNK = 1 << 18
"""Stays in the processor's cache while it is looked at."""
_LONGEST = 1 << 23
"""So many bytes without a newline are left to `Records`, which refuses what is too long."""


class Lines:
    """The lines of a regular file from `offset` on, in runs of as many as asked for.

    Their content is not kept. At the last, shorter run it gives up, and where a newline may be
    inside quotes or a line has no end in sight: whoever reads on starts at `offset`, on `line`.
    """

    def __init__(self, source: Source, offset: int, line: int, *, quotes: bool) -> None:
        self.source = source
        self.offset = offset
        self.line = line
        self._quotes = quotes
        self._chunk = bytearray(_CHUNK)
        self._characters = np.frombuffer(self._chunk, np.uint8)
        self._newlines = np.zeros(_CHUNK, np.bool_)
        self._next = self._end = 0
        """What of the chunk is still to be taken, and where its end is in the file."""
        self._read_to = offset

    def take(self, lines: int) -> FileCut | None:
        """Return the next lines; None if there are not so many, or it gives up."""
        missing, barren = lines, 0
        while True:
            newlines = self._newlines[self._next : self._end]
            count = int(np.count_nonzero(newlines))
            if count >= missing:
                break
            missing -= count
            barren = 0 if count else barren + len(newlines)
            if barren > _LONGEST or not self._read():
                return None
        self._next += int(np.flatnonzero(newlines)[missing - 1]) + 1
        end = self._read_to - (self._end - self._next)
        cut = FileCut(self.source, end - self.offset, lines, self.line, self.offset)
        self.offset, self.line = end, self.line + lines
        return cut

    def progress(self) -> float:
        """Return what part of the file was taken."""
        return self.offset / max(self.source.size or 0, 1)

    def _read(self) -> bool:
        """Look at the next chunk; return whether there is one that can be understood."""
        size = self.source.read_some(memoryview(self._chunk), self._read_to)
        if not size or (self._quotes and self._chunk.find(b'"', 0, size) >= 0):
            return False
        np.equal(self._characters[:size], ord("\n"), out=self._newlines[:size])
        self._next, self._end = 0, size
        self._read_to += size
        return True
