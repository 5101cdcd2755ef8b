"""The values of Arrow's types as the text of a cell, as ids and labels are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lossctl.base.arrays import Array
from lossctl.tables.arrow.conversions import as_arrow, as_numpy, plain
from lossctl.tables.arrow.schema import Kind
from lossctl.tables.cells import EXACT_BELOW, BadCell, label_text
from lossctl.tables.columnar import cell_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY = date(1970, 1, 1)
_DAY_MILLISECONDS = 86_400_000
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""How many of it are a second."""

Texts = list[str | None]
"""Those of an array; None for a null."""


def words_of(array: Any) -> tuple[Texts, NDArray[np.intp]]:
    """Return the words of a dictionary of texts that are used, and which of them each row has.

    So nothing is longer than the array, however long its words are and however many it has.
    """
    absent = as_numpy(array.indices.is_null())
    indices = as_numpy(array.indices)
    used, which = np.unique(indices[~absent], return_inverse=True)
    words: Texts = _takable(array.dictionary).take(as_arrow(used)).to_pylist()
    if not absent.any():
        return words, which
    whole = np.full(len(array), len(words))
    whole[~absent] = which
    return [*words, None], whole


def as_float64(array: Any) -> Array | None:
    """Return texts, none of them null, as numbers; None where one had better be read strictly."""
    which = None
    if pa.types.is_dictionary(array.type):
        used, which = np.unique(as_numpy(array.indices), return_inverse=True)
        array = _takable(array.dictionary).take(as_arrow(used))
    try:
        values: Array = as_numpy(_takable(array).cast(pa.float64()))
    except pa.ArrowException:
        return None
    # what float64 may not have exactly, and what is no finite number, is told by who reads cells
    if not (np.abs(values) < EXACT_BELOW).all():
        return None
    return values if which is None else values[which]


def _takable(texts: Any) -> Any:
    """Return texts in a type that can be taken from: string_view, as polars writes it, cannot."""
    return texts.cast(pa.large_string()) if pa.types.is_string_view(texts.type) else texts


def text_of(kind: Kind | None, type_: Any) -> Callable[[Any], str]:
    """Return the function from a value of an array, as `values_of` has it, to its text.

    The function raises BadCell for what has none.
    """
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if kind is Kind.MOMENT:
        return partial(_moment_text, type_)
    return _decimal_text if kind is Kind.DECIMAL else cell_text


def values_of(array: Any, kind: Kind | None) -> list[Any]:
    """Return the values of an array as Python has them, moments as integers."""
    if kind is Kind.MOMENT:
        array = plain(array)
        array = array.cast(pa.int32() if pa.types.is_date32(array.type) else pa.int64())
    values: list[Any] = array.to_pylist()
    return values


def _decimal_text(value: Any) -> str:
    return label_text(format(value, "f"))


def _moment_text(type_: Any, value: int) -> str:
    """Return the ISO text of a date, or of a date with its time of day, as pandas has it, too."""
    try:
        if pa.types.is_date32(type_):
            return (_DAY + timedelta(days=value)).isoformat()
        if pa.types.is_date64(type_):
            return (_DAY + timedelta(days=value // _DAY_MILLISECONDS)).isoformat()
        seconds, rest = divmod(value, _UNITS[type_.unit])
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        zone = _zone(type_.tz)
        moment = moment.replace(tzinfo=None) if zone is None else moment.astimezone(zone)
    except OverflowError:
        raise BadCell("a date that is not in the years 1 to 9999 is no id") from None
    whole = moment.isoformat(timespec="seconds")
    return f"{whole[:19]}{_fraction(rest, _UNITS[type_.unit])}{whole[19:]}"


def _fraction(part: int, whole: int) -> str:
    """Return the fraction of a second: none, six digits, or nine where six are not enough."""
    nanoseconds = part * (_UNITS["ns"] // whole)
    if not nanoseconds:
        return ""
    return f".{nanoseconds:09d}" if nanoseconds % 1000 else f".{nanoseconds // 1000:06d}"


@lru_cache
def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        zone: tzinfo = pa.lib.string_to_tzinfo(name)
    except pa.ArrowException:
        raise BadCell(f"the time zone {name!r} is not known here") from None
    return zone
