"""Columns like ids in tables so long that the first rows do not show whether they are the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from operator import eq, le

from lossctl.pairing.date_forms import in_one_zone
from lossctl.pairing.ids_by_value import counts
from lossctl.pairing.no_components import may_name_samples
from lossctl.pairing.same_cells import dates_of, pairs_of_dates
from lossctl.pairing.warnings import UnlikeIds
from lossctl.tables.cells import is_whole
from lossctl.tables.table import HEAD

_PART = re.compile("[0-9A-Za-z]+")
_DIGIT = re.compile("[0-9]")
_NUMBER, _DATE = "number", "date"
_COUNTS, _ASCENDS = "counts", "ascends"


def ids_of_long_tables(
    cells: Sequence[Mapping[int, list[str]]], names: Sequence[Mapping[int, str]]
) -> list[UnlikeIds]:
    """Tell of two columns, one of each table, that may be the same ids in another order.

    `cells` are those of columns of both tables, all different in the first rows.

    The first rows of both have different cells alike in form, but not the same ones: so have those
    of ids in another order, of which only some are seen. Of numbers one column has to be called as
    ids are, and both where either counts up, or both ascend: the same ids would do so in one order.
    """
    here, there = (
        {column: first for column, first in side.items() if len(first) == HEAD} for side in cells
    )
    dates = dates_of(here, there), dates_of(there, here)
    forms, others = (
        {i: _DATE if i in known else _form(cells) for i, cells in side.items()}
        for side, known in zip((here, there), dates, strict=True)
    )
    same = set.intersection(*({*map(_what_differs, side.values())} for side in (here, there)))
    of_dates = pairs_of_dates(here, there)
    if same or any(eq(*in_one_zone(here[one], there[other])) for one, other in of_dates):
        return []
    orders = [{i: _order(cells) for i, cells in side.items()} for side in (here, there)]
    for one, other in product(forms, others):
        called = names[0][one], names[1][other]
        order = {orders[0][one], orders[1][other]}
        counting = _COUNTS in order or order == {_ASCENDS}
        named = list(map(may_name_samples, called))
        if forms[one] == others[other] and (
            all(named) or not (counting or (forms[one] == _NUMBER and not any(named)))
        ):
            return [UnlikeIds(columns=called)]
    return []


def _what_differs(cells: Sequence[str]) -> tuple[str, ...]:
    """Return cells without what all of them start and end with, as file names do; but numbers."""
    if is_whole(cells[0]):
        return tuple(cells)
    start = _alike(cells)
    end = _alike([cell[:start:-1] for cell in cells])
    return tuple(cell[start : len(cell) - end] for cell in cells)


def _alike(cells: Sequence[str]) -> int:
    """Return how many characters are the same at the start of all cells."""
    first, last = min(cells), max(cells)
    pairs = enumerate(zip(first, last, strict=False))
    return next((i for i, (one, other) in pairs if one != other), len(first))


def _order(cells: Sequence[str]) -> str:
    if counts(cells):
        return _COUNTS
    keys = [(len(cell) if is_whole(cell) else 0, cell) for cell in cells]
    return _ASCENDS if all(map(le, keys, keys[1:])) else ""


def _form(cells: Sequence[str]) -> str:
    """Return what most cells are like: a number, or text with such marks in it."""
    return Counter(map(_like, cells)).most_common(1)[0][0]


def _like(cell: str) -> str:
    if is_whole(cell):
        return _NUMBER
    return ("text with digits" if _DIGIT.search(cell) else "text") + _PART.sub("", cell)
