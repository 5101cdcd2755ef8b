"""Which columns of two tables, or of one, are predictions, targets and ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import counted, listed, nearest, quoted, visible
from lossctl.losses.loss import Loss
from lossctl.pairing.labels import first_cells, label_words, without_prefix
from lossctl.tables.cells import Meaning, boolean, counts_up, is_boolean
from lossctl.tables.table import Selection, Table, unique_names

_ID_NAME = re.compile(r"(.*[_ -])?(id|Id|ID)|.*[a-z]Id|Unnamed: [0-9]+|index")
_INDEX = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls the index of a data frame in Parquet and Feather; it is not looked at."""


class Request(NamedTuple):
    """What the user said of columns and their meaning."""

    losses: tuple[Loss, ...]
    classes: tuple[str, ...] = ()
    """Names of the prediction columns, where the file has none."""
    pred_cols: tuple[str, ...] = ()
    """Names or patterns of the prediction columns; none: all that are nothing else."""
    target_cols: tuple[str, ...] = ()
    id: str | None = None
    skip: bool = False


class Columns(NamedTuple):
    """What is read of both tables, or of the one."""

    predictions: Selection
    targets: Selection
    labels: bool
    """The targets are one column of class labels, read as indices."""
    reordered: bool
    """The targets' columns were put in the predictions' order, by their names."""
    unused_id: str | None = None
    """A column of both tables that looks like an id, by which the rows were not paired."""


def settle(ours: Table, theirs: Table, request: Request) -> Columns:
    """Return which columns are what; where both are in one table, `theirs` is `ours`.

    Raises UsageError for options that do not fit the tables, and DataError where the tables
    cannot be paired with certainty.
    """
    one = ours is theirs
    ours_id, theirs_id = _id_of(ours, request.id), _id_of(theirs, request.id)
    predictions, targets = _chosen(ours, theirs, request, ours_id, theirs_id)
    names = _class_names(ours, predictions, request.classes)
    _require_classes(ours, predictions, request.losses)
    firsts = first_cells(theirs, targets, request.skip)
    words: dict[int, Meaning] = {
        index: boolean for index, first in zip(targets, firsts, strict=True) if is_boolean(first)
    }
    labels = len(targets) == 1 and len(predictions) > 1
    reordered = False
    if labels:
        words = label_words(firsts[0], targets[0], names or ())
    elif len(predictions) != len(targets):
        raise _wrong_counts(ours, theirs, len(predictions), len(targets))
    else:
        ordered = _paired_by_name(ours, theirs, names, targets)
        targets, reordered = ordered, list(ordered) != list(targets)
    return Columns(
        Selection(predictions, {}, ours_id, request.skip),
        Selection(targets, words, theirs_id, request.skip),
        labels,
        reordered,
        None if one or request.id is not None else _shared_id(ours, theirs),
    )


def _chosen(
    ours: Table, theirs: Table, request: Request, ours_id: int | None, theirs_id: int | None
) -> tuple[Sequence[int], Sequence[int]]:
    """Return the columns of the predictions and of the targets."""
    one = ours is theirs
    if one and not request.target_cols:
        raise UsageError(
            "where are the targets?",
            f"give TARGETS, or, if {ours.name} holds both, --target-col NAME",
        )
    targets = _found(theirs, request.target_cols, "--target-col", {theirs_id})
    others = {ours_id, *(targets if one else ())}
    predictions = _found(ours, request.pred_cols, "--pred-cols", others)
    if not predictions or not targets:
        raise UsageError(f"no column is left for the {'targets' if predictions else 'predictions'}")
    if not request.pred_cols:
        _refuse_ids(ours, predictions, request)
    if not request.target_cols:
        _refuse_ids(theirs, targets, request)
    return predictions, targets


def settle_headers(ours: Table, theirs: Table, request: Request) -> None:
    """Take first rows that count up for headers where they must be; raise DataError in doubt."""
    tables = (ours,) if ours is theirs else (ours, theirs)
    doubtful = [table for table in tables if table.header_in_doubt()]
    whole = ours is not theirs and not (request.pred_cols or request.target_cols or request.id)
    if whole and ours.width >= 3:
        for table in doubtful:
            domains = [
                loss.targets if table is theirs else loss.predictions for loss in request.losses
            ]
            unit = any(domain.is_unit for domain in domains)
            if unit and table.width == ours.width:  # a row that counts up has values above 1
                table.take_header()
    if all(table.header_in_doubt() for table in tables):
        raise DataError(
            f"the first row of {ours.name} and of {theirs.name} may be a header or a sample: "
            "it counts from 0 or 1",
            "pass --header or --no-header, and --targets-header or --no-targets-header if the "
            "targets differ",
        )


