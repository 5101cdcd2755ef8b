"""What the user said of columns and their meaning."""

from collections.abc import Mapping
from typing import NamedTuple

from lossctl.losses.loss import NUMBERS, BoundLoss

ALIGN, IGNORE = "align", "ignore"
"""What an index may be for; otherwise the labels of both tables are compared."""


class Request(NamedTuple):
    """What the user said of columns and their meaning."""

    losses: tuple[BoundLoss, ...]
    classes: tuple[str, ...] = ()
    """Names of the prediction columns, in the place of those in the file."""
    pred_cols: tuple[str, ...] = ()
    """Names or patterns of the prediction columns; none: all that are nothing else."""
    target_cols: tuple[str, ...] = ()
    beside: Mapping[str, str] = {}
    """Names of the columns beside predictions and targets, by what they are for: of ids, which
    both tables have."""
    skip: bool = False
    by_position: bool = False
    """Columns are paired in the order they stand in, whatever they are called."""
    pos_label: str | None = None
    """The label of the event whose probability is predicted."""
    neg_label: str | None = None
    ignore_label: str | None = None
    """The label of samples that are left out."""
    by_index: str | None = None
    """What an index of both tables is for: align pairs by it, ignore leaves it unseen; None
    compares the labels."""
    repeated: str | None = None
    """What becomes of samples that are there twice: keep or first; None refuses them."""

    @property
    def of_probabilities(self) -> bool:
        """Whether a loss is of probabilities, on whatever scale."""
        return any(loss.scale != NUMBERS for loss in self.losses)

    @property
    def of_events(self) -> bool:
        """Whether a loss is of probabilities of events, as they stand."""
        return any(
            loss.scale == "probs" and loss.formula.targets.summands is None for loss in self.losses
        )

    @property
    def of_any_values(self) -> bool:
        """Whether no loss demands rows that add up to 1, or is of another scale than values."""
        return all(
            loss.scale in (NUMBERS, "probs") and loss.formula.targets.summands is None
            for loss in self.losses
        )

    def minus_infinity(self, predictions: int) -> int:
        """Return how many of so many predictions may be -inf: all, or none."""
        admitted = all(loss.formula.predictions.minus_infinity for loss in self.losses)
        return predictions if admitted else 0
