"""The options that say what is shown of all checks, and where."""

from typing import Annotated, NamedTuple

from lossctl.base.wording import either
from lossctl.commands.flags.display import Color, Digits, NoColor, Output
from lossctl.commands.help import OUTPUT, option
from lossctl.renderers import RESULT_FORMATS


class VerdictFlags(NamedTuple):
    """What is shown of all checks, and where, as the command line has it."""

    format: Annotated[
        str | None,
        option(OUTPUT, "--format", "-f", metavar="NAME", help=f"{either(RESULT_FORMATS)}"),
    ] = None
    output: Output = None
    quiet: Annotated[
        bool, option(OUTPUT, "--quiet", "-q", help="No table: say only what is wrong")
    ] = False
    junit: Annotated[
        str | None,
        option(OUTPUT, metavar="FILE", help="Also write JUnit XML, one test case per check"),
    ] = None
    digits: Digits = None
    no_github: Annotated[
        bool,
        option(OUTPUT, "--no-github", help="No GitHub annotations and no job summary"),
    ] = False
    color: Color = None
    no_color: NoColor = False

    @property
    def shows_nothing(self) -> bool:
        """Whether neither a table nor a report is written: one that is named is, with -q, too."""
        return self.quiet and self.format is None and self.output is None
