"""The options that say what is read and what of it is evaluated."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from lossctl.base.wording import either
from lossctl.losses import LOSSES, SCALES
from lossctl.tables.formats import FORMATS

if TYPE_CHECKING:
    from lossctl.evaluation.options import Options


class InputFlags(NamedTuple):
    """What is read, and what of it is evaluated, as the command line has it."""

    loss: Annotated[
        list[str],
        typer.Option("--loss", "-l", metavar="NAME", help=f"{either(LOSSES)}; several times."),
    ] = []  # noqa: RUF012, Typer reads it, and nobody writes it
    from_: Annotated[
        str,
        typer.Option(
            "--from", metavar="SCALE", help=f"What probabilities are given as: {', '.join(SCALES)}."
        ),
    ] = "probs"
    classes: Annotated[
        str,
        typer.Option(
            metavar="A,B,C", help="Names of the prediction columns, in the order they stand in."
        ),
    ] = ""
    pos_label: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="The label of targets whose probability is predicted."),
    ] = None
    neg_label: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="The other label; else the first one that differs."),
    ] = None
    ignore_label: Annotated[
        str | None,
        typer.Option(metavar="LABEL", help="Leave out samples with this label, such as -100."),
    ] = None
    columns: Annotated[
        str,
        typer.Option(metavar="HOW", help="Pair columns that both files name by name or position."),
    ] = "name"
    pred_cols: Annotated[
        str,
        typer.Option(
            metavar="A,B,C", help="The prediction columns, by names or patterns such as 'p_*'."
        ),
    ] = ""
    target_col: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The target column, or columns; in PREDS where that is alone."
        ),
    ] = ""
    id: Annotated[
        str | None,
        typer.Option(
            "--id",
            metavar="NAME",
            help="Pair the rows by this column of both files. In one order this takes flat memory "
            "(8 bytes a row at the end if the ids do not ascend). From the first difference on, "
            "the rest of TARGETS is kept: for each row 8 bytes a component, twice the longest id, "
            "and some 60 bytes.",
        ),
    ] = None
    index: Annotated[
        str | None,
        typer.Option(
            metavar="POLICY",
            help="Of Parquet or Feather files that pandas wrote with an index: align pairs the "
            "rows by it, as --id does; ignore leaves it unseen. Else the labels are compared.",
        ),
    ] = None  # type: ignore[assignment]  # no tuple's method is missed
    repeated_ids: Annotated[
        str | None,
        typer.Option(
            metavar="POLICY",
            help="Of samples that are there twice: keep, or first to leave repetitions out (32 "
            "bytes a row). Else they are an error.",
        ),
    ] = None
    missing: Annotated[
        str,
        typer.Option(metavar="POLICY", help="Of ids in one file only: strict (error) or present."),
    ] = "strict"
    missing_shards: Annotated[
        str,
        typer.Option(
            metavar="POLICY",
            help="Of gaps in the numbers of shards, and empty ones: strict (error) or present.",
        ),
    ] = "strict"
    nan: Annotated[
        str,
        typer.Option(
            metavar="POLICY", help="Of NaN, empty and NA cells: error, or skip the sample."
        ),
    ] = "error"
    format_in: Annotated[
        str,
        typer.Option(
            metavar="NAME[,NAME]",
            help=f"{either(FORMATS)}, whatever the file is called; two for PREDS and TARGETS.",
        ),
    ] = ""
    key: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The array of an NPZ file, or the sheet of a workbook; or file.npz:NAME.",
        ),
    ] = None
    delimiter: Annotated[
        str | None,
        typer.Option(metavar="CHAR", help="One of , ; | or comma, tab, semicolon, pipe, space."),
    ] = None
    decimal: Annotated[
        str, typer.Option(metavar="CHAR", help="The decimal point of numbers: . or ,")
    ] = "."
    targets_decimal: Annotated[
        str | None, typer.Option(metavar="CHAR", help="The same of TARGETS, if it differs.")
    ] = None
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header", help="The first row names the columns, or is a sample."
        ),
    ] = None
    targets_header: Annotated[
        bool | None,
        typer.Option(
            "--targets-header/--no-targets-header", help="The same of TARGETS, if it differs."
        ),
    ] = None
    comment: Annotated[
        str | None,
        typer.Option(metavar="PREFIX", help="Pass over lines above the first row that start so."),
    ] = None
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of text files; else UTF-8.")
    ] = None
    unlimited: Annotated[
        bool, typer.Option("--unlimited", help="Decompress however much comes out.")
    ] = False
    sum_tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            min=0.0,
            help="How far from 1 a row of probabilities may sum (ce); default 0.005 k, at least "
            "0.01 and at most 0.05, with a warning above 0.001.",
        ),
    ] = None
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Threads; else one a processor."),
    ] = None

    def options(self, worst: int) -> "Options":
        """Return what to evaluate and how, with so many of the worst samples."""
        from lossctl.evaluation.options import Options

        return Options(**self._asdict() | {"loss": ",".join(self.loss), "worst": worst})
