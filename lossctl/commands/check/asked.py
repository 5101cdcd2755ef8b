"""The checks that are asked for: one by the command line, or those of a file."""

import os
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

from typer import Context

from lossctl.base.errors import LossctlError, UsageError
from lossctl.base.wording import argument, quoted
from lossctl.commands.check.check import Check, check_of
from lossctl.commands.check.preparation import Preparation
from lossctl.commands.flags.groups import stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.tables.inputs import Input


class Asked(NamedTuple):
    """The checks that are asked for."""

    checks: list[Check]
    """These are to be made."""
    others: list[Check]
    """These are in the file, too, but --only leaves them out."""


def one_check(
    paths: tuple[str, str | None],
    name: str | None,
    rules: RuleFlags,
    limits: LimitFlags,
    inputs: InputFlags,
    preparation: Preparation,
) -> Asked:
    """Return the check of PREDS and TARGETS; raise UsageError."""
    predictions, targets = paths
    preparation.name = predictions if name is None else name
    tables = Input(predictions), None if targets is None else Input(targets)
    preparation.tables = [table for table in tables if table is not None]
    if targets is None:
        _refuse_name_of_check(predictions)
    return Asked([check_of(preparation.name, *tables, rules, limits, inputs)], [])


def checks_of_file(
    path: str | None, only: Collection[str], context: Context, preparation: Preparation
) -> Asked:
    """Return the checks of the file that is named or found; raise UsageError."""
    from lossctl.commands.check.project import display_of, find_project, project_of
    from lossctl.gate import configuration

    preparation.name = configuration.FILE
    preparation.path = find_project(path, told=not preparation.display.quiet)
    preparation.name = preparation.path
    file = configuration.read(preparation.path)
    preparation.read(file, display_of(file, context))
    return Asked(*project_of(file, only, context, stated(context)))


def _refuse_name_of_check(predictions: str) -> None:
    """Raise UsageError where PREDS is no file, but a check is called so."""
    if os.path.lexists(predictions):
        return
    from lossctl.gate import configuration

    names: list[object] = []
    with suppress(LossctlError):
        file = configuration.read(configuration.find())
        names = [part.settings.get("name") for part in file.checks]
    if predictions in names:
        hint = f"the check of this name is run by --only {argument(predictions)}"
        raise UsageError(f"there is no file {quoted(predictions)}", hint)
