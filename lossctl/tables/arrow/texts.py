"""The values of Arrow's types as the text of a cell, as ids and labels are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lossctl.base.arrays import Array
from lossctl.tables.arrow.conversions import as_arrow, as_numpy, plain
from lossctl.tables.arrow.schema import Kind
from lossctl.tables.cells import EXACT_BELOW, label_text
from lossctl.tables.columnar import cell_text
from lossctl.tables.moments import moment_text, out_of_range, zone_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY = date(1970, 1, 1)
_DAY_MILLISECONDS = 86_400_000

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
    except OverflowError:
        raise out_of_range() from None
    return moment_text(value, type_.unit, zone_of(type_.tz))
