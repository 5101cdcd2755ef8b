"""`lossctl check --init`: a configuration for the files that are there."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import islice
from typing import NamedTuple

from typer import Context

from lossctl.base.errors import UsageError
from lossctl.base.wording import argument, counted, quoted, visible
from lossctl.commands.check.candidates import Attempt, Found, Unfit, candidates, tried
from lossctl.commands.check.check import check_of
from lossctl.commands.check.language import toml_text
from lossctl.commands.check.project import OF_A_CHECK, OF_ALL_CHECKS
from lossctl.commands.check.settings import written
from lossctl.commands.flags.groups import stated
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.evaluation.options import option_of
from lossctl.evaluation.rewording import options_in
from lossctl.gate.configuration import FILE, present
from lossctl.outputs.files import open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.inputs import Input
from lossctl.tables.series import without_extensions

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
# junit = "lossctl.xml"               # for CI servers
"""
_ABOVE = re.compile(r"^(\.\./)+")
"""A path begins so that leads out of this folder."""
_FOUND = {"id", "nan"}
"""What is found of these is not asked for."""


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
    found = {key: str(values[key]) for key in _FOUND & values.keys()}
    *_, inputs = flags
    attempt = Attempt(
        _from_here(predictions),
        None if targets is None else _from_here(targets),
        found,
        inputs.options(0),
        "allow_no_final_newline" in values,
    )
    own, shared = OF_A_CHECK - found.keys(), OF_ALL_CHECKS
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
    """Write lossctl.toml; raise UsageError if this folder has checks already, or none to find."""
    for path in present():
        raise UsageError(f"{path}: is there already, and stays as it is")
    tries = islice(candidates(), _MOST) if given is None else [tried(given.attempt)]
    results = list(tries)
    found = [one for one in results if isinstance(one, Found)]
    unfit = [one for one in results if isinstance(one, Unfit)]
    if given is not None and unfit and unfit[0].error is not None:
        raise unfit[0].error
    for one in unfit[:_MOST_TOLD]:
        _tell(one)
    if not found:
        where = "no file here has a name such as preds.csv beside one such as targets.csv"
        raise UsageError(
            f"{FILE} was not written: {'no check could be made' if unfit else where}",
            _by_hand(unfit[0] if unfit else Unfit(Attempt("preds.csv", "targets.csv"))),
        )
    head = _HEAD
    if given is not None:
        given.require_possible([found[0].loss])
        head += "".join(f"{line}\n" for line in given.shown.values())
    text = head + "".join(_checks(found, given))
    with open_output(FILE) as write:
        write(text)
    tell(NOTE, f"{FILE}: written, with {counted(len(found), 'check')}")
    tell(HINT, "now choose the limits, then: lossctl check")


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


def _checks(found: list[Found], given: Given | None) -> Iterator[str]:
    folders = Counter(os.path.dirname(one.attempt.predictions) for one in found)
    names: set[str] = set()
    for one in found:
        path = one.attempt.predictions
        folder = os.path.dirname(path)
        short = os.path.basename(folder) if folders[folder] == 1 else ""
        inner = _ABOVE.sub("", path, count=1)
        possible = [short, without_extensions(inner), inner]
        name = next(name for name in possible if name not in {"", os.curdir, os.pardir, *names})
        names.add(name)
        if given is not None and given.name is not None:
            name = given.name
        yield "\n".join(_lines(name, one, {} if given is None else given.settings))


def _lines(name: str, found: Found, settings: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a check: what is read, what was asked for, and limits if none were."""
    predictions, targets, hinted, *_ = found.attempt
    yield "\n[[check]]"
    yield f"name = {toml_text(name)}"
    yield f"predictions = {toml_text(predictions)}"
    if targets is not None:
        yield f"targets = {toml_text(targets)}"
    for key, text in hinted.items():
        rows = counted(found.report.skipped, "row")
        remark = f"  # leaves out {rows} with a missing value" if key == "nan" else ""
        yield f"{key} = {toml_text(text)}{remark}"
    results = found.report.losses.values()
    explained = [f"# {one.loss}: {visible(one.explanation)}" for one in results]
    lines = {
        "loss": f"loss = {toml_text(found.loss)}",
        "max-loss": f"max-loss = {_limit(found)}",
        "min-rows": f"min-rows = {found.report.n}",
        **settings,
    }
    lines["loss"] = "\n".join([*explained, lines["loss"]])
    today = ", ".join(f"{one.mean!r}" for one in results)
    choose = "" if "max-loss" in settings else ": choose what you can live with"
    lines["max-loss"] += f"  # Loss(W) is {today} today{choose}"
    yield from lines.values()
    yield ""


def _limit(found: Found) -> str:
    """Return a limit that holds today, or that of each loss."""
    limits = {loss: f"{_somewhat_above(one.mean):f}" for loss, one in found.report.losses.items()}
    if len(limits) == 1:
        return limits.popitem()[1]
    return f"{{{', '.join(f'{toml_text(loss)} = {limit}' for loss, limit in limits.items())}}}"


def _somewhat_above(mean: float) -> Decimal:
    """Return a limit of two digits that is a tenth above, and not below 0."""
    limit = max(Decimal(repr(mean)) * Decimal("1.1"), Decimal(0))
    return limit.quantize(Decimal(1).scaleb(limit.adjusted() - 1), ROUND_CEILING).normalize()
