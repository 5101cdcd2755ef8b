"""The options that say what is read and what of it is evaluated."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

from lossctl.base.wording import either
from lossctl.commands.help import COLUMNS, FILES, ROWS, WHAT, option
from lossctl.losses import SCALES
from lossctl.tables.formats import FORMATS

if TYPE_CHECKING:
    from lossctl.evaluation.options import Options

_what, _columns = partial(option, WHAT), partial(option, COLUMNS)
_rows, _files = partial(option, ROWS), partial(option, FILES)


class InputFlags(NamedTuple):
    """What is read, and what of it is evaluated, as the command line has it."""

    loss: Annotated[
        list[str],
        _what(
            "--loss",
            "-l",
            metavar="NAME",
            help="As in ce or mse,mae; all: lossctl losses",
            required=True,
        ),
    ] = []  # noqa: RUF012, Typer reads it, and nobody writes it
    from_: Annotated[
        str, _what("--from", metavar="SCALE", help=f"Predictions are {either(SCALES)}")
    ] = "probs"
    sum_tolerance: Annotated[
        float | None,
        _what(metavar="X", min=0.0, help="How far from 1 the sum of a row of probabilities may be"),
    ] = None
    pred_cols: Annotated[
        list[str], _columns(metavar="A,B,C", help="Prediction columns, or patterns: 'p_*'")
    ] = []  # noqa: RUF012
    target_col: Annotated[
        list[str], _columns(metavar="NAME", help="Target column, or columns")
    ] = []  # noqa: RUF012
    columns: Annotated[
        str, _columns(metavar="HOW", help="Pair columns by name (default) or position")
    ] = "name"
    classes: Annotated[
        list[str], _columns(metavar="A,B,C", help="What the prediction columns are called")
    ] = []  # noqa: RUF012
    pos_label: Annotated[
        str | None, _columns(metavar="LABEL", help="The label whose probability is predicted")
    ] = None
    neg_label: Annotated[
        str | None,
        _columns(metavar="LABEL", help="The other label, needed if it comes late in the file"),
    ] = None
    ignore_label: Annotated[
        str | None,
        _columns(metavar="LABEL", help="Leave out samples with this label, such as -100"),
    ] = None
    id: Annotated[
        str | None, _rows("--id", metavar="NAME", help="Pair rows by this column of both files")
    ] = None
    index: Annotated[
        str | None,
        _rows(metavar="POLICY", help="pandas' index: align (pair rows by it) or ignore"),
    ] = None  # type: ignore[assignment]  # no tuple's method is missed
    missing: Annotated[
        str,
        _rows(
            metavar="POLICY",
            help="Rows without a partner: strict fails, present skips",
        ),
    ] = "strict"
    repeated_ids: Annotated[
        str | None,
        _rows(metavar="POLICY", help="Samples that come twice: keep both, or the first"),
    ] = None
    nan: Annotated[
        str, _rows(metavar="POLICY", help="Missing values: error, or skip the sample")
    ] = "error"
    missing_shards: Annotated[
        str, _rows(metavar="POLICY", help="Gaps in shard numbers: strict (error) or present")
    ] = "strict"
    format_in: Annotated[str, _files(metavar="NAME[,NAME]", help=", ".join(FORMATS))] = ""
    key: Annotated[
        str | None, _files(metavar="NAME", help="Array of an NPZ file, sheet of a workbook")
    ] = None
    delimiter: Annotated[
        str | None,
        _files(metavar="CHAR", help="comma, tab, semicolon, pipe, space, or a character"),
    ] = None
    decimal: Annotated[str, _files(metavar="CHAR", help="Decimal point: . (default) or ,")] = "."
    targets_decimal: Annotated[
        str | None, _files(metavar="CHAR", help="The same for TARGETS, if it differs there")
    ] = None
    header: Annotated[
        bool | None,
        _files("--header/--no-header", help="The first row names the columns"),
    ] = None
    targets_header: Annotated[
        bool | None,
        _files(
            "--targets-header/--no-targets-header", help="The same for TARGETS, if it differs there"
        ),
    ] = None
    comment: Annotated[
        str | None, _files(metavar="PREFIX", help="Skip lines above the table that start with this")
    ] = None
    encoding: Annotated[
        str | None, _files(metavar="NAME", help="Encoding of text files; default UTF-8")
    ] = None
    unlimited: Annotated[
        bool, _files("--unlimited", help="No limit on how large a file may decompress")
    ] = False
    jobs: Annotated[
        int | None,
        _files(
            "--jobs", "-j", metavar="N", min=1, help="Number of threads; default one per processor"
        ),
    ] = None

    def options(self, worst: int) -> "Options":
        """Return what to evaluate and how, with so many of the worst samples."""
        from lossctl.evaluation.options import Options

        given = self._asdict() | {"worst": worst}
        joined = {
            name: ",".join(values)
            for name, values in given.items()
            if isinstance(values, list | tuple)
        }
        return Options(**given | joined)
