"""What can go wrong, and the exit code each kind stands for."""

from __future__ import annotations

from enum import IntEnum

from lossctl.base.wording import quoted, visible


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

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint

    @property
    def message(self) -> str:
        """What the user is told."""
        return self.reason

    def __str__(self) -> str:
        return self.message


class UsageError(LossctlError, ValueError):
    """What was asked for cannot be: an option, a loss, a combination."""

    exit_code = ExitCode.USAGE


class DataError(LossctlError, ValueError):
    """A file or an array that must not be evaluated as it is, and where in it the reason lies.

    `file` is its name as messages show it; `line` (of text) and `row` (of arrays) count from 1, of
    which both are known in a JSON document alone; `column` is its name or, where it has none, its
    number from 1; `value` is the text of the cell, or the number that it was read as. None is what
    does not apply.
    `block_row` is the row's index in the block it was read with. `names_place` says that the reason
    itself names the place, beside another one as a rule.
    """

    exit_code = ExitCode.BAD_DATA

    def __init__(
        self,
        reason: str,
        hint: str | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
        row: int | None = None,
        column: str | int | None = None,
        value: str | None = None,
        block_row: int | None = None,
        names_place: bool = False,
    ) -> None:
        super().__init__(reason, hint)
        self.file, self.line, self.row = file, line, row
        self.column, self.value = column, value
        self.block_row = block_row
        self.names_place = names_place

    @property
    def message(self) -> str:
        """The reason, behind the names of file, line or row, and column, unless it names them."""
        if self.names_place:
            return self.reason
        places = [] if self.file is None else [place_text(self.file, self.line, self.row)]
        if isinstance(self.column, str):
            places.append(f"column {quoted(self.column, mark=chr(34))}")
        elif self.column is not None:
            places.append(f"column {self.column}")
        return ": ".join([*places, self.reason])


def place_text(file: str, line: int | None = None, row: int | None = None) -> str:
    """Return how messages name a line, or a row, or both, of a file."""
    place = file if line is None else f"{file}:{line}"
    return place if row is None else f"{place}: row {row}"


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
    fault = LossctlError(
        f"a fault of lossctl's own: {type(error).__name__}: {visible(str(error))}",
        "please report it with what `lossctl --debug ...` prints",
    )
    fault.__cause__ = error
    return fault
