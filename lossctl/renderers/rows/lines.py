"""Per-sample rows to lines, a block at a time: a matrix of characters without its gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from lossctl.renderers.rows.digits import shortest, whole
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from lossctl.base.arrays import Ids
    from lossctl.renderers.rows.digits import Cells

_ROWS = 1 << 13
"""The matrix of so many rows stays in the cache of the processor."""


def lines(samples: Samples, around: list[str], quote: Callable[[Ids], Ids]) -> str:
    """Return a line for each sample: its cells with the texts before, between and behind them.

    `quote` returns the texts of a column, in UTF-8, as they are to be written.
    """
    return "".join(
        [
            _lines(samples[start : start + _ROWS], around, quote)
            for start in range(0, len(samples), _ROWS)
        ]
    )


def _lines(samples: Samples, around: list[str], quote: Callable[[Ids], Ids]) -> str:
    cells = [
        whole(samples.rows),
        *(_characters(quote(texts)) for texts in samples.beside.values()),
        *map(shortest, samples.losses.values()),
    ]
    parts = [_repeated(around[0], len(samples))]
    for column, text in zip(cells, around[1:], strict=True):
        parts += [column, _repeated(text, len(samples))]
    return np.concatenate(parts, axis=1).tobytes().translate(None, b"\0").decode()


def _characters(texts: Ids) -> Cells:
    return np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), -1)


def _repeated(text: str, rows: int) -> Cells:
    characters = np.frombuffer(text.encode(), np.uint8)
    return np.broadcast_to(characters, (rows, len(characters)))
