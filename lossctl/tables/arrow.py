"""Parquet and Arrow IPC (Feather): read by pyarrow, batch by batch."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pyarrow as pa

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import visible
from lossctl.tables.block import Block, Joined
from lossctl.tables.cells import ROLES, SKIP
from lossctl.tables.columnar import ColumnarTable, block_of, cell_text, numbers
from lossctl.tables.pandas_index import noted
from lossctl.tables.place import Place, Spot
from lossctl.tables.streams.stream import Stream, regular
from lossctl.tables.table import HEAD, Reading, Selection, TableOptions, unique_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_ROWS = 1 << 12
"""Of a batch: fewer cost more than they weigh."""
_BUFFER = 1 << 20


@contextmanager
def _reading(name: str, title: str) -> Iterator[None]:
    """Say of which file an error of pyarrow is, and whether the system or the file is to blame."""
    try:
        yield
    except pa.ArrowMemoryError as error:
        raise ResourceError(
            f"{name}: not enough memory for what it says it holds ({visible(str(error))})",
            "is the file complete and undamaged?",
        ) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise ResourceError(f"{name}: {error.strerror}") from None
        reason = visible(str(error).partition("\n")[0])
        raise DataError(f"not a sound {title} file ({reason})", file=name) from None


class ArrowTable(ColumnarTable):
    """Named columns of numbers, true and false, or text, in record batches."""

    title: ClassVar[str]
    """What messages call the format."""
    columns: tuple[str, ...]
    _expected: int | None = None
    """How many rows the file says it has, where it does."""

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        source = regular(stream, self.title)
        self.stream = source
        with _reading(source.name, self.title):
            # The file is open already, and pyarrow reads it without Python.
            self._file = pa.OSFile(f"/dev/fd/{source.descriptor}")
            self._schema = self._open()
            names = self._schema.names
        self.columns = unique_names(names, Spot(source.name))
        if not self.columns:
            raise DataError("a table without columns", file=source.name)
        note = noted((self._schema.metadata or {}).get(b"pandas"), self.columns)
        self.index_names, self.index_range = note
        kinds = (self._schema.field(self.columns.index(name)).type for name in note.names)
        self.index_readable = all(_is_readable(kind) or _is_moment(kind) for kind in kinds)
        super().__init__(source.name, len(self.columns))

    @abstractmethod
    def _open(self) -> Any:
        """Open the file as one of the format; return its schema."""

    @abstractmethod
    def _batches(self, names: list[str], rows: int) -> Iterator[Any]:
        """Yield the record batches of some columns, of about so many rows if they can be cut."""

    def select(self, selection: Selection) -> None:
        """Read these columns from here on, and no others."""
        super().select(selection)
        self._reader = BatchReader(self.reading, self.title, self.width)
        self._coming: Iterator[Any] | None = None
        self._rest: Any = None
        self._start = self._begun = 0

    def _checked_batches(self, size: int) -> Iterator[Any]:
        rows = 0
        indices = self.reading.selection.columns()
        beside = self.reading.selection.beside
        looked_at = {column for role, column in beside.items() if ROLES[role].as_it_lies}
        for index in indices:
            if index not in looked_at:
                _require_readable(self._schema.field(index), self.name)
        with _reading(self.name, self.title):
            for batch in self._batches([self.columns[index] for index in indices], size):
                rows += batch.num_rows
                self._begun += 1
                yield batch
        if self._expected not in (None, rows):
            raise DataError(f"{rows} rows where its end says {self._expected}", file=self.name)
        if not rows:
            raise DataError("there is no row in it", file=self.name)

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text; that of a null is empty."""
        with _reading(self.name, self.title):
            for batch in self._batches([self.columns[column] for column in columns], HEAD):
                for row in range(min(HEAD, batch.num_rows)):
                    values = (array[row].as_py() for array in batch.columns)
                    yield ["" if value is None else cell_text(value) for value in values]
                if batch.num_rows:
                    return
        yield [""] * len(columns)

    def take(self, rows: int) -> Joined | None:
        """Return the next rows, from as many batches as it takes."""
        if self._coming is None:
            self._coming = self._checked_batches(max(rows, _LEAST_ROWS))
        spans = []
        while rows:
            if self._rest is None or not self._rest.num_rows:
                self._rest = next(self._coming, None)
                if self._rest is None:
                    break
            part = self._rest.slice(0, rows)
            self._rest = self._rest.slice(part.num_rows)
            if part.num_rows:
                spans.append(BatchSpan(self._reader, part, self._start))
                self._start += part.num_rows
                rows -= part.num_rows
        return Joined(tuple(spans)) if spans else None

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._file.close()
        super().close()


