"""Columns of two tables that are the same in any order, or dates: of those that are not read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from lossctl.pairing.date_forms import in_one_zone
from lossctl.pairing.levels import is_moment
from lossctl.pairing.since_1970 import since_1970
from lossctl.pairing.words import FEW
from lossctl.pairing.written_dates import dates_in_a_layout

_MOST_PAIRS = 100
"""So many pairs of columns of dates are compared; each may take some hundredths of a second."""


def pairs_of_same_cells(
    here: dict[int, list[str]], there: dict[int, list[str]]
) -> Iterator[tuple[int, int]]:
    """Yield two columns, one of each table, whose different cells are the same in any order.

    Dates are compared in one form and one zone.
    """
    known = {tuple(sorted(cells)): column for column, cells in there.items()}
    for column, cells in here.items():
        if len(cells) < FEW:
            continue
        if (alike := known.get(tuple(sorted(cells)))) is not None:
            yield column, alike
    for column, other in pairs_of_dates(here, there):
        if not _are_both_iso(here[column][0], there[other][0]):  # else the same cells are known
            one, same = in_one_zone(here[column], there[other])
            if len(one) >= FEW and sorted(one) == sorted(same):
                yield column, other


def pairs_of_dates(
    here: dict[int, list[str]], there: dict[int, list[str]]
) -> Iterator[tuple[int, int]]:
    """Yield two columns of dates, one of each table; of very many only the first ones."""
    return islice(product(dates_of(here, there), dates_of(there, here)), _MOST_PAIRS)


def dates_of(mine: dict[int, list[str]], theirs: dict[int, list[str]]) -> list[int]:
    """Return the columns of one table that are dates: as ISO 8601 has them, or in a layout.

    So are numbers in the years of the dates of the other table.
    """
    dates = [
        date
        for cells in theirs.values()
        for date in (cells if is_moment(cells[0]) else dates_in_a_layout(cells))
    ]
    ends = [min(dates), max(dates)] if dates else []
    return [
        column
        for column, cells in mine.items()
        if is_moment(cells[0]) or dates_in_a_layout(cells) or since_1970(cells, ends)
    ]


def _are_both_iso(one: str, other: str) -> bool:
    """Return whether two dates are as ISO 8601 has them, in UTC or in none of them."""
    return is_moment(one) and is_moment(other) and one.endswith("Z") == other.endswith("Z")
