"""`lossctl check`: a gate for CI, from flags or from a file."""

from typing import Annotated

import typer

from lossctl.base.errors import UsageError
from lossctl.commands.flags.groups import grouped
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.commands.help import CHECKS, argument, option


@grouped
def check(
    context: typer.Context,
    predictions: Annotated[
        str | None,
        argument("[PREDS]", "As for eval; else lossctl.toml is read"),
    ] = None,
    targets: Annotated[str | None, argument("[TARGETS]", "As for eval")] = None,
    *,
    rules: RuleFlags,
    limits: LimitFlags,
    update_baseline: Annotated[
        bool,
        option(CHECKS, "--update-baseline", help="Write today's numbers, if none is higher"),
    ] = False,
    allow_increase: Annotated[
        bool,
        option(CHECKS, "--allow-increase", help="Let --update-baseline write higher numbers, too"),
    ] = False,
    lower_only: Annotated[
        bool,
        option(CHECKS, "--lower-only", help="Let it keep numbers that rose within max-increase"),
    ] = False,
    name: Annotated[
        str | None,
        option(CHECKS, metavar="NAME", help="What the check is called, instead of its PREDS"),
    ] = None,
    config: Annotated[
        str | None,
        option(CHECKS, metavar="FILE", help="Checks of this file, not lossctl.toml"),
    ] = None,
    only: Annotated[
        list[str],
        option(
            CHECKS,
            metavar="NAME",
            help="Run only these checks of the file: a,b or 'pr*'",
        ),
    ] = [],  # noqa: B006
    init: Annotated[
        bool,
        option(CHECKS, "--init", help="Write a lossctl.toml for PREDS, or for files found here"),
    ] = False,
    list_: Annotated[
        bool, option(CHECKS, "--list", help="List the checks, and make none of them")
    ] = False,
    display: VerdictFlags,
    inputs: InputFlags,
) -> None:
    """Check that losses are within limits: exit code 0 if all are, 1 if not, 3 for bad data.

    Limits and inputs come from the command line, for one check, or from lossctl.toml, for any
    number of them, under the names of the options; an option given here beats the file.

    \b
    lossctl check preds.csv targets.csv --loss ce --max-loss 0.35
    lossctl check preds.csv targets.csv --loss ce --baseline main.json --max-increase 2%
    lossctl check --init
    """
    if init:
        from lossctl.commands.check.init import write_configuration

        write_configuration(predictions, targets, name, context)
        return
    _require_possible(update_baseline, allow_increase, lower_only)
    from lossctl.commands.check.asked import checks_of_file, one_check
    from lossctl.commands.check.checks import refuse_limitless, refuse_overwritten, run_checks
    from lossctl.commands.check.preparation import Preparation
    from lossctl.commands.check.update import Update

    update = Update(allow_increase, lower_only) if update_baseline else None
    with Preparation(display, list_).shown() as preparation:
        if predictions is not None:
            if config is not None or only:
                raise UsageError("--config and --only are about a file of checks: leave out PREDS")
            paths = predictions, targets
            asked = one_check(paths, name, rules, limits, inputs, preparation)
        else:
            if name is not None:
                raise UsageError("--name is for PREDS; --only chooses a check of the file")
            asked = checks_of_file(config, only, context, preparation)
        if update is None and not list_:
            refuse_limitless(asked.checks)
        if not list_:
            refuse_overwritten(*asked, preparation.display, update)
    if list_:
        from lossctl.commands.check.listing import show_list

        show_list(asked.checks, preparation.display, update_baseline)
        return
    run_checks(*asked, preparation.display, update)


def _require_possible(update_baseline: bool, allow_increase: bool, lower_only: bool) -> None:
    """Raise UsageError for what can be asked of no update, or of nothing else."""
    asked = {"--allow-increase": allow_increase, "--lower-only": lower_only}
    for name in (name for name, is_asked in asked.items() if is_asked and not update_baseline):
        raise UsageError(f"{name} goes with --update-baseline")
    if allow_increase and lower_only:
        raise UsageError("--lower-only keeps what --allow-increase writes: choose one")
