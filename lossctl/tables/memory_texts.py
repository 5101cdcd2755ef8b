"""Columns and labels in memory as the texts that ids are: those that the same has in Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import numpy as np

from lossctl.tables.cells import BadCell, label_text
from lossctl.tables.columnar import cell_text
from lossctl.tables.moments import moment_text, out_of_range, zone_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_DIGITS = 400
"""Longer whole numbers are beyond float64 by far."""


class TextColumn(NamedTuple):
    """A column of dates, periods, UUIDs or decimal numbers, which has texts as ids alone."""

    cells: NDArray[Any]
    zone: tzinfo | None = None
    """That of moments which are held in UTC."""
    scale: int | None = None
    """So many decimal places all decimal numbers have."""

    @classmethod
    def of(cls, values: object) -> TextColumn | None:
        """Return the texts of a column, or of the labels of an index; None if it has none."""
        cells = array_of_all(values)
        if cells.ndim != 1:
            return None
        if cells.dtype.kind == "M":
            return cls(cells, _zone(values))
        known_ones = (x for x in cells if cells.dtype.kind == "O" and not is_missing(x))
        first = next(known_ones, None)
        if isinstance(first, Decimal):
            known = [first, *known_ones]
            if all(isinstance(x, Decimal) and x.is_finite() for x in known):
                return cls(cells, scale=max(_places(known)))
        elif _is_text_at_most(first) and all(map(_is_text_at_most, known_ones)):
            return cls(cells)
        return None

    def at(self, rows: slice) -> NDArray[Any]:
        """Return the texts of some rows; empty ones of what is missing."""
        cells = self.cells[rows]
        if self.scale is not None:
            form = f".{self.scale}f"
            found = ["" if is_missing(x) else label_text(format(x, form)) for x in cells]
        elif self.zone is not None:
            unit, none = np.datetime_data(cells.dtype)[0], np.isnat(cells)
            ticks = zip(cells.astype(np.int64).tolist(), none.tolist(), strict=True)
            found = ["" if no else _local(tick, unit, self.zone) for tick, no in ticks]
        else:
            found = texts_of(cells)
        return np.array(found, object)


def array_of_all(values: object) -> NDArray[Any]:
    """Return what NumPy makes of values; moments of pandas with a time zone in UTC, as others do.

    NumPy itself makes an object of each.
    """
    kind: Any = getattr(values, "dtype", None)
    zoned = getattr(kind, "tz", None) is not None
    try:
        return np.asarray(values, f"M8[{kind.unit}]" if zoned else None)
    except NotImplementedError:  # of pandas, for a year that Python's dates do not have
        raise out_of_range() from None


def texts_of(labels: NDArray[Any]) -> list[str]:
    """Return labels as texts, moments to the nanosecond."""
    if labels.dtype.kind == "M":
        moments: list[str] = np.datetime_as_string(labels).tolist()
        return ["" if text == "NaT" else _iso(text) for text in moments]
    return list(map(_text, labels if labels.dtype.kind == "m" else labels.tolist()))


def is_missing(value: object) -> bool:
    """Return whether a value is None, NaN or what pandas has for a missing value."""
    if isinstance(value, float | Decimal):
        return isnan(value) if isinstance(value, float) else value.is_nan()
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def with_whole_numbers(values: Sequence[Any]) -> list[Any]:
    """Return values with integers for decimal numbers, if all of these are whole ones."""
    decimals = [value for value in values if isinstance(value, Decimal)]
    if any(not x.is_finite() or x.adjusted() > _MOST_DIGITS for x in decimals):
        return list(values)
    if not decimals or max(_places(decimals)):
        return list(values)
    return [int(value) if isinstance(value, Decimal) else value for value in values]


def _places(decimals: Iterable[Decimal]) -> list[int]:
    """Return how many decimal places finite numbers have."""
    return [max(0, -cast(int, number.as_tuple().exponent)) for number in decimals]


def _is_text_at_most(value: object) -> bool:
    """Return whether a value is a date, with its time or without, a period or a UUID."""
    return isinstance(value, date | UUID) or type(value).__name__ == "Period"


def _zone(values: Any) -> tzinfo | None:
    """Return the time zone of a column of pandas, polars or pyarrow, whose arrays are in UTC."""
    kind = getattr(values, "dtype", getattr(values, "type", None))
    zone = getattr(kind, "tz", getattr(kind, "time_zone", None))
    return zone if isinstance(zone, tzinfo) else zone_of(zone)


def _local(ticks: int, unit: str, zone: tzinfo) -> str:
    """Return the text of a moment; "" for one beyond Python's calendar, which is no id."""
    try:
        return moment_text(ticks, unit, zone)
    except BadCell:
        return ""


def _text(label: Any) -> str:
    """Return the text of a label: dates in ISO, whole numbers without a point; "" for none."""
    if is_missing(label):
        return ""
    if isinstance(label, float):
        return cell_text(label)
    if isinstance(label, bytes):
        return label.decode("utf-8", "backslashreplace")
    return str(label.isoformat() if hasattr(label, "isoformat") else label)


def _iso(text: str) -> str:
    """Return a moment with the fraction of its second as pandas writes it: none, 6 or 9 digits."""
    second, _, fraction = text.partition(".")
    fraction = fraction.ljust(9, "0")
    if not fraction.strip("0"):
        return second
    return f"{second}.{fraction[:6] if fraction.endswith('000') else fraction}"
