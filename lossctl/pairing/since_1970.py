"""Dates that are whole numbers since 1970, as pandas writes them in JSON, beside dates as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lossctl.pairing.levels import is_moment, without_midnight
from lossctl.tables.cells import BadCell, is_whole
from lossctl.tables.moments import UNITS, moment_text

_SECONDS_OF_A_YEAR = 31_556_952
_MOST_DIGITS = 20
_DIGITS_OF_A_DAY = len("20240131")
_YEARS_APART = 10
"""Numbers are dates only if these lie so near to the dates of the other table."""
_UTC = "Z"


class Since1970(NamedTuple):
    """Of what whole numbers are dates: so many of a unit since 1970."""

    unit: str
    zone: str
    """What stands behind the dates of the other table: Z where they say that they are in UTC."""

    def text(self, cell: str) -> str:
        """Return the date that a number is, as the other table has it; other cells as they are."""
        if not _is_number_of_units(cell):
            return cell
        try:
            moment = moment_text(int(cell), self.unit, None)
        except BadCell:
            return cell
        return without_midnight(moment + self.zone)

    def texts(self, cells: Sequence[str]) -> list[str]:
        """Return the dates that numbers are."""
        return list(map(self.text, cells))


def since_1970(cells: Sequence[str], others: Sequence[str]) -> Since1970 | None:
    """Return of what the cells of one table are dates, if those of the other are dates as text.

    It is the unit in which they fall into about the same years.
    """
    if not (cells and others and is_moment(others[0]) and _is_number_of_units(cells[0])):
        return None
    if not (all(map(is_moment, others)) and all(map(_is_number_of_units, cells))):
        return None
    years = [int(other[:4]) for other in others]
    first, last = min(years) - _YEARS_APART, max(years) + _YEARS_APART
    numbers = list(map(int, cells))
    zone = _UTC if all(without_midnight(other).endswith(_UTC) for other in others) else ""
    for unit, per_second in UNITS.items():
        of_a_year = per_second * _SECONDS_OF_A_YEAR
        if first <= 1970 + min(numbers) / of_a_year and 1970 + max(numbers) / of_a_year <= last + 1:
            return Since1970(unit, zone)
    return None


def may_be_date(cell: str) -> bool:
    """Return whether a cell may be a date, as text or as a number, as far as it tells alone."""
    return is_moment(cell) or (_is_number_of_units(cell) and len(cell) > _DIGITS_OF_A_DAY)


def as_dates(cells: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return cells of one table, as dates if those of the other are, and they are numbers."""
    found = since_1970(cells, others)
    return list(cells) if found is None else found.texts(cells)


def in_one_form(here: Sequence[str], there: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return cells of both tables, dates that are numbers in either as in the other."""
    return as_dates(here, there), as_dates(there, here)


def _is_number_of_units(cell: str) -> bool:
    return len(cell) <= _MOST_DIGITS and is_whole(cell)
