"""Dates of two tables in one form, whatever tool wrote each: to pair by, or to compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from lossctl.pairing.levels import is_moment, without_midnight
from lossctl.pairing.since_1970 import Since1970, may_be_number_of_units, since_1970
from lossctl.pairing.written_dates import Written, dates_in_a_layout, may_be_written_date, written

DateForm: TypeAlias = Since1970 | Written
_UTC = "Z"
_ZONE = re.compile("[-+Z]")
_DATE = len("2024-01-31")
_QUARTER = timedelta(minutes=15)
_MOST_OF_A_ZONE = timedelta(hours=14)


def form_of_dates(cells: Sequence[str], others: Sequence[str]) -> DateForm | None:
    """Return in what form the cells of one table are dates, if those of the other are in another.

    None is that of dates as ISO 8601 writes them, and of what are no dates. Numbers that are all
    days, 19720131, are no seconds of 1970.
    """
    found = written(cells, others) or since_1970(cells, others)
    if found is None and (numbers := since_1970(cells, dates_in_a_layout(others))):
        return numbers
    if found is None and (numbers := since_1970(others, dates_in_a_layout(cells))):
        return written(cells, numbers.texts(others))
    return found


def may_be_date(cell: str) -> bool:
    """Return whether a cell may be a date, as far as it tells alone."""
    return is_moment(cell) or may_be_number_of_units(cell) or may_be_written_date(cell)


def are_dates(cells: Sequence[str]) -> bool:
    """Return whether all cells are dates for certain: as ISO 8601 has them, or in one layout.

    Digits alone are none, as numbers of other things may be the same.
    """
    if all(map(is_moment, cells)):
        return True
    return not any(map(str.isdecimal, cells)) and bool(dates_in_a_layout(cells))


def as_dates(cells: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return cells of one table as dates if those of the other are; else as they are."""
    form = form_of_dates(cells, others)
    return list(cells) if form is None else form.texts(cells)


def in_one_form(here: Sequence[str], there: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return cells of both tables, dates as ISO 8601 has them where the forms differ."""
    return as_dates(here, there), as_dates(there, here)


def in_one_zone(here: Sequence[str], there: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return cells of both tables in one form, to see whether they may be the same dates.

    So may those be of which one table says that they are in UTC, and the other names no zone: that
    may be UTC, or any in which the first dates of both are the same.
    """
    first, second = in_one_form(here, there)
    if in_utc_alone(first, second):
        return _without_zone(first, second), second
    if in_utc_alone(second, first):
        return first, _without_zone(second, first)
    return first, second


def in_utc_alone(cells: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether cells are dates in UTC, in one form, and others are dates of no zone."""
    return (
        bool(cells and others)
        and all(cell.endswith(_UTC) and is_moment(cell) for cell in cells)
        and all(is_moment(other) and not _ZONE.search(other, _DATE) for other in others)
    )


def _without_zone(cells: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return dates in UTC in the zone of others: that in which the first dates are the same."""
    texts = [without_midnight(cell.removesuffix(_UTC)) for cell in cells]
    try:
        moments = list(map(datetime.fromisoformat, texts))
        apart = min(map(datetime.fromisoformat, others)) - min(moments)
    except ValueError:  # of more digits of a second than a datetime has, or of no day of a month
        return texts
    if not apart or apart % _QUARTER or abs(apart) > _MOST_OF_A_ZONE:
        return texts
    return [without_midnight((moment + apart).isoformat()) for moment in moments]
