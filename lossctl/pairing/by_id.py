"""Two tables -> blocks of the same samples, by id."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import chain

import numpy as np

from lossctl.base.errors import DataError
from lossctl.engines import in_order
from lossctl.pairing.ids import Index, Seen, Unpaired, ids_of
from lossctl.pairing.pair import Pair, PairSpan
from lossctl.tables.block import Block, Loaded, Span
from lossctl.tables.table import Table

Spans = tuple[Span | None, Span | None]
Blocks = tuple[Block | None, Block | None]


class Alignment:
    """The samples of a pair by their ids; where these come in one order, in flat memory.

    From the first difference on, the rest of the targets is kept in memory; `watch` is called
    while it is read, as no samples come then.
    """

    def __init__(self, pair: Pair, present: bool, jobs: int, watch: Callable[[], None]) -> None:
        self.unpaired = Unpaired(pair.predictions.name), Unpaired(pair.targets.name)
        self._pair = pair
        self._present = present
        self._jobs = jobs
        self._watch = watch
        self._one_order = True
        self._paired = False

    def spans(self, rows: int) -> Generator[PairSpan, None, None]:
        """Yield pairs of spans of at most `rows` rows that have the same ids.

        Raises DataError for an id that comes twice in a table and, unless only those that are
        present in both are wanted, for one without a partner.
        """
        with closing(in_order(self._loaded, self._taken(rows), self._jobs)) as loaded:
            yield from self._spans_of(loaded, rows)

    def _spans_of(
        self, loaded: Iterator[tuple[Spans, Blocks | DataError]], rows: int
    ) -> Iterator[PairSpan]:
        seen = Seen()
        start = 0
        for spans, blocks in loaded:
            if isinstance(blocks, DataError):
                if spans[0] and spans[1]:  # the evaluation finds out which row is to blame
                    theirs_span = None if self._pair.one else spans[1]
                    both = min(spans[0].rows, spans[1].rows)
                    yield PairSpan(start, both, spans[0], theirs_span)
                raise blocks
            ours, theirs = blocks
            if ours and theirs and np.array_equal(ids_of(ours), ids_of(theirs)):
                seen.add(ours, theirs)
                self._paired = True
                yield PairSpan(start, len(ours.values), Loaded(ours), Loaded(theirs))
                start += len(ours.values)
            else:
                self._one_order = False
                rest = [spans, *(spans for spans, _ in loaded)]
                yield from self._by_index(start, seen, rest, rows)
                return
        seen.require_distinct()

    def _taken(self, rows: int) -> Iterator[Spans]:
        while self._one_order:
            ours = self._pair.predictions.take(rows)
            theirs = ours if self._pair.one else self._pair.targets.take(rows)
            if ours is None and theirs is None:
                return
            yield ours, theirs

    def _loaded(self, spans: Spans) -> tuple[Spans, Blocks | DataError]:
        """Return the spans with their blocks, or with what is wrong in one."""
        try:
            if self._pair.one and spans[0]:
                return spans, spans[0].load(spans[0].rows).split(self._pair.width)
            ours, theirs = (None if span is None else span.load(span.rows) for span in spans)
        except DataError as error:
            return spans, error
        return spans, (ours, theirs)

    def _by_index(self, start: int, seen: Seen, rest: list[Spans], rows: int) -> Iterator[PairSpan]:
        """Yield the samples from where the orders differ; `rest` was taken already."""
        pair, theirs_seen = self._pair, seen.of_partner()
        targets = list(self._blocks(pair.targets, [theirs for _, theirs in rest], rows))
        for block in targets:
            theirs_seen.add(block)
        index = Index(targets) if targets else None
        with closing(self._blocks(pair.predictions, [ours for ours, _ in rest], rows)) as blocks:
            for block in blocks:
                seen.add(block)
                ids = ids_of(block)
                found = np.full(len(ids), -1) if index is None else index.positions_of(ids)
                here = np.flatnonzero(found >= 0)
                self.unpaired[0].add(ids[found < 0])
                self._paired |= len(here) > 0
                if index is not None and len(here):
                    theirs = index.rows(found[here])
                    ours = Loaded(block.keep(here))
                    yield PairSpan(start, len(here), ours, Loaded(theirs), start + 1 + here)
                start += len(ids)
        seen.require_distinct()
        theirs_seen.require_distinct()
        if index is not None:
            self.unpaired[1].add(index.unused())
        self._require_partners()

    def _blocks(
        self, table: Table, taken: list[Span | None], rows: int
    ) -> Generator[Block, None, None]:
        """Yield what was taken of a table already, and the rest of it."""

        def take() -> Span | None:
            self._watch()
            return table.take(rows)

        rest = iter(take, None)
        spans = chain((span for span in taken if span is not None), rest)
        return in_order(lambda span: span.load(span.rows), spans, self._jobs)

    def _require_partners(self) -> None:
        if self._present:
            return
        found = [str(unpaired) for unpaired in self.unpaired if unpaired.count]
        if found:
            hint = "to evaluate the ids in both, and count the others, pass --missing present"
            if not self._paired:
                hint = "ids are text: '1' is neither '01' nor '1.0'"
            raise DataError("; ".join(found), hint)
