"""What became of checks as GitHub shows it: annotations, which are commands in a job's log."""

from __future__ import annotations

import os
from collections.abc import Sequence

from lossctl.base.wording import counted, visible
from lossctl.gate.stale import Stale
from lossctl.gate.verdicts import CheckResult, Outcome
from lossctl.renderers.complaints import Complaint, Told, all_complaints, told_of

MOST = 10
"""GitHub shows no more annotations of a step than this."""


def commands(
    results: Sequence[CheckResult],
    workspace: str | None,
    digits: int | None,
    stale: Sequence[Stale] = (),
) -> tuple[list[str], list[Told]]:
    """Return at most ten commands, errors before warnings, and what complaints they tell.

    The last one counts those left out; what was asked for is for the log alone. Files are named
    from the `workspace`, the folder of the repository; numbers have so many significant digits.
    """
    complaints = [*all_complaints(results, digits), *map(told_of, stale)]
    told = [one for one in complaints if not one.complaint.asked_for]
    told.sort(key=lambda one: -min(one.complaint.outcome, Outcome.FAIL))
    most = len(told) if len(told) <= MOST else MOST - 1
    shown = [_command(one, workspace) for one in told[:most]]
    if len(told) > most:
        rest = f"{counted(len(told) - most, 'more complaint')}: the log has them all"
        kind = _kind(told[most].complaint)
        shown.append(f"::{kind} title=lossctl::{rest}")
    return shown, told[:most]


def _command(told: Told, workspace: str | None) -> str:
    complaint = told.complaint
    file, line = _place(told.results[0], complaint)
    if workspace and file:
        file = os.path.relpath(file, workspace)
    properties = {"file": file, "line": line, "title": f"lossctl: {told.names}"}
    written = [
        f"{name}={_property(visible(str(value)))}" for name, value in properties.items() if value
    ]
    lines = [f"{told.whose}{complaint.text}", *complaint.lines[1:]]
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
