"""Two tables -> aligned spans, by position; and what the columns of the targets mean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from lossctl.errors import DataError, UsageError
from lossctl.losses import LOSSES
from lossctl.tables import open_table
from lossctl.tables.dialect import counts_up, is_number
from lossctl.tables.strict import label_text
from lossctl.tables.table import Block, Span, Table, TableOptions, unique_names
from lossctl.wording import quoted

VALUES_PER_BLOCK = 1 << 18
BYTES_PER_BLOCK = 1 << 24


class PairSpan(NamedTuple):
    """The same samples in both tables: the index of the first one, and where their rows lie."""

    start: int
    rows: int
    predictions: Span
    targets: Span


class Pair(NamedTuple):
    """Predictions and targets that belong together."""

    predictions: Table
    targets: Table
    labels: bool
    """The targets are one column of class labels, read as indices."""
    order: tuple[int, ...] | None
    """Which column of the targets stands for each column of the predictions, where they differ."""

    def warnings(self) -> Iterator[tuple[str, str]]:
        """Yield codes and messages of what was odd in both tables, all of them read."""
        yield from self.predictions.warnings()
        yield from self.targets.warnings()
        if self.order is not None:
            name = self.targets.name
            yield (
                "columns-reordered",
                f"{name}: columns paired by name, in the predictions' order",
            )

    @property
    def width(self) -> int:
        """Components of a sample."""
        return self.predictions.width

    def block_rows(self) -> int:
        """Return how many rows make a block of some megabytes, whatever the rows look like."""
        widest = max(self.predictions.row_size(), self.targets.row_size())
        return max(1, min(VALUES_PER_BLOCK // self.width, BYTES_PER_BLOCK // widest))

    def arrange(self, targets: Block) -> Block:
        """Return the targets with their columns in the predictions' order."""
        if self.order is None:
            return targets
        values = targets.values.T[list(self.order)].T
        return Block(values, targets.place._replace(columns=self.predictions.columns))

    def spans(self, rows: int) -> Iterator[PairSpan]:
        """Yield pairs of spans of at most `rows` rows; raise DataError if one table has more."""
        start = 0
        while True:
            ours, theirs = self.predictions.take(rows), self.targets.take(rows)
            have = ours.rows if ours else 0, theirs.rows if theirs else 0
            if ours and theirs:
                yield PairSpan(start, min(have), ours, theirs)
            if have[0] != have[1]:
                self._raise_counts(
                    start + _count(self.predictions, ours, rows),
                    start + _count(self.targets, theirs, rows),
                )
            if not (ours and theirs):
                return
            start += have[0]

    def _raise_counts(self, *counts: int) -> None:
        hint = "no row is ever dropped or repeated: find out which are missing"
        if abs(counts[0] - counts[1]) == 1:
            hint = "if a first row names the columns pass --header, if it is a sample --no-header"
        raise DataError(
            f"{self.predictions.name} has {counts[0]} rows and {self.targets.name} {counts[1]}",
            hint,
        )

    def close(self) -> None:
        """Close both tables; raise ResourceError if a file changed while it was read."""
        try:
            self.predictions.close()
        finally:
            self.targets.close()


def open_pair(
    predictions: object,
    targets: object,
    losses: tuple[str, ...],
    classes: tuple[str, ...],
    options: tuple[TableOptions, TableOptions],
) -> Pair:
    """Open both tables and settle how their columns pair; `classes` name the predictions'.

    Raises UsageError for options that do not fit the tables, and DataError where the tables
    cannot be paired with certainty.
    """
    _refuse_same_file(predictions, targets)
    ours = open_table(predictions, options[0], "predictions")
    labels_may_be = classes or ours.columns or ()
    theirs = open_table(targets, options[1]._replace(labels=labels_may_be), "targets")
    _settle_headers(ours, theirs, losses)
    if classes:
        _name_columns(ours, classes)
    _require_losses(ours, losses)
    labels = theirs.width == 1 and ours.width > 1
    if labels:
        _settle_labels(theirs, ours.columns or ())
    elif ours.width != theirs.width:
        raise DataError(
            f"{ours.name} has {_columns(ours.width)} and {theirs.name} {_columns(theirs.width)}",
            "targets have as many columns as predictions, or one of class labels",
        )
    return Pair(ours, theirs, labels, None if labels else _order(ours, theirs))


def _count(table: Table, span: Span | None, rows: int) -> int:
    """Return how many rows there are from a span to the table's end; raise if one is bad."""
    count = 0
    while span is not None:
        count += len(span.load(span.rows).values)
        span = table.take(rows)
    return count


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _refuse_same_file(predictions: object, targets: object) -> None:
    paths = [path for path in (predictions, targets) if isinstance(path, str | os.PathLike)]
    if len(paths) < 2 or not all(os.path.exists(path) for path in paths):
        return
    if os.path.samefile(*paths):
        raise DataError(
            f"{quoted(os.fsdecode(paths[0]))} and {quoted(os.fsdecode(paths[1]))} are one file",
            "predictions compared with themselves have no loss",
        )


def _name_columns(table: Table, classes: tuple[str, ...]) -> None:
    unique_names(list(classes), "--classes")
    if len(classes) != table.width:
        raise UsageError(
            f"--classes names {_columns(len(classes))}, but {table.name} has {table.width}"
        )
    named = table.columns is not None and not counts_up(list(table.columns))
    if named and table.columns != classes:
        raise UsageError(
            f"--classes names other columns than the header of {table.name}",
            "it is for files without a header",
        )
    table.columns = classes


def _settle_headers(ours: Table, theirs: Table, losses: tuple[str, ...]) -> None:
    """Numbers that count up, as a first row, may be the names pandas gives unnamed columns."""
    doubtful = [table for table in (ours, theirs) if table.header_in_doubt()]
    if ours.width >= 3 and any(LOSSES[name].highest is not None for name in losses):
        for table in doubtful:
            if table.width == ours.width:  # such a row holds no probabilities
                table.take_header()
    elif len(doubtful) == 2:
        raise DataError(
            f"the first row of {ours.name} and of {theirs.name} may be a header or a sample: "
            "it counts from 0 or 1",
            "pass --header or --no-header, and --targets-header or --no-targets-header if the "
            "targets differ",
        )


def _require_losses(predictions: Table, losses: tuple[str, ...]) -> None:
    if predictions.boolean:
        raise DataError(f"{predictions.name}: predictions are numbers, not true and false")
    for name in losses:
        if LOSSES[name].distributions and predictions.width == 1:
            raise UsageError(
                f"{name} needs a column for each class, but {predictions.name} has one column",
                "for the probability of one class use --loss bce; is it the predictions, and the "
                "delimiter right?",
            )


def _settle_labels(targets: Table, names: tuple[str, ...]) -> None:
    """The first label decides: names of classes, or indices from 0."""
    first = targets.first_label()
    if first in names or label_text(first) in names or not is_number(first):
        targets.use_names(names)


def _order(ours: Table, theirs: Table) -> tuple[int, ...] | None:
    """Return which target column each prediction column means, by name; None: as they stand."""
    if ours.columns is None or theirs.columns is None or ours.columns == theirs.columns:
        return None
    mine, others = set(ours.columns), set(theirs.columns)
    if not mine & others:
        return None
    if mine != others:
        raise DataError(
            f"{ours.name} and {theirs.name} share some column names but not all: "
            f"{', '.join(quoted(name) for name in sorted(mine ^ others)[:10])} "
            "stand in one of them only"
        )
    return tuple(theirs.columns.index(name) for name in ours.columns)
