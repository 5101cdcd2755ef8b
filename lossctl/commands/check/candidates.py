"""The checks that can be made of the files below a folder, found by trying what is hinted at."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import DataError, LossctlError
from lossctl.base.wording import visible
from lossctl.commands.check.check import require_final_newlines
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.evaluation.rewording import options_in
from lossctl.results.report import Report
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.series import ending_of, without_extensions

_PREDICTIONS = re.compile("pred|prob|y_?hat|forecast", re.IGNORECASE)
"""The name of a file that has predictions matches this."""
_TARGETS = re.compile("target|label|truth|true|actual|gold", re.IGNORECASE)
"""The name of a file, or of a column, that has targets matches this."""
_CALLED_P = {"p"}
_CALLED_Y = {"y", "test", "y_test"}
"""Whole names of such files."""
_MOST_TARGETS = 5
"""Predictions are tried with no more files of targets than this."""
_MOST_OPENED = 100
"""No more files are looked into that are not called as predictions or targets are."""
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""These stand for bytes of a name that are not UTF-8, which TOML cannot hold."""
_OF_PROGRAMS = {"node_modules", "site-packages", "venv"}
"""These folders hold programs, and are not searched."""
_DEEPEST = 3
"""Folders are searched no deeper than this."""
FOUND = {"id", "nan", "decimal", "targets-decimal"}
"""A check takes these options where a message hints at a value for them."""
LOSSES = "ce", "bce", "mse"
"""These are tried in this order: cross-entropy is for what are probabilities."""


class Attempt(NamedTuple):
    """What may be a check."""

    predictions: str
    targets: str | None = None
    settings: Mapping[str, str] = {}
    """These are found, and are written beside those that were asked for."""
    base: Options = Options("")
    """This was asked for, or is what a file of checks says of all of them."""
    allow_no_final_newline: bool = False
    settled: Collection[str] = ()
    """Of these options it is said what they are: no message is followed that hints at another."""


class Found(NamedTuple):
    """A check that can be made: it has this report of these losses."""

    attempt: Attempt
    loss: str
    report: Report


class Unfit(NamedTuple):
    """What can be no check with a loss, and why."""

    attempt: Attempt
    loss: str = LOSSES[-1]
    error: LossctlError | None = None


class Folder(NamedTuple):
    """The tables that lie in a folder, by what they are called."""

    predictions: list[str]
    targets: list[str]
    others: list[str]


def folders_here() -> Iterator[Folder]:
    """Yield the tables of this folder, and of those below it."""
    for folder, folders, files in os.walk("."):
        deep = os.path.normpath(folder).count(os.sep) + 1 >= _DEEPEST
        folders[:] = [] if deep else sorted(n for n in folders if _may_hold_tables(n))
        paths = [os.path.normpath(os.path.join(folder, name)) for name in sorted(files)]
        tables = [path for path in paths if _may_be_table(os.path.basename(path))]
        predictions = [path for path in tables if _is_called(path, _PREDICTIONS, _CALLED_P)]
        others = [path for path in tables if path not in predictions]
        targets = [path for path in others if _is_called(path, _TARGETS, _CALLED_Y)]
        yield Folder(predictions, targets, [path for path in others if path not in targets])


def candidates(known: Collection[str], like: Attempt) -> Iterator[Found | Unfit]:
    """Yield what becomes of each file of predictions below this folder, in their order.

    Those that are known are passed over. Of other tables the first ones are looked into. What holds
    for all of them is as in an attempt.
    """
    opened = _MOST_OPENED
    for predictions, targets, others in folders_here():
        for path in predictions:
            if path in known:
                continue
            alike = sorted(targets, key=lambda other: ending_of(other) != ending_of(path))
            common = [] if like.targets is None else [like.targets]
            yield _best(like._replace(predictions=path), common or alike[:_MOST_TARGETS])
        rest = [path for path in others if path not in known]
        for path in rest[:opened]:
            if isinstance(found := alone(like._replace(predictions=path)), Found):
                yield found
        opened -= len(rest[:opened])


def _is_called(path: str, part: re.Pattern[str], whole: Collection[str]) -> bool:
    """Return whether a part of a file's name says what it holds, or all of it."""
    name = os.path.basename(path)
    return without_extensions(name).lower() in whole or part.search(name) is not None


def _may_hold_tables(folder: str) -> bool:
    hidden = folder.startswith((".", "_"))
    return not hidden and folder not in _OF_PROGRAMS and not _NO_TEXT.search(folder)


def _may_be_table(file: str) -> bool:
    return without_extensions(file) != file and not _NO_TEXT.search(file)


