"""The indexes of two data frames: whether their labels are the same, row by row; labels as ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

from lossctl.base.errors import DataError, UsageError
from lossctl.base.warnings import Caution
from lossctl.base.wording import quoted
from lossctl.pairing.date_forms import form_of_dates, in_one_form
from lossctl.pairing.hashing import Hashing
from lossctl.pairing.index_labels import IndexLabels, Labels, Numbering, ascend_with_gaps, may_align
from lossctl.pairing.levels import (
    Levels,
    encoded,
    same,
    texts,
    whole_numbers,
)
from lossctl.pairing.warnings import IndexesApart, IndexUnused
from lossctl.tables.block import Block
from lossctl.tables.memory import MemoryTable
from lossctl.tables.place import ByNumber, Place
from lossctl.tables.table import Table

_DAY = "T00:00:00"
"""Behind a date it says nothing."""
HINT = (
    "to pair the rows that have the same label pass --index align; if they belong together in "
    "their order, pass --index ignore"
)

WAY_TO_ALIGN = (
    "no row is ever dropped or repeated: find out which are missing, or pair the rows by the "
    "labels of both indexes with --index align, and leave out those without a partner with "
    "--missing present"
)


class Indexed(NamedTuple):
    """Two tables that both have an index, which is looked at."""

    labels: tuple[IndexLabels, IndexLabels]
    first: tuple[Labels, Labels]
    """Those of the first rows."""
    names: tuple[str, str]
    align: bool
    """Rows are paired by their labels; else by position, and the labels are compared."""
    one_form: bool
    """Moments may be written in several forms, as some of them are in a file."""

    @property
    def default(self) -> tuple[bool, bool]:
        """Which of the two only number their rows."""
        return self.labels[0].default, self.labels[1].default

    @property
    def by_default(self) -> bool:
        """Whether one of the two only numbers its rows, which other labels do not contradict."""
        return any(self.default)

    @property
    def must_agree(self) -> bool:
        """Whether labels that differ are an error."""
        return self.comparable and not self.by_default

    @property
    def by_name(self) -> bool:
        """Whether one of the two is an index by its name alone."""
        return any(labels.by_name for labels in self.labels)

    @property
    def comparable(self) -> bool:
        """Whether both tables tell of an index, or name rows at the start alike somewhere."""
        alike = not {*self.first[0]}.isdisjoint(self.first[1])
        return not self.by_name or (self.names_rows and alike)

    @property
    def names_rows(self) -> bool:
        """Whether no label comes again at the start of either table."""
        return all(len({*labels}) == len(labels) for labels in self.first)

    def texts(self, levels: Levels) -> list[str]:
        """Return labels as texts that are the same in both formats."""
        return texts(levels, one_form=self.one_form)


def indexed(
    tables: tuple[Table, Table], used: tuple[Sequence[int], Sequence[int]], align: bool
) -> Indexed | None:
    """Return what is to be looked at of the indexes of two tables; `used` are columns of values.

    Raises UsageError if rows are to be aligned by what there is not.
    """
    labels = [IndexLabels.of(tables, side, used[side]) for side in (0, 1)]
    names = tables[0].name, tables[1].name
    if align:
        for name, those in zip(names, labels, strict=True):
            if those is None:
                raise UsageError(
                    f"--index align: {name} has no index",
                    "a data frame of pandas has one, and so has what pandas writes of it, unless "
                    "it is told index=False; by a column of both tables rows are paired with --id",
                )
    for table, those in zip(tables, labels, strict=True):
        if those is not None:
            those.require_comparable(table)
    first, second = labels
    if first is None or second is None:
        return None
    if not (first.by_name or second.by_name):
        _require_one_order(tables)
    if not align and first.counted is not None and first.counted == second.counted:
        return None
    if not align and first.counted and second.counted and first.default and second.default:
        return None  # of tables of different lengths
    heads = first.first(tables[0]), second.first(tables[1])
    labels_of_both = (
        first._replace(dates=form_of_dates(*heads)),
        second._replace(dates=form_of_dates(*reversed(heads))),
    )
    one_form = first.by_name or second.by_name or not all(table.in_memory for table in tables)
    return Indexed(labels_of_both, in_one_form(*heads), names, align, one_form)


def _require_one_order(tables: tuple[Table, Table]) -> None:
    """Raise DataError for two indexes of the same levels in another order."""
    first, second = (table.index_names for table in tables)
    if first != second and sorted(first) == sorted(second):
        raise DataError(
            f"the index of {tables[0].name} has the levels {', '.join(map(quoted, first))}, that "
            f"of {tables[1].name} {', '.join(map(quoted, second))}",
            "bring them into one order: frame.reorder_levels(...)",
        )


class IndexCheck:
    """The labels of two tables whose rows are paired by position, compared row by row."""

    def __init__(self, indexed: Indexed) -> None:
        self._indexed = indexed
        self._start = 0
        self._difference: DataError | None = None
        """The first one, where it is to be told at the end at most."""
        self._excess: int | None = 0
        """By how much hashes of labels that differ add up to more in the one table than in the
        other: 0 if they are the same in another order. None: they cannot be."""
        self._hashing = Hashing()
        self._numbering = tuple(map(Numbering, indexed.labels))

    def look(self, predictions: Block, targets: Block) -> None:
        """Compare the labels of the next rows; raise DataError where they must not differ."""
        first, second = self._indexed.labels
        self.compare(
            first.levels(predictions, self._start),
            second.levels(targets, self._start),
            (predictions.place, targets.place),
        )
        self._start += len(predictions)

    def compare(self, first: Levels, second: Levels, places: tuple[Place, Place]) -> None:
        """Compare some labels; raise DataError at the first difference, where there may be none."""
        for numbering, levels in zip(self._numbering, (first, second), strict=True):
            numbering.look(levels)
        if self._difference is None:
            if len(first) == len(second) and all(map(same, first, second)):
                return
            self._difference = self._first_difference(first, second, places)
        if self._difference is not None:
            if self._indexed.comparable and not any(self._numbered):
                raise self._difference
            self._add_excess(first, second)

    @property
    def _numbered(self) -> list[bool]:
        return [numbering.goes_on for numbering in self._numbering]

    def end(self) -> None:
        """Raise DataError if both tables have the same labels in another order."""
        if self._difference is not None and self._excess == 0:
            raise self._difference

    def warnings(self) -> Iterator[Caution]:
        """Yield a warning if one only numbers its rows, or no row has one name in both."""
        if self._difference is None or all(self._numbered):
            return
        first, second = self._indexed.names
        if any(self._numbered):
            names = (first, second) if self._numbered[0] else (second, first)
            ascend = ascend_with_gaps(self._indexed.first[1 if self._numbered[0] else 0])
            yield IndexUnused(numbered=names[0], labelled=names[1], ascend=ascend)
        elif self._indexed.names_rows and not self._indexed.comparable:
            yield IndexesApart(predictions=first, targets=second)

    def _first_difference(
        self, first: Levels, second: Levels, places: tuple[Place, Place]
    ) -> DataError | None:
        both = (self._indexed.texts(levels) for levels in (first, second))
        pairs = enumerate(zip(*both, strict=True))
        row = next((i for i, (one, other) in pairs if one != other), None)
        if row is None:
            return None
        labels = [  # as each has them itself
            texts([level[row : row + 1] for level in levels], one_form=False)[0].removesuffix(_DAY)
            for levels in (first, second)
        ]
        spots = [place.spot(row) for place in places]
        return spots[0].error(
            f"{spots[0]} has the label {quoted(labels[0])} in its index, but {spots[1]} has "
            f"{quoted(labels[1])}",
            HINT,
            block_row=row,
            names_place=True,
        )

    def _add_excess(self, first: Levels, second: Levels) -> None:
        """Add up the hashes of labels; beside those that number rows only whole numbers count."""
        for levels, sign in ((first, 1), (second, -1)):
            numbers = whole_numbers(levels[0]) if len(levels) == 1 else None
            if self._excess is None or (numbers is None and any(self._numbered)):
                self._excess = None
                return
            ids = encoded(self._indexed.texts(levels)) if numbers is None else numbers
            self._excess += sign * int(self._hashing.of_ids(ids).sum(dtype=np.uint64))
            self._excess %= 1 << 64


def compared_at_once(indexed: Indexed, tables: tuple[Table, Table]) -> Iterator[Caution]:
    """Compare the labels of two tables in memory; yield what is to be told of them.

    Raises DataError where they must not differ.
    """
    first, second = cast(tuple[MemoryTable, MemoryTable], tables)
    levels = () if first.has_index_of(second) else (first.index_levels(), second.index_levels())
    if not levels or len(levels[0][0]) != len(levels[1][0]):  # the numbers of rows will be told
        return
    check = IndexCheck(indexed)
    check.compare(*levels, (Place(ByNumber(first.name, 0)), Place(ByNumber(second.name, 0))))
    check.end()
    yield from check.warnings()


def way_to_align(indexed: Indexed, tables: Sequence[Table], rows: Sequence[int]) -> str | None:
    """Return the hint for two tables of so many rows each, if their labels may pair these."""
    if may_align(indexed.first, indexed.default, rows):
        return WAY_TO_ALIGN
    if indexed.by_default or indexed.by_name or not all(table.in_memory for table in tables):
        return None
    first, second = cast(Sequence[MemoryTable], tables)
    return WAY_TO_ALIGN if first.shares_labels_of(second) else None
