"""Which columns of two tables, or of one, are predictions, targets and ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import listed, nearest, quoted
from lossctl.pairing.ids_by_value import same_in_both, shared_columns
from lossctl.pairing.index_names import (
    UNNAMED,
    index_by_name,
    is_level_without_name,
    unnamed_columns,
)
from lossctl.pairing.naming import Names
from lossctl.pairing.no_components import (
    has_name_of_id,
    names_both,
    refuse_ids_by_name,
    refuse_ids_by_value,
)
from lossctl.pairing.of_words import fractions, naming_columns, refuse_labels, refuse_words_beside
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.targets_beside import targets_beside
from lossctl.pairing.words import OF_TARGETS, PREDICTED, called_by
from lossctl.tables.table import Table

if TYPE_CHECKING:
    from lossctl.pairing.index_labels import IndexLabels

Tables: TypeAlias = tuple[Table, Table]
"""The table of predictions and that of targets, which may be the same."""
BothLabels: TypeAlias = "tuple[IndexLabels | None, IndexLabels | None]"
"""Where each of the two has the labels of its index, if it has any."""


def chosen(
    tables: Tables, request: Request, besides: Sequence[Mapping[str, int]]
) -> tuple[Sequence[int], Sequence[int]]:
    """Return the columns of the predictions and of the targets."""
    predictions, targets = tables
    one = predictions is targets
    if one and not request.target_cols:
        told = _called_so(predictions, request)
        raise UsageError(
            "where are the targets?", f"give TARGETS, or, if {predictions.name} holds both, {told}"
        )
    labels = _labels_of_indexes(tables, request)
    indexes = _said_to_be_indexes(tables, request, labels)
    others = {*besides[1].values(), *(indexes[1] if not request.target_cols else ())}
    named = request.target_cols or (() if one else _same_names(tables, request.pred_cols))
    target_columns = _matching(targets, named, "--target-col", others)
    others = {*besides[0].values(), *(target_columns if one else indexes[0])}
    values = _matching(predictions, request.pred_cols, "--pred-cols", others)
    if not values or not target_columns:
        raise UsageError(f"no column is left for the {'targets' if values else 'predictions'}")
    for table, columns_read in ((predictions, values), (targets, target_columns)):
        table.require_readable(columns_read)
    paired = request.beside or one or _align(request, labels)
    ids: Collection[str] | None = None if paired else _pairable(tables)
    beside_ids = values
    if len(values) == 2 and not one:
        names = _names(predictions)
        beside_ids = [index for index in values if not has_name_of_id(names[index])]
    refuse_labels(tables, (beside_ids, target_columns), request)
    columns = values, target_columns
    way = _way_of_index(tables, columns, request, labels)
    if not request.pred_cols:
        refuse_ids_by_name(tables, columns, 0, request, ids=ids, of_index=way)
    if not request.target_cols:
        refuse_ids_by_name(tables, columns, 1, request, ids=ids, of_index=way)
    if not request.pred_cols:
        theirs = _may_hold_ids(targets, target_columns, request)
        refuse_ids_by_value(tables, (values, values if one else theirs), request, ids)
        refuse_words_beside(predictions, values, partial(same_in_both, tables))
    return values, target_columns


def _align(request: Request, labels: BothLabels) -> bool:
    """Return whether two indexes pair the rows, of which not both only number them."""
    known = [found for found in labels if found is not None]
    settled = len(known) == len(labels) and not all(found.default for found in known)
    return request.by_index == ALIGN and settled


def _may_hold_ids(targets: Table, columns: Sequence[int], request: Request) -> Sequence[int]:
    """Return the columns of the targets among which an id may be: all, where some were named."""
    return range(targets.width) if request.target_cols else columns


def _called_so(table: Table, request: Request) -> str:
    """Return the options for columns whose names say that they are targets, and predictions.

    Whole numbers or words, such as predicted labels, are no predictions of probabilities.
    """
    names = table.columns or ()
    targets = called_by(names, OF_TARGETS, PREDICTED)
    way = naming_columns("--target-col", targets) if len(targets) == 1 else None
    if way is None:
        return "--target-col NAME"
    ours = called_by(names, PREDICTED, OF_TARGETS)
    if request.of_probabilities:
        ours = [name for name in ours if any(fractions(table, [names.index(name)]))]
    return " ".join(filter(None, (way, naming_columns("--pred-cols", ours))))


def _labels_of_indexes(tables: Tables, request: Request) -> BothLabels:
    """Return where each table has the labels of its index, as far as that is to be known here."""
    if tables[0] is tables[1]:
        return None, None
    if request.by_index is None and not any(map(index_by_name, tables, tables[::-1])):
        return None, None
    from lossctl.pairing.index_labels import IndexLabels

    return IndexLabels.of(tables, 0), IndexLabels.of(tables, 1)


def _said_to_be_indexes(
    tables: Tables, request: Request, labels: BothLabels
) -> list[tuple[int, ...]]:
    """Return the columns of each table that are its index, where the user said what it is for."""
    if request.by_index is None:
        return [(), ()]
    return [
        () if found is None else (*found.columns, *unnamed_columns(table, other))
        for table, other, found in zip(tables, tables[::-1], labels, strict=True)
    ]


def _way_of_index(
    tables: Tables,
    columns: tuple[Sequence[int], Sequence[int]],
    request: Request,
    labels: BothLabels,
) -> str | None:
    """Return the way out for an index among the columns, where both tables have one."""
    first, second = labels
    if first is None or second is None or not (first.by_name or second.by_name):
        return None
    from lossctl.pairing.index_labels import way_of_index

    left = [
        [index for index in read if index not in found.columns]
        for read, found in zip(columns, (first, second), strict=True)
    ]
    beside = targets_beside(tables, (left[0], left[1]))
    ours = [index for index in columns[0] if index not in beside]
    return way_of_index(tables, (ours, columns[1]), request, (first, second))


def _pairable(tables: Tables) -> set[str]:
    """Return the names by which rows may be paired: of columns, and of an index in memory."""
    names = [{*(table.columns or ()), *table.index_names} for table in tables]
    return {*shared_columns(tables), *names[0].intersection(names[1])}


def _same_names(tables: Tables, pred_cols: Names) -> Names:
    """Return what the columns of the predictions are called, where these name the targets, too."""
    first = tables[0]
    if not pred_cols or not first.columns:
        return ()
    chosen = tuple(first.columns[i] for i in _matching(first, pred_cols, "--pred-cols", set()))
    return chosen if names_both(tables, chosen) else ()


def prediction_names(table: Table, request: Request) -> Names | None:
    """Return the names of the predictions' columns as far as they are known without targets."""
    if request.classes or table.columns is None:
        return request.classes or None
    others = {i for i, name in enumerate(table.columns) if name in request.beside.values()}
    values = _matching(table, request.pred_cols, "--pred-cols", others)
    return tuple(table.columns[index] for index in values)


