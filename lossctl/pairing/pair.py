"""Two tables, or one that holds both -> spans of the same samples, by position."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lossctl.base.errors import DataError, UsageError
from lossctl.base.warnings import Caution
from lossctl.base.wording import argument, quoted
from lossctl.pairing.chosen import prediction_names
from lossctl.pairing.columns import Columns, settle
from lossctl.pairing.first_rows import first_row_as_named, other_headers, settle_headers
from lossctl.pairing.naming import meanings
from lossctl.pairing.outlook import Outlook, outlook
from lossctl.pairing.request import ALIGN, Request
from lossctl.pairing.transposed import refuse_transposed
from lossctl.tables.block import Block, Span
from lossctl.tables.inputs import Input
from lossctl.tables.locations import one_file
from lossctl.tables.opening import open_table
from lossctl.tables.streams.source import STDIN
from lossctl.tables.table import Selection, Table, TableOptions
from lossctl.tables.warnings import NoFinalNewline

if TYPE_CHECKING:
    from numpy.typing import NDArray

BYTES_PER_BLOCK = 1 << 22
"""Of a table, as text or float64: NumPy takes longer for it than one thread waits for another."""
ROWS_PER_BLOCK = 1 << 16

Spans: TypeAlias = tuple[Span | None, Span | None]
"""Rows of predictions and of targets; None at the end of a table."""


class PairSpan(NamedTuple):
    """The same samples in both tables, and where their rows lie."""

    start: int
    """The index of the first one."""
    rows: int
    predictions: Span
    targets: Span | None
    """None: in the same rows as the predictions, in the columns behind them."""
    numbers: "NDArray[np.int64] | None" = None
    """The numbers of the samples from 1, where they do not follow one another."""

    def sample_numbers(self, rows: int) -> "NDArray[np.int64]":
        """Return the numbers of the first `rows` samples."""
        if self.numbers is not None:
            return self.numbers[:rows]
        return np.arange(self.start + 1, self.start + rows + 1)

    def load(self, rows: int, width: int) -> tuple[Block, Block]:
        """Read the predictions, of `width` columns, and the targets of the first `rows` samples."""
        predictions = self.predictions.load(rows)
        if self.targets is None:
            return predictions.split(width)
        return predictions, self.targets.load(rows)


class Pair(NamedTuple):
    """Predictions and targets that belong together."""

    predictions: Table
    targets: Table
    columns: Columns
    outlook: Outlook = Outlook()
    """What is looked at beside the values, while they are read."""
    first_row_as_named: bool = False
    """The first row of one table, taken for a sample, is the header of the other."""

    @property
    def one(self) -> bool:
        """Whether both are in one table."""
        return self.predictions is self.targets

    @property
    def tables(self) -> tuple[Table, ...]:
        """Both tables, or the one."""
        return (self.predictions,) if self.one else (self.predictions, self.targets)

    @property
    def width(self) -> int:
        """Components of a sample."""
        return len(self.columns.predictions.values)

    def warnings(self) -> Iterator[Caution]:
        """Yield what was odd in both tables, all of them read, and in how they are paired."""
        for table in self.tables:
            yield from table.warnings()
        yield from self.outlook.warnings
        yield from self.columns.warnings

    def block_rows(self) -> int:
        """Return how many rows make a block of some megabytes, whatever the rows look like."""
        widest = max(self.predictions.row_size(), self.targets.row_size(), 8 * self.width)
        return max(1, min(BYTES_PER_BLOCK // widest, ROWS_PER_BLOCK))

    def progress(self) -> float | None:
        """Return what part of both tables was taken; None where neither knows its end."""
        parts = [part for table in self.tables if (part := table.progress()) is not None]
        return sum(parts) / len(parts) if parts else None

    def take(self, rows: int) -> Spans:
        """Return the next rows of both tables, where they lie; None at the end of a table."""
        predictions = self.predictions.take(rows)
        return predictions, predictions if self.one else self.targets.take(rows)

    def spans(self, rows: int) -> Iterator[PairSpan]:
        """Yield pairs of spans of at most `rows` rows; raise DataError if one table has more."""
        start = 0
        while True:
            predictions, targets = self.take(rows)
            counts = [0 if span is None else span.rows for span in (predictions, targets)]
            if predictions and targets:
                yield PairSpan(start, min(counts), predictions, None if self.one else targets)
            if counts[0] != counts[1]:
                self._raise_counts(
                    start + _count(self.predictions, predictions, rows),
                    start + _count(self.targets, targets, rows),
                )
            if not (predictions and targets):
                return
            start += counts[0]

    def _raise_counts(self, *counts: int) -> None:
        hint = "no row is ever dropped or repeated: find out which are missing, or pair with --id"
        off_by_one = abs(counts[0] - counts[1]) == 1
        ids = {*(self.columns.unused_id or ())}
        ways: list[str] = []
        if off_by_one:
            as_named = self.first_row_as_named
            ways = other_headers(self.predictions, self.targets, counts, as_named=as_named)
        if len(ids) == 1:
            hint = (
                f"no row is ever dropped or repeated: pair them with --id {argument(ids.pop())}, "
                "and leave out those without a partner with --missing present"
            )
        elif ways:
            hint = (
                "was a header taken for a sample, or a sample for a header (by the tool that wrote "
                f"the file, too)? If so, say which it is with {', or with '.join(ways)}"
            )
        elif self.outlook.indexes is not None:
            from lossctl.pairing.index import way_to_align

            hint = way_to_align(self.outlook.indexes, self.tables, counts) or hint
        shorter = self.tables[counts[0] > counts[1]]
        cut = next((w for w in shorter.warnings() if isinstance(w, NoFinalNewline)), None)
        hint = hint if cut is None else f"{cut.message} If it is: {hint}"
        raise DataError(
            f"{self.predictions.name} has {counts[0]} rows and {self.targets.name} {counts[1]}",
            hint,
        )

    def hashes(self) -> dict[str, str | None]:
        """Return the SHA-256 of all files by their paths, None of a stream; all rows are taken.

        Raises ResourceError if a file changed, or another one has its name, since it was opened.
        """
        return {path: text for table in self.tables for path, text in table.hashes().items()}

    def close(self) -> None:
        """Close all files; raise ResourceError if one changed while it was read."""
        with ExitStack() as closing:
            for table in self.tables:
                closing.callback(table.close)


def open_pair(
    predictions: Input,
    targets: Input | None,
    request: Request,
    options: tuple[TableOptions, TableOptions],
) -> Pair:
    """Open both tables, or the one where `targets` is None, and settle what is read of them.

    Raises UsageError for options that do not fit the tables, and DataError where the tables
    cannot be paired with certainty.
    """
    if targets is not None:
        _refuse_same_file(predictions, targets, options[0].key)
    with ExitStack() as opened:
        first = second = open_table(predictions, options[0], "predictions")
        opened.callback(first.close)
        if targets is not None:
            labels = _labels_may_be(first, request)
            second = open_table(targets, options[1]._replace(labels=labels), "targets")
            opened.callback(second.close)
        seen = _seen_of_shards(predictions, targets, request)
        settle_headers(first, second, request)
        refuse_transposed(first, second, request)
        columns = settle(first, second, request)
        columns = columns._replace(warnings=(*seen, *columns.warnings))
        looked_at = outlook((first, second), columns, request)
        as_named = first_row_as_named(first, second)
        if targets is None:
            first.select(_both(columns, looked_at))
        else:
            first.select(looked_at.beside(0, columns.predictions))
            second.select(looked_at.beside(1, columns.targets))
        opened.pop_all()
    return Pair(first, second, columns, looked_at, as_named)


def _labels_may_be(predictions: Table, request: Request) -> list[set[str]]:
    """Return what words the labels of the targets may be, as far as the predictions tell."""
    given = (request.pos_label, request.neg_label, request.ignore_label)
    stated = {text for text in given if text is not None}
    names = prediction_names(predictions, request) or ()
    return [stated | set(known) for known in meanings(names)] if len(names) > 1 else [stated]


def _both(columns: Columns, looked_at: Outlook) -> Selection:
    """Return the selection of predictions and targets in one table."""
    values = (*columns.predictions.values, *columns.targets.values)
    return looked_at.beside(0, columns.targets)._replace(
        values=values, minus_infinity=columns.predictions.minus_infinity
    )


def _count(table: Table, span: Span | None, rows: int) -> int:
    """Return how many rows there are from a span to the table's end; raise if one is bad."""
    count = 0
    while span is not None:
        count += len(span.load(span.rows))
        span = table.take(rows)
    return count


