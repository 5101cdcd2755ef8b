"""The catalogue of losses: per-sample div(y, d) for predictions y and targets d.

A loss is a `Loss` in the module of its family and a line here. NumPy is imported when a loss is
looked up, not to list their names or to split the text that names several.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING

from lossctl.base.errors import UsageError
from lossctl.base.registry import load
from lossctl.base.wording import quoted
from lossctl.losses.names import unknown

if TYPE_CHECKING:
    from lossctl.losses.loss import BoundLoss, Loss

LOSSES: dict[str, str] = {
    "mae": "lossctl.losses.regression:MAE",
    "mse": "lossctl.losses.regression:MSE",
    "rmse": "lossctl.losses.regression:RMSE",
    "huber": "lossctl.losses.regression:HUBER",
    "smooth-l1": "lossctl.losses.regression:SMOOTH_L1",
    "log-cosh": "lossctl.losses.regression:LOG_COSH",
    "quantile": "lossctl.losses.regression:QUANTILE",
    "cosine": "lossctl.losses.directions:COSINE",
    "msle": "lossctl.losses.relative:MSLE",
    "mape": "lossctl.losses.relative:MAPE",
    "smape": "lossctl.losses.relative:SMAPE",
    "poisson": "lossctl.losses.deviances:POISSON",
    "gamma": "lossctl.losses.deviances:GAMMA",
    "tweedie": "lossctl.losses.deviances:TWEEDIE",
    "ce": "lossctl.losses.classification:CE",
    "bce": "lossctl.losses.classification:BCE",
    "perplexity": "lossctl.losses.classification:PERPLEXITY",
    "brier": "lossctl.losses.probabilities:BRIER",
    "kl": "lossctl.losses.probabilities:KL",
    "focal": "lossctl.losses.probabilities:FOCAL",
    "hinge": "lossctl.losses.decisions:HINGE",
    "squared-hinge": "lossctl.losses.decisions:SQUARED_HINGE",
    "zero-one": "lossctl.losses.decisions:ZERO_ONE",
}
"""Name -> "module:attribute" of its `Loss`, those of a family together."""

SCALES = ("probs", "logits", "log-probs", "scores")
"""What predictions of probabilities may be given as: the scales of all such losses together."""


_FORM = "parameters are written behind the loss: NAME:PARAMETER=VALUE"


def entry(name: str) -> Loss:
    """Return the loss of this name; raise UsageError if there is none."""
    if name not in LOSSES:
        raise UsageError(*unknown("loss", name, LOSSES))
    loss: Loss = load(LOSSES[name])
    return loss


def loss_of(text: str, scale: str = "probs") -> BoundLoss:
    """Return the loss that a text such as `ce` or `name:parameter=1.5` asks for.

    The scale is what the predictions are given as; on "probs" every loss takes them as they are.
    Raises UsageError for an unknown loss, parameter or value, and for a scale that the loss does
    not have.
    """
    name, colon, parameters = text.partition(":")
    loss = entry(name)
    if colon and not parameters.strip():
        raise UsageError(f"--loss {quoted(text)}: no parameter stands behind the colon", _FORM)
    if scale not in loss.scales:
        if scale != "probs":
            takes = "the numbers as they are"
            if "probs" in loss.scales:
                takes = " or ".join(loss.scales)
            raise UsageError(f"--from {scale} is for {_with_scale(scale)}: {name} takes {takes}")
        scale = next(iter(loss.scales))
    return loss.bound(scale, text, _assignments(parameters) if parameters else {})


def losses_of(texts: Iterable[str], scale: str = "probs") -> dict[str, BoundLoss]:
    """Return the losses that are asked for by their names, each once.

    Raises UsageError as `loss_of` does, and for two that no numbers can be given to.
    """
    losses = {loss.name: loss for loss in (loss_of(text, scale) for text in texts)}
    for one, another in combinations(losses.values(), 2):
        for what, first, second in (
            ("predictions", one.formula.predictions, another.formula.predictions),
            ("targets", one.formula.targets, another.formula.targets),
        ):
            if not first.meets(second):
                raise UsageError(
                    f"{one.name} and {another.name} cannot be taken of the same numbers: their "
                    f"{what} have no value in common",
                    f"{one.name} takes {first.title}, {another.name} {second.title}: ask for them "
                    "one at a time",
                )
    return losses


def canonical_name(text: str) -> str:
    """Return what the loss that a text asks for is called, as `BoundLoss.name` says.

    A text that asks for none is returned as it is. One without parameters is its own name.
    """
    if ":" not in text:
        return text
    try:
        return loss_of(text).name
    except UsageError:
        return text


def lowest(text: str) -> float:
    """Return what no Loss(W) is below, on whatever scale; -inf for no loss of ours."""
    name = text.partition(":")[0]
    if name not in LOSSES:
        return -inf
    loss = entry(name)
    return min(formula.lowest(loss.of_mean) for formula in loss.scales.values())


def split_losses(text: str) -> list[str]:
    """Return the losses, or limits of losses, that are written with commas between them.

    Behind a colon commas part parameters, `huber:delta=1,gamma=2`, up to a limit: what stands
    behind the second equals sign of a parameter, as in `huber:delta=1,gamma=2=0.5,mae=1`.
    """
    items: list[str] = []
    open_to_parameters = False
    for piece in map(str.strip, text.split(",")):
        if open_to_parameters and "=" in piece and ":" not in piece:
            items[-1] += f",{piece}"
        else:
            items.append(piece)
        open_to_parameters = ":" in items[-1] and piece.count("=") < 2
    return items


def _with_scale(scale: str) -> str:
    """Return the names of the losses that take predictions on a scale."""
    *names, last = (name for name in LOSSES if scale in entry(name).scales)
    return f"{', '.join(names)} and {last}" if names else f"{last} alone"


def _assignments(text: str) -> dict[str, str]:
    """Return parameters by their names, as they are written; raise UsageError."""
    assignments: dict[str, str] = {}
    for assignment in text.split(","):
        name, equals, value = map(str.strip, assignment.partition("="))
        if not equals or name in assignments:
            raise UsageError(
                f"--loss: {quoted(assignment)} sets no parameter, or sets it again",
                _FORM,
            )
        assignments[name] = value
    return assignments
