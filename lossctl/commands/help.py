"""The help of a command: its options in named groups, a line each, then exit codes and settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand

from lossctl.base.errors import UsageError
from lossctl.base.registry import load
from lossctl.commands import COMMANDS

PLAIN: dict[str, Any] = {"rich_markup_mode": None, "add_completion": False}
"""Help in plain text: it starts at once, and no setting can colour it in a pipe."""
HELP = {"help_option_names": ["-h", "--help"]}
WHAT, COLUMNS, ROWS, FILES, OUTPUT = "What is computed", "Columns", "Rows", "Files", "Output"
LIMITS, CHECKS, OTHER = "Limits", "Checks", "Other"
"""Groups of options, by their titles."""
_NAMES = 28
"""So many columns are for the names of options."""
_END = {
    "Exit codes": [
        ("0", "done, and every check passed"),
        ("1", "a check failed, on valid numbers"),
        ("2", "an option, a loss or a configuration is wrong"),
        ("3", "bad data, or a loss that is not finite"),
        ("4", "a file, a permission, disk space or memory is missing"),
        ("5", "a fault of lossctl's own"),
        ("130, 143, 141", "interrupted; terminated; the reader of a pipe is gone"),
    ],
    "Environment": [
        ("NO_COLOR, FORCE_COLOR", "no colour; colour in a pipe, too"),
        ("COLUMNS", "the width of tables, in a pipe, too"),
        ("TMPDIR", "the folder of temporary files"),
    ],
}
"""What stands at the end of each help."""


def option(group: str, *names: str, **how: Any) -> Any:
    """Return an option of a group, which has to be given where it is `required`."""
    required = how.pop("required", False)
    how["help"] = f"{how['help']} (required)" if required else how["help"]
    return typer.Option(*names, rich_help_panel=group, show_default=False, **how)


def argument(metavar: str, text: str) -> Any:
    """Return an argument, and its text in the place of a panel, of which it needs none.

    The help of an argument is lost between Typer before 0.26 and Click 8.5.
    """
    return typer.Argument(metavar=metavar, rich_help_panel=text)


class GroupedCommand(TyperCommand):
    """A command whose help has its options in their groups, in the order of their definition.

    What stands in it is told by the parameters, as versions of Typer write it in different ways.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; raise UsageError for -word, which would be taken for -w.

        What belongs to an option that begins so stands behind an equals sign: --ignore-label=-id.
        """
        long = {name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}
        for written in args[: args.index("--")] if "--" in args else args:
            name = f"-{written.partition('=')[0]}"
            if name.count("-") >= 2 and name in long and written[1:2] != "-":
                raise UsageError(f"No such option: {written}", f"did you mean {name}?")
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words that follow the name of the command in the line of its usage."""
        parameters = self.get_params(ctx)
        return ["[OPTIONS]", *(str(found.metavar) for found in parameters if _is_argument(found))]

    def invoke(self, ctx: Any) -> Any:
        """Call the command; raise UsageError where an argument is missing that it needs.

        Between Typer before 0.20 and Click 8.3 it would be called with None.
        """
        for parameter in filter(_is_argument, self.get_params(ctx)):
            if parameter.required and ctx.params.get(parameter.name) is None:
                raise UsageError(
                    f"Missing argument '{parameter.metavar}'",  # as Click says it
                    f"{ctx.command_path} --help says more",
                )
        return super().invoke(ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options, a line each."""
        groups: dict[str, list[tuple[str, str]]] = {}
        parameters: list[Any] = self.get_params(ctx)
        for parameter in parameters:
            panel = getattr(parameter, "rich_help_panel", None) or OTHER
            title, text = (
                ("Arguments", panel) if _is_argument(parameter) else (panel, str(parameter.help))
            )
            groups.setdefault(title, []).append((_written(parameter), text))
        groups.setdefault(OTHER, []).append(("--debug", "Show the traceback of an error"))
        for title, records in _ordered(groups):
            with formatter.section(title):
                formatter.write_dl(records, col_max=_NAMES)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write what the process returns, and what it looks for in the environment.

        Of a command that evaluates nothing there is little to say.
        """
        panels = {getattr(one, "rich_help_panel", None) for one in self.get_params(ctx)}
        if WHAT not in panels:
            return
        for title, records in _END.items():
            with formatter.section(title):
                formatter.write_dl(records, col_max=_NAMES)


def command_of(name: str) -> Any:
    """Return a command as Typer parses it; its module is imported."""
    alone, place = typer.Typer(**PLAIN), COMMANDS[name][0]
    alone.command(name, cls=GroupedCommand, context_settings=HELP)(load(place))
    return typer.main.get_command(alone)


def _ordered(groups: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, list[Any]]]:
    known = ["Arguments", WHAT, LIMITS, CHECKS, COLUMNS, ROWS, FILES, OUTPUT, OTHER]
    for title in [title for title in known if title in groups]:
        yield title, groups[title]


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _written(parameter: Any) -> str:
    """Return how a parameter is given: `-l, --loss NAME`, or `--[no-]header` of a flag."""
    if _is_argument(parameter):
        return str(parameter.metavar)
    names = ", ".join(sorted(parameter.opts, key=len))
    if parameter.secondary_opts:
        return names.replace("--", "--[no-]")
    return names if parameter.is_flag else f"{names} {parameter.metavar}"
