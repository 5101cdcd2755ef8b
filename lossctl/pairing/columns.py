"""Which columns of two tables, or of one, are predictions, targets and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import counted, listed, nearest, quoted, visible
from lossctl.losses.domain import PROBABILITY
from lossctl.losses.loss import BoundLoss
from lossctl.pairing.labels import first_cells, label_words, without_prefix
from lossctl.tables.cells import Meaning, boolean, counts_up, is_boolean
from lossctl.tables.place import Spot
from lossctl.tables.table import Selection, Table, unique_names

_ID_NAME = re.compile(r"(.*[_ -])?(id|Id|ID)|.*[a-z]Id|Unnamed: [0-9]+|index")
_INDEX = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls the index of a data frame in Parquet and Feather; it is not looked at."""


Tables: TypeAlias = tuple[Table, Table]
"""The table of predictions and that of targets, which may be the same."""


class Request(NamedTuple):
    """What the user said of columns and their meaning."""

    losses: tuple[BoundLoss, ...]
    classes: tuple[str, ...] = ()
    """Names of the prediction columns, where the file has none."""
    pred_cols: tuple[str, ...] = ()
    """Names or patterns of the prediction columns; none: all that are nothing else."""
    target_cols: tuple[str, ...] = ()
    beside: Mapping[str, str] = {}
    """Names of the columns beside predictions and targets, by what they are for: of ids, which
    both tables have."""
    skip: bool = False
    by_index: str | None = None
    """What an index of both tables is for: align pairs by it, ignore leaves it unseen; None
    compares the labels."""
    repeated: str | None = None
    """What becomes of samples that are there twice: keep or first; None refuses them."""


class Columns(NamedTuple):
    """What is read of both tables, or of the one."""

    predictions: Selection
    targets: Selection
    labels: bool
    """The targets are one column of class labels, read as indices."""
    reordered: bool
    """The targets' columns were put in the predictions' order, by their names."""
    unused_id: str | None = None
    """A column of both tables, or of the one, that looks like an id, by which the rows were not
    paired."""


def settle(predictions: Table, targets: Table, request: Request) -> Columns:
    """Return which columns are what; where both are in one table, it is given twice.

    Raises UsageError for options that do not fit the tables, and DataError where the tables
    cannot be paired with certainty.
    """
    tables = predictions, targets
    besides = [_beside(table, request.beside) for table in tables]
    values, target_columns = _chosen(tables, request, besides)
    names = _class_names(predictions, values, request.classes)
    _require_classes(predictions, values, request.losses)
    firsts = first_cells(targets, target_columns, request.skip)
    words: dict[int, Meaning] = {
        index: boolean
        for index, first in zip(target_columns, firsts, strict=True)
        if is_boolean(first)
    }
    labels = len(target_columns) == 1 and len(values) > 1
    reordered = False
    if labels:
        words = label_words(firsts[0], target_columns[0], names or ())
    elif len(values) != len(target_columns):
        raise _wrong_counts(tables, len(values), len(target_columns))
    else:
        ordered = _paired_by_name(tables, names, target_columns)
        target_columns, reordered = ordered, list(ordered) != list(target_columns)
    return Columns(
        Selection(values, {}, besides[0], request.skip),
        Selection(target_columns, words, besides[1], request.skip),
        labels,
        reordered,
        None if "id" in request.beside else _shared_id(tables, {*values, *target_columns}),
    )


def _chosen(
    tables: Tables, request: Request, besides: Sequence[Mapping[str, int]]
) -> tuple[Sequence[int], Sequence[int]]:
    """Return the columns of the predictions and of the targets."""
    predictions, targets = tables
    one = predictions is targets
    if one and not request.target_cols:
        raise UsageError(
            "where are the targets?",
            f"give TARGETS, or, if {predictions.name} holds both, --target-col NAME",
        )
    others = set(besides[1].values())
    target_columns = _matching(targets, request.target_cols, "--target-col", others)
    others = {*besides[0].values(), *(target_columns if one else ())}
    values = _matching(predictions, request.pred_cols, "--pred-cols", others)
    if not values or not target_columns:
        raise UsageError(f"no column is left for the {'targets' if values else 'predictions'}")
    if not request.pred_cols:
        _refuse_ids(predictions, values, request)
    if not request.target_cols:
        _refuse_ids(targets, target_columns, request)
    return values, target_columns


