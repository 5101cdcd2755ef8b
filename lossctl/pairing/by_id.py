"""Two tables -> blocks of the same samples, by id: in one order, then by an index."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np

from lossctl.base.errors import DataError
from lossctl.engines import in_order
from lossctl.pairing.ids import ID, Index, Seen, Unpaired
from lossctl.pairing.pair import Pair, PairSpan, Spans
from lossctl.tables.block import Block, Loaded, Span
from lossctl.tables.table import Table

Blocks: TypeAlias = tuple[Block | None, Block | None]
"""Rows of predictions and of targets; None at the end of a table."""


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
    while it is read, as no samples come then.
    """

    def __init__(
        self, pair: Pair, present: bool, jobs: int, engine: str, watch: Callable[[], None]
    ) -> None:
        self.unpaired = Unpaired(pair.predictions.name), Unpaired(pair.targets.name)
        self._pair = pair
        self._present = present
        self._jobs = jobs
        self._engine = engine
        self._watch = watch

    def spans(self, rows: int) -> Generator[PairSpan, None, None]:
        """Yield pairs of spans of at most `rows` rows that have the same ids.

        Raises DataError for an id that comes twice in a table and, unless only those that are
        present in both are wanted, for one without a partner.
        """
        handover = yield from InOneOrder(self._pair, self._jobs, self._engine).spans(rows)
        if handover is None:
            return
        by_index = ByIndex(self._pair, self._jobs, self._engine, self._watch, self.unpaired)
        yield from by_index.spans(handover, rows)
        if not self._present:
            self._require_partners(handover.start > 0 or by_index.paired)

    def _require_partners(self, paired: bool) -> None:
        """Raise DataError if ids are without a partner; `paired` says that some have one."""
        texts = [str(unpaired) for unpaired in self.unpaired if unpaired.count]
        if texts:
            hint = "to evaluate the ids in both, and count the others, pass --missing present"
            if not paired:
                hint = "ids are text: '1' is neither '01' nor '1.0'"
            raise DataError("; ".join(texts), hint)


class InOneOrder:
    """The samples of two tables as long as their ids are the same, row by row."""

    def __init__(self, pair: Pair, jobs: int, engine: str) -> None:
        self._pair = pair
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
                seen.add(predictions, targets)
                yield PairSpan(start, len(predictions), Loaded(predictions), Loaded(targets))
                start += len(predictions)
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
        jobs: int,
        engine: str,
        watch: Callable[[], None],
        unpaired: tuple[Unpaired, Unpaired],
    ) -> None:
        """`unpaired` takes note of the ids that only predictions, or only targets, have."""
        self.paired = False
        """Whether any id has a partner."""
        self._pair = pair
        self._jobs = jobs
        self._engine = engine
        self._watch = watch
        self._unpaired = unpaired

    def spans(self, handover: Handover, rows: int) -> Iterator[PairSpan]:
        """Yield the samples from where the orders differ; raise DataError for a repeated id."""
        start, seen, taken = handover
        targets_seen = seen.of_partner()
        blocks = list(self._blocks(self._pair.targets, [span for _, span in taken], rows))
        for block in blocks:
            targets_seen.add(block)
        index = Index(blocks) if blocks else None
        predictions = self._blocks(self._pair.predictions, [span for span, _ in taken], rows)
        with closing(predictions):
            for block in predictions:
                seen.add(block)
                yield from self._paired_with(index, block, start)
                start += len(block)
        seen.require_distinct()
        targets_seen.require_distinct()
        if index is not None:
            self._unpaired[1].add(index.unused())

    def _paired_with(self, index: Index | None, block: Block, start: int) -> Iterator[PairSpan]:
        """Yield the samples of some predictions whose ids are in the index."""
        ids = block.beside[ID]
        positions = np.full(len(ids), -1) if index is None else index.positions_of(ids)
        here = np.flatnonzero(positions >= 0)
        self._unpaired[0].add(ids[positions < 0])
        if index is not None and len(here):
            self.paired = True
            targets = Loaded(index.rows(positions[here]))
            yield PairSpan(start, len(here), Loaded(block.keep(here)), targets, start + 1 + here)

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
