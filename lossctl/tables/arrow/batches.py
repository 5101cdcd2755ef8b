"""Record batches to blocks, and the spans that are rows of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from lossctl.base.wording import counted
from lossctl.tables.arrow.conversions import as_numpy, filled, missing_in, plain
from lossctl.tables.arrow.decimals import nearest
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.schema import FileColumn, Kind
from lossctl.tables.arrow.texts import as_float64, text_of, values_of, words_of
from lossctl.tables.block import Block
from lossctl.tables.cells import NOT_EXACT, ROLES, SKIP, BadCell, number
from lossctl.tables.columnar import block_of, cell_text, numbers
from lossctl.tables.place import Place
from lossctl.tables.table import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Numbers(NamedTuple):
    """The elements of an array of numbers, or those of lists, of shape (rows, components)."""

    values: NDArray[Any]
    """Where one is missing, any number."""
    missing: NDArray[np.bool_] | None
    inexact: NDArray[np.object_] | None = None
    """Integers that float64 lacks, as texts; empty ones for other numbers."""

    def shaped(self, length: int) -> _Numbers:
        """Return them with so many components a row."""
        missing, inexact = self.missing, self.inexact
        return _Numbers(
            self.values.reshape(-1, length),
            None if missing is None else missing.reshape(-1, length),
            None if inexact is None else inexact.reshape(-1, length),
        )

    def component(self, index: int) -> _Numbers:
        """Return one component of each row."""
        missing, inexact = self.missing, self.inexact
        return _Numbers(
            self.values[:, index],
            None if missing is None else missing[:, index],
            None if inexact is None else inexact[:, index],
        )

    def beside_null_lists(self, absent: NDArray[np.bool_]) -> _Numbers:
        """Return the same of all rows: these are the components of those that are not absent."""
        shape = len(absent), self.values.shape[1]
        values = np.zeros(shape, self.values.dtype)
        values[~absent] = self.values
        missing = np.ones(shape, bool)
        missing[~absent] = False if self.missing is None else self.missing
        inexact = None
        if self.inexact is not None:
            inexact = np.full(shape, "", object)
            inexact[~absent] = self.inexact
        return _Numbers(values, missing, inexact)


def _numbers_of(array: Any, kind: Kind | None) -> _Numbers:
    array = plain(array)
    missing = missing_in(array)
    if kind is Kind.DECIMAL:
        values, inexact = nearest(array)
        return _Numbers(values, missing, inexact)
    return _Numbers(filled(array, missing, 0), missing)


class BatchReader(NamedTuple):
    """How record batches, which have the columns that are read, become blocks."""

    reading: Reading
    title: str
    width: int
    columns: tuple[FileColumn, ...]
    """Those of the batches."""
    positions: Mapping[int, int]
    """Where each column of the table stands among the values."""
    counted: range | None = None
    """The labels of an index that are read as a column behind all others."""

    def block(self, batch: Any, start: int) -> Block:
        """Return the rows of a batch, the first of which has the index `start`."""
        columns: list[NDArray[Any]] = [np.empty(0)] * self.width
        if self.counted is not None:
            rows = np.arange(start, start + batch.num_rows)
            columns.append(self.counted.start + self.counted.step * rows)
        place = self.reading.by_number(start)
        with reading(self.reading.file, self.title):
            for column, array in zip(self.columns, batch.columns, strict=True):
                if column.length is None:
                    columns[column.first] = self._flat(column, array, place)
                else:
                    columns[column.columns.start : column.columns.stop] = self._components(
                        column, array, place
                    )
        return block_of(columns, self._read_already(columns), start)

    def _read_already(self, columns: list[NDArray[Any]]) -> Reading:
        """Return what is read, where texts that were to be numbers are numbers already."""
        words = self.reading.selection.words
        left = {
            index: meaning
            for index, meaning in words.items()
            if meaning is not number or columns[index].dtype != np.float64
        }
        if len(left) == len(words):
            return self.reading
        return self.reading._replace(selection=self.reading.selection._replace(words=left))

    def _flat(self, column: FileColumn, array: Any, place: Place) -> NDArray[Any]:
        """Return the cells of a column without lists: numbers, or texts."""
        index, words = column.first, self.reading.selection.words
        missing = missing_in(array)
        if missing is not None:
            self._require_admitted(index, missing, place)
        meant_as_number = words.get(index) is number
        if column.kind is Kind.TEXT and meant_as_number and missing is None:
            found = as_float64(array)
            if found is not None:
                return found
        as_text = index in words or index not in self.positions
        if column.kind is Kind.NUMBER or (column.kind is Kind.DECIMAL and not as_text):
            return self._component(_numbers_of(array, column.kind), index, place)
        return self._texts(column, array, place)

    def _texts(self, column: FileColumn, array: Any, place: Place) -> NDArray[Any]:
        """Return the cells of a column as texts, empty ones for nulls."""
        if column.kind is Kind.TEXT:
            if not pa.types.is_dictionary(array.type):
                return _filled(array.to_pylist())
            words, which = words_of(array)
            found: NDArray[Any] = _filled(words)[which]
            return found
        text = text_of(column.kind, column.type)
        texts: list[str | None] = []
        for row, value in enumerate(values_of(array, column.kind)):
            try:
                texts.append(None if value is None else text(value))
            except BadCell as bad:
                role = self._role(column.first)
                if role is not None and ROLES[role].any_cell:
                    texts.append(str(value))
                    continue
                where = self.positions[column.first] if role is None else role
                raise place.error(row, where, bad.reason, bad.hint) from None
        return _filled(texts)

    def _components(self, column: FileColumn, array: Any, place: Place) -> list[NDArray[Any]]:
        """Return the columns of the components of lists."""
        length = column.length or 0
        array = plain(array)
        lengths = array.value_lengths()
        absent = as_numpy(lengths.is_null())
        counts = filled(lengths, absent, length)
        skip = self.reading.selection.skip
        for row in np.flatnonzero((counts != length) | (absent & (not skip)))[:1].tolist():
            reason = f"{counted(int(counts[row]), 'component')} where the first list has {length}"
            if absent[row]:
                reason = f"null is not a list of {counted(length, 'number')}"
            hint = SKIP if absent[row] else None
            raise place.spot(row).error(reason, hint, column=column.name, block_row=row)
        found = _numbers_of(array.flatten(), column.kind).shaped(length)
        if absent.any():
            found = found.beside_null_lists(absent)
        return [
            self._component(found.component(component), index, place)
            for component, index in enumerate(column.columns)
        ]

    def _component(self, found: _Numbers, index: int, place: Place) -> NDArray[Any]:
        """Return the numbers of one column; those that are missing as NaN, or as empty texts."""
        values, missing = found.values, found.missing
        position = self.positions.get(index)
        if position is None:
            if missing is not None and missing.any():
                values = values.astype(object)
                values[missing] = None
            return values
        if missing is not None and missing.any():
            self._require_admitted(index, missing, place)
        else:
            missing = None
        if found.inexact is not None:
            texts = found.inexact if missing is None else np.where(missing, "", found.inexact)
            for row in np.flatnonzero(texts != "")[:1].tolist():
                raise place.error(row, position, f"{texts[row]} {NOT_EXACT}", value=texts[row])
        if missing is None:
            return values
        if index in self.reading.selection.words:
            cells = map(cell_text, values.tolist())
            return _filled([None if no else cell for no, cell in zip(missing, cells, strict=True)])
        holes = numbers(values, place, position).astype(np.float64)
        holes[missing] = np.nan
        return holes

    def _role(self, index: int) -> str | None:
        beside = self.reading.selection.beside
        return next((role for role, column in beside.items() if column == index), None)

    def _require_admitted(self, index: int, missing: NDArray[np.bool_], place: Place) -> None:
        """Raise DataError for the first value that is missing where none may be."""
        row, role = int(np.argmax(missing)), self._role(index)
        if role is not None and ROLES[role].any_cell:
            return
        if role is not None:
            raise place.error(row, role, f"{ROLES[role].missing} (null)")
        if not self.reading.selection.skip:
            raise place.error(row, self.positions[index], "null is not a number", SKIP)


def _filled(texts: list[str | None]) -> NDArray[Any]:
    """Return texts as an array, empty ones for nulls."""
    return np.array(["" if text is None else text for text in texts], dtype=object)


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
