"""What the cells of a column of labels mean: names of classes, true and false, or indices."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.base.wording import counted, listed
from lossctl.pairing.chosen import Tables
from lossctl.pairing.naming import Names, are_other_numbers, count_from_1, meanings, naming
from lossctl.pairing.way_to_name import Unknown, fits, way_to_name, way_to_number
from lossctl.pairing.words import OF_LABELS, words_of
from lossctl.tables.cells import (
    ClassIndex,
    Meaning,
    boolean,
    boolean_class,
    counts_up,
    is_boolean,
    is_missing,
    is_whole,
    label_text,
)
from lossctl.tables.table import Table


class Labels(NamedTuple):
    """What the labels of a column were found to be."""

    meaning: Meaning | None
    """What a label stands for; None: they are numbers, the indices of classes."""
    names: Names | None = None
    """The names that they are, where they are names of columns once these are cut."""
    in_doubt: bool = False
    """They are read as the numbers in the names of the columns, but may be indices from 0."""
    way: str | None = None
    """The way out, where they were to be indices, but are as many other numbers."""


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
    tables: Tables, column: int, seen: Sequence[str], names: Names | None, width: int
) -> Labels:
    """Return what labels mean, of which these were seen, for predictions of so many columns.

    `names` are those of the columns, and `column` is that of the labels: 1 in one that is called
    by the first of two classes means that class. Names come before indices, and of the cuts of the
    names the shortest decides that all labels fit. Where some label is neither, the first one
    decides, and that label is refused where it stands. Raises DataError for true and false beside
    more than two classes that are called otherwise.
    """
    targets = tables[1]
    known = list(meanings(names)) if names else []
    named = next((labels for labels in known if all(fits(text, labels) for text in seen)), None)
    if seen and all(map(is_boolean, seen)) and (named is None or width == 2):
        return Labels(_boolean(names, width, targets.name))
    if named is not None:
        return Labels(_class_index(named, known, seen), named, _may_be_indices(seen, named))
    if all(_is_index(text, width) for text in seen) and not _have_gaps(seen, known):
        called = None if targets.columns is None else targets.columns[column]
        of_first = width == 2 and _is_called_by_first(called, known)
        return Labels(ClassIndex(("1", "0")) if of_first else None)
    way = way_to_number(tables, seen, names, width)
    first = next((labels for labels in known if fits(seen[0], labels)), None)
    if first is None and is_number(seen[0]):
        return Labels(None, way=way)
    best = max(known, key=lambda labels: sum(fits(text, labels) for text in seen), default=())
    labels = first or best
    count = all(map(is_whole, labels)) or any(map(counts_up, known))  # they call nothing then
    if count and not all(map(is_number, seen)):
        way = way_to_name(tables, seen, width)
    return Labels(ClassIndex(labels, way) if way else _class_index(labels, known, seen))


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
    """Return whether a column of labels is called by the first of two classes: is_malignant.

    It is also where it is called by what is not the second: not_benign.
    """
    words = [word for word in words_of(column or "") if word not in OF_LABELS]
    negated = words[:1] == ["not"]
    words, meant = (words[1:], 1) if negated else (words, 0)
    counted = any(counts_up(names) for names in known)  # V1 and V2 call nothing
    return bool(words) and not counted and any(words_of(names[meant]) == words for names in known)


def _class_index(labels: Names, known: Sequence[Names], seen: Sequence[str]) -> ClassIndex:
    """Return the meaning of labels that are names; of numbers with the way to say otherwise."""
    if labels and set(map(label_text, labels)) == set(map(str, range(len(labels)))):
        return ClassIndex(labels, count_from_1(len(labels)))
    if not labels or not are_other_numbers(labels):
        way = Unknown(labels, tuple(known), tuple(seen)).way_out if labels else None
        return ClassIndex(labels, way)
    return ClassIndex(
        labels,
        f"labels are the numbers of the columns, {listed(labels, 10)}: if they are indices from 0, "
        f"pass {naming(range(len(labels)))}",
    )


def _is_index(text: str, width: int) -> bool:
    whole = label_text(text)
    return whole.isdecimal() and int(whole) < width


def may_be_labels(seen: Sequence[str], width: int) -> bool:
    """Return whether numbers may be those of so many classes, counted from 0 or from 1."""
    texts = list(map(label_text, seen))
    return all(is_whole(text) and int(text) <= width for text in texts)


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
    return ClassIndex(
        names,
        "say what the columns are called, in their order: --classes False,True if the first is "
        "that of false, --classes True,False if it is that of true",
    )


class Ignoring:
    """What labels mean but for one, which leaves its sample out: NaN."""

    def __init__(self, meaning: Meaning, label: str) -> None:
        self.meaning = meaning
        self._label = label

    def __call__(self, text: str) -> float:
        """Return NaN for the label, else what is meant; raise BadCell as the meaning does."""
        return float("nan") if same_label(text, self._label) else self.meaning(text)


def same_label(text: str, other: str) -> bool:
    """Return whether two texts are one label: 1 is 1.0, and true is True."""
    return plain_label(text) == plain_label(other)


def plain_label(text: str) -> str:
    """Return what a label is compared by: 1 for true and 1.0, 0 for false."""
    return str(int(boolean(text))) if is_boolean(text) else label_text(text)
