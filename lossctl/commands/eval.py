"""`lossctl eval`: per-sample losses and Loss(W)."""

from typing import Annotated

from lossctl.base.wording import either
from lossctl.commands.flags.groups import grouped
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.report import ReportFlags
from lossctl.commands.help import argument
from lossctl.tables.formats import FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS


@grouped
def eval_(
    predictions: Annotated[
        str,
        argument("PREDS", "A file, a folder, a pattern in quotes, or - for stdin (required)"),
    ],
    inputs: InputFlags,
    targets: Annotated[
        str | None,
        argument("[TARGETS]", "The true values: as many columns, or class labels in one"),
    ] = None,
    *,
    display: ReportFlags,
) -> None:
    """Evaluate PREDS against TARGETS: per-sample losses and their mean, Loss(W).

    Rows are samples, paired by position or by --id; columns are components. Files are {files};
    text may be compressed ({compressions}). A folder, a quoted pattern or a list with commas
    names the shards of one table. If PREDS also holds the targets, leave TARGETS out and name
    the columns.

    \b
    lossctl eval preds.csv targets.csv --loss ce
    lossctl eval p.csv t.csv -l mse,mae --id user --nan skip
    lossctl eval all.csv --target-col y --loss ce
    """
    from lossctl.commands.delivery import deliver, refuse_overwriting
    from lossctl.commands.output import choice_of
    from lossctl.evaluation.pipeline import Evaluation
    from lossctl.outputs.files import STDOUT
    from lossctl.tables.inputs import Input

    choice = choice_of(display)
    tables = Input(predictions), None if targets is None else Input(targets)
    refuse_overwriting(filter(None, tables), [choice.output or STDOUT, choice.per_sample])
    evaluation = Evaluation(*tables, inputs.options(choice.worst))
    evaluation.require_effect()
    deliver(evaluation, choice)


eval_.__doc__ = (eval_.__doc__ or "").format(
    files=either(name for entry in FORMATS.values() for name in entry.names),
    compressions=", ".join(extension[1:] for extension in [*COMPRESSIONS, ".zip"]),
)
