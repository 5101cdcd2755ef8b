"""The checks that can be made of the files below a folder, found by trying what is hinted at."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

from lossctl.base.errors import DataError, LossctlError
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.evaluation.rewording import options_in
from lossctl.results.report import Report
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.series import without_extensions
from lossctl.tables.table import TableOptions
from lossctl.tables.warnings import NoFinalNewline

_PREDICTIONS = re.compile("pred|prob|y_?hat|forecast", re.IGNORECASE)
"""The name of a file that has predictions matches this."""
_TARGETS = re.compile("target|label|truth|true|actual|gold", re.IGNORECASE)
"""The name of a file, or of a column, that has targets matches this."""
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""These stand for bytes of a name that are not UTF-8, which TOML cannot hold."""
_OF_PROGRAMS = {"node_modules", "site-packages", "venv"}
"""These folders hold programs, and are not searched."""
_DEEPEST = 3
"""Folders are searched no deeper than this."""
_HINTED = {"id", "nan"}
"""A check takes these options where a message hints at a value for them."""
LOSSES = "ce", "bce", "mse"
"""These are tried in this order: cross-entropy is for what are probabilities."""


class Found(NamedTuple):
    """A check that can be made: with these settings it has this report of one loss."""

    predictions: str
    targets: str | None
    settings: dict[str, str]
    loss: str
    report: Report


class Unfit(NamedTuple):
    """Predictions of which no check can be made, and why that is so with these targets."""

    predictions: str
    targets: str | None
    loss: str
    error: LossctlError | None


def candidates() -> Iterator[Found | Unfit]:
    """Yield what becomes of each file of predictions below this folder, in their order."""
    for folder, folders, files in os.walk("."):
        deep = os.path.normpath(folder).count(os.sep) + 1 >= _DEEPEST
        folders[:] = [] if deep else sorted(n for n in folders if _may_hold_tables(n))
        paths = [os.path.normpath(os.path.join(folder, name)) for name in sorted(files)]
        tables = [path for path in paths if _may_be_table(os.path.basename(path))]
        predictions = [p for p in tables if _PREDICTIONS.search(os.path.basename(p))]
        others = [path for path in tables if path not in predictions]
        targets = [path for path in others if _TARGETS.search(os.path.basename(path))]
        for path in predictions:
            yield _best(path, targets)
        for path in others:
            if path not in targets and isinstance(found := _alone(path), Found):
                yield found


def _may_hold_tables(folder: str) -> bool:
    hidden = folder.startswith((".", "_"))
    return not hidden and folder not in _OF_PROGRAMS and not _NO_TEXT.search(folder)


def _may_be_table(file: str) -> bool:
    return without_extensions(file) != file and not _NO_TEXT.search(file)


def _best(predictions: str, others: list[str]) -> Found | Unfit:
    """Return a check of predictions and the first targets that fit, or why the first do not."""
    alone = _alone(predictions)
    if isinstance(alone, Found):
        return alone
    unfit = []
    for targets in others:
        tried = _tried(predictions, targets, {})
        if isinstance(tried, Found):
            return tried
        unfit.append(tried)
    return unfit[0] if unfit else alone


def _alone(path: str) -> Found | Unfit:
    """Return a check of a file that has an obvious column of targets, too."""
    nothing = Unfit(path, None, LOSSES[-1], None)
    try:
        with closing(open_table(Input(path), TableOptions(), "predictions")) as table:
            names = table.columns or ()
    except LossctlError:
        return nothing
    targets = [name for name in names if _TARGETS.search(name) and not _PREDICTIONS.search(name)]
    if len(targets) != 1 or len(names) < 2 or "," in targets[0]:
        return nothing
    return _tried(path, None, {"target-col": targets[0]})


def _tried(predictions: str, targets: str | None, settings: dict[str, str]) -> Found | Unfit:
    """Return a check with the first loss that can be evaluated, or what is against it.

    Where the first loss says which is better, that is asked; where there are words, they are no
    targets of a regression.
    """
    unfit = []
    for loss in LOSSES:
        tried = _followed(predictions, targets, settings, loss)
        if isinstance(tried, Found):
            return tried
        unfit.append(tried)
    of_classes, of_events, of_numbers = unfit
    error = of_numbers.error
    if isinstance(error, DataError) and error.value and "is not a number" in error.reason:
        hinted = options_in((of_classes.error and of_classes.error.hint) or "")
        return of_events if hinted.get("loss") == of_events.loss else of_classes
    return of_numbers


def _followed(
    predictions: str, targets: str | None, settings: dict[str, str], loss: str
) -> Found | Unfit:
    """Return a check with a loss after following the hints of its messages, or what is left."""
    first = None
    while True:
        try:
            report = _evaluated(predictions, targets, settings, loss)
        except LossctlError as error:
            hints = options_in(error.hint or "").items()
            new = {name: text for name, text in hints if name in _HINTED - settings.keys()}
            first = first or error
            if not new:
                return Unfit(predictions, targets, loss, first)
            settings = settings | new
        else:
            return Found(predictions, targets, settings, loss, report)


def _evaluated(
    predictions: str, targets: str | None, settings: dict[str, str], loss: str
) -> Report:
    """Return the report of a loss; raise LossctlError where no check could pass with it."""
    given: dict[str, Any] = {name.replace("-", "_"): text for name, text in settings.items()}
    second = None if targets is None else Input(targets)
    evaluation = Evaluation(Input(predictions), second, Options(loss=loss, **given))
    for _ in evaluation.samples():
        pass
    report = evaluation.report()
    for warning in report.warnings:
        if warning.code == NoFinalNewline.code:
            raise DataError(warning.message)
    if loss == "bce" and report.k != 1:
        raise DataError("bce of several columns adds up events of their own")
    return report
