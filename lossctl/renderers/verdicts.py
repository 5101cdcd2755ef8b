"""What is shown of check results: a line for every limit that was judged, and what is wrong."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lossctl.base.version import __version__
from lossctl.base.wording import listed, visible
from lossctl.gate.rules import INCREASE
from lossctl.gate.stale import Stale
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict, exit_code, of_hundred
from lossctl.renderers.complaints import (
    advice,
    all_complaints,
    conclusion,
    explanation,
    numbers_of,
    word,
)
from lossctl.renderers.report import worst_samples
from lossctl.renderers.sections import MAIN, Note, Page, Section, number
from lossctl.results.report import finite

SCHEMA = 1
_HEADER = ["verdict", "name", "loss", "rule", "value", "limit", "baseline", "delta", "%"]
_TEXT = ["verdict", "name", "loss", "rule"]
_TOGETHER = [("value", "limit"), ("baseline", "delta")]
_SPARE = ["delta"]
"""The value and its baseline say this, too."""
_MOST_NAMES = 5
"""No more increases are told below the table."""
_WITHHELD = "unwritten"
"""A number is called so that would be written to a baseline if all others passed, too."""
_STYLES = {"pass": "green", "warn": "yellow", "fail": "bold red", "error": "bold red"}


class VerdictsShown(NamedTuple):
    """What became of checks."""

    results: Sequence[CheckResult]
    title: str | None = None
    """What stands above them, if it is not how many came out how."""
    stale: Sequence[Stale] = ()
    """What baselines have that is held to nothing."""

    def page(self, digits: int | None) -> Page:
        """Return the verdicts, the worst samples of each check, and the complaints in words."""
        sections = [_verdicts(self.results, self.title, digits)]
        for result in self.results:
            if result.report is not None:
                sections += worst_samples(result.report, digits, f" of {visible(result.name)}")
        notes = [
            Note(told.names, visible(line))
            for told in all_complaints(self.results, digits)
            for line in told.complaint.lines
        ]
        notes += [Note("", visible(f"note: {one.message}; {one.hint}")) for one in self.stale]
        return Page(sections, notes)

    def document(self) -> dict[str, Any]:
        """Return one object."""
        worst = max((result.outcome for result in self.results), default=Outcome.ERROR)
        return {
            "schema": SCHEMA,
            "lossctl": __version__,
            "verdict": word(worst),
            "exit_code": int(exit_code(self.results)),
            "means": {
                result.name: {loss: one.mean for loss, one in result.report.losses.items()}
                for result in self.results
                if result.report is not None
            },
            "checks": [_check_to_dict(result) for result in self.results],
            "stale": [one.to_dict() for one in self.stale],
        }


def _verdicts(results: Sequence[CheckResult], title: str | None, digits: int | None) -> Section:
    return Section(
        title or conclusion(results),
        _HEADER,
        [row for result in results for row in _rows(result, digits)],
        text_columns=_TEXT,
        styles=_STYLES,
        importance=MAIN,
        together=_TOGETHER,
        spare=_SPARE,
        turns=False,
        below=[*_increases(results), *_other_losses(results).values()],
    )


def _increases(results: Sequence[CheckResult]) -> Iterator[str]:
    """Yield a sentence on increases that are no share of a baseline, with the share that each is.

    It stands below, as a limit is one line of the table.
    """
    several = len(results) > 1
    found = [
        f"{verdict.increase.beside(verdict.baseline)} over the baseline of {verdict.loss}"
        f"{f' of {visible(result.name)}' if several else ''}"
        for result in results
        for verdict in result.verdicts
        if verdict.increase is not None and not verdict.increase.relative
    ]
    if found:
        yield f"{INCREASE} {listed(found, _MOST_NAMES)}"


def _other_losses(results: Sequence[CheckResult]) -> dict[str, str]:
    """Return a sentence on each loss that was judged and that others make another number of.

    So nobody takes the limit of another program. A loss of several checks is explained once.
    """
    said: dict[str, str] = {}
    for result in results:
        judged = {verdict.loss for verdict in result.verdicts}
        losses = {} if result.report is None else result.report.losses
        for loss in (one for name, one in losses.items() if name in judged and one.is_other):
            of = f" of {visible(result.name)}" if len(results) > 1 else ""
            said.setdefault(loss.loss, f"{loss.loss}{of}: {loss.explanation}")
    return said


def _rows(result: CheckResult, digits: int | None) -> Iterator[list[str]]:
    name = visible(result.name)
    if not result.verdicts:
        yield [word(result.outcome), name, *"-" * (len(_HEADER) - 2)]
    for verdict in result.shown:
        shown = numbers_of(verdict, digits)
        percent = verdict.delta_percent
        shown += [
            number(verdict.delta, digits),
            "-" if percent is None else of_hundred(percent, sign="+"),
        ]
        outcome = _WITHHELD if verdict.is_withheld else word(verdict.outcome)
        yield [outcome, name, verdict.loss or "-", verdict.rule, *shown]


def _check_to_dict(result: CheckResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "verdict": word(result.outcome),
        "verdicts": [_verdict_to_dict(verdict) for verdict in result.verdicts],
        "errors": [
            {"message": error.message, "hint": error.hint, "exit_code": int(error.exit_code)}
            for error in result.errors
        ],
        "notes": list(result.notes),
        "report": None if result.report is None else result.report.to_dict(),
    }


def _verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "loss": verdict.loss,
        "value": finite(verdict.value),
        "limit": finite(verdict.limit),
        "baseline": finite(verdict.baseline),
        "delta": finite(verdict.delta),
        "delta_percent": finite(verdict.delta_percent),
        "verdict": word(verdict.outcome),
        "message": explanation(verdict),
        "note": verdict.note,
        "advice": advice(verdict) or verdict.hint,
    }
