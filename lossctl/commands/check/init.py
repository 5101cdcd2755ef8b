"""`lossctl check --init`: a configuration for the files that are there."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import islice
from typing import Any, NamedTuple

from typer import Context

from lossctl.base.errors import UsageError
from lossctl.base.wording import counted, listed, quoted
from lossctl.commands.check.blocks import block, names_of
from lossctl.commands.check.candidates import (
    FOUND,
    Attempt,
    Found,
    Unfit,
    candidates,
    tried,
)
from lossctl.commands.check.check import check_of
from lossctl.commands.check.files import TablesHere
from lossctl.commands.check.nothing import MOST_TOLD, nothing_found, tell_others, tell_unfit
from lossctl.commands.check.project import OF_A_CHECK, OF_ALL_CHECKS
from lossctl.commands.check.settings import written
from lossctl.commands.check.there import There, file_there
from lossctl.commands.flags.groups import group_of, stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.evaluation.options import option_of
from lossctl.gate.configuration import FILE
from lossctl.outputs.files import open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.inputs import Input

_MOST = 20
"""No more checks than this are written, as each is evaluated once."""

_HEAD = """\
# What `lossctl check` asks of the predictions in this project. A check takes inputs and limits
# under the names of their options (`lossctl check --help`). Paths are relative to this file. An
# option on the command line beats what is said here.

