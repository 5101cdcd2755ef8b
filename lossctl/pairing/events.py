"""Labels of a single event: which one is positive, and what columns of predictions say of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import argument, either, listed, nearest, nearest_ones, quoted, visible
from lossctl.pairing.labels import Ignoring, plain_label, same_label
from lossctl.pairing.naming import Names, meanings
from lossctl.pairing.words import (
    FEW,
    OF_LABELS,
    OF_PREDICTIONS,
    OPPOSITES,
    PREDICTED_LABELS,
    words_of,
)
from lossctl.tables.cells import (
    SKIP,
    BadCell,
    Meaning,
    counts_up,
    is_missing,
    no_label,
    number,
)
from lossctl.tables.table import Table

_NEGATIONS = ["no"], ["non"], ["not"]
"""With what names begin that mean the opposite of the rest."""
_NUMBER = r"(?<![A-Za-z0-9])-?[0-9]+(?![A-Za-z0-9])"
"""A number that is a word of its own: right behind letters, as in p0, it may only count."""


class Event:
    """From the label of a single event to whether it came about, 1, or not, 0."""

    def __init__(self, positive: str, negative: str | None) -> None:
        """`negative` is None if no other label was seen among the first rows, nor named."""
        self.positive = positive
        self.negative = negative

    def __call__(self, text: str) -> float:
        """Return 1 for the positive label, 0 for the negative one; raise BadCell for another."""
        for label, value in ((self.positive, 1.0), (self.negative, 0.0)):
            if label is not None and same_label(text, label):
                return value
        raise BadCell(*self._neither(text))

    def _neither(self, text: str) -> tuple[str, str]:
        """Return message and hint for what is neither of the labels."""
        known = [label for label in (self.positive, self.negative) if label is not None]
        what = f"neither the positive label {quoted(self.positive)} nor the negative one"
        what += "" if self.negative is None else f", {quoted(self.negative)}"
        if odd := no_label(text, known, what):
            return odd
        if is_missing(text):
            return f"{quoted(text)} is {what}", SKIP
        if self.negative is None:
            return (
                f"{quoted(text)} is not the positive label {quoted(self.positive)}, which is the "
                "only one in the first rows",
                f"if it is the negative one, pass --neg-label {visible(text)}",
            )
        hint = (
            f"--ignore-label {argument(text)} leaves samples with it out; for one label "
            "against all others write targets of 0 and 1"
        )
        if meant := nearest(text, known):
            hint = f"did you mean {quoted(meant)}?"
        return f"{quoted(text)} is {what}", hint


def event_of(positive: str, negative: str | None, seen: Sequence[str]) -> Event:
    """Return the meaning of labels of an event.

    Negative is the first label that was seen and is neither the positive one nor a slip of it.
    Raises UsageError if the positive one is none of those that were seen, but called nearly as one
    is, or several are there.
    """
    labels = {plain_label(text): text for text in seen}
    others = [text for text in labels.values() if not same_label(text, positive)]
    meant = next(iter(nearest_ones(positive, others)), None)
    absent = bool(others) and len(others) == len(labels)
    if absent and negative is None and (meant is not None or len(others) > 1):
        way = "it is one of these" if meant is None else f"did you mean {quoted(meant)}?"
        if len(others) == 1:
            way += f" If that is the negative label, pass --neg-label {argument(others[0])}"
        raise UsageError(
            f"--pos-label {quoted(positive)} is none of the labels, which begin with "
            f"{listed(map(quoted, others), 5)}",
            way,
        )
    unlike = (text for text in others if not nearest_ones(positive, [text]))
    seen_negative = next(unlike, next(iter(others), None))
    return Event(positive, seen_negative if negative is None else negative)


def labels_of_event(words: Mapping[int, Meaning]) -> Names | None:
    """Return the labels that 0 and 1 stand for, where columns of targets mean an event."""
    for meaning in words.values():
        event = meaning.meaning if isinstance(meaning, Ignoring) else meaning
        if isinstance(event, Event):
            return event.negative or "", event.positive
    return None


def label_called(column: str, labels: Sequence[str]) -> str | None:
    """Return the label that a column of predictions is called by, if it is by one.

    Nothing else is left of its name then but words such as probability, and a y in front, which
    is what targets are called in general: y_prob is the probability of any label.
    """
    first, *others = words_of(column) or [""]
    words = [word for word in ([first] * (first != "y") + others) if word not in OF_PREDICTIONS]
    numbers = re.findall(_NUMBER, column)
    for label in labels:
        if is_number(label):
            others = [word for word in words if word not in OF_LABELS]
            counts = counts_up([column])  # as pandas calls a column without a name
            if numbers == [plain_label(label)] and others == words_of(numbers[0]) and not counts:
                return label
        elif words and words_of(label) == words:
            return label
    return None


def is_opposite(words: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether a name is another one with a negation in front."""
    return words[:1] in _NEGATIONS and words[1:] == others


