"""The command of `eval` that evaluates what a check does."""

from __future__ import annotations

from collections.abc import Iterator

from lossctl.base.wording import argument
from lossctl.commands.check.check import Check
from lossctl.commands.flags.groups import options_of
from lossctl.commands.flags.inputs import InputFlags
from lossctl.evaluation.options import Options, option_of


def command_of(check: Check, output: str) -> str:
    """Return the command that writes a report of what a check evaluates, for a shell."""
    paths = [argument(table.name or "") for table in check.tables]
    options = " ".join(_options(check.options))
    return f"lossctl eval {' '.join(paths)} {options} --format json -o {argument(output)}"


def _options(options: Options) -> Iterator[str]:
    """Yield the options of the command line that say what options do."""
    defaults = InputFlags().options(0)
    known = options_of(InputFlags)
    for field in options._fields:
        value = getattr(options, field)
        if field not in known or value == getattr(defaults, field):
            continue
        name = option_of(field)
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        else:
            yield f"--{name} {argument(str(value))}"
