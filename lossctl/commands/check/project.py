"""The checks of a file; an option on the command line beats what the file says."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

from typer import Context

from lossctl.base.errors import ConfigurationError, UsageError, place_text
from lossctl.base.wording import choose, visible
from lossctl.commands.check.check import Check, check_of
from lossctl.commands.check.language import hint_for, in_settings
from lossctl.commands.check.lines import lines_of
from lossctl.commands.check.settings import ARGUMENTS, Settings, repeated
from lossctl.commands.flags.groups import group_of, options_of, stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.gate import configuration
from lossctl.gate.configuration import Configuration, Part
from lossctl.gate.limits import LimitError, VainWarning, losses_limited, overridden
from lossctl.gate.rules import RULES
from lossctl.losses import canonical_name, split_losses
from lossctl.outputs.messages import NOTE, tell

OF_A_CHECK = ARGUMENTS.union(*map(options_of, (RuleFlags, LimitFlags, InputFlags)))
"""A check of the file may set these parameters of the command, beside its name."""
OF_ALL_CHECKS = options_of(VerdictFlags)
"""Its defaults may also set these."""
_PER_LOSS = {"max_increase", *options_of(RuleFlags)}
"""The limits of these options may name the loss that they are for."""
_REPEATED = {"config", "baseline", *options_of(InputFlags)}
"""Commands in hints repeat these options, as they say which file is meant, and which number."""
_WARNING = {name.replace("-", "_") for name, rule in RULES.items() if rule.only_warns}
"""These options only warn."""
_OPTION = re.compile("--([a-z][a-z-]*)")
"""Messages name options so."""


def find_project(path: str | None, told: bool) -> str:
    """Return the file of checks: the one that is named, or that of this folder or one above it.

    It is `told` where it lies above. Raises UsageError if there is none.
    """
    if path is None:
        path = configuration.find()
        if os.path.dirname(path) and told:
            tell(NOTE, f"the checks are those of {path}, and paths are relative to it")
    return path


def display_of(file: Configuration, context: Context) -> VerdictFlags:
    """Return what is shown of the checks, and where; what is wrong about that is told later."""
    known = Settings(context, OF_ALL_CHECKS)
    settings: dict[str, Any] = {}
    for key, value in file.defaults.settings.items():
        with suppress(UsageError):
            settings |= known.values(file.defaults._replace(settings={key: value}), file.folder)
    return group_of(VerdictFlags, settings | stated(context))


def project_of(
    file: Configuration, only: Collection[str], context: Context, flags: Mapping[str, Any]
) -> tuple[list[Check], list[Check]]:
    """Return the checks of a file that are to be made, and the others.

    `only` has the names of the checks to be made; if it is empty, all are. The flags beat what the
    file says. UsageError is raised if any check of the file is wrong, be it to be made or not.
    """
    names = [str(part.settings["name"]) for part in file.checks if part.settings.get("name")]
    chosen = _chosen(only, names)
    keys = Settings(context, {"name", *OF_A_CHECK})
    keys_of_defaults = Settings(context, OF_A_CHECK | OF_ALL_CHECKS)
    defaults = keys_of_defaults.values(file.defaults, file.folder)
    checks: dict[str, Check] = {}
    for part in file.checks:
        settings = keys.values(part, file.folder)
        for key in ("name", "predictions", "loss"):
            if not (settings.get(key) or defaults.get(key) or flags.get(key)):
                raise part.error(f"it has no {key}", f'give it one: {key} = "..."')
        name = settings["name"]
        if name in checks:
            message = f"line {checks[name].line} has a check of this name, too"
            raise part.error(message, key="name")
        beating = dict(flags) if not only or name in chosen else {}
        check = _made(_merged(defaults, settings), beating, part, file)
        checks[name] = check._replace(
            file=file.path,
            line=part.line,
            lines=lines_of(part, file.defaults, flags.keys()),
            folder=file.folder,
            has_own_baseline="baseline" in flags and "baseline" in defaults | settings,
            given=repeated(context, _repeated(flags, defaults | settings)),
        )
    made = [check for name, check in checks.items() if not only or name in chosen]
    others = [check for name, check in checks.items() if only and name not in chosen]
    return made, others


def _repeated(flags: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the flags that commands in hints repeat.

    A baseline that is given beside that of the file, such as main's, is there to compare with: what
    is updated is the file's.
    """
    own = {"baseline"} & settings.keys()
    return {key: flags[key] for key in (flags.keys() & _REPEATED) - own}


