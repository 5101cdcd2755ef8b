"""What is said where `lossctl check --init` makes no check of a file, or none at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from lossctl.base.errors import UsageError
from lossctl.base.wording import argument, counted, listed, quoted
from lossctl.commands.check.candidates import Attempt, Unfit, UnlikelyNumbers, alone
from lossctl.commands.check.files import TablesHere
from lossctl.commands.check.there import There
from lossctl.evaluation.rewording import options_in
from lossctl.gate.configuration import FILE
from lossctl.outputs.messages import HINT, NOTE, tell

_COLUMNS = "pred-cols", "target-col"
"""What a message hints at for these is named where a check is written by hand."""
_FLAGS = ("allow-no-final-newline",)
"""What it hints at of these is said without a value."""
MOST_TOLD = 5
"""Of no more files than this it is said why there is no check."""


def tell_unfit(unfit: Unfit, *, is_whole: bool = False) -> None:
    """Say why there is no check of some predictions, and what an evaluation hints at.

    An option that it names is told with its whole command, where no error is to tell that.
    """
    predictions, targets = unfit.attempt[:2]
    if unfit.error is None:
        beside = (
            "no file beside it is called as targets are: target, label, truth, actual, gold, y; "
            "nor is there one of the same name in a folder that is called so"
        )
        tell(NOTE, f"no check of {quoted(predictions)}: {beside}")
        return
    pair = [quoted(path) for path in (predictions, targets) if path]
    tell(NOTE, f"no check of {' and '.join(pair)}: {unfit.error.message}")
    hint = unfit.error.hint
    if unfit.possible:
        attempt = unfit.attempt._replace(targets=unfit.possible[0])
        hint = _command("name the one that is meant", Unfit(attempt, unfit.loss))
    if hint:
        tell(HINT, hint)
    names_options = options_in(unfit.error.hint or "")
    if is_whole and names_options and (whole := _by_hand(unfit)):
        tell(HINT, whole)


def tell_others(
    there: There | None, unfit: list[Unfit], like: Attempt, here: TablesHere
) -> list[Unfit]:
    """Say what the checks that are there cover, and of other files why they are in none.

    Returns those that have an obvious column of targets.
    """
    covered = [] if there is None else there.pairs
    if covered:
        tell(NOTE, f"there are checks already of {listed(covered, MOST_TOLD)}")
    known = {path for one in unfit for path in one.attempt[:2] if path}
    known |= set() if there is None else there.files
    others, evaluated = _others(known, like, here), list[Unfit]()
    for path, reason in islice(others, MOST_TOLD):
        if isinstance(reason, Unfit):
            tell_unfit(reason)
            evaluated.append(reason)
        else:
            tell(NOTE, f"no check of {quoted(path)}: {reason}")
    if more := sum(1 for _ in others):
        tell(NOTE, f"no check of {counted(more, 'more file')}")
    return evaluated


def _others(
    known: Collection[str], like: Attempt, here: TablesHere
) -> Iterator[tuple[str, str | Unfit]]:
    """Yield the tables here that are not known, each with the reason that it is in no check."""
    for folder in here.folders:
        for path in folder.targets:
            if path not in known:
                yield path, "it is called as targets are, and no predictions beside it fit"
        for path in folder.others:
            if path not in known:
                yield path, _reason(path, like, here)


def _reason(path: str, like: Attempt, here: TablesHere) -> str | Unfit:
    """Return why there is no check of a file that is not called as predictions or targets are."""
    result = alone(like._replace(predictions=path))
    if isinstance(result, Unfit) and result.error is not None:
        return result
    if twins := here.of_one_name(path):
        (other,) = {*twins} - {path}
        return f"no name says whether it has predictions or {quoted(other)} has"
    return "neither its name nor one of its columns says that it holds predictions or targets"


def nothing_found(there: There | None, unfit: list[Unfit], here: TablesHere) -> UsageError:
    """Return the error that no check was found: there are some, or it is said what to name."""
    if there is not None:
        return UsageError(f"{there.path}: is there already, and no check was found to add to it")
    if unfit:
        return UsageError(f"{FILE} was not written: no check could be made", _by_hand(unfit[0]))
    twins = (here.of_one_name(path) for folder in here.folders for path in folder.others)
    if pair := next(filter(None, twins), None):
        both = " and ".join(map(quoted, pair))
        where = f"no name says which of {both} has the predictions"
        predictions, targets = pair
        way = _command("name both, the predictions first", Unfit(Attempt(predictions, targets)))
        return UsageError(f"{FILE} was not written: {where}", way)
    where = "no file here has a name such as preds.csv beside one such as targets.csv"
    way = _command("name what is missing", Unfit(Attempt("preds.csv", "targets.csv")))
    return UsageError(f"{FILE} was not written: {where}", way)


def _by_hand(unfit: Unfit) -> str | None:
    """Return what is to be done to have a check; None where that was told or nothing does it."""
    if unfit.possible or isinstance(unfit.error, UnlikelyNumbers):
        return None
    return _command("name what is missing", unfit)


def _command(what: str, unfit: Unfit) -> str:
    """Return the command that writes a check, with all that was found of it."""
    predictions, targets, settings, *_ = unfit.attempt
    words = [argument(predictions)]
    if targets is not None or "target-col" not in settings:
        words.append("TARGETS" if targets is None else argument(targets))
    options = {**({} if unfit.loss is None else {"loss": unfit.loss}), **settings}
    hinted = options_in((unfit.error and unfit.error.hint) or "")
    if "pos-label" in hinted:
        options["pos-label"] = "LABEL"
    if "id" not in hinted:  # else there are two ways
        options |= {name: hinted[name] for name in _COLUMNS if hinted.get(name)}
    words += [f"--{name} {argument(text)}" for name, text in options.items()]
    words += [f"--{name}" for name in _FLAGS if name in hinted]
    return f"{what}: lossctl check --init {' '.join(words)}"
