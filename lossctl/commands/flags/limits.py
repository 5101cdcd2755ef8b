"""The options that say what a check asks of an evaluation."""

from inspect import Parameter, Signature
from typing import Annotated, NamedTuple

import typer

from lossctl.commands.flags.display import PerSample, Worst
from lossctl.gate.rules import RULES, Rule


def _option(name: str, rule: Rule) -> Parameter:
    option = typer.Option(f"--{name}", metavar=rule.metavar, help=rule.help)
    return Parameter(
        name.replace("-", "_"),
        Parameter.KEYWORD_ONLY,
        default=[],
        annotation=Annotated[list[str], option],
    )


class RuleFlags(dict[str, list[str]]):
    """The limits of each rule, as they were written; the registry of rules makes the options."""

    __signature__ = Signature([_option(name, rule) for name, rule in RULES.items()])

    def __init__(self, **limits: list[str]) -> None:
        super().__init__({name: limits.get(name.replace("-", "_"), []) for name in RULES})


class LimitFlags(NamedTuple):
    """What else is asked of a check, and of its samples, as the command line has it."""

    min_rows: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At least so many samples.")
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Loss(W) is at most what this says: a JSON report of eval, or the file that "
            "--update-baseline writes.",
        ),
    ] = None
    max_increase: Annotated[
        list[str],
        typer.Option(
            metavar="X|P%",
            help="At most so far above the baseline, or by such a part of its magnitude; else 0.",
        ),
    ] = []  # noqa: RUF012, Typer reads it, and nobody writes it
    allow_no_final_newline: Annotated[
        bool,
        typer.Option(
            "--allow-no-final-newline", help="Text that ends within a line is not cut off."
        ),
    ] = False
    per_sample: PerSample = None
    worst: Worst = 0
