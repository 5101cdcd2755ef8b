"""Two tables -> blocks of the same samples by position, each looked at in the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.engines import in_order
from lossctl.pairing.hashing import Hashing
from lossctl.pairing.ids import ID
from lossctl.pairing.index import IndexCheck
from lossctl.pairing.outlook import FIRST, KEEP, SAMPLES
from lossctl.pairing.pair import Pair, PairSpan
from lossctl.pairing.repeated import Marks
from lossctl.pairing.several_ids import AnyRepetitions, FirstOnesOfAny
from lossctl.tables.block import Block, Loaded

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Read(NamedTuple):
    """The same samples in both tables, read, and what is kept of their ids."""

    predictions: Block
    targets: Block
    marks: Mapping[str, Marks]
    """By the roles of the columns that have the ids."""


Task: TypeAlias = tuple[PairSpan, tuple[str, ...]]
"""A span, and the roles of the columns whose ids are looked at in it."""
Tried: TypeAlias = tuple[PairSpan, Read | DataError]
"""A span, and what was read of it, or what is wrong in it."""


class ByPosition:
    """The samples of a pair by position, whose labels or ids are looked at on the way.

    Labels of two indexes are compared, and samples that are there twice are found, counted or left
    out. Memory is flat, but for that of `FirstOnes`.
    """

    def __init__(self, pair: Pair, repeated: str | None, jobs: int, engine: str) -> None:
        self.repeated = 0
        """So many rows repeat others: they are left out, or were asked for."""
        self._pair = pair
        self._jobs = jobs
        self._engine = engine
        indexed = pair.outlook.indexed
        self._check = None if indexed is None else IndexCheck(indexed)
        beside = {*pair.columns.predictions.beside, *pair.outlook.roles}
        roles = [role for role in SAMPLES if role in beside] or [ID] * (ID in beside)
        self._first_ones = FirstOnesOfAny(roles) if roles and repeated == FIRST else None
        self._repetitions = AnyRepetitions(roles) if roles and repeated != FIRST else None
        self._refuse = repeated != KEEP

    def spans(self, rows: int) -> Generator[PairSpan, None, None]:
        """Yield pairs of spans of at most `rows` rows.

        Raises DataError where labels differ, and for samples that are there twice.
        """
        width = self._pair.width
        hashing = Hashing(max(width, len(self._pair.columns.targets.values)))
        read = partial(_read, width, hashing)
        tried = in_order(read, self._tasks(rows), self._jobs, self._engine)
        with closing(tried):
            for span, blocks in tried:
                if isinstance(blocks, DataError):
                    yield from self._looked_at_above(blocks, span, read)
                    yield span  # its evaluation finds out which row is bad
                    try:
                        raise blocks
                    finally:  # or it would hold this frame, and so the files of the ids
                        del blocks
                yield from self._looked_at(span, blocks)
        self._end()

    def _tasks(self, rows: int) -> Iterator[Task]:
        """Yield the spans, each with the roles of the ids that are to be looked at."""
        for span in self._pair.spans(rows):
            yield span, self._roles

    @property
    def _roles(self) -> tuple[str, ...]:
        looking = self._first_ones or self._repetitions
        return looking.roles if looking else ()

    def warnings(self) -> Iterator[Caution]:
        """Yield what was odd about the labels."""
        if self._check is not None:
            yield from self._check.warnings()

    def _looked_at_above(
        self, error: DataError, span: PairSpan, read: Callable[[Task], Tried]
    ) -> Iterator[PairSpan]:
        """Yield the samples above a row that could not be read: labels may differ there."""
        if error.block_row:
            above, blocks = read((span._replace(rows=error.block_row), self._roles))
            if not isinstance(blocks, DataError):
                yield from self._looked_at(above, blocks)

    def _looked_at(self, span: PairSpan, read: Read) -> Iterator[PairSpan]:
        """Yield the samples of a block that are to be evaluated; raise DataError behind them."""
        predictions, targets, marks = read
        kept: NDArray[np.intp] | None = None
        try:
            if self._check is not None:
                self._check.look(predictions, targets)
            if self._repetitions is not None:
                self._repetitions.look(marks)
            if self._first_ones is not None:
                kept = self._first_ones.kept(marks)
        except DataError as error:
            if error.block_row:  # a bad value in a row before is told rather than this
                yield _bare(span, predictions.first(error.block_row), targets)
            raise
        if kept is None or len(kept) == len(predictions):
            yield _bare(span, predictions, targets)
        elif len(kept):
            numbers = span.start + 1 + kept
            bare = _bare(span, predictions.keep(kept), targets.keep(kept))
            yield bare._replace(numbers=numbers)

    def _end(self) -> None:
        """Raise DataError for what is known only when all rows were looked at; count the rest."""
        if self._check is not None:
            self._check.end()
        if self._first_ones is not None:
            self.repeated = self._first_ones.left_out
        elif self._repetitions is not None and self._refuse:
            self._repetitions.require_none(", predictions and targets")
        elif self._repetitions is not None and (twice := self._repetitions.repeats()):
            self.repeated = twice[1].rows


def _read(width: int, hashing: Hashing, task: Task) -> Tried:
    """Read the samples of a span, whose predictions have so many columns."""
    span, roles = task
    try:
        predictions, targets = span.load(span.rows, width)
    except DataError as error:
        return span, error
    marks = {role: Marks.of(hashing, role, predictions, targets) for role in roles}
    return span, Read(predictions, targets, marks)


def _bare(span: PairSpan, predictions: Block, targets: Block) -> PairSpan:
    """Return samples without what was only looked at; targets may have more rows."""
    rows = len(predictions)
    first, second = (_without(block) for block in (predictions, targets.first(rows)))
    return PairSpan(span.start, rows, first, second)


def _without(block: Block) -> Loaded:
    beside = {role: cells for role, cells in block.beside.items() if role == ID}
    return Loaded(Block(block.values, block.place, beside))
