"""`lossctl eval`: per-sample losses and Loss(W)."""

from __future__ import annotations

from typing import Annotated

import typer


def eval_(
    predictions: Annotated[str, typer.Argument(metavar="PREDS", help="CSV, TSV or NPY file.")],
    targets: Annotated[
        str,
        typer.Argument(metavar="TARGETS", help="As many columns, or one column of class labels."),
    ],
    loss: Annotated[
        list[str],
        typer.Option("--loss", "-l", metavar="NAME", help="mae, mse, ce or bce; several times."),
    ],
    classes: Annotated[
        str, typer.Option(metavar="A,B,C", help="Names of the prediction columns without a header.")
    ] = "",
    delimiter: Annotated[
        str | None,
        typer.Option(metavar="CHAR", help="One of , ; | or comma, tab, semicolon, pipe, space."),
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header", help="The first row names the columns, or is a sample."
        ),
    ] = None,
    targets_header: Annotated[
        bool | None,
        typer.Option(
            "--targets-header/--no-targets-header", help="The same of TARGETS, if it differs."
        ),
    ] = None,
    sum_tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            min=0.0,
            help="How far from 1 a row of probabilities may sum (ce); default 0.005 k, at least "
            "0.01 and at most 0.05, with a warning above 0.001.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Threads; else one a processor."),
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

    Rows are samples, paired by position; columns are components. Example:
    lossctl eval preds.csv targets.csv --loss ce
    """
    from lossctl.commands.delivery import deliver, refuse_overwriting
    from lossctl.evaluation import Evaluation, Options, check_losses
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
    options = Options(
        losses=check_losses(loss),
        classes=tuple(name.strip() for name in classes.split(",")) if classes else (),
        delimiter=delimiter,
        header=header,
        targets_header=targets_header,
        sum_tolerance=sum_tolerance,
        worst=worst,
        jobs=jobs,
    )
    refuse_overwriting([predictions, targets], [choice.output, per_sample])
    deliver(Evaluation(predictions, targets, options), choice)
