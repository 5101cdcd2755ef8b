"""What the cells of a column of labels mean: names of classes, true and false, or indices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from lossctl.base.decimals import is_number
from lossctl.tables.cells import (
    ClassIndex,
    Meaning,
    boolean,
    boolean_class,
    is_boolean,
    is_missing,
    label_text,
)
from lossctl.tables.table import Table


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


def label_words(first: str, column: int, names: tuple[str, ...]) -> dict[int, Meaning]:
    """The first label decides: names of classes, true and false, or indices from 0."""
    bare = without_prefix(names)
    for known in (names, bare, *map(_as_labels, (names, bare))):
        if first in known or label_text(first) in known:
            return {column: ClassIndex(known)}
        if is_boolean(first) and sorted(name.lower() for name in known) == ["false", "true"]:
            true = [name.lower() for name in known].index("true")
            return {column: partial(boolean_class, float(true))}
    if is_boolean(first) and (not names or _as_labels(bare) == ("0", "1")):
        return {column: boolean}
    return {} if is_number(first) else {column: ClassIndex(names)}


def _as_labels(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as labels are compared, 1 for 1.0 and 01, unless two become one."""
    texts = tuple(map(label_text, names))
    return texts if len(set(texts)) == len(names) else names


def without_prefix(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return cat and dog for p_cat and p_dog: names without what all of them start with."""
    low, high = min(names, default=""), max(names, default="")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False))
    prefix = re.match(r"(.*[_.: -])?", "".join(char for char, _ in same), re.DOTALL)
    return tuple(name[prefix.end() :] for name in names) if prefix else names
