"""`lossctl losses`: what there is."""

from __future__ import annotations


def losses() -> None:
    """List the losses with their formulas, for predictions y and targets d of one sample.

    Loss(W) is the mean over the samples.
    """
    from lossctl.losses import LOSSES
    from lossctl.outputs import open_output

    width = max(len(loss.title) for loss in LOSSES.values())
    with open_output(None) as write:
        for name, loss in LOSSES.items():
            write(f"{name:<4}  {loss.title:<{width}}  {loss.formula}\n")
