"""What the options of a check say, and the command of `eval` that evaluates what it does."""

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
    for name, value in settings_of(options):
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        else:
            yield f"--{name} {argument(str(value))}"


def settings_of(options: Options) -> Iterator[tuple[str, object]]:
    """Yield what options say that is not so by itself, by the names of the command line."""
    defaults = InputFlags().options(0)
    known = options_of(InputFlags)
    for field in options._fields:
        value = getattr(options, field)
        if field in known and value != getattr(defaults, field):
            yield option_of(field), value
