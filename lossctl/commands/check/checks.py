"""All checks of a run: judged, shown everywhere it was asked for, and then the exit code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from lossctl.base.descriptors import named_by
from lossctl.base.errors import ChecksFailed, UsageError
from lossctl.base.wording import quoted
from lossctl.commands.check.check import Check, Judge, run
from lossctl.commands.check.settings import relative_to
from lossctl.commands.delivery import refuse_overwriting
from lossctl.commands.flags.display import Shown
from lossctl.commands.output import DEFAULT_DIGITS, choose_format, choose_view
from lossctl.gate.baseline import FILE, Baseline
from lossctl.gate.ratchet import judge_update, updated
from lossctl.gate.verdicts import CheckResult, Verdict, exit_code, judge_all
from lossctl.outputs.files import append, locked, open_output
from lossctl.outputs.messages import complain, inert, on_github, say, tell
from lossctl.renderers import FORMATS, RESULT_FORMATS, View
from lossctl.renderers.complaints import complaints, conclusion
from lossctl.renderers.verdicts import VerdictsShown
from lossctl.results.report import Report


class Update(NamedTuple):
    """That the baseline is to be written."""

    folder: str
    """Where it is, unless it is named."""
    allow_increase: bool

    def path(self, check: Check) -> str:
        """Return the path of the baseline that takes the numbers of a check."""
        named = check.asked.baseline
        return relative_to(self.folder, FILE) if named is None else named


class _Baselines(dict[str, Baseline]):
    """The baselines of a run by their paths, each read once."""

    def __missing__(self, path: str) -> Baseline:
        return self.setdefault(path, Baseline(path))


def check_all(
    checks: Sequence[Check], display: Shown, update: Update | None, sources: Iterable[str] = ()
) -> None:
    """Run checks and show what became of them; raise ChecksFailed unless all passed.

    No output may be one of the `sources`, which are what other checks read.
    """
    if update is None:
        _refuse_limitless(checks)
    else:
        checks = [check.hashed() for check in checks]
    _refuse_overwriting(checks, display, update, sources)
    baselines = _Baselines()
    judge = partial(_judge, baselines, update)
    with ExitStack() as written:  # opened first, and replaced last, if all went well
        paths = {} if update is None else {check.name: update.path(check) for check in checks}
        for folder in sorted({os.path.dirname(path) for path in paths.values()}):
            written.enter_context(locked(folder))
        writes = {
            path: written.enter_context(open_output(path)) for path in sorted({*paths.values()})
        }
        results = _show(checks, display, judge)
        if code := exit_code(results):
            if update is not None:
                tell("no baseline was written")
            cause = next((error for result in results for error in result.errors), None)
            raise ChecksFailed(conclusion(results), code) from cause
        for path, write in writes.items():
            numbers = [result for result in results if paths[result.name] == path]
            write(updated(baselines[path], numbers))
    for path in writes:
        tell(f"{path}: written")
    if update is not None and not all(check.asked.baseline for check in checks):
        tell(f"to be held to it: --baseline {FILE}, or the same in [defaults]", "hint")


def _show(checks: Sequence[Check], display: Shown, judge: Judge) -> list[CheckResult]:
    """Run checks and show what became of them, everywhere it was asked for."""
    output = None if display.output == "-" else display.output
    format_ = choose_format(display.format_, output, RESULT_FORMATS)
    view = choose_view(format_, output, display.digits, display.no_color)
    RESULT_FORMATS[format_].load()  # what is not installed is told before anything is evaluated
    with ExitStack() as outputs:
        junit = None
        if display.junit is not None:
            junit = outputs.enter_context(open_output(display.junit))
        write = outputs.enter_context(open_output(output))
        results = [run(check, judge, display.no_color) for check in checks]
        if on_github() and not display.no_github:
            _tell_github(results)
        if junit is not None:
            from lossctl.renderers.junit import render as as_junit

            junit(as_junit(results))
        text = RESULT_FORMATS[format_].render(VerdictsShown(results), view)
        in_log = output is None or named_by(output) is not None
        write(inert(text) if in_log else text)
    _tell(results, len(checks) > 1)
    return results


def _judge(
    baselines: _Baselines, update: Update | None, check: Check, report: Report
) -> list[Verdict]:
    """Return the verdicts on its limits, and on its baseline or on what is to be written."""
    path = check.asked.baseline if update is None else update.path(check)
    if path is None:
        return judge_all(report, check.limits, None)
    baseline = baselines[path]
    if update is None:
        found = judge_all(report, check.limits, baseline.of(check.name))
    else:
        found = judge_all(report, check.limits, None)
        found += judge_update(baseline, check.name, report, update.allow_increase)
    return [
        verdict
        if verdict.baseline is None or verdict.loss is None
        else verdict._replace(note=baseline.doubt(check.name, report.losses[verdict.loss]))
        for verdict in found
    ]


def _refuse_limitless(checks: Sequence[Check]) -> None:
    for check in checks:
        if not check.limits and check.asked.baseline is None:
            raise UsageError(
                f"check {quoted(check.name)} has no limit, so it could not fail",
                "give it one, such as --max-loss 0.35 or --baseline FILE",
            )


def _refuse_overwriting(
    checks: Sequence[Check], display: Shown, update: Update | None, sources: Iterable[str]
) -> None:
    if display.junit == "-":
        raise UsageError("--junit -: stdout takes the table", "name a file")
    read = {path for check in checks for path in (check.predictions, check.targets, check.file)}
    written = [None if display.output == "-" else display.output, display.junit]
    written += [check.asked.per_sample for check in checks]
    if on_github() and not display.no_github:
        written.append(os.environ.get("GITHUB_STEP_SUMMARY") or None)
    rewritten = set() if update is None else {update.path(check) for check in checks}
    read |= {check.asked.baseline for check in checks}.union(sources) - rewritten
    written += rewritten
    refuse_overwriting(read, written)


def _tell_github(results: Sequence[CheckResult]) -> None:
    from lossctl.renderers.github import commands

    for command in commands(results, os.environ.get("GITHUB_WORKSPACE")):
        say(command)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        append(summary, FORMATS["md"].render(VerdictsShown(results), View(DEFAULT_DIGITS)))


def _tell(results: Sequence[CheckResult], several: bool) -> None:
    """Tell people the warnings and what is wrong, with the ways out."""
    for result in results:
        whose = f"check {quoted(result.name)}: " if several else ""
        for complaint in complaints(result):
            complain(f"{whose}{complaint.sentence}", complaint.hint)
