"""The options that say what is shown of a report, and where."""

from typing import Annotated, NamedTuple

import typer

from lossctl.base.wording import either
from lossctl.commands.flags.display import Digits, NoColor, Output, PerSample, Worst
from lossctl.renderers import FORMATS


class ReportFlags(NamedTuple):
    """What is shown of a report, and where, as the command line has it."""

    format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="NAME", help=f"{either(FORMATS)}."),
    ] = None
    output: Output = None
    per_sample: PerSample = None
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the bare Loss(W), a line a loss.")
    ] = False
    digits: Digits = None
    rows: Annotated[
        str | None,
        typer.Option(metavar="N|all", help="Per-sample rows shown, half first, half last."),
    ] = None
    worst: Worst = 0
    no_color: NoColor = False
