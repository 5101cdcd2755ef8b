"""The way out for labels that no column is called by: what `--classes` is to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import listed, nearest, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.first_rows import header_first
from lossctl.pairing.naming import Names, count_in_order, meanings, naming
from lossctl.pairing.of_words import naming_columns
from lossctl.tables.cells import is_boolean, is_whole, label_text
from lossctl.tables.oddities import around

_SHOWN = 10


def way_to_name(tables: Tables, seen: Sequence[str], width: int) -> str:
    """Return how to name the columns of predictions by labels, of which these were seen.

    They stand in the order of scikit-learn's classes_: words as texts, numbers by their value.
    """
    if padded := next((label for label in seen if label != label.strip()), None):
        return around(padded)
    labels, header = sorted(seen), header_first(*tables)
    if all(map(_is_integer, seen)):
        labels = sorted(map(label_text, seen), key=int)
    said = f"{header}the first labels are {listed(map(quoted, labels), _SHOWN)}"
    if len(labels) != width or "," in "".join(labels):
        return (
            f"{said}: name the columns of the predictions by them, in the order of the columns "
            "(scikit-learn's classes_), with --classes A,B,C"
        )
    return (
        f"{said}: if the columns of the predictions are in this order, as scikit-learn's classes_ "
        f"are, pass {naming(labels)}"
    )


def way_to_number(
    tables: Tables, seen: Sequence[str], names: Names | None, width: int
) -> str | None:
    """Return how to name the columns by labels that are other numbers than indices: 1, 2, 10.

    Nothing is said unless as many were seen as there are columns; nor of 1 to k, and -1 and 1, of
    which more can be said; nor of negative ones such as -100, which mark what is to be left out.
    Columns that are called by words may have any order.
    """
    if not all(map(_is_integer, seen)):
        return None
    numbers = sorted({int(label_text(text)) for text in seen})
    if len(numbers) != width or numbers in ([*range(width)], [*range(1, width + 1)], [-1, 1]):
        return None
    if numbers[0] < 0 and numbers != [-number for number in reversed(numbers)]:
        return None
    if names is None or count_in_order(names) or all(map(_is_integer, names)):
        return way_to_name(tables, list(map(str, numbers)), width)
    said = f"the first labels are {listed(map(str, numbers), _SHOWN)}"
    columns = listed(map(quoted, names), _SHOWN)
    return f"{said}, the columns {columns}: say which is which, in this order, with --classes"


def _is_integer(text: str) -> bool:
    return is_whole(label_text(text).removeprefix("-"))


class Unknown(NamedTuple):
    """What is known of labels where a column may be called by none of them."""

    columns: Names
    """What the columns are called, as labels."""
    known: tuple[Names, ...]
    """All that their names may mean."""
    seen: tuple[str, ...]
    """Labels of the first rows."""

    def way_out(self, text: str) -> str:
        """Return the hint for this label."""
        labels = tuple(dict.fromkeys([*self.seen, text]))
        for alike in (_differ_in_case, _is_start):
            for columns in self.known:
                if classes := _like_called(columns, labels, alike):
                    return _naming_alike(columns, classes)
        if meant := nearest(text, self.columns):
            return f"did you mean {quoted(meant)}?"
        classes_are = f"the classes are {listed(map(quoted, self.columns), _SHOWN)}"
        if len(labels) <= len(self.columns) and not {*labels} & {*self.columns}:
            return (
                f"{classes_are}: if the labels are other words for these, name the columns by the "
                "labels, in the order of the columns, with --classes"
            )
        return f"there is no column for {quoted(text)}: {classes_are}"


def _like_called(
    columns: Names, labels: Sequence[str], alike: Callable[[str, str], bool]
) -> Names | None:
    """Return the columns called as the labels that they are like; None if that is not certain.

    Each label must be like one column alone, and none of two like the same. What no label is like
    keeps its name.
    """
    called: dict[str, str] = {}
    for label in labels:
        like = [label] if label in columns else [name for name in columns if alike(name, label)]
        if len(like) != 1 or like[0] in called:
            return None
        called[like[0]] = label
    return tuple(called.get(name, name) for name in columns)


def _differ_in_case(name: str, label: str) -> bool:
    return name.casefold() == label.casefold()


def _is_start(name: str, label: str) -> bool:
    """Return whether the one abbreviates the other: b benign; but 1 is not 10."""
    short, long = sorted((name.casefold(), label.casefold()), key=len)
    return short.isalpha() and long.startswith(short)


def _naming_alike(columns: Names, classes: Names) -> str:
    """Return the hint to name columns by the labels that they are like."""
    other = [(name, label) for name, label in zip(columns, classes, strict=True) if name != label]
    theirs, ours = (listed(map(quoted, side), _SHOWN) for side in zip(*other, strict=True))
    verb = "stand" if len(other) > 1 else "stands"
    way = naming_columns("--classes", classes)
    if way is None:
        way = "name the columns by the labels, in the order of the columns, with --classes"
        return f"if {ours} {verb} for {theirs}, {way}"
    return f"if {ours} {verb} for {theirs}, pass {way}, which is in the order of the columns"


def refuse_slip(classes: Names, seen: Sequence[str], file: str) -> None:
    """Raise UsageError for a class that no label is, where one that is no class is nearly it."""
    known = meanings(classes)
    if all(map(is_boolean, seen)) or any(all(fits(t, names) for t in seen) for names in known):
        return
    there = {*seen, *map(label_text, seen)}
    never = [name for name in classes if name not in there and label_text(name) not in there]
    for text in seen:
        if fits(text, classes) or text.strip() in classes:
            continue
        if meant := nearest(text, never):
            raise UsageError(
                f"--classes has {quoted(meant)}, which none of the first labels of {file} is",
                f"did you mean {quoted(text)}?",
            )


def fits(text: str, labels: Names) -> bool:
    """Return whether a label is one of these."""
    return text in labels or label_text(text) in labels
