"""Parquet and Arrow IPC (Feather): read by pyarrow, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.registry import missing
from lossctl.base.wording import visible
from lossctl.tables.block import Block, Joined, Place
from lossctl.tables.cells import SKIP
from lossctl.tables.columnar import ColumnarTable, cell_text, numbers
from lossctl.tables.streams.source import Source, regular
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import HEAD, Selection, TableOptions, unique_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_ROWS = 1 << 12
"""Of a batch: fewer cost more than they weigh."""
_BUFFER = 1 << 20

Batches = Callable[[list[str], int], Iterator[Any]]
"""Yields the record batches of some columns, of about so many rows if they can be cut at will."""


def open_parquet(stream: Stream, options: TableOptions) -> ArrowTable:
    """Return the table in a Parquet file; its row groups are never in memory as a whole."""
    source = regular(stream, "Parquet")
    pa = _pyarrow(source)
    from pyarrow.parquet import ParquetFile

    with _reading(source, "Parquet"):
        file = ParquetFile(
            _file(pa, source),
            buffer_size=_BUFFER,
            pre_buffer=False,
            page_checksum_verification=True,
        )

    def batches(names: list[str], rows: int) -> Iterator[Any]:
        for batch in file.iter_batches(rows, columns=names):
            yield batch.select(names)  # "a.b" is also what pyarrow calls the field b of a struct a

    return ArrowTable(source, "Parquet", file.schema_arrow, file.metadata.num_rows, batches)


def open_feather(stream: Stream, options: TableOptions) -> ArrowTable:
    """Return the table in an Arrow IPC file, which Feather is; one batch at a time is in memory."""
    source = regular(stream, "Arrow IPC")
    pa = _pyarrow(source)
    with _reading(source, "Arrow IPC"):
        reader = pa.ipc.open_file(_file(pa, source))
        schema = reader.schema

    def batches(names: list[str], rows: int) -> Iterator[Any]:
        for index in range(reader.num_record_batches):
            batch = reader.get_batch(index)
            batch.validate(full=True)
            yield batch.select(names)

    return ArrowTable(source, "Arrow IPC", schema, None, batches, count=reader.num_record_batches)


def _pyarrow(source: Source) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise missing("arrow", f"{source.name}: reading it takes pyarrow") from None
    return pyarrow


def _file(pa: Any, source: Source) -> Any:
    """Return the file that is open already for pyarrow, which reads it without Python."""
    return pa.OSFile(f"/dev/fd/{source.descriptor}")


@contextmanager
def _reading(source: Source, title: str) -> Iterator[None]:
    """Say of which file an error of pyarrow is, and whether the system or the file is to blame."""
    import pyarrow as pa

    try:
        yield
    except pa.ArrowMemoryError as error:
        raise ResourceError(
            f"{source.name}: not enough memory for what it says it holds ({visible(str(error))})",
            "is the file complete and undamaged?",
        ) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise ResourceError(f"{source.name}: {error.strerror}") from None
        reason = visible(str(error).partition("\n")[0])
        raise DataError(f"{source.name}: not a sound {title} file ({reason})") from None


class ArrowTable(ColumnarTable):
    """Named columns of numbers, true and false, or text, in record batches."""

    columns: tuple[str, ...]

    def __init__(
        self,
        source: Source,
        title: str,
        schema: Any,
        rows: int | None,
        batches: Batches,
        *,
        count: int = 0,
    ) -> None:
        """`rows` is None where only the `count` of the batches is known."""
        self._count = count
        self._source = source
        self._title = title
        self._schema = schema
        self._expected = rows
        self._batches = batches
        with _reading(source, title):
            names = schema.names
        self.columns = unique_names(names, source.name)
        if not self.columns:
            raise DataError(f"{source.name}: a table without columns")
        super().__init__(source.name, len(self.columns))

    def select(self, selection: Selection) -> None:
        """Read these columns from here on, and no others."""
        super().select(selection)
        wanted = {*selection.values, *([] if selection.id is None else [selection.id])}
        self._names = [self.columns[index] for index in sorted(wanted)]
        self._indices = sorted(wanted)
        self._coming: Iterator[Any] | None = None
        self._rest: Any = None
        self._start = self._begun = 0

    def _checked_batches(self, size: int) -> Iterator[Any]:
        rows = 0
        for index in self._indices:
            _require_readable(self._schema.field(index), self.name)
        with _reading(self._source, self._title):
            for batch in self._batches(self._names, size):
                rows += batch.num_rows
                self._begun += 1
                yield batch
        if self._expected not in (None, rows):
            raise DataError(f"{self.name}: {rows} rows where its end says {self._expected}")
        if not rows:
            raise DataError(f"{self.name}: there is no row in it")

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text; that of a null is empty."""
        with _reading(self._source, self._title):
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
                spans.append(BatchSpan(self, part, self._start))
                self._start += part.num_rows
                rows -= part.num_rows
        return Joined(tuple(spans)) if spans else None

    def arrays(self, batch: Any, start: int) -> list[NDArray[Any]]:
        """Return the columns of a batch; those that are not read are empty."""
        found: list[NDArray[Any]] = [np.empty(0)] * self.width
        place = self.place(start)
        for index, array in zip(self._indices, batch.columns, strict=True):
            found[index] = self._array(array, index, place)
        return found

    def _array(self, array: Any, index: int, place: Place) -> NDArray[Any]:
        import pyarrow as pa

        if pa.types.is_dictionary(array.type):
            # string_view, as polars writes it, cannot be decoded as it is
            words = array.dictionary
            words = words.cast(pa.string()) if _is_text(words.type) else words
            array = pa.DictionaryArray.from_arrays(array.indices, words).dictionary_decode()
        is_id = index == self.selection.id
        if array.null_count and (is_id or not self.selection.skip):
            position = -1 if is_id else self.selection.values.index(index)
            row = int(np.argmax(array.is_null().to_numpy(zero_copy_only=False)))
            what = "an id is missing (null)" if is_id else "null is not a number"
            raise place.error(row, position, what, None if is_id else SKIP)
        if array.null_count and index not in self.selection.words and not _is_text(array.type):
            return _with_nan(array, self.selection.values.index(index), place)
        if array.null_count:
            texts = ["" if value is None else cell_text(value) for value in array.to_pylist()]
            return np.array(texts, dtype=object)
        if _is_text(array.type):
            with _reading(self._source, self._title):
                return np.array(array.to_pylist(), dtype=object)
        found: NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return found

    def progress(self) -> float:
        """Return what part of the rows was taken, or of Feather, of the batches begun."""
        if self._expected is None:
            return self._begun / max(self._count, 1)
        return self._start / max(self._expected, 1)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._source.close()


def _with_nan(array: Any, position: int, place: Place) -> NDArray[Any]:
    """Return numbers, some of them null, as float64 with NaN for these."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null(False if array.type == "bool" else 0).to_numpy(zero_copy_only=False)
    values = numbers(filled, place, position).astype(np.float64)
    values[missing] = np.nan
    return values


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _require_readable(field: Any, name: str) -> None:
    import pyarrow as pa

    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    known = pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)
    if not (known or _is_text(kind)):
        raise DataError(
            f"{name}: column {visible(field.name)!r}: values of type {visible(str(field.type))} "
            "are neither numbers nor text"
        )


class BatchSpan(NamedTuple):
    """Some rows of a record batch."""

    table: ArrowTable
    batch: Any
    start: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.batch.num_rows)

    def load(self, rows: int) -> Block:
        """Return the first `rows` of them, or all."""
        arrays = self.table.arrays(self.batch.slice(0, rows), self.start)
        return self.table.block(arrays, self.start)
