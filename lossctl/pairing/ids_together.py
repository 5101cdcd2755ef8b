"""Columns that say together which sample a row is of, as a series and a time do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import listed, quoted
from lossctl.pairing.date_forms import in_one_zone
from lossctl.pairing.ids_by_value import ENOUGH, only_number
from lossctl.pairing.index_names import are_indexes
from lossctl.pairing.levels import without_midnight
from lossctl.pairing.words import SHOWN
from lossctl.tables.cells import is_whole
from lossctl.tables.table import HEAD, Table


def ids_in_another_order(
    tables: tuple[Table, Table], shared: Mapping[str, tuple[int, int]]
) -> list[str]:
    """Return the columns that are an id together, and stand in another order, if there are any.

    Their cells repeat in each, and their rows, in the first rows of both tables, are all different,
    and so many of them the same elsewhere that this is no chance. That a single column stands in
    another order says nothing where it may be ranks within a group.
    """
    first, second = (_columns(table, side, shared) for side, table in enumerate(tables))
    for name in shared:
        first[name], second[name] = in_one_zone(first[name], second[name])
    same = [name for name in shared if _alike(first[name], second[name])]
    if len(same) < 2 or any(len({*first[name]}) == len(first[name]) for name in same):
        return []
    moved = [first[name] for name in same if first[name] != second[name]]
    if len(moved) < 2 and all(map(_may_be_ranks, moved)):
        return []
    here, there = (
        list(zip(*(side[name] for name in same), strict=True)) for side in (first, second)
    )
    rows = {key: row for row, key in enumerate(here)}
    elsewhere = sum(rows.get(key, row) != row for row, key in enumerate(there))
    if len(here) < ENOUGH or len(rows) < len(here) or len({*there}) < len(there) or not elsewhere:
        return []
    return [] if elsewhere < ENOUGH and {*here} != {*there} else same


def in_another_order(tables: tuple[Table, Table], names: Sequence[str]) -> DataError:
    """Return the error for columns that are an id together, by which rows were not paired."""
    way = "sort both by these columns, or make one id of them, and pair the rows by it with --id"
    if all(are_indexes(tables, (name, name)) for name in names):
        way = "pair the rows by them with --index align"
    return DataError(
        f"{tables[0].name} and {tables[1].name} have the same rows of "
        f"{listed(map(quoted, names), SHOWN)}, in another order",
        f"{way}; if the rows do belong together as they stand, pass --index ignore",
    )


def _alike(here: Sequence[str], there: Sequence[str]) -> bool:
    """Return whether the first cells of a column are the same in both, or of more rows, some."""
    if len(here) == len(there) == HEAD:
        return not {*here}.isdisjoint(there)
    return sorted(here) == sorted(there)


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
