"""The options that say what is shown, and where, of any command."""

from typing import Annotated

import typer

from lossctl.base.wording import either
from lossctl.renderers import ROW_FORMATS

_ROW_FILES = either(entry.extension for entry in ROW_FORMATS.values())

Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all."),
]
PerSample = Annotated[
    str | None,
    typer.Option(metavar="FILE", help=f"Also write per-sample rows: {_ROW_FILES}."),
]
Digits = Annotated[
    str | None, typer.Option(metavar="N|full", help="Significant digits; default 6 on a terminal.")
]
Worst = Annotated[
    int,
    typer.Option(metavar="N", min=0, max=1000, help="The N samples with the highest (first) loss."),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Never colour.")]
