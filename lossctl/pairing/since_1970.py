"""Dates that are whole numbers since 1970, as pandas writes them in JSON, beside others."""

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
_LEAST, _MOST = 10**8, 10**11
"""Numbers of so many seconds tell their unit by their size: those of a date after 1973."""
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

    It is the unit in which they fall into about the same years. Near 1970 there are several such:
    of these it is the one in which most of them are dates of the other table. So are numbers beside
    others that are of another unit, in which they fall into the same years.
    """
    if not (cells and others and all(map(_is_number_of_units, cells))):
        return None
    numbers = list(map(int, cells))
    if all(map(_is_number_of_units, others)):
        return _beside_another_unit(numbers, list(map(int, others)))
    if not all(map(is_moment, others)):
        return None
    years = [int(other[:4]) for other in others]
    known = set(map(without_midnight, others))
    zone = _UTC if all(other.endswith(_UTC) for other in known) else ""
    units = [unit for unit in UNITS if _in_years(numbers, unit, min(years), max(years) + 1)]
    found = [Since1970(unit, zone) for unit in units]
    if len(found) < 2:
        return next(iter(found), None)
    return max(found, key=lambda one: len(known.intersection(one.texts(cells))))


def _beside_another_unit(numbers: Sequence[int], others: Sequence[int]) -> Since1970 | None:
    """Return of what numbers are dates beside others of another unit, in about the same years."""
    unit, other = _unit_of(numbers), _unit_of(others)
    if unit is None or other is None or unit == other:
        return None
    first, last = (_year(edge(others), other) for edge in (min, max))
    return Since1970(unit, "") if _in_years(numbers, unit, first, last) else None


def _unit_of(numbers: Sequence[int]) -> str | None:
    """Return the unit in which all numbers are years apart from 1970, but no thousands of years."""
    least, most = min(map(abs, numbers)), max(map(abs, numbers))
    return next((u for u, n in UNITS.items() if least / n >= _LEAST and most / n < _MOST), None)


def _year(number: int, unit: str) -> float:
    return 1970 + number / (UNITS[unit] * _SECONDS_OF_A_YEAR)


def _in_years(numbers: Sequence[int], unit: str, first: float, last: float) -> bool:
    """Return whether so many units since 1970 lie near to these years."""
    least, most = _year(min(numbers), unit), _year(max(numbers), unit)
    return first - _YEARS_APART <= least and most <= last + _YEARS_APART


def may_be_number_of_units(cell: str) -> bool:
    """Return whether a cell may be so many units since 1970, as far as it tells alone."""
    return _is_number_of_units(cell) and len(cell) > _DIGITS_OF_A_DAY


def _is_number_of_units(cell: str) -> bool:
    return len(cell) <= _MOST_DIGITS and is_whole(cell)
