"""What the gate says: verdicts on limits, what became of a check, and its exit code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import IntEnum, auto
from typing import NamedTuple

from lossctl.base.errors import ExitCode, LossctlError
from lossctl.gate.limits import Increase, limit_of
from lossctl.gate.rules import OF_COURSE, RULES, SETTINGS, UPDATE
from lossctl.results.report import Report, ReportWarning

SLACK = Decimal("1e-12")
"""Loss(W) may always be above its baseline by this part of the baseline's magnitude.

The last bits of a logarithm differ between kinds of processors."""


class Outcome(IntEnum):
    """What became of a limit, or of a check; the worse, the higher."""

    PASS = auto()
    WARN = auto()
    FAIL = auto()
    ERROR = auto()


_MOST_PLAIN = 1e9
"""Percentages from this on have an exponent."""
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
    is_worse: bool = False
    """Whether it is worse than its baseline, which an update has to be allowed to write."""
    may_stay: bool = False
    """Whether an update fails for it, though the check allows it: its baseline may stay."""
    is_withheld: bool = False
    """Whether it passes, but is not written to the baseline, as others do not pass."""

    @property
    def judged(self) -> tuple[str | None, str]:
        """What number of which loss was judged: a warning of it is vain once it failed."""
        return self.loss, RULES[self.rule].value if self.rule in RULES else self.rule

    @property
    def is_of_course(self) -> bool:
        """Whether it is on what has no limit in numbers, and nothing is wrong with that."""
        return self.rule in OF_COURSE and self.outcome is Outcome.PASS

    @property
    def is_kept(self) -> bool:
        """Whether its baseline stays as it is beside a higher number, which it may have."""
        is_allowed = self.outcome in (Outcome.PASS, Outcome.WARN)
        return self.rule == UPDATE and is_allowed and self.limit is not None and self.is_worse

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
    """The lines of the configuration that ask for the limits of some rules, or name files."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of what it read, whatever came out."""
    targets: tuple[str, ...] = ()
    """The files that have its targets."""
    seconds: float = 0.0
    is_check: bool = True
    """Else it is a mistake, which stands in the place of all checks."""

    def line_of(self, rule: str, loss: str | None) -> int | None:
        """Return the line that asks for the limit of a rule for a loss, if one does."""
        of_rule = self.lines.get(SETTINGS.get(rule, rule))
        return of_rule if loss is None else self.lines.get(limit_of(rule, loss), of_rule)

    @property
    def outcome(self) -> Outcome:
        """The worst of its verdicts; ERROR where nothing was judged."""
        if self.error is not None:
            return Outcome.ERROR
        return max((verdict.outcome for verdict in self.verdicts), default=Outcome.ERROR)

    @property
    def conclusion(self) -> Outcome:
        """What people are told: a check that passes is counted apart where it is doubtful."""
        return max(self.outcome, Outcome.WARN) if self.is_doubtful else self.outcome

    @property
    def is_doubtful(self) -> bool:
        """Whether its evaluation has a warning that no option asked for."""
        return self.report is not None and bool(unasked(self.report))

    @property
    def shown(self) -> tuple[Verdict, ...]:
        """The verdicts that people see in a table: on limits, and whatever else does not pass.

        Those that could not be judged for one reason that the check has are as if they passed.
        """
        found = tuple(
            one
            for one in self.verdicts
            if not one.is_of_course
            and not (one.rule in OF_COURSE and one.error is not None and one.error is self.error)
        )
        return found or self.verdicts

    @property
    def errors(self) -> list[LossctlError]:
        """Why it, or some verdicts of it, could not be judged; each reason once."""
        errors = [self.error, *(verdict.error for verdict in self.verdicts)]
        return list({(e.exit_code, e.message): e for e in errors if e is not None}.values())

    @property
    def exit_code(self) -> ExitCode:
        """The code that this check alone would end the command with."""
        return max((error.exit_code for error in self.errors), default=_CODES[self.outcome])


def of_hundred(percent: float, digits: int | None = 3, sign: str = "") -> str:
    """Return a percentage with so many significant digits; None: all that it has.

    Up to a thousand million it has no exponent.
    """
    if digits is None:
        return repr(percent)
    rounded = float(f"{percent:.{digits}g}")
    is_plain = abs(rounded) < 10**digits or abs(rounded) >= _MOST_PLAIN
    return f"{percent:{sign}.{digits}g}" if is_plain else f"{rounded:{sign}.0f}"


def unasked(report: Report) -> list[ReportWarning]:
    """Return the warnings of an evaluation, but those that say what an option has done."""
    return [warning for warning in report.warnings if not warning.asked_for]


def exit_code(results: Iterable[CheckResult]) -> ExitCode:
    """Return the worst code of all checks; OK only where there are some and every one passed."""
    return max((result.exit_code for result in results), default=ExitCode.INTERNAL)
