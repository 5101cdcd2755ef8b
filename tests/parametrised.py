"""A loss with two parameters, which tests put into the registry."""

import sys

import numpy as np

from lossctl.base.arrays import Array
from lossctl.losses.loss import NUMBERS, Formula, Loss, Parameter


def huber(predictions: Array, targets: Array, delta: float, gamma: float) -> Array:
    """Gamma times the Huber loss: quadratic up to a distance of delta, and then linear."""
    losses = np.zeros(len(predictions))
    for y, d in zip(predictions.T, targets.T, strict=True):
        off = np.abs(y - d)
        losses += gamma * np.where(off <= delta, off * off / 2, delta * (off - delta / 2))
    return losses


HUBER = Loss(
    name="huber",
    title="Huber loss",
    family="regression",
    units="the targets'",
    source="Huber 1964",
    scales={NUMBERS: Formula("gamma h(y - d)", huber)},
    parameters={
        "delta": Parameter(1.5, 1e-6, 1e6, "where it becomes linear"),
        "gamma": Parameter(1.0, 0.0, 1e6, "what it is multiplied by"),
    },
)
PLACE = "parametrised:HUBER"
PROGRAM = """
import sys
sys.path.append(sys.argv.pop(1))
from lossctl.__main__ import main
from lossctl.losses import LOSSES
LOSSES["huber"] = "parametrised:HUBER"
main()
"""
"""Runs the command with this loss; the folder of this file is its first argument."""
COMMAND = (sys.executable, "-c", PROGRAM, __file__.rpartition("/")[0])