def _chosen(only: Iterable[str], names: Collection[str]) -> list[str]:
    """Return the names that are meant: commas part them and patterns match them, if none is so.

    UsageError is raised for what means no check.
    """
    chosen: list[str] = []
    for text in only:
        for name in [text] if text in names else map(str.strip, text.split(",")):
            matching = [name] if name in names else [n for n in names if fnmatchcase(n, name)]
            if not matching:
                raise UsageError(*choose("check", name, names))
            chosen += matching
    return chosen


def _made(
    settings: dict[str, Any], flags: dict[str, Any], part: Part, file: Configuration
) -> Check:
    """Return the check that settings and flags ask for; raise UsageError.

    Where the settings can be without the flags, these are at fault, and where the flags cannot be
    in any check, it is not said in which.
    """
    asked = _merged(settings, flags)
    try:
        _refuse_other_losses(settings, flags, part, file)
        return _check(asked)
    except UsageError as error:
        loss = settings.get("loss") or flags.get("loss", [])
        if (mistake := _mistake(settings | {"loss": loss})) is not None:
            raise _of_settings(mistake, part, file) from None
        if isinstance(error, VainWarning) and not _WARNING & flags.keys():
            if not flags.get("quiet"):
                tell(NOTE, f"{part.title}{error.message}")
            return _check(asked, allow_vain_warnings=True)
        alone = _mistake(
            {key: settings[key] for key in ("name", "predictions")} | {"loss": loss} | flags
        )
        title = "" if alone is not None and alone.message == error.message else part.title
        raise UsageError(f"{title}{error.message}", error.hint) from None


def _refuse_other_losses(
    settings: dict[str, Any], flags: dict[str, Any], part: Part, file: Configuration
) -> None:
    """Raise UsageError where --loss asks for losses that limits of the file are not for.

    A limit without a name is for the losses that the file asks for.
    """
    if "loss" not in settings or "loss" not in flags:
        return
    group_of(InputFlags, settings | flags).options(0).asked()  # what is no loss is told first
    own, asked = (_losses(one["loss"]) for one in (settings, flags))
    for name in sorted(_PER_LOSS & settings.keys()):
        if (written := _merged(settings, flags)[name]) == list(flags.get(name, ())):
            continue
        meant = losses_limited(written, own)
        is_bare = meant != losses_limited(written, asked)
        if is_bare or not set(meant) <= set(asked):
            key = name.replace("_", "-")
            where = part if key in part.settings else file.defaults
            place = place_text(visible(file.path), where.line_of(key))
            instead = (
                f"pass --{key} X, which takes its place"
                if len(asked) == 1
                else ("name PREDS and TARGETS, for which no limit of the file holds")
            )
            raise UsageError(
                f"--loss asks for {', '.join(asked)}, but {key} in {place} is for "
                f"{', '.join(meant)}",
                f"leave out --loss, or {instead}",
            )


def _losses(texts: Iterable[str]) -> list[str]:
    return [canonical_name(name) for text in texts for name in split_losses(text)]


def _mistake(settings: Mapping[str, Any]) -> UsageError | None:
    try:
        _check(settings)
    except UsageError as error:
        return error
    return None


def _of_settings(error: UsageError, part: Part, file: Configuration) -> ConfigurationError:
    """Return the error that the settings of a check cannot be, at the one that it is about."""
    text = in_settings(error.message)
    named = _OPTION.findall(error.message) or ["loss"]  # of losses it is told without the option
    where = part if set(named) & part.settings.keys() else file.defaults
    key = next((name for name in named if name in where.settings), "")
    where = (where if key else part)._replace(title=part.title)
    told = where.error(text, error.hint, key)
    if isinstance(error, LimitError):
        told.line = lines_of(part, file.defaults, ()).get(error.limit, told.line)
    told.hint = hint_for(told.hint, file.path, told.line or part.line)
    return told


def _check(settings: Mapping[str, Any], *, allow_vain_warnings: bool = False) -> Check:
    return check_of(
        settings["name"],
        settings["predictions"],
        settings.get("targets"),
        group_of(RuleFlags, settings),
        group_of(LimitFlags, settings),
        group_of(InputFlags, settings),
        allow_vain_warnings=allow_vain_warnings,
    )


def _merged(settings: dict[str, Any], beating: dict[str, Any]) -> dict[str, Any]:
    """Return settings with others put over them.

    Of the limits that both have, one for a loss takes the place of those for this loss alone.
    """
    both = _PER_LOSS & settings.keys() & beating.keys()
    texts = settings.get("loss", beating.get("loss", []))
    limits = {name: overridden(settings[name], beating[name], _losses(texts)) for name in both}
    return settings | beating | limits
