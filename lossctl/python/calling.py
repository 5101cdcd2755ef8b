"""`lossctl.evaluate`: an evaluation as a function, whose keywords are the options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypeAlias

from lossctl.engines import DEFAULT
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.evaluation.rewording import reworded
from lossctl.python.given import Table, as_given, require_files
from lossctl.python.keywords import PYTHON
from lossctl.python.report import Report, in_python
from lossctl.python.told import told
from lossctl.results.samples import Samples, are_whole

LossName: TypeAlias = Literal[
    "mae",
    "mse",
    "rmse",
    "huber",
    "smooth-l1",
    "log-cosh",
    "quantile",
    "cosine",
    "msle",
    "mape",
    "smape",
    "poisson",
    "gamma",
    "tweedie",
    "ce",
    "bce",
    "perplexity",
    "brier",
    "kl",
    "focal",
    "hinge",
    "squared-hinge",
    "zero-one",
]
"""For editors, which complete them. What may be asked for is any text: `"ce,mae"`, a loss with its
parameters, a name from a script's own options. So a type checker takes all of them, and an unknown
name is refused by the call."""

Names: TypeAlias = str | int | Iterable[object]
"""Names of columns, or the numbers of columns without names; in a text with commas between them."""
Label: TypeAlias = str | float | bool


@told
def evaluate(
    predictions: Table,
    targets: Table | None = None,
    *,
    loss: LossName | str | Iterable[str],
    from_: Literal["probs", "logits", "log-probs", "scores"] = "probs",
    classes: Names = (),
    pos_label: Label | None = None,
    neg_label: Label | None = None,
    ignore_label: Label | None = None,
    columns: Literal["name", "position"] = "name",
    pred_cols: Names = (),
    target_col: Names = (),
    id: str | None = None,  # noqa: A002, it is called so on the command line
    index: Literal["align", "ignore"] | None = None,
    missing: Literal["strict", "present"] = "strict",
    missing_shards: Literal["strict", "present"] = "strict",
    repeated_ids: Literal["keep", "first"] | None = None,
    nan: Literal["error", "skip"] = "error",
    format_in: str | Iterable[str] = (),
    key: str | None = None,
    delimiter: str | None = None,
    decimal: Literal[".", ","] = ".",
    targets_decimal: Literal[".", ","] | None = None,
    header: bool | None = None,
    targets_header: bool | None = None,
    comment: str | None = None,
    encoding: str | None = None,
    unlimited: bool = False,
    sum_tolerance: float | None = None,
    worst: int = 0,
    hashes: bool = False,
    jobs: int | None = None,
    engine: str = DEFAULT,
    block_rows: int | None = None,
    samples: bool = False,
) -> Report:
    """Return the report of predictions against targets.

    Args:
        predictions: A path, an array or a data frame. Arrays have the shape (samples, components)
            or (samples,). A list of `pathlib.Path` is the shards of one table.
        targets: The same, or class labels of shape (samples,). None: the table of the predictions
            holds them, too, and `target_col` says which columns they are.
        loss: Names of losses, such as "ce" or "mae,mse".
        from_: What predictions of probabilities are given as: "probs", "logits" or "log-probs"; of
            decisions "scores".
        classes: Names of the prediction columns, in their order, in the place of those that the
            table has.
        pos_label: The label of the event whose probability is predicted (`bce`).
        neg_label: The other label; None: the first other one.
        ignore_label: The label of samples that are left out and counted, such as padding.
        columns: How columns that both tables name are paired: by "name" or by "position".
        pred_cols: Names or patterns of the prediction columns; none: all that are nothing else.
        target_col: Names or patterns of the target columns.
        id: The column, in both tables, by which rows are paired; None: by position.
        index: "align" pairs the rows of two data frames by the labels of their indexes; "ignore"
            does not look at these. None: rows are paired by position, and labels that differ are
            an error.
        missing: What becomes of ids without a partner: "strict" refuses them, "present" leaves
            them out and counts them.
        missing_shards: What becomes of gaps in the numbers of shards: "strict" refuses them,
            "present" admits them.
        repeated_ids: What becomes of samples that are there twice: "keep" evaluates them again,
            "first" leaves repetitions out. None refuses them.
        nan: What becomes of samples with a missing value: "error", or "skip", which leaves them
            out and counts them.
        format_in: The format of both files, or that of predictions and that of targets; none:
            recognised.
        key: The name of an array in an NPZ file, or of a sheet in a workbook.
        delimiter: What stands between the cells of a text; None: recognised.
        decimal: The decimal point of texts, "." or ",".
        targets_decimal: That of the targets; None: as the predictions'.
        header: Whether the first row names the columns; None: recognised.
        targets_header: Whether that of the targets does; None: as the predictions'.
        comment: What a line above the first row starts with to be passed over.
        encoding: The encoding of texts; None: UTF-8.
        unlimited: Whether everything is decompressed, however much comes out.
        sum_tolerance: How far from 1 the probabilities of a row may add up; None: as rounding to
            two decimals moves them.
        worst: How many of the samples are kept in `report.worst`: those whose first loss is
            highest.
        hashes: Whether the SHA-256 of the files is in `report.hashes`.
        jobs: How many threads evaluate; None: one for each processor.
        engine: Where blocks are evaluated, a name of `lossctl.engines.ENGINES`.
        block_rows: How many rows are evaluated at a time; None: a few megabytes of them.
        samples: Whether the losses of all samples are in `report.samples`.

    Raises:
        TypeError: A keyword that there is not, or no `loss`.
        UsageError: Options of another type, that cannot be, or that do not fit the tables.
        DataError: A table that must not be evaluated as it is, with file, row, column and value.
        ResourceError: The system did not give what was needed, such as a file.
            The last three are LossctlError; `hint` is the way out, where there is one. Tracebacks
            end here; in Python's development mode (`python -X dev`) they show where they began.

    Warns:
        LossWarning: What is odd about the numbers, as `report.warnings` has it.
    """
    given = {name: value for name, value in locals().items() if name in Options.__annotations__}
    return _report(predictions, targets, Options(**given), samples)


def _report(predictions: Table, targets: Table | None, options: Options, samples: bool) -> Report:
    require_files(predictions, targets, options)
    evaluation = Evaluation(predictions, targets, options)
    evaluation.require_effect()
    parts: list[Samples] = []
    whole = options.id is not None and (samples or options.worst > 0)
    for part in evaluation.samples():
        whole = whole and "id" in part.beside and are_whole(part.beside["id"])
        if samples:
            parts.append(part)
    report = in_python(reworded(evaluation.report(), PYTHON))
    if samples:
        report = replace(report, kept_samples=Samples.join(parts))
    kept = [some for some in (report.kept_samples, report.kept_worst) if some is not None]
    if kept:
        called = as_given(predictions, targets, options, whole)
        for some in kept:
            some.as_given = called
    return report
