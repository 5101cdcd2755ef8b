"""`lossctl eval`: per-sample losses and Loss(W)."""

from typing import Annotated

import typer

from lossctl.base.wording import either
from lossctl.commands.flags.display import Digits, NoColor, Output, PerSample, Worst
from lossctl.commands.flags.groups import grouped
from lossctl.commands.flags.inputs import InputFlags
from lossctl.renderers import FORMATS
from lossctl.tables.formats import FORMATS as INPUT_FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS


@grouped
def eval_(
    predictions: Annotated[
        str, typer.Argument(metavar="PREDS", help="A file, a folder, a quoted pattern, or -.")
    ],
    inputs: InputFlags,
    targets: Annotated[
        str | None,
        typer.Argument(metavar="[TARGETS]", help="As many columns, or one column of class labels."),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="NAME", help=f"{either(FORMATS)}."),
    ] = None,
    output: Output = None,
    per_sample: PerSample = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the bare Loss(W), a line a loss.")
    ] = False,
    digits: Digits = None,
    rows: Annotated[
        str | None,
        typer.Option(metavar="N|all", help="Per-sample rows shown, half first, half last."),
    ] = None,
    worst: Worst = 0,
    no_color: NoColor = False,
) -> None:
    """Evaluate PREDS against TARGETS: per-sample losses and their mean, Loss(W).

    Rows are samples, paired by position or by --id; columns are components. Files are {files};
    text may be compressed ({compressions}). A folder, a quoted pattern or a list with commas is
    the shards of one table. Where PREDS holds the targets, too, leave TARGETS out and name the
    columns.

    \b
    lossctl eval preds.csv targets.csv --loss ce
    lossctl eval results.csv --pred-cols 'p_*' --target-col label --loss ce
    """
    from lossctl.commands.delivery import deliver, refuse_overwriting
    from lossctl.commands.output import choose_renderer
    from lossctl.evaluation.pipeline import Evaluation
    from lossctl.tables.inputs import Input

    choice = choose_renderer(
        format_=format_,
        output=output,
        per_sample=per_sample,
        quiet=quiet,
        digits=digits,
        rows=rows,
        worst=worst,
        no_color=no_color,
    )
    tables = Input(predictions), None if targets is None else Input(targets)
    refuse_overwriting(filter(None, tables), [choice.output, per_sample])
    deliver(Evaluation(*tables, inputs.options(worst)), choice)


eval_.__doc__ = (eval_.__doc__ or "").format(
    files=either(name for entry in INPUT_FORMATS.values() for name in entry.names),
    compressions=", ".join(extension[1:] for extension in [*COMPRESSIONS, ".zip"]),
)