[defaults]
# Of all checks that do not say otherwise:
# baseline = "lossctl-baseline.json"  # `lossctl check --update-baseline` writes it: commit it
# max-increase = "1%"                 # the increase over the baseline that is allowed
# same-targets = true                 # other targets than the baseline's fail
# fail-on-warnings = true             # what an evaluation warns of fails its check
# junit = "lossctl.xml"               # for CI servers
"""


class Given(NamedTuple):
    """A check that is asked for with --init."""

    attempt: Attempt
    name: str | None
    settings: dict[str, str]
    """Lines of TOML, by their keys, of what else is asked for."""
    shown: dict[str, str]
    """The same of what is asked for all checks: how they are shown, and where."""
    rules: RuleFlags
    limits: LimitFlags
    inputs: InputFlags

    def require_possible(self, losses: list[str]) -> None:
        """Raise UsageError where there could be no such check of these losses."""
        predictions, targets = self.attempt[:2]
        tables = Input(predictions), None if targets is None else Input(targets)
        inputs = self.inputs._replace(loss=losses)
        check_of(predictions, *tables, self.rules, self.limits, inputs)


def write_configuration(
    predictions: str | None, targets: str | None, name: str | None, context: Context
) -> None:
    """Write lossctl.toml or, where this folder has checks already, print those to add to them.

    Raises UsageError if there are none to find, for options of none, and for what could be none.
    """
    there = file_there(context)
    like = _like({} if there is None else there.defaults)
    given = _given(predictions, targets, name, like, there, context)
    known = set() if there is None else there.predictions
    here = TablesHere()
    some = candidates(known, like, here) if given is None else iter([tried(given.attempt)])
    results = [*islice(some, _MOST)]
    found = [one for one in results if isinstance(one, Found)]
    unfit = [one for one in results if isinstance(one, Unfit)]
    if given is not None and unfit and unfit[0].error is not None:
        raise unfit[0].error
    for one in unfit[:MOST_TOLD]:
        tell_unfit(one, is_whole=bool(found) or one is not unfit[0])
    if not found:
        unfit += tell_others(there, unfit, like, here)
        raise nothing_found(there, unfit, here)
    if given is not None:
        given.require_possible([found[0].loss])
    if there is None:
        _write(found, given)
    else:
        _print(found, given, there, context)
    if next(some, None) is not None:
        tell(NOTE, f"there are more predictions: no more than {_MOST} files are tried at once")
        tell(HINT, "to add checks of the others: lossctl check --init >> lossctl.toml")


def _like(values: dict[str, Any]) -> Attempt:
    """Return what holds for all checks by values of options: no path is in it."""
    return Attempt(
        "",
        targets=None if (targets := values.get("targets")) is None else targets.name,
        base=group_of(InputFlags, values).options(0),
        allow_no_final_newline=values.get("allow_no_final_newline", False),
        settled={option_of(key) for key in values},
    )


def _given(
    predictions: str | None,
    targets: str | None,
    name: str | None,
    like: Attempt,
    there: There | None,
    context: Context,
) -> Given | None:
    """Return the check that is asked for, if one is; what is not asked for the defaults say."""
    values = _asked_for(context)
    if predictions is None:
        if values:
            raise UsageError("--init takes options for one check: name its PREDS, too")
        return None
    defaults = {} if there is None else there.defaults
    asked = {key: value for key, value in values.items() if defaults.get(key) != value}
    options = {option_of(key): key for key in asked if option_of(key) in FOUND}
    merged = defaults | values
    rules, inputs = group_of(RuleFlags, values), group_of(InputFlags, merged)
    attempt = like._replace(
        predictions=_from_here(predictions),
        targets=like.targets if targets is None else _from_here(targets),
        settings={option: str(asked[key]) for option, key in options.items()},
        base=inputs.options(0),
        allow_no_final_newline="allow_no_final_newline" in merged,
        settled={*like.settled, *map(option_of, asked)} - options.keys(),
    )
    own, shared = OF_A_CHECK - {*options.values()}, OF_ALL_CHECKS
    texts = written(context, {key: asked[key] for key in asked.keys() & own})
    shown = written(context, {key: asked[key] for key in asked.keys() & shared})
    given = Given(attempt, name, texts, shown, rules, group_of(LimitFlags, merged), inputs)
    if inputs.loss:
        given.require_possible(inputs.loss)
    return given


def _asked_for(context: Context) -> dict[str, Any]:
    """Return what a check is asked for beside its files; raise UsageError for options of none."""
    arguments = {"predictions", "targets", "init"}
    values = {key: value for key, value in stated(context).items() if key not in arguments}
    others = values.keys() - {"name"} - OF_A_CHECK - OF_ALL_CHECKS
    if others:
        raise UsageError(f"--init writes checks, which have no --{option_of(min(others))}")
    return values


def _from_here(path: str) -> str:
    """Return an absolute path of what lies below this folder from this folder, others as given."""
    here = os.path.join(os.getcwd(), "")
    return os.path.relpath(path) if path.startswith(here) else path


def _write(found: list[Found], given: Given | None) -> None:
    """Write the file that there is not yet."""
    shown = "" if given is None else "".join(f"{line}\n" for line in given.shown.values())
    proposed = tuple(f"# {key} = " for key in ({} if given is None else given.shown))
    head = "".join(
        line for line in _HEAD.splitlines(keepends=True) if not line.startswith(proposed)
    )
    names = _names(found, given, ())
    text = head + shown + _blocks(found, names, given, None)
    with open_output(FILE) as write:
        write(text)
    tell(NOTE, f"{FILE}: written, with {counted(len(found), 'check')}")
    tell(HINT, "now choose the limits, then: lossctl check")


def _print(found: list[Found], given: Given | None, there: There, context: Context) -> None:
    """Print what a file that stays as it is may have behind its end.

    Raises UsageError where it would not load with that.
    """
    if given is not None and given.shown:
        name = min(given.shown)
        raise UsageError(
            f"--{name} is for all checks, and {there.path} stays as it is",
            f"write {given.shown[name]} into its defaults",
        )
    if given is not None and given.name is not None and given.name in there.names:
        called = f"{there.path} has a check called {quoted(given.name)}"
        raise UsageError(called, "choose another name")
    names = _names(found, given, there.names)
    blocks = _blocks(found, names, given, there)
    there.require_loadable(blocks, context)
    with open_output(None) as write:
        write(blocks)
    checks = counted(len(found), "check")
    path = there.path
    tell(NOTE, f"{path}: is there already, and stays as it is: {checks} to add to it on stdout")
    for name, one in zip(names, found, strict=True):
        if twins := there.having(*one.attempt[:2]):
            have = "has" if len(twins) == 1 else "have"
            those = f"{listed(map(quoted, twins), MOST_TOLD)} in {path} {have} the files"
            tell(NOTE, f"{those} of the new check {quoted(name)} already")
    tell(HINT, f"to add what is printed, end the same command with >> {path}")


def _names(found: list[Found], given: Given | None, taken: Collection[str]) -> list[str]:
    """Return what the checks are called, which are not called as others."""
    return [*names_of(found, taken)] if given is None or given.name is None else [given.name]


def _blocks(found: list[Found], names: list[str], given: Given | None, there: There | None) -> str:
    """Return the checks as they are written, beside those and the defaults that are there."""
    settings = {} if given is None else given.settings
    if there is None:
        pairs = zip(names, found, strict=True)
        return "".join(block("check", name, one, settings, {}) for name, one in pairs)
    inherited = {option_of(key): value for key, value in there.defaults.items()}
    return "".join(
        block(there.heading, name, one, settings, inherited, there.having(*one.attempt[:2]))
        for name, one in zip(names, found, strict=True)
    )
