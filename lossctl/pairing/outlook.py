"""What is looked at beside the values while tables are read: labels of indexes, ids of samples."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.warnings import Caution
from lossctl.pairing.chosen import Tables
from lossctl.pairing.columns import Columns
from lossctl.pairing.ids_by_value import ENOUGH, first_cells_of, only_number
from lossctl.pairing.index_names import has_name_of_index, index_by_name
from lossctl.pairing.no_components import has_name_of_id, may_name_samples
from lossctl.pairing.of_words import called
from lossctl.pairing.request import ALIGN, IGNORE, Request
from lossctl.pairing.warnings import IndexBesideIds, RowsOutOfOrder, SortedAsText
from lossctl.pairing.words import FEW
from lossctl.tables.cells import MOST_IDS, is_whole
from lossctl.tables.table import HEAD, Selection, Table

if TYPE_CHECKING:
    from lossctl.pairing.dates import Forms
    from lossctl.pairing.index import Indexed

KEEP, FIRST = "keep", "first"
"""What may become of samples that are there twice; otherwise they are refused."""
SAMPLES = tuple(f"sample[{number}]" for number in range(MOST_IDS))
"""The roles of columns that look like ids, by which the rows are not paired."""


class Outlook(NamedTuple):
    """What is looked at beside the values, if anything is."""

    columns: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {})
    """Of predictions and of targets, by their roles."""
    indexed: "Indexed | None" = None
    """Two indexes whose labels are compared, or are what rows are paired by."""
    indexes: "Indexed | None" = None
    """The same, where they were compared already, too."""
    warnings: tuple[Caution, ...] = ()
    """What is known before anything is read."""
    dated: "Forms | None" = None
    """The forms of the dates by which rows are paired, if they are others in either table."""

    @property
    def any(self) -> bool:
        """Whether anything is looked at."""
        return self.indexed is not None or any(self.columns)

    @property
    def roles(self) -> set[str]:
        """What is looked at, in either table."""
        return {*self.columns[0], *self.columns[1]}

    def beside(self, table: int, selection: Selection) -> Selection:
        """Return the selection of a table, 0 or 1, with its columns that are looked at."""
        return selection._replace(beside={**selection.beside, **self.columns[table]})


def outlook(tables: Tables, columns: Columns, request: Request) -> Outlook:
    """Return what is looked at of two tables, or of one that is given twice.

    Raises UsageError for policies that do not fit the tables, and DataError for indexes in memory
    that do not fit each other.
    """
    found = Outlook()
    if "id" in request.beside:
        return found._replace(dated=_dates(tables, columns))
    if tables[0] is not tables[1]:
        found = _indexes(tables, columns, request.by_index)
    elif request.by_index == ALIGN:
        raise UsageError(
            "--index align pairs the rows of two tables, and there is one",
            "each of its rows holds a prediction and its target already: leave --index align out",
        )
    if found.indexed is not None and found.indexed.align:
        return found
    for side in (0,) if tables[0] is tables[1] else (0, 1):
        samples = _samples(tables, columns, side)
        if samples:
            beside = list(found.columns)
            beside[side] = {**beside[side], **dict(zip(SAMPLES, samples, strict=False))}
            return found._replace(columns=(beside[0], beside[1]))
    if request.repeated == FIRST:
        raise UsageError(
            "--repeated-ids first takes ids, but no column looks like one",
            "if there is one, name it with --id",
        )
    return found


def _dates(tables: Tables, columns: Columns) -> "Forms | None":
    """Return the forms of ids that are dates, if they are others in either table."""
    if tables[0] is tables[1]:
        return None
    from lossctl.pairing.dates import forms_of

    return forms_of(tables, (columns.predictions.beside["id"], columns.targets.beside["id"]))


def _samples(tables: Tables, columns: Columns, side: int) -> list[int]:
    """Return the columns of one table that may say which sample a row is of."""
    table = tables[side]
    read = columns.predictions, columns.targets
    used = {index for i in (0, 1) if tables[i] is table for index in read[i].values}
    unused_id = columns.unused_id and columns.unused_id[side]
    names = called(table, range(table.width))
    unused = [(i, name) for i, name in enumerate(names) if i not in used]
    if table.in_memory and table.index_range is None:  # else labels stand in a column, or count
        unused += zip(table.index_columns(), table.index_names, strict=True)
    known = dict.fromkeys(
        index
        for is_one in ((lambda name: name == unused_id), has_name_of_id, may_name_samples)
        for index, name in unused
        if is_one(name) and table.can_be_text(index)
    )
    return _finest_first(table, [*known])


def _finest_first(table: Table, columns: list[int]) -> list[int]:
    """Return ids with that of a sample at the front, as a user has several; an index is none.

    It is the first of which most are different in the first rows; padding repeats few.
    """
    if len(columns) < 2:
        return columns
    names = table.columns or ()
    others = [index for index in columns if not has_name_of_index(names[index])] or columns[:1]
    cells = zip(*table.head(others), strict=True)
    parts = [len({*column}) / len(column) for column in cells] or [1.0] * len(others)
    finest = next((i for i, part in enumerate(parts) if part > 1 / 2), parts.index(max(parts)))
    return [others.pop(finest), *others]


def _indexes(tables: Tables, columns: Columns, policy: str | None) -> Outlook:
    """Return what is looked at of the indexes of two tables; most have none."""
    have = [
        table.tells_of_index or index_by_name(table, other)
        for table, other in (tables, tables[::-1])
    ]
    if policy == IGNORE:
        return Outlook()
    if policy is None and not any(have):
        return Outlook(warnings=tuple(_ids_out_of_order(tables, columns)))
    if policy is None and not all(have):
        return Outlook(warnings=tuple(_one_index(tables, columns, 0 if have[0] else 1)))
    from lossctl.pairing.index import compared_at_once, indexed

    used = columns.predictions.values, columns.targets.values
    found = indexed(tables, used, align=policy == ALIGN)
    if found is None or (found.by_name and not found.align and columns.ids_agree):
        return Outlook()
    at_once = not found.align and not found.by_name and all(table.in_memory for table in tables)
    if at_once:
        return Outlook(warnings=tuple(compared_at_once(found, tables)), indexes=found)
    return Outlook((found.labels[0].beside, found.labels[1].beside), found, found)


def _one_index(tables: Tables, columns: Columns, side: int) -> Iterator[Caution]:
    """Yield warnings of the labels of one table where the other has no index to compare."""
    from lossctl.pairing.index_labels import IndexLabels

    used = (columns.predictions, columns.targets)[side].values
    found = IndexLabels.of(tables, side, used)
    table = tables[side]
    if found is None or found.default or found.counted is not None:
        return
    if not table.in_memory and max(found.columns) >= table.width:
        return  # those of the first of several shards are counted, and stand in no column
    if not all(map(table.can_be_text, found.columns)):
        return
    labels = found.first(table)
    beside = [*_ids_beside(tables, columns, side, labels)] if columns.unused_id is None else []
    as_text = [*_sorted_as_text(tables, side, labels)]
    yield from (*beside, *as_text)
    if columns.unused_id is not None:  # which says of the other table what it has
        return
    if beside or as_text or tables[1 - side].in_memory:  # an array is what a model says of a frame
        return
    if _number_all_in_another_order(labels):
        yield _rows_out_of_order(tables, side, "", labels)


def _ids_beside(
    tables: Tables, columns: Columns, side: int, labels: list[str]
) -> Iterator[IndexBesideIds]:
    """Yield a warning if the other table has ids that do not begin as the labels do."""
    other = tables[1 - side]
    used = (columns.predictions, columns.targets)[1 - side].values
    ids = [
        index
        for index, name in enumerate(other.columns or ())
        if index not in used
        and may_name_samples(name)
        and not has_name_of_index(name)
        and other.can_be_text(index)
    ]
    from lossctl.pairing.date_forms import as_dates

    cells = [first_cells_of((other, other), (index, index))[0] for index in ids]
    if cells and all(as_dates(labels, several) != several for several in cells):
        name = (other.columns or ())[ids[0]]
        yield IndexBesideIds(labelled=tables[side].name, other=other.name, column=name)


def _sorted_as_text(tables: Tables, side: int, labels: list[str]) -> Iterator[SortedAsText]:
    """Yield a warning if labels are numbers in the order of text, such as 1, 10, 2.

    So many are in it by no chance.
    """
    if len(labels) < ENOUGH or not all(map(is_whole, labels)) or labels != sorted(labels):
        return
    if labels != sorted(labels, key=int):
        odd = next(i for i, (a, b) in enumerate(pairwise(map(int, labels))) if a > b)
        shown = tuple(labels[max(0, odd - 1) : odd + 2])
        yield SortedAsText(table=tables[side].name, other=tables[1 - side].name, labels=shown)


def _ids_out_of_order(tables: Tables, columns: Columns) -> Iterator[RowsOutOfOrder]:
    """Yield a warning for ids of one table alone that number all of its rows, in another order."""
    for side in (0, 1) if columns.unused_id is None else ():
        table, theirs = tables[side], tables[1 - side].columns or ()
        used = (columns.predictions, columns.targets)[side].values
        for index, name in enumerate(table.columns or ()):
            if index in used or name in theirs or not may_name_samples(name):
                continue
            if table.can_be_text(index) and not tables[1 - side].in_memory:
                cells = first_cells_of((table, table), (index, index))[0]
                if _number_all_in_another_order(cells):
                    yield _rows_out_of_order(tables, side, name, cells)
                    return


def _number_all_in_another_order(labels: list[str]) -> bool:
    """Return whether these are the numbers of all rows of a table, and do not count up."""
    if not ENOUGH <= len(labels) < HEAD or not all(map(is_whole, labels)) or only_number(labels):
        return False
    return only_number(sorted(labels, key=int))


def _rows_out_of_order(tables: Tables, side: int, column: str, labels: list[str]) -> RowsOutOfOrder:
    names = tables[side].name, tables[1 - side].name
    return RowsOutOfOrder(table=names[0], other=names[1], column=column, first=tuple(labels[:FEW]))
