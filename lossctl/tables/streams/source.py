"""A file opened once, and watched: what changes while it is read is not evaluated."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple
from weakref import WeakValueDictionary

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ResourceError
from lossctl.base.wording import visible

STDIN = "-"
_PIECE = 1 << 20
_here: WeakValueDictionary[bytes, Source] = WeakValueDictionary()
"""The sources of this process by their keys: spans that come back find theirs."""
_lock = Lock()


class State(NamedTuple):
    """A regular file as it was when it was opened; in another state it is another file."""

    path: str
    """The absolute one, links followed."""
    size: int
    modified: int
    """When its content changed last, in nanoseconds."""
    changed: int
    """When anything about it changed last, in nanoseconds."""

    @classmethod
    def of(cls, path: str, status: os.stat_result) -> State:
        """Return the state of the file at a path, links followed."""
        return cls(os.path.realpath(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns)


class Source:
    """An open file, or stdin, with the size and the time it had when it was opened.

    Whatever the system refuses is a ResourceError that names the file. A regular file with a name
    goes to other processes as its `State`, and is opened there when it is first read; where it
    comes back to this process, it is the same source.
    """

    descriptor = -1
    _state: State | None = None
    _key = b""
    """What other processes know it by; nothing where they could not open it by its path."""
    _unopened = False
    """It came from another process, and was not read yet."""

    def __init__(self, path: str, own: bool = False) -> None:
        """`own` says that the path is meant to name a descriptor of our own."""
        self.path = path
        self.name = "stdin" if path == STDIN else visible(path)
        with self._named():
            if path == STDIN and sys.stdin is None:
                raise ResourceError("stdin is closed")
            if not own:
                named_by(path)
            self.descriptor = os.dup(0) if path == STDIN else os.open(path, os.O_RDONLY)
            status = os.fstat(self.descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise ResourceError(f"{self.name}: is a directory, not a file")
        if stat.S_ISREG(status.st_mode):
            self._state = State.of(path, status)
            if path != STDIN and not own:
                self._key = os.urandom(16)
                _here[self._key] = self

    def __reduce__(self) -> tuple[Callable[..., Source], tuple[object, ...]]:
        if self.nameless:
            raise TypeError(f"{self.name} cannot be opened elsewhere by its path")
        return _elsewhere, (self._key, self.path, self.name, self._state)

    @property
    def nameless(self) -> bool:
        """Whether no other process could open it by its path."""
        return not self._key

    @property
    def source(self) -> Source:
        """What a stream is from: a file itself."""
        return self

    @property
    def size(self) -> int | None:
        """Bytes in the file; None for a pipe, a device and stdin, of which some may be read."""
        return None if self._state is None or self.path == STDIN else self._state.size

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
            return os.preadv(self._open_descriptor(), [buffer], offset)

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
            content = os.pread(self._open_descriptor(), size, offset)
        self.check()
        if len(content) < size:  # the system may return less than is there
            rest = bytearray(size - len(content))
            self.read_into(memoryview(rest), offset + len(content))
            content += rest
        return content

    def check(self) -> None:
        """Raise ResourceError if the file changed since it was opened."""
        if self._state is None:
            return
        with self._named():
            now = os.fstat(self._open_descriptor())
        if (now.st_size, now.st_mtime_ns) != (self._state.size, self._state.modified):
            raise self._changed()

    def _check_name(self) -> None:
        """Raise ResourceError if the file changed, or its path is now that of another one."""
        self.check()
        with self._named():
            if not os.path.samestat(os.stat(self.path), os.fstat(self.descriptor)):
                raise self._changed()

    def sha256(self) -> str | None:
        """Return the SHA-256 of the file, by its descriptor; None of what can be read but once.

        Raises ResourceError if it changed, or another file has its path, since it was opened.
        """
        if self.size is None:
            return None
        import hashlib

        digest, offset = hashlib.sha256(), 0
        while offset < self.size:
            piece = self.read_at(offset, min(_PIECE, self.size - offset))
            digest.update(piece)
            offset += len(piece)
        self._check_name()
        return digest.hexdigest()

    def _open_descriptor(self) -> int:
        """Return the descriptor; in a process that the source came to, of the file opened now."""
        if self._unopened:
            with _lock:
                if self._unopened:
                    self._open_again()
        return self.descriptor

    def _open_again(self) -> None:
        """Open the file by its path; raise ResourceError if it is another one, or changed."""
        path = self._state.path if self._state else self.path
        descriptor = os.open(path, os.O_RDONLY)
        if State.of(path, os.fstat(descriptor)) != self._state:
            os.close(descriptor)
            raise self._changed()
        self.descriptor, self._unopened = descriptor, False

    def close(self) -> None:
        """Close the file, once; raise ResourceError if it changed since it was opened."""
        if self.descriptor < 0:
            return
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
        except ResourceError:
            raise
        except OSError as error:
            raise ResourceError(f"{self.name}: {error.strerror or error}") from None


def _elsewhere(key: bytes, path: str, name: str, state: State) -> Source:
    """Return the source of this process with that key, or one that opens its file once read."""
    with _lock:
        source = _here.get(key)
        if source is None:
            source = Source.__new__(Source)
            source.path, source.name, source._state = path, name, state
            source._key, source._unopened = key, True
            _here[key] = source
    return source
