"""Where text goes: stdout, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, TypeAlias

from lossctl.errors import ClosedPipe, ResourceError
from lossctl.wording import visible

Write: TypeAlias = Callable[[str], None]


@contextmanager
def open_output(path: str | None) -> Iterator[Write]:
    """Yield the function that writes to `path`, or to stdout; all is written when this ends.

    A regular or new file appears, or is replaced, only if no exception passes; devices and FIFOs
    are written through. Raises ResourceError, and ClosedPipe where nobody reads any more.
    """
    if path is None:
        with _stdout() as write:
            yield write
        return
    target = os.path.realpath(path)
    with _named(path):
        through = os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode)
    with _written_through(path) if through else _replaced(path, target) as write:
        yield write


@contextmanager
def _stdout() -> Iterator[Write]:
    stream = sys.stdout
    if stream is None:
        raise ResourceError("stdout is closed")
    write = _writer(stream, "stdout")
    yield write
    with _named("stdout"):
        stream.flush()


@contextmanager
def _written_through(path: str) -> Iterator[Write]:
    with _named(path), open(path, "w", encoding="utf-8", newline="") as stream:
        yield _writer(stream, path)


@contextmanager
def _replaced(path: str, target: str) -> Iterator[Write]:
    import tempfile

    folder, name = os.path.split(target)
    with _named(path):
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", dir=folder)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield _writer(stream, path)
            with _named(path):
                stream.flush()
                os.fchmod(descriptor, _mode(target))
                os.fsync(descriptor)
        with _named(path):
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(target: str) -> int:
    """Return the mode of the file that is replaced, or that of a new file under the umask."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(target).st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _writer(stream: TextIO, name: str) -> Write:
    def write(text: str) -> None:
        with _named(name):
            stream.write(text)

    return write


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Give errors of the system the name of the output they are about."""
    try:
        yield
    except BrokenPipeError:
        raise ClosedPipe(f"{visible(name)}: closed") from None
    except OSError as error:
        raise ResourceError(f"{visible(name)}: {error.strerror or error}") from None
