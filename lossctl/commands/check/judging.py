"""From a check to its result: what it evaluates, held to what is asked of it."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

from lossctl.base.errors import ClosedPipe, DataError, LossctlError, chain_of, explained
from lossctl.commands.check.check import Check, evaluate_check
from lossctl.commands.check.update import Update
from lossctl.commands.check.ways import with_hints, with_ways_out, without_vain_advice
from lossctl.gate.baseline import FILE, Baseline, Baselines
from lossctl.gate.doubts import verdicts_on_doubts
from lossctl.gate.judgement import Against, unjudged, verdicts_on, with_all_warnings
from lossctl.gate.ratchet import verdicts_on_update
from lossctl.gate.rules import (
    INCREASE,
    ROWS,
    SAME_TARGETS,
    TARGETS,
    UPDATE,
)
from lossctl.gate.samples import taken_of, verdicts_on_samples
from lossctl.gate.targets import (
    Hashes,
    Targets,
    note_on_targets,
    unjudged_targets,
    verdict_on_targets,
)
from lossctl.gate.verdicts import CheckResult, Verdict
from lossctl.results.report import Report


def judged(check: Check, baselines: Baselines, update: Update | None) -> CheckResult:
    """Return what became of a check; whatever went wrong is in it."""
    began = perf_counter()
    result = CheckResult(check.name, file=check.file, line=check.line, lines=check.lines)
    try:
        baseline = _baseline(check, baselines, update)
        known = _known_targets(check, baseline)
        report = evaluate_check(check, hashes=update is not None or bool(known.hashes))
        targets = {one.path: report.hashes.get(one.path) for one in check.tables[-1].locations}
        read = _read(check, report, targets)
        verdicts = _verdicts(check, report, baseline, update, read)
        if baseline is not None and check.same_targets:
            verdicts += _on_targets(check, baseline, update, targets, known)
        verdicts = with_all_warnings(report, verdicts)
        if baseline is not None:
            verdicts = with_ways_out(check, baseline, update, verdicts)
        verdicts = with_hints(check, verdicts)
        others = note_on_targets(targets, known)
        is_told = any(v.rule == TARGETS or (v.rule == ROWS and v.delta) for v in verdicts)
        notes = (others,) if others and not is_told else ()
        result = result._replace(report=report, targets=tuple(targets), notes=notes)
        result = result._replace(verdicts=tuple(verdicts))
        result = without_vain_advice(result, others=others is not None)
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


def _read(check: Check, report: Report, targets: Hashes) -> Targets | None:
    """Return the files that were read; None where a stream was, or targets lie in no own file."""
    hashes = dict(report.hashes)
    if check.targets is None or not hashes or None in targets.values():
        return None
    others = [text for path, text in hashes.items() if path not in targets]
    return Targets(tuple(text for text in targets.values() if text), True, tuple(others))


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
    check: Check,
    report: Report,
    baseline: Baseline | None,
    update: Update | None,
    read: Targets | None,
) -> list[Verdict]:
    """Return the verdicts on its limits, and on its baseline or on what is to be written."""
    doubts = list(verdicts_on_doubts(report, check.allow_doubts))
    if baseline is None:
        return doubts + verdicts_on(report, check.limits, None)
    if update is None:
        verdicts = verdicts_on(report, check.limits, baseline.reference_of(check.name, read))
        return doubts + verdicts + _on_rows(check, report, baseline)
    verdicts = verdicts_on(report, check.limits, None)
    verdicts += verdicts_on_update(baseline, check.name, report, update.allows(check), read)
    return doubts + verdicts


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
