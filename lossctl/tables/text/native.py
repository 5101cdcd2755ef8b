"""The native reader of text tables: the parser in C++, or no answer at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lossctl.base.arrays import Ids
from lossctl.tables.block import Block
from lossctl.tables.cells import BadCell, Meaning
from lossctl.tables.records.cuts import Cut
from lossctl.tables.text import compiled
from lossctl.tables.text.strict import Layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DELIMITERS = ",;\t|"


class Columns(NamedTuple):
    """What becomes of each column of a table, as `plain.parse` is told."""

    kinds: bytes
    """A letter a column: n for numbers, w for words, t for texts, - for what is skipped."""
    places: NDArray[np.intp]
    """Which column of the values, or which of the texts, it is."""
    values: int
    words: list[tuple[int, Meaning]]
    """Which columns of the values hold words, in the order of the table, and what these mean."""
    texts: Mapping[str, int]
    """Which of the texts are read for which role."""

    @classmethod
    def of(cls, layout: Layout) -> Columns | None:
        """Return the columns of a layout; None where its cells are not parted as plain ones are."""
        selection, dialect = layout.reading.selection, layout.dialect
        parted = dialect.delimiter in _DELIMITERS and dialect.delimiter != dialect.decimal
        texts = selection.texts()
        if layout.spread is not None or not parted or len(texts) < len(selection.beside):
            return None
        kinds, places = np.full(layout.width, "-", "S1"), np.zeros(layout.width, np.intp)
        values = np.asarray(selection.values, np.intp)
        kinds[values], places[values] = "n", np.arange(len(values))
        kinds[list(selection.words)] = "w"
        apart = sorted(set(texts))
        kinds[apart], places[apart] = "t", range(len(apart))
        if np.count_nonzero(kinds != b"-") < len(values) + len(apart):
            return None  # a column is read twice
        words = [(int(places[i]), meaning) for i, meaning in sorted(selection.words.items())]
        roles = {role: apart.index(column) for role, column in selection.beside.items()}
        return cls(kinds.tobytes(), places, len(values), words, roles)


def read(cut: Cut, layout: Layout, columns: Columns) -> Block | None:
    """Return the records of a cut as a block, or None where another reader must decide.

    Accepted is what the strict reader takes, too, with the same bits.
    """
    if compiled.plain is None:
        return None
    content, rows, dialect = cut.content, cut.records, layout.dialect
    values = np.empty((columns.values, rows))
    spots = np.empty((columns.kinds.count(b"t"), rows, 2), np.intp)
    words = compiled.plain.parse(
        content,
        rows,
        dialect.delimiter,
        dialect.decimal,
        columns.kinds,
        columns.places,
        values,
        spots,
    )
    if words is None:
        return None
    for (place, meaning), distinct in zip(columns.words, words.split("\0")[:-1], strict=True):
        try:
            numbers = np.array([meaning(word) for word in distinct.split("\n")[:-1]])
        except BadCell:
            return None
        values[place] = numbers[values[place].astype(np.intp)]
    texts = [_gathered(compiled.plain, content, each) for each in spots]
    beside = {role: texts[index] for role, index in columns.texts.items()}
    return Block(values.T, layout.reading.lines(cut.line), beside)


def _gathered(plain: Any, content: bytes, spots: NDArray[np.intp]) -> Ids:
    """Return the texts at these spots as an array of bytes."""
    texts: Ids = np.zeros(len(spots), f"S{spots[:, 1].max()}")
    plain.gather(content, spots, texts)
    return texts
