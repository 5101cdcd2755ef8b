"""What the commands that evaluate share: one evaluation to its outputs, all or none."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress

from lossctl.base.errors import LossctlError, UsageError
from lossctl.base.wording import visible
from lossctl.commands.output import Choice, per_sample_sink
from lossctl.commands.sinks import Sink
from lossctl.evaluation.pipeline import Evaluation
from lossctl.outputs.files import STDOUT, open_output
from lossctl.outputs.messages import NOTE, WARNING, tell
from lossctl.outputs.terminal import can_redraw, wants_color
from lossctl.results.report import Report
from lossctl.tables.inputs import Input
from lossctl.tables.locations import Location, one_file


def deliver(evaluation: Evaluation, choice: Choice) -> None:
    """Evaluate, feed the sinks that were chosen, and tell notes and warnings."""
    with ExitStack() as outputs:
        write = outputs.enter_context(open_output(choice.output))
        sinks: list[Sink] = [choice.sink(evaluation.columns, evaluation.details, write)]
        if choice.per_sample is not None:
            also = outputs.enter_context(open_output(choice.per_sample))
            sinks.append(per_sample_sink(choice.per_sample, evaluation.columns, also))
        unseen = choice.quiet or choice.shows_rows()
        report = feed(evaluation, sinks, unseen)
        for sink in sinks:
            sink.finish(report)
    if not choice.explains:
        for loss in report.losses.values():
            if loss.is_other:
                tell(NOTE, f"{loss.loss}: {loss.explanation}")
    for warning in report.warnings:
        tell(WARNING, warning.message)


def feed(evaluation: Evaluation, sinks: Sequence[Sink], unseen: bool) -> Report:
    """Evaluate, give the sinks all samples, and return the report; show progress but if unseen."""
    with _watching(evaluation, unseen) as watch:
        try:
            for samples in evaluation.samples(watch):
                for sink in sinks:
                    sink.add(samples)
                _collect_garbage()
        finally:  # where it failed, what it left is garbage
            gc.enable()
    return evaluation.report()


def _collect_garbage() -> None:
    """Turn on what was off while modules loaded (`__main__.py`), and never look at these."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _watching(evaluation: Evaluation, unseen: bool) -> AbstractContextManager[Callable[[], None]]:
    """Return what shows progress, if it is wanted and stderr is a terminal without rows on it."""
    if unseen or not can_redraw(sys.stderr):
        return nullcontext(lambda: None)
    from lossctl.outputs.progress import ProgressLine

    color = wants_color(sys.stderr)
    name = evaluation.name if "," in evaluation.name else os.path.basename(evaluation.name)
    return ProgressLine(name or evaluation.name, evaluation.progress, color)


def refuse_overwriting(
    tables: Iterable[Input], outputs: Iterable[str | None], others: Iterable[str] = ()
) -> None:
    """Raise UsageError where an output is read, as a table or as another file, or named twice.

    Among the outputs - is stdout, and None is none.
    """
    read = [Location(path) for path in others]
    for table in tables:
        with suppress(LossctlError):  # told when it is opened
            read += [Location(location.path) for location in table.locations]
    written = [path for path in outputs if path is not None]
    if written.count(STDOUT) > 1:
        raise UsageError(
            "stdout, -, is at most one of the outputs", "write the main one to a file: -o FILE"
        )
    files = [Location(path) for path in written if path != STDOUT]
    for position, file in enumerate(files):
        if one_file([file], read):
            raise UsageError(f"{visible(file.path)}: is an input, and would be overwritten")
        if one_file([file], files[:position]):
            raise UsageError(f"{visible(file.path)}: is named for two outputs")