class ParquetTable(ArrowTable):
    """A Parquet file; its row groups are never in memory as a whole."""

    title = "Parquet"

    def _open(self) -> Any:
        from pyarrow.parquet import ParquetFile

        self._parquet = ParquetFile(
            self._file, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True
        )
        self._expected = int(self._parquet.metadata.num_rows)
        return self._parquet.schema_arrow

    def _batches(self, names: list[str], rows: int) -> Iterator[Any]:
        for batch in self._parquet.iter_batches(rows, columns=names):
            yield batch.select(names)  # "a.b" is also what pyarrow calls the field b of a struct a

    def progress(self) -> float:
        """Return what part of the rows was taken."""
        return self._start / max(self._expected or 0, 1)


class FeatherTable(ArrowTable):
    """An Arrow IPC file, which Feather is; one batch at a time is in memory."""

    title = "Arrow IPC"

    def _open(self) -> Any:

        self._ipc = pa.ipc.open_file(self._file)
        return self._ipc.schema

    def _batches(self, names: list[str], rows: int) -> Iterator[Any]:
        for index in range(self._ipc.num_record_batches):
            batch = self._ipc.get_batch(index)
            batch.validate(full=True)
            yield batch.select(names)

    def progress(self) -> float:
        """Return what part of the batches was begun."""
        return self._begun / max(int(self._ipc.num_record_batches), 1)


class BatchReader(NamedTuple):
    """How record batches, which have the columns that are read, become blocks."""

    reading: Reading
    title: str
    width: int

    def block(self, batch: Any, start: int) -> Block:
        """Return the rows of a batch, the first of which has the index `start`."""
        columns: list[NDArray[Any]] = [np.empty(0)] * self.width
        indices = self.reading.selection.columns()
        for index, array in zip(indices, batch.columns, strict=True):
            columns[index] = self._array(array, index, start)
        return block_of(columns, self.reading, start)

    def _array(self, array: Any, index: int, start: int) -> NDArray[Any]:
        if pa.types.is_dictionary(array.type):
            # string_view, as polars writes it, cannot be decoded as it is
            words = array.dictionary
            words = words.cast(pa.string()) if _is_text(words.type) else words
            array = pa.DictionaryArray.from_arrays(array.indices, words).dictionary_decode()
        if array.null_count:
            return self._with_nulls(array, index, start)
        if _is_text(array.type):
            with _reading(self.reading.file, self.title):
                return np.array(array.to_pylist(), dtype=object)
        values: NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return values

    def _with_nulls(self, array: Any, index: int, start: int) -> NDArray[Any]:
        """Return an array in which nulls are NaN or empty; raise DataError where none may be."""
        selection, place = self.reading.selection, self.reading.by_number(start)
        row = int(np.argmax(array.is_null().to_numpy(zero_copy_only=False)))
        for role, column in selection.beside.items():
            if column == index and not ROLES[role].any_cell:
                raise place.error(row, role, f"{ROLES[role].missing} (null)")
        if index not in selection.values:
            return np.array(array.to_pylist(), dtype=object)
        position = selection.values.index(index)
        if not selection.skip:
            raise place.error(row, position, "null is not a number", SKIP)
        if index in selection.words or _is_text(array.type):
            texts = ["" if value is None else cell_text(value) for value in array.to_pylist()]
            return np.array(texts, dtype=object)
        return _with_nan(array, position, place)


def _with_nan(array: Any, position: int, place: Place) -> NDArray[Any]:
    """Return numbers, some of them null, as float64 with NaN for these."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null(False if array.type == "bool" else 0).to_numpy(zero_copy_only=False)
    values = numbers(filled, place, position).astype(np.float64)
    values[missing] = np.nan
    return values


def _is_text(kind: Any) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _is_readable(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    known = pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)
    return bool(known) or _is_text(kind)


def _is_moment(kind: Any) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def _require_readable(field: Any, name: str) -> None:
    if not _is_readable(field.type):
        raise DataError(
            f"column {visible(field.name)!r}: values of type {visible(str(field.type))} "
            "are neither numbers nor text",
            file=name,
        )


class BatchSpan(NamedTuple):
    """Some rows of a record batch."""

    reader: BatchReader
    batch: Any
    start: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.batch.num_rows)

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        return self.reader.block(self.batch.slice(0, rows), self.start)

    def __reduce__(self) -> tuple[Any, ...]:

        sink = pa.BufferOutputStream()  # pyarrow itself would send the whole batch with each slice
        with pa.ipc.new_stream(sink, self.batch.schema) as stream:
            stream.write_batch(self.batch)
        return _arrived, (self.reader, sink.getvalue().to_pybytes(), self.start)


def _arrived(reader: BatchReader, content: bytes, start: int) -> BatchSpan:
    """Return a span that came from another process."""
    with pa.ipc.open_stream(content) as stream:
        return BatchSpan(reader, stream.read_next_batch(), start)
