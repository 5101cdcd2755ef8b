"""One check: from its settings to what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

from lossctl.base.errors import ClosedPipe, DataError, UsageError, explained
from lossctl.commands.delivery import feed
from lossctl.commands.flags.groups import call
from lossctl.commands.flags.inputs import inputs
from lossctl.commands.flags.limits import Asked, limits
from lossctl.commands.output import per_sample_format, per_sample_sink
from lossctl.commands.sinks import Sink
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.gate.limits import Limits, limits_of
from lossctl.gate.verdicts import CheckResult, Verdict
from lossctl.outputs.files import open_output, shown_at_once
from lossctl.results.report import Report
from lossctl.tables.warnings import NoFinalNewline


class Check(NamedTuple):
    """What is evaluated, and what is asked of it."""

    name: str
    predictions: str
    targets: str | None
    options: Options
    limits: Limits
    asked: Asked
    file: str
    line: int

    def hashed(self) -> Check:
        """Return the same check, which takes the hashes of its inputs, too."""
        return self._replace(options=self.options._replace(hashes=True))


Judge: TypeAlias = Callable[[Check, Report], Iterable[Verdict]]


def check_of(settings: Mapping[str, Any], file: str, line: int) -> Check:
    """Return the check of these settings; raise UsageError for what can be told beforehand."""
    asked: Asked = call(limits, settings)
    options: Options = call(inputs, settings)._replace(worst=asked.worst)
    losses = options.formulas()
    options.request()
    options.tables()
    per_sample_format(asked.per_sample)
    if asked.max_increase and asked.baseline is None:
        raise UsageError("--max-increase: over what? Name a baseline with --baseline")
    return Check(
        name=settings["name"],
        predictions=settings["predictions"],
        targets=settings.get("targets"),
        options=options,
        limits=limits_of(losses, asked.highest, asked.max_increase, asked.min_rows),
        asked=asked,
        file=file,
        line=line,
    )


def run(check: Check, judge: Judge, no_color: bool) -> CheckResult:
    """Evaluate and judge a check; whatever went wrong is in its result."""
    began = perf_counter()
    result = CheckResult(check.name, file=check.file, line=check.line)
    try:
        report = _evaluate(check, no_color)
        result = result._replace(report=report, verdicts=tuple(judge(check, report)))
    except ClosedPipe:
        raise
    except Exception as error:  # of one check: the others are judged all the same
        result = result._replace(error=explained(error))
    return result._replace(seconds=perf_counter() - began)


def _evaluate(check: Check, no_color: bool) -> Report:
    evaluation = Evaluation(check.predictions, check.targets, check.options)
    path, sinks = check.asked.per_sample, list[Sink]()
    with ExitStack() as outputs:
        if path is not None:
            write = outputs.enter_context(open_output(path))
            sinks.append(per_sample_sink(path, evaluation.columns, write))
        report = feed(evaluation, sinks, path is not None and shown_at_once(path), no_color)
        if not check.asked.allow_no_final_newline:
            _require_final_newlines(report)
    return report


def _require_final_newlines(report: Report) -> None:
    """Raise DataError where a text ends within a line: cut off inside 0.75 it says 0.7."""
    for warning in report.warnings:
        if warning.code == NoFinalNewline.code:
            raise DataError(
                warning.message, "if it is complete, say so with --allow-no-final-newline"
            )
