"""`lossctl check`: a gate for CI, from flags or from a file."""

from typing import Annotated

import typer

from lossctl.base.errors import UsageError
from lossctl.commands.flags.groups import grouped, stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.commands.flags.verdicts import VerdictFlags


@grouped
def check(
    context: typer.Context,
    predictions: Annotated[
        str | None,
        typer.Argument(metavar="[PREDS]", help="As of lossctl eval. Without it: lossctl.toml."),
    ] = None,
    targets: Annotated[str | None, typer.Argument(metavar="[TARGETS]", help="As there.")] = None,
    *,
    rules: RuleFlags,
    limits: LimitFlags,
    update_baseline: Annotated[
        bool,
        typer.Option(
            "--update-baseline",
            help="Write the numbers to the baseline (lossctl-baseline.json), if none is higher.",
        ),
    ] = False,
    allow_increase: Annotated[
        bool, typer.Option("--allow-increase", help="Also if some are higher.")
    ] = False,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What the check is called; else as PREDS is."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Instead of lossctl.toml, or [tool.lossctl] in pyproject.toml."
        ),
    ] = None,
    only: Annotated[
        list[str], typer.Option(metavar="NAME", help="Only this check of the file; several times.")
    ] = [],  # noqa: B006
    init: Annotated[
        bool, typer.Option("--init", help="Write a lossctl.toml for the files found here.")
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

        if len(stated(context)) > 1:
            raise UsageError("--init goes with no other option: it only writes a file")
        write_configuration()
        return
    if allow_increase and not update_baseline:
        raise UsageError("--allow-increase goes with --update-baseline")
    from lossctl.commands.check.check import Check, check_of
    from lossctl.commands.check.checks import refuse_limitless, refuse_overwritten, run_checks
    from lossctl.commands.check.update import Update
    from lossctl.tables.inputs import Input

    if predictions is not None:
        if config is not None or only:
            raise UsageError("--config and --only are about a file of checks: leave out PREDS")
        name = predictions if name is None else name
        tables = Input(predictions), None if targets is None else Input(targets)
        checks = [check_of(name, *tables, rules, limits, inputs)]
        others: list[Check] = []
    else:
        from lossctl.commands.check.project import project_of

        if name is not None:
            raise UsageError("--name is for PREDS; --only chooses a check of the file")
        checks, others, display = project_of(config, only, context)
    update = Update(allow_increase) if update_baseline else None
    if update is None:
        refuse_limitless(checks)
    refuse_overwritten(checks, others, display, update)
    run_checks(checks, display, update)
