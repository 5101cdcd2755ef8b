"""What a baseline has that the file of checks does not ask for: it is held to nothing any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lossctl.base.wording import listed, quoted, visible
from lossctl.gate.rules import STALE, WARNINGS
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict

_MOST_NAMES = 5
"""No more names are told of what is stale; what is to be deleted is named in full."""


class Stale(NamedTuple):
    """Checks that only a baseline has, or losses that only it has of a check."""

    baseline: str
    checks: Sequence[str]
    losses: Sequence[str]
    """These of one check; none where nothing is asked of the checks."""
    file: str
    """This file of checks does not ask for it."""
    line: int = 0
    """The check whose losses these are stands here."""

    def is_of(self, check: str) -> bool:
        """Return whether it is about losses of a check."""
        return bool(self.losses) and check in self.checks

    @property
    def message(self) -> str:
        """What the baseline has."""
        path = visible(self.baseline)
        if self.losses:
            dropped = listed(self.losses, _MOST_NAMES)
            return f"{path} has losses that check {self._names[0]} does not ask for: {dropped}"
        have = "has a check that is" if len(self.checks) == 1 else "has checks that are"
        names = listed(self._names, _MOST_NAMES)
        return f"{path} {have} not in {visible(self.file)}: {names}"

    @property
    def hint(self) -> str:
        """What to do of it."""
        stale = self.losses or self._names
        them = "it" if len(stale) == 1 else "them"
        whose = f" of check {self._names[0]}" if self.losses else ""
        names = listed(stale, len(stale))
        where = visible(self.baseline)
        return f"if no other file asks for {them}, delete {names}{whose} in {where}"

    @property
    def _names(self) -> list[str]:
        return [quoted(name) for name in self.checks]

    def counted_in(self, result: CheckResult) -> CheckResult:
        """Return a result whose verdict on warnings, if it has one, counts this as one, too."""
        verdicts = (
            self._counted(one) if one.rule == WARNINGS and one.value is not None else one
            for one in result.verdicts
        )
        return result._replace(verdicts=tuple(verdicts))

    def _counted(self, verdict: Verdict) -> Verdict:
        note = ", ".join(filter(None, (verdict.note, f"{STALE} in {visible(self.baseline)}")))
        value = (verdict.value or 0) + 1
        return verdict._replace(value=value, outcome=Outcome.FAIL, note=note)

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON has it."""
        what = {"baseline": self.baseline, "checks": [*self.checks], "losses": [*self.losses]}
        return {**what, "message": self.message, "hint": self.hint}