def _best(like: Attempt, others: list[str]) -> Found | Unfit:
    """Return a check of predictions and the first targets that fit, or why the first do not."""
    by_itself = alone(like)
    if isinstance(by_itself, Found):
        return by_itself
    unfit = []
    for targets in others:
        one = tried(like._replace(targets=targets))
        if isinstance(one, Found):
            return one
        unfit.append(one)
    return unfit[0] if unfit else by_itself


def alone(like: Attempt) -> Found | Unfit:
    """Return a check of a file that has an obvious column of targets, too."""
    nothing = Unfit(like)
    if like.targets is not None:
        return nothing
    try:
        options, _ = like.base.tables()
        with closing(open_table(Input(like.predictions), options, "predictions")) as table:
            names = table.columns or ()
    except LossctlError:
        return nothing
    if "target-col" in like.settled:
        return tried(like) if like.base.target_col in names else nothing
    targets = [name for name in names if _TARGETS.search(name) and not _PREDICTIONS.search(name)]
    if len(targets) != 1 or len(names) < 2 or "," in targets[0]:
        return nothing
    return tried(like._replace(settings={"target-col": targets[0]}))


def tried(attempt: Attempt) -> Found | Unfit:
    """Return a check with the first loss that can be evaluated, or what is against it.

    A loss that was asked for is the only one. Where the first of several says which is better, that
    is told; where there are words, they are no targets of a regression.
    """
    if attempt.base.loss:
        return _followed(attempt, str(attempt.base.loss))
    unfit = []
    for loss in LOSSES:
        found = _followed(attempt, loss)
        if isinstance(found, Found):
            return found
        unfit.append(found)
    of_classes, of_events, of_numbers = unfit
    if len({str(one.error) for one in unfit}) == 1:  # whatever the loss
        return of_numbers
    value = getattr(of_numbers.error, "value", None)  # the cell that was refused
    if value and finite_decimal(value) is None:
        hinted = options_in((of_classes.error and of_classes.error.hint) or "")
        return of_events if hinted.get("loss") == of_events.loss else of_classes
    return of_numbers


def _followed(attempt: Attempt, loss: str) -> Found | Unfit:
    """Return a check with a loss after following the hints of its messages, or what is left."""
    while True:
        try:
            report = _evaluated(attempt, loss)
        except LossctlError as error:
            if not (new := _hinted(attempt, error)):
                return Unfit(attempt, loss, error)
            attempt = attempt._replace(settings={**attempt.settings, **new})
        else:
            return Found(attempt, loss, report)


def _hinted(attempt: Attempt, error: LossctlError) -> dict[str, str]:
    """Return the options that a message hints at, as far as they are not given yet.

    Of a decimal comma it is followed where the message is sure of it, for the file it is about;
    where targets are read with the comma of the predictions already, they have points.
    """
    hints = options_in(error.hint or "")
    is_sure = "targets-decimal" in hints and "delimiter" not in hints
    hints |= {"decimal": "", "targets-decimal": ""}
    if is_sure:
        name = "decimal" if _is_of(attempt.predictions, error) else "targets-decimal"
        hints[name] = "," if _decimal_of(attempt, name) == "." else "."
    known = {*attempt.settings, *attempt.settled}
    return {name: text for name, text in hints.items() if text and name in FOUND - known}


def _decimal_of(attempt: Attempt, option: str) -> str:
    """Return the decimal point with which the file was read that an option is about."""
    given = {name.replace("-", "_"): text for name, text in attempt.settings.items()}
    predictions, targets = attempt.base._replace(**given).tables()  # type: ignore[arg-type]
    return predictions.decimal if option == "decimal" else targets.decimal


def _is_of(path: str, error: LossctlError) -> bool:
    """Return whether an error is of a file, or a shard, that a path stands for."""
    files = [visible(location.path) for location in Input(path).locations]
    return getattr(error, "file", None) in files


def _evaluated(attempt: Attempt, loss: str) -> Report:
    """Return the report of a loss; raise LossctlError where no check could pass with it."""
    given: dict[str, Any] = {n.replace("-", "_"): text for n, text in attempt.settings.items()}
    targets = None if attempt.targets is None else Input(attempt.targets)
    options = attempt.base._replace(loss=loss, **given)
    evaluation = Evaluation(Input(attempt.predictions), targets, options)
    for _ in evaluation.samples():
        pass
    report = evaluation.report()
    if not attempt.allow_no_final_newline:
        require_final_newlines(report)
    if loss == "bce" and report.k != 1 and not attempt.base.loss:
        raise DataError("bce of several columns adds up events of their own")
    return report
