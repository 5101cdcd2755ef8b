"""Columns that look like ids, by which the rows were not paired, and what their order says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import argument, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.ids_by_value import (
    ENOUGH,
    counts,
    differ_in_order,
    different_cells,
    first_cells_of,
    ids_by_value,
    only_number,
    shared_columns,
    values_in_another_order,
)
from lossctl.pairing.ids_of_long_tables import ids_of_long_tables
from lossctl.pairing.ids_together import ids_in_another_order, in_another_order
from lossctl.pairing.index_names import (
    are_indexes,
    called_in_messages,
    has_name_of_index,
    is_unnamed_index,
    names_rows,
    way_to_column,
)
from lossctl.pairing.no_components import has_name_of_id, may_name_samples
from lossctl.pairing.of_words import called
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.same_cells import pairs_of_same_cells
from lossctl.pairing.warnings import UnusedIdsTogether
from lossctl.pairing.words import OF_RANKS, words_of
from lossctl.tables.cells import label_text
from lossctl.tables.table import Table

_ROUNDED = 1e-3
"""Parts such as those of `rank(pct=True)` in pandas may be off by so much of themselves."""
_IN_ONE_ORDER = 2
"""What ids weigh that certainly do."""


class UnusedIds(NamedTuple):
    """Two columns that look like ids, one of each table, and the ids of the first rows."""

    names: tuple[str, str]
    here: list[str]
    there: list[str]
    of_index: bool = False
    """They are the index of each table."""

    @property
    def in_another_order(self) -> bool:
        """Whether the first rows of both have the same ids there, but in another order."""
        return differ_in_order(self.here, self.there)

    @property
    def certain(self) -> bool:
        """Whether these can be nothing but ids, by their names or their values; not ranks."""
        if len({*self.here}) < len(self.here):
            return False
        name, other = self.names
        if all(map(may_name_samples, self.names)) and (name == other or self._are_no_index):
            return True
        open_to_ranks = name != other or self._say_ranks or has_name_of_index(name)
        return len(self.here) >= ENOUGH and not (open_to_ranks and _may_be_ranks(self.here))

    @property
    def _say_ranks(self) -> bool:
        """Whether either name is one of ranks."""
        return not OF_RANKS.isdisjoint(word for name in self.names for word in words_of(name))

    @property
    def _are_no_index(self) -> bool:
        """Whether so many ids have no name of an index, which may only number the rows."""
        return len(self.here) >= ENOUGH and not any(map(has_name_of_index, self.names))

    @property
    def hardly_ranks(self) -> bool:
        """Whether the same cells under two names do not only count, or no name is that of ranks.

        Few of them may be anything, but where both have names of ids.
        """
        ordered = sorted(self.here, key=_by_size)
        if not only_number(list(map(label_text, ordered))) or any(map(_is_padded, ordered)):
            return True
        if all(is_unnamed_index(name) or may_name_samples(name) for name in self.names):
            return True
        return len(ordered) >= ENOUGH and not self._say_ranks

    @property
    def agree(self) -> bool:
        """Whether these are certainly ids, and stand in one order; an index is looked at itself."""
        return self.weight == _IN_ONE_ORDER and not self.of_index

    @property
    def numbers_rows(self) -> bool:
        """Whether it is an index that in one of the tables only numbers its rows."""
        return self.of_index and any(map(only_number, (self.here, self.there)))

    @property
    def only_count(self) -> bool:
        """Whether it is an index that numbers the rows of both, as they lie."""
        return self.here == self.there and has_name_of_index(self.names[0]) and counts(self.here)

    @property
    def weight(self) -> int:
        """What they say of the rows: most if these stand in one order, nothing if that is open.

        That an index numbers the rows of both, as they lie, says nothing.
        """
        if not self.certain:
            return 0
        if self.here == self.there:
            return 0 if self.only_count else _IN_ONE_ORDER
        return int(self.in_another_order)


def unused_ids(
    tables: Tables, request: Request, read: tuple[Sequence[int], ...], warnings: list[Caution]
) -> UnusedIds | None:
    """Return columns that are not read, but look like ids.

    They do by their name or their values or, where none of one name does, by the same values in
    another order under two names. What is an index in both is looked at otherwise. What cannot be
    read in either is no id. Raises DataError for ids that certainly stand in another order where
    no others stand in one order, unless something was said of an index: then several columns that
    are an id together are told in `warnings`.
    """
    if "id" in request.beside or tables[0] is tables[1] or _aligned(tables, request):
        return None
    shared = _shared(tables, read)
    found = _of_one_name(tables, shared)
    if found is None or not found.weight:  # an index that only numbers the rows says nothing
        cells = _unread_cells(tables, read)
        found = _of_two_names(tables, cells) or found
    if not (found and found.weight) and (together := ids_in_another_order(tables, shared)):
        if request.by_index is None:
            raise in_another_order(tables, together)
        warnings.append(UnusedIdsTogether(columns=tuple(together)))
    if found is None:
        if request.by_index is None:
            warnings.extend(ids_of_long_tables(cells, list(map(_names, tables))))
        return None
    found = found._replace(of_index=are_indexes(tables, found.names))
    if found.in_another_order:
        if found.certain and request.by_index is None:
            raise _in_another_order(tables, found)
        return found
    return None if found.numbers_rows else found


def _aligned(tables: Tables, request: Request) -> bool:
    """Return whether rows are paired by labels that do not only number those of both tables."""
    if request.by_index != ALIGN:
        return False
    from lossctl.pairing.index_labels import IndexLabels

    labels = [IndexLabels.of(tables, side) for side in (0, 1)]
    return not all(found and found.default for found in labels)


def _shared(tables: Tables, read: tuple[Sequence[int], ...]) -> dict[str, tuple[int, int]]:
    """Return the columns of both tables that are not read and no index, but could be text."""
    first, second = tables
    indexes = set(zip(first.index_columns(), second.index_columns(), strict=False))
    return {
        name: (here, there)
        for name, (here, there) in shared_columns(tables).items()
        if here not in read[0]
        and there not in read[1]
        and (here, there) not in indexes
        and first.can_be_text(here)
        and second.can_be_text(there)
    }


def _of_one_name(tables: Tables, shared: Mapping[str, tuple[int, int]]) -> UnusedIds | None:
    named = sorted(filter(has_name_of_id, shared))
    by_value = ids_by_value(tables, [*shared]), values_in_another_order(tables, shared)
    found = [
        UnusedIds((name, name), here, there)
        for name in dict.fromkeys([*named, *by_value[0], *by_value[1]])
        for here, there in [first_cells_of(tables, shared[name])]
    ]
    return max(found, key=lambda ids: ids.weight, default=None)


def _unread_cells(tables: Tables, read: tuple[Sequence[int], ...]) -> list[dict[int, list[str]]]:
    """Return, of each table, the first cells of columns that are not read, and like ids."""
    both = all(names_rows(table, other) for table, other in (tables, tables[::-1]))
    unread = [_unread(table, columns, both) for table, columns in zip(tables, read, strict=True)]
    return list(map(different_cells, tables, unread)) if all(unread) else [{}, {}]


def _of_two_names(tables: Tables, cells: Sequence[dict[int, list[str]]]) -> UnusedIds | None:
    """Return the same ids under two names, in another order; None if others are in one order."""
    names = list(map(_names, tables))
    found = [
        UnusedIds((names[0][pair[0]], names[1][pair[1]]), *_as_written(tables, pair))
        for pair in pairs_of_same_cells(*cells)
    ]
    found = [ids for ids in found if ids.hardly_ranks]
    in_one_order = any(ids.here == ids.there and not ids.only_count for ids in found)
    return None if in_one_order else next((ids for ids in found if not ids.only_count), None)


def _as_written(tables: Tables, pair: tuple[int, int]) -> tuple[list[str], list[str]]:
    """Return the same ids of both tables as they are written or, if that differs, in one form."""
    here, there = first_cells_of(tables, pair)
    if sorted(here) != sorted(there):
        here, there = (list(map(label_text, cells)) for cells in (here, there))
    return here, there


def _names(table: Table) -> dict[int, str]:
    """Return what options call columns; those of an index in memory are among them."""
    names = dict(enumerate(called(table, range(table.width))))
    if table.in_memory and table.index_range is None:  # else labels stand in a column, or count
        names |= zip(table.index_columns(), table.index_names, strict=True)
    return names


def _unread(table: Table, read: Sequence[int], both: bool) -> list[int]:
    """Return the columns that are not read, but could be text.

    An index that both tables have is none of them.
    """
    known = {*read, *(table.index_columns() if both else ())}
    return [i for i in _names(table) if i not in known and table.can_be_text(i)]


def _may_be_ranks(cells: Sequence[str]) -> bool:
    """Return whether different values count from 0 or 1 on, or as parts of 1 do."""
    if not all(map(is_number, cells)) or any(map(_is_padded, cells)):
        return False
    ordered = sorted(cells, key=float)
    ranks = [float(cell) * len(cells) for cell in ordered]
    near = all(abs(rank - i) <= _ROUNDED * i for i, rank in enumerate(ranks, 1))
    return near or only_number([*map(label_text, ordered)])


def _is_padded(text: str) -> bool:
    """Return whether a number has zeros before its digits, 007, as no rank is written."""
    return text[:1] == "0" and text.isdecimal() and len(text) > 1


def _by_size(text: str) -> tuple[int, str]:
    """Return the key that sorts numbers of digits."""
    return len(text), text


def _in_another_order(tables: Tables, ids: UnusedIds) -> DataError:
    """Return the error for two columns with the same ids, by which the rows were not paired."""
    told = " and ".join(dict.fromkeys(map(_called, tables, ids.names)))
    return DataError(
        f"{tables[0].name} and {tables[1].name} have the same ids, {told}, in another order",
        f"{_way_to_pair(tables, ids)}; if the rows do belong together as they stand, pass --index "
        "ignore",
    )


def _called(table: Table, name: str) -> str:
    """Return what a message calls a column."""
    return f"column {name}" if _is_number(table, name) else called_in_messages(name)


def _is_number(table: Table, name: str) -> bool:
    """Return whether a column has no name, and goes by its number; an index may have one."""
    return table.columns is None and name not in table.index_names


def _way_to_pair(tables: Tables, ids: UnusedIds) -> str:
    """Return how rows are paired by ids that both tables have."""
    name, other = ids.names
    unnamed = list(map(is_unnamed_index, ids.names))
    if ids.of_index and all(unnamed):
        return "pair the rows by them with --index align"
    if name == other:
        return f"pair the rows by them with --id {argument(name)}"
    bare = [_is_number(*of) for of in zip(tables, ids.names, strict=True)]
    if any(bare):
        without = [table.name for table, one in zip(tables, bare, strict=True) if one]
        own = "id" if all(bare) or any(unnamed) else ids.names[bare.index(False)]
        return (
            f"give the columns of {' and '.join(without)} names, call the ids {quoted(own)} in "
            f"both, and pair the rows by them with --id {argument(own)}"
        )
    if any(unnamed):
        table, name = (tables[0], other) if unnamed[0] else (tables[1], name)
        return way_to_column(table.name, name)
    return "call both the same, and pair the rows by them with --id"
