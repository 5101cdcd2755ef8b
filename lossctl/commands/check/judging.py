"""From a check to its result: what it evaluates, held to what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import perf_counter

from lossctl.base.errors import ClosedPipe, LossctlError, chain_of, explained
from lossctl.base.wording import argument, either, listed, visible
from lossctl.commands.check.again import command_of
from lossctl.commands.check.check import Check, evaluate_check
from lossctl.commands.check.update import Update
from lossctl.gate.baseline import Baseline, Baselines, Outdated
from lossctl.gate.judgement import Against, unjudged, verdicts_on
from lossctl.gate.ratchet import Allowed, options_of_update, verdicts_on_update
from lossctl.gate.rules import INCREASE, LEFT_OUT, ROWS, UPDATE, WARNINGS
from lossctl.gate.samples import taken_of, verdicts_on_samples
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict
from lossctl.results.report import Report

_OF_BASELINES = {ROWS, LEFT_OUT, INCREASE, UPDATE}
"""Verdicts by these rules are about a baseline."""
_MOST_NAMES = 5
"""No more files are named that are others than a baseline's."""


def judged(check: Check, baselines: Baselines, update: Update | None) -> CheckResult:
    """Return what became of a check; whatever went wrong is in it."""
    began = perf_counter()
    result = CheckResult(check.name, file=check.file, line=check.line, lines=check.lines)
    try:
        baseline = _baseline(check, baselines, update)
        known = _known_targets(check, baseline)
        report = evaluate_check(check, hashes=update is not None or bool(known))
        verdicts = _verdicts(check, report, baseline, update)
        result = _without_vain_advice(result._replace(report=report, verdicts=tuple(verdicts)))
        result = result._replace(targets=tuple(one.path for one in check.tables[-1].locations))
        if not any(one.rule == ROWS and one.delta for one in verdicts):  # which says as much
            result = result._replace(notes=tuple(_notes(report, result.targets, known)))
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
    return [*((INCREASE, loss) for loss in losses), (ROWS, None)]


def _baseline(check: Check, baselines: Baselines, update: Update | None) -> Baseline | None:
    """Return what a check is held to, or is to be written to, if there is one."""
    path = check.baseline if update is None else update.path(check)
    return None if path is None else baselines[path]


def _known_targets(check: Check, baseline: Baseline | None) -> set[str]:
    """Return the hashes of the targets that the baseline is of, if it has them.

    Of targets that lie in one file with predictions there are none to compare.
    """
    if baseline is None or check.targets is None:
        return set()
    with suppress(LossctlError):  # told by the verdicts
        return baseline.target_hashes(check.name)
    return set()


def _notes(report: Report, targets: Sequence[str], known: set[str]) -> Iterator[str]:
    """Yield that targets are in other files than those that the baseline is of, if they are.

    What was read of a stream has no hash.
    """
    hashes = {path: report.hashes.get(path) for path in targets if known}
    others = [path for path, text in hashes.items() if text is not None and text not in known]
    if others:
        are = "is another file" if len(others) == 1 else "are other files"
        yield f"{listed(map(visible, others), _MOST_NAMES)} {are} than the baseline's"


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
        allowed = Allowed(update.allow_increase, check.allow_fewer_rows)
        verdicts += verdicts_on_update(baseline, check.name, report, allowed)
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
    allowed = Allowed(update is not None and update.allow_increase, check.allow_fewer_rows)
    options = options_of_update(verdicts, Allowed() if check.line else allowed)
    failed = dict.fromkeys(v.rule for v in verdicts if v.outcome >= Outcome.FAIL)
    own = [rule for rule in failed if rule not in _OF_BASELINES]
    way = check.update(options, is_update)
    if _is_report(baseline):
        way = f"write {baseline.name} anew: {command_of(check, baseline.path)}"
    if others := [rule for rule in own if rule != WARNINGS]:
        way = f"choose another {' and '.join(others)}, then {way}"
    if WARNINGS in own:
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
        (ROWS, Outcome.WARN): "to be held to the numbers of these" if not is_update else None,
        (UPDATE, Outcome.FAIL): "to write it all the same",
    }
    what = hints.get((verdict.rule, verdict.outcome))
    return verdict._replace(hint=f"{what}: {way}") if what else verdict


def _without_vain_advice(result: CheckResult) -> CheckResult:
    """Return a result without advice on its losses where no baseline is to be written.

    That is so where it does not pass, where its evaluation has a warning, which may be why a loss
    fell, and where fewer samples than in the baseline are allowed.
    """
    fewer = any(one.loss is None and one.advice for one in result.verdicts)
    if not fewer and not result.is_doubtful and result.outcome <= Outcome.WARN:
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
