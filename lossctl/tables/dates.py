"""Dates in the names of shards: what is one, and whether names stand in the order of time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lossctl.tables.series import without_extensions

DATE = re.compile(
    r"""(?<![0-9])(?:
    (?:19|20)[0-9]{2} ([-_.]) (?:0[1-9]|1[0-2]) (?: \1 (?:0[1-9]|[12][0-9]|3[01]) )?
    | (?:19|20)[0-9]{2} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12][0-9]|3[01])
    | (?:0[1-9]|[12][0-9]|3[01]) ([-_.]) (?:0[1-9]|1[0-2]) \2 (?:19|20)[0-9]{2}
    | (?:19|20)[0-9]{2} [-_]? [Kk]?[Ww] (?:0[1-9]|[1-4][0-9]|5[0-3])
    ) (?: [-_T ] (?:[01][0-9]|2[0-3]) ([-_.:]?) [0-5][0-9] \3 [0-5][0-9] )? (?![0-9])""",
    re.VERBOSE,
)
"""A date, and a time of day behind it: 2024-01, 2024-01-05, 20240105, 05.01.2024, 2024-W01,
..._101500."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_OTHERWISE = re.compile(
    r"""(?<![a-z0-9])(?:
    (?P<d>[0-3]?[0-9]) (?P<s>[-_.]) (?P<m>[0-3]?[0-9]) (?P=s) (?P<y>(?:19|20)[0-9]{2})
    | (?P<d2>[0-3][0-9]) \. (?P<m2>[01][0-9]) \. (?P<y2>[0-9]{2})
    | (?<![0-9][-_.T\ ]) (?P<only>0?[1-9]|1[0-2]) [-_.] (?P<in>(?:19|20)[0-9]{2})
    | (?:q|k?w) (?P<part>[0-9]{1,2}) [-_. ]? (?P<of>(?:19|20)[0-9]{2})
    | (?:(?P<before>(?:19|20)[0-9]{2}) [-_. ]?)? (?:(?P<day>[0-3]?[0-9]) [-_. ]?)?
      (?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?
      |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)
      (?: [-_. ]? (?P<behind>(?:19|20)[0-9]{2}) )?
    | (?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun) (?:day)?
    ) (?![a-z0-9])""",
    re.VERBOSE,
)
"""Dates that stand in another order as text than in time: 05.01.2024, 05.01.24, 01-2024, Q1-2024,
5-Jan-2024, Mon."""
_YEARS = ("y", "y2", "in", "of", "before", "behind")
_Time: TypeAlias = tuple[int, ...]


def out_of_time(paths: Sequence[str]) -> tuple[str, str] | None:
    """Return two paths that do not stand in the order of time, by what they are called.

    None where all do, or where some names have no date whose text stands otherwise than its time.
    What else their names have is the same in both, and the dates are of one kind. A number in front
    of a month without a year behind it, as in 01_Apr, is no day, but says the order.
    """
    last: dict[tuple[str, ...], tuple[_Time, str]] = {}
    found = None
    inside = os.path.commonprefix(paths).rfind("/") + 1  # noqa: RUF071, what is cut off is folders
    names = [without_extensions(path[inside:]).lower() for path in paths]
    dates = [date for date in map(_OTHERWISE.search, names) if date]
    if len(dates) < len(names):
        return None
    american = any(int(date["m"] or 0) > len(_MONTHS) for date in dates)
    for path, name, date in zip(paths, names, dates, strict=True):
        kind = str(date.lastgroup)
        start = date.start("month" if kind == "month" else 0)
        rest, time = (kind, name[:start], name[date.end() :]), tuple(_time(date, american))
        if rest in last and last[rest][0] > time:
            found = found or (last[rest][1], path)
        last[rest] = time, path
    return found


def _time(date: re.Match[str], american: bool) -> Iterator[int]:
    """Yield what tells the time, from the year on; in America the month stands before the day."""
    parts = date.groupdict()
    if american:
        parts["d"], parts["m"] = parts["m"], parts["d"]
    yield int(next(filter(None, map(parts.get, _YEARS)), 0))
    if parts["month"]:
        yield _MONTHS.index(parts["month"][:3])
    elif parts["weekday"]:
        yield _DAYS.index(parts["weekday"][:3])
    elif parts["part"]:
        yield int(parts["part"])
    else:
        yield int(parts["m"] or parts["m2"] or parts["only"])
    yield int(parts["d"] or parts["d2"] or parts["day"] or 0)
