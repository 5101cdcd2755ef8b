"""Columns that say together which sample a row is of, as a series and a time do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import listed, quoted
from lossctl.pairing.ids_by_value import ENOUGH, only_number
from lossctl.pairing.levels import without_midnight
from lossctl.pairing.words import SHOWN
from lossctl.tables.cells import is_whole
from lossctl.tables.table import Table


def require_one_order(tables: tuple[Table, Table], shared: Mapping[str, tuple[int, int]]) -> None:
    """Raise DataError for columns that are an id together, and stand in another order.

    In the first rows of both tables each of them has the same cells, which repeat, and all have the
    same different rows, which are so many that this is no chance. That a single one stands in
    another order says nothing where it is whole numbers: these may be ranks within a group.
    """
    first, second = (_columns(table, side, shared) for side, table in enumerate(tables))
    same = [name for name in shared if sorted(first[name]) == sorted(second[name])]
    if len(same) < 2 or any(len({*first[name]}) == len(first[name]) for name in same):
        return
    moved = [first[name] for name in same if first[name] != second[name]]
    if len(moved) < 2 and all(map(_may_be_ranks, moved)):
        return
    here, there = (
        list(zip(*(side[name] for name in same), strict=True)) for side in (first, second)
    )
    if len({*here}) < max(len(here), ENOUGH) or sorted(here) != sorted(there):
        return
    raise DataError(
        f"{tables[0].name} and {tables[1].name} have the same rows of "
        f"{listed(map(quoted, same), SHOWN)}, in another order",
        "sort both by these columns, or make one id of them, and pair the rows by it with --id; "
        "if the rows do belong together as they stand, pass --index ignore",
    )


def _columns(
    table: Table, side: int, shared: Mapping[str, tuple[int, int]]
) -> dict[str, list[str]]:
    """Return the cells of shared columns in the first rows of a table, moments in one form."""
    columns = [pair[side] for pair in shared.values()]
    rows = list(table.head(columns)) if columns else []
    return {name: [without_midnight(row[i]) for row in rows] for i, name in enumerate(shared)}


def _may_be_ranks(cells: Sequence[str]) -> bool:
    """Return whether cells that repeat count from 0 or 1 on."""
    return all(map(is_whole, cells)) and only_number(sorted({*cells}, key=int))
