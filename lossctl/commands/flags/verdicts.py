"""The options that say what is shown of all checks, and where."""

from typing import Annotated, NamedTuple

import typer

from lossctl.base.wording import either
from lossctl.commands.flags.display import Digits, NoColor, Output
from lossctl.renderers import RESULT_FORMATS


class VerdictFlags(NamedTuple):
    """What is shown of all checks, and where, as the command line has it."""

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
