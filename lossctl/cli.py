"""The Typer app: commands hang here, and exceptions become exit codes here, nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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
from lossctl.base.wording import choose, either, nearest_ones, visible
from lossctl.commands import COMMANDS
from lossctl.commands.help import HELP, PLAIN, command_of
from lossctl.losses import LOSSES
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
_REFUSED: type[Any] = typer.BadParameter.__bases__[0]
"""What the parser of the command line raises, and Typer has had no name for in all its versions."""
_ALIKE = 0.7
"""Of options that are alike, in the measure of difflib, at least."""
_BEGINNING = len("--pos")
_RANGES = {
    "a valid int range": "a whole number",
    "a valid integer range": "a whole number",
    "a valid float range": "a number",
}
"""How the parsers of the command line call numbers, and how people do."""


def _print_version(wanted: bool) -> None:
    if wanted:
        from lossctl.tables.text.compiled import PARSER

        typer.echo(f"lossctl {__version__} (text is parsed {PARSER})")
        raise typer.Exit


@app.callback(context_settings=HELP)
def lossctl(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_print_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
    debug: Annotated[bool, typer.Option(_DEBUG, help="Show the traceback of an error.")] = False,
) -> None:
    """How wrong are these predictions? Per-sample losses and their exact mean, Loss(W).

    \b
    lossctl eval p.csv t.csv --loss ce
    lossctl check p.csv t.csv --loss ce --max-loss 0.35
    lossctl eval --help
    """  # noqa: D301, Typer reads it


def run(arguments: list[str]) -> ExitCode:
    """Return the exit code of a call with these arguments, all errors told on stderr."""
    debug = _DEBUG in arguments  # anywhere
    arguments = [argument for argument in arguments if argument != _DEBUG]
    called = [argument for argument in arguments[:1] if argument in COMMANDS]  # before it is parsed
    if arguments[:1] == ["help"]:  # as other programs have it
        arguments = [*arguments[1:], "--help"]
    if arguments == ["version"]:
        arguments = ["--version"]
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
        return explain(error, " ".join(["lossctl", *called]))
    return ExitCode.OK


def explain(error: BaseException, command: str = "lossctl") -> ExitCode:
    """Tell the user of a command what went wrong and return the code for it."""
    if isinstance(error, ClosedPipe | BrokenPipeError):
        return ExitCode.CLOSED_PIPE
    if isinstance(error, _REFUSED):
        complain(*_usage(error, command))
        return ExitCode.USAGE
    meaning = explained(error)
    if not meaning.told:
        complain(meaning.message, meaning.hint)
    return meaning.exit_code


def _usage(error: Any, command: str) -> tuple[str, str]:
    """Return the message and the hint for what the parser of the command line refused.

    The same is said whichever version of the parser it was.
    """
    context = getattr(error, "ctx", None)
    message, hint = visible(error.format_message()).rstrip("."), f"{command} --help says more"
    if context and "No such option" in message:
        wanted = str(getattr(error, "option_name", ""))
        message = f"No such option: {visible(wanted)}"
        if meant := _options_meant(wanted, context.command):
            return message, f"did you mean {either(meant)}?"
        if _of_others(wanted) == "--max-loss":
            return message, "a limit is for lossctl check: --max-loss"
    if "extra argument" in message:
        message = f"Got unexpected extra argument(s) ({message.partition(' (')[2]}"
        losses = ",".join(context.params.get("loss") or ()) if context else ""
        more = message.partition("(s) (")[2].rstrip(")").split()
        if losses and more and all(word in LOSSES for word in more):
            several = ",".join([losses, *more])
            hint = f"several losses have commas between them: --loss {visible(several)}"
        elif context and context.params.get("per_sample") is True:
            hint = f"--per-sample takes no value in {command}: the file is named by -o FILE"
        elif command != "lossctl losses":
            hint = (
                "PREDS and TARGETS are two paths: quote a pattern that is to name several files; "
                "to compare several predictions evaluate each, in a loop of the shell"
            )
    for range_, meaning in _RANGES.items():
        message = message.replace(range_, meaning)
    return message, hint


def _options_meant(wanted: str, command: Any) -> list[str]:
    """Return the options that one that there is not may be meant to be, with their values.

    It may be a value, --json, or an option with its value, --from-logits.
    """
    known = {name for one in command.params for name in one.opts}
    if (here := _of_others(wanted)) in known:
        return [here]
    from lossctl.commands.completion import words_of_options

    values = [
        f"{option} {word}"
        for option, words in words_of_options(command.name).items()
        for word in words
        if option in known and wanted in (f"--{word}", f"{option}-{word}")
    ]
    return values or _near_options(wanted, command.params)


def _of_others(wanted: str) -> str:
    """Return the option that other programs call so, or ""."""
    from lossctl.evaluation.elsewhere import called_here

    return f"--{here.replace('_', '-')}" if (here := called_here(wanted)) else ""


def _near_options(wanted: str, parameters: Iterable[Any]) -> list[str]:
    """Return the options that one that there is not may be meant to be: --loss for --los.

    Else these are options that share a word with it, or begin with the same letters.
    """
    known = [name for one in parameters for name in (*one.opts, *one.secondary_opts)]
    known = [name for name in known if name.startswith("--")]
    if near := [name for name in nearest_ones(wanted, known) if _ratio(wanted, name) > _ALIKE]:
        return near
    words = {*wanted.lstrip("-").replace("_", "-").split("-")}
    shared = [name for name in known if words & {*name[2:].split("-")}]
    return shared or [name for name in known if name[:_BEGINNING] == wanted[:_BEGINNING]][:3]


def _ratio(word: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, word.strip("-"), other.strip("-")).ratio()
