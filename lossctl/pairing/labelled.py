"""Tables whose rows are paired by the labels of their indexes, which stand beside them as ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.pairing.ids import COUNTS, ID
from lossctl.pairing.index import Indexed
from lossctl.pairing.index_labels import IndexLabels
from lossctl.pairing.levels import Levels, whole_numbers
from lossctl.pairing.other_ids import OtherIds
from lossctl.tables.block import Block, Span
from lossctl.tables.cells import BadCell, id_bytes
from lossctl.tables.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LabelledSpan(NamedTuple):
    """Some rows, whose labels stand beside them as ids."""

    span: Span
    labels: IndexLabels
    start: int
    texts: Callable[[Levels], list[str]]
    """Of labels of both tables alike."""
    first: int | None
    """What the first row of the table has, where the first ones number the rows."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.span.rows

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all; raise DataError for a label that is no id."""
        block = self.span.load(rows)
        place = block.place._replace(beside={ID: "index"})
        levels, ids = self.labels.levels(block, self.start), []
        for row, text in enumerate(self.texts(levels)):
            try:
                ids.append(id_bytes(text))
            except BadCell as bad:
                raise place.error(row, ID, bad.reason, bad.hint, text) from None
        beside: dict[str, NDArray[Any]] = {ID: np.array(ids, np.bytes_)}
        if self.first is not None:
            beside[COUNTS] = self._count(levels, self.first + self.start)
        return Block(block.values, place, beside)

    def _count(self, levels: Levels, start: int) -> NDArray[np.bool_]:
        """Return of each label whether it counts on from the first one."""
        found = whole_numbers(levels[0])
        if found is None:
            return np.zeros(len(levels[0]), np.bool_)
        return np.equal(found, np.arange(start, start + len(found)))


class Labelled(OtherIds):
    """A table whose labels stand beside its rows as ids."""

    def __init__(self, table: Table, indexed: Indexed, side: int) -> None:
        """Take a table, and which side of the indexes is its own."""
        super().__init__(table)
        self._labels = indexed.labels[side]
        self._indexed = indexed
        self._taken = 0
        first = indexed.first[side]
        self._first = int(first[0]) if first and self._labels.default else None

    def take(self, rows: int) -> LabelledSpan | None:
        """Return the next rows with their labels."""
        span = self._table.take(rows)
        if span is None:
            return None
        labelled = LabelledSpan(span, self._labels, self._taken, self._indexed.texts, self._first)
        self._taken += span.rows
        return labelled
