"""The error for tables whose columns are not as many, with which of them may be meant."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import counted, listed, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.ids_by_value import counts, different_cells
from lossctl.pairing.levels import is_moment
from lossctl.pairing.no_components import may_name_samples
from lossctl.pairing.of_words import called, naming_columns
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.targets_beside import in_another_order, targets_beside, way_to_one_file
from lossctl.pairing.words import FEW, OF_TARGETS, PREDICTED, called_by
from lossctl.tables.table import Table

_SPELT = 10
"""So many names a hint spells out."""


def wrong_counts(
    tables: Tables,
    columns: tuple[Sequence[int], Sequence[int]],
    request: Request,
    *,
    may_be_labels: bool,
) -> DataError:
    """Return the error for these columns of predictions and of targets, which are not as many.

    The names of the targets are those of the predictions that are meant, where these have them all.
    `may_be_labels` says that one column of targets may be class labels, too.
    """
    here, there = (
        [] if table.columns is None else [table.columns[index] for index in side]
        for table, side in zip(tables, columns, strict=True)
    )
    predictions, targets = map(len, columns)
    in_order = not request.beside and request.by_index != ALIGN
    if predictions > targets and (way := _way_beside(tables, columns, in_order)):
        hint = way
    elif there and predictions > targets and {*there} <= {*here}:
        hint = _way_to_choose(there, f"{tables[0].name} has {_names(here)}")
    elif here and predictions < targets and {*here} <= {*there}:
        hint = f"{tables[1].name} has {_names(there)}: say which are meant with --target-col"
    else:
        hint = _without_names(predictions, targets, bool(there), may_be_labels)
        said = called_by(here, PREDICTED, OF_TARGETS)
        if predictions > targets == len(said):
            hint = _way_to_choose(said, hint)
        if may_be_labels and not request.target_cols and (way := _way_to_labels(tables, columns)):
            hint = way
    if tables[0] is tables[1]:
        columns_of = f"{predictions} of predictions and {targets} of targets"
        return DataError(f"{tables[0].name}: of columns there are {columns_of}", hint)
    have = (
        f"{tables[0].name} has {counted(predictions, 'column')} and {tables[1].name} "
        f"{counted(targets, 'column')}"
    )
    return DataError(have, hint)


def _without_names(predictions: int, targets: int, named: bool, may_be_labels: bool) -> str:
    """Return the hint where no names say which of so many columns are meant."""
    hint = "targets have as many columns as predictions"
    hint += ", or one of class labels" if may_be_labels else ""
    if predictions > targets == 1:
        return f"{hint}; are the predictions those of several models? Name one with --pred-cols"
    if predictions > targets:
        return f"{hint}; say which columns are the predictions with --pred-cols"
    if predictions == 1 and not named:
        return f"{hint}; are the two swapped? Predictions come first"
    return f"{hint}; say which columns are the targets with --target-col"


def _way_to_labels(tables: Tables, columns: tuple[Sequence[int], Sequence[int]]) -> str | None:
    """Return the hint for one column of class labels beside dates or ids of samples alone."""
    table, there = tables[1], columns[1]
    if table.columns is None or not 1 < len(there) < len(columns[0]):
        return None
    first = next(table.head(there))
    beside = [
        index
        for index, cell in zip(there, first, strict=True)
        if is_moment(cell) or may_name_samples(table.columns[index])
    ]
    labels = [table.columns[index] for index in there if index not in beside]
    way = naming_columns("--target-col", labels)
    if len(labels) != 1 or way is None:
        return None
    return (
        "targets have as many columns as predictions, or one of class labels; if "
        f"{quoted(labels[0])} holds these, pass {way}"
    )


def _way_beside(
    tables: Tables, columns: tuple[Sequence[int], Sequence[int]], in_order: bool
) -> str | None:
    """Return the hint for targets, or ids of samples, among predictions, if others are as many.

    Whether the rows of both tables stand in one order matters unless they are paired otherwise.
    """
    table = tables[0]
    targets = targets_beside(tables, columns)
    others = [index for index in columns[0] if index not in targets]
    if in_order and len(targets) == len(columns[1]) == 1 and len(others) == 1:
        pair = targets[0], columns[1][0]
        if in_another_order(tables, pair):
            held = f"{_names(called(table, targets))} holds the targets in another order"
            return f"{held}: {way_to_one_file(table, targets, others)}"
    theirs = {*called(tables[1], columns[1])}
    unlike = [index for index in others if theirs.isdisjoint(called(table, [index]))]
    ids = _ids_among(table, unlike, len(others) - len(columns[1]))
    others = [index for index in others if index not in ids]
    if targets and len(others) > len(columns[1]):
        said = called_by(called(table, others), PREDICTED, OF_TARGETS)
        others = [index for index in others if {*called(table, [index])} & {*said}]
    way = naming_columns("--pred-cols", called(table, others))
    if way is None or len(others) != len(columns[1]):
        return None
    said = []
    if targets:
        holds = "holds" if len(targets) == 1 else "hold"
        said.append(f"{_names(called(table, targets))} {holds} the targets")
    if ids:
        says = "says" if len(ids) == 1 else "say"
        said.append(f"{_names(called(table, ids))} {says} which sample a row is of")
        if in_order:
            said.append("the rows of both tables stand in the same order")
    return f"if {', and '.join(said)}, pass {way}"


def _ids_among(table: Table, columns: Sequence[int], most: int) -> list[int]:
    """Return so many columns, at most, that say which sample a row is of.

    Their names tell, or else their cells, which count up.
    """
    names = table.columns or ()
    if not names or most < 1:
        return []
    found = [index for index in columns if may_name_samples(names[index])]
    if not found:
        cells = different_cells(table, list(columns))
        found = [i for i, several in cells.items() if len(several) >= FEW and counts(several)]
    return found[:most]


def _way_to_choose(names: Sequence[str], otherwise: str) -> str:
    """Return the hint that names these columns of the predictions, if a line can spell them."""
    way = naming_columns("--pred-cols", names)
    if way is None:
        return f"{otherwise}: say which are meant with --pred-cols"
    return f"if the others are not meant, pass {way}"


def _names(names: Sequence[str]) -> str:
    return listed(map(quoted, names), _SPELT)
