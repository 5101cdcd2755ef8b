"""What can go wrong, and the exit code each kind stands for."""

from __future__ import annotations

from collections.abc import Iterator
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

    __module__ = "lossctl"
    exit_code = ExitCode.INTERNAL
    told = False
    """Whether people were told already."""
    named_at: int | None = None
    """The line of a file of checks that names what it is about, where one does."""

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

    __module__ = "lossctl"
    exit_code = ExitCode.USAGE


class ConfigurationError(UsageError):
    """A file of checks says what cannot be: in this line of it, from 1; None is all of it."""

    def __init__(
        self, reason: str, hint: str | None = None, *, file: str, line: int | None = None
    ) -> None:
        super().__init__(reason, hint)
        self.file, self.line = file, line

    @property
    def message(self) -> str:
        """The reason, behind the names of file and line."""
        return f"{place_text(self.file, self.line)}: {self.reason}"


class DataError(LossctlError, ValueError):
    """A file or an array that must not be evaluated as it is, and where in it the reason lies.

    `file` is its name as messages show it; `line` (of text) and `row` (of arrays) count from 1, of
    which both are known in a JSON document alone; `column` is its name or, where it has none, its
    number from 1; `value` is the text of the cell, or the number that it was read as. None is what
    does not apply.
    `block_row` is the row's index in the block it was read with. `names_place` says that the reason
    itself names the place, beside another one as a rule.
    """

    __module__ = "lossctl"
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
    def index(self) -> int | None:
        """The position of the row from 0, as arrays count."""
        return None if self.row is None else self.row - 1

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
    """The system did not give what was needed: a file, a permission, space, memory.

    `filename` is the path of a file that it did not open.
    """

    __module__ = "lossctl"
    exit_code = ExitCode.RESOURCE

    def __init__(
        self, reason: str, hint: str | None = None, *, filename: str | None = None
    ) -> None:
        super().__init__(reason, hint)
        self.filename = filename


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
    """Return what an exception means to the user; what nobody foresaw is a fault of our own.

    A signal that Python wrapped in an error, as where a class is being made, is raised again.
    """
    for one in chain_of(error):
        if isinstance(one, KeyboardInterrupt | Terminated):
            raise one
    if isinstance(error, LossctlError):
        return error
    if is_want_of_memory(error):
        return ResourceError("out of memory")
    if isinstance(error, OSError):
        name = f"{visible(str(error.filename))}: " if error.filename else ""
        return ResourceError(f"{name}{error.strerror or error}")
    if isinstance(error, UnicodeEncodeError):
        return ResourceError(f"{visible(error.object)}: this locale has no such file names")
    if (hiding := _hiding(error)) is not None:
        name, file = hiding
        return UsageError(
            f"{visible(file)} hides the module {visible(name)}, which lossctl needs",
            "give the file another name, or take its folder out of PYTHONPATH",
        )
    fault = LossctlError(
        f"a fault of lossctl's own: {type(error).__name__}: {visible(str(error))}",
        "please report it with what `lossctl --debug ...` prints",
    )
    fault.__cause__ = error
    return fault


_NO_MEMORY = (
    "failed to map segment",
    "cannot allocate memory",
    "cannot apply additional memory protection",
    "out of memory",
    "can't start new thread",
    "can't allocate lock",
    "bad_alloc",
    "error return without exception set",
)
"""What the system, the linker, Python and C++ say, in lower case; the last one when no memory was
left for the exception."""


def is_want_of_memory(error: BaseException) -> bool:
    """Return whether an error came of no memory being left, be it for a module or for a thread."""
    for one in chain_of(error):
        if isinstance(one, MemoryError):
            return True
        if isinstance(one, ImportError | RuntimeError | SystemError):
            text = str(one).lower()
            if any(words in text for words in _NO_MEMORY):
                return True
    return False


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, then what it was raised from or after, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _hiding(error: BaseException) -> tuple[str, str] | None:
    """Return name and file of a module of the user's that an error is of: it hides ours."""
    import sys

    names = [error.name or ""] if isinstance(error, ImportError) else []
    if isinstance(error, AttributeError):
        names.append(getattr(error.obj, "__name__", ""))
    tops = {name: sys.modules.get(name) for name in (str(it).split(".")[0] for it in names)}
    places = [(name, getattr(module, "__file__", None)) for name, module in tops.items()]
    trace = error.__traceback__
    while trace is not None:
        code, scope = trace.tb_frame.f_code, trace.tb_frame.f_globals
        if code.co_name == "<module>":  # it failed, or ended the program, while it was imported
            places.append((str(scope.get("__name__")).split(".")[0], code.co_filename))
        trace = trace.tb_next
    return next(((name, file) for name, file in places if file and _is_foreign(name, file)), None)


def _is_foreign(name: str, file: str) -> bool:
    """Return whether a module is neither ours nor of Python, and was not installed.

    What was installed has a folder with descriptions (dist-info) beside it.
    """
    import os

    if name in ("lossctl", "__main__") or not os.path.isabs(file):
        return False
    package = f"{os.sep}{name}{os.sep}"
    folder = file.rpartition(package)[0] if package in file else os.path.dirname(file)
    if folder == os.path.dirname(os.__file__) or os.path.basename(folder) == "lib-dynload":
        return False
    try:
        beside = os.listdir(folder)
    except OSError:
        return False
    return not any(entry.endswith((".dist-info", ".egg-info")) for entry in beside)
