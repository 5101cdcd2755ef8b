"""The ways out of what is wrong beside a baseline: how it is updated, or made anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from lossctl.base.errors import LossctlError
from lossctl.base.wording import argument, either, quoted
from lossctl.commands.check.again import anew, anew_of_checked, command_of, is_of_others
from lossctl.commands.check.check import Check
from lossctl.commands.check.update import LOWER_ONLY, Update
from lossctl.gate.baseline import Baseline
from lossctl.gate.outdated import Outdated
from lossctl.gate.ratchet import Allowed, options_of_update
from lossctl.gate.rules import DOUBTS, INCREASE, LEFT_OUT, ROWS, TARGETS, UPDATE, WARNINGS
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict

_OF_BASELINES = {ROWS, LEFT_OUT, TARGETS, INCREASE, UPDATE}
"""Verdicts by these rules are about a baseline."""
_OF_SAMPLES = {INCREASE, "max-loss", "max-sample"}
"""Verdicts by these rules fail for what some samples have lost."""
_MOST_NAMES = 5
"""No more checks are named that have a number to compare with."""


def with_ways_out(
    check: Check, baseline: Baseline, update: Update | None, verdicts: list[Verdict]
) -> list[Verdict]:
    """Return verdicts beside a baseline with the ways out that these have together."""
    way, is_free = _way_out(check, baseline, update, verdicts)
    for error in (verdict.error for verdict in verdicts):
        if isinstance(error, Outdated):
            error.hint = _ways_on(error, way, check, baseline)
    hold = _way_to_hold(check, baseline, way) if is_free else None
    is_report = _is_report(baseline) and not check.has_own_baseline
    return [_with_way_out(one, way, hold, update is not None, is_report) for one in verdicts]


def _ways_on(error: Outdated, way: str | None, check: Check, baseline: Baseline) -> str:
    """Return what a baseline has instead of a number, and how to compare with it or to update."""
    ways = [error.known, f"{error.hint}: {way}" if way else None]
    if error.alike and not check.line:
        names = either(f"--name {argument(name)}" for name in error.alike[:_MOST_NAMES])
        ways.insert(1, f"to compare with that, pass {names}")
    if was := _earlier_names(error, check, baseline):
        names, now = either(map(quoted, was[:_MOST_NAMES])), quoted(check.name)
        ways.insert(0, f"if it was called {names} before, rename that to {now} in {baseline.name}")
    return "; ".join(filter(None, ways))


def _earlier_names(error: Outdated, check: Check, baseline: Baseline) -> list[str]:
    """Return the checks of a baseline that are of the same files, and that nobody asks for."""
    if not check.line:
        return []
    files = {os.path.abspath(one.path) for table in check.tables for one in table.locations}
    stale = (name for name in error.alike if name not in baseline.asked)
    return [name for name in stale if baseline.files(name) == files]


def _way_out(
    check: Check, baseline: Baseline, update: Update | None, verdicts: list[Verdict]
) -> tuple[str | None, bool]:
    """Return how the baseline is updated in one go, and whether nothing stands against that.

    What stands against it is a limit of the check's own, or what an option has to allow. A command
    that is told whole has all options. There is no way where nobody keeps what would be written.
    """
    if not _is_kept(check, baseline):
        return None, False
    is_update = update is not None
    allowed = Allowed(False, check.allow_fewer_rows) if update is None else update.allows(check)
    options = options_of_update(verdicts, Allowed() if check.line else allowed)
    if allowed.lower_only and not check.line and "--allow-increase" in options:
        options += f" instead of {LOWER_ONLY}"
    failed = dict.fromkeys(v.rule for v in verdicts if v.outcome >= Outcome.FAIL)
    own = [rule for rule in failed if rule not in _OF_BASELINES]
    ended = sum(v.rule in _OF_BASELINES and v.outcome is Outcome.WARN for v in verdicts)
    if not is_update and any(v.rule == WARNINGS and v.value == ended for v in verdicts):
        own = [rule for rule in own if rule != WARNINGS]  # as an update ends these all
    way = check.update(options, is_update)
    if _is_report(baseline) and not check.has_own_baseline:
        way = anew(check, baseline)
    if others := [rule for rule in own if rule not in (WARNINGS, DOUBTS)]:
        way = f"choose another {' and '.join(others)}, then {way}"
    if WARNINGS in own or DOUBTS in own:
        way = f"see to the warnings, then {way}"
    return way, not (own or options)


def _is_kept(check: Check, baseline: Baseline) -> bool:
    """Return whether an update writes a file: a pipe such as /dev/fd/63 is gone with its command.

    Where another one is given beside that of the file, the file's own is the one to update.
    """
    path = baseline.path
    return check.has_own_baseline or os.path.isfile(path) or not os.path.exists(path)


def _way_to_hold(check: Check, baseline: Baseline, way: str | None) -> str | None:
    """Return how a number that is lower is held, which nothing stands against.

    A report of other predictions than those that are checked is only compared with, and is not
    kept: nothing is to be held there.
    """
    if not _is_report(baseline) or check.has_own_baseline:
        return way
    return None if is_of_others(check, baseline) else anew_of_checked(check, baseline)


def _is_report(baseline: Baseline) -> bool:
    """Return whether a baseline is a report of `eval`; what is wrong with it the verdicts tell."""
    try:
        return baseline.is_report
    except LossctlError:
        return False


def _with_way_out(
    verdict: Verdict, way: str | None, hold: str | None, is_update: bool, is_report: bool
) -> Verdict:
    """Return a verdict with the way out where samples or a number keep a baseline as it is.

    `hold` is the way in which a number that is lower is held, where nothing stands against that.
    Beside a report of `eval` a higher number is taken by another increase.
    """
    if verdict.rule == INCREASE and verdict.advice is not None:
        return verdict._replace(advice=f"{verdict.advice}: {hold}" if hold else None)
    hints = {
        (ROWS, Outcome.FAIL): "to take fewer this once",
        (LEFT_OUT, Outcome.FAIL): "to leave out so many this once",
        (TARGETS, Outcome.FAIL): "to take the numbers of these targets this once",
        (INCREASE, Outcome.FAIL): None if is_report else "to take the higher number on purpose",
        (ROWS, Outcome.WARN): "to be held to the numbers of these" if not is_update else None,
        (UPDATE, Outcome.FAIL): "to write it all the same",
    }
    what = hints.get((verdict.rule, verdict.outcome))
    return verdict._replace(hint=f"{what}: {way}") if what and way and not verdict.hint else verdict


def with_hints(check: Check, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts of which each loss that is too high says how it may be so high on purpose.

    The first one also says which command shows the worst samples.
    """
    look, found = _look_at(check), list[Verdict]()
    for verdict in verdicts:
        one = verdict
        if one.outcome is Outcome.FAIL and one.rule in _OF_SAMPLES and one.loss is not None:
            hint = one.hint or f"to let it be so high on purpose: choose another {one.rule}"
            show = "" if look is None else f"to see the worst samples: {look(one.loss)}; "
            look, one = None, one._replace(hint=f"{show}{hint}")
        found.append(one)
    return found


def _look_at(check: Check) -> Callable[[str], str] | None:
    """Return the command that shows the worst samples by a loss, if it is not shown already.

    What is read of a stream can be read only once.
    """
    names = [table.name or "-" for table in check.tables]
    if check.options.worst or "-" in names:
        return None

    def command(loss: str) -> str:
        options = check.options._replace(loss=loss)
        return f"{command_of(check, argument(names[0]), options)} --worst 10"

    return command


def without_vain_advice(result: CheckResult, *, others: bool) -> CheckResult:
    """Return a result without advice on its losses where no baseline is to be written.

    That is so where it does not pass, where its evaluation has a warning or the targets are others,
    which may be why a loss fell, and where fewer samples than in the baseline are allowed.
    """
    fewer = any(one.loss is None and one.advice for one in result.verdicts)
    vain = fewer or others or result.is_doubtful or result.outcome > Outcome.WARN
    if not vain:
        return result
    verdicts = (one._replace(advice=None) if one.loss else one for one in result.verdicts)
    return result._replace(verdicts=tuple(verdicts))
