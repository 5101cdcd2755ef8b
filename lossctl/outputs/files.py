"""Where results go: stdout, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR, ENOSPC
from fcntl import LOCK_EX, flock
from typing import TextIO, TypeAlias

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ClosedPipe, LossctlError, ResourceError
from lossctl.base.wording import argument, visible
from lossctl.outputs.terminal import is_terminal

STDOUT = "-"
"""What the command line calls it."""
Write: TypeAlias = Callable[[str], None]
"""It writes the text that it is called with to an output."""
_DESCRIPTORS = "/proc/self/fd"
"""In this folder Linux has a link to each open file."""


@contextmanager
def open_output(path: str | None) -> Iterator[Write]:
    """Yield the function that writes to `path`; all is written when this ends. - is stdout, too.

    A regular or new file appears, or is replaced, only if no exception passes; devices and FIFOs
    are written through. Raises ResourceError, and ClosedPipe where nobody reads any more.
    """
    if path is None or path == STDOUT:
        with _stdout() as write:
            yield write
        return
    target = os.path.realpath(path)
    with named(path):
        descriptor = named_by(path)
        if descriptor is not None:
            descriptor = os.dup(descriptor)
        elif os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            descriptor = os.open(target, os.O_WRONLY)
    if descriptor is not None:
        with _written(descriptor, path) as write:
            yield write
        return
    with _replaced(path, target) as whole, _written(os.dup(whole), path) as write:
        yield write


@contextmanager
def open_file(path: str) -> Iterator[int]:
    """Yield the descriptor of a file that becomes `path` when this ends, as `open_output` has it.

    It may be read and written anywhere. Raises ResourceError, also for what is no regular file.
    """
    target = os.path.realpath(path)
    with named(path):
        if named_by(path) is not None or (os.path.exists(target) and not os.path.isfile(target)):
            raise ResourceError(f"{visible(path)}: is no regular file, as it has to be")
    with _replaced(path, target) as descriptor, named(path):
        yield descriptor


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Let nobody else who locks the folder write there meanwhile, where that can be had."""
    descriptor = -1
    with suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        flock(descriptor, LOCK_EX)
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def shown_at_once(path: str | None) -> bool:
    """Return whether what is written to `path`, or to stdout, may appear on a terminal."""
    if path is None or path == STDOUT:
        return is_terminal(sys.stdout)
    with suppress(OSError):
        return stat.S_ISCHR(os.stat(path).st_mode) and os.path.realpath(path) != os.devnull
    return False


def append(path: str, text: str) -> None:
    """Add text to a file, all of it or nothing; raise ResourceError."""
    with named(path):
        named_by(path)
    with named(path), open(path, "ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        content = text.encode("utf-8", "backslashreplace")
        try:
            if file.write(content) < len(content):
                raise OSError(ENOSPC, os.strerror(ENOSPC))
        except OSError:
            with suppress(OSError):
                os.ftruncate(file.fileno(), size)
            raise


@contextmanager
def _stdout() -> Iterator[Write]:
    stream = sys.stdout
    if stream is None:
        raise ResourceError("stdout is closed")
    yield _writer(stream, "stdout")
    with named("stdout"):
        stream.flush()


@contextmanager
def _written(descriptor: int, name: str) -> Iterator[Write]:
    stream = open(descriptor, "w", encoding="utf-8", newline="")  # noqa: SIM115, closed below
    try:
        yield _writer(stream, name)
        with named(name):
            stream.flush()
    finally:
        with suppress(OSError):  # what could not be written was told at the flush
            stream.close()


@contextmanager
def _replaced(path: str, target: str) -> Iterator[int]:
    """Yield the descriptor of what becomes the file when this ends."""
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, f".lossctl.{os.getpid()}.{os.urandom(8).hex()}")
    descriptor = -1
    try:
        with named(path):
            if path.endswith(os.sep):
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            descriptor = _nameless(folder)
            nameless = descriptor >= 0
            if not nameless:
                descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        yield descriptor
        with named(path):
            os.fchmod(descriptor, _mode(target))
            os.fsync(descriptor)
            if nameless:
                # Only where it is given a descriptor, does Python follow the link to the file.
                os.link(f"{_DESCRIPTORS}/{descriptor}", temporary, src_dir_fd=descriptor)
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _nameless(folder: str) -> int:
    """Open a file without a name, of which nothing stays if we are killed; -1 if there is none."""
    if hasattr(os, "O_TMPFILE") and os.path.isdir(_DESCRIPTORS):
        with suppress(OSError):
            return os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o600)
    return -1


def _mode(target: str) -> int:
    """Return the mode of the file that is replaced, or that of a new file under the umask."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(target).st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _writer(stream: TextIO, name: str) -> Write:
    def write(text: str) -> None:
        with named(name):
            stream.write(text)

    return write


@contextmanager
def named(name: str) -> Iterator[None]:
    """Give errors of the system the name of the output they are about."""
    try:
        yield
    except LossctlError:
        raise
    except BrokenPipeError:
        raise ClosedPipe(f"{visible(name)}: closed") from None
    except OSError as error:
        message = f"{visible(name)}: {error.strerror or error}"
        if isinstance(error, FileNotFoundError):
            raise ResourceError(message, _way_to(name), filename=name) from None
        raise ResourceError(message) from None


def _way_to(path: str) -> str | None:
    """Return how to make the folder that an output is to be written in, if there is none."""
    for folder in map(os.path.dirname, (path, os.path.realpath(path))):
        if folder and not os.path.lexists(folder):
            return f"that folder does not exist; to make it: mkdir -p {argument(folder)}"
    return None
