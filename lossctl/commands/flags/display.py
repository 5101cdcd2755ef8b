"""The options that say what is shown, and where, of any command."""

from functools import partial
from typing import Annotated

from lossctl.base.wording import either
from lossctl.commands.help import OUTPUT, option
from lossctl.outputs.terminal import ALWAYS, AUTO, NEVER
from lossctl.renderers import ROW_FORMATS

WHEN = AUTO, ALWAYS, NEVER
_output = partial(option, OUTPUT)
_ROW_FILES = either(entry.extension for entry in ROW_FORMATS.values())

Output = Annotated[
    str | None,
    _output(
        "--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all, not to stdout"
    ),
]
PerSample = Annotated[
    str | None, _output(metavar="FILE", help=f"Also write the loss of every sample: {_ROW_FILES}")
]
Digits = Annotated[
    str | None, _output(metavar="N|full", help="Significant digits of tables; default 6")
]
Worst = Annotated[
    int | None,
    _output(metavar="N", min=0, max=1000, help="Show the N samples whose loss is highest"),
]
Color = Annotated[str | None, _output(metavar="WHEN", help=f"{either(WHEN)}; default {AUTO}")]
NoColor = Annotated[bool, _output("--no-color", help="The same as --color never")]
