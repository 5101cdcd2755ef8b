"""`lossctl grad`: the derivatives of Loss(W) by the predictions."""

from typing import Annotated

from lossctl.commands.flags.groups import grouped
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.help import OUTPUT, argument, option

_Output = Annotated[
    str,
    option(
        OUTPUT,
        "--output",
        "-o",
        metavar="FILE",
        help="A .npy, .csv or .parquet, written whole or not at all; default CSV on stdout",
    ),
]
_PerSample = Annotated[
    bool, option(OUTPUT, "--per-sample", help="Of the loss of each sample, not of their mean")
]


@grouped
def grad(
    predictions: Annotated[str, argument("PREDS", "As for eval (required)")],
    inputs: InputFlags,
    targets: Annotated[str | None, argument("[TARGETS]", "As for eval")] = None,
    *,
    output: _Output = "-",
    per_sample: _PerSample = False,
) -> None:
    """Write the gradient of Loss(W) by PREDS, in their shape: how each prediction changes it.

    A small step against it makes Loss(W) smaller, which is how models learn. Rows that are left out
    have a gradient of 0.

    \b
    lossctl grad logits.npy labels.npy --loss ce --from logits -o grad.npy
    lossctl grad preds.csv targets.csv --loss huber:delta=2
    """
    from lossctl.commands.delivery import feed, refuse_overwriting
    from lossctl.commands.gradients import GradientSink, writer_of
    from lossctl.evaluation.pipeline import Evaluation
    from lossctl.outputs.files import shown_at_once
    from lossctl.outputs.messages import WARNING, tell
    from lossctl.tables.inputs import Input

    opened = writer_of(output)
    tables = Input(predictions), None if targets is None else Input(targets)
    refuse_overwriting(filter(None, tables), [output])
    evaluation = Evaluation(*tables, inputs.options(0), gradients=True)
    evaluation.require_effect()
    with opened(output) as file:
        sink = GradientSink(evaluation, file, per_sample=per_sample)
        report = feed(evaluation, [sink], shown_at_once(output))
        sink.finish(report)
    for warning in report.warnings:
        tell(WARNING, warning.message)
