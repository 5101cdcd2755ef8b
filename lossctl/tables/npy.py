"""NPY files: read by spans into a reused buffer, never mapped, never unpickled."""

from __future__ import annotations

import ast
import threading
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.errors import DataError, ResourceError
from lossctl.tables.random_access import RandomAccessTable
from lossctl.tables.source import Source
from lossctl.tables.table import TableOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 1 << 16

_local = threading.local()


class Layout(NamedTuple):
    """What an NPY header says: element type, shape (n, k), order and where the values start."""

    dtype: np.dtype[Any]
    rows: int
    width: int
    fortran: bool
    offset: int


def _read_head(source: Source, size: int) -> bytes:
    content = b""
    while len(content) < size:
        part = source.read(size - len(content))
        if not part:
            raise DataError(f"{source.name}: the file ends inside its NPY header")
        content += part
    return content


def read_layout(source: Source) -> Layout:
    """Read and check the header of an NPY file; raise DataError for what is no table."""
    magic = _read_head(source, 8)
    if not magic.startswith(_MAGIC):
        raise DataError(f"{source.name}: not an NPY file", "its content contradicts its name")
    version = magic[6]
    if version not in (1, 2, 3) or magic[7] != 0:
        raise DataError(f"{source.name}: NPY version {version} is not known")
    length_bytes = 2 if version == 1 else 4
    length = int.from_bytes(_read_head(source, length_bytes), "little")
    if length > _LONGEST_HEADER:
        raise DataError(f"{source.name}: an NPY header of {length} bytes is too long")
    text = _read_head(source, length).decode("latin1" if version < 3 else "utf-8", "replace")
    try:
        header = ast.literal_eval(text.strip())
        descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
        dtype = np.dtype("O" if descr is None else descr)
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise DataError(f"{source.name}: the NPY header is damaged") from None
    _check_dtype(source.name, dtype)
    if not isinstance(fortran, bool):
        raise DataError(
            f"{source.name}: the NPY header is damaged: its order is neither true nor false"
        )
    rows, width = _check_shape(source.name, shape)
    offset = 8 + length_bytes + length
    _check_size(source, offset, prod(shape) * dtype.itemsize)
    return Layout(dtype, rows, width, fortran and width > 1, offset)


def _check_dtype(name: str, dtype: np.dtype[Any]) -> None:
    if dtype.hasobject:
        raise DataError(
            f"{name}: the array holds Python objects, which would have to be unpickled",
            "save numbers: np.save(path, array.astype(float))",
        )
    if dtype.kind not in "fiub" or dtype.itemsize > 8 or dtype.names or dtype.subdtype:
        raise DataError(f"{name}: elements of type {dtype} are not real numbers up to 64 bits")


def _check_shape(name: str, shape: object) -> tuple[int, int]:
    if not isinstance(shape, tuple) or not all(
        type(size) is int and 0 <= size < 1 << 63 for size in shape
    ):
        raise DataError(f"{name}: the NPY header is damaged: its shape is not one of an array")
    if len(shape) not in (1, 2):
        raise DataError(
            f"{name}: an array of {len(shape)} dimensions, shape {shape}",
            "a table has one or two: samples, components",
        )
    if 0 in shape:
        raise DataError(f"{name}: an empty array, shape {shape}")
    return shape[0], shape[1] if len(shape) == 2 else 1


def _check_size(source: Source, offset: int, size: int) -> None:
    if source.size is None:
        raise ResourceError(f"{source.name}: NPY is read from regular files, not from a pipe")
    actual = source.size - offset
    if actual != size:
        kind = "truncated" if actual < size else "followed by something else"
        raise DataError(
            f"{source.name}: the array is {kind}: {actual} bytes where its header says {size}"
        )


class NpyTable(RandomAccessTable):
    """An NPY file of one or two dimensions; (n,) is (n, 1)."""

    def __init__(self, path: str, options: TableOptions) -> None:
        self.path: str | None = path
        self._source = Source(path)
        self.layout = layout = read_layout(self._source)
        boolean = layout.dtype.kind == "b"
        super().__init__(self._source.name, layout.rows, layout.width, boolean)

    def elements(self, start: int, rows: int) -> NDArray[Any]:
        """Return a view of this thread's buffer, which its next call reuses."""
        layout, itemsize = self.layout, self.layout.dtype.itemsize
        size = rows * layout.width * itemsize
        buffer = getattr(_local, "buffer", None)
        if buffer is None or len(buffer) < size:
            buffer = _local.buffer = bytearray(size)
        view = memoryview(buffer)[:size]
        if layout.fortran:
            step = rows * itemsize
            for column in range(layout.width):
                first = layout.offset + (column * layout.rows + start) * itemsize
                self._source.read_into(view[column * step : (column + 1) * step], first)
            return np.frombuffer(view, layout.dtype).reshape(layout.width, rows).T
        self._source.read_into(view, layout.offset + start * layout.width * itemsize)
        return np.frombuffer(view, layout.dtype).reshape(rows, layout.width)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._source.close()
