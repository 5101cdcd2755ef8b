"""Tables whose rows are paired by the labels of their indexes, which stand beside them as ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lossctl.pairing.ids import ID
from lossctl.pairing.index import Indexed
from lossctl.pairing.index_labels import IndexLabels
from lossctl.pairing.levels import Levels, whole_numbers
from lossctl.pairing.other_ids import OtherIds
from lossctl.tables.block import Block, Span
from lossctl.tables.cells import BadCell, id_bytes
from lossctl.tables.table import Table


class RowNumbers:
    """Whether all labels that were loaded number the rows, as those of the first rows do."""

    def __init__(self, first: str | None) -> None:
        """Take the first label of all; None where the first ones do not number the rows."""
        self.go_on = first is not None
        self._first = int(first or 0)

    def look(self, levels: Levels, start: int) -> None:
        """Look at the labels of the rows from this one on."""
        if self.go_on and len(levels[0]):
            found, expected = whole_numbers(levels[0]), self._first + start
            if found is None or (found != np.arange(expected, expected + len(found))).any():
                self.go_on = False


class LabelledSpan(NamedTuple):
    """Some rows, whose labels stand beside them as ids."""

    span: Span
    labels: IndexLabels
    start: int
    texts: Callable[[Levels], list[str]]
    """Of labels of both tables alike."""
    numbers: RowNumbers

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.span.rows

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all; raise DataError for a label that is no id."""
        block = self.span.load(rows)
        place = block.place._replace(beside={ID: "index"})
        levels, ids = self.labels.levels(block, self.start), []
        self.numbers.look(levels, self.start)
        for row, text in enumerate(self.texts(levels)):
            try:
                ids.append(id_bytes(text))
            except BadCell as bad:
                raise place.error(row, ID, bad.reason, bad.hint, text) from None
        return Block(block.values, place, {ID: np.array(ids, np.bytes_)})


class Labelled(OtherIds):
    """A table whose labels stand beside its rows as ids."""

    def __init__(self, table: Table, indexed: Indexed, side: int) -> None:
        """Take a table, and which side of the indexes is its own."""
        super().__init__(table)
        self._labels = indexed.labels[side]
        self._indexed = indexed
        self._taken = 0
        first = indexed.first[side]
        self._numbers = RowNumbers(first[0] if first and self._labels.default else None)

    @property
    def numbers_rows(self) -> bool:
        """Whether the labels of all rows that were loaded only number them."""
        return self._numbers.go_on

    def take(self, rows: int) -> LabelledSpan | None:
        """Return the next rows with their labels."""
        span = self._table.take(rows)
        if span is None:
            return None
        labelled = LabelledSpan(span, self._labels, self._taken, self._indexed.texts, self._numbers)
        self._taken += span.rows
        return labelled
