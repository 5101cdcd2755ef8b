"""The indexes of two data frames: whether their labels are the same, row by row; labels as ids."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import quoted
from lossctl.pairing.ids import ID
from lossctl.pairing.levels import Levels, same, texts, whole_numbers
from lossctl.pairing.warnings import IndexUnused
from lossctl.tables.block import Block, Span
from lossctl.tables.cells import MOST_LEVELS, BadCell, id_bytes
from lossctl.tables.memory import MemoryTable
from lossctl.tables.place import ByNumber, Place
from lossctl.tables.table import Selection, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

HINT = (
    "to pair the rows that have the same label pass --index align; if they belong together in "
    "their order, pass --index ignore"
)


WAY_TO_ALIGN = (
    "no row is ever dropped or repeated: find out which are missing, or pair the rows by the "
    "labels of both indexes with --index align, and leave out those without a partner with "
    "--missing present"
)


class IndexLabels(NamedTuple):
    """Where a table has the labels of its index."""

    roles: tuple[str, ...]
    """Of the columns beside its values that hold them, one a level."""
    counted: range | None
    """What they are where they stand nowhere: from its start on, by its step."""

    @staticmethod
    def of(table: Table, used: Sequence[int]) -> IndexLabels | None:
        """Return those of a table; None where it has none beside the columns that are used."""
        if table.index_range is not None:
            return IndexLabels((), table.index_range)
        columns = table.index_columns()
        if not columns or not set(columns).isdisjoint(used):
            return None
        if not all(map(table.can_be_text, columns)):
            reason = "the labels of its index are of a type that cannot be compared"
            raise DataError(reason, "to leave them unseen pass --index ignore", file=table.name)
        if len(table.index_names) > MOST_LEVELS:
            reason = f"its index has {len(table.index_names)} levels: {MOST_LEVELS} are the most"
            raise DataError(reason, "to leave it unseen pass --index ignore", file=table.name)
        return IndexLabels(
            tuple(f"index[{level}]" for level in range(len(table.index_names))), None
        )

    @property
    def default(self) -> bool:
        """Whether they only number the rows, as pandas does where nobody named a row."""
        return self.counted is not None and (self.counted.start, self.counted.step) == (0, 1)

    def levels(self, block: Block, start: int) -> Levels:
        """Return the labels of a block whose first row has the index `start` in the table."""
        if self.counted is None:
            return [block.beside[role] for role in self.roles]
        return [self.counted.start + self.counted.step * np.arange(start, start + len(block))]

    def columns(self, table: Table) -> dict[str, int]:
        """Return the columns that hold them by their roles."""
        return dict(zip(self.roles, table.index_columns() if self.roles else (), strict=True))


class Indexed(NamedTuple):
    """Two tables that both have an index, which is looked at."""

    labels: tuple[IndexLabels, IndexLabels]
    names: tuple[str, str]
    align: bool
    """Rows are paired by their labels; else by position, and the labels are compared."""

    @property
    def by_default(self) -> bool:
        """Whether one of the two only numbers its rows, which other labels do not contradict."""
        return self.labels[0].default or self.labels[1].default


def indexed(
    tables: tuple[Table, Table], used: tuple[Sequence[int], Sequence[int]], align: bool
) -> Indexed | None:
    """Return what is to be looked at of the indexes of two tables; `used` are columns of values.

    Raises UsageError if rows are to be aligned by what there is not.
    """
    first, second = map(IndexLabels.of, tables, used)
    names = tables[0].name, tables[1].name
    if align:
        for table, labels in zip(tables, (first, second), strict=True):
            if labels is None:
                raise UsageError(
                    f"--index align: {table.name} has no index",
                    "a data frame of pandas has one, and so has the Parquet or Feather that pandas "
                    "writes of it; by a column of both tables rows are paired with --id",
                )
    if first is None or second is None:
        return None
    _require_one_order(tables)
    if not align and first.counted is not None and first.counted == second.counted:
        return None
    if not align and first.default and second.default:  # of tables of different lengths
        return None
    return Indexed((first, second), names, align)


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
        """By how much hashes of labels that differ add up to more than those of what numbers the
        rows: 0 if they are the same in another order. None: they cannot be."""
        self._factor = np.frombuffer(os.urandom(8), np.uint64) | np.uint64(1)

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
        if self._difference is not None and self._excess is None:
            return
        if len(first) == len(second) and all(map(same, first, second)):
            return
        if self._difference is None:
            self._difference = self._first_difference(first, second, places)
            if self._difference is None:
                return
            if not self._indexed.by_default:
                raise self._difference
        self._add_excess(first, second)

    def end(self) -> None:
        """Raise DataError if one table has the numbers of the other's rows in another order."""
        if self._difference is not None and self._excess == 0:
            raise self._difference

    def warnings(self) -> Iterator[IndexUnused]:
        """Yield a warning if one table only numbers its rows and the other has other labels."""
        if self._difference is not None:
            names = self._indexed.names
            numbered = 0 if self._indexed.labels[0].default else 1
            yield IndexUnused(numbered=names[numbered], labelled=names[1 - numbered])

    def _first_difference(
        self, first: Levels, second: Levels, places: tuple[Place, Place]
    ) -> DataError | None:
        pairs = enumerate(zip(texts(first), texts(second), strict=True))
        row, labels = next(((i, pair) for i, pair in pairs if pair[0] != pair[1]), (0, None))
        if labels is None:
            return None
        spots = [place.spot(row) for place in places]
        return spots[0].error(
            f"{spots[0]} has the label {quoted(labels[0])} in its index, but {spots[1]} has "
            f"{quoted(labels[1])}",
            HINT,
            block_row=row,
            names_place=True,
        )

    def _add_excess(self, first: Levels, second: Levels) -> None:
        """Add up the hashes of whole numbers; other labels number no rows."""
        if self._excess is None:
            return
        for levels, sign in ((first, 1), (second, -1)):
            numbers = whole_numbers(levels[0]) if len(levels) == 1 else None
            if numbers is None:
                self._excess = None
                return
            self._excess += sign * int(self._mixed(numbers).sum(dtype=np.uint64))
        self._excess %= 1 << 64

    def _mixed(self, labels: NDArray[np.int64]) -> NDArray[np.uint64]:
        mixed: NDArray[np.uint64] = labels.view(np.uint64) * self._factor
        mixed ^= mixed >> np.uint64(29)
        mixed *= self._factor
        mixed ^= mixed >> np.uint64(32)
        mixed *= self._factor
        return mixed


