"""`lossctl losses`: what there is."""

from __future__ import annotations

import sys


def losses() -> None:
    """List the losses with their formulas, for predictions y and targets d of one sample.

    Loss(W) is the mean over the samples.
    """
    from lossctl.base.wording import folded
    from lossctl.losses import LOSSES, entry
    from lossctl.outputs.files import open_output
    from lossctl.outputs.terminal import width

    losses = {name: entry(name) for name in LOSSES}
    names = max(4, *map(len, losses))
    titles = max(len(loss.title) for loss in losses.values())
    formulas = max(len(loss.formula.text) for loss in losses.values())
    room = width(sys.stdout)
    with open_output(None) as write:
        for name, loss in losses.items():
            title, formula = loss.title, loss.formula.text
            if room is None or names + titles + formulas + 4 <= room:
                write(f"{name:<{names}}  {title:<{titles}}  {formula}\n")
            else:
                write(f"{name:<{names}}  {title}\n")
                for line in folded(formula, max(room - names - 2, 1)):
                    write(f"{'':<{names}}  {line}\n")
