"""The checks that can be made of the files below a folder, found by trying what is hinted at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any, NamedTuple

from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import DataError, LossctlError, UsageError
from lossctl.base.wording import either, quoted, visible
from lossctl.commands.check.check import require_final_newlines
from lossctl.commands.check.files import PREDICTIONS, TARGETS, TablesHere, are_predictions, in_order
from lossctl.evaluation.cautions import NotProbabilities
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.evaluation.rewording import options_in
from lossctl.gate.configuration import FILE
from lossctl.pairing.request import ALIGN
from lossctl.results.report import Report, ReportWarning
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.records.cuts import MAY_BE_CUT_OFF

_MOST_TARGETS = 5
"""Predictions are tried with no more files of targets than this."""
_MOST_OPENED = 100
"""No more files are looked into that are not called as predictions or targets are."""
FOUND = {"id", "index", "nan", "decimal", "targets-decimal"}
"""A check takes these options where a message hints at a value for them."""
_COLUMNS = "pred-cols"
"""So does one of a file that has the targets, too, with this one: no pairing depends on it."""
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
    """What can be no check, and why."""

    attempt: Attempt
    loss: str | None = None
    """It would be of this loss; None where it is not known which."""
    error: LossctlError | None = None
    possible: Sequence[str] = ()
    """Its targets may be any of these."""


class UnlikelyNumbers(DataError):
    """What was evaluated has numbers that can hardly be those that were meant."""

    def __init__(self, doubts: Sequence[ReportWarning]) -> None:
        said = "; ".join(warning.message for warning in doubts)
        hint = f"if they are right all the same, write the check into {FILE} yourself"
        super().__init__(f"the numbers can hardly be those that were meant: {said}", hint)
        self.codes = {warning.code for warning in doubts}


def candidates(known: Collection[str], like: Attempt, here: TablesHere) -> Iterator[Found | Unfit]:
    """Yield what becomes of each file of predictions below this folder, in their order.

    Those that are known are passed over. Of other tables the first ones are looked into. What holds
    for all of them is as in an attempt.
    """
    opened = _MOST_OPENED
    for predictions, targets, others in here.folders:
        for path in predictions:
            if path in known:
                continue
            common = [] if like.targets is None else [like.targets]
            beside = common or in_order(targets, path)[:_MOST_TARGETS]
            yield _best(like._replace(predictions=path), beside, here.targets(path))
        rest = [path for path in others if path not in known]
        for path in rest[:opened]:
            one = like._replace(predictions=path)
            is_sure = are_predictions(_columns(one))
            beside = in_order(targets, path)[:_MOST_TARGETS] if is_sure else []
            partners = here.targets(path, is_sure=is_sure)
            if like.targets is not None:
                beside, partners = [like.targets] if is_sure else [], []
            found = _best(one, beside, partners)
            is_told = isinstance(found, Found) or isinstance(found.error, UnlikelyNumbers)
            if is_sure or partners or is_told:
                yield found
        opened -= len(rest[:opened])


def _best(like: Attempt, beside: list[str], elsewhere: list[str]) -> Found | Unfit:
    """Return a check of predictions and the first targets that fit, or why the first do not.

    Targets in other folders are taken where none are beside the predictions, and there is one file.
    """
    by_itself = alone(like)
    if isinstance(by_itself, Found) or not (beside or elsewhere):
        return by_itself
    if not beside and len(elsewhere) > 1:
        names = either(quoted(path) for path in elsewhere)
        return Unfit(like, None, DataError(f"its targets may be {names}"), elsewhere)
    unfit = []
    for targets in beside or elsewhere:
        one = tried(like._replace(targets=targets))
        if isinstance(one, Found):
            return one
        unfit.append(one)
    return unfit[0]


def alone(like: Attempt) -> Found | Unfit:
    """Return a check of a file that has an obvious column of targets, too."""
    nothing = Unfit(like)
    if like.targets is not None:
        return nothing
    names = _columns(like)
    if "target-col" in like.settled:
        return tried(like) if like.base.target_col in names else nothing
    targets = [
        name for name in names if TARGETS.part.search(name) and not PREDICTIONS.part.search(name)
    ]
    if len(targets) != 1 or len(names) < 2 or "," in targets[0]:
        return nothing
    return tried(like._replace(settings={"target-col": targets[0]}))


def _columns(like: Attempt) -> Sequence[str]:
    """Return the names of the columns of a file; none where it has none, or cannot be read."""
    with suppress(LossctlError):
        options, _ = like.base.tables()
        with closing(open_table(Input(like.predictions), options, "predictions")) as table:
            return table.columns or ()
    return ()


def tried(attempt: Attempt) -> Found | Unfit:
    """Return a check with the first loss that can be evaluated, or what is against it.

    A loss that was asked for is the only one. Where the first of several says which is better, that
    is told; where there are words, they are no targets of a regression.
    """
    if attempt.base.loss:
        return _followed(attempt, str(attempt.base.loss))
    unfit = list[Unfit]()
    for loss in LOSSES:
        found = _followed(attempt, loss)
        if isinstance(found, Found):
            return found
        if isinstance(found.error, UnlikelyNumbers):  # another loss is no way out
            says_why = unfit and NotProbabilities.code in found.error.codes
            return unfit[0] if says_why else found
        unfit.append(found)
    of_classes, of_events, of_numbers = unfit
    if len({str(one.error) for one in unfit}) == 1:  # whatever the loss
        return of_numbers._replace(loss=None)
    value = getattr(of_numbers.error, "value", None)  # the cell that was refused
    if value and finite_decimal(value) is None:
        hinted = options_in((of_classes.error and of_classes.error.hint) or "")
        return of_events if hinted.get("loss") == of_events.loss else of_classes
    return of_numbers


def _followed(attempt: Attempt, loss: str) -> Found | Unfit:
    """Return a check with a loss after following the hints of its messages, or what is left.

    Where other options do not go with columns, the message is told that hints at these.
    """
    of_columns: Unfit | None = None
    while True:
        try:
            report = _evaluated(attempt, loss)
        except LossctlError as error:
            unfit = Unfit(attempt, loss, error)
            if of_columns and isinstance(error, UsageError):
                unfit = of_columns
            if not (new := _hinted(attempt, error)):
                return unfit
            of_columns = unfit if _COLUMNS in new else of_columns
            attempt = attempt._replace(settings={**attempt.settings, **new})
        else:
            return _likely(Found(attempt, loss, report))


def _likely(found: Found) -> Found | Unfit:
    """Return a check, unless a warning says that its numbers can hardly be those that are meant.

    No baseline would take them either.
    """
    doubts = [warning for warning in found.report.warnings if warning.unlikely]
    return Unfit(found.attempt, found.loss, UnlikelyNumbers(doubts)) if doubts else found


def _hinted(attempt: Attempt, error: LossctlError) -> dict[str, str]:
    """Return the options that a message hints at, as far as they are not given yet.

    Of a decimal comma it is followed where the message is sure of it, for the file it is about;
    where targets are read with the comma of the predictions already, they have points.
    """
    if (error.hint or "").startswith(MAY_BE_CUT_OFF) and not attempt.allow_no_final_newline:
        return {}
    hints = options_in(error.hint or "")
    followed = {*FOUND}
    if attempt.targets is None:
        hints.pop("id", None)  # it pairs nothing
    if attempt.targets is None and hints.keys() == {_COLUMNS}:
        followed.add(_COLUMNS)
    if "index" in hints:  # it is never ignored unasked
        hints["index"] = ALIGN if f"--index {ALIGN}" in (error.hint or "") else ""
    is_sure = "targets-decimal" in hints and "delimiter" not in hints
    hints |= {"decimal": "", "targets-decimal": ""}
    if is_sure:
        name = "decimal" if _is_of(attempt.predictions, error) else "targets-decimal"
        hints[name] = "," if _decimal_of(attempt, name) == "." else "."
    known = {*attempt.settings, *attempt.settled}
    if hints.get("id") or {"id", "index"} & known:  # there is one way to pair rows
        known |= {"index"}
    if "index" in attempt.settings:
        known |= {"id"}
    return {name: text for name, text in hints.items() if text and name in followed - known}


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
