"""What tables in Arrow's formats have in common: columns of a schema, in record batches."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from lossctl.base.errors import DataError, LossctlError
from lossctl.tables.arrow.batches import BatchReader, BatchSpan
from lossctl.tables.arrow.conversions import as_numpy
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.schema import (
    FileColumn,
    file_columns,
    is_list_of_numbers,
    require_readable,
)
from lossctl.tables.arrow.texts import text_of, values_of
from lossctl.tables.block import Joined
from lossctl.tables.cells import BadCell, Meaning, number, number_with, with_point
from lossctl.tables.column_names import unique_names
from lossctl.tables.columnar import ColumnarTable
from lossctl.tables.lists import Spread
from lossctl.tables.pandas_index import noted
from lossctl.tables.place import Spot
from lossctl.tables.streams.stream import Stream
from lossctl.tables.table import HEAD, NoRows, Selection

_LEAST_ROWS = 1 << 12
"""Of a batch: fewer cost more than they weigh,"""
_LEAST_BYTES = 1 << 25
"""unless they weigh so much."""
_MOST_COMPONENTS = 1 << 22
"""Of a list."""


_STALE = "write the index as a column: to_parquet(..., index=True), or reset_index() before"


class _Head(NamedTuple):
    """The first rows of some columns."""

    positions: list[int]
    batches: list[Any]

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(batch.num_rows for batch in self.batches)

    def has(self, positions: list[int]) -> bool:
        """Return whether they are of these columns, too."""
        return set(positions) <= set(self.positions)

    def of(self, positions: list[int]) -> list[Any]:
        """Return them of some of the columns."""
        places = {position: place for place, position in enumerate(self.positions)}
        chosen = [places[position] for position in positions]
        return [batch.select(chosen) for batch in self.batches]


class ArrowTable(ColumnarTable):
    """Named columns in record batches: numbers, true and false, texts, and lists of numbers."""

    title: ClassVar[str]
    """What messages call the format."""
    columns: tuple[str, ...]
    _expected: int | None = None
    """How many rows the file says it has, where it does."""
    _head = _Head([], [])

    def __init__(self, stream: Stream, schema: Any, decimal: str) -> None:
        """`decimal` is the decimal point of numbers that are texts."""
        self.stream = stream
        self._decimal = decimal
        self.name = stream.name
        self._broken: dict[int, LossctlError] = {}
        """Columns of lists, by their positions, whose first list could not be read."""
        with reading(stream.name, self.title):
            names = unique_names(schema.names, Spot(stream.name))
            if not names:
                raise DataError("a table without columns", file=stream.name)
            spread = Spread(tuple(self._lengths(schema)), names)
            self.columns = unique_names(list(spread.columns or ()), Spot(stream.name))
            self.lists = spread.lists
            self.index_names, self.index_range = noted(
                (schema.metadata or {}).get(b"pandas"), self.columns
            )
            if self.index_range is not None and self._expected not in (None, len(self.index_range)):
                self.index_names, self.index_range = (), None  # pandas noted it of other rows
            self._columns = file_columns(schema, spread)
            self._starts = spread.starts
        super().__init__(stream.name, spread.width)

    @abstractmethod
    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        """Yield the record batches of the columns at these positions of the file, which ascend.

        They have about so many rows if they can be cut. `last` says that nothing is read after
        this.
        """

    def _lengths(self, schema: Any) -> Iterator[int | None]:
        """Yield for each column how many components its first list has; None for no such lists."""
        for position, field in enumerate(schema):
            found = None
            if is_list_of_numbers(field.type):
                try:
                    found = self._first_length(position, field.type)
                except LossctlError as error:  # it does not matter unless the column is read
                    self._broken[position] = error
            yield found

    def _first_length(self, position: int, kind: Any) -> int | None:
        """Return how many components the first list has that has any; None if there is none."""
        rows, found = 0, getattr(kind, "list_size", 0)
        with reading(self.name, self.title):
            for batch in () if found else self._batches([position], 1):
                lengths = as_numpy(batch.column(0).slice(0, HEAD).value_lengths().drop_null())
                found = next(iter(lengths[lengths > 0].tolist()), 0)
                rows += batch.num_rows
                if found or rows >= HEAD:
                    break
        if found > _MOST_COMPONENTS:
            reason = f"lists of {found} components; {_MOST_COMPONENTS} are the most"
            raise DataError(f"column {position + 1}: {reason}", file=self.name)
        return found or None

    def select(self, selection: Selection) -> None:
        """Read these columns from here on, and no others."""
        wanted = self._of_file(index for index in selection.columns() if index < self.width)
        # what is written as text, and is to be a number, is read as in a file of text
        texts = {column.first for column in wanted if column.is_text}
        numbers = {index: self.number(index) for index in texts.intersection(selection.values)}
        selection = selection._replace(words={**numbers, **selection.words})
        super().select(selection)
        self.reading = self.reading._replace(names=(*self.columns, *self.index_names))
        self._counted = self.index_range if self.width in selection.beside.values() else None
        positions = {index: position for position, index in enumerate(selection.values)}
        self._reader = BatchReader(
            self.reading, self.title, self.width, tuple(wanted), positions, self._counted
        )
        self._coming: Iterator[Any] | None = None
        self._rest: Any = None
        self._start = self._begun = 0

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns that cannot be read, whatever it is read as."""
        self._require_readable(self._of_file(i for i in columns if i < self.width), set())

    def _of_file(self, columns: Iterable[int]) -> list[FileColumn]:
        """Return the columns of the file that these of the table are in, in their order."""
        return [self._columns[i] for i in sorted({*map(self._position, columns)})]

    def _position(self, column: int) -> int:
        return bisect_right(self._starts, column) - 1

    def _checked_batches(self, size: int) -> Iterator[Any]:
        rows = 0
        wanted, head = self._reader.columns, self._head
        positions = [column.position for column in wanted]
        self._require_readable(wanted, set(self._reader.positions))
        self._head = _Head([], [])
        with reading(self.name, self.title):
            if head.rows == self._expected and head.has(positions):  # it is the whole table
                batches = iter(head.of(positions))
            else:
                batches = self._batches(positions, size, last=True)
            for batch in batches:
                rows += batch.num_rows
                self._begun += 1
                yield batch
        if self._expected not in (None, rows):
            raise DataError(f"{rows} rows where its end says {self._expected}", file=self.name)
        if self._counted is not None and rows != len(self._counted):
            reason = f"{rows} rows where the index that pandas noted has {len(self._counted)}"
            raise DataError(reason, _STALE, file=self.name)
        if not rows:
            raise NoRows(
                "there is no row in it", file=self.name, columns=self.columns, width=self.width
            )

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column mean as numbers."""
        is_text = self._columns[self._position(column)].is_text
        return number_with(self._decimal) if is_text else number

    def can_be_text(self, column: int) -> bool:
        """Return whether each cell of a column has a text."""
        of_file = self._columns[self._position(column)]
        return of_file.kind is not None and super().can_be_text(column)

    def may_hold_words(self, column: int) -> bool:
        """Return whether a column is one of texts, that can be read."""
        return self._columns[self._position(column)].is_text and self.can_be_text(column)

    def _require_readable(self, columns: Sequence[FileColumn], values: set[int]) -> None:
        for column in columns:
            if column.position in self._broken:
                raise self._broken[column.position]
        require_readable(columns, values, self.name)

    def is_empty(self) -> bool:
        """Return whether it has no row."""
        if self._expected is not None:
            return self._expected == 0
        with reading(self.name, self.title):
            return not any(batch.num_rows for batch in self._batches([0], 1))

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text; that of a null is empty.

        Of texts that are numbers with a decimal comma, it is a point.
        """
        wanted = self._of_file(columns)
        self._require_readable(wanted, set())
        none = True
        with reading(self.name, self.title):
            for batch in self._first_batches(wanted):
                begun = 0
                while begun < batch.num_rows:  # one is enough for many, or two
                    some = batch.slice(begun, max(begun, 1))
                    yield from self._texts(wanted, some, columns)
                    begun += some.num_rows
                none = none and not batch.num_rows
        if none:
            yield [""] * len(columns)

    def _first_batches(self, wanted: list[FileColumn]) -> Iterator[Any]:
        """Yield the first rows of these columns, which are kept: they are asked for repeatedly."""
        positions = [column.position for column in wanted]
        most = min(HEAD, self._rows_at_once(sum(len(column.columns) for column in wanted)))
        left = most if self._expected is None else min(most, self._expected)
        if left <= self._head.rows and self._head.has(positions):
            yield from self._head.of(positions)
            return
        kept = []
        for batch in self._batches(positions, most):
            kept.append(batch.slice(0, left))
            left -= kept[-1].num_rows
            if not left:
                self._head = _Head(positions, kept)
            yield kept[-1]
            if not left:
                return

    def _texts(
        self, wanted: list[FileColumn], batch: Any, columns: Sequence[int]
    ) -> Iterator[list[str]]:
        cells = [
            values_of(array, column.kind if column.length is None else None)
            for column, array in zip(wanted, batch.columns, strict=True)
        ]
        places = {column.position: i for i, column in enumerate(wanted)}
        sources = [self._columns[self._position(column)] for column in columns]
        texts = {column.position: text_of(column.kind, column.type) for column in wanted}
        for row in range(batch.num_rows):
            found = []
            for index, source in zip(columns, sources, strict=True):
                value = cells[places[source.position]][row]
                if source.length is not None:
                    value = _component(value, index - source.first)
                text = _text_or_empty(texts[source.position], value)
                found.append(with_point(text, self._decimal) if source.is_text else text)
            yield found

    def _rows_at_once(self, width: int) -> int:
        """Return how many rows of so many numbers are no burden."""
        return max(1, min(_LEAST_ROWS, _LEAST_BYTES // (8 * max(width, 1))))

    def take(self, rows: int) -> Joined | None:
        """Return the next rows, from as many batches as it takes."""
        if self._coming is None:
            self._coming = self._checked_batches(max(rows, self._rows_at_once(self.width)))
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


def _component(cells: list[Any] | None, component: int) -> Any:
    return cells[component] if cells is not None and component < len(cells) else None


def _text_or_empty(text: Any, value: Any) -> str:
    try:
        return "" if value is None else str(text(value))
    except BadCell:
        return ""
