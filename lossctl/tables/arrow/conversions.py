"""Arrow's arrays as NumPy has them, and the other way round.

`to_numpy`, `pa.array` and `fill_null` import pandas, which takes longer than a small file does;
DLPack, which NumPy reads, and buffers import nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


def plain(array: Any) -> Any:
    """Return an array that is no dictionary; one of text had better stay what it is."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def as_numpy(array: Any) -> NDArray[Any]:
    """Return numbers, or true and false; the value of a null element is undefined."""
    if array.null_count:
        content = [None, array.buffers()[1]]
        array = pa.Array.from_buffers(array.type, len(array), content, offset=array.offset)
    if pa.types.is_boolean(array.type):  # a bit each, which neither DLPack nor NumPy has
        return np.from_dlpack(array.cast(pa.uint8())).view(np.bool_)
    return np.from_dlpack(array)


def filled(array: Any, missing: NDArray[np.bool_] | None, value: int) -> NDArray[Any]:
    """Return numbers, or true and false, with this value where one is missing."""
    found = as_numpy(array)
    return found if missing is None else np.where(missing, found.dtype.type(value), found)


def as_arrow(indices: NDArray[np.integer[Any]]) -> Any:
    """Return indices as an array of Arrow."""
    kind, content = pa.from_numpy_dtype(indices.dtype), pa.py_buffer(indices)
    return pa.Array.from_buffers(kind, len(indices), [None, content])


def missing_in(array: Any) -> NDArray[np.bool_] | None:
    """Return which elements of an array are null; None where none is."""
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        absent = as_numpy(array.indices.is_null())
        words = as_numpy(array.dictionary.is_null())
        found = absent | words[filled(array.indices, absent, 0)]
    elif array.null_count:
        found = as_numpy(array.is_null())
    else:
        return None
    return found if found.any() else None
