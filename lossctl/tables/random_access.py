"""Tables any rows of which can be read at any time: NPY files, and arrays in memory."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from lossctl.tables.block import Span
from lossctl.tables.columnar import Arrays, ColumnarTable, cell_text
from lossctl.tables.table import HEAD

_HEAD_BYTES = 1 << 20
"""So much is read at once for the first rows."""


class RandomAccessTable(ColumnarTable):
    """A table any rows of which can be read at any time."""

    def __init__(self, name: str, rows: int, width: int) -> None:
        super().__init__(name, width)
        self._rows = self.rows = rows
        self._next = 0

    @abstractmethod
    def arrays(self, start: int, rows: int) -> Arrays:
        """Return the columns of some rows; nobody writes to them."""

    @abstractmethod
    def span(self, start: int, rows: int) -> Span:
        """Return some rows as a span."""

    def take(self, rows: int) -> Span | None:
        """Return the next rows."""
        start = self._next
        self._next = min(start + rows, self._rows)
        return self.span(start, self._next - start) if self._next > start else None

    def progress(self) -> float:
        """Return what part of the rows was taken."""
        return self._next / self._rows

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows, as text."""
        rows, start = min(HEAD, self._rows), 0
        while start < rows:  # one, and then as many as fit: a row may have millions of columns
            size = min(max(1, _HEAD_BYTES // self.row_size()) if start else 1, rows - start)
            arrays = self.arrays(start, size)
            cells = [arrays[column].tolist() for column in columns]
            yield from ([cell_text(value) for value in row] for row in zip(*cells, strict=True))
            start += size
