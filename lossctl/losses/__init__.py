"""The catalogue of losses: per-sample div(y, d) for predictions y and targets d.

A loss is a `Loss` in the module of its family and a line here. NumPy is imported when a loss is
looked up, not to list their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossctl.base.errors import UsageError
from lossctl.base.registry import load
from lossctl.base.wording import choose, quoted

if TYPE_CHECKING:
    from lossctl.losses.loss import Loss

LOSSES: dict[str, str] = {
    "mae": "lossctl.losses.regression:MAE",
    "mse": "lossctl.losses.regression:MSE",
    "ce": "lossctl.losses.classification:CE",
    "bce": "lossctl.losses.classification:BCE",
}
"""Name -> "module:attribute" of its `Loss`."""

SCALES = ("probs", "logits", "log-probs")
"""What predictions of probabilities may be given as; `Loss.scales` has those beside "probs"."""


def entry(name: str) -> Loss:
    """Return the loss of this name; raise UsageError if there is none."""
    if name not in LOSSES:
        raise UsageError(*choose("loss", name, LOSSES))
    loss: Loss = load(LOSSES[name])
    return loss


def loss_of(text: str, scale: str = "probs") -> Loss:
    """Return the loss that a text such as `ce` or `name:parameter=1.5` asks for.

    The scale is what the predictions are given as; on "probs" every loss takes them as they are.
    Raises UsageError for an unknown loss, parameter or value, and for a scale that the loss does
    not have.
    """
    name, _, parameters = text.partition(":")
    loss = entry(name)
    if scale != "probs":
        if scale not in loss.scales:
            raise UsageError(
                f"--from {scale} is for {_with_scale(scale)}: {name} takes the numbers as they are"
            )
        loss = loss.scales[scale]
    return loss.with_parameters(text, _assignments(parameters) if parameters else {})


def _with_scale(scale: str) -> str:
    """Return the names of the losses that take predictions on a scale."""
    names = [name for name in LOSSES if scale in entry(name).scales]
    return " and ".join(names) if len(names) > 1 else f"{names[0]} alone"


def _assignments(text: str) -> dict[str, str]:
    """Return parameters by their names, as they are written; raise UsageError."""
    assignments: dict[str, str] = {}
    for assignment in text.split(","):
        name, equals, value = map(str.strip, assignment.partition("="))
        if not equals or name in assignments:
            raise UsageError(
                f"--loss: {quoted(assignment)} sets no parameter, or sets it again",
                "parameters are written behind the loss: NAME:PARAMETER=VALUE",
            )
        assignments[name] = value
    return assignments
