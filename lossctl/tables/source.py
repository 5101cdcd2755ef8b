"""A file opened once, and watched: what changes while it is read is not evaluated."""

from __future__ import annotations

import os
import stat

from lossctl.errors import ResourceError
from lossctl.wording import visible


class Source:
    """An open file with the size and the time it had when it was opened."""

    descriptor = -1

    def __init__(self, path: str) -> None:
        self.name = visible(path)
        self.descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._status = os.fstat(self.descriptor)
        if stat.S_ISDIR(self._status.st_mode):
            raise ResourceError(f"{self.name}: is a directory, not a file")

    @property
    def size(self) -> int | None:
        """Bytes in the file; None for a pipe or a device."""
        return self._status.st_size if stat.S_ISREG(self._status.st_mode) else None

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes from where the last read ended; b"" at the end."""
        return os.read(self.descriptor, size)

    def read_into(self, buffer: memoryview, offset: int) -> None:
        """Fill `buffer` from the byte `offset` on; any thread may call it."""
        while buffer:
            count = os.preadv(self.descriptor, [buffer], offset)
            if count == 0:
                raise self._changed()
            buffer, offset = buffer[count:], offset + count

    def __del__(self) -> None:
        """Close the file where an error kept it from being read to its end."""
        if self.descriptor >= 0:
            os.close(self.descriptor)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed since it was opened."""
        now, then = os.fstat(self.descriptor), self._status
        os.close(self.descriptor)
        self.descriptor = -1
        if self.size is not None and (now.st_size, now.st_mtime_ns) != (
            then.st_size,
            then.st_mtime_ns,
        ):
            raise self._changed()

    def _changed(self) -> ResourceError:
        return ResourceError(
            f"{self.name}: the file changed while it was read",
            "write it under another name and rename it when it is complete",
        )
