"""Columns that are no components of a sample, such as its id, its label, its weight."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import argument, quoted
from lossctl.pairing.ids_by_value import (
    differ_in_order,
    first_cells_of,
    ids_by_value,
    shared_columns,
    values_in_another_order,
)
from lossctl.pairing.index_names import INDEX_NAME, unnamed_columns
from lossctl.pairing.naming import Names, meanings
from lossctl.pairing.of_words import called, naming_columns, without_words
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.targets_beside import targets_beside
from lossctl.pairing.words import (
    NO_CLASS,
    OF_PREDICTIONS,
    OF_SAMPLES,
    OF_TARGETS,
    PREDICTED,
    called_by,
    words_of,
)
from lossctl.tables.cells import is_boolean
from lossctl.tables.formats import FORMATS
from lossctl.tables.table import Table

_IF_IN_ORDER = "if the rows of both tables stand in the same order, "
_ID_NAME = re.compile(rf"(.*[_ -])?(id|Id|ID)|.*[a-z]Id|{INDEX_NAME}")


def has_name_of_id(name: str) -> bool:
    """Return whether a column is called as ids are."""
    return _ID_NAME.fullmatch(name) is not None


def may_name_samples(name: str) -> bool:
    """Return whether a column may say which sample a row is of, as that of an id does."""
    words = words_of(name)
    if words[-1:] == ["name"]:
        words.pop()
    return has_name_of_id(name) or not OF_SAMPLES.isdisjoint(words[-1:])


def refuse_ids_by_name(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    side: int,
    request: Request,
    *,
    ids: Collection[str] | None,
    of_index: str | None,
) -> None:
    """Raise DataError for a column without a name, or with that of an id, among components.

    They are those of one side: 0 for predictions, 1 for targets. `ids` are columns by which rows
    may be paired, None where that is settled. `of_index` is the way out where it is the index of
    both tables.
    """
    table = tables[side]
    names = table.columns or ()
    unnamed = unnamed_columns(table, tables[1 - side]) if of_index else ()
    for index in columns[side] if names else ():
        name, several = names[index], len(columns[side]) > 1
        if not name.strip():
            hint = of_index if index in unnamed else None
            hint = hint or _way_without_name(tables, columns, side, request, in_order=ids is None)
            raise DataError(f"column {index + 1} has no name", hint, file=table.name)
        if several and of_index and index in unnamed:
            raise DataError(_like_an_id(name), of_index, file=table.name)
        if several and name not in request.classes and has_name_of_id(name):
            raise _looks_like_an_id(tables, columns, side, name, request, ids=ids)


def _way_without_name(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    side: int,
    request: Request,
    *,
    in_order: bool,
) -> str:
    """Return the way out for a column without a name among those of one side.

    Whether the rows of both tables are `in_order`, or paired otherwise, may be open.
    """
    table = tables[side]
    named = [index for index in columns[side] if (table.columns or ())[index].strip()]
    both = (named, columns[1]) if side == 0 else (columns[0], named)
    known = _components(tables, both, side)
    beside = called(tables[1 - side], both[1 - side])
    known = _as_many(tables, known, side, request, beside=beside)
    way = naming_columns("--target-col" if side else "--pred-cols", known)
    leave = "say which columns are meant with --pred-cols and --target-col"
    if way is not None:
        leave = f"leave it out: {way}"
    if table.in_memory or not unnamed_columns(table):
        return leave
    write = "to_excel" if table.format == FORMATS["xlsx"].title else "to_csv"
    return (
        f"pandas writes such a column for its index: {'' if in_order else _IF_IN_ORDER}"
        f"use {write}(..., index=False), or {leave}"
    )


def _like_an_id(name: str) -> str:
    return f"the column {quoted(name)} looks like an id, not like a component"


def refuse_no_classes(
    table: Table, columns: Sequence[int], classes: Collection[str], said: Names
) -> None:
    """Raise DataError for a column that is no class beside others that may be classes.

    `classes` are names that the user says are those of classes, and `said` those that the targets
    say, which mean what is left of them when what all start or end with is cut off, too.
    """
    names = [] if table.columns is None else [table.columns[index] for index in columns]
    if len(names) < 2 or max(map(len, names)) == 1:  # x, y and z are classes
        return
    marked = _say_prediction(names)
    several = marked.count(True) > 1
    odd = [
        position
        for position, name in enumerate(names)
        if _names_no_class(name) or (several and not marked[position])
    ]
    if not odd:
        return
    known = list(meanings(tuple(names)))
    classes_meant = {*classes, *(name for cut in meanings(said) for name in cut)}
    for position in odd:
        may_mean = {names[position], *(cut[position] for cut in known)}
        if may_mean.isdisjoint(classes_meant) and not any(map(is_boolean, may_mean)):
            others = [index for at, index in enumerate(columns) if at not in odd]
            way = naming_columns("--pred-cols", called(table, without_words(table, others)))
            raise DataError(
                f"the column {quoted(names[position])} looks like no class, but like something "
                "beside the probabilities",
                "say which columns are the predictions with --pred-cols; if this is one of them, "
                "name it there too"
                if way is None
                else f"leave it out: {way}; if it is a class, name it there too",
                file=table.name,
            )


def _say_prediction(names: Sequence[str]) -> list[bool]:
    """Return which names say that they are of predictions, as most do: at the start, or the end.

    So `max_prob` does not, beside `prob_cat` and `prob_dog`.
    """
    words = [words_of(name) for name in names]
    sides = [
        [len(said) > 1 and said[place] in OF_PREDICTIONS for said in words] for place in (0, -1)
    ]
    return max(sides, key=lambda side: side.count(True))


def _names_no_class(name: str) -> bool:
    words = words_of(name)
    return bool(words) and NO_CLASS.issuperset(words)


def refuse_ids_by_value(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    request: Request,
    ids: Collection[str] | None,
) -> None:
    """Raise DataError for one of the columns that has the values of an id in both tables."""
    if min(map(len, columns)) < 2:
        return
    shared = shared_columns(tables)
    alike = {n: p for n, p in shared.items() if p[0] in columns[0] and p[1] in columns[1]}
    found = ids_by_value(tables, [*alike])
    if not found and tables[0] is not tables[1]:
        if not any(table.columns for table in tables):
            alike = {str(i + 1): (i, i) for i in columns[0] if i in columns[1]}
            ids = ids and {*alike}
        found = values_in_another_order(tables, alike)
        if found and all(differ_in_order(*first_cells_of(tables, p)) for p in alike.values()):
            return  # of whole rows nobody knows
    for name in found:
        error = _looks_like_an_id(tables, columns, 0, name, request, ids=ids)
        raise _or_a_component(error, tables[0], columns[0])


def _or_a_component(error: DataError, table: Table, columns: Sequence[int]) -> DataError:
    """Return the error for what its cells make an id, with the way to say that it is none."""
    way = naming_columns("--pred-cols", called(table, without_words(table, columns)))
    if way is not None:
        error.hint = f"if it is an id, {error.hint}; if it is a component, name it, too: {way}"
    return error


def _looks_like_an_id(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    side: int,
    name: str,
    request: Request,
    *,
    ids: Collection[str] | None,
) -> DataError:
    """Return the error for a column of one side; the way out names the others, if they are few.

    `ids` are columns by which rows may be paired; None where that is settled.
    """
    table = tables[side]
    aligned = request.by_index == ALIGN
    if aligned and name in (ids or ()):
        way = f"pass --id {argument(name)}, not --index align, as no file says that it is an index"
        return DataError(_like_an_id(name), way, file=table.name)
    others = _components(tables, columns, side, name)
    if request.pred_cols if side else request.target_cols:
        beside = called(tables[1 - side], columns[1 - side])
        others = _as_many(tables, others, side, request, beside=beside)
    pair = f"pair the rows by it with --id {argument(name)}; or, " if name in (ids or ()) else ""
    if ids is not None and not aligned:
        pair += _IF_IN_ORDER
    ways = [naming_columns("--target-col" if side else "--pred-cols", others)]
    if not side and not request.target_cols:
        theirs = _components(tables, columns, 1, name)
        theirs = _as_many(tables, theirs, 1, request, beside=others)
        if tables[1].columns and len(theirs) < len(columns[1]) and not names_both(tables, others):
            ways.append(naming_columns("--target-col", theirs))
    way = f"leave it out: {' '.join(filter(None, ways))}"
    if None in ways:
        way = "say which columns are meant with --pred-cols and --target-col"
    elif tables[0] is tables[1] and _differ(table, name):
        way += f"; or keep it beside the losses with --id {argument(name)}"
    return DataError(_like_an_id(name), f"{pair}{way}", file=table.name)


def _differ(table: Table, name: str) -> bool:
    """Return whether a column may be the ids of one table, which are all different."""
    column = (table.columns or ()).index(name)
    cells = [row[0] for row in table.head([column])] if table.can_be_text(column) else []
    return 0 < len({*cells}) == len(cells)


def _components(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    side: int,
    name: str = "",
) -> list[str]:
    """Return the columns of one side that are neither called so nor as ids are; none without names.

    Words are no predictions, and neither are the targets, but words may be targets: labels.
    """
    table, kept = tables[side], columns[side]
    if not table.columns:
        return []
    if not side:
        targets = targets_beside(tables, columns)
        kept = [index for index in without_words(table, kept) if index not in targets]
    return [x for x in called(table, kept) if x != name and not has_name_of_id(x)]


def _as_many(
    tables: tuple[Table, Table],
    names: list[str],
    side: int,
    request: Request,
    *,
    beside: Sequence[str],
) -> list[str]:
    """Return the columns of one side that are meant, where there are more than `beside` them.

    These are the components of the other side. Meant are those that this side alone has or, failing
    that, those that are called as its columns are; if that is open, no targets, but all of the
    predictions, as classes are more than their labels.
    """
    wanted = len(beside) or len(names)
    if len(names) <= wanted or (side == 0 and request.of_probabilities):
        return names
    others = {*(tables[1 - side].columns or ())} - {*beside} if tables[0] is not tables[1] else ()
    words = (OF_TARGETS, PREDICTED) if side else (PREDICTED, OF_TARGETS)
    for meant in ([name for name in names if name not in others], called_by(names, *words)):
        if len(meant) == wanted:
            return meant
    return [] if side else names


def names_both(tables: tuple[Table, Table], names: Collection[str]) -> bool:
    """Return whether names of predictions are those of the targets, too, where these have them all.

    Whatever else the targets have must be in the predictions, too: so it is no target.
    """
    ours, theirs = (table.columns or () for table in tables)
    return {*names} <= {*theirs} <= {*ours}
