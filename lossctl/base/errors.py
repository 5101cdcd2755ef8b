"""What can go wrong, and the exit code each kind stands for."""

from __future__ import annotations

from enum import IntEnum

from lossctl.base.wording import visible


class ExitCode(IntEnum):
    """What the process tells its caller; only `cli.py` ends it with one."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    BAD_DATA = 3
    RESOURCE = 4
    INTERNAL = 5
    INTERRUPTED = 130
    CLOSED_PIPE = 141
    TERMINATED = 143


class LossctlError(Exception):
    """An error with one message for the user and, where there is one, the way out."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LossctlError, ValueError):
    """What was asked for cannot be: an option, a loss, a combination."""

    exit_code = ExitCode.USAGE


class DataError(LossctlError, ValueError):
    """A file or an array that must not be evaluated as it is.

    `block_row` is the offending row's index in the block it was read with, if it has one; `file`
    and `line` say where it lies, if that is a line of a file.
    """

    exit_code = ExitCode.BAD_DATA

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        block_row: int | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.block_row = block_row
        self.file = file
        self.line = line


class ResourceError(LossctlError, OSError):
    """The system did not give what was needed: a file, a permission, space, memory."""

    exit_code = ExitCode.RESOURCE


class ChecksFailed(LossctlError):
    """Not every check passed; all verdicts are told."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ClosedPipe(LossctlError):
    """Whoever read our output has stopped reading; not a fault, and said to nobody."""

    exit_code = ExitCode.CLOSED_PIPE


class Terminated(BaseException):
    """SIGTERM arrived; like an interrupt it is no error, and ends the process."""


def explained(error: BaseException) -> LossctlError:
    """Return what an exception means to the user; what nobody foresaw is a fault of our own."""
    if isinstance(error, LossctlError):
        return error
    if isinstance(error, MemoryError):
        return ResourceError("out of memory")
    if isinstance(error, OSError):
        name = f"{visible(str(error.filename))}: " if error.filename else ""
        return ResourceError(f"{name}{error.strerror or error}")
    if isinstance(error, UnicodeEncodeError):
        return ResourceError(f"{visible(error.object)}: this locale has no such file names")
    found = LossctlError(
        f"a fault of lossctl's own: {type(error).__name__}: {visible(str(error))}",
        "please report it with what `lossctl --debug ...` prints",
    )
    found.__cause__ = error
    return found
