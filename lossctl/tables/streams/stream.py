"""Bytes that come one after another, from wherever they come."""

from __future__ import annotations

from typing import Protocol

from lossctl.base.errors import ResourceError
from lossctl.tables.streams.source import Source


class Stream(Protocol):
    """What a table is read from."""

    name: str
    """How messages name it."""

    @property
    def source(self) -> Source:
        """The file that its bytes are from, decoded or not."""

    @property
    def size(self) -> int | None:
        """Bytes in a regular file; None for what can only be read once, from front to end."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; b"" only at the end, and only if the end is sound."""

    def progress(self) -> float | None:
        """Return what part of its file was read, from 0 to 1; None where that has no known end."""

    def close(self) -> None:
        """Close it; raise ResourceError if the file changed while it was read."""


class Rewound:
    """A stream some of whose first bytes were read already, to see what it is."""

    size: int | None = None

    def __init__(self, head: bytes, stream: Stream) -> None:
        self.name = stream.name
        self._head = head
        self._stream = stream

    @property
    def source(self) -> Source:
        """The file that its bytes are from."""
        return self._stream.source

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; b"" at the end."""
        if not self._head:
            return self._stream.read(size)
        part, self._head = self._head[:size], self._head[size:]
        return part

    def progress(self) -> float | None:
        """Return what part of the file was read."""
        return self._stream.progress()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def regular(stream: Stream, what: str) -> Source:
    """Return the stream as a regular file, which it must be; raise ResourceError if it is not."""
    if isinstance(stream, Source) and stream.size is not None:
        return stream
    raise ResourceError(
        f"{stream.name}: {what} is read from regular files, not from a stream",
        "save it to a file first",
    )


def filled(stream: Stream, size: int) -> bytes:
    """Return so many bytes of a stream, fewer only at its end."""
    return b"".join(pieces(stream, size))


def pieces(stream: Stream, size: int) -> list[bytes]:
    """Return so many bytes of a stream, fewer only at its end, in the pieces that they come in."""
    found, have = list[bytes](), 0
    while have < size and (piece := stream.read(min(size - have, 1 << 24))):
        found.append(piece)
        have += len(piece)
    return found
