"""A file opened once, and watched: what changes while it is read is not evaluated."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ResourceError
from lossctl.base.wording import visible
from lossctl.tables.streams.stream import Stream

STDIN = "-"


class Source:
    """An open file, or stdin, with the size and the time it had when it was opened.

    Whatever the system refuses is a ResourceError that names the file.
    """

    descriptor = -1

    def __init__(self, path: str, ours: bool = False) -> None:
        """`ours` says that the path is meant to name a descriptor of our own."""
        self.path = path
        self.name = "stdin" if path == STDIN else visible(path)
        with self._named():
            if path == STDIN and sys.stdin is None:
                raise ResourceError("stdin is closed")
            if not ours:
                named_by(path)
            self.descriptor = os.dup(0) if path == STDIN else os.open(path, os.O_RDONLY)
            self._status = os.fstat(self.descriptor)
        if stat.S_ISDIR(self._status.st_mode):
            raise ResourceError(f"{self.name}: is a directory, not a file")

    @property
    def size(self) -> int | None:
        """Bytes in the file; None for a pipe, a device and stdin, of which some may be read."""
        regular = stat.S_ISREG(self._status.st_mode) and self.path != STDIN
        return self._status.st_size if regular else None

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes from where the last read ended; b"" at the end."""
        with self._named():
            return os.read(self.descriptor, size)

    def progress(self) -> float | None:
        """Return what part of a regular file was read, from front to end."""
        with self._named():
            return os.lseek(self.descriptor, 0, os.SEEK_CUR) / self.size if self.size else None

    def head(self, size: int) -> bytes:
        """Return up to `size` bytes from the start of a regular file, wherever reading is."""
        with self._named():
            return os.pread(self.descriptor, size, 0)

    def seek(self, offset: int) -> None:
        """Let the next `read` start at this byte of a regular file."""
        with self._named():
            os.lseek(self.descriptor, offset, os.SEEK_SET)

    def read_some(self, buffer: memoryview, offset: int) -> int:
        """Read from the byte `offset` on into `buffer`; return how much, 0 only at the end."""
        with self._named():
            return os.preadv(self.descriptor, [buffer], offset)

    def read_into(self, buffer: memoryview, offset: int) -> None:
        """Fill `buffer` from the byte `offset` on; any thread may call it.

        Raises ResourceError if the file changed, so that no span of it is of another state.
        """
        while buffer:
            count = self.read_some(buffer, offset)
            if count == 0:
                raise self._changed()
            buffer, offset = buffer[count:], offset + count
        self.check()

    def read_at(self, offset: int, size: int) -> bytes:
        """Return the `size` bytes from the byte `offset` on, as `read_into` does."""
        with self._named():
            content = os.pread(self.descriptor, size, offset)
        self.check()
        if len(content) < size:  # the system may return less than is there
            rest = bytearray(size - len(content))
            self.read_into(memoryview(rest), offset + len(content))
            content += rest
        return content

    def check(self) -> None:
        """Raise ResourceError if the file changed since it was opened."""
        with self._named():
            now, then = os.fstat(self.descriptor), self._status
        same = (now.st_size, now.st_mtime_ns) == (then.st_size, then.st_mtime_ns)
        if stat.S_ISREG(then.st_mode) and not same:
            raise self._changed()

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed since it was opened."""
        try:
            self.check()
        finally:
            os.close(self.descriptor)
            self.descriptor = -1

    def __del__(self) -> None:
        """Close the file behind its last span, or where an error kept it from being closed."""
        if self.descriptor >= 0:
            os.close(self.descriptor)

    def _changed(self) -> ResourceError:
        return ResourceError(
            f"{self.name}: the file changed while it was read",
            "write it under another name and rename it when it is complete",
        )

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ResourceError(f"{self.name}: {error.strerror or error}") from None


def regular(stream: Stream, what: str) -> Source:
    """Return the stream as a regular file, which it must be; raise ResourceError if it is not."""
    if isinstance(stream, Source) and stream.size is not None:
        return stream
    raise ResourceError(
        f"{stream.name}: {what} is read from regular files, not from a stream",
        "save it to a file first",
    )
