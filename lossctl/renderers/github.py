"""What became of checks as GitHub shows it: annotations, which are commands in a job's log."""

from __future__ import annotations

import os
from collections.abc import Sequence

from lossctl.base.wording import counted, quoted, visible
from lossctl.gate.verdicts import CheckResult, Outcome
from lossctl.renderers.complaints import Complaint, Told, complaints

MOST = 10
"""GitHub shows no more annotations of a step than this."""


def commands(
    results: Sequence[CheckResult], workspace: str | None, digits: int | None
) -> tuple[list[str], Told]:
    """Return at most ten commands, errors before warnings, and what complaints they tell.

    The last one counts those left out. Files are named from the `workspace`, the folder of the
    repository; numbers have so many significant digits.
    """
    pairs = [(result, complaint) for result in results for complaint in complaints(result, digits)]
    pairs.sort(key=lambda one: -min(one[1].outcome, Outcome.FAIL))
    most = len(pairs) if len(pairs) <= MOST else MOST - 1
    shown = [_command(*one, workspace) for one in pairs[:most]]
    if len(pairs) > most:
        rest = f"{counted(len(pairs) - most, 'more complaint')}: the log has them all"
        kind = _kind(pairs[most][1])
        shown.append(f"::{kind} title=lossctl::{rest}")
    return shown, {(result.name, complaint) for result, complaint in pairs[:most]}


def _command(result: CheckResult, complaint: Complaint, workspace: str | None) -> str:
    file, line = _place(result, complaint)
    if workspace and file:
        file = os.path.relpath(file, workspace)
    properties = {"file": file, "line": line, "title": f"lossctl: {result.name}"}
    written = [
        f"{name}={_property(visible(str(value)))}" for name, value in properties.items() if value
    ]
    whose = f"check {quoted(result.name)}: " if result.is_check else ""  # a log has no titles
    lines = [f"{whose}{complaint.text}", *([f"hint: {complaint.hint}"] if complaint.hint else [])]
    return (
        f"::{_kind(complaint)} {','.join(written)}::{_escaped(chr(10).join(map(visible, lines)))}"
    )


def _kind(complaint: Complaint) -> str:
    return "notice" if complaint.kind == "note" else complaint.kind


def _place(result: CheckResult, complaint: Complaint) -> tuple[str, int]:
    """Return file and line: of bad data where it is, of a limit where the check is defined."""
    if complaint.file and complaint.line and os.path.exists(complaint.file):
        return complaint.file, complaint.line
    return result.file, result.line


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