def settle_headers(predictions: Table, targets: Table, request: Request) -> None:
    """Take first rows that count up for headers where they must be; raise DataError in doubt."""
    tables = (predictions,) if predictions is targets else (predictions, targets)
    doubtful = [table for table in tables if table.header_in_doubt()]
    whole = len(tables) > 1 and not (request.pred_cols or request.target_cols or request.beside)
    if whole and predictions.width >= 3:
        for table in doubtful:
            domains = [
                loss.formula.targets if table is targets else loss.formula.predictions
                for loss in request.losses
            ]
            probable = any(domain.lies_in(PROBABILITY) for domain in domains)
            if probable and table.width == predictions.width:  # counting up goes beyond 1
                table.take_header()
    if all(table.header_in_doubt() for table in tables):
        raise DataError(
            f"the first row of {predictions.name} and of {targets.name} may be a header or a "
            "sample: it counts from 0 or 1",
            "pass --header or --no-header, and --targets-header or --no-targets-header if the "
            "targets differ",
        )


def _matching(
    table: Table, patterns: tuple[str, ...], option: str, others: set[int]
) -> Sequence[int]:
    """Return the columns that names or patterns mean, or all but the others."""
    names = _names(table)
    if not patterns:
        others = others.union(table.index_columns())
        left = [i for i in range(table.width) if i not in others and not _INDEX.fullmatch(names[i])]
        return range(table.width) if len(left) == table.width else tuple(left)
    columns: dict[int, None] = {}
    for pattern in patterns:
        exact = [names.index(pattern)] if pattern in names else table.lists.get(pattern, ())
        matching = exact or [i for i, name in enumerate(names) if fnmatchcase(name, pattern)]
        if exact and patterns.count(pattern) > 1:
            raise UsageError(f"{option}: the column {quoted(pattern)} is named twice")
        if not matching:
            raise UsageError(*_no_column(table, pattern, option))
        columns |= dict.fromkeys(matching)
    if taken := [names[index] for index in columns if index in others]:
        raise UsageError(f"{option}: the column {quoted(taken[0])} is something else already")
    return tuple(columns)


