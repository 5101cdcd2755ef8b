"""How a limit is judged: a report and what was asked for -> verdicts, each with its number."""

import math
from collections.abc import Callable, Iterable
from decimal import MAX_PREC, Decimal, localcontext
from typing import TypeAlias

from lossctl.base.errors import DataError, LossctlError
from lossctl.gate.limits import NO_INCREASE, Increase, Limits
from lossctl.gate.rules import INCREASE, MIN_ROWS, ROWS, RULES, UPDATE, WARNINGS
from lossctl.gate.verdicts import SLACK, Outcome, Verdict, of_hundred, unasked
from lossctl.results.report import LossResult, Report

Reference: TypeAlias = Callable[[LossResult], Decimal]
"""It returns the baseline of a result, as written, or raises LossctlError if there is none."""
Against: TypeAlias = tuple[str, str | None]
"""The rule of a limit against a baseline, and its loss; None where it is about the rows."""
_MUCH = 1.0
"""A loss that fell by so many percent is worth a new baseline."""


def outcome_of(value: float | None, limit: float, above: Outcome = Outcome.FAIL) -> Outcome:
    """Return PASS for a value not above its limit, else `above`.

    ERROR where the value is missing, or one of them is NaN or infinite.
    """
    if value is None or not (math.isfinite(value) and math.isfinite(limit)):
        return Outcome.ERROR
    return Outcome.PASS if value <= limit else above


def verdict_on(
    rule: str, loss: str, value: float | None, limit: float, above: Outcome = Outcome.FAIL
) -> Verdict:
    """Return the verdict on a value, with the reason where it cannot be judged."""
    outcome = outcome_of(value, limit, above)
    error = None
    if outcome is Outcome.ERROR:
        shown = "a missing value" if value is None else repr(value)
        error = DataError(f"{rule} of {loss} cannot be judged: {shown} against {limit!r}")
    return Verdict(rule, loss, value, limit, outcome, error=error)


def verdict_on_increase(
    rule: str, result: LossResult, increase: Increase, reference: Reference
) -> Verdict:
    """Return the verdict on a Loss(W) that may be above its baseline by so much."""
    try:
        baseline = reference(result)
    except LossctlError as error:
        return Verdict(rule, result.loss, result.mean, None, Outcome.ERROR, error=error)
    verdict = verdict_on(rule, result.loss, result.mean, bound(baseline, increase))
    verdict = verdict._replace(baseline=float(baseline), delta=difference(result.mean, baseline))
    is_worse = outcome_of(result.mean, bound(baseline, NO_INCREASE)) is not Outcome.PASS
    note = _doubt(increase, baseline)
    verdict = verdict._replace(increase=increase, note=note, is_worse=is_worse)
    if note is not None:
        verdict = verdict._replace(outcome=max(verdict.outcome, Outcome.WARN))
    return verdict._replace(advice=_advice(verdict))


def _doubt(increase: Increase, baseline: Decimal) -> str | None:
    """Return what is odd about an increase that is all of the baseline, or more.

    One that is written as a share may have been meant as so many percent, and a percentage as a
    share: 2 as 2%, and 200% as 2%, too.
    """
    size = abs(baseline)
    amount = increase.amount * size if increase.relative else increase.amount
    if not amount >= size > 0:
        return None
    much = "more than" if amount > size else "as much as"
    meant = f"{increase.amount.normalize():f}%"
    return f"--{INCREASE} {increase} is {much} the baseline itself: did you mean {meant}?"


def _advice(verdict: Verdict) -> str | None:
    """Return what to do of a loss that has fallen below its baseline."""
    percent = verdict.delta_percent
    if verdict.rule != INCREASE or percent is None or percent > -_MUCH:
        return None
    return f"{change_of(verdict)}: to hold it there"


