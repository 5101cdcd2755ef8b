"""Columns of predictions that are called by the label that is not the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import argument, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.events import is_opposite, label_called, labels_of_event
from lossctl.pairing.labels import first_cells, plain_label
from lossctl.pairing.naming import Names
from lossctl.pairing.of_words import called, naming_columns
from lossctl.pairing.request import Request
from lossctl.pairing.warnings import NamedByOtherLabel
from lossctl.pairing.words import NEGATIVE, OF_LABELS, OF_PREDICTIONS, words_of
from lossctl.tables.cells import Meaning
from lossctl.tables.table import Table

_ROUNDED = 1e-3
"""Two probabilities that are rounded add up to 1 within it."""


class _Odd(NamedTuple):
    """A column whose name says that it is the probability of the other label."""

    column: str
    negative: str
    positive: str
    error: DataError


def names_of_values(table: Table, values: Sequence[int]) -> list[str]:
    """Return what columns of values, or a series, are called; nothing without names."""
    names = table.columns or (() if table.series is None else (table.series,))
    return [names[index] for index in values] if names else []


def named_by_other_label(
    tables: Tables,
    columns: tuple[Sequence[int], Sequence[int]],
    words: Mapping[int, Meaning],
    request: Request,
) -> Iterator[Caution]:
    """Yield a warning where a column is called by the label that is not the event.

    `words` are what the cells of targets mean that are no numbers. Raises DataError for a column
    that the user did not name.
    """
    event = labels_of_event(words)
    names = names_of_values(tables[0], columns[0])
    way = naming_columns("--pred-cols", called(tables[0], columns[0])) or "--pred-cols"
    odd: _Odd | None = None
    if event is not None:
        found = (_by_negative(tables[0], name, event, way) for name in names)
        odd = next(filter(None, found), None)
    elif request.pos_label is None and request.of_probabilities and len(names) == 1:
        firsts = first_cells(tables[1], columns[1], request.skip)
        target = next(iter(names_of_values(tables[1], columns[1])), "")
        odd = _by_zero(tables[0], (names[0], target), firsts, way)
    if odd is None:
        return
    if not request.pred_cols:
        raise odd.error
    yield NamedByOtherLabel(column=odd.column, negative=odd.negative, positive=odd.positive)


def _by_negative(table: Table, name: str, event: Names, way: str) -> _Odd | None:
    """Return what is odd about a column of predictions that is called by the negative label."""
    negative, positive = event
    opposite = is_opposite(_own_words(name), words_of(positive))
    if not negative or (label_called(name, [negative]) is None and not opposite):
        return None
    called_by = f"what {quoted(positive)} is not" if opposite else "the negative label"
    error = DataError(
        f"the column {quoted(name)} is called by {called_by}, {quoted(negative)}, but "
        f"the positive one is {quoted(positive)}",
        f"if it is the probability of {quoted(positive)}, name it with {way}; if "
        f"it is that of {quoted(negative)}, pass --pos-label {argument(negative)}",
        file=table.name,
    )
    return _Odd(name, negative, positive, error)


def _by_zero(table: Table, names: tuple[str, str], seen: Sequence[str], way: str) -> _Odd | None:
    """Return what is odd about a column called by what targets of 0 mean, as prob_0 is.

    `names` are those of the predictions and of the targets. Where these are called so, too, 1 is
    what is not.
    """
    name, target = names
    words, theirs = map(_own_words, names)
    if words == theirs or not all(plain_label(text) in ("0", "1") for text in seen):
        return None
    if words and theirs and (is_opposite(words, theirs) or is_opposite(theirs, words)):
        error = DataError(
            f"the targets are called {quoted(target)}, and the predictions {quoted(name)}: is 1 "
            "the opposite of what is predicted?",
            f"if it is, pass --pos-label 0; if it is not, name the column with {way}",
            file=table.name,
        )
        return _Odd(name, "0", "1", error)
    negative = " ".join(words) in NEGATIVE or words[:1] == ["not"]
    if not negative and label_called(name, ["0"]) is None and not _is_rest_of_1(table, name):
        return None
    error = DataError(
        f"the column {quoted(name)} is called by what targets of 0 mean, but predictions are "
        "probabilities of 1",
        f"pass --pos-label 0, or, if it is that of 1, name it with {way}",
        file=table.name,
    )
    return _Odd(name, "0", "1", error)


def _own_words(name: str) -> list[str]:
    """Return the words of a name but those that say that it is of predictions, or of labels."""
    return [word for word in words_of(name) if word not in (OF_PREDICTIONS | OF_LABELS)]


def _is_rest_of_1(table: Table, name: str) -> bool:
    """Return whether a column whose name ends with 0 adds up to 1 with that which ends with 1."""
    names = table.columns or ()
    other = name.removesuffix("0") + "1"
    if not name.endswith("0") or name not in names or other not in names:
        return False
    rows = list(table.head([names.index(name), names.index(other)]))
    return bool(rows) and all(
        all(map(is_number, row)) and abs(sum(map(float, row)) - 1) < _ROUNDED for row in rows
    )
