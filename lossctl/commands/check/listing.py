"""`lossctl check --list`: the checks that there are, none of them made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from lossctl.base.errors import LossctlError, UsageError
from lossctl.base.wording import counted, visible
from lossctl.commands.check.again import settings_of
from lossctl.commands.check.check import Check
from lossctl.commands.check.showing import open_outputs
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.evaluation.options import option_of
from lossctl.gate.baseline import Baselines
from lossctl.gate.entries import Entry
from lossctl.gate.rules import FAIL_ON_WARNINGS, SAME_TARGETS
from lossctl.renderers.sections import MAIN, Page, Section

_HEADER = ["name", "setting", "file"]
_ALLOWING = "allow_doubts", "allow_fewer_rows", "allow_no_final_newline"
"""These fields of a check let something pass."""
_LONGEST = 40
"""A line with a list has no more characters, as long as that can be."""
_PARTS = re.compile("[^,]*,?")
"""A list can be parted behind its commas."""


class _Listed(NamedTuple):
    """Checks, as people and programs are shown them."""

    checks: Sequence[Check]

    def page(self, digits: int | None) -> Page:
        """Return a line for what each check reads and for each limit, and its name in the first."""
        baselines = Baselines()
        rows = [
            ["" if number else visible(check.name), setting, visible(path)]
            for check in self.checks
            for number, (setting, path) in enumerate(_lines(check, baselines))
        ]
        title = counted(len(self.checks), "check")
        table = Section(title, _HEADER, rows, text_columns=_HEADER, whole=["setting"])
        return Page([table._replace(importance=MAIN)])

    def document(self) -> dict[str, Any]:
        """Return an object a check."""
        return {
            "checks": [
                {"name": c.name, "limits": list(_limits(c)), "settings": dict(_settings(c))}
                | _inputs(c)
                for c in self.checks
            ]
        }


def show_list(checks: Sequence[Check], display: VerdictFlags, update: bool) -> None:
    """Write what checks there are, or their names alone, or raise UsageError beside an update."""
    if update:
        raise UsageError("--list makes no check: it goes with no --update-baseline")
    with open_outputs(display) as outputs:
        if outputs.quiet:
            outputs.write("".join(f"{visible(check.name)}\n" for check in checks))
        else:
            outputs.put(_Listed(checks))


def _lines(check: Check, baselines: Baselines) -> Iterator[tuple[str, str]]:
    """Yield what a check reads, its losses, settings and limits; what is read is a file."""
    yield from ((name, path) for name, path in _inputs(check).items() if path)
    if check.per_sample is not None:
        yield "per-sample", check.per_sample
    for name, value in _settings(check):
        if isinstance(value, bool):
            yield name if value else f"no-{name}", ""
        elif name != "per-sample":
            yield from ((line, "") for line in _folded(f"{name} {visible(str(value))}"))
    yield from ((limit, "") for limit in _limits(check, _known(check, baselines)))


def _settings(check: Check) -> Iterator[tuple[str, object]]:
    """Yield what is asked of a check beside its files and limits, as far as it is not the default.

    A list is one text.
    """
    yield "loss", ",".join(check.options.losses())
    yield from ((name, value) for name, value in settings_of(check.options) if name != "loss")
    if check.options.worst:
        yield "worst", check.options.worst
    if check.per_sample is not None:
        yield "per-sample", check.per_sample
    for name in _ALLOWING:
        if getattr(check, name):
            yield option_of(name), True


def _folded(setting: str) -> Iterator[str]:
    """Yield a setting in lines that end behind a comma where they would be too long."""
    line = ""
    for part in _PARTS.findall(setting):
        if line.strip() and len(line) + len(part) > _LONGEST:
            yield line
            line = "  "
        line += part
    yield line


def _known(check: Check, baselines: Baselines) -> Mapping[str, Entry]:
    """Return the numbers of its baseline, by their losses; none where it cannot be read."""
    with suppress(LossctlError):
        return baselines[check.baseline].entries(check.name) if check.baseline else {}
    return {}


def _limits(check: Check, known: Mapping[str, Entry] | None = None) -> Iterator[str]:
    """Yield the limits of a check, as they may be written.

    Beside the numbers of a baseline it is said of an increase what share of these it is.
    """
    for rule, highest in check.limits.highest.items():
        for loss, limit in highest.items():
            yield f"{rule} {loss}={limit}"
    for loss, increase in check.limits.max_increase.items():
        shown = increase.beside(known[loss].mean) if known and loss in known else increase
        yield f"max-increase {loss}={shown}"
    if check.limits.min_rows is not None:
        yield f"min-rows {check.limits.min_rows}"
    if check.limits.fail_on_warnings:
        yield FAIL_ON_WARNINGS
    if check.same_targets:
        yield SAME_TARGETS
    if check.baseline is not None:
        yield f"baseline {check.baseline}"


def _inputs(check: Check) -> dict[str, str]:
    targets = "" if check.targets is None else check.targets.name or ""
    return {"predictions": check.predictions.name or "", "targets": targets}
