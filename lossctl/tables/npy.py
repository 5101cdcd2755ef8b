"""NPY: files by spans, streams from front to end; never unpickled."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.block import Block
from lossctl.tables.columnar import Arrays, ArraysSpan, ColumnarTable, block_of, cell_text
from lossctl.tables.random_access import RandomAccessTable
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled
from lossctl.tables.table import HEAD, NoRows, Reading, TableOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONGEST_HEADER = 1 << 16
_MOST_COLUMNS = 1 << 22
_HEAD_BYTES = 1 << 20
_TEXT = "US"
"""The kinds of elements that are text, of a fixed number of characters or bytes."""
_LAST_CHARACTER = 0x10FFFF


class Layout(NamedTuple):
    """What an NPY header says: element type, shape (n, k), order and where the values start."""

    dtype: np.dtype[Any]
    rows: int
    width: int
    fortran: bool
    offset: int
    is_vector: bool = False
    """It has one dimension."""

    @property
    def row_bytes(self) -> int:
        """Return how many bytes a row takes."""
        return self.width * self.dtype.itemsize

    @property
    def size(self) -> int:
        """Return how many bytes the values take."""
        return self.rows * self.row_bytes

    @property
    def text_columns(self) -> range:
        """Return the columns whose elements are text: all, or none."""
        return range(self.width if self.dtype.kind in _TEXT else 0)


def open_npy(stream: Stream, options: TableOptions) -> ColumnarTable:
    """Return the table in an NPY file or stream.

    Raises DataError for what is no table, and for a file that is longer or shorter than its
    header says.
    """
    layout = read_layout(stream)
    if isinstance(stream, Source) and stream.size is not None:
        _check_size(stream.name, stream.size - layout.offset, layout.size)
        return NpyTable(stream, stream, layout)
    if layout.fortran:
        return NpyTable(stream, _spooled(stream, layout), layout._replace(offset=0))
    return NpyStream(stream, layout)


def _spooled(stream: Stream, layout: Layout) -> Source:
    """Return an unnamed temporary file with the values: their rows are all over the stream."""
    from tempfile import TemporaryFile

    with TemporaryFile() as file:
        while part := stream.read(1 << 20):
            file.write(part)
            if file.tell() > layout.size:
                break
        file.flush()
        stream.source.check()
        _check_size(stream.name, file.tell(), layout.size)
        source = Source(f"/dev/fd/{file.fileno()}", own=True)
    source.name = stream.name
    return source


def _read_head(stream: Stream, size: int) -> bytes:
    content = filled(stream, size)
    if len(content) < size:
        raise DataError("the file ends inside its NPY header", file=stream.name)
    return content


def read_layout(stream: Stream) -> Layout:
    """Read and check the header of an NPY file; raise DataError for what is no table."""
    magic = _read_head(stream, 8)
    if not magic.startswith(magics.NPY):
        raise DataError("not an NPY file", "its content contradicts its name", file=stream.name)
    version = magic[6]
    if version not in (1, 2, 3) or magic[7] != 0:
        raise DataError(f"NPY version {version} is not known", file=stream.name)
    length_bytes = 2 if version == 1 else 4
    length = int.from_bytes(_read_head(stream, length_bytes), "little")
    if length > _LONGEST_HEADER:
        raise DataError(f"an NPY header of {length} bytes is too long", file=stream.name)
    text = _read_head(stream, length).decode("latin1" if version < 3 else "utf-8", "replace")
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            header = ast.literal_eval(text)
        descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
        dtype = np.dtype("O" if descr is None else descr)
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise DataError("the NPY header is damaged", file=stream.name) from None
    _check_dtype(stream.name, dtype)
    if not isinstance(fortran, bool):
        raise DataError(
            "the NPY header is damaged: its order is neither true nor false", file=stream.name
        )
    rows, width = _check_shape(stream.name, shape)
    offset = 8 + length_bytes + length
    return Layout(dtype, rows, width, fortran and width > 1, offset, len(shape) == 1)


def _check_dtype(name: str, dtype: np.dtype[Any]) -> None:
    if dtype.hasobject:
        raise DataError(
            "the array holds Python objects, which would have to be unpickled",
            "save numbers: np.save(path, np.asarray(array, dtype=float)); if they are labels, save "
            "them with dtype=str",
            file=name,
        )
    if dtype.kind in _TEXT and dtype.itemsize:
        return
    if dtype.kind == "V" and dtype.itemsize <= 2 and not (dtype.names or dtype.subdtype):
        raise DataError(
            f"elements of type {dtype}, which NPY does not name: bfloat16, or smaller ones of "
            "ml_dtypes",
            "save them as float32, which holds them all: np.save(path, array.astype(np.float32))",
            file=name,
        )
    if dtype.kind not in "fiub" or dtype.itemsize > 8 or dtype.names or dtype.subdtype:
        raise DataError(f"elements of type {dtype} are not real numbers up to 64 bits", file=name)


def _check_shape(name: str, shape: object) -> tuple[int, int]:
    if not isinstance(shape, tuple) or not all(
        type(size) is int and 0 <= size < 1 << 63 for size in shape
    ):
        raise DataError("the NPY header is damaged: its shape is not one of an array", file=name)
    if len(shape) not in (1, 2):
        raise DataError(
            f"an array of {len(shape)} dimensions, shape {shape}",
            "a table has one or two: samples, components",
            file=name,
        )
    if shape[0] == 0 and 0 not in shape[1:]:  # an empty list has no columns to speak of
        width = shape[1] if len(shape) == 2 else None
        raise NoRows(f"an empty array, shape {shape}", file=name, width=width)
    if 0 in shape:
        raise DataError(f"an empty array, shape {shape}", file=name)
    if len(shape) == 2 and shape[1] > _MOST_COLUMNS:
        raise DataError(f"an array of {shape[1]} columns; {_MOST_COLUMNS} are the most", file=name)
    return shape[0], shape[1] if len(shape) == 2 else 1


def _check_size(name: str, actual: int, size: int) -> None:
    if actual != size:
        kind = "truncated" if actual < size else "followed by something else"
        raise DataError(
            f"the array is {kind}: {actual} bytes where its header says {size}", file=name
        )


class NpyTable(RandomAccessTable):
    """An NPY file of one or two dimensions; (n,) is (n, 1)."""

    def __init__(self, stream: Stream, source: Source, layout: Layout) -> None:
        """`source` has the values: the stream itself, or a file that it was copied to."""
        self.stream = stream
        self._source = source
        self._layout = layout
        super().__init__(stream.name, layout.rows, layout.width)
        self.text_columns = layout.text_columns
        self.is_vector = layout.is_vector

    def row_size(self) -> int:
        """Return how many bytes a row takes at most while it is read."""
        return max(super().row_size(), self._layout.row_bytes)

    def arrays(self, start: int, rows: int) -> Arrays:
        """Read the columns of some rows."""
        return read_columns(self._source, self._layout, start, rows)

    def sources(self) -> set[Source]:
        """Return the file, and the copy of its values where there is one."""
        return {self._source} if self.stream is None else {self._source, self.stream.source}

    def span(self, start: int, rows: int) -> NpySpan:
        """Return some rows as a span, still where they lie."""
        return NpySpan(self.reading, self._source, self._layout, start, rows)


class NpySpan(NamedTuple):
    """Some rows of a file, still where they lie."""

    reading: Reading
    source: Source
    layout: Layout
    start: int
    rows: int

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        columns = read_columns(self.source, self.layout, self.start, rows)
        return block_of(columns, self.reading, self.start)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.source.nameless:  # nobody else can open it: its values go instead
            columns = read_columns(self.source, self.layout, self.start, self.rows)
            return ArraysSpan, (self.reading, columns, self.start, self.rows)
        return NpySpan, tuple(self)


def read_columns(source: Source, layout: Layout, start: int, rows: int) -> NDArray[Any]:
    """Read some rows, the first of which has the index `start`; shape (columns, rows)."""
    content = np.empty(rows * layout.row_bytes, np.uint8)
    view = content.data
    if layout.fortran:
        step = rows * layout.dtype.itemsize
        for column in range(layout.width):
            first = layout.offset + (column * layout.rows + start) * layout.dtype.itemsize
            source.read_into(view[column * step : (column + 1) * step], first)
        return _elements(view, layout, source.name).reshape(layout.width, rows)
    source.read_into(view, layout.offset + start * layout.row_bytes)
    return _elements(view, layout, source.name).reshape(rows, layout.width).T


def _elements(content: bytes | memoryview, layout: Layout, name: str) -> NDArray[Any]:
    """Return bytes as elements; raise DataError for text with characters that there are none."""
    elements = np.frombuffer(content, layout.dtype)
    if layout.dtype.kind == "U":
        characters = elements.view(np.dtype(np.uint32).newbyteorder(layout.dtype.byteorder))
        if (characters > _LAST_CHARACTER).any():
            raise DataError("an element is no text in Unicode: the array is damaged", file=name)
    return elements


class NpyStream(ColumnarTable):
    """An NPY array of one or two dimensions in C order that is read from front to end."""

    def __init__(self, stream: Stream, layout: Layout) -> None:
        super().__init__(stream.name, layout.width)
        self._layout = layout
        self.text_columns = layout.text_columns
        self.is_vector = layout.is_vector
        rows = min(HEAD, layout.rows, max(1, _HEAD_BYTES // layout.row_bytes))
        content = self._read(stream, rows * layout.row_bytes, 0)
        self._head = _elements(content, layout, self.name).reshape(rows, layout.width)
        self.stream: Stream = Rewound(content, stream)
        self._next = 0

    def row_size(self) -> int:
        """Return how many bytes a row takes at most while it is read."""
        return max(super().row_size(), self._layout.row_bytes)

    def _read(self, stream: Stream, size: int, start: int) -> bytes:
        """Return the next bytes, the last of them only if the stream ends there."""
        content = filled(stream, size)
        end = start + len(content)
        if len(content) < size:
            _check_size(self.name, end, self._layout.size)
        return content

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the elements of these columns in the first rows, as text."""
        for row in self._head:
            yield [cell_text(row[column].item()) for column in columns]

    def take(self, rows: int) -> ArraysSpan | None:
        """Return the next rows as a span that holds them."""
        layout, start = self._layout, self._next
        rows = min(rows, layout.rows - start)
        if not rows:
            return None
        content = self._read(self.stream, rows * layout.row_bytes, start * layout.row_bytes)
        self._next += rows
        if self._next == layout.rows:
            beyond = len(filled(self.stream, 1))
            _check_size(self.name, layout.size + beyond, layout.size)
        elements = _elements(content, layout, self.name).reshape(rows, layout.width)
        return ArraysSpan(self.reading, elements.T, start, rows)

    def progress(self) -> float:
        """Return what part of the rows was taken."""
        return self._next / self._layout.rows
