"""Two tables -> blocks of the same samples, by id: in one order, then by an index."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lossctl.base.errors import DataError
from lossctl.engines import in_order
from lossctl.pairing.as_ids import with_ids
from lossctl.pairing.ids import COUNTS, ID, Index, Seen, Unpaired
from lossctl.pairing.outlook import FIRST, KEEP
from lossctl.pairing.pair import Pair, PairSpan, Spans
from lossctl.pairing.partners import require_partners
from lossctl.pairing.repeated import Once
from lossctl.tables.block import Block, Loaded, Span
from lossctl.tables.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Blocks: TypeAlias = tuple[Block | None, Block | None]
"""Rows of predictions and of targets; None at the end of a table."""


class Policies(NamedTuple):
    """What becomes of ids that do not have one partner each."""

    present: bool
    """Those without a partner are left out; else they are an error."""
    repeated: str | None
    """Those that come again: keep or first; None: they are an error."""


class Side:
    """What is known of one table, whose rows come in their order."""

    def __init__(self, once: Once) -> None:
        self.once = once
        self.numbered = True
        """The ids of all rows so far are labels that only number them."""

    def of(self, block: Block) -> tuple[Block, NDArray[np.intp]]:
        """Return what is left of the next rows, and which ones these are, by their indices."""
        counts = block.beside.get(COUNTS)
        self.numbered &= counts is not None and bool(counts.all())
        return self.once.of(block)


class Handover(NamedTuple):
    """Where the ids of two tables are no longer in one order."""

    start: int
    """The index of the first sample that is not paired yet."""
    seen: Seen
    """The ids so far, which are those of both tables."""
    taken: list[Spans]
    """What was taken of the tables already, and is not paired yet."""


class Alignment:
    """The samples of a pair by their ids; where these come in one order, in flat memory.

    From the first difference on, the rest of the targets is kept in memory; `watch` is called
    while it is read, as no samples come then. Where repeated ids of predictions are kept, all
    targets are.
    """

    def __init__(
        self,
        pair: Pair,
        policies: Policies,
        jobs: int,
        engine: str,
        watch: Callable[[], None],
    ) -> None:
        self.unpaired = Unpaired(pair.predictions.name), Unpaired(pair.targets.name)
        self._pair = with_ids(pair)
        self._policies = policies
        self._sides = (
            Side(Once(policies.repeated == FIRST, of_predictions=True)),
            Side(Once(policies.repeated is not None, of_predictions=False)),
        )
        self._kept = 0
        self._jobs = jobs
        self._engine = engine
        self._watch = watch

    def spans(self, rows: int) -> Generator[PairSpan, None, None]:
        """Yield pairs of spans of at most `rows` rows that have the same ids.

        Raises DataError for an id that comes twice in a table and, unless only those that are
        present in both are wanted, for one without a partner.
        """
        handover: Handover | None
        if self._policies.repeated == KEEP:
            handover = Handover(0, Seen(), [])
        else:  # an error keeps this frame, which therefore holds no file of ids
            in_one_order = InOneOrder(self._pair, self._sides, self._jobs, self._engine)
            handover = yield from in_one_order.spans(rows)
        if handover is None:
            return
        by_index = ByIndex(self._pair, self._sides, self._jobs, self._engine, self._watch)
        yield from by_index.spans(handover, rows, self.unpaired, self._policies.repeated != KEEP)
        self._kept = by_index.again
        paired = handover.start + by_index.paired > 0
        present = self._policies.present
        numbered = [side.numbered for side in self._sides]
        require_partners(self.unpaired, numbered, present=present, paired=paired)

    @property
    def repeated(self) -> tuple[int, int]:
        """Rows of predictions and of targets that repeat others, as was asked for."""
        return self._sides[0].once.left_out + self._kept, self._sides[1].once.left_out


class InOneOrder:
    """The samples of two tables as long as their ids are the same, row by row."""

    def __init__(self, pair: Pair, sides: tuple[Side, Side], jobs: int, engine: str) -> None:
        self._pair = pair
        self._sides = sides
        self._jobs = jobs
        self._engine = engine
        self._goes_on = True

    def spans(self, rows: int) -> Generator[PairSpan, None, Handover | None]:
        """Yield pairs of spans; return where the ids differ, or None if they never do.

        Raises DataError for an id that comes twice.
        """
        load = partial(_load_both, self._pair.width if self._pair.one else None)
        with closing(in_order(load, self._taken(rows), self._jobs, self._engine)) as loaded:
            seen, start = Seen(), 0
            for spans, blocks in loaded:
                if isinstance(blocks, DataError):
                    yield from self._spans_to_blame(start, spans)
                    try:
                        raise blocks
                    finally:  # or it would hold this frame, and so the file of the ids
                        del blocks
                predictions, targets = blocks
                if not (predictions and targets) or not _are_same(predictions, targets):
                    self._goes_on = False
                    return Handover(start, seen, [spans, *(spans for spans, _ in loaded)])
                end = start + len(predictions)
                both = predictions, targets
                (predictions, kept), (targets, _) = map(Side.of, self._sides, both)
                seen.add(predictions, targets)
                numbers = None if len(kept) == end - start else start + 1 + kept
                loaded_both = Loaded(predictions), Loaded(targets)
                yield PairSpan(start, len(kept), *loaded_both, numbers)
                start = end
        seen.require_distinct()
        return None

    def _taken(self, rows: int) -> Iterator[Spans]:
        while self._goes_on:
            spans = self._pair.take(rows)
            if spans == (None, None):
                return
            yield spans

    def _spans_to_blame(self, start: int, spans: Spans) -> Iterator[PairSpan]:
        """Yield the pair that could not be loaded: its evaluation finds out which row is bad."""
        predictions, targets = spans
        if predictions and targets:
            rows = min(predictions.rows, targets.rows)
            yield PairSpan(start, rows, predictions, None if self._pair.one else targets)


class ByIndex:
    """The samples of two tables in the order of the predictions; the targets are looked up."""

    def __init__(
        self,
        pair: Pair,
        sides: tuple[Side, Side],
        jobs: int,
        engine: str,
        watch: Callable[[], None],
    ) -> None:
        self.paired = 0
        """So many rows of the predictions have a partner."""
        self.again = 0
        """So many of them have one that another row has, too."""
        self._pair = pair
        self._sides = sides
        self._jobs = jobs
        self._engine = engine
        self._watch = watch

    def spans(
        self,
        handover: Handover,
        rows: int,
        unpaired: tuple[Unpaired, Unpaired],
        distinct: bool,
    ) -> Iterator[PairSpan]:
        """Yield the samples from where the orders differ; raise DataError for a repeated id.

        `unpaired` takes note of the ids that only predictions, or only targets, have. Those of the
        predictions may repeat unless they must be `distinct`.
        """
        start, seen, taken = handover
        targets_seen = seen.of_partner()
        blocks = list(self._blocks(self._pair.targets, [span for _, span in taken], rows))
        for i, block in enumerate(blocks):
            blocks[i], _ = self._sides[1].of(block)
            targets_seen.add(blocks[i])
        index = Index(blocks) if blocks else None
        predictions = self._blocks(self._pair.predictions, [span for span, _ in taken], rows)
        with closing(predictions):
            for block in predictions:
                first_ones, kept = self._sides[0].of(block)
                seen.add(first_ones)
                yield from self._paired_with(index, first_ones, start + 1 + kept, unpaired[0])
                start += len(block)
        if distinct:
            seen.require_distinct()
        targets_seen.require_distinct()
        if index is not None:
            unpaired[1].add(index.unused())
            self.again = self.paired - index.used

    def _paired_with(
        self,
        index: Index | None,
        block: Block,
        numbers: NDArray[np.int64],
        unpaired: Unpaired,
    ) -> Iterator[PairSpan]:
        """Yield the samples of some predictions, of these numbers, whose ids are in the index."""
        ids = block.beside[ID]
        positions = np.full(len(ids), -1) if index is None else index.positions_of(ids)
        here = np.flatnonzero(positions >= 0)
        unpaired.add(ids[positions < 0])
        if index is not None and len(here):
            self.paired += len(here)
            targets = Loaded(index.rows(positions[here]))
            both = Loaded(block.keep(here)), targets
            yield PairSpan(int(numbers[0]) - 1, len(here), *both, numbers[here])

    def _blocks(
        self, table: Table, taken: list[Span | None], rows: int
    ) -> Generator[Block, None, None]:
        """Yield what was taken of a table already, and the rest of it."""

        def take() -> Span | None:
            self._watch()
            return table.take(rows)

        rest = iter(take, None)
        spans = chain((span for span in taken if span is not None), rest)
        return in_order(_load, spans, self._jobs, self._engine)


def _are_same(predictions: Block, targets: Block) -> bool:
    return np.array_equal(predictions.beside[ID], targets.beside[ID])


def _load_both(width: int | None, spans: Spans) -> tuple[Spans, Blocks | DataError]:
    """Return the spans with their blocks, or with what is wrong in one.

    `width` is that of the predictions where the targets are in the columns behind them.
    """
    try:
        if width is not None and spans[0]:
            return spans, _load(spans[0]).split(width)
        predictions, targets = (None if span is None else _load(span) for span in spans)
    except DataError as error:
        return spans, error
    return spans, (predictions, targets)


def _load(span: Span) -> Block:
    return span.load(span.rows)
