"""Columns of the predictions that are the targets, written beside what predicts them."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.decimals import is_number
from lossctl.pairing.ids_by_value import first_cells_of
from lossctl.pairing.words import PREDICTED, words_of
from lossctl.tables.table import Table

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
    return shared if len(shared) < len(columns[0]) else []


def _same_cells(tables: tuple[Table, Table], pair: tuple[int, int]) -> bool:
    here, there = (
        sorted(str(float(cell)) if is_number(cell) else cell for cell in cells)
        for cells in first_cells_of(tables, pair)
    )
    return here == there
