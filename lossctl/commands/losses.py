"""`lossctl losses`: what there is."""

from __future__ import annotations

import sys
from typing import Annotated

from lossctl.commands.help import argument


def losses(
    name: Annotated[str | None, argument("[NAME]", "Only this loss")] = None,
) -> None:
    """List the losses with their formulas, for predictions y and targets d of one sample.

    Loss(W) is the mean over the samples.
    """
    from lossctl.base.wording import folded
    from lossctl.losses import LOSSES, entry
    from lossctl.outputs.files import open_output
    from lossctl.outputs.terminal import width

    known = {each: entry(each) for each in LOSSES}
    losses = known if name is None else {name: entry(name)}
    names = max(4, *map(len, LOSSES))
    titles = max(len(loss.title) for loss in known.values())
    formulas = max(len(loss.formula.text) for loss in known.values())
    room = width(sys.stdout)
    with open_output(None) as write:
        for called, loss in losses.items():
            title, formula = loss.title, loss.formula.text
            if room is None or names + titles + formulas + 4 <= room:
                write(f"{called:<{names}}  {title:<{titles}}  {formula}\n")
            else:
                write(f"{called:<{names}}  {title}\n")
                for line in folded(formula, max(room - names - 2, 1)):
                    write(f"{'':<{names}}  {line}\n")
