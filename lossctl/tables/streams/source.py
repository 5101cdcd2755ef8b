"""A file opened once, and watched: what changes while it is read is not evaluated."""

from __future__ import annotations

import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EBADF
from threading import Lock
from weakref import WeakValueDictionary, ref

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ResourceError
from lossctl.base.wording import nearest, visible
from lossctl.tables.streams.state import Descriptor, State

STDIN = "-"
_PIECE = 1 << 20
_here: WeakValueDictionary[bytes, Source] = WeakValueDictionary()
"""The sources of this process by their keys: spans that come back find theirs."""
_lock = Lock()
_MOST_AT_REST = 16
"""So many files stay open whose rows wait to be read, however many there are."""
_at_rest: deque[ref[Source]] = deque()
"""The sources at rest that are open, the one that was read last at the end."""


class Source:
    """An open file, or stdin, with the size and the times it had when it was opened.

    Whatever the system refuses is a ResourceError that names the file. A regular file with a name
    goes to other processes as its `State`, and is opened there when it is first read; where it
    comes back to this process, it is the same source. It may be put to `rest`, too: then it is
    closed while others are read, and opened again by its `State`.
    """

    _opened: Descriptor | None = None
    _state: State | None = None
    _key = b""
    """What other processes know it by; nothing where they could not open it by its path."""
    _rests = False
    """It may be closed whenever others are read."""
    _closed = False

    def __init__(self, path: str, own: bool = False) -> None:
        """`own` says that the path is meant to name a descriptor of our own."""
        self.path = path
        self.name = "stdin" if path == STDIN else visible(path)
        with self._named():
            if path == STDIN and sys.stdin is None:
                raise ResourceError("stdin is closed")
            if not own:
                named_by(path)
            number = os.dup(0) if path == STDIN else os.open(path, os.O_RDONLY)
            self._opened = Descriptor(number)
            status = os.fstat(number)
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
    def descriptor(self) -> int:
        """The number of its descriptor, which is open as long as it is neither closed nor rests."""
        return self._descriptor().number

    @property
    def size(self) -> int | None:
        """Bytes in the file; None for a pipe, a device and stdin, of which some may be read."""
        return None if self._state is None or self.path == STDIN else self._state.size

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes from where the last read ended; b"" at the end."""
        with self._named():
            return os.read(self._descriptor().number, size)

    def progress(self) -> float | None:
        """Return what part of a regular file was read, from front to end."""
        if not self.size:  # a pipe has no position
            return None
        with self._named():
            return os.lseek(self._descriptor().number, 0, os.SEEK_CUR) / self.size

    def head(self, size: int) -> bytes:
        """Return up to `size` bytes from the start of a regular file, wherever reading is."""
        with self._named():
            return os.pread(self._descriptor().number, size, 0)

    def seek(self, offset: int) -> None:
        """Let the next `read` start at this byte of a regular file."""
        with self._named():
            os.lseek(self._descriptor().number, offset, os.SEEK_SET)

    def read_some(self, buffer: memoryview, offset: int) -> int:
        """Read from the byte `offset` on into `buffer`; return how much, 0 only at the end."""
        with self._named():
            opened = self._descriptor()  # it is open as long as this holds it
            return os.preadv(opened.number, [buffer], offset)

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

    def read_at_most(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from the byte `offset` on; b"" at the end."""
        with self._named():
            opened = self._descriptor()
            return os.pread(opened.number, size, offset)

    def read_at(self, offset: int, size: int) -> bytes:
        """Return the `size` bytes from the byte `offset` on, as `read_into` does."""
        content = self.read_at_most(offset, size)
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
            opened = self._descriptor()
            now = os.fstat(opened.number)
        if not self._state.is_of(now):
            renamed = self._state.only_renamed(now, None if self.path == STDIN else self.path)
            if renamed is None:
                raise self._changed()
            self._state = renamed

    def _check_name(self) -> None:
        """Raise ResourceError if the file changed, or its path is now that of another one."""
        self.check()
        with self._named():
            opened = self._descriptor()
            if not os.path.samestat(os.stat(self.path), os.fstat(opened.number)):
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

    def rest(self) -> None:
        """Let it be closed while others are read, if it can be opened again by its path.

        What is read of it then is read where it lies (`read_into`, `read_at`).
        """
        if self._key and self._opened is not None and not self._rests:
            with _lock:
                self._rests = True
                _keep_open(self)

    def _descriptor(self) -> Descriptor:
        """Return the descriptor; the file is opened now where it came from elsewhere, or rested."""
        opened = self._opened
        if opened is None:
            with _lock:
                opened = self._opened or self._open_again()
        return opened

    def _open_again(self) -> Descriptor:
        """Open the file by its path; raise ResourceError if it is another one, or changed."""
        if self._closed or self._state is None:
            raise OSError(EBADF, os.strerror(EBADF))
        opened = Descriptor(os.open(self._state.path, os.O_RDONLY))
        if not self._state.is_of(os.fstat(opened.number)):
            raise self._changed()
        self._opened = opened
        _keep_open(self)
        return opened

    def close(self) -> None:
        """Close the file, once; raise ResourceError if it changed since it was opened."""
        if self._closed:
            return
        try:
            if self._opened is not None:
                self.check()
        finally:
            self._closed, self._opened = True, None

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
            hint = near(self.path) if isinstance(error, FileNotFoundError) else None
            message = f"{self.name}: {error.strerror or error}"
            raise ResourceError(message, hint, filename=self.path) from None


def near(path: str) -> str | None:
    """Return the hint that names a file beside one that is not there, if it is called nearly so.

    The same extension alone makes no names alike, and a link to nothing is no file.
    """
    folder, name = os.path.split(path)
    with suppress(OSError):
        beside = os.listdir(folder or ".")
        alike = [other for other in beside if nearest(_root(name), [_root(other)])]
        there = [other for other in alike if os.path.exists(os.path.join(folder, other))]
        meant = nearest(name, there)
        return meant and f"did you mean '{visible(os.path.join(folder, meant))}'?"
    return None


def _root(name: str) -> str:
    return os.path.splitext(name)[0]


def _keep_open(source: Source) -> None:
    """Keep a source at rest open, and close the one that was opened longest ago if need be."""
    _at_rest.append(ref(source))
    while len(_at_rest) > _MOST_AT_REST:
        oldest = _at_rest.popleft()()
        if oldest is not None:
            oldest._opened = None


def _elsewhere(key: bytes, path: str, name: str, state: State) -> Source:
    """Return the source of this process with that key, or one that opens its file once read."""
    with _lock:
        source = _here.get(key)
        if source is None:
            source = Source.__new__(Source)
            source.path, source.name, source._state = path, name, state
            source._key, source._rests = key, True
            _here[key] = source
    return source
