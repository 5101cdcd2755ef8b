"""Columns that are paired by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossctl.base.errors import DataError, UsageError
from lossctl.base.warnings import Caution
from lossctl.base.wording import argument, counted, listed, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.naming import Names, as_labels, count_in_order, cuts, meanings
from lossctl.pairing.of_words import naming_columns
from lossctl.pairing.warnings import ColumnsCountOtherwise, ColumnsSwapped, OtherColumn
from lossctl.pairing.words import OF_LABELS, OF_TARGETS, PREDICTED, SHOWN, words_of
from lossctl.tables.column_names import unique_names
from lossctl.tables.place import Spot
from lossctl.tables.table import Table


def class_names(table: Table, columns: Sequence[int], classes: Names) -> Names | None:
    """Return the names of the predictions' columns, from the user or from their header.

    Raises UsageError for names that are not one for each column, and for those of the header in
    another order.
    """
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
    if named is not None and _reordered(classes, named):
        raise UsageError(
            f"--classes has the names in the header of {table.name} in another order",
            "it renames the columns in the order they stand in; leave it out, and they go by their "
            "own names",
        )
    return classes


def _reordered(classes: Names, named: Names) -> bool:
    lower = [name.lower() for name in classes]
    return any(
        [name.lower() for name in cut] != lower
        and sorted(name.lower() for name in cut) == sorted(lower)
        for _, cut in cuts(named)
    )


def paired_by_name(
    tables: Tables, names: Names | None, targets: Sequence[int], each_named: bool
) -> Sequence[int]:
    """Return the targets' columns in the order of the predictions', which have the `names`.

    They are paired by their names, or by what is left of them when what all of a side start or end
    with is cut off; where a side has no names, or names that only count, by position. Raises
    DataError for names that do not belong together, unless `each_named` says that the user named
    every single one, and so their order.
    """
    first, second = tables
    theirs = None if second.columns is None else tuple(second.columns[index] for index in targets)
    if len(targets) == 1 or names == theirs:
        return targets
    if names is None or theirs is None:
        table, known = (first, first.columns and names) if theirs is None else (second, theirs)
        if known and not each_named:
            _require_order(table, known)
        return targets
    if (matched := _matched(names, theirs)) is not None:
        wanted, there = matched
        columns = dict(zip(there, targets, strict=True))
        return tuple(columns[name] for name in wanted)
    if not each_named:
        _require_order(first, names)
        _require_order(second, theirs)
    counting = [count_in_order(side) for side in (names, theirs)]
    shared = set(names) & set(theirs)
    if all(counting) or (not shared and (each_named or any(counting))):
        return targets
    raise _no_pairs(tables, names, theirs)


def called_otherwise(tables: Tables, columns: Sequence[Sequence[int]]) -> Iterator[Caution]:
    """Yield a warning where names say that the columns are not what they are read as.

    One of the predictions is called as targets are, and one of the targets as predictions are; or
    both tables have a column of each name, and one was chosen in the one, the other in the other.
    """
    names, theirs = (
        [table.columns[index] for index in read] if table.columns else []
        for table, read in zip(tables, columns, strict=True)
    )
    of_targets = (name for name in names if not OF_TARGETS.isdisjoint(words_of(name)))
    predicted = (name for name in theirs if not PREDICTED.isdisjoint(words_of(name)))
    if swapped := next(zip(of_targets, predicted, strict=False), None):
        yield ColumnsSwapped(prediction=swapped[0], target=swapped[1])
    elif tables[0] is not tables[1] and len(names) == len(theirs) == 1 and names != theirs:
        there = [{*(table.columns or ())} for table in tables]
        if names[0] in there[1] and theirs[0] in there[0]:
            yield OtherColumn(prediction=names[0], target=theirs[0])


def counting_otherwise(
    tables: Tables, names: Names | None, targets: Sequence[int]
) -> Iterator[Caution]:
    """Yield a warning where both sides have a name that stands at another place in each."""
    first, second = tables
    theirs = () if second.columns is None else tuple(second.columns[index] for index in targets)
    if names != theirs and {*(names or ())} & {*theirs}:
        shown = [listed(map(quoted, side), SHOWN) for side in (names or (), theirs)]
        yield ColumnsCountOtherwise(
            predictions=(first.name, shown[0]), targets=(second.name, shown[1])
        )


def telling(names: Names | None, targets: Table, columns: Sequence[int]) -> Names | None:
    """Return the names of the predictions' columns; those of the targets' where they only count."""
    if targets.columns is None or (names is not None and not count_in_order(names)):
        return names
    return tuple(targets.columns[index] for index in columns)


def _no_pairs(tables: Tables, names: Names, theirs: Names) -> DataError:
    """Return the error for names that do not belong together."""
    first, second = tables
    way = _way_of_case(names, theirs)
    if set(names) & set(theirs):
        odd = ", ".join(quoted(name) for name in sorted(set(names) ^ set(theirs))[:10])
        return DataError(
            f"{first.name} and {second.name} share some column names but not all: {odd} "
            "stand in one of them only",
            way
            or f"{_way_to_one(names, theirs)}name the columns with --pred-cols, and their targets, "
            "in the same order, with --target-col, and pass --columns position",
        )
    shown = [listed(map(quoted, side), SHOWN) for side in (names, theirs)]
    return DataError(
        f"{first.name} has the columns {shown[0]}, but {second.name} {shown[1]}: no name of the "
        "one is a name of the other",
        way or "if they stand in the same order, pass --columns position",
    )


def _way_to_one(names: Names, theirs: Names) -> str:
    """Return how one column is evaluated, where it alone says that it predicts one of the other."""
    alone = [name for name in names if name not in theirs]
    targets = [name for name in theirs if name not in names]
    if len(alone) != 1 or len(targets) != 1:
        return ""
    says = PREDICTED.intersection(words_of(alone[0]))
    told = (OF_TARGETS | OF_LABELS).intersection(words_of(targets[0]))
    options = zip(("--pred-cols", "--target-col"), (alone, targets), strict=True)
    ways = [naming_columns(option, columns) for option, columns in options]
    if not (says or told) or None in ways:
        return ""
    pair = " predicts ".join(map(quoted, (alone[0], targets[0])))
    return f"if {pair}, pass {' '.join(map(str, ways))}; otherwise "


def _way_of_case(names: Names, theirs: Names) -> str | None:
    """Return the way out for names that differ in upper and lower case alone; None for others."""
    lower = {name.lower(): name for name in names}
    if lower.keys() != {name.lower() for name in theirs}:
        return None
    way = "call them alike"
    if len(lower) == len(names) and not any("," in name for name in names):
        order = ",".join(lower[name.lower()] for name in theirs)
        way = f"to pair them, pass --columns position and --pred-cols {argument(order)}"
    return f"they differ in upper and lower case alone: {way}"


def _require_order(table: Table, names: Names) -> None:
    """Raise DataError for names that count in another order, as 0, 1, 10, 2, where none fit."""
    for _, cut in cuts(names):
        numbers = as_labels(cut)
        if all(map(str.isdecimal, numbers)):
            ordered = sorted(numbers, key=int)
            if count_in_order(ordered) and ordered != list(numbers):
                raise DataError(
                    f"{table.name} numbers its columns, but they stand in another order, "
                    f"{listed(map(quoted, names), SHOWN)}, and those of the other table are not "
                    "called so",
                    "if these stand in the same order, pass --columns position; if their first row "
                    "names them, pass --header or --targets-header",
                )


def _matched(names: Names, theirs: Names) -> tuple[Names, Names] | None:
    """Return both sides' names as they are the same, in whatever order; None if they never are."""
    if set(names) == set(theirs):
        return names, theirs
    if set(names) & set(theirs):
        return None
    pairs = sorted(_same(names, theirs), key=lambda pair: pair[0])
    return pairs[0][1:] if pairs else None


def _same(names: Names, theirs: Names) -> Iterator[tuple[int, Names, Names]]:
    """Yield what both sides may mean alike, and how many shorter cuts there are."""
    there: dict[frozenset[str], tuple[int, Names]] = {}
    for longer, cut in enumerate(meanings(theirs)):
        there.setdefault(frozenset(cut), (longer, cut))
    for longer, cut in enumerate(meanings(names)):
        if (found := there.get(frozenset(cut))) is not None:
            yield longer + found[0], cut, found[1]
