"""The words of verdicts: what one says, what is wrong with a check, how all of them came out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lossctl.base.errors import ConfigurationError, DataError, LossctlError
from lossctl.base.wording import counted, listed, quoted, visible
from lossctl.gate.doubts import sentence_on_doubts
from lossctl.gate.limits import Increase
from lossctl.gate.rules import (
    DOUBTS,
    FAIL_ON_WARNINGS,
    LEFT_OUT,
    MEAN,
    MIN_ROWS,
    ROWS,
    RULES,
    TARGETS,
    UPDATE,
    WARNINGS,
)
from lossctl.gate.samples import sentence_on_samples
from lossctl.gate.stale import Stale
from lossctl.gate.targets import sentence_on_targets
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict, of_hundred
from lossctl.renderers.sections import enough, number
from lossctl.results.report import ReportWarning

_CONCLUSIONS = {
    Outcome.PASS: "passed",
    Outcome.WARN: "passed with a warning",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "could not be judged",
}
_IN_PART = "failed, with limits that could not be judged"
_DIGITS_OF_INCREASES = 3
"""An increase has so many significant digits, or more where it would look like what is allowed."""
_OTHER_COUNTS = MIN_ROWS, LEFT_OUT
"""These are not told beside the failure by ROWS, which has the same cause and the same way out."""
_CAUSES = {DOUBTS, TARGETS, ROWS, LEFT_OUT}
"""These are told before the losses, which may be others because of them."""
_MOST_NAMES = 5
"""A complaint about several checks names no more of them."""


def word(outcome: Outcome) -> str:
    """Return what an outcome is called."""
    return outcome.name.lower()


def explanation(verdict: Verdict, digits: int | None = None) -> str:
    """Return what a verdict says, numbers in full or with so many digits that they differ."""
    if verdict.error is not None:
        return verdict.error.message
    value, limit, baseline = numbers_of(verdict, digits)
    if verdict.rule in _COUNTS:
        return _COUNTS[verdict.rule](verdict)
    said = f"{_subject(verdict)} is {value}"
    if verdict.limit is None:
        return said
    beyond = "below" if verdict.loss is None else "above"
    if verdict.baseline is None:
        side = "within" if verdict.outcome is Outcome.PASS else beyond
        return f"{said}, {side} {verdict.rule} {limit}"
    if verdict.increase is None or verdict.outcome is not Outcome.FAIL:
        return f"{said}, within {limit} (the baseline is {baseline})"
    above, allowed = _increases(verdict, verdict.increase)
    return f"{said}: {above} above its baseline {baseline}, where {verdict.rule} allows {allowed}"


def _sentence_on_warnings(verdict: Verdict) -> str:
    count = counted(int(verdict.value or 0), "warning")
    codes = f": {verdict.note}" if verdict.note else ""
    return f"{count}, where {FAIL_ON_WARNINGS} allows none{codes}"


_COUNTS = {
    DOUBTS: sentence_on_doubts,
    ROWS: sentence_on_samples,
    LEFT_OUT: sentence_on_samples,
    TARGETS: sentence_on_targets,
    WARNINGS: _sentence_on_warnings,
}
"""What verdicts by these rules say."""


def _increases(verdict: Verdict, increase: Increase) -> tuple[str, str]:
    """Return by how much a number is above its baseline, and by how much it may be.

    Both are percentages, unless the increase is no part of the baseline, or there is none.
    """
    above, unit = verdict.delta_percent, "%"
    allowed = float(increase.amount.scaleb(2))
    if not increase.relative or above is None:
        above, unit = verdict.delta, ""
        allowed = 0.0 if increase.relative else float(increase.amount)
    digits = enough(above, allowed, _DIGITS_OF_INCREASES)
    shown = number(above, digits) if not unit or above is None else of_hundred(above, digits)
    return f"{shown}{unit}", str(increase) if increase.amount else "none"


def numbers_of(verdict: Verdict, digits: int | None) -> list[str]:
    """Return the value, its limit and the baseline of a verdict, as people are to see them.

    A limit that is the baseline but for the slack is shown as the baseline, where it is rounded.
    """
    limit = verdict.baseline if digits is not None and verdict.is_held else verdict.limit
    if verdict.outcome is not Outcome.PASS:
        digits = enough(verdict.value, limit, digits)
    return [number(one, digits) for one in (verdict.value, limit, verdict.baseline)]


def _subject(verdict: Verdict) -> str:
    """Return what messages call the number that was judged."""
    if verdict.loss is None:
        return "the number of samples"
    if verdict.rule in RULES:
        return RULES[verdict.rule].subject.format(loss=verdict.loss)
    return MEAN.format(loss=verdict.loss)  # rules about a baseline are about its mean


class Complaint(NamedTuple):
    """Something that is wrong with a check, and the way out, where there is one."""

    outcome: Outcome
    reason: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    """It lies in this line of the file, if in one."""
    named_at: tuple[int, ...] = ()
    """These lines of the file name what cannot be found or opened."""
    asked_for: bool = False
    """Whoever gave an option knows of it, and need not be told but in the log."""

    @property
    def kind(self) -> str:
        """What it is: an error, a warning or a note."""
        return {Outcome.PASS: "note", Outcome.WARN: "warning"}.get(self.outcome, "error")

    @property
    def text(self) -> str:
        """What is wrong, and where it is named."""
        if not self.named_at:
            return self.reason
        lines = listed(map(str, self.named_at), _MOST_NAMES)
        return f"{self.reason} (named in {visible(self.file or '')}:{lines})"

    @property
    def sentence(self) -> str:
        """The text, which says so where it is no error."""
        return self.text if self.kind == "error" else f"{self.kind}: {self.text}"

    @property
    def lines(self) -> list[str]:
        """The sentence and, where there is one, the hint, a line each."""
        return [self.sentence, *([f"hint: {self.hint}"] if self.hint else [])]


class Told(NamedTuple):
    """A complaint about one check, or about several of which one cause is told once."""

    results: tuple[CheckResult, ...]
    complaint: Complaint

    def and_of(self, result: CheckResult, complaint: Complaint) -> "Told":
        """Return it as one of another check, too, which names what it is about elsewhere."""
        lines = dict.fromkeys((*self.complaint.named_at, *complaint.named_at))
        return Told((*self.results, result), self.complaint._replace(named_at=tuple(lines)))

    @property
    def names(self) -> str:
        """The names of the checks, some of them if these are many."""
        return listed((visible(result.name) for result in self.results), _MOST_NAMES)

    @property
    def whose(self) -> str:
        """Which checks it is about, in words; nothing where it is a mistake beside all checks."""
        names = [quoted(result.name) for result in self.results if result.is_check]
        if not names:
            return ""
        return f"check{'s' if len(names) > 1 else ''} {listed(names, _MOST_NAMES)}: "


def all_complaints(results: Sequence[CheckResult], digits: int | None) -> list[Told]:
    """Return what is wrong with checks, in their order; what keeps several from it comes once."""
    told: dict[object, Told] = {}
    for result in results:
        for complaint in complaints(result, digits):
            shared = complaint.outcome is Outcome.ERROR
            cause = complaint._replace(line=None, named_at=())
            key = cause if shared else (result.name, complaint)
            first = Told((result,), complaint)
            told[key] = told[key].and_of(result, complaint) if key in told else first
    return list(told.values())


def told_of(stale: Stale) -> Told:
    """Return what is stale in a baseline as a complaint about what it names."""
    about = CheckResult(", ".join(stale.checks), file=stale.file, line=stale.line, is_check=False)
    return Told((about,), Complaint(Outcome.PASS, stale.message, stale.hint))


def complaints(result: CheckResult, digits: int | None = None) -> Iterable[Complaint]:
    """Return what is wrong with a check, worst first, each once; then what is worth a note."""
    wrong = [] if result.error is None else [_of_error(result.error, result)]
    failed = {v.judged for v in result.verdicts if v.outcome is Outcome.FAIL}
    wrong += [
        _of_verdict(verdict, digits, result)
        for verdict in sorted(result.verdicts, key=lambda verdict: verdict.rule not in _CAUSES)
        if verdict.outcome is not Outcome.PASS
        and not (verdict.outcome is Outcome.WARN and verdict.judged in failed)
        and not (verdict.rule in _OTHER_COUNTS and (None, ROWS) in failed)
    ]
    notes = [*result.notes, *(advice(verdict, digits) for verdict in result.verdicts)]
    wrong += [Complaint(Outcome.PASS, note) for note in notes if note]
    if result.report is not None:
        wrong += map(_of_warning, result.report.warnings)
    return _with_each_way_once(sorted(wrong, key=lambda complaint: -complaint.outcome))


def _with_each_way_once(found: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints about a check, each once, and each way out once: beside the first."""
    ways, once = set[str](), list[Complaint]()
    for one in dict.fromkeys(found):
        way = (one.hint or "").rpartition(": ")[2]  # what is to be done, whatever it is for
        once.append(one._replace(hint=None) if way in ways else one)
        ways.add(way)
    return once


