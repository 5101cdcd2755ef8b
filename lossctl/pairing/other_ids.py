"""Tables whose rows get other ids than they are read with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossctl.tables.table import Selection, Table


class OtherIds(Table):
    """A table that is read as another one, but for the ids of the rows that are taken."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self._table = table

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows."""
        return self._table.head(columns)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on, those that make the ids among them."""
        self._table.select(selection)

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._table.row_size()
