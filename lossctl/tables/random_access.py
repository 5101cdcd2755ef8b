"""What tables of arrays share, be they in files, in streams or in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lossctl.tables.block import Block, Place, Span
from lossctl.tables.columnar import Columns, block_of, cell_text
from lossctl.tables.table import HEAD, Selection, all_columns, column_names


class ArraysTable(ABC):
    """A table whose columns are arrays, and whose rows are known by their numbers."""

    columns: tuple[str, ...] | None = None

    def __init__(self, name: str, width: int) -> None:
        self.name = name
        self.width = width
        self.select(all_columns(width))

    @abstractmethod
    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text."""

    @abstractmethod
    def take(self, rows: int) -> Span | None:
        """Return the next rows; None at the end."""

    @abstractmethod
    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""

    def select(self, selection: Selection) -> None:
        """Read these columns from here on."""
        self.selection = selection
        self._column = column_names(self.columns, selection)

    def block(self, columns: Columns, start: int) -> Block:
        """Return all columns of some rows, the first of which has the index `start`, as a block."""
        place = Place.by_number(self.name, start, self._column)
        return block_of(columns, self.selection, place)

    def warnings(self) -> list[tuple[str, str]]:
        """Nothing is odd about an array."""
        return []

    def row_size(self) -> int:
        """Return how many bytes a row takes at most while it is read."""
        return 8 * self.width

    def header_in_doubt(self) -> bool:
        """Return False: an array has no header."""
        return False

    def take_header(self) -> None:
        """Raise RuntimeError: there is none to take."""
        raise RuntimeError("an array has no header")


class RandomAccessTable(ArraysTable):
    """A table any rows of which can be read at any time."""

    def __init__(self, name: str, rows: int, width: int) -> None:
        super().__init__(name, width)
        self._rows = rows
        self._next = 0

    @abstractmethod
    def arrays(self, start: int, rows: int) -> Columns:
        """Return the columns of some rows, good until this thread's next call."""

    def take(self, rows: int) -> RowSpan | None:
        """Return the next rows by their numbers."""
        start = self._next
        self._next = min(start + rows, self._rows)
        return RowSpan(self, start, self._next - start) if self._next > start else None

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text."""
        for row in range(min(HEAD, self._rows)):  # one by one: a row may have millions of columns
            arrays = self.arrays(row, 1)
            yield [cell_text(arrays[column].tolist()[0]) for column in columns]


class RowSpan(NamedTuple):
    """Some rows of a table, still where they lie."""

    table: RandomAccessTable
    start: int
    rows: int

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""
        return self.table.block(self.table.arrays(self.start, rows), self.start)