def change_of(verdict: Verdict) -> str | None:
    """Return by how much a loss differs from its baseline, if it does."""
    percent = verdict.delta_percent
    if not percent:
        return None
    went = "rose" if percent > 0 else "fell"
    return f"{verdict.loss} {went} by {of_hundred(abs(percent))}% from its baseline"


def verdicts_on(report: Report, limits: Limits, reference: Reference | None) -> list[Verdict]:
    """Return a verdict on every limit; with a `reference`, on the baseline of every loss, too."""
    verdicts: list[Verdict] = []
    if limits.min_rows is not None:
        outcome = Outcome.PASS if report.n >= limits.min_rows else Outcome.FAIL
        verdicts.append(Verdict(MIN_ROWS, None, report.n, limits.min_rows, outcome))
    if limits.fail_on_warnings:
        verdicts.append(_verdict_on_warnings(report, ()))
    for name, highest in limits.highest.items():
        rule = RULES[name]
        above = Outcome.WARN if rule.only_warns else Outcome.FAIL
        for loss, limit in highest.items():
            result = report.losses.get(loss)
            value = None if result is None else getattr(result, rule.value)
            verdicts.append(verdict_on(name, loss, value, float(limit), above))
    if reference is not None:
        for loss, result in report.losses.items():
            increase = limits.max_increase.get(loss, NO_INCREASE)
            verdicts.append(verdict_on_increase(INCREASE, result, increase, reference))
    return verdicts


def with_all_warnings(report: Report, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts of which that on warnings counts what the others warn of, too."""
    verdicts = list(verdicts)
    counted = _verdict_on_warnings(report, verdicts)
    return [counted if verdict.rule == WARNINGS else verdict for verdict in verdicts]


def _verdict_on_warnings(report: Report, verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that an evaluation has no warning, and that no other verdict is one.

    More samples than in a baseline are none where it is to be written; and of a number that failed
    it is vain to warn.
    """
    names = [warning.code for warning in unasked(report)]
    is_update = any(verdict.rule == UPDATE for verdict in verdicts)
    failed = {verdict.judged for verdict in verdicts if verdict.outcome >= Outcome.FAIL}
    names += [
        verdict.rule if verdict.loss is None else f"{verdict.rule} of {verdict.loss}"
        for verdict in verdicts
        if verdict.outcome is Outcome.WARN
        and verdict.judged not in failed
        and not (is_update and verdict.rule == ROWS)
    ]
    outcome, note = (Outcome.FAIL, ", ".join(names)) if names else (Outcome.PASS, None)
    return Verdict(WARNINGS, None, len(names), 0, outcome, note=note)


def unjudged(limits: Limits, error: LossctlError, beside: Iterable[Against]) -> list[Verdict]:
    """Return a verdict on every limit, none of which could be judged.

    `beside` are the rules and losses of those against a baseline.
    """
    asked: list[tuple[str, str | None, float]] = []
    if limits.min_rows is not None:
        asked.append((MIN_ROWS, None, limits.min_rows))
    if limits.fail_on_warnings:
        asked.append((WARNINGS, None, 0))
    for rule, highest in limits.highest.items():
        asked += [(rule, loss, float(limit)) for loss, limit in highest.items()]
    against = ((rule, loss, None) for rule, loss in beside)
    return [
        Verdict(rule, loss, None, limit, Outcome.ERROR, error=error)
        for rule, loss, limit in [*asked, *against]
    ]


def bound(baseline: Decimal, increase: Increase) -> float:
    """Return what Loss(W) must not be above: computed in decimal, rounded once."""
    with localcontext(prec=MAX_PREC):
        amount = increase.amount * abs(baseline) if increase.relative else increase.amount
        return float(baseline + amount + SLACK * abs(baseline))


def difference(value: float, baseline: Decimal) -> float | None:
    """Return a value, as it is written, minus the baseline; None where it is not finite."""
    if not math.isfinite(value):
        return None
    with localcontext(prec=MAX_PREC):
        return float(Decimal(repr(value)) - baseline)
