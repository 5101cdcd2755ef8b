"""`lossctl losses`: what there is."""

from __future__ import annotations


def losses() -> None:
    """List the losses with their formulas, for predictions y and targets d of one sample.

    Loss(W) is the mean over the samples.
    """
    from lossctl.losses import LOSSES, entry
    from lossctl.outputs.files import open_output

    losses = {name: entry(name) for name in LOSSES}
    names = max(map(len, losses))
    titles = max(len(loss.title) for loss in losses.values())
    with open_output(None) as write:
        for name, loss in losses.items():
            write(f"{name:<{max(names, 4)}}  {loss.title:<{titles}}  {loss.formula.text}\n")
