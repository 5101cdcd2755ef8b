"""What became of checks as GitHub shows it: annotations, which are commands in a job's log."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from lossctl.base.wording import counted, visible
from lossctl.gate.verdicts import CheckResult, Outcome
from lossctl.renderers.verdicts import Complaint, complaints

MOST = 10
"""GitHub shows no more of a step."""
_PLACE = re.compile(r"(.+?):([0-9]+):")


def commands(results: Sequence[CheckResult], workspace: str | None) -> list[str]:
    """Return at most ten commands, errors before warnings; the last one counts those left out.

    Files are named from the `workspace`, the folder of the repository.
    """
    found = [(result, complaint) for result in results for complaint in complaints(result)]
    found.sort(key=lambda one: one[1].outcome is Outcome.WARN)
    most = len(found) if len(found) <= MOST else MOST - 1
    shown = [_command(*one, workspace) for one in found[:most]]
    if len(found) > most:
        rest = f"{counted(len(found) - most, 'more complaint')}: the table has them all"
        kind = _kind(found[most][1])
        shown.append(f"::{kind} title=lossctl::{rest}")
    return shown


def _command(result: CheckResult, complaint: Complaint, workspace: str | None) -> str:
    file, line = _place(result, complaint.text)
    if workspace and file:
        file = os.path.relpath(file, workspace)
    properties = {"file": file, "line": line, "title": f"lossctl: {result.name}"}
    written = [
        f"{name}={_property(visible(str(value)))}" for name, value in properties.items() if value
    ]
    lines = [complaint.text, *([f"hint: {complaint.hint}"] if complaint.hint else [])]
    return (
        f"::{_kind(complaint)} {','.join(written)}::{_escaped(chr(10).join(map(visible, lines)))}"
    )


def _kind(complaint: Complaint) -> str:
    return "warning" if complaint.outcome is Outcome.WARN else "error"


def _place(result: CheckResult, text: str) -> tuple[str, int]:
    """Return file and line: of bad data where it is, of a limit where the check is defined."""
    named = _PLACE.match(text)
    if named and os.path.exists(named[1]):
        return named[1], int(named[2])
    return result.file, result.line


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
