"""The pipeline: aligned spans -> per-sample losses -> summaries -> report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from itertools import chain

from lossctl.base.errors import DataError, LossctlError, UsageError
from lossctl.base.warnings import Caution
from lossctl.engines import default_jobs, in_order
from lossctl.evaluation.details import details_of
from lossctl.evaluation.final import Evaluated
from lossctl.evaluation.kernel import Kernel
from lossctl.evaluation.options import Options
from lossctl.evaluation.reporting import report_of
from lossctl.evaluation.task import Task
from lossctl.losses.loss import BoundLoss
from lossctl.pairing.event_names import names_of_values
from lossctl.pairing.outlook import FIRST
from lossctl.pairing.pair import PairSpan, open_pair
from lossctl.results.report import Report
from lossctl.results.samples import Samples
from lossctl.results.summary import EMPTY
from lossctl.tables.inputs import Input
from lossctl.tables.table import PRESENT


def require_gradient(losses: Mapping[str, BoundLoss]) -> None:
    """Raise UsageError for more than one loss, and for one that has no gradient."""
    if len(losses) > 1:
        raise UsageError("a gradient is of one loss, but these are several")
    for name, loss in losses.items():
        if loss.formula.gradient is None:
            raise UsageError(f"{name} has no gradient: it is flat, but for where it jumps")


class Evaluation:
    """One evaluation: take its samples, once, for the per-sample losses, then its report.

    `targets` is None where the predictions' table holds them, too. Raises what the options, the
    tables and the pairing raise; DataError for a value that must not be evaluated and for a loss
    that is not finite, always of the first such row.
    """

    def __init__(
        self, predictions: object, targets: object, options: Options, *, gradients: bool = False
    ) -> None:
        """With `gradients`, the derivatives of the one loss are taken, too."""
        self._options = options
        inputs = Input.of(predictions), None if targets is None else Input.of(targets)
        self._paths = inputs[0].name, (inputs[1] or inputs[0]).name
        losses, request, tables = options.asked()
        if gradients:
            require_gradient(losses)
        if targets is None and tables[0] != tables[1]:
            raise UsageError(
                "predictions and targets are in one file: the targets have no decimal point, "
                "header or format of their own",
                "what holds for all columns of the file: --decimal, --header, --format-in",
            )
        self._pair = open_pair(*inputs, request, tables)
        task = Task.of(self._pair, losses, options)
        self._kernel = Kernel.of(task._replace(gradients=gradients))
        self._jobs = options.jobs or default_jobs()
        self._unpaired: tuple[int, int] = (0, 0)
        self._repeated: tuple[int, int] = (0, 0)
        self._cautions: list[Caution] = []
        self._hashes: dict[str, str | None] = {}
        self.name = self._pair.predictions.name
        by_id = options.paired_by != "position"
        self.columns = ("row", *(["id"] if by_id else []), *losses)
        self.details = details_of(self._kernel.task)
        """Columns that the worst samples have, too."""
        self._summary = EMPTY
        self._handed_out = 0
        self._complete = False

    def require_effect(self) -> None:
        """Raise UsageError, all files closed, for an option that says nothing of these files."""
        from lossctl.evaluation.of_files import require_effect

        try:
            require_effect(self._options, self._pair.tables)
        except UsageError:
            self._pair.close()
            raise

    def samples(self, watch: Callable[[], None] = lambda: None) -> Iterator[Samples]:
        """Yield the per-sample losses in the order of the rows, some rows at a time.

        `watch` is called, in this thread, whenever there was some progress.
        """
        try:
            with (
                closing(self._spans(watch)) as spans,
                closing(
                    in_order(
                        self._kernel.evaluate_span,
                        self._counted(spans),
                        self._jobs,
                        self._options.engine,
                    )
                ) as evaluated,
            ):
                for samples, summary in evaluated:
                    self._summary = self._summary.merge(summary, self._options.worst)
                    watch()
                    yield samples
            self._require_all()
            if self._options.hashes:
                self._hashes = self._pair.hashes()
        except DataError:
            self._pair.close()  # if a file changed while it was read, that is what to say
            raise
        except BaseException:
            with suppress(LossctlError):
                self._pair.close()
            raise
        self._pair.close()
        self._complete = True

    def report(self) -> Report:
        """Return the report; raise RuntimeError if not all samples were taken."""
        if not self._complete:
            raise RuntimeError("a report is of all samples, but not all of them were taken")
        counts = self._unpaired, self._repeated
        evaluated = Evaluated(self._kernel.task, self._summary, *counts, self._hashes)
        warnings = chain(self._pair.warnings(), self._cautions)
        return report_of(evaluated, self._options, self._paths, warnings)

    @property
    def names(self) -> list[str]:
        """What the columns of the predictions that are read are called; nothing without names."""
        return names_of_values(self._pair.predictions, self._pair.columns.predictions.values)

    @property
    def is_vector(self) -> bool:
        """Whether the predictions are an array of one dimension."""
        return self._pair.predictions.is_vector

    def rows(self) -> int:
        """Return how many rows the predictions have, all of them read, evaluated or not."""
        repeated = self._repeated[0] if self._options.repeated_ids == FIRST else 0
        return self._summary.n + self._summary.skipped + self._unpaired[0] + repeated

    @property
    def width(self) -> int:
        """Components of a sample."""
        return self._kernel.task.width

    def divide_gradients(self) -> int | None:
        """Take gradients of Loss(W): divided by the number of samples, which is returned.

        It returns None, and they are not, where that is not known yet, or Loss(W) is not the mean.
        """
        task, options = self._kernel.task, self._options
        told = options.paired_by == "position" and options.repeated_ids is None
        of_mean = any(loss.of_mean for loss in task.losses.values())
        certain = told and not (task.columns.may_be_missing or of_mean)
        rows = self._pair.predictions.rows if certain else None
        task = task._replace(divisor=rows or 1, of_mean=True)
        self._kernel = self._kernel._replace(task=task)
        return rows

    def slope(self) -> float:
        """Return how much Loss(W) changes with the mean of the one loss, all samples taken."""
        ((name, loss),) = self._kernel.task.losses.items()
        if loss.of_mean is None:
            return 1.0
        mean = self._summary.losses[name].moments.mean()
        return loss.of_mean.slope(mean, self._kernel.task.width)

    def progress(self) -> tuple[int, float | None]:
        """Return how many samples were read, and what part of the input; None where unknown."""
        return self._summary.n + self._summary.skipped, self._pair.progress()

    def _spans(self, watch: Callable[[], None]) -> Generator[PairSpan, None, None]:
        options, pair = self._options, self._pair
        rows = options.block_rows or pair.block_rows()
        if options.paired_by != "position" and not (pair.one and options.repeated_ids):
            yield from self._by_id(rows, watch)
        elif options.paired_by != "position" or pair.outlook.any:
            yield from self._looked_at(rows)
        else:
            yield from pair.spans(rows)

    def _by_id(self, rows: int, watch: Callable[[], None]) -> Iterator[PairSpan]:
        from lossctl.pairing.by_id import Alignment, Policies

        options = self._options
        policies = Policies(options.missing == PRESENT, options.repeated_ids)
        alignment = Alignment(self._pair, policies, self._jobs, options.engine, watch)
        with closing(alignment.spans(rows)) as spans:
            yield from spans
        predictions, targets = alignment.unpaired
        self._unpaired = predictions.count, targets.count
        self._repeated = alignment.repeated

    def _looked_at(self, rows: int) -> Iterator[PairSpan]:
        from lossctl.pairing.by_position import ByPosition

        options = self._options
        samples = ByPosition(self._pair, options.repeated_ids, self._jobs, options.engine)
        with closing(samples.spans(rows)) as spans:
            yield from spans
        self._repeated = samples.repeated, samples.repeated
        self._cautions += samples.warnings()

    def _counted(self, spans: Iterator[PairSpan]) -> Generator[PairSpan, None, None]:
        for span in spans:
            self._handed_out += span.rows
            yield span

    def _require_all(self) -> None:
        """Raise RuntimeError if a paired sample is neither evaluated nor left out.

        Raises DataError if all are left out.
        """
        n, skipped = self._summary.n, self._summary.skipped
        if n + skipped != self._handed_out:
            raise RuntimeError(
                f"of {self._handed_out} samples {n} were evaluated and {skipped} left out"
            )
        if not n:
            raise DataError(
                f"no sample is left: all {skipped} have a missing value"
                f"{' or a label to ignore' if self._options.ignore_label is not None else ''}"
                if skipped
                else "no sample is left: the two tables have no id in common"
            )
