"""Where a table has the labels of its index, in whatever format it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice, pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from lossctl.base.errors import DataError
from lossctl.pairing.date_forms import DateForm
from lossctl.pairing.ids_by_value import ENOUGH, counts, only_number
from lossctl.pairing.index_names import index_by_name, unnamed_columns
from lossctl.pairing.levels import (
    Levels,
    as_numbers,
    encoded,
    texts,
    whole_numbers,
    without_midnight,
)
from lossctl.pairing.no_components import has_name_of_id
from lossctl.pairing.of_words import called, naming_columns, without_words
from lossctl.pairing.request import Request
from lossctl.tables.block import Block
from lossctl.tables.cells import MOST_LEVELS, is_whole
from lossctl.tables.memory import MemoryTable
from lossctl.tables.table import HEAD, Table

Labels: TypeAlias = list[str]
_OPTIONS = ("--pred-cols", "--target-col")


class IndexLabels(NamedTuple):
    """Where a table has the labels of its index."""

    roles: tuple[str, ...]
    """Of the columns beside its values that hold them, one a level."""
    columns: tuple[int, ...]
    counted: range | None
    """What they are where they stand nowhere: from its start on, by its step."""
    default: bool
    """They only number the rows, as pandas does where nobody named a row; the first ones do."""
    by_name: bool = False
    """The table does not say that it has an index: its columns are called as one is."""
    dates: DateForm | None = None
    """Their form where they are dates, but written otherwise than those of the other table."""

    @staticmethod
    def of(
        tables: tuple[Table, Table], side: int, used: Collection[int] = ()
    ) -> IndexLabels | None:
        """Return those of a table, 0 or 1; None where it has none beside the columns in use.

        An index that the table itself tells of comes first, unless it only numbers the rows.
        """
        table, other = tables[side], tables[1 - side]
        told = _told(table, used)
        if told is not None and not told.default:
            return told
        columns = index_by_name(table, other)
        if not columns or not set(columns).isdisjoint(used):
            return told
        first = [*table.head(columns)]
        roles = tuple(f"label[{level}]" for level in range(len(columns)))
        numbered = len(columns) == 1 and only_number([row[0] for row in first])
        return told if told and numbered else IndexLabels(roles, columns, None, numbered, True)

    def require_comparable(self, table: Table) -> None:
        """Raise DataError if its labels cannot be compared, or have too many levels."""
        if not all(map(table.can_be_text, self.columns)):
            reason = "the labels of its index are of a type that cannot be compared"
            raise DataError(reason, "to leave them unseen pass --index ignore", file=table.name)
        if len(self.columns) > MOST_LEVELS:
            reason = f"its index has {len(self.columns)} levels: {MOST_LEVELS} are the most"
            raise DataError(reason, "to leave it unseen pass --index ignore", file=table.name)

    def levels(self, block: Block, start: int) -> Levels:
        """Return the labels of a block whose first row has the index `start` in the table."""
        if self.dates is not None:
            return [encoded(self.dates.texts(texts([block.beside[self.roles[0]]])))]
        if self.counted is None:
            return [as_numbers(block.beside[role]) for role in self.roles]
        return [self.counted.start + self.counted.step * np.arange(start, start + len(block))]

    def first(self, table: Table) -> Labels:
        """Return the labels of the first rows."""
        if self.counted is not None:
            return list(map(str, self.counted[:HEAD]))
        if not self.by_name and isinstance(table, MemoryTable):
            return texts([level[:HEAD] for level in table.index_levels()], one_form=True)
        rows = [tuple(map(without_midnight, row)) for row in islice(table.head(self.columns), HEAD)]
        return [str(row) if len(row) > 1 else row[0] for row in rows]

    @property
    def beside(self) -> dict[str, int]:
        """The columns that hold them by their roles."""
        return dict(zip(self.roles, self.columns, strict=True))


class Numbering:
    """Whether labels go on to number the rows, as those of the first rows do.

    They count by one, and from 0 or 1 again where another table was put below.
    """

    def __init__(self, labels: IndexLabels) -> None:
        self.goes_on = labels.default
        self._certain = labels.counted is not None
        self._last = -1

    def look(self, levels: Levels) -> None:
        """Look at those of the next rows."""
        if self._certain or not self.goes_on or not len(levels[0]):
            return
        numbers = whole_numbers(levels[0])
        if numbers is None:
            self.goes_on = False
            return
        steps = np.diff(numbers, prepend=self._last)
        self.goes_on = bool(((steps == 1) | (numbers == 0) | (numbers == 1)).all())
        self._last = int(numbers[-1])


def _told(table: Table, used: Collection[int]) -> IndexLabels | None:
    """Return the labels of the index that a table says it has."""
    if (counted := table.index_range) is not None:
        default = (counted.start, counted.step) == (0, 1)
        return IndexLabels((), (), counted, default)
    columns = table.index_columns()
    if not columns or not set(columns).isdisjoint(used):
        return None
    roles = tuple(f"index[{level}]" for level in range(len(columns)))
    return IndexLabels(roles, columns, None, False)


def ascend_with_gaps(labels: Labels) -> bool:
    """Return whether so many whole numbers ascend as by chance do not, and leave some out."""
    if len(labels) < ENOUGH or not all(map(is_whole, labels)) or counts(labels):
        return False
    return all(one < other for one, other in pairwise(map(int, labels)))


def may_align(
    labels: tuple[Labels, Labels], numbered: tuple[bool, bool], rows: Sequence[int]
) -> bool:
    """Return whether labels may pair tables of so many rows, as far as the first ones tell.

    They do where some are the same and where those of one table are numbers of rows of the other,
    which has more.
    """
    if any(numbered):
        whole, other = (0, 1) if numbered[0] else (1, 0)
        numbers = labels[other]
        return (
            not all(numbered)
            and rows[whole] > rows[other]
            and len({*numbers}) == len(numbers)
            and all(is_whole(text) and 0 <= int(text) < rows[whole] for text in numbers)
        )
    return not {*labels[0]}.isdisjoint(labels[1])


def way_of_index(
    tables: tuple[Table, Table],
    columns: tuple[Sequence[int], Sequence[int]],
    request: Request,
    sides: tuple[IndexLabels, IndexLabels],
) -> str:
    """Return the way out for columns of values with an index among them, of one table or of both.

    It leads on for both tables at once; `sides` are the labels of both indexes.
    """
    told = (request.pred_cols, request.target_cols)
    ways = [
        naming_columns(option, _others(tables, side, columns[side], labels))
        for side, (option, labels) in enumerate(zip(_OPTIONS, sides, strict=True))
        if labels.by_name and not told[side]
    ]
    leave = f"leave it out: {' '.join(filter(None, ways))}"
    if None in ways:
        leave = "say which columns are meant with --pred-cols and --target-col"
    if request.beside:
        return leave
    in_order = "if the rows of both tables stand in the same order, "
    for labels, table in zip(sides, tables, strict=True):
        if labels.default:
            return f"the index of {table.name} only numbers its rows; {in_order}{leave}"
    return f"pair the rows by the index with --index align; or, {in_order}{leave}"


def _others(
    tables: tuple[Table, Table], side: int, columns: Sequence[int], labels: IndexLabels
) -> list[str]:
    table, other = tables[side], tables[1 - side]
    index = {*labels.columns, *unnamed_columns(table, other)}
    others = [column for column in columns if column not in index]
    names = called(table, without_words(table, others) or others)
    return [name for name in names if not has_name_of_id(name)] or names
