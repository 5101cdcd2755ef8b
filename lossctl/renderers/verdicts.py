"""What became of checks, as a table, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lossctl.base.version import __version__
from lossctl.base.wording import counted, visible
from lossctl.gate.rules import RULES
from lossctl.gate.verdicts import UPDATE, CheckResult, Outcome, Verdict, exit_code
from lossctl.renderers import View
from lossctl.renderers.markdown import draw as draw_markdown
from lossctl.renderers.markdown import escaped
from lossctl.renderers.sections import Section, number, worst_samples
from lossctl.results.report import finite

SCHEMA = 1
_HEADER = ["name", "loss", "rule", "value", "limit", "baseline", "delta", "verdict"]
_STYLES = {"pass": "green", "warn": "yellow", "fail": "bold red", "error": "bold red"}
_CONCLUSIONS = {
    Outcome.PASS: "passed",
    Outcome.WARN: "passed with a warning",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "could not be judged",
}


def word(outcome: Outcome) -> str:
    """Return what an outcome is called."""
    return outcome.name.lower()


def explanation(verdict: Verdict) -> str:
    """Return what a verdict says, numbers in full."""
    if verdict.error is not None:
        return verdict.error.message
    rows = verdict.loss is None
    rule = RULES.get(verdict.rule, RULES["max-loss"])
    subject = "the number of samples" if rows else rule.subject.format(loss=verdict.loss)
    said = f"{subject} is {number(verdict.value, None)}"
    if verdict.limit is None:
        return said
    beyond = "below" if rows else "above"
    side = "within" if verdict.outcome is Outcome.PASS else beyond
    limit = number(verdict.limit, None)
    if verdict.baseline is None:
        return f"{said}, {side} {verdict.rule} {limit}"
    return f"{said}, {side} {limit} (the baseline is {number(verdict.baseline, None)})"


class Complaint(NamedTuple):
    """Something that is wrong with a check, and the way out, where there is one."""

    outcome: Outcome
    text: str
    hint: str | None = None

    @property
    def line(self) -> str:
        """The text, which says so where it is a mere warning."""
        return f"warning: {self.text}" if self.outcome is Outcome.WARN else self.text


def complaints(result: CheckResult) -> Iterable[Complaint]:
    """Return what is wrong with a check, worst first, each once."""
    found = [
        Complaint(Outcome.ERROR, error.message, error.hint)
        for error in [result.error]
        if error is not None
    ]
    found += [
        Complaint(verdict.outcome, explanation(verdict), _way_out(verdict))
        for verdict in result.verdicts
        if verdict.outcome is not Outcome.PASS
    ]
    found += [Complaint(Outcome.WARN, verdict.note) for verdict in result.verdicts if verdict.note]
    if result.report is not None:
        found += [Complaint(Outcome.WARN, warning.message) for warning in result.report.warnings]
    return dict.fromkeys(sorted(found, key=lambda complaint: -complaint.outcome))


def _way_out(verdict: Verdict) -> str | None:
    if verdict.error is not None:
        return verdict.error.hint
    refused = verdict.rule == UPDATE
    return "to write it all the same: --allow-increase" if refused else None


def conclusion(results: Sequence[CheckResult]) -> str:
    """Return how many checks came out how, in one line."""
    outcomes = [result.outcome for result in results]
    counts = [
        f"{outcomes.count(outcome)} {what}"
        for outcome, what in _CONCLUSIONS.items()
        if outcome in outcomes
    ]
    return f"{counted(len(results), 'check')}: {', '.join(counts)}"


def table(results: Sequence[CheckResult], view: View) -> str:
    """Return a line for every limit that was judged."""
    from lossctl.renderers.table import draw

    return draw(_sections(results, view.digits), view)


def markdown(results: Sequence[CheckResult], view: View) -> str:
    """Return the same as Markdown, with what is wrong in words."""
    sections = draw_markdown(_sections(results, view.digits))
    said = [
        f"- **{escaped(visible(result.name))}**: {escaped(visible(complaint.line))}\n"
        for result in results
        for complaint in complaints(result)
    ]
    return sections + ("\n" + "".join(said) if said else "")


def as_json(results: Sequence[CheckResult], view: View) -> str:
    """Return one object, numbers in full."""
    content = {
        "schema": SCHEMA,
        "lossctl": __version__,
        "verdict": word(max((result.outcome for result in results), default=Outcome.ERROR)),
        "exit_code": int(exit_code(results)),
        "checks": [_check_to_dict(result) for result in results],
    }
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def _sections(results: Sequence[CheckResult], digits: int | None) -> list[Section]:
    rows = [row for result in results for row in _rows(result, digits)]
    text = ["name", "loss", "rule", "verdict"]
    found = [
        Section(
            conclusion(results), _HEADER, rows, text_columns=text, turnable=True, styles=_STYLES
        )
    ]
    for result in results:
        if result.report is not None:
            found += worst_samples(result.report, digits, f" of {visible(result.name)}")
    return found


def _rows(result: CheckResult, digits: int | None) -> Iterator[list[str]]:
    name = visible(result.name)
    if not result.verdicts:
        yield [name, *"-" * (len(_HEADER) - 2), word(result.outcome)]
    for verdict in result.verdicts:
        numbers = (verdict.value, verdict.limit, verdict.baseline, verdict.delta)
        shown = [number(value, digits) for value in numbers]
        yield [name, verdict.loss or "-", verdict.rule, *shown, word(verdict.outcome)]


def _check_to_dict(result: CheckResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "verdict": word(result.outcome),
        "verdicts": [_verdict_to_dict(verdict) for verdict in result.verdicts],
        "errors": [
            {"message": error.message, "hint": error.hint, "exit_code": int(error.exit_code)}
            for error in result.errors
        ],
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
        "verdict": word(verdict.outcome),
        "message": explanation(verdict),
        "note": verdict.note,
    }
