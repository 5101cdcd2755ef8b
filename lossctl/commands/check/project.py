"""The checks of a file; an option on the command line beats what the file says."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from typer import Context

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted, visible
from lossctl.commands.check.check import Check, check_of
from lossctl.commands.check.settings import ARGUMENTS, Settings
from lossctl.commands.flags.groups import group_of, options_of, stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.gate import configuration
from lossctl.gate.limits import overridden
from lossctl.losses import split_losses
from lossctl.outputs.messages import NOTE, tell

_OF_A_CHECK = ARGUMENTS.union(*map(options_of, (RuleFlags, LimitFlags, InputFlags)))
"""A check of the file may set these parameters of the command, beside its name."""
_PER_LOSS = {"max_increase", *options_of(RuleFlags)}
"""The limits of these options may name the loss that they are for."""


class Project(NamedTuple):
    """What a file of checks and the command line ask for together."""

    checks: list[Check]
    """These are to be made."""
    others: list[Check]
    """These are in the file, too, but --only leaves them out."""
    display: VerdictFlags


def find_project(path: str | None) -> str:
    """Return the file of checks: the one that is named, or that of this folder or one above it.

    Raises UsageError if there is none.
    """
    if path is None:
        path = configuration.find()
        if os.path.dirname(path):
            tell(NOTE, f"the checks are those of {path}, and paths are relative to it")
    return path


def project_of(path: str, only: Collection[str], context: Context) -> Project:
    """Return the project of a file.

    `only` has the names of the checks to be made; if it is empty, all are. UsageError is raised if
    any check of the file is wrong, be it to be made or not.
    """
    file = configuration.read(path)
    flags = stated(context)
    keys = Settings(context, {"name", *_OF_A_CHECK})
    keys_of_defaults = Settings(context, _OF_A_CHECK | options_of(VerdictFlags))
    where = f"{visible(file.path)}: [defaults]"
    defaults = keys_of_defaults.values(file.defaults, where, file.folder)
    checks: dict[str, Check] = {}
    for table, line in zip(file.checks, file.lines, strict=True):
        where = f"{visible(file.path)}: [[check]] of line {line}"
        settings = keys.values(table, where, file.folder)
        for key in ("name", "predictions", "loss"):
            if not (settings.get(key) or defaults.get(key) or flags.get(key)):
                raise UsageError(f"{where} has no {key}")
        name = settings["name"]
        if name in checks:
            raise UsageError(f"{visible(file.path)}: two checks are called {quoted(name)}")
        try:
            beating = flags if not only or name in only else {}
            check = _check(_merged(_merged(defaults, settings), beating))
        except UsageError as error:
            message = f"{visible(file.path)}: check {quoted(name)}: {error.message}"
            raise UsageError(message, error.hint) from None
        checks[name] = check._replace(file=file.path, line=line, folder=file.folder)
    for name in only:
        if name not in checks:
            raise UsageError(*choose("check", name, checks))
    made = [check for name, check in checks.items() if not only or name in only]
    others = [check for name, check in checks.items() if only and name not in only]
    return Project(made, others, group_of(VerdictFlags, defaults | flags))


def _check(settings: Mapping[str, Any]) -> Check:
    return check_of(
        settings["name"],
        settings["predictions"],
        settings.get("targets"),
        group_of(RuleFlags, settings),
        group_of(LimitFlags, settings),
        group_of(InputFlags, settings),
    )


def _merged(settings: dict[str, Any], beating: dict[str, Any]) -> dict[str, Any]:
    """Return settings with others put over them.

    Of the limits that both have, one for a loss takes the place of those for this loss alone.
    """
    both = _PER_LOSS & settings.keys() & beating.keys()
    texts = settings.get("loss", beating.get("loss", []))
    losses = [name for text in texts for name in split_losses(text)]
    limits = {name: overridden(settings[name], beating[name], losses) for name in both}
    return settings | beating | limits
