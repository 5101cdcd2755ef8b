"""One check: what is evaluated, and what is asked of it."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple

from lossctl.base.errors import (
    ConfigurationError,
    DataError,
    LossctlError,
    ResourceError,
    UsageError,
)
from lossctl.base.wording import argument, visible
from lossctl.commands.delivery import feed
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.commands.output import per_sample_sink, require_per_sample
from lossctl.commands.sinks import Sink
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.gate.limits import Limits, limits_of, require_possible
from lossctl.gate.verdicts import CheckResult
from lossctl.outputs.files import open_output, shown_at_once
from lossctl.results.report import Report
from lossctl.tables.inputs import Input
from lossctl.tables.warnings import NoFinalNewline


class Check(NamedTuple):
    """What is evaluated, and what is asked of it."""

    name: str
    predictions: Input
    targets: Input | None
    options: Options
    limits: Limits
    baseline: str | None
    per_sample: str | None
    allow_no_final_newline: bool
    allow_doubts: bool
    allow_fewer_rows: bool
    same_targets: bool
    file: str
    """This file asks for it; where the command line does, it is that of the predictions."""
    line: int = 0
    lines: Mapping[str, int] = {}
    """The lines of the file that ask for the limits of some rules, or name files."""
    folder: str = ""
    """Its baseline lies here if that is not named."""
    has_own_baseline: bool = False
    """Whether the file names another baseline than it is held to, which is the one to update."""
    given: str = ""
    """These options were given beside the file: they say what is read, and which file is meant."""

    def error(self, message: str, hint: str) -> UsageError:
        """Return the error that it cannot be, in the words of where it was asked for."""
        if not self.line:
            return UsageError(message, hint)
        from lossctl.commands.check.language import hint_for

        hint = hint_for(hint, self.file, self.line) or hint
        return ConfigurationError(message, hint, file=visible(self.file), line=self.line)

    def told(self, result: CheckResult) -> CheckResult:
        """Return what became of it in the words of where it was asked for."""
        if not self.line:
            return result
        from lossctl.commands.check.language import as_settings

        for error in (result.error, *(verdict.error for verdict in result.verdicts)):
            if error is not None:
                error.named_at = self._line_naming(error)
        return as_settings(result)

    def _line_naming(self, error: LossctlError) -> int | None:
        """Return the line of the file that names what an error says cannot be found or opened."""
        for key, table in (("predictions", self.predictions), ("targets", self.targets)):
            if table is not None and table.causes(error):
                return self.lines.get(key)
        if isinstance(error, ResourceError) and error.filename is not None:
            for key, path in (("baseline", self.baseline), ("per-sample", self.per_sample)):
                if path == error.filename:
                    return self.lines.get(key)
        return None

    def update(self, options: str, is_update: bool) -> str:
        """Return the command that updates its baseline alone, with options; now or by itself."""
        if self.line:
            return self.update_of([self.name], options)
        missing = "" if is_update else "--update-baseline "
        return f"the same command with {missing}{options}".rstrip()

    def update_of(self, names: Iterable[str], options: str = "") -> str:
        """Return the command that updates the baselines of checks of its file, with options."""
        words = ["lossctl check", self.given, "--update-baseline", options]
        return f"{' '.join(filter(None, words))} --only {argument(','.join(names))}"

    @property
    def tables(self) -> list[Input]:
        """What is read: one input, where the predictions' holds the targets, too."""
        return [self.predictions, *([] if self.targets is None else [self.targets])]


def check_of(
    name: str,
    predictions: Input,
    targets: Input | None,
    rules: RuleFlags,
    limits: LimitFlags,
    inputs: InputFlags,
    *,
    allow_vain_warnings: bool = False,
) -> Check:
    """Return the check that is asked for; raise UsageError for what can be told beforehand."""
    options = inputs.options(limits.worst or 0)
    losses = options.asked().losses
    asked = limits_of(
        losses,
        rules,
        limits.max_increase,
        limits.min_rows,
        allow_vain_warnings=allow_vain_warnings,
    )
    require_possible(asked, losses)
    require_per_sample(limits.per_sample)
    _require_baseline(limits, targets)
    return Check(
        name=name,
        predictions=predictions,
        targets=targets,
        options=options,
        limits=asked._replace(fail_on_warnings=limits.fail_on_warnings),
        baseline=limits.baseline,
        per_sample=limits.per_sample,
        allow_no_final_newline=limits.allow_no_final_newline,
        allow_doubts=limits.allow_doubts,
        allow_fewer_rows=limits.allow_fewer_rows,
        same_targets=limits.same_targets,
        file=predictions.name or "",
    )


def _require_baseline(limits: LimitFlags, targets: Input | None) -> None:
    """Raise UsageError for what is asked against a baseline, and can be compared with none."""
    if limits.max_increase and limits.baseline is None:
        raise UsageError("--max-increase: over what? Name a baseline with --baseline")
    if limits.same_targets and limits.baseline is None:
        raise UsageError("--same-targets: the same as which? Name a baseline with --baseline")
    if limits.same_targets and targets is None:
        raise UsageError(
            "--same-targets: the targets lie in one file with the predictions, which is another "
            "file with each model",
            "write the targets to a file of their own, or pass --no-same-targets",
        )


def evaluate_check(check: Check, *, hashes: bool) -> Report:
    """Evaluate a check, and write its per-sample rows if it has a file for them."""
    options = check.options._replace(hashes=hashes)
    evaluation = Evaluation(check.predictions, check.targets, options)
    if not check.line:  # what a configuration says of all checks need not concern each
        evaluation.require_effect()
    path, sinks = check.per_sample, list[Sink]()
    with ExitStack() as outputs:
        if path is not None:
            write = outputs.enter_context(open_output(path))
            sinks.append(per_sample_sink(path, evaluation.columns, write))
        report = feed(evaluation, sinks, path is not None and shown_at_once(path))
        if check.allow_no_final_newline:
            return _with_newlines_asked_for(report)
        require_final_newlines(report)
    return report


def _with_newlines_asked_for(report: Report) -> Report:
    """Return a report in which it was asked for that a text may end within a line."""
    warnings = (
        replace(warning, asked_for=True) if warning.code == NoFinalNewline.code else warning
        for warning in report.warnings
    )
    return replace(report, warnings=tuple(warnings))


def require_final_newlines(report: Report) -> None:
    """Raise DataError where a text ends within a line: cut off inside 0.75 it says 0.7."""
    for warning in report.warnings:
        if warning.code == NoFinalNewline.code:
            raise DataError(
                warning.message, "if it is complete, say so with --allow-no-final-newline"
            )
