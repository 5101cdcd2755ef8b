"""Dates that people and spreadsheets write, 31.01.2024 or 1/31/24 10:30 PM, beside others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from itertools import product
from typing import NamedTuple

from lossctl.pairing.levels import is_moment, without_midnight

_DAYS = (
    *(f"%d{mark}%m{mark}%{year}" for mark in "./-" for year in "Yy"),
    *(f"%m{mark}%d{mark}%{year}" for mark in "/-" for year in "Yy"),
    *("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%Y%m%d"),
    *(f"%d{mark}%b{mark}%{year}" for mark in "- " for year in "Yy"),
    *("%d. %B %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
)
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")
_BETWEEN = (" ", "T", ", ")
_MARKS = re.compile("%?[0-9A-Za-z]+")
_NUMBERS = re.compile("[0-9]+")
_MOST_CHARACTERS = len("30. September 2024, 10:30:00.000000 PM")


class Written(NamedTuple):
    """How dates are written."""

    layout: str

    def text(self, cell: str) -> str:
        """Return a date as the other table has it; other cells as they are."""
        with suppress(ValueError):
            return without_midnight(datetime.strptime(cell, self.layout).isoformat())
        return cell

    def texts(self, cells: Sequence[str]) -> list[str]:
        """Return dates as the other table has them."""
        return list(map(self.text, cells))


def may_be_written_date(cell: str) -> bool:
    """Return whether a cell may be a date in a form of its own, as far as a glance tells."""
    numbers = _NUMBERS.findall(cell) if len(cell) <= _MOST_CHARACTERS else ()
    return len(numbers) > 1 or (len(cell) == len("20240131") and cell.isdecimal())


def written(cells: Sequence[str], others: Sequence[str]) -> Written | None:
    """Return how the cells of one table are written, if those of the other are other dates.

    Where the day and the month may be either, it is what more dates of the other table have; where
    that is open, too, nothing is said.
    """
    if not (cells and others and may_be_written_date(cells[0])) or is_moment(cells[0]):
        return None
    mine = _layouts(cells)
    if not mine:
        return None
    theirs = [others] if all(map(is_moment, others)) else _readings(others, mine)
    known = {*map(without_midnight, (cell for reading in theirs for cell in reading))}
    if len(mine) == 1:
        return mine[0] if known else None
    ranked = sorted((len(known.intersection(one.texts(cells))), one) for one in mine)
    return ranked[-1][1] if ranked[-1][0] > ranked[-2][0] else None


def _readings(cells: Sequence[str], other: Sequence[Written]) -> Iterator[list[str]]:
    """Yield what dates in a form of their own may be; nothing if it is the form of others."""
    found = _layouts(cells) if may_be_written_date(cells[0]) else []
    return iter(() if set(found) & set(other) else [one.texts(cells) for one in found])


def _layouts(cells: Sequence[str]) -> list[Written]:
    """Return all layouts in which every cell is a date."""
    first = _by_marks().get(_MARKS.sub("", cells[0]), ())
    return [Written(layout) for layout in first if all(_is_date(cell, layout) for cell in cells)]


@cache
def _by_marks() -> dict[str, list[str]]:
    """Return all layouts, as `datetime.strptime` has them, by what stands between their parts."""
    known: dict[str, list[str]] = {}
    times = (mark + time for mark, time in product(_BETWEEN, _TIMES))
    for day, time in product(_DAYS, ("", *times)):
        known.setdefault(_MARKS.sub("", day + time), []).append(day + time)
    return known


def _is_date(cell: str, layout: str) -> bool:
    with suppress(ValueError):
        datetime.strptime(cell, layout)
        return True
    return False
