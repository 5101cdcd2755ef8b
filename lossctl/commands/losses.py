"""`lossctl losses`: what there is."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from lossctl.commands.help import argument

if TYPE_CHECKING:
    from lossctl.losses.loss import Loss


def losses(
    name: Annotated[str | None, argument("[NAME]", "All that there is to know of one loss")] = None,
) -> None:
    """List the losses with their formulas, for predictions y and targets d of one sample.

    Loss(W) is the mean over the samples.
    """
    from lossctl.losses import LOSSES, entry
    from lossctl.outputs.files import open_output
    from lossctl.outputs.terminal import width

    room = width(sys.stdout)
    lines = _listed(list(map(entry, LOSSES)), room) if name is None else _told(entry(name), room)
    with open_output(None) as write:
        for line in lines:
            write(f"{line}\n")


def _listed(losses: list[Loss], room: int | None) -> Iterator[str]:
    """Yield the losses by their families; the formula below the title where there is no room."""
    names = max(len(loss.name) for loss in losses)
    titles = max(len(loss.title) for loss in losses)
    formulas = max(len(loss.formula.text) for loss in losses)
    in_a_line = room is None or names + titles + formulas + 6 <= room
    for family, members in groupby(losses, lambda loss: loss.family):
        yield f"{family}:"
        for loss in members:
            if in_a_line:
                yield f"  {loss.name:<{names}}  {loss.title:<{titles}}  {loss.formula.text}"
            else:
                yield f"  {loss.name:<{names}}  {loss.title}"
                yield from _beside("", loss.formula.text, names, room)


def _told(loss: Loss, room: int | None) -> Iterator[str]:
    """Yield all that there is to know of a loss, and what it is of an example."""
    facts = [(name, formula.text) for name, formula in loss.scales.items()]
    if len(facts) == 1:
        facts = [("formula", loss.formula.text)]
    for name, one in loss.parameters.items():
        default = "to be given" if one.default is None else f"{one.default:g} if it is not given"
        facts.append((name, f"{one.meaning}; a number {one.range}, {default}"))
    facts += [
        ("predictions", loss.formula.predictions.title),
        ("targets", loss.formula.targets.title),
        ("units", loss.units),
        ("gradient", gradient_of(loss)),
        *(("elsewhere", said) for said in loss.elsewhere()),
        ("source", loss.source),
    ]
    names = max(len(name) for name, _ in facts)
    yield f"{loss.name}: {loss.title}, of the family {loss.family}"
    for name, fact in facts:
        yield from _beside(name, fact, names, room)
    command, number = _example(loss)
    yield f"  $ {command}"
    yield f"  {number!r}"


def gradient_of(loss: Loss) -> str:
    """Return what its gradient is, and which subgradient where there is none."""
    if loss.formula.gradient is None:
        return "none: it is flat, but for where it jumps"
    paragraph, _, _ = (inspect.getdoc(loss.formula.gradient) or "").partition("\n\n")
    said = " ".join(paragraph.split())
    if loss.of_mean is None:
        return said
    inner, gradient = loss.of_mean.inner, loss.of_mean.gradient
    return f"{said.removesuffix('.')}, that of {inner}; of Loss(W) it is {gradient}."


def _beside(name: str, fact: str, names: int, room: int | None) -> Iterator[str]:
    """Yield a fact behind its name, on as many lines as it takes."""
    from lossctl.base.wording import folded

    lines = [fact] if room is None else folded(fact, max(room - names - 4, 1))
    for line in lines:
        yield f"  {name:<{names}}  {line}"
        name = ""


def _example(loss: Loss) -> tuple[str, float]:
    """Return a command that evaluates one sample, and what it prints."""
    import numpy as np

    from lossctl.losses import loss_of
    from lossctl.losses.loss import NUMBERS

    y, d = [[3.0, 1.0], [1.0, 2.0]] if NUMBERS in loss.scales else [[0.25, 0.75], [0.0, 1.0]]
    asked = loss_of(loss.example)
    (of_sample,) = asked.per_sample(np.array([y]), np.array([d])).tolist()
    number, _ = asked.of_all(of_sample, None, len(y))
    row = ",".join(f"{value:g}" for value in [*y, *d])
    columns = "--no-header --pred-cols 1,2 --target-col 3,4"
    return f"echo {row} | lossctl eval - {columns} --loss {loss.example} -q", number
