"""The columns of per-sample rows: the row, what stands beside the losses, the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lossctl.base.arrays import Ids
    from lossctl.results.samples import Samples


def beside(samples: Samples) -> dict[str, Ids]:
    """Return the columns of text beside the losses, such as ids, by name."""
    return {} if samples.ids is None else {"id": samples.ids}


def names(samples: Samples) -> list[str]:
    """Return the names of all columns, in the order of every output."""
    return ["row", *beside(samples), *samples.losses]
