"""The warning that classes hardly stand in the order of the columns, by which ones are confused."""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.warnings import BlockCaution
from lossctl.base.wording import listed, quoted
from lossctl.evaluation.cautions import Values
from lossctl.evaluation.task import Task

if TYPE_CHECKING:
    from typing import Self

FIRST = 1024
"""So many samples at the start are looked at."""
_CLASSES = range(3, 51)
"""Of two the log loss itself tells that they are inverted; of very many there are few samples."""
_LEAST = 5
"""What holds of fewer samples of a class may be chance."""


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(add, one, other)) if one and other else one or other


class ClassesInAnotherOrder(BlockCaution, pairs=_added):
    """Most samples of some classes are predicted as another of these, each as one of its own.

    Only the first 1,024 samples are looked at.
    """

    code = "classes-in-another-order"
    unlikely = True
    predictions: str
    names: tuple[str, ...]
    pairs: tuple[int, ...]
    """How many samples of each class have each for the most likely one; empty for none at all."""

    @classmethod
    def applies(cls, task: Task) -> bool:
        return task.one_of_classes and task.width in _CLASSES

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        names = tuple(map(str, task.columns.names or range(task.width)))
        early, pairs = np.flatnonzero(values.numbers <= FIRST), ()
        if len(early):
            y, d = values.predictions[early], values.targets[early]
            likely, true = y.argmax(axis=1), d.argmax(axis=1)
            if task.columns.labels:
                true = d[:, 0].astype(np.intp)
            else:
                has_one = d.max(axis=1) == 1.0
                likely, true = likely[has_one], true[has_one]
            both = np.bincount(true * len(names) + likely, minlength=len(names) ** 2)
            pairs = tuple(both.tolist())
        return cls(predictions=task.predictions_name, names=names, pairs=pairs)

    @property
    def count(self) -> int:
        return int(bool(self._taken_for()))

    def _taken_for(self) -> dict[int, int]:
        """Return which classes most of their samples are predicted as, going round in a circle."""
        if not self.pairs:
            return {}
        table = np.reshape(self.pairs, (len(self.names), len(self.names)))
        samples, most, likely = table.sum(axis=1), table.max(axis=1), table.argmax(axis=1).tolist()
        sure = np.flatnonzero((samples >= _LEAST) & (2 * most > samples)).tolist()
        taken = {one: likely[one] for one in sure if likely[one] != one}
        while True:
            circle = {*taken} & {*taken.values()}
            rest = {one: other for one, other in taken.items() if {one, other} <= circle}
            if rest == taken:
                return taken
            taken = rest

    @property
    def message(self) -> str:
        taken = (
            f"of {quoted(self.names[one])} as {quoted(self.names[other])}"
            for one, other in self._taken_for().items()
        )
        return (
            f"{self.predictions}: most samples are predicted as another class, {listed(taken, 3)}: "
            "do the classes stand in another order than the columns?"
        )
