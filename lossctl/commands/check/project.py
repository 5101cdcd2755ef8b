"""The checks of a file, and the flags that beat what it says."""

from __future__ import annotations

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
from lossctl.commands.flags.verdicts import DisplayFlags
from lossctl.gate import configuration
from lossctl.gate.limits import overridden
from lossctl.losses import split_losses

_OF_A_CHECK = ARGUMENTS.union(*map(options_of, (RuleFlags, LimitFlags, InputFlags)))
_PER_LOSS = {"max_increase", *options_of(RuleFlags)}
"""The options whose limits may name a loss."""


class Project(NamedTuple):
    """What a file of checks asks for, together with the flags that beat it."""

    checks: list[Check]
    """Those that are to be made."""
    others: list[Check]
    display: DisplayFlags


def project_of(path: str | None, only: Collection[str], context: Context) -> Project:
    """Return all checks of a file, `only` some to be made; raise UsageError if any is wrong."""
    file = configuration.read(configuration.find() if path is None else path)
    flags = stated(context)
    keys = Settings(context, {"name", *_OF_A_CHECK})
    keys_of_defaults = Settings(context, _OF_A_CHECK | options_of(DisplayFlags))
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
    return Project(made, others, group_of(DisplayFlags, defaults | flags))


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
    """Return settings that others beat; a limit for one loss leaves those for others alone."""
    both = _PER_LOSS & settings.keys() & beating.keys()
    texts = settings.get("loss", beating.get("loss", []))
    losses = [name for text in texts for name in split_losses(text)]
    limits = {name: overridden(settings[name], beating[name], losses) for name in both}
    return settings | beating | limits
