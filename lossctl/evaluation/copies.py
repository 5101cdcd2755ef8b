"""Warnings that targets, or a column of them, are the predictions."""

from __future__ import annotations

from operator import add, and_
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.warnings import BlockCaution
from lossctl.base.wording import listed, quoted
from lossctl.evaluation.task import Task

if TYPE_CHECKING:
    from typing import Self

    from lossctl.evaluation.cautions import Values

_FEW, _SHOWN = 3, 5


class Identical(BlockCaution, equal=and_):
    """The targets are the predictions, value for value."""

    code = "identical"
    unlikely = True
    message = "the targets are the predictions, value for value: is one a copy?"
    equal: bool

    @classmethod
    def applies(cls, task: Task) -> bool:
        return task.columns.labels is None

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Compare the first rows, and all rows only if these are equal."""
        predictions, targets = values.predictions, values.targets
        same_start = np.array_equal(predictions[0], targets[0])
        return cls(equal=same_start and np.array_equal(predictions, targets))


class SameComponents(BlockCaution, same=and_, samples=add):
    """Some components are the same in predictions and targets, value for value, others are not."""

    code = "same-components"
    names: tuple[str, ...]
    """Of all components; none where they have no names."""
    width: int
    same: frozenset[int]
    """Their indices."""
    samples: int

    @classmethod
    def applies(cls, task: Task) -> bool:
        """Columns beside the components stand in files whose columns have names."""
        return task.columns.labels is None and task.width > 1 and task.columns.names is not None

    @classmethod
    def of(cls, values: Values, task: Task) -> Self:
        """Compare the first rows, and only what is equal there in all."""
        y, d = values.predictions, values.targets
        alike = np.flatnonzero(y[0, : d.shape[1]] == d[0]).tolist()
        same = frozenset(i for i in alike if np.array_equal(y[:, i], d[:, i]))
        names = task.columns.names or ()
        return cls(names=names, width=task.width, same=same, samples=len(y))

    @property
    def count(self) -> int:
        """Of fewer samples it may be chance, and where all are the same, one is a copy."""
        few = self.samples < _FEW or len(self.same) == self.width
        return 0 if few else len(self.same)

    @property
    def message(self) -> str:
        called = (self.names[i] if self.names else str(i + 1) for i in sorted(self.same))
        shown = listed(map(quoted, called), _SHOWN)
        return (
            f"the same in predictions and targets, value for value: {shown}; if that is no "
            "component, leave it out with --pred-cols"
        )
