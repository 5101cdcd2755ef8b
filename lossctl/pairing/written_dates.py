"""Dates that people and spreadsheets write, 31.01.2024 or 1/31/24 10:30 PM, beside others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from itertools import product
from typing import NamedTuple

from lossctl.pairing.levels import is_moment, without_midnight

_DAYS = (
    *(f"%d{mark}%m{mark}%Y" for mark in "./-"),
    *(f"%m{mark}%d{mark}%Y" for mark in "/-"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y"),  # 24-01-31 may begin with the year
    *("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%Y%m%d"),
    *(f"%d{mark}%b{mark}%{year}" for mark in "- " for year in "Yy"),
    *("%d. %B %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y"),
)
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")
_BETWEEN = (" ", "T", ", ")
_MARKS = re.compile("%?[0-9A-Za-z]+")
_NUMBERS = re.compile("[0-9]+")
_ONE_DIGIT = re.compile(r"(?<![0-9])[0-9](?![0-9])")
"""A day or a month without a zero before it."""
_MOST_CHARACTERS = len("30. September 2024, 10:30:00.000000 PM")


class Written(NamedTuple):
    """How dates are written."""

    layouts: tuple[str, ...]
    """Those by which all first cells are the same dates."""

    def date(self, cell: str) -> str | None:
        """Return a date as ISO 8601 has it; None for other cells, and for dates in doubt."""
        dates = {date for layout in self.layouts if (date := _date(cell, layout)) is not None}
        return dates.pop() if len(dates) == 1 else None

    def text(self, cell: str) -> str:
        """Return a date as the other table has it; other cells, and dates in doubt, as they are."""
        return self.date(cell) or cell

    def texts(self, cells: Sequence[str]) -> list[str]:
        """Return dates as the other table has them."""
        return list(map(self.text, cells))


def may_be_written_date(cell: str) -> bool:
    """Return whether a cell may be a date in a form of its own, as far as a glance tells."""
    numbers = _NUMBERS.findall(cell) if len(cell) <= _MOST_CHARACTERS else ()
    return len(numbers) > 1 or (len(cell) == len("20240131") and cell.isdecimal())


def written(cells: Sequence[str], others: Sequence[str]) -> Written | None:
    """Return how the cells of one table are written, if those of the other are other dates.

    Where the day and the month of any may be either, nothing is said: that more dates of the other
    table are found one way is no proof, as those of a month and of each day show.
    """
    if not (cells and others and may_be_written_date(cells[0])) or all(map(is_moment, cells)):
        return None
    mine = _layouts(cells)
    if mine and all(map(is_moment, others)):
        return _only_reading(mine, cells)
    theirs = _layouts(others) if mine and may_be_written_date(others[0]) else []
    if theirs and set(mine).isdisjoint(theirs):
        return _only_reading(mine, cells)
    padded, alike = (any(map(_ONE_DIGIT.search, side)) for side in (cells, others))
    return _only_reading(mine, cells) if mine == theirs and mine and padded != alike else None


def dates_in_a_layout(cells: Sequence[str]) -> list[str]:
    """Return cells as ISO 8601 has dates, by the first layout of all of them; [] if none is."""
    layouts = _layouts(cells) if cells and may_be_written_date(cells[0]) else []
    return Written(tuple(layouts[:1])).texts(cells) if layouts else []


def _only_reading(layouts: Sequence[str], cells: Sequence[str]) -> Written | None:
    """Return the layouts of cells if by all of them they are the same dates; None for others."""
    readings = {tuple(Written((layout,)).texts(cells)) for layout in layouts}
    return Written(tuple(layouts)) if len(readings) == 1 else None


def _layouts(cells: Sequence[str]) -> list[str]:
    """Return all layouts in which every cell is a date."""
    first = _by_marks().get(_MARKS.sub("", cells[0]), ())
    return [one for one in first if all(_date(cell, one) is not None for cell in cells)]


def _date(cell: str, layout: str) -> str | None:
    """Return a date of a layout as ISO 8601 has it; None for other text."""
    with suppress(ValueError):
        return without_midnight(datetime.strptime(cell, layout).isoformat())
    return None


@cache
def _by_marks() -> dict[str, list[str]]:
    """Return all layouts, as `datetime.strptime` has them, by what stands between their parts."""
    known: dict[str, list[str]] = {}
    times = (mark + time for mark, time in product(_BETWEEN, _TIMES))
    for day, time in product(_DAYS, ("", *times)):
        known.setdefault(_MARKS.sub("", day + time), []).append(day + time)
    return known
