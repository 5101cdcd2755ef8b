"""Losses of the direction of vectors, whatever their length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.domain import Undefined
from lossctl.losses.loss import NUMBERS, Formula, Loss
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
else:
    import lossctl.losses.numpy_when_used as np


def cosine_gradient(predictions: Array, targets: Array) -> Array:
    """(cos u_j - v_j) / |y|, where u and v are y and d at length 1.

    It is taken of v - u, of which nothing is left where both point the same way; of v + u where
    they point more nearly opposite ways.
    """
    largest, length = _lengths(predictions)
    u, v = _at_length_1(predictions), _at_length_1(targets)
    cos, along = np.zeros((2, len(u)))
    for one, other in zip(u.T, v.T, strict=True):
        cos += one * other
    apart = np.where(cos[:, None] < 0.0, v + u, v - u)
    for one, other in zip(u.T, apart.T, strict=True):
        along += one * other
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient: Array = (along[:, None] * u - apart) / length[:, None] / largest[:, None]
    return gradient


def cosine(predictions: Array, targets: Array) -> Array:
    """Cosine distance: 1 - cos of the angle of y and d, shape (n,), from 0 to 2.

    It is half the squared distance of both, each at length 1: where they point nearly the same
    way, it loses as many digits as the distance is small, rather than twice as many. NaN where y or
    d is all 0, as then it points nowhere.

    Domain: any real number. Units: none, from 0 to 2. Source: the angle between two vectors;
    torch's cosine_embedding_loss of a target of 1.
    """
    losses = np.zeros(len(predictions))
    for y, d in zip(_at_length_1(predictions).T, _at_length_1(targets).T, strict=True):
        losses += (y - d) ** 2
    return 0.5 * losses


def of_no_direction(predictions: Array, targets: Array) -> Undefined | None:
    """Return which values of a sample are all 0."""
    for of_targets, values in ((False, predictions), (True, targets)):
        if not values.any():
            hint = "a row of zeros points nowhere, and has no angle to another"
            return Undefined(of_targets, "all values of the row are 0", hint)
    return None


def _lengths(rows: Array) -> tuple[Array, Array]:
    """Return the largest size in each row, and the length of the row by it, lest squares overflow.

    Both have the shape (n,); the length is NaN where all are 0.
    """
    largest: Array = np.abs(rows).max(axis=1)
    squares = np.zeros(len(rows))
    with np.errstate(divide="ignore", invalid="ignore"):
        for column in rows.T:
            share = column / largest
            squares += share * share
    return largest, np.sqrt(squares)


def _at_length_1(rows: Array) -> Array:
    """Return rows divided by their length."""
    largest, length = _lengths(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asfortranarray(rows / largest[:, None] / length[:, None])


COSINE = Loss(
    name="cosine",
    title="cosine distance",
    family="directions",
    units="none, from 0 to 2",
    source="the angle between two vectors; torch's cosine_embedding_loss of a target of 1",
    scales={
        NUMBERS: Formula(
            "1 - sum_j y_j d_j / sqrt(sum_j y_j^2 sum_j d_j^2)",
            cosine,
            gradient=cosine_gradient,
            words="1 - cosine of the angle between both, over {components}",
            peers=(Peer("scikit-learn's paired_cosine_distances"),),
            undefined=of_no_direction,
        )
    },
)
