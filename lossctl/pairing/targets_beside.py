"""Columns of the predictions that are the targets, written beside what predicts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import sqrt
from operator import eq

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.base.wording import quoted
from lossctl.pairing.ids_by_value import ENOUGH, first_cells_of
from lossctl.pairing.of_words import called, naming_columns
from lossctl.pairing.warnings import AsByChance
from lossctl.pairing.words import OF_TARGETS, PREDICTED, words_of
from lossctl.tables.table import Table

_ROWS_OF_CHANCE = 100
"""So many rows tell whether labels agree by chance."""
_MORE_RIGHT = 10
"""If all labels are right, so many more rows agree than by chance; rare labels tell nothing."""
_SAY_PREDICTION = PREDICTED | {"hat"}


def targets_beside(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]]
) -> list[int]:
    """Return the columns of the predictions that are the targets, which others then predict.

    They have the name of a target, and its cells in whatever order, or others alone say that they
    are predictions.
    """
    names, theirs = (table.columns or () for table in tables)
    if tables[0] is tables[1] or not (names and theirs):
        return []
    there = {theirs[index]: index for index in columns[1]}
    shared = [index for index in columns[0] if names[index] in there]
    say = {index for index in columns[0] if not _SAY_PREDICTION.isdisjoint(words_of(names[index]))}
    if not say or not say.isdisjoint(shared):
        shared = [i for i in shared if _same_cells(tables, (i, there[names[i]]))]
    if not shared:
        shared = [i for i, j in _called_targets(tables, columns) if _same_cells(tables, (i, j))]
    return shared if len(shared) < len(columns[0]) else []


def look_at_order(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]]
) -> Iterator[AsByChance]:
    """Raise DataError for targets beside the predictions that stand in another order there.

    They are in a column that is not read, called as the targets or as targets are. Yields a warning
    for labels that may be: they are the targets of a row no more often than by chance.
    """
    if tables[0] is tables[1]:
        return
    unread = [i for i in range(tables[0].width) if i not in columns[0]]
    for here, there in _called_targets(tables, (unread, columns[1])):
        if in_another_order(tables, (here, there)):
            raise _in_another_order(tables, here, columns[0])
        if _agree_as_by_chance(*_first_cells(tables, (here, there))):
            [name] = called(tables[0], [here])
            yield AsByChance(table=tables[0].name, column=name, targets=tables[1].name)


def in_another_order(tables: tuple[Table, Table], pair: tuple[int, int]) -> bool:
    """Return whether a column of the predictions has the first targets, but not row by row.

    So few different values as of labels, in a column that does not say that it is of targets, may
    be what was predicted.
    """
    here, there = _first_cells(tables, pair)
    if here == there or sorted(here) != sorted(there):
        return False
    [name] = called(tables[0], pair[:1])
    return len({*here}) >= ENOUGH or not OF_TARGETS.isdisjoint(words_of(name))


def _agree_as_by_chance(here: Sequence[str], there: Sequence[str]) -> bool:
    """Return whether labels of so many rows are the same no more often than those of other rows.

    By chance they are as often as in a random order of the rows, give or take two standard
    deviations.
    """
    rows, (mine, theirs) = len(here), map(Counter, (here, there))
    if rows < _ROWS_OF_CHANCE or not 1 < len(theirs) < ENOUGH or not mine.keys() <= theirs.keys():
        return False
    chance = sum(mine[label] * theirs[label] for label in mine) / rows
    apart = {
        (one, other): (one == other) - (theirs[one] + mine[other] - chance) / rows
        for one, other in product(mine, theirs)
    }
    squares = sum(mine[one] * theirs[other] * far**2 for (one, other), far in apart.items())
    spread = squares / (rows - 1)
    most = sum(min(mine[label], theirs[label]) for label in mine)
    return most - chance >= _MORE_RIGHT and sum(map(eq, here, there)) <= chance + 2 * sqrt(spread)


def way_to_one_file(table: Table, targets: Sequence[int], others: Sequence[int]) -> str:
    """Return how a table is evaluated by the targets that it holds itself."""
    ways = (
        naming_columns(option, called(table, these))
        for option, these in (("--pred-cols", others), ("--target-col", targets))
    )
    name = "predictions" if table.in_memory else table.name
    return f"evaluate {name} alone, by its own targets: {' '.join(filter(None, ways))}"


def _called_targets(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]]
) -> Iterator[tuple[int, int]]:
    """Yield columns of the predictions that are called as targets are, each with that of these.

    One of the name of the targets is; so is any called true or target, where these are one column.
    """
    names, theirs = (table.columns or () for table in tables)
    there = {theirs[index]: index for index in columns[1] if theirs}
    for index in columns[0] if names else ():
        words = {*words_of(names[index])}
        if names[index] in there:
            yield index, there[names[index]]
        elif len(columns[1]) == 1 and words & OF_TARGETS and not words & _SAY_PREDICTION:
            yield index, columns[1][0]


def _in_another_order(tables: tuple[Table, Table], column: int, read: Sequence[int]) -> DataError:
    [name] = called(tables[0], [column])
    way = way_to_one_file(tables[0], [column], read)
    return DataError(
        f"the column {quoted(name)} of {tables[0].name} holds the targets of {tables[1].name} in "
        "another order",
        f"{way}; or pair the rows of both by a column of ids, with --id; if the rows do belong "
        "together as they stand, pass --index ignore",
    )


def _same_cells(tables: tuple[Table, Table], pair: tuple[int, int]) -> bool:
    """Return whether the first cells of two columns are the same, in whatever order."""
    here, there = _first_cells(tables, pair)
    return sorted(here) == sorted(there)


def _first_cells(tables: tuple[Table, Table], pair: tuple[int, int]) -> Iterator[list[str]]:
    """Yield the first cells of two columns, those that are numbers in one form."""
    for cells in first_cells_of(tables, pair):
        yield [str(float(cell)) if is_number(cell) else cell for cell in cells]