def _matching(
    table: Table, patterns: tuple[str, ...], option: str, others: set[int]
) -> Sequence[int]:
    """Return the columns that names or patterns mean, or all but the others."""
    names = _names(table)
    if not patterns:
        others = others.union(table.index_columns())
        left = [
            i for i in range(table.width) if i not in others and not is_level_without_name(names[i])
        ]
        return range(table.width) if len(left) == table.width else tuple(left)
    columns: dict[int, None] = {}
    for pattern in patterns:
        exact = [names.index(pattern)] if pattern in names else table.lists.get(pattern, ())
        matching = exact or [i for i, name in enumerate(names) if fnmatchcase(name, pattern)]
        if exact and patterns.count(pattern) > 1:
            raise UsageError(f"{option}: the column {quoted(pattern)} is named twice")
        if not matching:
            raise UsageError(*_no_column(table, pattern, option, names))
        columns |= dict.fromkeys(matching)
    if taken := [names[index] for index in columns if index in others]:
        raise UsageError(f"{option}: the column {quoted(taken[0])} is something else already")
    return tuple(columns)


def _names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns; where there are none, their numbers from 1."""
    return table.columns or tuple(str(number) for number in range(1, table.width + 1))


def _no_column(table: Table, name: str, option: str, names: Collection[str]) -> tuple[str, str]:
    meant = nearest(name, names)
    if table.columns is None and len(names) == table.width:
        hint = f"its columns have no names: they go by their numbers, 1 to {table.width}"
    elif meant:
        hint = f"did you mean {quoted(meant)}?"
    else:
        hint = f"it has {listed(map(quoted, names), 10)}"
    return f"{option}: {table.name} has no column {quoted(name)}", hint


def columns_beside(tables: Tables, wanted: Mapping[str, str]) -> list[dict[str, int]]:
    """Return the columns beside predictions and those beside targets by what they are for.

    Raises UsageError for what is in neither table, and DataError for what one of them has alone.
    """
    return [_beside(table, other, wanted) for table, other in (tables, tables[::-1])]


def _beside(table: Table, other: Table, wanted: Mapping[str, str]) -> dict[str, int]:
    """Return the columns beside the values of one table by what they are for."""
    columns = _by_name(table)
    for role, name in wanted.items():
        if name not in columns:
            if name and name in _by_name(other):
                raise _in_the_other_alone(table, other, name)
            known = [one for one in columns if not is_level_without_name(one)]
            reason, hint = _no_column(table, name, f"--{role}", known)
            if name in UNNAMED and table.tells_of_index:
                hint = "it has an index without a name: to pair the rows by it, --index align"
            raise UsageError(reason, hint)
    return {role: columns[name] for role, name in wanted.items()}


def _by_name(table: Table) -> dict[str, int]:
    """Return the columns by their names, those of the index among them."""
    columns = dict(zip(table.index_names, table.index_columns(), strict=True))
    return columns | {name: index for index, name in enumerate(_names(table))}


def _in_the_other_alone(table: Table, other: Table, name: str) -> DataError:
    """Return the error for ids that one file has, and the other lacks, or calls otherwise."""
    meant = nearest(name, table.columns or ())
    way = f"write {table.name} with it"
    if table.in_memory:
        way = f"give {table.name} as a data frame that has it"
    elif table.columns is None:
        way += ", in a format whose columns have names"
    if meant is not None:
        way = f"if {quoted(meant)} is that, call it {quoted(name)} there, too"
    elif table.tells_of_index and index_by_name(other, table) == (_by_name(other)[name],):
        way = "if the index is that, pair the rows by it, with --index align"
    return DataError(
        f"no column is called {quoted(name)}, though {other.name} has one, by which the rows are "
        "to be paired",
        f"{way}; or, if the rows of both tables stand in the same order, leave --id out",
        file=table.name,
    )
