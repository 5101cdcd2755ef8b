"""What the commands that evaluate share: one evaluation to its outputs, all or none."""

from __future__ import annotations

import os
from contextlib import ExitStack

from lossctl.errors import UsageError
from lossctl.evaluation import Evaluation
from lossctl.outputs import open_output, tell
from lossctl.renderers.choice import Choice
from lossctl.wording import visible


def deliver(evaluation: Evaluation, choice: Choice) -> None:
    """Evaluate, feed the sinks that were chosen, and tell the warnings."""
    with ExitStack() as outputs:
        write = outputs.enter_context(open_output(choice.output))
        sinks = [choice.sink(evaluation.losses, write)]
        if choice.per_sample is not None:
            also = outputs.enter_context(open_output(choice.per_sample))
            sinks.append(choice.per_sample_sink(evaluation.losses, also))
        for samples in evaluation.samples():
            for sink in sinks:
                sink.add(samples)
        report = evaluation.report()
        for sink in sinks:
            sink.finish(report)
    for warning in report.warnings:
        tell(f"warning: {warning.message}")


def refuse_overwriting(inputs: list[str], outputs: list[str | None]) -> None:
    """Raise UsageError where an output is an input, or another output."""
    files = [path for path in outputs if path is not None]
    for position, path in enumerate(files):
        if any(_same(path, other) for other in inputs):
            raise UsageError(f"{visible(path)}: is an input, and would be overwritten")
        if any(_same(path, other) for other in files[:position]):
            raise UsageError(f"{visible(path)}: is named for two outputs")


def _same(path: str, other: str) -> bool:
    if os.path.realpath(path) == os.path.realpath(other):
        return True
    return os.path.isfile(path) and os.path.exists(other) and os.path.samefile(path, other)
