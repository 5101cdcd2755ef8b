"""What one of several tables says of its columns, which are to be those of all."""

from __future__ import annotations

from typing import NamedTuple

from lossctl.tables.table import NoRows, Table


class KnownColumns(NamedTuple):
    """What a shard says of its columns, even if it has no rows."""

    name: str
    columns: tuple[str, ...] | None
    """Their names, where they have any; one for all columns that a list became."""
    width: int | None
    """How many there are, where they have no names."""

    @classmethod
    def of(cls, table: Table) -> KnownColumns:
        """Return what a table says of its columns."""
        if table.columns is None:
            return cls(table.name, None, table.width)
        names = dict(enumerate(table.columns))
        for name, columns in table.lists.items():
            names |= dict.fromkeys(columns, name)
        return cls(table.name, tuple(dict.fromkeys(names.values())), None)

    def way_to(self, other: KnownColumns) -> str | None:
        """Return the hint for the same columns in another order."""
        names = self.columns or (), other.columns or ()
        if not names[0] or sorted(names[0]) != sorted(names[1]):
            return None
        return "they are the same in another order: write those of all shards in one order"

    @classmethod
    def without_rows(cls, name: str, error: NoRows) -> KnownColumns:
        """Return what a table without rows says of its columns."""
        return cls(name, error.columns, error.width if error.columns is None else None)
