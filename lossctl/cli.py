"""The command line: commands hang here, and exceptions become exit codes here, nowhere else."""

from __future__ import annotations

import gc
import os
import signal
import sys
from io import RawIOBase, TextIOWrapper
from typing import Annotated, Any, NoReturn, TextIO

import typer
from typer.core import TyperGroup

from lossctl.base import descriptors
from lossctl.base.errors import ClosedPipe, ExitCode, ResourceError, UsageError, explained
from lossctl.base.registry import load
from lossctl.base.version import __version__
from lossctl.base.wording import choose, visible
from lossctl.commands import COMMANDS
from lossctl.outputs.messages import complain

PLAIN: dict[str, Any] = {"rich_markup_mode": None, "add_completion": False}
"""Help in plain text: it starts at once, and no setting can colour it in a pipe."""
HELP = {"help_option_names": ["-h", "--help"]}


class _Terminated(BaseException):
    """SIGTERM arrived."""


class LazyCommands(TyperGroup):
    """Commands that are imported when they are called, not to list them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command; raise UsageError if there is none of that name."""
        if cmd_name not in COMMANDS:
            raise UsageError(*choose("command", cmd_name, COMMANDS))
        alone = typer.Typer(**PLAIN)
        alone.command(cmd_name, context_settings=HELP)(load(COMMANDS[cmd_name][0]))
        return typer.main.get_command(alone)

    def format_commands(self, ctx: Any, formatter: Any, **_: Any) -> None:
        """Write the list of commands for --help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


app = typer.Typer(cls=LazyCommands, **PLAIN)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lossctl {__version__}")
        raise typer.Exit


@app.callback(context_settings=HELP)
def lossctl(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print it and exit."
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """How wrong are these predictions? Per-sample losses and their exact mean, Loss(W)."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    descriptors.note()
    _occupy_standard_streams()
    gc.set_threshold(5_000)  # imports leave no garbage, but blocks read by pandas do
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads, which spin unused
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)
    if isinstance(sys.stdout, TextIOWrapper):
        _prepare(sys.stdout)
    try:
        try:
            code = _run(sys.argv[1:])
        finally:  # nothing is left to clean up: a signal may end the process at once and quietly
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except _Terminated:
        code = ExitCode.TERMINATED
    sys.exit(_flushed(code))


def _occupy_standard_streams() -> None:
    """Let no file that is opened later pass for a standard stream that was closed."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.dup(descriptor)
    os.close(descriptor)


def _terminate(number: int, frame: object) -> NoReturn:
    raise _Terminated


def _prepare(stdout: TextIOWrapper) -> None:
    """Have stdout escape what it cannot encode, and never lose what the system did not take."""
    stdout.reconfigure(errors="backslashreplace")
    if isinstance(stdout.buffer, RawIOBase):  # PYTHONUNBUFFERED: it would ignore short writes
        sys.stdout = open(  # noqa: SIM115, closed by the system
            stdout.fileno(),
            "w",
            buffering=1,
            encoding=stdout.encoding,
            errors=stdout.errors,
            closefd=False,
        )


def _run(arguments: list[str]) -> ExitCode:
    """Return the exit code of a call with these arguments, all errors told on stderr."""
    try:
        command = typer.main.get_command(app)
        with command.make_context("lossctl", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as error:  # after --help or --version
        if sys.stdout is None:
            return _explain(ResourceError("stdout is closed"))
        return ExitCode(error.exit_code)
    except (KeyboardInterrupt, _Terminated):
        raise
    except BaseException as error:
        if "--debug" in arguments:
            import traceback

            traceback.print_exc()
        return _explain(error)
    return ExitCode.OK


def _explain(error: BaseException) -> ExitCode:
    """Tell the user what went wrong and return the code for it."""
    if isinstance(error, ClosedPipe | BrokenPipeError):
        return ExitCode.CLOSED_PIPE
    if isinstance(error, typer.TyperException):
        complain(*_usage(error))
        return ExitCode.USAGE
    meaning = explained(error)
    complain(meaning.message, meaning.hint)
    return meaning.exit_code


def _usage(error: typer.TyperException) -> tuple[str, str]:
    """Return the message and the hint for what the parser of the command line refused."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "lossctl"
    option, known = getattr(error, "option_name", None), getattr(error, "possibilities", None)
    if option and known:  # the nearest one comes first
        return visible(error.message), f"did you mean {known[0]}?"
    message, hint = visible(error.format_message()).rstrip("."), f"{command} --help says more"
    if "extra argument" in message and command != "lossctl losses":
        hint = "PREDS and TARGETS are two paths: quote a pattern that is to name several files"
    return message, hint


def _flushed(code: ExitCode) -> ExitCode:
    """Return the code after stdout and stderr were flushed, or that of the failure to do so."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
        code = ExitCode.CLOSED_PIPE
    except OSError as error:
        _abandon(sys.stdout)
        if not code:
            code = _explain(ResourceError(f"stdout: {error.strerror}"))
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)
    return code


def _abandon(stream: TextIO) -> None:
    """Keep the interpreter from trying once more, at its end, to write what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
