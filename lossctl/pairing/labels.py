"""What the cells of a column of labels mean: names of classes, true and false, or indices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import argument, counted, listed, nearest, quoted, visible
from lossctl.pairing.naming import Names, are_other_numbers, meanings, naming, words_of
from lossctl.tables.cells import (
    BadCell,
    ClassIndex,
    Meaning,
    boolean,
    boolean_class,
    is_boolean,
    is_missing,
    is_whole,
    label_text,
    number,
)
from lossctl.tables.table import Table

_OF_LABELS = {"y", "is", "has", "label", "target", "true", "class"}
"""Words that say of a column that it has labels."""
_OF_PREDICTIONS = {"p", "pr", "prob", "proba", "probability", "pred", "prediction", "score"}
"""Words that say of a column that it has predictions."""


class Labels(NamedTuple):
    """What the labels of a column were found to be."""

    meaning: Meaning | None
    """What a label stands for; None: they are numbers, the indices of classes."""
    names: Names | None = None
    """The names that they are, where they are names of columns once these are cut."""
    in_doubt: bool = False
    """They are read as the numbers in the names of the columns, but may be indices from 0."""


def first_cells(table: Table, columns: Sequence[int], skip: bool) -> list[str]:
    """Return each column's first cell; where missing ones are left out, its first that is not."""
    rows = table.head(columns)
    firsts = next(rows)
    while skip and any(map(is_missing, firsts)) and (row := next(rows, None)) is not None:
        firsts = [
            cell if is_missing(first) and not is_missing(cell) else first
            for first, cell in zip(firsts, row, strict=True)
        ]
    return firsts


def labels_seen(table: Table, columns: Sequence[int], ignored: str | None) -> list[str]:
    """Return the different labels of the first rows; neither missing ones nor what is ignored."""
    texts = dict.fromkeys(text for row in table.head(columns) for text in row)
    return [
        text
        for text in texts
        if not is_missing(text) and not (ignored is not None and same_label(text, ignored))
    ]


def labels_of(
    seen: Sequence[str], names: Names | None, width: int, file: str, column: str | None = None
) -> Labels:
    """Return what labels mean, of which these were seen, for predictions of so many columns.

    `names` are those of the columns, and `column` is that of the labels: 1 in one that is called
    by the first of two classes means that class. Names come before indices, and of the cuts of the
    names the shortest decides that all labels fit. Where some label is neither, the first one
    decides, and that label is refused where it stands. Raises DataError, which names the `file`,
    for true and false beside more than two classes.
    """
    if seen and all(map(is_boolean, seen)):
        return Labels(_boolean(names, width, file))
    known = list(meanings(names)) if names else []
    for labels in known:
        if all(_fits(text, labels) for text in seen):
            return Labels(_class_index(labels), labels, _may_be_indices(seen, labels))
    if all(_is_index(text, width) for text in seen) and not _have_gaps(seen, known):
        of_first = width == 2 and _is_called_by_first(column, known)
        return Labels(ClassIndex(("1", "0")) if of_first else None)
    first = next((labels for labels in known if _fits(seen[0], labels)), None)
    if first is None and is_number(seen[0]):
        return Labels(None)
    best = max(known, key=lambda labels: sum(_fits(text, labels) for text in seen), default=())
    return Labels(_class_index(first or best, seen))


def _have_gaps(seen: Sequence[str], known: Sequence[Names]) -> bool:
    """Return whether some labels are the numbers of columns that leave some out: 0, 2, 3.

    So does a model that never saw a class, and labels that are none are of such a class then.
    """
    for names in known:
        if all(map(str.isdecimal, names)) and any(text in names for text in seen):
            numbers = sorted(map(int, names))
            return numbers[-1] - numbers[0] >= len(numbers)
    return False


def _is_called_by_first(column: str | None, known: Sequence[Names]) -> bool:
    """Return whether a column of labels is called by the first class, as is_malignant is."""
    words = [word for word in words_of(column or "") if word not in _OF_LABELS]
    return bool(words) and any(words_of(names[0]) == words for names in known)


def _class_index(labels: Names, seen: Sequence[str] = ()) -> ClassIndex:
    """Return the meaning of labels that are names; of numbers with the way to say otherwise.

    `seen` are labels of which some are none of these.
    """
    if seen and all(map(is_whole, labels)) and not all(map(is_number, seen)):
        return ClassIndex(
            labels,
            f"the first labels are {listed(map(quoted, sorted(seen)), 10)}: name the columns of "
            "the predictions by them, in the order of the columns (scikit-learn's classes_), with "
            "--classes A,B,C",
        )
    if not labels or not are_other_numbers(labels):
        return ClassIndex(labels)
    return ClassIndex(
        labels,
        f"labels are the numbers of the columns, {listed(labels, 10)}: if they are indices from 0, "
        f"pass {naming(range(len(labels)))}",
    )


def _is_index(text: str, width: int) -> bool:
    whole = label_text(text)
    return whole.isdecimal() and int(whole) < width


def _fits(text: str, labels: Names) -> bool:
    return text in labels or label_text(text) in labels