def _found(
    table: Table, patterns: tuple[str, ...], option: str, others: set[int | None]
) -> Sequence[int]:
    """Return the columns that names or patterns mean, or all but the others."""
    names = _names(table)
    if not patterns:
        left = [i for i in range(table.width) if i not in others and not _INDEX.fullmatch(names[i])]
        return range(table.width) if len(left) == table.width else tuple(left)
    found: dict[int, None] = {}
    for pattern in patterns:
        exact = [names.index(pattern)] if pattern in names else []
        matching = exact or [i for i, name in enumerate(names) if fnmatchcase(name, pattern)]
        if exact and patterns.count(pattern) > 1:
            raise UsageError(f"{option}: the column {quoted(pattern)} is named twice")
        if not matching:
            raise UsageError(*_no_column(table, pattern, option))
        found |= dict.fromkeys(matching)
    if taken := [names[index] for index in found if index in others]:
        raise UsageError(f"{option}: the column {quoted(taken[0])} is something else already")
    return tuple(found)


def _names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns; where there are none, their numbers from 1."""
    return table.columns or tuple(str(number) for number in range(1, table.width + 1))


def _no_column(table: Table, name: str, option: str) -> tuple[str, str]:
    names = _names(table)
    meant = nearest(name, names)
    if table.columns is None:
        hint = f"it has no header: its columns go by their numbers, 1 to {table.width}"
    elif meant:
        hint = f"did you mean {quoted(meant)}?"
    else:
        hint = f"it has {listed(map(quoted, names), 10)}"
    return f"{option}: {table.name} has no column {quoted(name)}", hint


def _id_of(table: Table, name: str | None) -> int | None:
    if name is None:
        return None
    names = _names(table)
    if name not in names:
        raise UsageError(*_no_column(table, name, "--id"))
    return names.index(name)


def _refuse_ids(table: Table, columns: Sequence[int], request: Request) -> None:
    """Raise DataError for a column that nobody can have meant as a component."""
    names = table.columns or ()
    for index in columns if names else ():
        name = names[index]
        if not name.strip():
            raise DataError(
                f"{table.name}: column {index + 1} has no name",
                "pandas writes such a column for its index: use to_csv(..., index=False), or say "
                "which columns are meant with --pred-cols and --target-col",
            )
        if len(columns) > 1 and name not in request.classes and _ID_NAME.fullmatch(name):
            raise DataError(
                f"{table.name}: the column {quoted(name)} looks like an id, not like a component",
                f"pair the rows by it with --id {visible(name)}, or say which columns are meant "
                "with --pred-cols and --target-col",
            )


def _shared_id(ours: Table, theirs: Table) -> str | None:
    shared = set(ours.columns or ()) & set(theirs.columns or ())
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
    unique_names(list(classes), "--classes")
    if len(classes) != len(columns):
        named_there = counted(len(classes), "column")
        raise UsageError(f"--classes names {named_there}, but {table.name} has {len(columns)}")
    if named is not None and not counts_up(list(named)) and named != classes:
        raise UsageError(
            f"--classes names other columns than the header of {table.name}",
            "it is for files without a header",
        )
    return classes


def _require_classes(table: Table, columns: Sequence[int], losses: tuple[Loss, ...]) -> None:
    for loss in losses:
        if loss.targets.summands and len(columns) == 1:
            raise UsageError(
                f"{loss.name} needs a column for each class, but {table.name} has one column",
                "for the probability of one class use --loss bce; is it the predictions, and the "
                "delimiter right?",
            )


def _wrong_counts(ours: Table, theirs: Table, mine: int, others: int) -> DataError:
    hint = "targets have as many columns as predictions, or one of class labels"
    known = ours.columns, theirs.columns
    if mine == 1 and others > 1 and known[1] and len(set(known[1]) & set(known[0] or ())) > 0:
        names = ", ".join(quoted(name) for name in known[1][:10])
        hint = f"{theirs.name} has {names}: say which is meant with --target-col"
    elif mine == 1:
        hint += "; are the files swapped? Predictions come first"
    have = (
        f"{ours.name} has {counted(mine, 'column')} and {theirs.name} {counted(others, 'column')}"
    )
    return DataError(have, hint)


def _paired_by_name(
    ours: Table, theirs: Table, names: tuple[str, ...] | None, targets: Sequence[int]
) -> Sequence[int]:
    """Return the targets' columns in the order of the predictions', if they share their names."""
    if names is None or theirs.columns is None:
        return targets
    columns = {theirs.columns[index]: index for index in targets}
    if not set(names) & set(columns):
        bare = dict(zip(without_prefix(tuple(columns)), targets, strict=True))
        wanted = without_prefix(names)
        return tuple(bare[name] for name in wanted) if set(wanted) == set(bare) else targets
    if odd := set(names) ^ set(columns):
        raise DataError(
            f"{ours.name} and {theirs.name} share some column names but not all: "
            f"{', '.join(quoted(name) for name in sorted(odd)[:10])} "
            "stand in one of them only"
        )
    return tuple(columns[name] for name in names)
