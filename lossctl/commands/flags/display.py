"""The options that say what is shown, and where: what all commands share, and those of `check`."""

from typing import Annotated, NamedTuple

import typer

from lossctl.base.wording import either
from lossctl.renderers import RESULT_FORMATS, ROW_FORMATS

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


class DisplayFlags(NamedTuple):
    """What is shown of all checks, and where."""

    format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="NAME", help=f"{either(RESULT_FORMATS)}."),
    ] = None
    output: Output = None
    junit: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write JUnit XML, a test case a check.")
    ] = None
    digits: Digits = None
    no_github: Annotated[
        bool,
        typer.Option(
            "--no-github",
            help="In GitHub Actions (GITHUB_ACTIONS=true), no annotations and no job summary.",
        ),
    ] = False
    no_color: NoColor = False
