"""`lossctl check --init`: a configuration for the files that are there."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import islice
from typing import NamedTuple

from typer import Context

from lossctl.base.errors import ConfigurationError, UsageError
from lossctl.base.wording import argument, counted, quoted
from lossctl.commands.check.blocks import block, names_of
from lossctl.commands.check.candidates import FOUND, Attempt, Found, Unfit, candidates, tried
from lossctl.commands.check.check import check_of
from lossctl.commands.check.project import OF_A_CHECK, OF_ALL_CHECKS
from lossctl.commands.check.settings import written
from lossctl.commands.flags.groups import stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.evaluation.options import option_of
from lossctl.evaluation.rewording import options_in
from lossctl.gate.configuration import FILE, parsed, present, read, text_of
from lossctl.outputs.files import open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.inputs import Input

_MOST = 20
"""No more checks than this are written, as each is evaluated once."""
_MOST_TOLD = 5
"""Of no more files than this it is said why there is no check."""

_HEAD = """\
# What `lossctl check` asks of the predictions in this project. A check takes inputs and limits
# under the names of their options (`lossctl check --help`). Paths are relative to this file. An
# option on the command line beats what is said here.

[defaults]
# Of all checks that do not say otherwise:
# baseline = "lossctl-baseline.json"  # `lossctl check --update-baseline` writes it: commit it
# max-increase = "1%"                 # the increase over the baseline that is allowed
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


def given_check(
    predictions: str | None,
    targets: str | None,
    name: str | None,
    flags: tuple[RuleFlags, LimitFlags, InputFlags],
    context: Context,
) -> Given | None:
    """Return the check that is asked for, if one is.

    Raises UsageError for options of none, and for what could be no check.
    """
    values = stated(context)
    if predictions is None:
        if len(values) > 1:
            raise UsageError("--init takes options for one check: name its PREDS, too")
        return None
    values = {key: values[key] for key in values.keys() - {"predictions", "targets", "init"}}
    others = values.keys() - {"name"} - OF_A_CHECK - OF_ALL_CHECKS
    if others:
        raise UsageError(f"--init writes checks, which have no --{option_of(min(others))}")
    options = {option_of(key): key for key in values if option_of(key) in FOUND}
    found = {option: str(values[key]) for option, key in options.items()}
    *_, inputs = flags
    attempt = Attempt(
        _from_here(predictions),
        None if targets is None else _from_here(targets),
        found,
        inputs.options(0),
        "allow_no_final_newline" in values,
    )
    own, shared = OF_A_CHECK - {*options.values()}, OF_ALL_CHECKS
    texts = written(context, {key: values[key] for key in values.keys() & own})
    shown = written(context, {key: values[key] for key in values.keys() & shared})
    given = Given(attempt, name, texts, shown, *flags)
    if inputs.loss:
        given.require_possible(inputs.loss)
    return given


def _from_here(path: str) -> str:
    """Return an absolute path of what lies below this folder from this folder, others as given."""
    here = os.path.join(os.getcwd(), "")
    return os.path.relpath(path) if path.startswith(here) else path


def write_configuration(given: Given | None) -> None:
    """Write lossctl.toml or, where this folder has checks already, print those to add to them.

    Raises UsageError if there are none to find.
    """
    there = next(iter(present()), None)
    known = [] if there is None else _checks_of(there)
    read = {os.path.normpath(one.predictions) for one in known}
    results = [*islice(candidates(read), _MOST)] if given is None else [tried(given.attempt)]
    found = [one for one in results if isinstance(one, Found)]
    unfit = [one for one in results if isinstance(one, Unfit)]
    if given is not None and unfit and unfit[0].error is not None:
        raise unfit[0].error
    for one in unfit[:_MOST_TOLD]:
        _tell(one)
    if not found:
        raise _nothing(there, unfit)
    if given is not None:
        given.require_possible([found[0].loss])
    if there is None:
        _write(found, given)
    else:
        _print(found, given, there, {one.name for one in known})


