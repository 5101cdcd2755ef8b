"""What is evaluated: the same for every block of samples."""

from typing import NamedTuple

from lossctl.evaluation.options import Options
from lossctl.evaluation.validation import Rules
from lossctl.losses.loss import NUMBERS, BoundLoss
from lossctl.pairing.columns import Columns
from lossctl.pairing.pair import Pair


class Task(NamedTuple):
    """Which losses of which columns, and what the values must satisfy."""

    predictions_name: str
    """How messages name the table of predictions."""
    targets_name: str
    losses: dict[str, BoundLoss]
    rules: Rules
    columns: Columns
    one: bool = False
    """Predictions and targets are in one table."""
    labels_agree: bool = False
    """Rows are paired by position, and the labels of both indexes must be the same."""
    by_position: bool = True
    repeated: str | None = None
    """What becomes of rows that repeat a sample, where anything was said of it."""
    target_called: str | None = None
    """What the column of the targets is called, where it is one, and has a name."""
    worst: int = 0
    """How many of the samples with the highest first loss are kept."""
    gradients: bool = False
    """The derivatives of the one loss by the predictions are taken, too,"""
    divisor: int = 1
    """and divided by this."""
    of_mean: bool = False
    """In the end the gradient is that of Loss(W)."""

    @classmethod
    def of(cls, pair: Pair, losses: dict[str, BoundLoss], options: Options) -> "Task":
        """Return what is evaluated of a pair; raise UsageError for an absurd tolerance."""
        rules = Rules.of(losses.values(), options.sum_tolerance, pair.width)
        delimited = pair.predictions.delimited, pair.targets.delimited
        rules = rules._replace(may_have_header=delimited)
        names = pair.predictions.name, pair.targets.name
        indexed = pair.outlook.indexed
        there, called = pair.columns.targets.values, pair.targets.columns
        return cls(
            *names,
            losses,
            rules,
            pair.columns,
            one=pair.one,
            labels_agree=indexed is not None and indexed.must_agree,
            by_position=options.paired_by == "position",
            repeated=options.repeated_ids,
            target_called=called[there[0]] if called and len(there) == 1 else pair.targets.series,
            worst=options.worst,
        )

    @property
    def of_probabilities(self) -> bool:
        """Whether some loss is a logarithm of probabilities, on whatever scale these are."""
        return any(loss.scale != NUMBERS for loss in self.losses.values())

    @property
    def has_true_class(self) -> bool:
        """Whether each sample has a true class: one of several, or an outcome of an event."""
        return self.one_of_classes or self.of_one_event

    @property
    def one_of_classes(self) -> bool:
        """Whether each sample is of one class, rather than a few events of their own."""
        one_of = next(iter(self.losses.values())).formula.of_one_class
        return self.columns.labels is not None or (one_of and self.width > 1)

    @property
    def of_one_event(self) -> bool:
        """Whether each sample is of one event, which comes about or does not."""
        of_event = next(iter(self.losses.values())).scale != NUMBERS or self.columns.of_event
        return bool(of_event) and self.width == 1

    @property
    def width(self) -> int:
        """Components of a sample."""
        return len(self.columns.predictions.values)

    @property
    def targets_are(self) -> str:
        """What the targets are: rows, or labels that are names or indices of classes."""
        return self.columns.labels or "rows"
