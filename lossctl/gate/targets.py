"""Of which targets a number is: the files of its baseline, known by their SHA-256."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from lossctl.base.errors import DataError, LossctlError
from lossctl.base.wording import counted, listed, visible
from lossctl.gate.rules import SAME_TARGETS, TARGETS
from lossctl.gate.verdicts import Outcome, Verdict

_MOST_NAMES = 5
"""No more files are named that are others than a baseline's."""


class Targets(NamedTuple):
    """The files of targets that a baseline is of."""

    hashes: tuple[str, ...] = ()
    """The SHA-256 of each; none where it does not have those of all."""
    is_sure: bool = False
    """Whether it says which files are the targets; else these are all that it is of."""
    predictions: tuple[str | None, ...] = ()
    """The SHA-256 of each other file that it is of; None of a stream."""

    def is_as(self, other: "Targets") -> bool:
        """Return whether both are surely of the same files, the predictions, too."""
        if not (self.is_sure and other.is_sure and self.predictions and other.predictions):
            return False
        if None in self.predictions or None in other.predictions:
            return False
        return all(
            Counter(one) == Counter(another)
            for one, another in (
                (self.hashes, other.hashes),
                (self.predictions, other.predictions),
            )
        )


Hashes = Mapping[str, str | None]
"""The SHA-256 of each file of targets by its path; None of a stream."""


def note_on_targets(now: Hashes, known: Targets) -> str | None:
    """Return that targets are in other files than those that the baseline is of, if they are.

    What was read of a stream has no hash.
    """
    others = [path for path, text in now.items() if text and text not in known.hashes]
    if not (others and known.hashes):
        return None
    if is_swapped(now, known):
        are = "is" if len(others) == 1 else "are"
        names = listed(map(visible, others), _MOST_NAMES)
        return f"{names} {are} the predictions of the baseline (swapped, or a copy?)"
    are = "is another file" if len(others) == 1 else "are other files"
    return f"{listed(map(visible, others), _MOST_NAMES)} {are} than the baseline's"


def is_swapped(now: Hashes, known: Targets) -> bool:
    """Return whether a file of targets is one of the baseline's predictions."""
    before = set(known.predictions) - set(known.hashes) - {None}
    return known.is_sure and any(text in before for text in now.values())


def verdict_on_targets(now: Hashes, known: Targets) -> Verdict:
    """Return the verdict on targets that have to be those of a baseline, which says which.

    It is an error where they are read of a stream.
    """
    if None in now.values():
        streams = listed(map(visible, (path for path in now if now[path] is None)), _MOST_NAMES)
        message = f"{SAME_TARGETS} cannot be judged: {streams} is a stream, not a file"
        return unjudged_targets(DataError(message, "write the targets to a file, and name that"))
    before: Counter[str | None] = Counter(known.hashes)
    of_now = Counter(now.values())
    others, missing = (of_now - before).total(), (before - of_now).total()
    if not (others or missing):
        return Verdict(TARGETS, None, 0, 0, Outcome.PASS)
    note = note_on_targets(now, known)
    if note is None:  # all that there are now are among them
        note = f"the baseline is of {counted(len(known.hashes), 'file')} of targets, not {len(now)}"
    verdict = Verdict(TARGETS, None, max(others, missing), 0, Outcome.FAIL, note=note)
    if is_swapped(now, known):
        return verdict._replace(hint="name the predictions first, and then the targets")
    return verdict._replace(is_worse=True)


def unjudged_targets(error: LossctlError) -> Verdict:
    """Return the verdict on targets of which nobody can say whether they are the same."""
    return Verdict(TARGETS, None, None, 0, Outcome.ERROR, error=error)


def sentence_on_targets(verdict: Verdict) -> str:
    """Return what a verdict on targets says."""
    if verdict.note is None:
        return "the targets are those of the baseline"
    return f"{verdict.note}, which {SAME_TARGETS} does not let pass"
