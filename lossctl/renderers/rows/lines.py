"""Per-sample rows to lines, a block at a time: a matrix of characters without its gaps."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.renderers.rows.digits import shortest, whole
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lossctl.base.arrays import Ids
    from lossctl.renderers.rows.digits import Cells

_ROWS = 1 << 13
"""The matrix of so many rows stays in the cache of the processor."""


def lines(
    samples: Samples,
    around: list[str],
    quote: Callable[[Ids], Ids],
    infinite: str | None = None,
) -> str:
    """Return a line for each sample: its cells with the texts before, between and behind them.

    `quote` returns the texts of a column, in UTF-8, as they are to be written; `infinite` is what
    stands for a number that is not finite, where that has to be written otherwise.
    """
    return "".join(
        [
            _lines(samples[start : start + _ROWS], around, quote, infinite)
            for start in range(0, len(samples), _ROWS)
        ]
    )


def _lines(
    samples: Samples, around: list[str], quote: Callable[[Ids], Ids], infinite: str | None
) -> str:
    cells = [
        whole(samples.rows),
        *(_characters(quote(texts)) for texts in samples.beside.values()),
        *map(shortest, samples.losses.values()),
        *(_detail(cells, quote, infinite) for cells in samples.details.values()),
    ]
    parts = [_repeated(around[0], len(samples))]
    for column, text in zip(cells, around[1:], strict=True):
        parts += [column, _repeated(text, len(samples))]
    return np.concatenate(parts, axis=1).tobytes().translate(None, b"\0").decode()


def _detail(cells: NDArray[Any], quote: Callable[[Ids], Ids], infinite: str | None) -> Cells:
    """Return what is told of samples: words, or numbers, of which -inf may be written otherwise."""
    if cells.dtype.kind == "S":
        return _characters(quote(cells))
    if infinite is None or np.isfinite(cells).all():
        return shortest(cells)
    texts = [repr(value) if isfinite(value) else infinite for value in cells.tolist()]
    return _characters(np.array(texts, np.bytes_))


def _characters(texts: Ids) -> Cells:
    return np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), -1)


def _repeated(text: str, rows: int) -> Cells:
    characters = np.frombuffer(text.encode(), np.uint8)
    return np.broadcast_to(characters, (rows, len(characters)))