def _seen_of_shards(
    predictions: Input, targets: Input | None, request: Request
) -> Iterator[Caution]:
    """Return what is odd about shards, where there are any; raise DataError for those of others."""
    inputs = [source for source in (predictions, targets) if source and not source.is_array]
    if not any(len(source.locations) > 1 or source.found.gap for source in inputs):
        return iter(())
    from lossctl.pairing.same_shards import read_by_words, refuse_other_shards, same_content

    in_doubt: Iterator[Caution] = iter(())
    if targets is not None and "id" not in request.beside and request.by_index != ALIGN:
        refuse_other_shards(predictions, targets)
        in_doubt = read_by_words(predictions, targets)
    return chain(same_content(predictions), in_doubt)


def _refuse_same_file(predictions: Input, targets: Input, key: str | None) -> None:
    if predictions.name == targets.name == STDIN:
        raise UsageError(
            "stdin, -, is at most one of the inputs",
            "where it holds both, give it alone, with --pred-cols and --target-col",
        )
    names = one_file(predictions.locations, targets.locations, key)
    if names:
        both = quoted(names[0])
        if names[0] == names[1]:
            reason = f"{both} is given twice, as predictions and as targets"
        else:
            reason = f"{both} and {quoted(names[1])}, as predictions and targets, are one file"
        raise DataError(
            reason,
            "if it holds both, give it once, and name the columns of each with --pred-cols and "
            "--target-col; else give the file of the targets as the second one",
        )
