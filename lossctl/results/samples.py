"""Per-sample losses, as an evaluation yields them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Samples:
    """Per-sample losses: row numbers from 1, shape (n,), for each loss an array (n,), and ids."""

    rows: NDArray[np.int64]
    losses: dict[str, NDArray[np.float64]]
    ids: NDArray[np.bytes_] | None = None
    """In UTF-8, where the samples have ids."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: slice | NDArray[np.intp]) -> Samples:
        losses = {name: values[which] for name, values in self.losses.items()}
        return Samples(self.rows[which], losses, None if self.ids is None else self.ids[which])

    @property
    def names(self) -> list[str]:
        """What every output has: row, id where there are ids, then the losses."""
        return ["row", *([] if self.ids is None else ["id"]), *self.losses]

    def columns(self) -> dict[str, list[Any]]:
        """Return the same as lists of Python's own values, by name."""
        found: dict[str, list[Any]] = {"row": self.rows.tolist()}
        if self.ids is not None:
            found["id"] = [text.decode() for text in self.ids.tolist()]
        return found | {name: values.tolist() for name, values in self.losses.items()}

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """Return the samples of all parts, in their order; at least one part."""
        ids = [part.ids for part in parts if part.ids is not None]
        return Samples(
            np.concatenate([part.rows for part in parts]),
            {
                name: np.concatenate([part.losses[name] for part in parts])
                for name in parts[0].losses
            },
            np.concatenate(ids) if ids else None,
        )

    def worst(self, count: int) -> Samples:
        """Return the `count` samples with the highest first loss, the earlier row first."""
        first = next(iter(self.losses.values()))
        return self[np.lexsort((self.rows, -first))[:count]]
