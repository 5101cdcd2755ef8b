"""All checks of a call: evaluated, judged, shown everywhere it was asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from time import perf_counter

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ChecksFailed, ClosedPipe, UsageError, explained
from lossctl.base.wording import quoted
from lossctl.commands.check.check import Check, evaluate
from lossctl.commands.check.update import Update, opened, write_baselines
from lossctl.commands.delivery import refuse_overwriting
from lossctl.commands.flags.verdicts import DisplayFlags
from lossctl.commands.output import DEFAULT_DIGITS, choose_format, choose_view
from lossctl.gate.baseline import Baselines
from lossctl.gate.ratchet import verdicts_on_update
from lossctl.gate.verdicts import CheckResult, Verdict, exit_code, verdicts_on
from lossctl.outputs.files import append, open_output
from lossctl.outputs.messages import complain, inert, on_github, say, tell
from lossctl.renderers import FORMATS, RESULT_FORMATS, View
from lossctl.renderers.complaints import complaints, conclusion
from lossctl.renderers.verdicts import VerdictsShown
from lossctl.results.report import Report


def run_checks(checks: Sequence[Check], display: DisplayFlags, update: Update | None) -> None:
    """Run checks and show what became of them; raise ChecksFailed unless all passed."""
    baselines = Baselines()
    if update is None:
        _require_passes(_shown(checks, display, baselines, update))
        return
    with opened(update, checks) as writes:
        results = _shown(checks, display, baselines, update)
        if exit_code(results):
            tell("no baseline was written")
        _require_passes(results)
        write_baselines(writes, update, checks, results, baselines)


def _require_passes(results: Sequence[CheckResult]) -> None:
    if code := exit_code(results):
        cause = next((error for result in results for error in result.errors), None)
        raise ChecksFailed(conclusion(results), code) from cause


def _shown(
    checks: Sequence[Check], display: DisplayFlags, baselines: Baselines, update: Update | None
) -> list[CheckResult]:
    """Return what became of checks, after it was shown everywhere it was asked for."""
    output = None if display.output == "-" else display.output
    format_ = choose_format(display.format, output, RESULT_FORMATS)
    view = choose_view(format_, output, display.digits, display.no_color)
    RESULT_FORMATS[format_].load()  # what is not installed is told before anything is evaluated
    with ExitStack() as outputs:
        junit = None
        if display.junit is not None:
            junit = outputs.enter_context(open_output(display.junit))
        write = outputs.enter_context(open_output(output))
        results = [_result(check, baselines, update, display.no_color) for check in checks]
        if on_github() and not display.no_github:
            _tell_github(results)
        if junit is not None:
            from lossctl.renderers.junit import render as as_junit

            junit(as_junit(results))
        text = RESULT_FORMATS[format_].render(VerdictsShown(results), view)
        in_log = output is None or named_by(output) is not None
        write(inert(text) if in_log else text)
    _complain(results)
    return results


def _result(
    check: Check, baselines: Baselines, update: Update | None, no_color: bool
) -> CheckResult:
    """Return what became of a check; whatever went wrong is in it."""
    began = perf_counter()
    result = CheckResult(check.name, file=check.file, line=check.line)
    try:
        report = evaluate(check, no_color, hashes=update is not None)
        verdicts = _verdicts(check, report, baselines, update)
        result = result._replace(report=report, verdicts=tuple(verdicts))
    except ClosedPipe:
        raise
    except Exception as error:  # of one check: the others are judged all the same
        result = result._replace(error=explained(error))
    return result._replace(seconds=perf_counter() - began)


def _verdicts(
    check: Check, report: Report, baselines: Baselines, update: Update | None
) -> list[Verdict]:
    """Return the verdicts on its limits, and on its baseline or on what is to be written."""
    path = check.baseline if update is None else update.path(check)
    if path is None:
        return verdicts_on(report, check.limits, None)
    baseline = baselines[path]
    if update is None:
        verdicts = verdicts_on(report, check.limits, baseline.reference_of(check.name))
    else:
        verdicts = verdicts_on(report, check.limits, None)
        verdicts += verdicts_on_update(baseline, check.name, report, update.allow_increase)
    return [
        verdict
        if verdict.baseline is None or verdict.loss is None
        else verdict._replace(note=baseline.doubt(check.name, report.losses[verdict.loss]))
        for verdict in verdicts
    ]


def refuse_limitless(checks: Sequence[Check]) -> None:
    """Raise UsageError for a check that could not fail."""
    for check in checks:
        if not check.limits and check.baseline is None:
            raise UsageError(
                f"check {quoted(check.name)} has no limit, so it could not fail",
                "give it one, such as --max-loss 0.35 or --baseline FILE",
            )


def refuse_overwritten(
    checks: Sequence[Check],
    others: Sequence[Check],
    display: DisplayFlags,
    update: Update | None,
) -> None:
    """Raise UsageError where an output is another, or an input of these or of other checks."""
    if display.junit == "-":
        raise UsageError("--junit -: stdout takes the table", "name a file")
    written = [None if display.output == "-" else display.output, display.junit]
    written += [check.per_sample for check in checks]
    if on_github() and not display.no_github:
        written.append(os.environ.get("GITHUB_STEP_SUMMARY") or None)
    updated = set() if update is None else {update.path(check) for check in checks}
    tables = [table for check in [*checks, *others] for table in check.tables]
    files = {check.file for check in checks if check.line}
    files |= {check.baseline for check in [*checks, *others] if check.baseline} - updated
    refuse_overwriting(tables, [*written, *updated], sorted(files))


def _tell_github(results: Sequence[CheckResult]) -> None:
    from lossctl.renderers.github import commands

    for command in commands(results, os.environ.get("GITHUB_WORKSPACE")):
        say(command)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        append(summary, FORMATS["md"].render(VerdictsShown(results), View(DEFAULT_DIGITS)))


def _complain(results: Sequence[CheckResult]) -> None:
    """Tell people the warnings and what is wrong, with the ways out."""
    for result in results:
        whose = f"check {quoted(result.name)}: " if len(results) > 1 else ""
        for complaint in complaints(result):
            complain(f"{whose}{complaint.sentence}", complaint.hint)
