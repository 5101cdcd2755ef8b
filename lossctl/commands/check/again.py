"""What the options of a check say, and the command of `eval` that evaluates what it does."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lossctl.base.wording import argument
from lossctl.commands.check.check import Check
from lossctl.commands.flags.groups import options_of
from lossctl.commands.flags.inputs import InputFlags
from lossctl.evaluation.options import Options, option_of
from lossctl.gate.baseline import Baseline


def command_of(check: Check, predictions: str, options: Options) -> str:
    """Return the command that evaluates such predictions by the targets of a check, for a shell."""
    paths = [predictions, *(argument(table.name or "") for table in check.tables[1:])]
    return " ".join(["lossctl eval", *paths, *_options(options)])


def anew(check: Check, baseline: Baseline) -> str:
    """Return how a report of `eval` that a check is held to is made anew.

    It is made of the predictions that it says it is of. Of those that are checked it never is: they
    would be compared with themselves.
    """
    of = baseline.predictions
    if of is not None and is_of_others(check, baseline):
        return _anew(check, baseline, argument(of))
    told = "of the predictions that it was made of, not of those that are checked"
    return f"{told}, {_anew(check, baseline, 'PREDS')}"


def anew_of_checked(check: Check, baseline: Baseline) -> str:
    """Return how a report of `eval` takes the numbers of the predictions that are checked."""
    return _anew(check, baseline, argument(check.predictions.name or ""))


def is_of_others(check: Check, baseline: Baseline) -> bool:
    """Return whether a report says that it is of other predictions than those that are checked."""
    of, checked = baseline.predictions, check.predictions.name or ""
    return of is not None and os.path.realpath(of) != os.path.realpath(checked)


def _anew(check: Check, baseline: Baseline, predictions: str) -> str:
    command = command_of(check, predictions, check.options)
    return f"write {baseline.name} anew: {command} --format json -o {argument(baseline.path)}"


def _options(options: Options) -> Iterator[str]:
    """Yield the options of the command line that say what options do."""
    for name, value in settings_of(options):
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        else:
            yield f"--{name} {argument(str(value))}"


def settings_of(options: Options) -> Iterator[tuple[str, object]]:
    """Yield what options say that is not so by itself, by the names of the command line."""
    defaults = InputFlags().options(0)
    known = options_of(InputFlags)
    for field in options._fields:
        value = getattr(options, field)
        if field in known and value != getattr(defaults, field):
            yield option_of(field), value
