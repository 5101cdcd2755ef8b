"""Rows of float64 in an NPY file, written as they come, in whatever order, in flat memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.arrays import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEADER = 128
"""Bytes before the values: NumPy leaves room in a header for any number of rows."""
_BLOCK = 1 << 22
"""So many bytes are read at a time."""
_PIECE = 1 << 20
"""So many are written at a time: of more, Linux may look for larger pieces of memory for long."""


class Matrix:
    """A file whose rows have `width` values each; those that never come are 0."""

    def __init__(self, descriptor: int, width: int) -> None:
        self._descriptor, self._width = descriptor, width

    def put(self, rows: NDArray[np.int64], values: Array) -> None:
        """Write values, of shape (n, width), as the rows with these indices, which ascend."""
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        for first, part in zip(rows[np.r_[0, cuts]], np.split(values, cuts), strict=True):
            self._write(np.ascontiguousarray(part), int(first))

    def end(self, rows: int, *, vector: bool) -> None:
        """Write the header of so many rows; of a vector, which has one dimension."""
        shape = (rows,) if vector else (rows, self._width)
        header = BytesIO()
        described = {"descr": "<f8", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(header, described)
        text = header.getvalue()
        assert len(text) <= _HEADER, "a header of two dimensions has room"
        length = (_HEADER - 10).to_bytes(2, "little")
        padded = text[:8] + length + text[10:-1].ljust(_HEADER - 11) + b"\n"
        os.ftruncate(self._descriptor, _HEADER + 8 * rows * self._width)
        os.pwrite(self._descriptor, padded, 0)

    def blocks(self, rows: int) -> Iterator[tuple[int, Array]]:
        """Yield all of so many rows, some at a time, each with the index of its first one."""
        at_once = max(1, _BLOCK // (8 * self._width))
        for start in range(0, rows, at_once):
            values = np.zeros((min(at_once, rows - start), self._width))
            self._read(values, start)
            yield start, values

    def divide(self, rows: int, slope: float, divisor: int) -> None:
        """Multiply all values by the slope, and divide them."""
        for start, values in self.blocks(rows):
            with np.errstate(under="ignore"):
                if slope != 1.0:
                    np.multiply(values, slope, out=values)
                np.divide(values, divisor, out=values)
            self._write(values, start)

    def _write(self, values: Array, row: int) -> None:
        view = values.reshape(-1).view(np.uint8).data
        offset = _HEADER + 8 * row * self._width
        start, size = offset, len(view)
        while view:
            written = os.pwrite(self._descriptor, view[:_PIECE], offset)
            view, offset = view[written:], offset + written
        if size >= _PIECE:
            _send(self._descriptor, start, size)

    def _read(self, values: Array, row: int) -> None:
        view = values.reshape(-1).view(np.uint8).data
        offset = _HEADER + 8 * row * self._width
        while view and (read := os.preadv(self._descriptor, [view], offset)):
            view, offset = view[read:], offset + read


def _send(descriptor: int, offset: int, size: int) -> None:
    """Let the system begin to send a part of a file to the disk, where it can be told to.

    So there is little left to wait for at the end, when all of it has to be there.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(descriptor, offset, size, os.POSIX_FADV_DONTNEED)
