"""The Typer app: commands hang here, and exceptions become exit codes here, nowhere else."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lossctl.base.errors import (
    ClosedPipe,
    ExitCode,
    ResourceError,
    Terminated,
    UsageError,
    explained,
)
from lossctl.base.version import __version__
from lossctl.base.wording import choose, visible
from lossctl.commands import COMMANDS
from lossctl.commands.help import HELP, PLAIN, command_of
from lossctl.outputs.messages import complain


class LazyCommands(TyperGroup):
    """Commands that are imported when they are called, not to list them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command; raise UsageError if there is none of that name."""
        if cmd_name not in COMMANDS:
            raise UsageError(*choose("command", cmd_name, COMMANDS))
        return command_of(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any, **_: Any) -> None:
        """Write the list of commands for --help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


app = typer.Typer(cls=LazyCommands, **PLAIN)
_DEBUG = "--debug"


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
    debug: Annotated[bool, typer.Option(_DEBUG, help="Show tracebacks of errors.")] = False,
) -> None:
    """How wrong are these predictions? Per-sample losses and their exact mean, Loss(W)."""


def run(arguments: list[str]) -> ExitCode:
    """Return the exit code of a call with these arguments, all errors told on stderr."""
    debug = _DEBUG in arguments  # anywhere
    arguments = [argument for argument in arguments if argument != _DEBUG]
    try:
        command = typer.main.get_command(app)
        if not arguments:
            with command.make_context("lossctl", [], resilient_parsing=True) as context:
                typer.echo(context.get_help(), err=True)
            return ExitCode.USAGE
        with command.make_context("lossctl", arguments) as context:
            command.invoke(context)
    except typer.Exit as error:  # after --help or --version
        if sys.stdout is None:
            return explain(ResourceError("stdout is closed"))
        return ExitCode(error.exit_code)
    except (KeyboardInterrupt, Terminated):
        raise
    except BaseException as error:
        if debug:
            import traceback

            traceback.print_exc()
        return explain(error)
    return ExitCode.OK


def explain(error: BaseException) -> ExitCode:
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
        hint = (
            "PREDS and TARGETS are two paths: quote a pattern that is to name several files; to "
            "compare several predictions evaluate each, in a loop of the shell"
        )
    return message, hint
