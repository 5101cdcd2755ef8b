"""Columns like ids in tables so long that the first rows do not show whether they are the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from operator import eq

from lossctl.pairing.chosen import Tables
from lossctl.pairing.date_forms import in_one_zone
from lossctl.pairing.ids_by_value import counts, dates_of, different_cells
from lossctl.pairing.no_components import may_name_samples
from lossctl.pairing.warnings import UnlikeIds
from lossctl.tables.cells import is_whole
from lossctl.tables.table import HEAD

_PART = re.compile("[0-9A-Za-z]+")
_DIGIT = re.compile("[0-9]")
_NUMBER, _DATE = "number", "date"


def ids_of_long_tables(
    tables: Tables, names: Sequence[Mapping[int, str]], unread: Sequence[list[int]]
) -> UnlikeIds | None:
    """Return two columns, one of each table, that may be the same ids in another order.

    The first rows of both have different cells alike in form, but not the same ones: so have those
    of ids in another order, of which only some are seen. Of numbers one column has to be called as
    ids are, and both where either counts up.
    """
    here, there = (
        {column: cells for column, cells in different_cells(*of).items() if len(cells) == HEAD}
        for of in zip(tables, unread, strict=True)
    )
    dates = dates_of(here, there), dates_of(there, here)
    forms, others = (
        {i: _DATE if i in known else _form(cells) for i, cells in side.items()}
        for side, known in zip((here, there), dates, strict=True)
    )
    if {*map(tuple, here.values())} & {*map(tuple, there.values())}:
        return None
    may_be_dates = product(*([i for i in of if of[i] != _NUMBER] for of in (forms, others)))
    if any(eq(*in_one_zone(here[one], there[other])) for one, other in may_be_dates):
        return None
    for one, other in product(forms, others):
        called = names[0][one], names[1][other]
        counting = counts(here[one]) or counts(there[other])
        named = list(map(may_name_samples, called))
        if forms[one] == others[other] and (
            all(named) or not (counting or (forms[one] == _NUMBER and not any(named)))
        ):
            return UnlikeIds(columns=called)
    return None


def _form(cells: Sequence[str]) -> str:
    """Return what most cells are like: a number, or text with such marks in it."""
    return Counter(map(_like, cells)).most_common(1)[0][0]


def _like(cell: str) -> str:
    if is_whole(cell):
        return _NUMBER
    return ("text with digits" if _DIGIT.search(cell) else "text") + _PART.sub("", cell)
