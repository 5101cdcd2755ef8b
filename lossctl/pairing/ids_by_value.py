"""Columns of two tables whose first cells are those of ids, whatever they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import lt

from lossctl.base.decimals import is_number
from lossctl.pairing.levels import without_midnight
from lossctl.pairing.of_words import is_written_number
from lossctl.pairing.words import FEW
from lossctl.tables.cells import is_boolean, is_missing, is_whole, label_text
from lossctl.tables.table import Table

ENOUGH = 10
"""So many different values are the same in another order by no chance."""
MANY_ROWS = 100
"""So many different whole numbers or words can only be ids."""


def shared_columns(tables: tuple[Table, Table]) -> dict[str, tuple[int, int]]:
    """Return the columns that have one name in both tables, or are first where none has names."""
    first, second = tables
    if first.columns is None and second.columns is None:
        return {"1": (0, 0)}
    there = {name: index for index, name in enumerate(second.columns or ())}
    here = enumerate(first.columns or ())
    return {name: (index, there[name]) for index, name in here if name in there}


def ids_by_value(tables: tuple[Table, Table], names: Sequence[str]) -> list[str]:
    """Return which of some shared columns have the values of an id in both tables.

    In the first rows these are whole numbers, or words, all of them different; and they are the
    same in both tables, or count up by one in either, or are dates, or there are many of them. In
    one table that is given twice, that they are the same says nothing.
    """
    shared = shared_columns(tables)
    here, there = (
        different_cells(table, [shared[name][side] for name in names])
        for side, table in enumerate(tables)
    )
    one = tables[0] is tables[1]
    return [
        name
        for name in names
        if (values := here.get(shared[name][0]))
        and (others := there.get(shared[name][1]))
        and _are_ids(values, others, one)
    ]


def values_in_another_order(
    tables: tuple[Table, Table], pairs: Mapping[str, tuple[int, int]]
) -> list[str]:
    """Return which of some columns have the same different numbers in both, in another order.

    There are so many of them that this is no chance, be they fractions, such as times; and they
    ascend at the start of either, as whatever else rarely does.
    """
    rising: set[str] = set()
    for side, table in enumerate(tables if pairs else ()):
        rows = islice(table.head([pair[side] for pair in pairs.values()]), ENOUGH)
        columns = zip(pairs, zip(*rows, strict=True), strict=False)  # there may be no row
        rising |= {name for name, cells in columns if _ascend(cells)}
    return [
        name
        for name in pairs
        if name in rising and differ_in_order(*first_cells_of(tables, pairs[name]))
    ]


def first_cells_of(
    tables: tuple[Table, Table], pair: tuple[int, int]
) -> tuple[list[str], list[str]]:
    """Return the cells of a column of each table in the first rows, moments in one form."""
    from lossctl.pairing.date_forms import in_one_zone  # few files have columns that are not read

    here, there = (
        [without_midnight(row[0]) for row in table.head([column])]
        for table, column in zip(tables, pair, strict=True)
    )
    return in_one_zone(here, there)


def differ_in_order(here: Sequence[str], there: Sequence[str]) -> bool:
    """Return whether different cells are the same in both, in another order."""
    return here != there and len({*here}) == len(here) and sorted(here) == sorted(there)


def same_in_both(tables: tuple[Table, Table], column: int) -> bool:
    """Return whether both tables have a column of predictions, with the same cells in any order.

    So it is of the sample, as its place in a series is, and no prediction of it.
    """
    names = tables[0].columns or ()
    pair = shared_columns(tables).get(names[column]) if names else None
    if pair is None or tables[0] is tables[1]:
        return False
    here, there = first_cells_of(tables, pair)
    return sorted(here) == sorted(there)


def _ascend(cells: Sequence[str]) -> bool:
    """Return whether so many numbers ascend that they hardly do by chance."""
    if len(cells) < ENOUGH or not all(map(is_number, cells)):
        return False
    numbers = list(map(float, cells))
    return all(map(lt, numbers, numbers[1:]))


def different_cells(table: Table, columns: list[int]) -> dict[int, list[str]]:
    """Return the first cells of those columns whose cells are whole or words, and different."""
    found: dict[int, dict[str, None]] = {column: {} for column in columns}
    for row in table.head(columns) if columns else ():
        for column, cell in zip(columns, row, strict=True):
            if column in found and _may_be_id(cell, found[column]):
                found[column][label_text(without_midnight(cell))] = None
            else:
                found.pop(column, None)
        if not found:
            break
    return {column: list(cells) for column, cells in found.items()}


def _may_be_id(cell: str, before: dict[str, None]) -> bool:
    text = label_text(cell)
    if text in before or is_missing(cell) or is_boolean(cell):
        return False
    return is_whole(text) or not is_written_number(cell)


def _are_ids(values: list[str], others: list[str], one: bool) -> bool:
    from lossctl.pairing.date_forms import are_dates, in_one_zone

    values, others = in_one_zone(values, others)
    rows = min(len(values), len(others))
    if rows < FEW:
        return False
    same = not one and set(values) == set(others)
    dates = not one and are_dates(values) and are_dates(others)
    return same or dates or rows >= MANY_ROWS or counts(values) or counts(others)


def counts(values: Sequence[str]) -> bool:
    """Return whether whole numbers count up by one."""
    if not all(map(is_whole, values)):
        return False
    numbers = list(map(int, values))
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def only_number(labels: Sequence[str]) -> bool:
    """Return whether labels only number the rows, from 0 as pandas does or from 1 as R does."""
    return any(
        all(label == str(row) for row, label in enumerate(labels, start)) for start in (0, 1)
    )