def compared_at_once(indexed: Indexed, tables: tuple[Table, Table]) -> Iterator[IndexUnused]:
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


def share_labels(tables: Sequence[Table]) -> bool:
    """Return whether tables in memory have labels in common, neither just numbering its rows."""
    first, second = cast(Sequence[MemoryTable], tables)
    counted = any(IndexLabels((), table.index_range).default for table in tables)
    return not counted and first.shares_labels_of(second)


class LabelledSpan(NamedTuple):
    """Some rows, whose labels stand beside them as ids."""

    span: Span
    labels: IndexLabels
    start: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.span.rows

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all; raise DataError for a label that is no id."""
        block = self.span.load(rows)
        place = block.place._replace(beside={ID: "index"})
        ids = []
        for row, text in enumerate(texts(self.labels.levels(block, self.start))):
            try:
                ids.append(id_bytes(text))
            except BadCell as bad:
                raise place.error(row, ID, bad.reason, bad.hint, text) from None
        return Block(block.values, place, {ID: np.array(ids, np.bytes_)})


class Labelled(Table):
    """A table whose labels stand beside its rows as ids."""

    def __init__(self, table: Table, labels: IndexLabels) -> None:
        self.name = table.name
        self._table = table
        self._labels = labels
        self._taken = 0

    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in the first rows."""
        return self._table.head(columns)

    def select(self, selection: Selection) -> None:
        """Read these columns from here on, those of the labels among them."""
        self._table.select(selection)

    def take(self, rows: int) -> LabelledSpan | None:
        """Return the next rows with their labels."""
        span = self._table.take(rows)
        if span is None:
            return None
        labelled = LabelledSpan(span, self._labels, self._taken)
        self._taken += span.rows
        return labelled

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""
        return self._table.row_size()