def _names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns; where there are none, their numbers from 1."""
    return table.columns or tuple(str(number) for number in range(1, table.width + 1))


def column_called(name: str, table: Table) -> int:
    """Return which column of a table has a name or, where there are no names, a number from 1."""
    return _names(table).index(name)


def _no_column(table: Table, name: str, option: str) -> tuple[str, str]:
    names = _names(table)
    meant = nearest(name, names)
    if table.columns is None:
        hint = f"its columns have no names: they go by their numbers, 1 to {table.width}"
    elif meant:
        hint = f"did you mean {quoted(meant)}?"
    else:
        hint = f"it has {listed(map(quoted, names), 10)}"
    return f"{option}: {table.name} has no column {quoted(name)}", hint


def _beside(table: Table, wanted: Mapping[str, str]) -> dict[str, int]:
    """Return the columns beside predictions and targets by what they are for."""
    columns = dict(zip(table.index_names, table.index_columns(), strict=True))
    columns |= {name: index for index, name in enumerate(_names(table))}
    for role, name in wanted.items():
        if name not in columns:
            raise UsageError(*_no_column(table, name, f"--{role}"))
    return {role: columns[name] for role, name in wanted.items()}


def _refuse_ids(table: Table, columns: Sequence[int], request: Request) -> None:
    """Raise DataError for a column that nobody can have meant as a component."""
    names = table.columns or ()
    for index in columns if names else ():
        name = names[index]
        if not name.strip():
            hint = "say which columns are meant with --pred-cols and --target-col"
            if not table.in_memory:
                hint = (
                    "pandas writes such a column for its index: use to_csv(..., index=False), or "
                    f"{hint}"
                )
            raise DataError(f"column {index + 1} has no name", hint, file=table.name)
        if len(columns) > 1 and name not in request.classes and _ID_NAME.fullmatch(name):
            raise DataError(
                f"the column {quoted(name)} looks like an id, not like a component",
                f"pair the rows by it with --id {visible(name)}, or say which columns are meant "
                "with --pred-cols and --target-col",
                file=table.name,
            )


def _shared_id(tables: Tables, used: set[int]) -> str | None:
    """Return a column of both tables that looks like an id; of one table, one that is not used."""
    first, second = (table.columns or () for table in tables)
    shared = set(first) & set(second)
    if tables[0] is tables[1]:
        shared = {name for index, name in enumerate(first) if index not in used}
    return next((name for name in sorted(shared) if _ID_NAME.fullmatch(name)), None)


def _class_names(
    table: Table, columns: Sequence[int], classes: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return the names of the predictions' columns, from their header or from the user."""
    named = None if table.columns is None else tuple(table.columns[index] for index in columns)
    if not classes:
        return named
    if len(set(classes)) < len(classes):
        raise UsageError("--classes names a class twice")
    if not all(name.strip() for name in classes):
        raise UsageError("--classes: a class has no name")
    unique_names(list(classes), Spot("--classes"))
    if len(classes) != len(columns):
        named_there = counted(len(classes), "column")
        raise UsageError(f"--classes names {named_there}, but {table.name} has {len(columns)}")
    if named is not None and not counts_up(list(named)) and named != classes:
        raise UsageError(
            f"--classes names other columns than the header of {table.name}",
            "it is for files without a header",
        )
    return classes


def _require_classes(table: Table, columns: Sequence[int], losses: tuple[BoundLoss, ...]) -> None:
    for loss in losses:
        if loss.formula.targets.summands and len(columns) == 1:
            hint = "for the probability of one class use --loss bce"
            if not table.in_memory:
                hint += "; is it the predictions, and the delimiter right?"
            raise UsageError(
                f"{loss.name} needs a column for each class, but {table.name} has one column", hint
            )


def _wrong_counts(tables: Tables, predictions: int, targets: int) -> DataError:
    hint = "targets have as many columns as predictions, or one of class labels"
    first, second = tables
    shared = set(second.columns or ()) & set(first.columns or ())
    if predictions == 1 and targets > 1 and second.columns and shared:
        names = ", ".join(quoted(name) for name in second.columns[:10])
        hint = f"{second.name} has {names}: say which is meant with --target-col"
    elif predictions == 1:
        hint += "; are the two swapped? Predictions come first"
    have = (
        f"{first.name} has {counted(predictions, 'column')} and {second.name} "
        f"{counted(targets, 'column')}"
    )
    return DataError(have, hint)


def _paired_by_name(
    tables: Tables, names: tuple[str, ...] | None, targets: Sequence[int]
) -> Sequence[int]:
    """Return the targets' columns in the order of the predictions', if they share their names."""
    first, second = tables
    if names is None or second.columns is None:
        return targets
    columns = {second.columns[index]: index for index in targets}
    if not set(names) & set(columns):
        bare = dict(zip(without_prefix(tuple(columns)), targets, strict=True))
        wanted = without_prefix(names)
        return tuple(bare[name] for name in wanted) if set(wanted) == set(bare) else targets
    if odd := set(names) ^ set(columns):
        raise DataError(
            f"{first.name} and {second.name} share some column names but not all: "
            f"{', '.join(quoted(name) for name in sorted(odd)[:10])} "
            "stand in one of them only"
        )
    return tuple(columns[name] for name in names)
