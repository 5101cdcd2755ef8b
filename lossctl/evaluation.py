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

VALUES_PER_BLOCK = 1 << 18


class Options(NamedTuple):
    """What to evaluate and how; None means: the default, or recognise it."""

    losses: tuple[str, ...]
    classes: tuple[str, ...] = ()
    delimiter: str | None = None
    header: bool | None = None
    sum_tolerance: float | None = None
    worst: int = 0
    jobs: int | None = None
    block_rows: int | None = None


class Evaluation:
    """One evaluation: iterate over it, once, for the per-sample losses, then ask for its report.

    Raises what the tables and the pairing raise; DataError for a value that must not be
    evaluated and for a loss that is not finite, always of the first such row.
    """

    def __init__(self, predictions: object, targets: object, options: Options) -> None:
        self._options = options
        delimiter = None if options.delimiter is None else parse_delimiter(options.delimiter)
        tables = TableOptions(delimiter, options.header, options.classes)
        self._pair = open_pair(predictions, targets, options.losses, tables)
        self._rules = Rules.of(options.losses, options.sum_tolerance, self._pair.width)
        self._summary = EMPTY

    def __iter__(self) -> Iterator[Samples]:
        rows = self._options.block_rows or max(1, VALUES_PER_BLOCK // self._pair.width)
        jobs = self._options.jobs or default_jobs()
        try:
            for samples, summary in in_order(self._evaluate, self._pair.spans(rows), jobs):
                self._summary = self._summary.merge(summary, self._options.worst)
                yield samples
        except DataError:
            self._pair.close()  # if a file changed while it was read, that is what to say
            raise
        self._pair.close()

    def report(self) -> Report:
        """Return the report of all samples, evaluating those that were not asked for yet."""
        if self._summary is EMPTY:
            for _ in self:
                pass
        summary, pair = self._summary, self._pair
        return Report(
            n=summary.n,
            k=pair.width,
            predictions=pair.predictions.path,
            targets=pair.targets.path,
            losses={name: self._result(name) for name in self._options.losses},
            at_guard={
                name: summary.losses[name].at_guard
                for name in self._options.losses
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
        if count := self._summary.rough_sums:
            yield ReportWarning(
                "rough-sums", f"{count} rows of probabilities sum to 1 only roughly", count
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
        predictions = span.predictions.load(None if rows == span.predictions.rows else rows)
        targets = self._pair.arrange(span.targets.load(None if rows == span.targets.rows else rows))
        labels = self._pair.labels
        rough = check(predictions, targets, labels, self._rules)
        losses: dict[str, Array] = {}
        kept: dict[str, LossSummary] = {}
        with np.errstate(over="ignore", under="ignore"):
            for name in self._options.losses:
                y, d = _components(name, predictions.values, targets.values, labels)
                losses[name] = values = LOSSES[name].per_sample(y, d)
                _require_finite(name, values, predictions)
                kept[name] = _summarise(name, values, y, d)
        samples = Samples(np.arange(span.start + 1, span.start + rows + 1), losses)
        worst = samples.worst(self._options.worst) if self._options.worst else None
        return samples, Summary(rows, kept, rough, worst)


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
    names = [loss] if isinstance(loss, str) else list(loss)
    options = Options(
        losses=check_losses(names),
        classes=tuple(classes),
        delimiter=delimiter,
        header=header,
        sum_tolerance=sum_tolerance,
        worst=worst,
        jobs=jobs,
        block_rows=block_rows,
    )
    return Evaluation(predictions, targets, options).report()


def check_losses(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of losses, each once; raise UsageError for an unknown one."""
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in LOSSES:
            raise UsageError(*choose("loss", name, LOSSES))
    if not found:
        raise UsageError("no loss was asked for", f"one of: {', '.join(LOSSES)}")
    return found