def _of_error(error: LossctlError, result: CheckResult) -> Complaint:
    complaint = Complaint(Outcome.ERROR, error.message, error.hint)
    if (line := error.named_at) is not None:
        return complaint._replace(file=result.file, line=line, named_at=(line,))
    if isinstance(error, DataError | ConfigurationError):
        return complaint._replace(file=error.file, line=error.line)
    return complaint


def _of_warning(warning: ReportWarning) -> Complaint:
    outcome = Outcome.PASS if warning.asked_for else Outcome.WARN
    return Complaint(outcome, warning.message, asked_for=warning.asked_for)


def _of_verdict(verdict: Verdict, digits: int | None, result: CheckResult) -> Complaint:
    if verdict.error is not None:
        return _of_error(verdict.error, result)._replace(outcome=verdict.outcome)
    noted = verdict.note if verdict.outcome is Outcome.WARN else None
    line = result.line_of(verdict.rule, verdict.loss)
    text = noted or explanation(verdict, digits)
    return Complaint(verdict.outcome, text, verdict.hint, result.file if line else None, line)


def advice(verdict: Verdict, digits: int | None = None) -> str | None:
    """Return what may be done of a verdict, or how it changes a baseline, though nothing is odd."""
    if verdict.advice is not None:
        return verdict.advice
    if verdict.rule != UPDATE or verdict.outcome is not Outcome.PASS or verdict.is_withheld:
        return None
    if verdict.baseline is None or verdict.delta == 0:
        return None
    value, _, baseline = numbers_of(verdict, enough(verdict.value, verdict.baseline, digits))
    change = (
        ""
        if verdict.delta_percent is None
        else f" ({of_hundred(verdict.delta_percent, sign='+')}%)"
    )
    if verdict.is_kept:
        return f"{verdict.loss} stays {baseline}, though it is {value} now{change}"
    if verdict.limit is not None and (verdict.delta or 0) > 0:  # by the slack alone
        return None
    if verdict.delta is None:
        change = ", computed in another way"
    return f"{verdict.loss} {baseline} -> {value}{change}"


def conclusion(results: Sequence[CheckResult]) -> str:
    """Return how many checks came out how, in one line."""
    said = [_said(result) for result in results]
    possible = [*_CONCLUSIONS.values(), _IN_PART]
    counts = [f"{said.count(words)} {words}" for words in possible if words in said]
    return f"{counted(len(results), 'check')}: {', '.join(counts)}"


def _said(result: CheckResult) -> str:
    """Return how a check came out: it may have failed though a limit could not be judged."""
    failed = any(verdict.outcome is Outcome.FAIL for verdict in result.verdicts)
    is_in_part = failed and result.outcome is Outcome.ERROR
    return _IN_PART if is_in_part else _CONCLUSIONS[result.conclusion]
