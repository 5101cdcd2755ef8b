"""Moments as ISO text: ids of dates are the same texts in files and in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from lossctl.tables.cells import BadCell

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""How many of it are a second."""


def moment_text(ticks: int, unit: str, zone: tzinfo | None) -> str:
    """Return the ISO text of so many units since 1970 in UTC, in this zone if there is one.

    Raises BadCell for a year that has no ISO text.
    """
    seconds, rest = divmod(ticks, UNITS[unit])
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
        moment = moment.replace(tzinfo=None) if zone is None else moment.astimezone(zone)
    except OverflowError:
        raise out_of_range() from None
    whole = moment.isoformat(timespec="seconds")
    return f"{whole[:19]}{_fraction(rest, UNITS[unit])}{whole[19:]}"


def out_of_range() -> BadCell:
    """Return the error for a date that no calendar of Python's has."""
    return BadCell("a date that is not in the years 1 to 9999 is no id")


def _fraction(part: int, whole: int) -> str:
    """Return the fraction of a second: none, six digits, or nine where six are not enough."""
    nanoseconds = part * (UNITS["ns"] // whole)
    if not nanoseconds:
        return ""
    return f".{nanoseconds:09d}" if nanoseconds % 1000 else f".{nanoseconds // 1000:06d}"


@lru_cache
def zone_of(name: str | None) -> tzinfo | None:
    """Return the time zone with this name, such as Europe/Berlin or +01:00; BadCell for none."""
    if name is None:
        return None
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        pass
    try:
        return datetime.strptime(name, "%z").tzinfo
    except ValueError:
        raise BadCell(f"the time zone {name!r} is not known here") from None