def refuse_positive_first(names: Names, file: str) -> None:
    """Raise DataError for two columns such as yes and no, where 0 and 1 are taken for indices."""
    for known in meanings(names):
        first, *others = [name.lower() for name in known]
        negated = is_opposite(words_of(others[0]), words_of(first))
        if negated or others == [OPPOSITES.get(first)]:
            shown = f"{quoted(names[0])} and {quoted(names[1])}"
            raise DataError(
                f"the columns are {shown}, and the targets 0 and 1: which of them is 1?",
                f"pass --classes 1,0 if 1 is {quoted(names[0])}, --classes 0,1 if it is "
                f"{quoted(names[1])}",
                file=file,
            )


def predicted_label(table: Table, column: int, read: Collection[int]) -> str | None:
    """Return the name of a column of predicted labels, where the other may be their probabilities.

    So it may be where it is never below one half in the first rows, as in those that have a label
    POSITIVE or NEGATIVE beside the score of it. What is `read` is something else.
    """
    names = enumerate(table.columns or ())
    labels = [name for i, name in names if i not in read and _says_label(name)]
    rows = [row[0] for row in table.head([column])] if labels else []
    high = len(rows) >= FEW and all(is_number(cell) and float(cell) >= 0.5 for cell in rows)
    return labels[0] if high else None


def _says_label(name: str) -> bool:
    return bool(words_of(name)) and PREDICTED_LABELS.issuperset(words_of(name))


def unnamed_event(column: str | None, labels: tuple[str, ...], text: str) -> float:
    """Return the number in a cell; raise BadCell, which asks what is the event, for a word.

    The column of the predictions may be called by it; `labels` are the first two, or none where
    several columns hold more of them than an event has.
    """
    try:
        return number(text)
    except BadCell as bad:
        if bad.hint is not None:  # it is something else than a word
            raise
    if not (column or labels):
        raise BadCell(
            f"{quoted(text)} is not 0 or 1",
            "say which column holds the labels with --target-col; rows can be paired by a column "
            "of ids with --id",
        )
    raise BadCell(
        f"{quoted(text)} is not 0 or 1",
        "if it is a label, say of which the probability is predicted: "
        + either(f"--pos-label {argument(label)}" for label in ([column] if column else labels)),
    )


def label_for_number(loss: str, of_one_column: bool, text: str) -> float:
    """Return the number in a cell; raise BadCell, which names a loss of labels, for a word."""
    try:
        return number(text)
    except BadCell as bad:
        if bad.hint is not None:  # it is something else than a word
            raise
    hint = "name the columns of numbers with --target-col"
    if of_one_column:
        hint = (
            "if the predictions are the probability of one label, use --loss bce; else name the "
            "column of numbers with --target-col"
        )
    raise BadCell(f"{quoted(text)} is a label, but {loss} is taken of numbers", hint)
