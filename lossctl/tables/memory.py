"""Arrays and data frames in memory as tables, for those who call `lossctl.evaluate` with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.tables.cells import EXACT_BELOW, BadCell, way_as_ids
from lossctl.tables.column_names import unique_names
from lossctl.tables.columnar import Arrays, ArraysSpan, cell_text
from lossctl.tables.lists import Spread
from lossctl.tables.memory_lists import (
    array_of,
    float_of,
    holds_lists,
    may_be_changed,
    rows_of_lists,
)
from lossctl.tables.memory_texts import (
    TextColumn,
    array_of_all,
    is_missing,
    texts_of,
    with_whole_numbers,
)
from lossctl.tables.pandas_index import index_of, levels_of, note_of
from lossctl.tables.place import Spot
from lossctl.tables.random_access import RandomAccessTable
from lossctl.tables.table import HEAD, Reading, Selection

if TYPE_CHECKING:
    from numpy.typing import NDArray


class MemoryTable(RandomAccessTable):
    """Anything NumPy takes for an array of one or two dimensions; a data frame keeps its names.

    The levels of an index of pandas are columns behind all others, which only who knows them by
    `index_columns` reads.
    """

    in_memory = True

    def __init__(self, values: object, name: str) -> None:
        if not hasattr(values, "__len__") and not hasattr(values, "__array__"):
            raise DataError(
                f"a {type(values).__name__} is no table",
                "pass an array, a list or a data frame; of a lazy frame what it collects",
                file=name,
            )
        self._unreadable: dict[int, DataError] = {}
        """Why columns are no numbers and no labels, which does not matter unless they are read."""
        self._texts: dict[int, TextColumn] = {}
        """Columns that have other texts, as ids, than their numbers have, or no numbers at all."""
        named = getattr(values, "column_names", getattr(values, "columns", None))
        if named is None:
            array = _real(values, name)
            if array.ndim not in (1, 2) or 0 in array.shape:
                raise DataError(
                    f"shape {array.shape}",
                    "a table has one or two dimensions, samples and components, and is not empty",
                    file=name,
                )
            self._columns: Arrays = array.reshape(len(array), -1).T
        else:
            names = unique_names([str(column) for column in named], Spot(name))
            found = _of_frame(values, names, name)
            spread = Spread(tuple(None if c.ndim == 1 else c.shape[1] for c in found.values), names)
            self.columns = unique_names(list(spread.columns or ()), Spot(name))
            self.lists = spread.lists
            self._columns = [part for c in found.values for part in c.reshape(len(c), -1).T]
            self._unreadable = {spread.starts[i]: error for i, error in found.errors.items()}
            self._texts = {spread.starts[i]: texts for i, texts in found.texts.items()}
        self.text_columns = [i for i, c in enumerate(self._columns) if c.dtype.kind == "U"]
        self._index = index_of(values)
        self._levels: list[NDArray[Any]] = []
        self._as_texts: dict[int, TextColumn] = {}
        if self._index is not None:
            self.index_names, self.index_range = note_of(self._index)
        super().__init__(name, len(self._columns[0]), len(self._columns))
        called = getattr(values, "name", None)
        self.series = called if self.width == 1 and isinstance(called, str) else None

    def index_columns(self) -> tuple[int, ...]:
        """Return where the levels of the index stand: behind all columns."""
        return tuple(range(self.width, self.width + len(self.index_names)))

    def index_levels(self) -> list[NDArray[Any]]:
        """Return the labels of all rows, an array a level; none where there is no index."""
        return [] if self._index is None else levels_of(self._index)

    def has_index_of(self, other: MemoryTable) -> bool:
        """Return whether both have the same labels in the same order."""
        return self._index is not None and bool(self._index.equals(other._index))

    def shares_labels_of(self, other: MemoryTable) -> bool:
        """Return whether some row of each has the same label."""
        if self._index is None or other._index is None:
            return False
        return not set(self._index).isdisjoint(other._index)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        own = self.columns or (None if self.series is None else (self.series,))
        names = None if own is None else (*own, *self.index_names)
        self.reading = Reading(self.name, selection, names)
        if not set(selection.beside.values()).isdisjoint(self.index_columns()):
            self._levels = levels_of(self._index)
        self._as_texts = {i: texts for i in selection.texts() if (texts := self._texts_of(i))}

    def _texts_of(self, column: int) -> TextColumn | None:
        """Return the texts of a column, or of a level of the index, that has some of its own."""
        level = column - self.width
        if level < 0:
            return self._texts.get(column)
        return TextColumn.of(self._index.get_level_values(level))

    def can_be_text(self, column: int) -> bool:
        """Return whether each cell of a column has a text."""
        if column in self._texts:
            return True
        return column not in self._unreadable and super().can_be_text(column)

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text."""
        texts = {column: self._texts[column] for column in columns if column in self._texts}
        self._require_readable(columns, texts)
        levels = max(columns, default=0) >= self.width
        if not texts and not levels:
            return super().head(columns)
        rows = slice(0, min(HEAD, self._rows))
        labels = levels_of(self._index[rows]) if levels else ()
        arrays = [*self._columns, *(np.array(texts_of(level), object) for level in labels)]
        cells = [(texts[i].at(rows) if i in texts else arrays[i][rows]).tolist() for i in columns]
        return (list(map(cell_text, row)) for row in zip(*cells, strict=True))

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns that holds neither numbers nor texts."""
        self._require_readable(columns, self._texts)

    def _require_readable(self, columns: Iterable[int], texts: Collection[int]) -> None:
        for column in columns if self._unreadable else ():
            if column in self._unreadable and column not in texts:
                raise self._unreadable[column]

    def arrays(self, start: int, rows: int) -> Arrays:
        """Return views of some rows."""
        if isinstance(self._columns, np.ndarray) and not self._levels:
            return self._columns[:, start : start + rows]
        these = slice(start, start + rows)
        return [
            self._as_texts[i].at(these) if i in self._as_texts else column[these]
            for i, column in enumerate((*self._columns, *self._levels))
        ]

    def span(self, start: int, rows: int) -> ArraysSpan:
        """Return views of some rows as a span."""
        selection = self.reading.selection
        self._require_readable(selection.values, ())
        self._require_readable(selection.columns(), self._as_texts)
        return ArraysSpan(self.reading, self.arrays(start, rows), start, rows)


class _Frame(NamedTuple):
    """The columns of a data frame as arrays."""

    values: list[NDArray[Any]]
    errors: dict[int, DataError]
    """Why columns are none of what can be read: among the arrays, NaN stands for each cell."""
    texts: dict[int, TextColumn]
    """Those that have texts of their own."""


def _of_frame(frame: Any, names: tuple[str, ...], name: str) -> _Frame:
    if not names or not len(frame):
        raise DataError("a data frame without rows or without columns", file=name)
    found = _Frame([], {}, {})
    for i, label in enumerate(names):
        column = frame.iloc[:, i] if hasattr(frame, "iloc") else frame[label]
        try:
            found.values.append(_real(column, name, f"column {quoted(label)}: "))
        except DataError as error:
            found.errors[i] = error.with_traceback(None)  # whose frames hold the column
            found.values.append(np.full(len(frame), np.nan))
        else:
            if not any(kind in _type_of(column) for kind in ("object", "decimal")):
                continue
        texts = _texts_of(column)
        if texts is not None:
            found.texts[i] = texts
            if i in found.errors:
                found.errors[i].hint = way_as_ids(label)
    if len(found.errors) == len(names):
        raise found.errors[0]
    return found


def _real(values: object, name: str, column: str = "") -> NDArray[Any]:
    """Return `values` as an array of real numbers, or of text; raise DataError for others.

    Lists become rows. `column` is what messages begin with where they are a column of a data frame.
    """
    if isinstance(values, np.ma.MaskedArray):
        raise DataError(
            f"{column}a masked array", "fill it, or leave the masked samples out", file=name
        )
    try:
        array = array_of_all(values)
    except BadCell as bad:
        raise DataError(f"{column}{bad.reason}", bad.hint, file=name) from None
    except ValueError:
        raise DataError(f"{column}rows of different lengths", file=name) from None
    if array.ndim == 0:
        raise DataError(f"{column}a {type(values).__name__} is no table of samples", file=name)
    array = _of_lists(values, array, name, column)
    if array.dtype.kind in "OT":
        array = _of_objects(array, name, column)
    if column and array.ndim > 2:
        raise DataError(f"{column}lists of lists", file=name)
    kind, size = array.dtype.kind, array.dtype.itemsize
    whole = kind == "f" and _type_of(values).removeprefix("u").startswith("int")
    if whole and (np.abs(array) >= EXACT_BELOW).any():
        raise DataError(
            f"{column}beside missing values, integers beyond 2^53 are not exact", file=name
        )
    if kind not in "fiubU" or (size > 8 and kind != "U"):
        raise DataError(f"{column}elements of type {array.dtype} are not real numbers", file=name)
    return array


def _type_of(values: object) -> str:
    """Return what the type of the elements is called, such as int64, uint64[pyarrow] or object."""
    return str(getattr(values, "dtype", getattr(values, "type", ""))).lower()


def _texts_of(column: object) -> TextColumn | None:
    try:
        return TextColumn.of(column)
    except (BadCell, ValueError):  # of a time zone that is not known; rows of different lengths
        return None


def _of_lists(values: object, array: NDArray[Any], name: str, column: str) -> NDArray[Any]:
    """Return the array of a list of Python, or of what has lists in it; other arrays as they are.

    Its elements are what they are in these lists, or raise DataError.
    """
    if array.dtype.kind == "O" and holds_lists(array):
        return rows_of_lists(array, name, column)
    if isinstance(values, list | tuple) and array.dtype.kind in "fiu" and array.ndim in (1, 2):
        if not may_be_changed(values, array):
            return array
        if array.ndim == 2:
            rows = [row if isinstance(row, list | tuple) else np.asarray(row) for row in values]
            return rows_of_lists(rows, name, column)
        try:
            return array_of(values)
        except BadCell as bad:
            raise DataError(f"{column}{bad.reason}", bad.hint, file=name) from None
    return array


def _of_objects(array: NDArray[Any], name: str, column: str) -> NDArray[Any]:
    """Return an array of Python objects as one of text or of float64; None is a missing value."""
    elements = [x.item() if isinstance(x, np.generic) else x for x in array.ravel().tolist()]
    elements = with_whole_numbers(elements)
    text = any(isinstance(value, str) for value in elements)
    elements = [("" if text else float("nan")) if is_missing(x) else x for x in elements]
    wrong = partial(DataError, file=name)
    for position, value in enumerate(elements, 1):
        where = f"{column}element {position}: "
        if text and (not isinstance(value, str) or "\0" in value):
            reason = f"{where}{quoted(str(value))} is not a label"
            raise wrong(reason, "all labels are text, or all are numbers")
        if not text and (isinstance(value, bool) or not isinstance(value, int | float | Decimal)):
            raise wrong(f"{where}{quoted(str(value))} is not a number")
        if isinstance(value, int):
            try:
                float_of(value)
            except BadCell as bad:
                raise wrong(f"{where}{bad.reason}") from None
    return np.array(elements, np.str_ if text else np.float64).reshape(array.shape)