def _nothing(there: str | None, unfit: list[Unfit]) -> UsageError:
    """Return the error that no check was found: there are some, or it is said what to name."""
    if there is not None:
        return UsageError(f"{there}: is there already, and stays as it is")
    where = "no file here has a name such as preds.csv beside one such as targets.csv"
    return UsageError(
        f"{FILE} was not written: {'no check could be made' if unfit else where}",
        _by_hand(unfit[0] if unfit else Unfit(Attempt("preds.csv", "targets.csv"))),
    )


def _write(found: list[Found], given: Given | None) -> None:
    """Write the file that there is not yet."""
    shown = "" if given is None else "".join(f"{line}\n" for line in given.shown.values())
    text = _HEAD + shown + _blocks(found, given, "check", ())
    with open_output(FILE) as write:
        write(text)
    tell(NOTE, f"{FILE}: written, with {counted(len(found), 'check')}")
    tell(HINT, "now choose the limits, then: lossctl check")


def _print(found: list[Found], given: Given | None, there: str, taken: Collection[str]) -> None:
    """Print what a file that stays as it is may have behind its end.

    Raises UsageError where it would not load with that.
    """
    if given is not None and given.shown:
        name = min(given.shown)
        raise UsageError(
            f"--{name} is for all checks, and {there} stays as it is",
            f"write {given.shown[name]} into its defaults",
        )
    if given is not None and given.name is not None and given.name in taken:
        raise UsageError(f"{there} has a check called {quoted(given.name)}", "choose another name")
    heading = "check" if there == FILE else "tool.lossctl.check"
    blocks = _blocks(found, given, heading, taken)
    try:
        parsed(there, text_of(there) + blocks)
    except ConfigurationError:
        read(there)  # raises what is wrong with it as it is
        raise UsageError(
            f"{there}: no [[{heading}]] can stand behind its end",
            f"begin each of its own checks with [[{heading}]], too",
        ) from None
    with open_output(None) as write:
        write(blocks)
    checks = counted(len(found), "check")
    tell(NOTE, f"{there}: is there already, and stays as it is: {checks} to add to it on stdout")
    tell(HINT, f"to add what is printed, end the same command with >> {there}")


def _blocks(found: list[Found], given: Given | None, heading: str, taken: Collection[str]) -> str:
    names = names_of(found, taken) if given is None or given.name is None else [given.name]
    settings = {} if given is None else given.settings
    return "".join(
        block(heading, name, one, settings) for name, one in zip(names, found, strict=True)
    )


class _Known(NamedTuple):
    """A check that a file has already."""

    name: str
    predictions: str


def _checks_of(path: str) -> list[_Known]:
    """Return the checks of a file of this folder; of one that is none there are none."""
    try:
        parts = read(path).checks
    except UsageError:
        return []
    texts = [[str(part.settings.get(key)) for key in ("name", "predictions")] for part in parts]
    return [_Known(name, predictions) for name, predictions in texts]


def _tell(unfit: Unfit) -> None:
    """Say why there is no check of some predictions, and what an evaluation hints at."""
    predictions, targets = unfit.attempt[:2]
    if unfit.error is None:
        beside = "no file beside it is called as targets are: target, label, truth, actual, gold, y"
        tell(NOTE, f"no check of {quoted(predictions)}: {beside}")
        return
    pair = [quoted(path) for path in (predictions, targets) if path]
    tell(NOTE, f"no check of {' and '.join(pair)}: {unfit.error.message}")
    if unfit.error.hint:
        tell(HINT, unfit.error.hint)


def _by_hand(unfit: Unfit) -> str:
    """Return the command that writes a check, with all that was found of it."""
    predictions, targets, settings, *_ = unfit.attempt
    words = [argument(predictions)]
    if targets is not None or "target-col" not in settings:
        words.append("TARGETS" if targets is None else argument(targets))
    options = {"loss": unfit.loss, **settings}
    if "pos-label" in options_in((unfit.error and unfit.error.hint) or ""):
        options["pos-label"] = "LABEL"
    words += [f"--{name} {argument(text)}" for name, text in options.items()]
    return f"name what is missing: lossctl check --init {' '.join(words)}"
