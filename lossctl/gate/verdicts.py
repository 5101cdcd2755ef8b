"""The gate: a report and the limits that were asked for -> verdicts -> an exit code."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import MAX_PREC, Decimal, localcontext
from enum import IntEnum, auto
from typing import NamedTuple, TypeAlias

from lossctl.base.errors import DataError, ExitCode, LossctlError
from lossctl.base.wording import counted
from lossctl.gate.limits import NO_INCREASE, Increase, Limits
from lossctl.gate.rules import RULES, WARNINGS
from lossctl.results.report import LossResult, Report
from lossctl.results.signature import left_out

SLACK = Decimal("1e-12")
"""Loss(W) may always be above its baseline by this part of the baseline's magnitude.

The last bits of a logarithm differ between kinds of processors."""

Reference: TypeAlias = Callable[[LossResult], Decimal]
"""It returns the baseline of a result, as written, or raises LossctlError if there is none."""


class Outcome(IntEnum):
    """What became of a limit, or of a check; the worse, the higher."""

    PASS = auto()
    WARN = auto()
    FAIL = auto()
    ERROR = auto()


_CODES = {
    Outcome.PASS: ExitCode.OK,
    Outcome.WARN: ExitCode.OK,
    Outcome.FAIL: ExitCode.CHECK_FAILED,
    Outcome.ERROR: ExitCode.BAD_DATA,
}
"""Each outcome has this exit code, where no error says which."""


class Verdict(NamedTuple):
    """One limit that was asked for, judged."""

    rule: str
    """The option that asked for it, without dashes."""
    loss: str | None
    """None where it is about the rows."""
    value: float | None
    limit: float | None
    """What the value must not be above (of min-rows: below)."""
    outcome: Outcome
    baseline: float | None = None
    delta: float | None = None
    """The value minus the baseline."""
    error: LossctlError | None = None
    """Why it could not be judged."""
    note: str | None = None
    """What is odd about it, though it is judged: a warning."""
    advice: str | None = None
    """What may be done, though nothing is odd; of a loss that fell, it is told how."""
    hint: str | None = None
    """The way out, where it fails."""
    increase: Increase | None = None
    """The value may be above the baseline by so much."""
    is_withheld: bool = False
    """Whether it passes, but is not written to the baseline, as others do not pass."""

    @property
    def is_held(self) -> bool:
        """Whether its limit is its baseline, but for the slack."""
        if self.limit is None or self.baseline is None:
            return False
        return abs(self.limit - self.baseline) <= 2 * float(SLACK) * abs(self.baseline)

    @property
    def delta_percent(self) -> float | None:
        """The value minus the baseline, as a part of the baseline's magnitude."""
        if self.delta is None or not self.baseline:
            return None
        percent = 100 * self.delta / abs(self.baseline)
        return percent if math.isfinite(percent) else None


MIN_ROWS = "min-rows"
"""Verdicts on how many samples there are, whatever the baseline says, name this as their rule."""
ROWS = "rows"
"""Verdicts on how many samples there are, beside a baseline, name this as their rule."""
LEFT_OUT = "left-out"
"""Verdicts on how many rows were left out, beside a baseline, name this as their rule."""
INCREASE = "max-increase"
_MUCH = 1.0
"""A loss that fell by so many percent is worth a new baseline."""
UPDATE = "update-baseline"
"""Verdicts on numbers that are to be written to a baseline name this as their rule."""


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
    verdict = verdict._replace(increase=increase, note=_doubt(increase, baseline))
    if verdict.note is not None:
        verdict = verdict._replace(outcome=max(verdict.outcome, Outcome.WARN))
    return verdict._replace(advice=_advice(verdict))


def _doubt(increase: Increase, baseline: Decimal) -> str | None:
    """Return what is odd about an increase that is no part, but more than all of the baseline."""
    if increase.relative or not increase.amount > abs(baseline) > 0:
        return None
    amount = increase.amount
    return f"--{INCREASE} {amount} is more than the baseline itself: did you mean {amount}%?"


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
    return f"{verdict.loss} {went} by {abs(percent):.3g}% from its baseline"


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
    return verdict._replace(outcome=verdict.outcome if allowed else Outcome.FAIL, advice=advice)


def sentence_on_samples(verdict: Verdict) -> str:
    """Return what a verdict on samples beside a baseline says."""
    now, before = int(verdict.value or 0), int(verdict.baseline or 0)
    side = "fewer than" if now < before else "more than" if now > before else "and"
    what = counted(now, "sample") if verdict.rule == ROWS else f"{counted(now, 'row')} left out"
    return f"{what}, {side} the {before} of the baseline"


def verdicts_on(report: Report, limits: Limits, reference: Reference | None) -> list[Verdict]:
    """Return a verdict on every limit; with a `reference`, on the baseline of every loss, too."""
    verdicts: list[Verdict] = []
    if limits.min_rows is not None:
        outcome = Outcome.PASS if report.n >= limits.min_rows else Outcome.FAIL
        verdicts.append(Verdict(MIN_ROWS, None, report.n, limits.min_rows, outcome))
    if limits.fail_on_warnings:
        codes = [warning.code for warning in report.warnings if not warning.asked_for]
        outcome, note = (Outcome.FAIL, ", ".join(codes)) if codes else (Outcome.PASS, None)
        verdicts.append(Verdict(WARNINGS, None, len(codes), 0, outcome, note=note))
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


def unjudged(limits: Limits, error: LossctlError) -> list[Verdict]:
    """Return a verdict on every limit but against a baseline, none of which could be judged."""
    asked: list[tuple[str, str | None, float]] = []
    if limits.min_rows is not None:
        asked.append((MIN_ROWS, None, limits.min_rows))
    if limits.fail_on_warnings:
        asked.append((WARNINGS, None, 0))
    for rule, highest in limits.highest.items():
        asked += [(rule, loss, float(limit)) for loss, limit in highest.items()]
    return [
        Verdict(rule, loss, None, limit, Outcome.ERROR, error=error) for rule, loss, limit in asked
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


class CheckResult(NamedTuple):
    """What became of one check."""

    name: str
    verdicts: tuple[Verdict, ...] = ()
    report: Report | None = None
    error: LossctlError | None = None
    """Why there is no report."""
    file: str = ""
    """Where it was asked for: the configuration, or the predictions."""
    line: int = 0
    lines: Mapping[str, int] = {}
    """The lines of the configuration that ask for the limits of some rules."""
    seconds: float = 0.0
    is_check: bool = True
    """Else it is a mistake, which stands in the place of all checks."""

    @property
    def outcome(self) -> Outcome:
        """The worst of its verdicts; ERROR where nothing was judged."""
        if self.error is not None:
            return Outcome.ERROR
        return max((verdict.outcome for verdict in self.verdicts), default=Outcome.ERROR)

    @property
    def errors(self) -> list[LossctlError]:
        """Why it, or some verdicts of it, could not be judged; each reason once."""
        errors = [self.error, *(verdict.error for verdict in self.verdicts)]
        return list({(e.exit_code, e.message): e for e in errors if e is not None}.values())

    @property
    def exit_code(self) -> ExitCode:
        """The code that this check alone would end the command with."""
        return max((error.exit_code for error in self.errors), default=_CODES[self.outcome])


def exit_code(results: Iterable[CheckResult]) -> ExitCode:
    """Return the worst code of all checks; OK only where there are some and every one passed."""
    return max((result.exit_code for result in results), default=ExitCode.INTERNAL)
