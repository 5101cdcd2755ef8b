"""The pipeline: aligned spans -> per-sample losses -> summaries -> report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

import numpy as np

from lossctl.base.errors import DataError
from lossctl.base.wording import counted, quoted
from lossctl.engines import default_jobs, in_order
from lossctl.evaluation.kernel import Kernel
from lossctl.evaluation.options import Options
from lossctl.evaluation.validation import Rules
from lossctl.pairing.pair import PairSpan, open_pair
from lossctl.results.report import LossResult, Report, ReportWarning
from lossctl.results.samples import Samples
from lossctl.results.signature import signature
from lossctl.results.summary import EMPTY, LossSummary, Summary
from lossctl.tables import name_of

ENOUGH_LABELS = 10
"""So many a class that it says something if none of them is 0."""


class Evaluation:
    """One evaluation: take its samples, once, for the per-sample losses, then its report.

    `targets` is None where the predictions' table holds them, too. Raises what the options, the
    tables and the pairing raise; DataError for a value that must not be evaluated and for a loss
    that is not finite, always of the first such row.
    """

    def __init__(self, predictions: object, targets: object, options: Options) -> None:
        self._options = options
        self._names = name_of(predictions), name_of(predictions if targets is None else targets)
        self._formulas = options.formulas()
        self._pair = open_pair(predictions, targets, options.request(), options.tables())
        self.name = self._pair.predictions.name
        width = self._pair.width
        rules = Rules.of(self._formulas.values(), options.sum_tolerance, width)
        self._kernel = Kernel(self._formulas, rules, self._pair.columns, options.worst)
        self._jobs = options.jobs or default_jobs()
        self._unpaired: tuple[int, int] = (0, 0)
        self.columns = ("row", *(["id"] if options.id is not None else []), *self._formulas)
        self._summary = EMPTY
        self._handed_out = 0
        self._complete = False

    def progress(self) -> tuple[int, float | None]:
        """Return how many samples were read, and what part of the input; None where unknown."""
        return self._summary.n + self._summary.skipped, self._pair.progress()

    def samples(self, watch: Callable[[], None] = lambda: None) -> Iterator[Samples]:
        """Yield the per-sample losses in the order of the rows, some rows at a time.

        `watch` is called, in this thread, whenever there was some progress.
        """
        try:
            with (
                closing(self._spans(watch)) as spans,
                closing(in_order(self._evaluate, self._counted(spans), self._jobs)) as evaluated,
            ):
                for samples, summary in evaluated:
                    self._summary = self._summary.merge(summary, self._options.worst)
                    watch()
                    yield samples
            self._require_all()
            if not self._summary.n:
                raise DataError(
                    f"no sample is left: all {self._summary.skipped} have a missing value"
                    if self._summary.skipped
                    else "no sample is left: the two tables have no id in common"
                )
        except DataError:
            self._pair.close()  # if a file changed while it was read, that is what to say
            raise
        self._pair.close()
        self._complete = True

    def _spans(self, watch: Callable[[], None]) -> Generator[PairSpan, None, None]:
        rows = self._options.block_rows or self._pair.block_rows()
        if self._options.id is None:
            yield from self._pair.spans(rows)
            return
        from lossctl.pairing.by_id import Alignment

        alignment = Alignment(self._pair, self._options.missing == "present", self._jobs, watch)
        with closing(alignment.spans(rows)) as spans:
            yield from spans
        ours, theirs = alignment.unpaired
        self._unpaired = ours.count, theirs.count

    def _counted(self, spans: Iterator[PairSpan]) -> Generator[PairSpan, None, None]:
        for span in spans:
            self._handed_out += span.rows
            yield span

    def _require_all(self) -> None:
        """Raise RuntimeError unless all samples that were paired are evaluated or left out."""
        summary = self._summary
        if summary.n + summary.skipped != self._handed_out:
            raise RuntimeError(
                f"of {self._handed_out} samples {summary.n} were evaluated and {summary.skipped} "
                "left out"
            )

    def report(self) -> Report:
        """Return the report; raise RuntimeError if not all samples were taken."""
        if not self._complete:
            raise RuntimeError("a report is of all samples, but not all of them were taken")
        summary = self._summary
        return Report(
            n=summary.n,
            k=self._pair.width,
            predictions=self._names[0],
            targets=self._names[1],
            losses={name: self._result(name, loss) for name, loss in summary.losses.items()},
            at_guard={
                name: summary.losses[name].at_guard
                for name, formula in self._formulas.items()
                if formula.guard is not None
            },
            warnings=tuple(self._warnings()),
            worst=summary.worst,
            skipped=summary.skipped,
            unpaired=self._unpaired,
        )

    def _result(self, name: str, loss: LossSummary) -> LossResult:
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
        formula, pair, options = self._formulas[name], self._pair, self._options
        targets = "rows"
        if pair.columns.labels:
            targets = "names" if pair.columns.targets.words else "indices"
        facts: dict[str, object] = {}
        if formula.scale is not None:
            facts["from"] = formula.scale
        facts |= {
            "eps": formula.guard.eps if formula.guard else "none",
            "reduction": "sum-components,mean-samples",
            "n": self._summary.n,
            "k": pair.width,
            "targets": targets,
            "paired": "id" if options.id is not None else "position",
        }
        facts |= formula.values
        if options.missing == "present":
            facts["missing"] = f"present({self._unpaired[0]},{self._unpaired[1]})"
        if options.nan == "skip":
            facts["nan"] = f"skip({self._summary.skipped})"
        return signature(name, facts)

    def _warnings(self) -> Iterator[ReportWarning]:
        for code, message in self._pair.warnings():
            yield ReportWarning(code, message)
        n, names = self._summary.n, (self._pair.predictions.name, self._pair.targets.name)
        yield from self._doubts()
        if count := self._summary.traits.rough_sums:
            yield ReportWarning(
                "rough-sums",
                f"{counted(count, 'row')} of probabilities {'sums' if count == 1 else 'sum'} "
                f"to 1 only roughly, within the tolerance of {self._kernel.rules.sum_tolerance:g}",
                count,
            )
        if count := self._summary.skipped:
            yield ReportWarning(
                "skipped",
                f"{counted(count, 'row')} left out for a missing value: {n} evaluated",
                count,
            )
        for count, name in zip(self._unpaired, names, strict=True):
            if count:
                yield ReportWarning(
                    "unpaired",
                    f"{counted(count, 'row')} of {name} left out for want of a partner: "
                    f"{n} evaluated",
                    count,
                )
        for name, loss in self._summary.losses.items():
            if not np.isfinite(loss.moments.sum()):
                yield ReportWarning("overflow", f"the total of {name} is beyond float64")

    def _doubts(self) -> Iterator[ReportWarning]:
        """Yield what the values say against what they were taken for."""
        traits, labels_enough = self._summary.traits, ENOUGH_LABELS * self._pair.width
        ours, theirs = self._pair.predictions.name, self._pair.targets.name
        if traits.identical:
            yield ReportWarning(
                "identical", "the targets are the predictions, value for value: is one a copy?"
            )
        if traits.hard and traits.soft:
            yield ReportWarning(
                "swapped",
                f"{ours} holds only 0 and 1, but {theirs} does not: are they swapped? "
                "Predictions come first",
            )
        if traits.distributions:
            yield ReportWarning(
                "probabilities-as-logits",
                f"{ours}: every row is a probability distribution, but was read as logits: leave "
                "--from logits out?",
            )
        if traits.outside:
            yield ReportWarning(
                "not-probabilities",
                f"{theirs} holds class labels, but {ours} values that are no probabilities: are "
                "they logits or percentages, or is a column no class?",
            )
        if self._pair.columns.unused_id is not None:
            yield ReportWarning(
                "unused-id",
                f"rows were paired by position, though both files have a column "
                f"{quoted(self._pair.columns.unused_id)}: pair by it with --id?",
            )
        if traits.least_label > 0 and self._summary.n >= labels_enough:
            yield ReportWarning(
                "no-label-0",
                f"{theirs}: the least label is {traits.least_label:g}, but labels count from 0: "
                "do these count from 1?",
            )

    def _evaluate(self, span: PairSpan, rows: int | None = None) -> tuple[Samples, Summary]:
        """Evaluate a span; of several bad rows the first one is to blame, whatever the block."""
        try:
            return self._losses(span, span.rows if rows is None else rows)
        except DataError as error:
            if error.block_row:
                self._evaluate(span, error.block_row)
            raise

    def _losses(self, span: PairSpan, rows: int) -> tuple[Samples, Summary]:
        predictions, targets = span.load(rows, self._pair.width)
        return self._kernel.evaluate(predictions, targets, span.sample_numbers(rows))


def evaluate(predictions: object, targets: object = None, **options: Any) -> Report:
    """Return the report of `predictions` against `targets`, each a path or an array.

    Arrays have the shape (samples, components) or (samples,); targets may also be class labels
    of shape (samples,). A list of `pathlib.Path` is the shards of one table. Without `targets`
    the one table holds both, and `target_col` says which columns are targets. The options are
    the fields of `lossctl.evaluation.options.Options`, such as `loss="ce,mae"`.

    Raises UsageError, DataError or ResourceError, all of them LossctlError, and TypeError for an
    option that there is not.
    """
    evaluation = Evaluation(predictions, targets, Options(**options))
    for _ in evaluation.samples():
        pass
    return evaluation.report()
