"""The options that say what is shown of a report, and where."""

from typing import Annotated, NamedTuple

from lossctl.base.wording import either
from lossctl.commands.flags.display import Color, Digits, NoColor, Output, PerSample, Worst
from lossctl.commands.help import OUTPUT, option
from lossctl.renderers import FORMATS


class ReportFlags(NamedTuple):
    """What is shown of a report, and where, as the command line has it."""

    format: Annotated[
        str | None,
        option(OUTPUT, "--format", "-f", metavar="NAME", help=f"{either(FORMATS)}"),
    ] = None
    output: Output = None
    per_sample: PerSample = None
    quiet: Annotated[
        bool,
        option(
            OUTPUT,
            "--quiet",
            "-q",
            help="Print Loss(W) alone, a line per loss; mse is halved",
        ),
    ] = False
    digits: Digits = None
    rows: Annotated[
        str | None,
        option(OUTPUT, metavar="N|all", help="Rows shown, half first, half last; default 10"),
    ] = None
    worst: Worst = None
    color: Color = None
    no_color: NoColor = False
