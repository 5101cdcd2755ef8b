"""All checks of a run: judged, shown everywhere it was asked for, and then the exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from lossctl.baseline import Baseline
from lossctl.commands.checks import Check, run
from lossctl.commands.delivery import refuse_overwriting
from lossctl.commands.settings import relative_to
from lossctl.commands.shown import Shown
from lossctl.errors import ChecksFailed, ExitCode, UsageError
from lossctl.gate import CheckResult, Outcome, Verdict, exit_code, judge_all
from lossctl.outputs import append, complain, open_output, say, tell
from lossctl.ratchet import FILE, hashes, judge_update, updated
from lossctl.renderers import VERDICT_FORMATS, VerdictRenderer, View
from lossctl.renderers.choice import DEFAULT_DIGITS, choose_format, choose_view
from lossctl.renderers.verdicts import complaints, conclusion
from lossctl.report import Report
from lossctl.wording import quoted


class Update(NamedTuple):
    """That the baseline is to be written."""

    folder: str
    """Where it is, unless it is named."""
    allow_increase: bool

    def baseline(self, check: Check) -> Baseline:
        """Return the baseline that takes the numbers of a check."""
        return Baseline(check.asked.baseline or relative_to(self.folder, FILE))

    def judge(self, check: Check, report: Report) -> list[Verdict]:
        """Return the verdicts on its limits, and on what is to be written."""
        update = judge_update(self.baseline(check), check.name, report, self.allow_increase)
        return [*judge_all(report, check.limits, None), *update]


def check_all(checks: Sequence[Check], display: Shown, update: Update | None) -> None:
    """Run checks and show what became of them; raise ChecksFailed unless all passed."""
    for check in checks:
        if update is None and not check.limits and check.asked.baseline is None:
            raise UsageError(
                f"check {quoted(check.name)} has no limit, so it could not fail",
                "give it one, such as --max-loss 0.35 or --baseline FILE",
            )
    if display.junit == "-":
        raise UsageError("--junit -: stdout takes the table", "name a file")
    output = None if display.output == "-" else display.output
    format_ = choose_format(display.format_, output, VERDICT_FORMATS)
    view = choose_view(format_, output, display.digits, display.no_color)
    _refuse_overwriting(checks, output, display, update)
    render: VerdictRenderer = VERDICT_FORMATS[format_].load()
    with ExitStack() as outputs:
        write = outputs.enter_context(open_output(output))
        junit = outputs.enter_context(open_output(display.junit)) if display.junit else None
        judge = _judge if update is None else update.judge
        results = [run(check, judge, display.no_color) for check in checks]
        write(render(results, view))
        if junit is not None:
            from lossctl.renderers.junit import render as as_junit

            junit(as_junit(results))
        if os.environ.get("GITHUB_ACTIONS") == "true" and not display.no_github:
            _tell_github(results)
        code = exit_code(results)
        if update is not None and code is ExitCode.OK:
            _write_baselines(checks, results, update)
    _tell(results, len(checks) > 1)
    if code is not ExitCode.OK:
        if update is not None:
            tell("no baseline was written")
        cause = next((error for result in results for error in result.errors), None)
        raise ChecksFailed(conclusion(results), code) from cause


def _judge(check: Check, report: Report) -> list[Verdict]:
    """Return the verdicts on its limits, and on its baseline."""
    path = check.asked.baseline
    reference = None if path is None else Baseline(path).of(check.name)
    return judge_all(report, check.limits, reference)


def _refuse_overwriting(
    checks: Sequence[Check], output: str | None, display: Shown, update: Update | None
) -> None:
    read = {path for check in checks for path in (check.predictions, check.targets, check.file)}
    written = [output, display.junit, *(check.asked.per_sample for check in checks)]
    if update is None:
        read |= {check.asked.baseline for check in checks}
    else:
        written += {update.baseline(check).path for check in checks}
    refuse_overwriting(read, written)


def _write_baselines(
    checks: Sequence[Check], results: Sequence[CheckResult], update: Update
) -> None:
    """Write the numbers of all checks, those of one file at once."""
    files = {check.name: update.baseline(check).path for check in checks}
    inputs = {
        check.name: hashes(
            check.predictions, check.targets, folder=os.path.dirname(files[check.name])
        )
        for check in checks
    }
    for path in sorted(set(files.values())):
        ours = [result for result in results if files[result.name] == path]
        text = updated(Baseline(path), ours, inputs)
        with open_output(path) as write:
            write(text)
        tell(f"{path}: written")
    if not all(check.asked.baseline for check in checks):
        tell(f"to be held to it: --baseline {FILE}, or the same in [defaults]", "hint")


def _tell_github(results: Sequence[CheckResult]) -> None:
    from lossctl.renderers.github import commands
    from lossctl.renderers.verdicts import markdown

    for command in commands(results, os.environ.get("GITHUB_WORKSPACE")):
        say(command)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        append(summary, markdown(results, View(DEFAULT_DIGITS)))


def _tell(results: Sequence[CheckResult], several: bool) -> None:
    """Tell people the warnings and what is wrong, with the ways out."""
    for result in results:
        whose = f"check {quoted(result.name)}: " if several else ""
        for warning in result.report.warnings if result.report else ():
            tell(f"{whose}warning: {warning.message}")
        for complaint in complaints(result):
            what = "warning: " if complaint.outcome is Outcome.WARN else ""
            complain(f"{whose}{what}{complaint.text}", complaint.hint)