def _may_be_indices(seen: Sequence[str], labels: Names) -> bool:
    """Return whether labels that are names of columns may as well be indices."""
    if not seen or not are_other_numbers(labels):
        return False
    return all(_is_index(text, len(labels)) for text in seen)


def _boolean(names: Names | None, width: int, file: str) -> Meaning:
    """Return what true and false stand for; raise DataError if there are more than two classes."""
    if width > 2:
        raise DataError(
            f"true and false name two classes, but the predictions have {counted(width, 'column')}",
            "give the class of each sample, or say which columns are meant with --pred-cols",
            file=file,
        )
    for known in meanings(names or ()):
        lower = [name.lower() for name in known]
        if sorted(lower) == ["false", "true"]:
            return partial(boolean_class, float(lower.index("true")))
        if sorted(known) == ["0", "1"]:
            return partial(boolean_class, float(known.index("1")))
    if not names:
        return boolean
    return ClassIndex(names, "if the first column is that of false: --classes False,True")


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
        if self.negative is None:
            raise BadCell(
                f"{quoted(text)} is not the positive label {quoted(self.positive)}, which is the "
                "only one in the first rows",
                f"if it is the negative one, pass --neg-label {visible(text)}",
            )
        meant = nearest(text, (self.positive, self.negative))
        raise BadCell(
            f"{quoted(text)} is neither the positive label {quoted(self.positive)} nor the "
            f"negative one, {quoted(self.negative)}",
            None if meant is None else f"did you mean {quoted(meant)}?",
        )


def event_of(positive: str, negative: str | None, seen: Sequence[str]) -> Event:
    """Return the meaning of labels of an event; the first other one that was seen is negative."""
    others = [text for text in seen if not same_label(text, positive)]
    if seen and len(others) == len(seen) and (meant := nearest(positive, seen)) is not None:
        raise UsageError(
            f"--pos-label {quoted(positive)} is none of the labels, which begin with "
            f"{listed(map(quoted, seen), 5)}",
            f"did you mean {quoted(meant)}?",
        )
    return Event(positive, next(iter(others), None) if negative is None else negative)


def refuse_other_event(name: str, event: Event, file: str) -> None:
    """Raise DataError for a column of predictions that is called by the negative label.

    So it is where nothing else is left of its name but words such as probability. A number in a
    name says nothing, as it may only count.
    """
    negative = event.negative
    if negative is None or is_number(negative):
        return
    if label_called(name, [negative]) is not None:
        raise DataError(
            f"the column {quoted(name)} is called by the negative label, {quoted(negative)}, but "
            f"the positive one is {quoted(event.positive)}",
            f"if it is the probability of {quoted(event.positive)}, name it with --pred-cols; if "
            f"it is that of {quoted(negative)}, pass --pos-label {argument(negative)}",
            file=file,
        )


def label_called(column: str, labels: Sequence[str]) -> str | None:
    """Return the label that a column of predictions is called by, if it is by one."""
    words = [word for word in words_of(column) if word not in _OF_PREDICTIONS]
    return next((label for label in labels if words and words_of(label) == words), None)


def refuse_false(name: str, seen: Sequence[str], file: str) -> None:
    """Raise DataError for a column of predictions called false, or prob_0, of targets 0 and 1.

    A 0 right behind letters, as in p0, only counts.
    """
    words = [word for word in words_of(name) if word not in (_OF_PREDICTIONS | _OF_LABELS)]
    of_0 = words == ["false"] or (words == ["0"] and re.search(r"[^A-Za-z0-9]0", name) is not None)
    if of_0 and all(_plain(text) in ("0", "1") for text in seen):
        raise DataError(
            f"the column {quoted(name)} is called by what targets of 0 mean, but predictions are "
            "probabilities of 1",
            "pass --pos-label 0, or, if it is that of 1, name it with --pred-cols",
            file=file,
        )


def unnamed_event(column: str | None, text: str) -> float:
    """Return the number in a cell; raise BadCell, which asks what is the event, for a word.

    The column of the predictions may be called by it.
    """
    try:
        return number(text)
    except BadCell as bad:
        if bad.hint is not None:  # it is something else than a word
            raise
    raise BadCell(
        f"{quoted(text)} is not 0 or 1",
        "if it is a label, say of which the probability is predicted, with --pos-label"
        f"{'' if column is None else f' {argument(column)}'}",
    )


class Ignoring:
    """What labels mean but for one, which leaves its sample out: NaN."""

    def __init__(self, meaning: Meaning, label: str) -> None:
        self._meaning = meaning
        self._label = label

    def __call__(self, text: str) -> float:
        """Return NaN for the label, else what is meant; raise BadCell as the meaning does."""
        return float("nan") if same_label(text, self._label) else self._meaning(text)


def same_label(text: str, other: str) -> bool:
    """Return whether two texts are one label: 1 is 1.0, and true is True."""
    return _plain(text) == _plain(other)


def _plain(text: str) -> str:
    """Return what a label is compared by: 1 for true and 1.0, 0 for false."""
    return str(int(boolean(text))) if is_boolean(text) else label_text(text)
