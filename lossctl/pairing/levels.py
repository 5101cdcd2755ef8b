"""Labels of an index, an array a level: which are the same, and what they are as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from lossctl.tables.cells import EXACT_BELOW, any_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}($|[ T][0-9]{2}:)")
_TIME = re.compile(
    r"(?P<clock>[0-9]{2}:[0-9]{2})(?P<seconds>:[0-9]{2})?(?P<fraction>\.[0-9]+)?"
    r"(?P<zone>Z|[-+][0-9]{2}:?[0-9]{2})?"
)

Levels: TypeAlias = "Sequence[NDArray[Any]]"
"""Labels of some rows, an array a level."""


def same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Return whether labels are equal for certain; missing ones are."""
    kinds = {first.dtype.kind, second.dtype.kind}
    if kinds <= set("iufb") or kinds in ({"M"}, {"m"}):
        return np.array_equal(first, second, equal_nan=True)
    try:
        return bool(first.tolist() == second.tolist())
    except (TypeError, ValueError):  # of a label that compares in a way of its own
        return False


def whole_numbers(level: NDArray[Any]) -> NDArray[np.int64] | None:
    """Return labels as whole numbers, whatever their type; None if one is none."""
    if level.dtype.kind in "iu":
        return level.astype(np.int64)
    with suppress(TypeError, ValueError, OverflowError):
        numbers = level.astype(np.float64)
        if (np.abs(numbers) < EXACT_BELOW).all() and (numbers == np.floor(numbers)).all():
            return numbers.astype(np.int64)
    return None


def as_numbers(level: NDArray[Any]) -> NDArray[Any]:
    """Return labels that are texts of whole numbers as these; others as they are.

    So are numbers some of which have fractions, as Python writes them; 3.0 may be written 3.
    """
    if level.dtype.kind == "S":
        with suppress(ValueError, OverflowError):
            numbers = level.astype(np.int64)
            if np.array_equal(numbers.astype(level.dtype), level):
                return numbers
        with suppress(ValueError):
            measured: NDArray[np.float64] = level.astype(np.float64)
            texts = zip(level.tolist(), measured.tolist(), strict=True)
            finite = bool(np.isfinite(measured).all())
            fractions = finite and not np.array_equal(measured, np.floor(measured))
            if fractions and all(_is_written(text, number) for text, number in texts):
                return measured
    return level


def _is_written(text: bytes, number: float) -> bool:
    return text.decode() in (str(number), str(number).removesuffix(".0"))


def texts(levels: Levels, *, one_form: bool = False) -> list[str]:
    """Return labels as texts, moments in one form if that is wanted.

    Those of several levels are tuples of texts.
    """
    from lossctl.tables.memory_texts import texts_of

    columns = list(map(texts_of, levels))
    if one_form:
        columns = [list(map(without_midnight, column)) for column in columns]
    return columns[0] if len(columns) == 1 else list(map(str, zip(*columns, strict=True)))


def encoded(labels: Sequence[str]) -> NDArray[np.bytes_]:
    """Return texts as ids, of which hashes are taken."""
    return np.array([any_bytes(label) for label in labels], np.bytes_)


def is_moment(text: str) -> bool:
    """Return whether a text begins as a date, or a date and a time, that a tool wrote."""
    return _MOMENT.match(text) is not None


def without_midnight(text: str) -> str:
    """Return a moment as each tool writes it in one form: as a date where it is midnight.

    It has seconds, but no zeros at the end of their fraction, and with a zone it is in UTC.
    """
    if not is_moment(text):
        return text
    day, time = text[:10], _TIME.fullmatch(text[11:])
    if time is None:
        return f"{day}T{text[11:]}".removesuffix("T")
    start, zone = f"{day}T{time['clock']}{time['seconds'] or ':00'}", time["zone"]
    if zone:
        start, zone = _in_utc(start, zone)
    return f"{start}{(time['fraction'] or '').rstrip('0.')}{zone or ''}".removesuffix("T00:00:00")


def _in_utc(moment: str, zone: str) -> tuple[str, str]:
    """Return the text of a moment of a zone, Z or one such as +02:00, and its zone, in UTC."""
    if zone != "Z":
        with suppress(ValueError, OverflowError):  # of no date, or not in the years 1 to 9999
            there = datetime.fromisoformat(moment + zone)
            return there.astimezone(UTC).replace(tzinfo=None).isoformat(), "Z"
    return moment, zone
