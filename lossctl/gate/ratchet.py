"""The ratchet: a baseline of checks whose numbers only go down, unless that is asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lossctl.base.errors import DataError, ResourceError, UsageError
from lossctl.base.version import __version__
from lossctl.base.wording import visible
from lossctl.gate.baseline import DAMAGED, FILE, SCHEMA, Baseline
from lossctl.gate.entries import EARLIER, entry_of
from lossctl.gate.judgement import Reference, verdict_on, verdict_on_increase
from lossctl.gate.limits import NO_INCREASE, Increase
from lossctl.gate.outdated import Redefined
from lossctl.gate.rules import INCREASE, LEFT_OUT, ROWS, TARGETS, UPDATE
from lossctl.gate.samples import taken_of, verdicts_on_samples
from lossctl.gate.targets import Targets
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict
from lossctl.results.report import LossResult, Report


class Allowed(NamedTuple):
    """What a baseline may become worse by."""

    increase: bool = False
    """Numbers may be higher."""
    fewer_rows: bool = False
    """There may be fewer samples."""
    increases: Mapping[str, Increase] = {}
    """A loss may be higher by so much in a check that is not an update."""
    lower_only: bool = False
    """A number that is higher by no more than that stays as it is in the baseline."""


def verdicts_on_update(
    baseline: Baseline, check: str, report: Report, allowed: Allowed, read: Targets | None
) -> Iterator[Verdict]:
    """Yield a verdict on each number that is to be written: it fails if it would be raised.

    It is of the files that were `read`.
    """
    known = baseline.entries(check) if _exists(baseline) else {}
    if known and (before := baseline.taken(check, report)) is not None:
        yield from verdicts_on_samples(taken_of(report), before, allowed.fewer_rows)
    for loss, result in report.losses.items():
        reference = None
        if loss in known:
            reference = baseline.reference_of(check, read, is_update=True)
        verdict = _verdict_on_update(result, reference, allowed)
        if loss in known:  # also where it is of another definition, so that there is no delta
            verdict = verdict._replace(baseline=float(known[loss].mean))
        yield verdict


def _verdict_on_update(
    result: LossResult, reference: Reference | None, allowed: Allowed
) -> Verdict:
    """Return the verdict on a number that is to be written; only one that is held has a limit."""
    free = verdict_on(UPDATE, result.loss, result.mean, result.mean)._replace(limit=None)
    if reference is None:
        return free
    increase = allowed.increases.get(result.loss, NO_INCREASE)
    within = verdict_on_increase(UPDATE, result, increase, reference)
    if allowed.lower_only:
        return within
    held = verdict_on_increase(UPDATE, result, NO_INCREASE, reference)
    held = held._replace(may_stay=within.outcome < Outcome.FAIL <= held.outcome)
    if not allowed.increase:
        return held
    if held.error is not None:
        return free._replace(is_worse=True)
    return held._replace(limit=None, outcome=Outcome.PASS)


def options_of_update(verdicts: Iterable[Verdict], allowed: Allowed) -> str:
    """Return the options with which an update would be done, beside what is allowed already.

    The verdicts beside a baseline say so, be they on an update or not.
    """
    worse = {v.rule for v in verdicts if v.is_worse or isinstance(v.error, Redefined)}
    options = {
        "--allow-fewer-rows": worse & {ROWS, LEFT_OUT} and not allowed.fewer_rows,
        "--no-same-targets": worse & {TARGETS},
        "--allow-increase": worse & {INCREASE, UPDATE} and not allowed.increase,
    }
    return " ".join(option for option, is_needed in options.items() if is_needed)


def withheld(result: CheckResult) -> CheckResult:
    """Return a result whose numbers are not written, though they may pass: others do not."""
    return result._replace(
        verdicts=tuple(
            one._replace(is_withheld=one.rule == UPDATE and one.outcome is Outcome.PASS)
            for one in result.verdicts
        )
    )


def is_better(result: CheckResult) -> bool:
    """Return whether an update would lower a number of a baseline, or add one."""
    return any(
        verdict.rule == UPDATE and (verdict.delta is None or verdict.delta < 0)
        for verdict in result.verdicts
    )


def may_stay(result: CheckResult) -> bool:
    """Return whether nothing fails but numbers that may stay as they are in the baseline."""
    failed = (one for one in result.verdicts if one.outcome >= Outcome.FAIL)
    return result.error is None and all(one.may_stay for one in failed)


NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
"""What becomes of a number of a baseline."""


def news(baseline: Baseline, results: Iterable[CheckResult]) -> dict[str, list[str]]:
    """Return what becomes of the numbers of these checks: the check and loss of each."""
    found: dict[str, list[str]] = {NEW: [], CHANGED: [], UNCHANGED: []}
    for result in results:
        known = baseline.entries(result.name) if _exists(baseline) else {}
        written = dict(_entries(result))
        for verdict in result.verdicts:
            if verdict.rule == UPDATE and (loss := verdict.loss) is not None:
                entry = entry_of(loss, written[loss]) if loss in written else known[loss]
                same = loss in known and entry.is_as(known[loss])
                became = UNCHANGED if same else CHANGED if loss in known else NEW
                found[became].append(f"{visible(result.name)} {loss}")
    return found


def updated_text(baseline: Baseline, results: Iterable[CheckResult]) -> str:
    """Return the file with the numbers of these checks, each with the hashes of its inputs.

    Inputs are named from the folder of the baseline, so that it is the same from anywhere.
    """
    content = baseline.content if _exists(baseline) else {"checks": {}}
    now = Baseline(baseline.path)
    if now.exists is not baseline.exists or (now.exists and now.content != content):
        raise ResourceError(
            f"{baseline.name}: changed meanwhile, and was not written", "run it again"
        )
    checks: dict[str, Any] = dict(content["checks"])
    for result in results:
        written = dict(_entries(result))
        if not written and any(one.is_kept for one in result.verdicts):
            continue  # what it is of stays with a number that stays
        known, inputs = checks.get(result.name), _inputs(result, baseline.path)
        kept = _kept(known, result)
        if known is not None and any(known.get(key) != one for key, one in inputs.items()):
            kept = {loss: one | {EARLIER: True} for loss, one in kept.items()}
        checks[result.name] = {"losses": kept | written} | inputs
    content = content | {"schema": SCHEMA, "lossctl": __version__, "checks": checks}
    try:
        return json.dumps(content, indent=2, sort_keys=True, allow_nan=False) + "\n"
    except ValueError:
        message = f"{baseline.name}: is damaged: a number in it is beyond float64"
        raise DataError(message, DAMAGED) from None


def _kept(known: dict[str, Any] | None, result: CheckResult) -> dict[str, Any]:
    """Return the numbers of a check that it does not ask for, but those of more samples than now.

    These would hold it to more samples for good, though fewer were allowed.
    """
    losses = {} if known is None else known["losses"]
    n = 0 if result.report is None else result.report.n
    asked = {} if result.report is None else result.report.losses
    return {loss: one for loss, one in losses.items() if loss in asked or one["n"] <= n}


def _entries(result: CheckResult) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the numbers to be written: what is higher, though it may be, stays as it was."""
    for verdict in result.verdicts:
        raised = verdict.limit is not None and verdict.delta is not None and verdict.delta > 0
        if result.report and verdict.loss and verdict.rule == UPDATE and not raised:
            loss = result.report.losses[verdict.loss].to_dict()
            yield verdict.loss, {key: loss[key] for key in ("mean", "n", "signature", "stderr")}


def _inputs(result: CheckResult, baseline: str) -> dict[str, object]:
    """Return the hashes of what was read, by paths from the folder of the baseline; - is none.

    It is also returned which of them are the targets.
    """
    hashes = {} if result.report is None else result.report.hashes
    folder = os.path.dirname(baseline)
    names = {path: path if path == "-" else os.path.relpath(path, folder) for path in hashes}
    return {
        "inputs": {names[path]: text for path, text in hashes.items()},
        "targets": [names[path] for path in result.targets if path in names],
    }


def _exists(baseline: Baseline) -> bool:
    """Return whether there is a file to be updated; raise UsageError where it is a report."""
    if not baseline.exists:
        return False
    if baseline.is_report:
        raise UsageError(
            f"{baseline.name} is a report of eval, which check does not write",
            f"name another file: --baseline {FILE}",
        )
    return True
