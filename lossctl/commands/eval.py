"""`lossctl eval`: per-sample losses and Loss(W)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lossctl.commands.groups import grouped
from lossctl.commands.inputs import inputs

if TYPE_CHECKING:
    from lossctl.options import Options


@grouped(options=inputs)
def eval_(
    predictions: Annotated[
        str, typer.Argument(metavar="PREDS", help="A file, a folder, a quoted pattern, or -.")
    ],
    options: Options,
    targets: Annotated[
        str | None,
        typer.Argument(metavar="[TARGETS]", help="As many columns, or one column of class labels."),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="NAME", help="table, tsv, csv, json, jsonl or md."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all."),
    ] = None,
    per_sample: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Also write per-sample rows: .tsv, .csv or .jsonl."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the bare Loss(W), a line a loss.")
    ] = False,
    digits: Annotated[
        str | None,
        typer.Option(metavar="N|full", help="Significant digits; default 6 on a terminal."),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(metavar="N|all", help="Per-sample rows shown, half first, half last."),
    ] = None,
    worst: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=1000, help="The N samples with the highest (first) loss."
        ),
    ] = 0,
    no_color: Annotated[bool, typer.Option("--no-color", help="Never colour.")] = False,
) -> None:
    """Evaluate PREDS against TARGETS: per-sample losses and their mean, Loss(W).

    Rows are samples, paired by position or by --id; columns are components. Files are CSV, TSV,
    JSON Lines, NPY, NPZ, Parquet or Feather; text may be compressed (gz, bz2, xz, zst, zip).
    A folder, a quoted pattern or a list with commas is the shards of one table. Where PREDS holds
    the targets, too, leave TARGETS out and name the columns.

    \b
    lossctl eval preds.csv targets.csv --loss ce
    lossctl eval results.csv --pred-cols 'p_*' --target-col label --loss ce
    """
    from lossctl.commands.delivery import deliver, refuse_overwriting
    from lossctl.evaluation import Evaluation
    from lossctl.renderers.choice import choose_renderer

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
    inputs_given = [path for path in (predictions, targets) if path is not None]
    refuse_overwriting(inputs_given, [choice.output, per_sample])
    deliver(Evaluation(predictions, targets, options._replace(worst=worst)), choice)
