"""Columns that are the index of a data frame, as their names say, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from lossctl.base.wording import argument, quoted
from lossctl.pairing.ids_by_value import only_number
from lossctl.pairing.levels import is_moment
from lossctl.pairing.of_words import is_fraction
from lossctl.pairing.words import FEW
from lossctl.tables.table import Table

INDEX_NAME = r"Unnamed: [0-9]+(?:\.[0-9]+)?|index"
UNNAMED = frozenset({"", "Unnamed: 0", "Unnamed: 0.1", "index"})
"""What columns are called where pandas wrote, read or reset an index without a name."""
_OF_POLARS = "None"
"""What `polars.from_pandas(..., include_index=True)` calls such an index."""
_LEVEL = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls such an index in Parquet and Feather."""


def is_level_without_name(name: str) -> bool:
    """Return whether a column is called as a level of an index without a name is, by pandas."""
    return _LEVEL.fullmatch(name) is not None


def is_unnamed_index(name: str) -> bool:
    """Return whether a column is called as an index without a name is, in whatever format."""
    return name in UNNAMED or is_level_without_name(name)


def called_in_messages(name: str) -> str:
    """Return what a message calls an id: an index that nobody gave a name has none to quote."""
    return quoted(name) if name and not is_level_without_name(name) else "the index"


def has_name_of_index(name: str) -> bool:
    """Return whether a column is called as one that only numbers the rows."""
    return re.fullmatch(f"{INDEX_NAME}|idx|", name) is not None


def index_by_name(table: Table, other: Table) -> tuple[int, ...]:
    """Return the columns that are called as an index is that a table does not tell of.

    They are called as the index of the other table; else it is the first one where pandas had no
    name for it, but that behind it where this one only numbers the rows; else it is the only one of
    dates where the index of the other table is of dates. Numbers with fractions are an index only
    beside one that has fractions, too.
    """
    names, theirs = table.columns or (), other.index_names
    if theirs and len(theirs) < len(names) and {*theirs} <= {*names}:
        columns = tuple(map(names.index, theirs))
        if all(map(table.can_be_text, columns)):
            is_index = tells_of_fractions(other) or not _hold_fractions(table, columns)
            return columns if is_index else ()
    unnamed = unnamed_columns(table, other)
    if not unnamed:
        return _dates_of_index(table, other)
    if len(unnamed) < 2:
        return tuple(unnamed)
    cells = zip(*table.head(unnamed), strict=True)
    labelled = (i for i, several in enumerate(cells) if not only_number(several))
    return (next(labelled, 0),)


def unnamed_columns(table: Table, other: Table | None = None) -> range:
    """Return the columns at the start that pandas had no name for, such as `Unnamed: 0` and index.

    There are several where a table was read and written again, or its index was reset; one that
    holds fractions is none, unless the index of the other table does. A class may be called None,
    as polars calls such an index.
    """
    names = [*takewhile({*UNNAMED, _OF_POLARS}.__contains__, (table.columns or ())[:-1])]
    columns = [*takewhile(table.can_be_text, range(len(names)))]
    cells = zip(*table.head(columns), strict=True) if columns else ()
    others = [
        (any(map(is_fraction, several)) and not (other and tells_of_fractions(other)))
        or (name == _OF_POLARS and not _all_differ(several))
        for name, several in zip(names, cells, strict=False)
    ]
    return range([*others, True].index(True))


def _dates_of_index(table: Table, other: Table) -> tuple[int, ...]:
    """Return the only column of dates, all different, if the index of the other table is of such.

    So it is of a data frame whose index lost its name, as in JSON, or has another one.
    """
    columns = () if other.index_range is not None else other.index_columns()
    stands = other.in_memory or max(columns, default=0) < other.width
    if len(columns) != 1 or not stands or not other.can_be_text(columns[0]):
        return ()
    from lossctl.pairing.date_forms import as_dates, may_be_date

    theirs = _cells_of(other, columns[0])
    texts = [*filter(table.can_be_text, range(len(table.columns or ())))]
    first = next(table.head(texts), []) if texts else []
    dated = [
        column
        for column, cell in zip(texts, first, strict=False)
        if may_be_date(cell) and _are_dates(as_dates(_cells_of(table, column), theirs))
    ]
    if len(dated) != 1 or not _are_dates(as_dates(theirs, _cells_of(table, dated[0]))):
        return ()
    return tuple(dated)


def _cells_of(table: Table, column: int) -> list[str]:
    return [cell for [cell] in table.head([column])]


def _are_dates(cells: Sequence[str]) -> bool:
    return all(map(is_moment, cells)) and _all_differ(cells)


def tells_of_fractions(table: Table) -> bool:
    """Return whether a table says that it has an index, and this holds numbers with fractions."""
    columns = () if table.index_range is not None else table.index_columns()
    return all(map(table.can_be_text, columns)) and _hold_fractions(table, columns)


def _hold_fractions(table: Table, columns: Sequence[int]) -> bool:
    rows = table.head(columns) if columns else ()
    return any(is_fraction(cell) for row in rows for cell in row)


def _all_differ(cells: Sequence[str]) -> bool:
    """Return whether cells hardly are 0s and 1s, or labels, of a class that is called None."""
    return len({*cells}) == len(cells) >= FEW


def index_names(table: Table, other: Table) -> Collection[str]:
    """Return what the columns are called that are, or may be, the index of a table."""
    columns = table.columns or ()
    return {*table.index_names, *(columns[index] for index in index_by_name(table, other))}


def names_rows(table: Table, other: Table) -> bool:
    """Return whether a table has an index, other than a column that only numbers its rows."""
    columns = index_by_name(table, other)
    if not columns or table.tells_of_index:
        return bool(index_names(table, other))
    return not only_number([cell for [cell] in table.head(columns[:1])])


def are_indexes(tables: tuple[Table, Table], names: tuple[str, str]) -> bool:
    """Return whether columns of both tables are the index of each, or belong to it."""
    sides = zip(tables, tables[::-1], names, strict=True)
    return all(name in index_names(table, other) for table, other, name in sides)


def way_to_column(index_of: str, name: str) -> str:
    """Return how rows are paired by the index of one table, and by a column so called of the other.

    `index_of` is what messages call the table of the index.
    """
    return (
        f"make a column {quoted(name)} of the index of {index_of}, in pandas with "
        f".rename_axis({quoted(name)}).reset_index(), and pair the rows by it with --id "
        f"{argument(name)}"
    )
