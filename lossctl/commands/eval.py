"""`lossctl eval`: per-sample losses and Loss(W)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lossctl.errors import UsageError

if TYPE_CHECKING:
    from lossctl.evaluation import Options
    from lossctl.renderers.choice import Choice

app = typer.Typer(rich_markup_mode=None, add_completion=False)

INPUT = "Input"
OUTPUT = "Output"


@app.command("eval", context_settings={"help_option_names": ["-h", "--help"]})
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
        typer.Option(metavar="CHAR", help="comma, tab, semicolon, pipe or space; else recognised."),
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header", help="The first row names the columns, or is a sample."
        ),
    ] = None,
    sum_tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="X", min=0.0, help="How far from 1 a row of probabilities may sum (ce)."
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
        typer.Option(metavar="N|full", help="Significant digits of table and md."),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(metavar="N|all", help="Per-sample rows shown, half of them first, half last."),
    ] = None,
    worst: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="The N samples with the highest (first) loss."),
    ] = 0,
    no_color: Annotated[bool, typer.Option("--no-color", help="Never colour.")] = False,
) -> None:
    """Evaluate PREDS against TARGETS: per-sample losses and their mean, Loss(W).

    Rows are samples, paired by position; columns are components. Example:
    lossctl eval preds.csv targets.csv --loss ce
    """
    from lossctl.evaluation import Options, check_losses
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
        losses=check_losses(name.strip() for text in loss for name in text.split(",")),
        classes=tuple(name.strip() for name in classes.split(",")) if classes else (),
        delimiter=delimiter,
        header=header,
        sum_tolerance=sum_tolerance,
        worst=worst,
        jobs=jobs,
    )
    _refuse_overwriting([predictions, targets], [output, per_sample])
    _run(predictions, targets, options, choice)


def _run(predictions: str, targets: str, options: Options, choice: Choice) -> None:
    from contextlib import ExitStack

    from lossctl.evaluation import Evaluation
    from lossctl.outputs import open_output, tell

    evaluation = Evaluation(predictions, targets, options)
    with ExitStack() as outputs:
        write = outputs.enter_context(open_output(choice.output))
        sinks = [choice.sink(write)]
        if choice.per_sample is not None:
            also = outputs.enter_context(open_output(choice.per_sample))
            sinks.append(choice.per_sample_sink(also))
        for sink in sinks:
            sink.start(list(options.losses))
        for samples in evaluation:
            for sink in sinks:
                sink.add(samples)
        report = evaluation.report()
        for sink in sinks:
            sink.finish(report)
    for warning in report.warnings:
        tell(f"warning: {warning.message}")


def _refuse_overwriting(inputs: list[str], outputs: list[str | None]) -> None:
    import os

    from lossctl.wording import visible

    files = [path for path in outputs if path is not None]
    for position, path in enumerate(files):
        for other in inputs + files[:position]:
            same = os.path.realpath(path) == os.path.realpath(other)
            if same or (
                os.path.isfile(path) and os.path.exists(other) and os.path.samefile(path, other)
            ):
                raise UsageError(f"{visible(path)}: is an output and also {visible(other)}")
