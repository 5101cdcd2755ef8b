"""Of how many samples a number is: no fewer than its baseline is of, and no more rows left out."""

from collections.abc import Iterator
from typing import NamedTuple

from lossctl.base.wording import counted
from lossctl.gate.rules import LEFT_OUT, ROWS
from lossctl.gate.verdicts import Outcome, Verdict
from lossctl.results.report import Report
from lossctl.results.signature import left_out


class Taken(NamedTuple):
    """Of how many samples a number is, and how many rows were left out for it."""

    n: int
    left_out: int | None
    """None of a number that is computed in another way."""


def taken_of(report: Report) -> Taken:
    """Return of how many samples the numbers of a report are."""
    return Taken(report.n, max(left_out(one.signature) for one in report.losses.values()))


def verdicts_on_samples(now: Taken, baseline: Taken, allow_fewer: bool) -> Iterator[Verdict]:
    """Yield the verdict on how many samples there are, and on rows left out where there are some.

    No fewer samples than in the baseline, and no more that are left out. More samples are a
    warning: their numbers are not those of the same samples.
    """
    outcome = Outcome.WARN if now.n > baseline.n else Outcome.PASS
    verdict = Verdict(ROWS, None, now.n, baseline.n, outcome, baseline.n, now.n - baseline.n)
    yield _missed(verdict, now.n < baseline.n, allow_fewer)
    left, before = now.left_out or 0, baseline.left_out
    if before is not None and (left or before):
        verdict = Verdict(LEFT_OUT, None, left, before, Outcome.PASS, before, left - before)
        yield _missed(verdict, left > before, allow_fewer)


def _missed(verdict: Verdict, is_missed: bool, allowed: bool) -> Verdict:
    """Return a verdict on samples that fails, or has a note, where some are missed."""
    if not is_missed:
        return verdict
    said = sentence_on_samples(verdict)
    advice = f"{said}, which allow-fewer-rows lets pass" if allowed else None
    outcome = verdict.outcome if allowed else Outcome.FAIL
    return verdict._replace(outcome=outcome, advice=advice, is_worse=True)


def sentence_on_samples(verdict: Verdict) -> str:
    """Return what a verdict on samples beside a baseline says."""
    now, before = int(verdict.value or 0), int(verdict.baseline or 0)
    side = "fewer than" if now < before else "more than" if now > before else "and"
    what = counted(now, "sample") if verdict.rule == ROWS else f"{counted(now, 'row')} left out"
    return f"{what}, {side} the {before} of the baseline"
