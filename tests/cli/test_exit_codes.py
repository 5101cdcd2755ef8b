"""Exceptions become exit codes: the functions of `cli.py` and `errors.py` that do it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from errno import EBADF, EIO, ENOENT, ENOSPC
from pathlib import Path
from typing import Any, NoReturn, TextIO

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from samples import examples

from lossctl import cli
from lossctl.base.errors import (
    ChecksFailed,
    ClosedPipe,
    DataError,
    ExitCode,
    LossctlError,
    ResourceError,
    Terminated,
    UsageError,
    explained,
)
from lossctl.commands import help as of_commands

_on_interrupt = signal.getsignal(signal.SIGINT)
from lossctl import __main__ as process  # noqa: E402

signal.signal(signal.SIGINT, _on_interrupt)  # what the command does with it is not for these tests

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch
REPORT = "lossctl: hint: please report it with what `lossctl --debug ...` prints\n"
FAULT = "lossctl: error: a fault of lossctl's own: "


def test_the_codes_are_what_is_documented() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "CHECK_FAILED": 1,
        "USAGE": 2,
        "BAD_DATA": 3,
        "RESOURCE": 4,
        "INTERNAL": 5,
        "INTERRUPTED": 130,
        "CLOSED_PIPE": 141,
        "TERMINATED": 143,
    }


TOLD: dict[str, tuple[BaseException, int, str]] = {
    "usage": (UsageError("a", "b"), 2, "lossctl: error: a\nlossctl: hint: b\n"),
    "data": (DataError("a"), 3, "lossctl: error: a\n"),
    "data of a row": (DataError("a", "b", block_row=7), 3, "lossctl: error: a\nlossctl: hint: b\n"),
    "resource": (ResourceError("a", ""), 4, "lossctl: error: a\n"),
    "checks failed": (ChecksFailed("a", ExitCode.CHECK_FAILED), 1, "lossctl: error: a\n"),
    "checks of bad data": (ChecksFailed("a", ExitCode.BAD_DATA), 3, "lossctl: error: a\n"),
    "any of ours": (LossctlError("a"), 5, "lossctl: error: a\n"),
    "memory": (MemoryError("a"), 4, "lossctl: error: out of memory\n"),
    "file": (
        FileNotFoundError(ENOENT, "No such file or directory", "a\x1b"),
        4,
        "lossctl: error: a\\x1b: No such file or directory\n",
    ),
    "bytes": (OSError(EIO, "bad", b"a\xff"), 4, "lossctl: error: b'a\\xff': bad\n"),
    "descriptor": (
        OSError(EBADF, "Bad file descriptor"),
        4,
        "lossctl: error: Bad file descriptor\n",
    ),
    "text": (OSError("a"), 4, "lossctl: error: a\n"),
    "name": (
        UnicodeEncodeError("ascii", "a\x1b\u2603", 2, 3, "ordinal not in range"),
        4,
        "lossctl: error: a\\x1b\u2603: this locale has no such file names\n",
    ),
    "value": (ValueError("\x1b[31m"), 5, f"{FAULT}ValueError: \\x1b[31m\n{REPORT}"),
    "exit": (SystemExit(0), 5, f"{FAULT}SystemExit: 0\n{REPORT}"),
    "closed pipe": (ClosedPipe("a"), 141, ""),
    "broken pipe": (BrokenPipeError(), 141, ""),
}


@pytest.mark.parametrize(("error", "code", "said"), TOLD.values(), ids=TOLD)
def test_each_error_is_told_and_has_its_code(
    capsys: Capture, error: BaseException, code: int, said: str
) -> None:
    assert cli.explain(error) == code
    assert capsys.readouterr() == ("", said)


def test_what_is_our_own_fault_has_its_cause() -> None:
    error, ours = KeyError("a"), DataError("b")
    assert explained(error).__cause__ is error
    assert explained(ours) is ours
    assert explained(ours).__cause__ is None


@examples
@given(st.sampled_from([OSError, ValueError, RuntimeError, Exception, MemoryError]), st.text())
def test_nothing_that_is_raised_means_success(kind: type[Exception], text: str) -> None:
    assert explained(kind(text)).exit_code in (4, 5)


def command_that(raise_: Callable[[], None]) -> Callable[[str], Callable[[], None]]:
    """Return what loads, for any command, one that does only this."""

    def command() -> None:
        raise_()

    return lambda _: command


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def raise_() -> NoReturn:
        raise error

    return raise_


RUN: dict[str, tuple[BaseException, int]] = {
    "exit": (typer.Exit(), 0),
    "exit 1": (typer.Exit(1), 1),
    "usage": (typer.BadParameter("a"), 2),
    "data": (DataError("a"), 3),
    "failed": (ChecksFailed("a", ExitCode.CHECK_FAILED), 1),
    "system exit": (SystemExit(0), 5),
    "generator exit": (GeneratorExit(), 5),
    "fault": (ZeroDivisionError(), 5),
    "pipe": (BrokenPipeError(), 141),
}


@pytest.mark.parametrize("debug", [False, True], ids=["quiet", "debug"])
@pytest.mark.parametrize(("error", "code"), RUN.values(), ids=RUN)
def test_what_a_command_raises(
    monkeypatch: Patch, capsys: Capture, error: BaseException, code: int, debug: bool
) -> None:
    monkeypatch.setattr(of_commands, "load", command_that(raising(error)))
    assert cli.run(["--debug", "losses"] if debug else ["losses"]) == code
    err = capsys.readouterr().err
    silent = code == 0 or isinstance(error, typer.Exit)
    assert ("Traceback" in err) is (debug and not silent)
    if silent or (code == 141 and not debug):
        assert err == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Terminated()], ids=["INT", "TERM"])
def test_a_signal_passes_through_to_main(
    monkeypatch: Patch, capsys: Capture, error: BaseException
) -> None:
    monkeypatch.setattr(of_commands, "load", command_that(raising(error)))
    with pytest.raises(type(error)):
        cli.run(["losses"])
    assert capsys.readouterr() == ("", "")


def test_a_command_that_raises_nothing(monkeypatch: Patch, capsys: Capture) -> None:
    monkeypatch.setattr(of_commands, "load", command_that(lambda: None))
    assert cli.run(["losses"]) is ExitCode.OK
    assert capsys.readouterr() == ("", "")


def test_help_without_a_stdout(monkeypatch: Patch, capsys: Capture) -> None:
    assert cli.run(["--version"]) is ExitCode.OK
    monkeypatch.setattr(of_commands, "load", command_that(raising(typer.Exit())))
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.run(["losses"]) is ExitCode.RESOURCE
    assert capsys.readouterr().err == "lossctl: error: stdout is closed\n"


MORE = "--help says more"
USAGE = {
    "command": (["evil"], "no command is called 'evil'", "did you mean eval?"),
    "option": (["--verison"], "No such option: --verison", "did you mean --version?"),
    "far option": (["eval", "--x\x1b"], "No such option: --x\\x1b", f"lossctl eval {MORE}"),
    "far option of all": (["--qqq"], "No such option: --qqq", f"lossctl {MORE}"),
    "no value": (
        ["eval", "--jobs"],
        "Option '--jobs' requires an argument",
        f"lossctl eval {MORE}",
    ),
    "near option": (["eval", "--los"], "No such option: --los", "did you mean --loss?"),
    "shared word": (
        ["eval", "--skip-nan-rows"],
        "No such option: --skip-nan-rows",
        "did you mean --nan or --rows?",
    ),
    "same beginning": (["eval", "--posit"], "No such option: --posit", "did you mean --pos-label?"),
    "range": (
        ["eval", "a", "b", "--loss=mae", "--jobs=x"],
        "Invalid value for '--jobs' / '-j': 'x' is not a whole number",
        f"lossctl eval {MORE}",
    ),
    "three": (
        ["eval", "a", "b", "c"],
        "Got unexpected extra argument(s) (c)",
        "PREDS and TARGETS are two paths: quote a pattern that is to name several files; to "
        "compare several predictions evaluate each, in a loop of the shell",
    ),
    "one": (
        ["losses", "ce", "a"],
        "Got unexpected extra argument(s) (a)",
        f"lossctl losses {MORE}",
    ),
}


@pytest.mark.parametrize(("arguments", "message", "hint"), USAGE.values(), ids=USAGE)
def test_what_the_parser_refuses(
    capsys: Capture, arguments: list[str], message: str, hint: str
) -> None:
    assert cli.run(arguments) is ExitCode.USAGE
    assert capsys.readouterr() == ("", f"lossctl: error: {message}\nlossctl: hint: {hint}\n")


def test_no_argument_at_all_is_answered_with_the_help(capsys: Capture) -> None:
    assert cli.run(["--help"]) is ExitCode.OK
    text = capsys.readouterr().out
    assert cli.run([]) is ExitCode.USAGE
    assert capsys.readouterr() == ("", text)
    assert text.startswith("Usage: lossctl ")


def test_an_error_of_the_parser_without_a_command(capsys: Capture) -> None:
    assert cli.explain(typer.BadParameter("a.")) is ExitCode.USAGE
    assert (
        capsys.readouterr().err
        == f"lossctl: error: Invalid value: a\nlossctl: hint: lossctl {MORE}\n"
    )


class Stream:
    """A stream whose flush raises an error, over a descriptor that may be lost."""

    def __init__(self, descriptor: int, error: OSError | None) -> None:
        self._descriptor, self._error = descriptor, error
        self.flushed = 0

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        self.flushed += 1
        if self._error is not None:
            raise self._error


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    found = os.open(tmp_path / "stream", os.O_WRONLY | os.O_CREAT)
    yield found
    os.close(found)


def is_lost(descriptor: int) -> bool:
    """Return whether what is written there goes nowhere."""
    return os.fstat(descriptor).st_rdev == os.stat(os.devnull).st_rdev


FULL = OSError(ENOSPC, "No space left on device")
STDOUT: list[tuple[OSError | None, int, int, str]] = [
    (None, 0, 0, ""),
    (None, 3, 3, ""),
    (BrokenPipeError(), 0, 141, ""),
    (BrokenPipeError(), 1, 141, ""),
    (FULL, 0, 4, "lossctl: error: stdout: No space left on device\n"),
    (FULL, 1, 1, ""),
    (FULL, 3, 3, ""),
]


@pytest.mark.parametrize(("error", "before", "after", "said"), STDOUT, ids=repr)
def test_stdout_that_cannot_be_flushed(
    monkeypatch: Patch,
    capsys: Capture,
    descriptor: int,
    error: OSError | None,
    *,
    before: int,
    after: int,
    said: str,
) -> None:
    stdout: Any = Stream(descriptor, error)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert process._flushed(ExitCode(before)) == after
    assert capsys.readouterr().err == said
    assert (is_lost(descriptor), stdout.flushed) == (error is not None, 1)


@pytest.mark.parametrize("error", [None, FULL, BrokenPipeError()], ids=repr)
@pytest.mark.parametrize("code", [0, 1, 4])
def test_stderr_that_cannot_be_flushed_changes_no_code(
    monkeypatch: Patch, descriptor: int, error: OSError | None, code: int
) -> None:
    stderr: Any = Stream(descriptor, error)
    monkeypatch.setattr(sys, "stderr", stderr)
    assert process._flushed(ExitCode(code)) == code
    assert (is_lost(descriptor), stderr.flushed) == (error is not None, 1)


@pytest.mark.parametrize("code", [0, 3])
def test_streams_that_are_closed_are_not_flushed(monkeypatch: Patch, code: int) -> None:
    closed: TextIO | None = None
    monkeypatch.setattr(sys, "stdout", closed)
    monkeypatch.setattr(sys, "stderr", closed)
    assert process._flushed(ExitCode(code)) == code
