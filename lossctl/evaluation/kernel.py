"""One block of samples: validated, their losses taken and summarised; any thread may do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import DataError
from lossctl.base.warnings import BlockCaution
from lossctl.evaluation.cautions import Values
from lossctl.evaluation.details import details
from lossctl.evaluation.task import Task
from lossctl.evaluation.validation import check, check_labels
from lossctl.evaluation.warnings import cautions_to_look_for
from lossctl.losses.loss import BoundLoss, Formula
from lossctl.pairing.pair import PairSpan
from lossctl.results.exact_sum import Moments
from lossctl.results.samples import Samples
from lossctl.results.summary import EMPTY, LossSummary, Summary
from lossctl.tables.block import Block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Classes = NDArray[np.intp]

_AT_ONCE, _LEAST_ROWS = 1 << 15, 100
"""Gradients are taken of so many values at a time, but of no fewer rows."""


class Kernel(NamedTuple):
    """What is done with every block."""

    task: Task
    cautions: tuple[type[BlockCaution], ...] = ()
    """What the values are looked at for."""

    @classmethod
    def of(cls, task: Task) -> Kernel:
        """Return the kernel that looks for all cautions that may apply."""
        return cls(task, cautions_to_look_for(task))

    def evaluate_span(self, span: PairSpan, rows: int | None = None) -> tuple[Samples, Summary]:
        """Load a span, or its first `rows` samples, and evaluate it.

        Of several bad rows the first one is to blame, whatever the block.
        """
        rows = span.rows if rows is None else rows
        try:
            predictions, targets = span.load(rows, self.task.width)
            return self.evaluate(predictions, targets, span.sample_numbers(rows))
        except DataError as error:
            if error.block_row:
                self.evaluate_span(span, error.block_row)
            raise

    def evaluate(
        self, predictions: Block, targets: Block, numbers: NDArray[np.int64]
    ) -> tuple[Samples, Summary]:
        """Return the per-sample losses of the samples with these numbers, and their summary.

        Where missing values are to be left out, samples with one are counted as skipped. Raises
        DataError for a value that must not be evaluated and a loss that is not finite.
        """
        if not self.task.columns.may_be_missing:
            return self._evaluate(predictions, targets, numbers)
        unpredicted = np.isnan(predictions.values).any(axis=1)
        kept = np.flatnonzero(~(unpredicted | np.isnan(targets.values).any(axis=1)))
        try:
            samples, summary = self._evaluate(
                predictions.keep(kept), targets.keep(kept), numbers[kept]
            )
        except DataError as error:
            if error.block_row is not None:
                error.block_row = int(kept[error.block_row])
            raise
        skipped = len(numbers) - len(kept)
        return samples, summary._replace(skipped=skipped, unpredicted=int(unpredicted.sum()))

    def _evaluate(
        self, predictions: Block, targets: Block, numbers: NDArray[np.int64]
    ) -> tuple[Samples, Summary]:
        if not len(numbers):
            nothing = {name: np.empty(0) for name in self.task.losses}
            return Samples(numbers, nothing, predictions.beside), EMPTY
        rough = check(predictions, self.task.rules, targets=False)
        classes = self._classes(targets, predictions.values.shape[1])
        if classes is None:
            rough += check(targets, self.task.rules, targets=True)
        rows = self._rows(targets.values, classes, predictions.values.shape)
        losses: dict[str, Array] = {}
        gradients: Array | None = None
        kept: dict[str, LossSummary] = {}
        with np.errstate(all="ignore"):
            for name, loss in self.task.losses.items():
                y, d = _components(loss.formula, predictions.values, rows, classes)
                losses[name] = values = loss.per_sample(y, d)
                _require_finite(loss, values, predictions, targets, rows)
                kept[name] = _summarise(loss.formula, values, y, d)
                if self.task.gradients:
                    gradients, kinks = _gradients(loss, predictions, rows, self.task.divisor)
                    kept[name] = kept[name]._replace(at_kink=kinks)
            seen = Values(predictions.values, targets.values, rough, numbers)
            cautions = tuple(caution.of(seen, self.task) for caution in self.cautions)
        samples = Samples(numbers, losses, predictions.beside)
        samples.gradients = gradients
        worst = None
        if self.task.worst:
            ones = samples.worst_ones(self.task.worst)
            worst = samples[ones]
            worst.details = details(self.task, predictions.values[ones], targets.values[ones])
        totals = self._totals(targets.values, classes) if self.task.of_probabilities else None
        return samples, Summary(len(numbers), kept, cautions, worst, totals=totals)

    def _totals(self, targets: Array, classes: Classes | None) -> Array:
        """Return the sum of the targets of each class."""
        if classes is None:
            sums: Array = targets.sum(axis=0)
            return sums
        return np.bincount(classes, minlength=self.task.width).astype(np.float64)

    def _classes(self, targets: Block, width: int) -> Classes | None:
        """Return the true class of each sample, where labels or one-hot rows tell it."""
        if self.task.columns.labels is not None:
            check_labels(targets, width, not self.task.of_probabilities, self.task.columns)
            return targets.values[:, 0].astype(np.intp)
        if any(loss.formula.true_class_only for loss in self.task.losses.values()):
            return _one_hot_classes(targets)
        return None

    def _rows(self, targets: Array, classes: Classes | None, shape: tuple[int, ...]) -> Array:
        """Return the targets of every class, as one-hot rows where there are only labels."""
        if classes is None or targets.shape == shape:
            return targets
        only_true = all(loss.formula.true_class_only for loss in self.task.losses.values())
        if only_true and not self.task.gradients:
            return targets
        rows = np.zeros(shape, order="F")
        rows[np.arange(len(classes)), classes] = 1.0
        return rows


def _one_hot_classes(targets: Block) -> Classes | None:
    """Return where the 1 of each row is, or None if a row is not a single 1 among zeros.

    As many values other than 0 as rows, each of which sums to 1: each row has one, and it is 1.
    A row with a -0.0 counts as none.
    """
    values = targets.values
    if np.count_nonzero(values[0]) != 1 or not (targets.sums == 1.0).all():
        return None
    if np.count_nonzero(values.view(np.int64)) != len(values):  # floats take NumPy twice as long
        return None
    classes: Array = np.einsum("nj,j->n", values, np.arange(values.shape[1], dtype=np.float64))
    return classes.astype(np.intp)


def _components(
    formula: Formula, predictions: Array, targets: Array, classes: Classes | None
) -> tuple[Array, Array]:
    """Return what the formula is taken of: where classes tell it, the true class may be enough."""
    if formula.transform is not None:
        predictions = formula.transform(predictions)
    if classes is None or not formula.true_class_only:
        return predictions, targets
    return _of_classes(predictions, classes).reshape(-1, 1), np.ones((len(classes), 1))


def _of_classes(values: Array, classes: Classes) -> Array:
    """Return of each row the value of its class, shape (n,).

    An index into memory as it lies takes NumPy half as long as one of rows and columns.
    """
    rows, width = values.shape
    if values.flags.c_contiguous:
        found: Array = values.ravel()[np.arange(0, rows * width, width) + classes]
    elif values.flags.f_contiguous:
        found = values.T.ravel()[classes * rows + np.arange(rows)]
    else:
        found = values[np.arange(rows), classes]
    return found


def _gradients(
    loss: BoundLoss, predictions: Block, targets: Array, divisor: int
) -> tuple[Array, int]:
    """Return the derivatives by each prediction, (n, k), and how many samples lie at a kink.

    They are taken of a few rows at a time, so that what is computed on the way stays in the cache.
    """
    of, values = loss.formula, loss.values
    assert of.gradient is not None, "a loss without a gradient is refused"
    gradients: Array = np.empty(predictions.values.shape)
    kinks = 0
    rows = max(_LEAST_ROWS, _AT_ONCE // predictions.values.shape[1])
    for start in range(0, len(gradients), rows):
        few = slice(start, start + rows)
        y, d, found = predictions.values[few], targets[few], gradients[few]
        np.add(of.gradient(y, d, **values), 0.0, out=found)  # -0.0 says no more
        finite = np.isfinite(found)
        if not finite.all():
            row, column = np.argwhere(~finite)[0].tolist()
            told = f"the derivative of {loss.name} is {found[row, column]} here"
            raise predictions.place.error(start + row, column, told)
        if divisor != 1:
            found /= divisor
        if of.kinks is not None:
            kinks += int(np.count_nonzero(of.kinks(y, d, **values)))
    return gradients, kinks


def _summarise(formula: Formula, values: Array, y: Array, d: Array) -> LossSummary:
    guard = formula.guard
    at_guard = 0 if guard is None else int(np.count_nonzero(guard.decides(y, d)))
    return LossSummary(Moments.of(values), float(values.min()), float(values.max()), at_guard)


def _require_finite(
    loss: BoundLoss, values: Array, predictions: Block, targets: Block, rows: Array
) -> None:
    """Raise DataError for the first loss that is not finite.

    `rows` are the targets of all components, also where `targets` are labels.
    """
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    row = int(np.argmax(bad))
    undefined = loss.formula.undefined
    if undefined is not None and np.isnan(values[row]):
        why = undefined(predictions.values[row], rows[row])
        if why is not None:
            place = targets.place if why.of_targets else predictions.place
            raise place.error(row, why.column, why.reason, why.hint)
    impossible, hint = np.isneginf(predictions.values[row]), None
    if impossible.all() and np.isnan(values[row]):
        hint = "all logits of the row are -inf: no class is left"
    elif impossible.any():
        hint = "what is -inf cannot be, but the targets say that it is: was it masked?"
    told = f"the {loss.name} of this sample is {values[row]}"
    raise predictions.place.error(row, None, told, hint)
