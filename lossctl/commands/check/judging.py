"""From a check to its result: what it evaluates, held to what is asked of it."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

from lossctl.base.errors import ClosedPipe, DataError, LossctlError, chain_of, explained
from lossctl.base.wording import argument, either
from lossctl.commands.check.again import command_of
from lossctl.commands.check.check import Check, evaluate_check
from lossctl.commands.check.update import LOWER_ONLY, Update
from lossctl.gate.baseline import FILE, Baseline, Baselines, Outdated
from lossctl.gate.judgement import Against, unjudged, verdicts_on, with_all_warnings
from lossctl.gate.ratchet import Allowed, options_of_update, verdicts_on_update
from lossctl.gate.rules import (
    DOUBTS,
    INCREASE,
    LEFT_OUT,
    ROWS,
    SAME_TARGETS,
    TARGETS,
    UPDATE,
    WARNINGS,
)
from lossctl.gate.samples import taken_of, verdicts_on_samples
from lossctl.gate.targets import (
    Hashes,
    Targets,
    note_on_targets,
    unjudged_targets,
    verdict_on_targets,
)
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict
from lossctl.results.report import Report

_OF_BASELINES = {ROWS, LEFT_OUT, TARGETS, INCREASE, UPDATE}
"""Verdicts by these rules are about a baseline."""
_MOST_NAMES = 5
"""No more checks are named that have a number to compare with."""


def judged(check: Check, baselines: Baselines, update: Update | None) -> CheckResult:
    """Return what became of a check; whatever went wrong is in it."""
    began = perf_counter()
    result = CheckResult(check.name, file=check.file, line=check.line, lines=check.lines)
    try:
        baseline = _baseline(check, baselines, update)
        known = _known_targets(check, baseline)
        report = evaluate_check(check, hashes=update is not None or bool(known.hashes))
        targets = {one.path: report.hashes.get(one.path) for one in check.tables[-1].locations}
        verdicts = _verdicts(check, report, baseline, update)
        if baseline is not None and check.same_targets:
            verdicts += _on_targets(check, baseline, update, targets, known)
        verdicts = with_all_warnings(report, verdicts)
        if baseline is not None:
            verdicts = _with_ways_out(check, baseline, update, verdicts)
        others = note_on_targets(targets, known)
        is_told = any(v.rule == TARGETS or (v.rule == ROWS and v.delta) for v in verdicts)
        notes = (others,) if others and not is_told else ()
        result = result._replace(report=report, targets=tuple(targets), notes=notes)
        result = result._replace(verdicts=tuple(verdicts))
        result = _without_vain_advice(result, others=others is not None)
    except ClosedPipe:
        raise
    except Exception as error:  # of one check: the others are judged all the same
        reason = explained(error)
        verdicts = unjudged(check.limits, reason, _against(check, update))
        result = result._replace(error=reason, verdicts=tuple(verdicts))
    for one in result.errors:
        _empty_frames(one)
    return check.told(result._replace(seconds=perf_counter() - began))


def _against(check: Check, update: Update | None) -> list[Against]:
    """Return the rules and losses of the limits that a check has against its baseline."""
    if update is None and check.baseline is None:
        return []
    losses = check.options.losses()
    if update is not None:
        return [(UPDATE, loss) for loss in losses]
    targets: list[Against] = [(TARGETS, None)] if check.same_targets else []
    return [*((INCREASE, loss) for loss in losses), (ROWS, None), *targets]


def _baseline(check: Check, baselines: Baselines, update: Update | None) -> Baseline | None:
    """Return what a check is held to, or is to be written to, if there is one."""
    path = check.baseline if update is None else update.path(check)
    return None if path is None else baselines[path]


def _known_targets(check: Check, baseline: Baseline | None) -> Targets:
    """Return the targets that the baseline is of, as far as it knows them.

    Of targets that lie in one file with predictions there are none to compare.
    """
    if baseline is None or check.targets is None:
        return Targets()
    with suppress(LossctlError):  # told by the verdicts
        return baseline.targets(check.name)
    return Targets()


def _on_targets(
    check: Check, baseline: Baseline, update: Update | None, now: Hashes, known: Targets
) -> list[Verdict]:
    """Return the verdict on targets that have to be those of the baseline.

    An update writes which they are where the baseline does not say so. What is wrong with a
    baseline is told by the verdicts on its numbers.
    """
    try:
        if not (baseline.is_report or baseline.entries(check.name)):
            return []
    except LossctlError:
        return []
    if known.is_sure:
        return [verdict_on_targets(now, known)]
    if update is not None:
        return []
    message = f"{baseline.name} does not say which targets it is of, as {SAME_TARGETS} demands"
    hint = f"to write one that does: {check.update('', is_update=False)}"
    if baseline.is_report:
        hint = f"to have one that does, pass --baseline {FILE}, written with --update-baseline"
    return [unjudged_targets(DataError(message, hint))]


def _verdicts(
    check: Check, report: Report, baseline: Baseline | None, update: Update | None
) -> list[Verdict]:
    """Return the verdicts on its limits, and on its baseline or on what is to be written."""
    if baseline is None:
        return verdicts_on(report, check.limits, None)
    if update is None:
        verdicts = verdicts_on(report, check.limits, baseline.reference_of(check.name))
        verdicts += _on_rows(check, report, baseline)
    else:
        verdicts = verdicts_on(report, check.limits, None)
        verdicts += verdicts_on_update(baseline, check.name, report, update.allows(check))
    return verdicts


def _with_ways_out(
    check: Check, baseline: Baseline, update: Update | None, verdicts: list[Verdict]
) -> list[Verdict]:
    """Return verdicts beside a baseline with the ways out that these have together."""
    way, is_free = _way_out(check, baseline, update, verdicts)
    for error in (verdict.error for verdict in verdicts):
        if isinstance(error, Outdated):
            error.hint = _ways_on(error, way, may_be_renamed=not check.line)
    return [_with_way_out(verdict, way, is_free, update is not None) for verdict in verdicts]


def _ways_on(error: Outdated, way: str, *, may_be_renamed: bool) -> str:
    """Return what a baseline has instead of a number, and how to compare with it or to update."""
    ways = [error.known, f"{error.hint}: {way}"]
    if error.alike and may_be_renamed:
        names = either(f"--name {argument(name)}" for name in error.alike[:_MOST_NAMES])
        ways.insert(1, f"to compare with that, pass {names}")
    return "; ".join(filter(None, ways))


def _on_rows(check: Check, report: Report, baseline: Baseline) -> list[Verdict]:
    """Return the verdicts on how many samples there are, where the baseline has numbers of some.

    What is wrong with a baseline is told by the verdicts on its numbers.
    """
    try:
        before = baseline.taken(check.name, report)
    except LossctlError:
        return []
    if before is None:
        return []
    return list(verdicts_on_samples(taken_of(report), before, check.allow_fewer_rows))


def _way_out(
    check: Check, baseline: Baseline, update: Update | None, verdicts: list[Verdict]
) -> tuple[str, bool]:
    """Return how the baseline is updated in one go, and whether nothing stands against that.

    What stands against it is a limit of the check's own, or what an option has to allow. A command
    that is told whole has all options.
    """
    is_update = update is not None
    allowed = Allowed(False, check.allow_fewer_rows) if update is None else update.allows(check)
    options = options_of_update(verdicts, Allowed() if check.line else allowed)
    if allowed.kept and not check.line and "--allow-increase" in options:
        options += f" instead of {LOWER_ONLY}"
    failed = dict.fromkeys(v.rule for v in verdicts if v.outcome >= Outcome.FAIL)
    own = [rule for rule in failed if rule not in _OF_BASELINES]
    ended = sum(v.rule in _OF_BASELINES and v.outcome is Outcome.WARN for v in verdicts)
    if not is_update and any(v.rule == WARNINGS and v.value == ended for v in verdicts):
        own = [rule for rule in own if rule != WARNINGS]  # as an update ends these all
    way = check.update(options, is_update)
    if _is_report(baseline):
        way = f"write {baseline.name} anew: {command_of(check, baseline.path)}"
    if others := [rule for rule in own if rule not in (WARNINGS, DOUBTS)]:
        way = f"choose another {' and '.join(others)}, then {way}"
    if WARNINGS in own or DOUBTS in own:
        way = f"see to the warnings, then {way}"
    return way, not (own or options)


def _is_report(baseline: Baseline) -> bool:
    """Return whether a baseline is a report of `eval`; what is wrong with it the verdicts tell."""
    try:
        return baseline.is_report
    except LossctlError:
        return False


def _with_way_out(verdict: Verdict, way: str, is_free: bool, is_update: bool) -> Verdict:
    """Return a verdict with the way out where samples or a number keep a baseline as it is.

    `is_free` says that nothing stands against an update.
    """
    if verdict.rule == INCREASE and verdict.advice is not None:
        return verdict._replace(advice=f"{verdict.advice}: {way}" if is_free else None)
    hints = {
        (ROWS, Outcome.FAIL): "to take fewer this once",
        (LEFT_OUT, Outcome.FAIL): "to leave out so many this once",
        (TARGETS, Outcome.FAIL): "to take the numbers of these targets this once",
        (ROWS, Outcome.WARN): "to be held to the numbers of these" if not is_update else None,
        (UPDATE, Outcome.FAIL): "to write it all the same",
    }
    what = hints.get((verdict.rule, verdict.outcome))
    return verdict._replace(hint=f"{what}: {way}") if what else verdict


def _without_vain_advice(result: CheckResult, *, others: bool) -> CheckResult:
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


def _empty_frames(error: BaseException) -> None:
    """Let go of what the frames of an error hold, as its result is kept until the last check.

    The tables of a failed check, and their open files, end with it; the traceback still says the
    lines that `--debug` prints.
    """
    for one in chain_of(error):
        traceback = one.__traceback__
        while traceback is not None:
            with suppress(RuntimeError):  # of a frame that still runs
                traceback.tb_frame.clear()
            traceback = traceback.tb_next
