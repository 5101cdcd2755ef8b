"""Per-sample losses, as an evaluation yields them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.base.arrays import Ids

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Samples:
    """Per-sample losses of some samples; nobody writes to them."""

    __slots__ = ("beside", "losses", "rows")

    def __init__(
        self,
        rows: NDArray[np.int64],
        losses: dict[str, NDArray[np.float64]],
        beside: Mapping[str, Ids] = {},
    ) -> None:
        self.rows = rows
        """Their numbers from 1, of shape (n,)."""
        self.losses = losses
        """For each loss an array of shape (n,)."""
        self.beside = beside
        """What stands beside the losses, such as ids, each of shape (n,); in UTF-8."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: slice | NDArray[np.intp]) -> Samples:
        losses = {name: values[which] for name, values in self.losses.items()}
        beside = {name: cells[which] for name, cells in self.beside.items()}
        return Samples(self.rows[which], losses, beside)

    @property
    def names(self) -> list[str]:
        """What every output has: row, what stands beside the losses, and the losses."""
        return ["row", *self.beside, *self.losses]

    def columns(self) -> dict[str, list[Any]]:
        """Return the same as lists of Python's own values, by name."""
        beside = {
            name: [text.decode() for text in cells.tolist()] for name, cells in self.beside.items()
        }
        losses = {name: values.tolist() for name, values in self.losses.items()}
        return {"row": self.rows.tolist(), **beside, **losses}

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """Return the samples of all parts, in their order; at least one part."""
        first = parts[0]
        return Samples(
            np.concatenate([part.rows for part in parts]),
            {name: np.concatenate([part.losses[name] for part in parts]) for name in first.losses},
            {name: np.concatenate([part.beside[name] for part in parts]) for name in first.beside},
        )

    def worst(self, count: int) -> Samples:
        """Return the `count` samples with the highest first loss, the earlier row first."""
        first = next(iter(self.losses.values()))
        return self[np.lexsort((self.rows, -first))[:count]]
