"""The pipeline: aligned spans -> per-sample losses -> summaries -> report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lossctl import __version__
from lossctl.engines.threads import default_jobs, in_order
from lossctl.errors import DataError, UsageError
from lossctl.exact_sum import Moments
from lossctl.losses import EPS, LOSSES, Array
from lossctl.pairing import PairSpan, open_pair
from lossctl.report import LossResult, Report, ReportWarning
from lossctl.summary import EMPTY, LossSummary, Samples, Summary
from lossctl.tables.dialect import parse_delimiter
from lossctl.tables.table import Block, TableOptions
from lossctl.validation import Rules, check
from lossctl.wording import choose


class Options(NamedTuple):
    """What to evaluate and how; None means: the default, or recognise it."""

    losses: tuple[str, ...]
    classes: tuple[str, ...] = ()
    delimiter: str | None = None
    header: bool | None = None
    targets_header: bool | None = None
    """Where the targets differ in this from the predictions."""
    sum_tolerance: float | None = None
    worst: int = 0
    jobs: int | None = None
    block_rows: int | None = None

    def tables(self) -> tuple[TableOptions, TableOptions]:
        """Return how to read predictions and targets; raise UsageError for what cannot be."""
        for name, value, least in (
            ("worst", self.worst, 0),
            ("jobs", self.jobs, 1),
            ("block_rows", self.block_rows, 1),
        ):
            if value is not None and value < least:
                raise UsageError(f"{name} is {value}, but must be {least} or more")
        delimiter = None if self.delimiter is None else parse_delimiter(self.delimiter)
        header = self.header if self.targets_header is None else self.targets_header
        return TableOptions(delimiter, self.header), TableOptions(delimiter, header)


class Evaluation:
    """One evaluation: take its samples, once, for the per-sample losses, then its report.

    Raises what the tables and the pairing raise; DataError for a value that must not be
    evaluated and for a loss that is not finite, always of the first such row.
    """

    def __init__(self, predictions: object, targets: object, options: Options) -> None:
        self._options = options
        self._pair = open_pair(
            predictions, targets, options.losses, options.classes, options.tables()
        )
        self._rules = Rules.of(options.losses, options.sum_tolerance, self._pair.width)
        self.losses = options.losses
        self._summary = EMPTY
        self._complete = False

    def samples(self) -> Iterator[Samples]:
        """Yield the per-sample losses in the order of the rows, some rows at a time."""
        rows = self._options.block_rows or self._pair.block_rows()
        jobs = self._options.jobs or default_jobs()
        try:
            for samples, summary in in_order(self._evaluate, self._pair.spans(rows), jobs):
                self._summary = self._summary.merge(summary, self._options.worst)
                yield samples
        except DataError:
            self._pair.close()  # if a file changed while it was read, that is what to say
            raise
        self._pair.close()
        self._complete = True

    def report(self) -> Report:
        """Return the report; raise RuntimeError if not all samples were taken."""
        if not self._complete:
            raise RuntimeError("a report is of all samples, but not all of them were taken")
        summary, pair = self._summary, self._pair
        return Report(
            n=summary.n,
            k=pair.width,
            predictions=pair.predictions.path,
            targets=pair.targets.path,
            losses={name: self._result(name) for name in self.losses},
            at_guard={
                name: summary.losses[name].at_guard
                for name in self.losses
                if LOSSES[name].guarded is not None
            },
            warnings=tuple(self._warnings()),
            worst=summary.worst,
        )

    def _result(self, name: str) -> LossResult:
        loss = self._summary.losses[name]
        return LossResult(
            loss=name,
            mean=loss.moments.mean(),
            total=loss.moments.sum(),
            n=self._summary.n,
            std=loss.moments.standard_deviation(),
            stderr=loss.moments.standard_error(),
            min=loss.minimum,
            max=loss.maximum,
            signature=self._signature(name),
        )

    def _signature(self, name: str) -> str:
        eps = EPS if LOSSES[name].guarded else "none"
        return "|".join(
            (
                "lossctl",
                __version__,
                name,
                f"eps={eps}",
                "reduction=sum-components,mean-samples",
                f"n={self._summary.n}",
                f"k={self._pair.width}",
                f"targets={'labels' if self._pair.labels else 'rows'}",
                "paired=position",
            )
        )

    def _warnings(self) -> Iterator[ReportWarning]:
        pair = self._pair
        for code, message in pair.warnings():
            yield ReportWarning(code, message)
        if self._summary.identical:
            yield ReportWarning(
                "identical", "the targets are the predictions, value for value: is one a copy?"
            )
        if count := self._summary.rough_sums:
            yield ReportWarning(
                "rough-sums",
                f"{count} {'row' if count == 1 else 'rows'} of probabilities "
                f"{'sums' if count == 1 else 'sum'} to 1 only roughly, within the tolerance of "
                f"{self._rules.sum_tolerance:g}",
                count,
            )
        for name, loss in self._summary.losses.items():
            if not np.isfinite(loss.moments.sum()):
                yield ReportWarning("overflow", f"the total of {name} is beyond float64")

    def _evaluate(self, span: PairSpan, rows: int | None = None) -> tuple[Samples, Summary]:
        """Evaluate a span; of several bad rows the first one is to blame, whatever the block."""
        try:
            return self._losses(span, span.rows if rows is None else rows)
        except DataError as error:
            if error.block_row:
                self._evaluate(span, error.block_row)
            raise

    def _losses(self, span: PairSpan, rows: int) -> tuple[Samples, Summary]:
        predictions = span.predictions.load(rows)
        targets = self._pair.arrange(span.targets.load(rows))
        labels = self._pair.labels
        rough = check(predictions, targets, labels, self._rules)
        losses: dict[str, Array] = {}
        kept: dict[str, LossSummary] = {}
        with np.errstate(over="ignore", under="ignore"):
            for name in self.losses:
                y, d = _components(name, predictions.values, targets.values, labels)
                losses[name] = values = LOSSES[name].per_sample(y, d)
                _require_finite(name, values, predictions)
                kept[name] = _summarise(name, values, y, d)
        samples = Samples(np.arange(span.start + 1, span.start + rows + 1), losses)
        worst = samples.worst(self._options.worst) if self._options.worst else None
        identical = np.array_equal(predictions.values, targets.values)
        return samples, Summary(rows, kept, rough, identical, worst)


def _components(name: str, predictions: Array, targets: Array, labels: bool) -> tuple[Array, Array]:
    """Return what the loss is taken of: labels stand for their one-hot rows."""
    if not labels:
        return predictions, targets
    rows, indices = np.arange(len(targets)), targets[:, 0].astype(np.intp)
    if LOSSES[name].true_class_only:
        return predictions[rows, indices].reshape(-1, 1), np.ones((len(targets), 1))
    one_hot = np.zeros(predictions.shape, order="F")
    one_hot[rows, indices] = 1.0
    return predictions, one_hot


def _summarise(name: str, values: Array, y: Array, d: Array) -> LossSummary:
    guarded = LOSSES[name].guarded
    at_guard = 0 if guarded is None else int(np.count_nonzero(guarded(y, d)))
    return LossSummary(Moments.of(values), float(values.min()), float(values.max()), at_guard)


def _require_finite(name: str, values: Array, predictions: Block) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        row = int(np.argmax(bad))
        raise predictions.place.error(row, None, f"the {name} of this sample is {values[row]}")


def evaluate(
    predictions: object,
    targets: object,
    *,
    loss: str | Sequence[str] = "ce",
    classes: Iterable[str] = (),
    delimiter: str | None = None,
    header: bool | None = None,
    targets_header: bool | None = None,
    sum_tolerance: float | None = None,
    worst: int = 0,
    jobs: int | None = None,
    block_rows: int | None = None,
) -> Report:
    """Return the report of `predictions` against `targets`, each a path or an array.

    Arrays have the shape (samples, components) or (samples,); targets may also be class labels
    of shape (samples,). `loss` is one name or several of `lossctl losses`.

    Raises UsageError, DataError or ResourceError, all of them LossctlError.
    """
    options = Options(
        losses=check_losses([loss] if isinstance(loss, str) else loss),
        classes=tuple(classes.split(",")) if isinstance(classes, str) else tuple(classes),
        delimiter=delimiter,
        header=header,
        targets_header=targets_header,
        sum_tolerance=sum_tolerance,
        worst=worst,
        jobs=jobs,
        block_rows=block_rows,
    )
    evaluation = Evaluation(predictions, targets, options)
    for _ in evaluation.samples():
        pass
    return evaluation.report()


def check_losses(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of losses, each once, from names and lists such as "ce,mae".

    Raises UsageError for an unknown one.
    """
    found = tuple(dict.fromkeys(name.strip() for text in names for name in text.split(",")))
    for name in found:
        if name not in LOSSES:
            raise UsageError(*choose("loss", name, LOSSES))
    if not found:
        raise UsageError("no loss was asked for", f"one of: {', '.join(LOSSES)}")
    return found
