"""What is told of some samples beside their losses: what they are, and what was predicted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.base.arrays import Array
from lossctl.evaluation.task import Task
from lossctl.losses.loss import NUMBERS, SCORES

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET, PREDICTION = "target", "prediction"
_CLASS = (TARGET, PREDICTION, "p_target")
_COMPONENT = ("component", TARGET, PREDICTION)


def details_of(task: Task) -> tuple[str, ...]:
    """Return the names of what is told: the same for all samples of an evaluation.

    Of classes, and of the two outcomes of an event, the true one, the most likely one and the
    probability of the true one; of another single component target and prediction; of several
    those of the component that differs the most.
    """
    if task.has_true_class:
        return _CLASS[:2] if _loss(task).scale in (NUMBERS, SCORES) else _CLASS
    return _COMPONENT if task.width > 1 else _COMPONENT[1:]


def details(task: Task, predictions: Array, targets: Array) -> Mapping[str, NDArray[Any]]:
    """Return what is told of samples, by its names: numbers as float64, words in UTF-8."""
    names = details_of(task)
    rows = np.arange(len(predictions))
    if not task.has_true_class:
        worst = np.abs(predictions - targets).argmax(axis=1)
        of_values = targets[rows, worst], predictions[rows, worst]
        return dict(zip(names, (_called(task, worst), *of_values)[-len(names) :], strict=True))
    if task.of_one_event:
        chances = _probabilities(task, predictions)
        predictions, targets = _both(chances), _both(targets)
    true = targets[:, 0].astype(np.intp) if task.columns.labels else targets.argmax(axis=1)
    cells: list[NDArray[Any]] = [_called(task, true), _called(task, predictions.argmax(axis=1))]
    if len(names) > len(cells):
        likely = predictions if task.of_one_event else _probabilities(task, predictions)
        cells.append(likely[rows, true])
    return dict(zip(names, cells, strict=True))


def _both(chances: Array) -> Array:
    """Return the probabilities, (n, 2), that an event does not come about and that it does."""
    return np.concatenate([1.0 - chances, chances], axis=1)


def _loss(task: Task) -> Any:
    """Return the first loss, by which the samples are chosen."""
    return next(iter(task.losses.values()))


def _called(task: Task, columns: NDArray[np.intp]) -> NDArray[Any]:
    """Return what columns of predictions are called; those without names are numbered from 0.

    Of a single event its two labels are, or 0 and 1.
    """
    if task.of_one_event:
        return _words(task.columns.of_event or range(2), columns)
    return _words(task.columns.names or range(task.width), columns)


def _words(names: Sequence[object], which: NDArray[np.intp]) -> NDArray[Any]:
    """Return these of the names, in UTF-8."""
    used = {index: str(names[index]).encode() for index in set(which.tolist())}
    return np.array([used[index] for index in which.tolist()])


def _probabilities(task: Task, predictions: Array) -> Array:
    """Return the probabilities that predictions on the scale of the first loss stand for.

    Of a loss of plain numbers they are these.
    """
    loss = _loss(task)
    transform: Callable[[Array], Array] | None = loss.formula.transform
    values = predictions if transform is None else transform(predictions)
    if loss.scale in ("probs", NUMBERS):
        return values
    of_events = loss.scale in ("logits", SCORES) and transform is None
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-values)) if of_events else np.exp(values)
