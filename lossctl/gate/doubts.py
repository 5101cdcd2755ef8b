"""The verdict on numbers that can hardly be those that were meant: no check passes with one."""

from __future__ import annotations

from collections.abc import Iterator

from lossctl.gate.rules import DOUBTS
from lossctl.gate.verdicts import Outcome, Verdict
from lossctl.results.report import Report

_HINT = "look at the files first; if the numbers are right all the same, pass --allow-doubts"


def verdicts_on_doubts(report: Report, allowed: bool) -> Iterator[Verdict]:
    """Yield a verdict where an evaluation has such warnings: it fails, unless that is allowed."""
    codes = [warning.code for warning in report.warnings if warning.unlikely]
    if not codes:
        return
    note = ", ".join(codes)
    verdict = Verdict(DOUBTS, None, len(codes), 0, Outcome.FAIL, note=note, hint=_HINT)
    if allowed:
        advice = f"{_sentence(note)}, which allow-doubts lets pass"
        verdict = verdict._replace(outcome=Outcome.PASS, hint=None, advice=advice)
    yield verdict


def sentence_on_doubts(verdict: Verdict) -> str:
    """Return what the verdict says."""
    return _sentence(verdict.note or "")


def _sentence(codes: str) -> str:
    return f"the numbers can hardly be those that were meant: {codes}"
