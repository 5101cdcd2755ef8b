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
    only_number,
    shared_columns,
    values_in_another_order,
)
from lossctl.pairing.naming import Names, meanings
from lossctl.pairing.of_words import called, is_fraction, naming_columns, without_words
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.words import FEW, NO_CLASS, OF_PREDICTIONS, OF_SAMPLES, words_of
from lossctl.tables.cells import is_boolean
from lossctl.tables.formats import FORMATS
from lossctl.tables.table import Table

_INDEX_NAME = r"Unnamed: [0-9]+(?:\.[0-9]+)?|index"
UNNAMED = frozenset({"", "Unnamed: 0", "Unnamed: 0.1", "index"})
"""What columns are called where pandas wrote, read or reset an index without a name."""
_OF_POLARS = "None"
"""What `polars.from_pandas(..., include_index=True)` calls such an index."""
_LEVEL = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls such an index in Parquet and Feather."""
_ID_NAME = re.compile(rf"(.*[_ -])?(id|Id|ID)|.*[a-z]Id|{_INDEX_NAME}")


def is_level_without_name(name: str) -> bool:
    """Return whether a column is called as a level of an index without a name is, by pandas."""
    return _LEVEL.fullmatch(name) is not None


def is_unnamed_index(name: str) -> bool:
    """Return whether a column is called as an index without a name is, in whatever format."""
    return name in UNNAMED or is_level_without_name(name)


def called_in_messages(name: str) -> str:
    """Return what a message calls an id: an index that nobody gave a name has none to quote."""
    return quoted(name) if name and not is_level_without_name(name) else "the index"


def has_name_of_id(name: str) -> bool:
    """Return whether a column is called as ids are."""
    return _ID_NAME.fullmatch(name) is not None


def has_name_of_index(name: str) -> bool:
    """Return whether a column is called as one that only numbers the rows."""
    return re.fullmatch(f"{_INDEX_NAME}|idx|", name) is not None


def index_by_name(table: Table, other: Table) -> tuple[int, ...]:
    """Return the columns that are called as an index is that a table does not tell of.

    They are called as the index of the other table; else it is the first one where pandas had no
    name for it, but that behind it where this one only numbers the rows.
    """
    names, theirs = table.columns or (), other.index_names
    if theirs and len(theirs) < len(names) and {*theirs} <= {*names}:
        columns = tuple(map(names.index, theirs))
        if all(map(table.can_be_text, columns)):
            return columns
    unnamed = unnamed_columns(table)
    if len(unnamed) < 2:
        return tuple(unnamed)
    labelled = (i for i in unnamed if not only_number(_cells(table, i)))
    return (next(labelled, 0),)


def unnamed_columns(table: Table) -> range:
    """Return the columns at the start that pandas had no name for, such as `Unnamed: 0` and index.

    There are several where a table was read and written again, or its index was reset; one that
    holds fractions is none. A class may be called None, as polars calls such an index.
    """
    found = 0
    for name in (table.columns or ())[:-1]:
        if name not in {*UNNAMED, _OF_POLARS} or not table.can_be_text(found):
            break
        cells = _cells(table, found)
        if any(map(is_fraction, cells)) or (name == _OF_POLARS and not _all_differ(cells)):
            break
        found += 1
    return range(found)


def _all_differ(cells: Sequence[str]) -> bool:
    """Return whether cells hardly are 0s and 1s, or labels, of a class that is called None."""
    return len({*cells}) == len(cells) >= FEW


def _cells(table: Table, column: int) -> list[str]:
    """Return the cells of a column in the first rows."""
    return [row[0] for row in table.head([column])]


def index_names(table: Table, other: Table) -> Collection[str]:
    """Return what the columns are called that are, or may be, the index of a table."""
    columns = table.columns or ()
    return {*table.index_names, *(columns[index] for index in index_by_name(table, other))}


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
    unnamed = unnamed_columns(table) if of_index else ()
    for index in columns[side] if names else ():
        name, several = names[index], len(columns[side]) > 1
        if not name.strip():
            hint = of_index if of_index and index in unnamed else _way_without_name(table)
            raise DataError(f"column {index + 1} has no name", hint, file=table.name)
        if several and of_index and index in unnamed:
            raise DataError(_like_an_id(name), of_index, file=table.name)
        if several and name not in request.classes and has_name_of_id(name):
            raise _looks_like_an_id(tables, columns, side, name, request, ids=ids)


def _way_without_name(table: Table) -> str:
    hint = "say which columns are meant with --pred-cols and --target-col"
    if table.in_memory:
        return hint
    write = "to_excel" if table.format == FORMATS["xlsx"].title else "to_csv"
    return f"pandas writes such a column for its index: use {write}(..., index=False), or {hint}"


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
        raise _looks_like_an_id(tables, columns, 0, name, request, ids=ids)


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
        way = f"no file says that it is an index: pass --id {argument(name)}, not --index align"
        return DataError(_like_an_id(name), way, file=table.name)
    others = _no_ids(table, without_words(table, columns[side]), name)
    pair = f"pair the rows by it with --id {argument(name)}; or, " if name in (ids or ()) else ""
    if ids is not None and not aligned:
        pair += "if the rows of both tables stand in the same order, "
    ways = [naming_columns("--target-col" if side else "--pred-cols", others)]
    if not side and not request.target_cols:
        theirs = _no_ids(tables[1], columns[1], name)
        if len(theirs) < len(columns[1]) and not names_both(tables, others):
            ways.append(naming_columns("--target-col", theirs))
    way = f"leave it out: {' '.join(filter(None, ways))}"
    if None in ways:
        way = "say which columns are meant with --pred-cols and --target-col"
    return DataError(_like_an_id(name), f"{pair}{way}", file=table.name)


def _no_ids(table: Table, columns: Sequence[int], name: str) -> list[str]:
    """Return those of the columns that are not called so, or as ids are; none without names."""
    known = called(table, columns) if table.columns else []
    return [other for other in known if other != name and not has_name_of_id(other)]


def names_both(tables: tuple[Table, Table], names: Collection[str]) -> bool:
    """Return whether names of predictions are those of the targets, too, where these have them all.

    Whatever else the targets have must be in the predictions, too: so it is no target.
    """
    ours, theirs = (table.columns or () for table in tables)
    return {*names} <= {*theirs} <= {*ours}
