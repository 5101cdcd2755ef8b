"""The options that say what a check asks of an evaluation."""

from inspect import Parameter, Signature
from typing import Annotated, NamedTuple

from lossctl.commands.flags.display import PerSample, Worst
from lossctl.commands.help import LIMITS, option
from lossctl.gate.rules import RULES, Rule


def _option(name: str, rule: Rule) -> Parameter:
    limit = option(LIMITS, f"--{name}", metavar=rule.metavar, help=rule.help)
    return Parameter(
        name.replace("-", "_"),
        Parameter.KEYWORD_ONLY,
        default=[],
        annotation=Annotated[list[str], limit],
    )


class RuleFlags(dict[str, list[str]]):
    """The limits of each rule, as they were written; the registry of rules makes the options."""

    __signature__ = Signature([_option(name, rule) for name, rule in RULES.items()])

    def __init__(self, **limits: list[str]) -> None:
        super().__init__({name: limits.get(name.replace("-", "_"), []) for name in RULES})


class LimitFlags(NamedTuple):
    """What else is asked of a check, and of its samples, as the command line has it."""

    min_rows: Annotated[
        int | None, option(LIMITS, metavar="N", min=1, help="At least so many samples")
    ] = None
    baseline: Annotated[
        str | None,
        option(LIMITS, metavar="FILE", help="Earlier numbers that must not get worse"),
    ] = None
    max_increase: Annotated[
        list[str],
        option(LIMITS, metavar="X|P%", help="Allowed increase over the baseline"),
    ] = []  # noqa: RUF012, Typer reads it, and nobody writes it
    same_targets: Annotated[
        bool,
        option(
            LIMITS,
            "--same-targets/--no-same-targets",
            help="Fail where targets are not the baseline's",
        ),
    ] = False
    fail_on_warnings: Annotated[
        bool,
        option(LIMITS, "--fail-on-warnings", help="Fail where a check would pass with a warning"),
    ] = False
    allow_doubts: Annotated[
        bool,
        option(
            LIMITS,
            "--allow-doubts",
            help="Let numbers pass that can hardly be those meant",
        ),
    ] = False
    allow_fewer_rows: Annotated[
        bool,
        option(
            LIMITS,
            "--allow-fewer-rows",
            help="Let fewer samples, or more left out, pass",
        ),
    ] = False
    allow_no_final_newline: Annotated[
        bool,
        option(
            LIMITS,
            "--allow-no-final-newline",
            help="Let a text file pass that ends without a newline",
        ),
    ] = False
    per_sample: PerSample = None
    worst: Worst = None
