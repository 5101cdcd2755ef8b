"""Hashes of ids and of rows: 64 bits each, by factors that nobody can know beforehand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from lossctl.base.arrays import Array
from lossctl.tables.cells import LONGEST_ID

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_WORD = 8
_HALF = np.uint64(32)


class Hashing:
    """One choice of factors; two ids, or two rows, share a hash with a probability of 2^-64."""

    def __init__(self, width: int = 0) -> None:
        """`width` is the number of values in a row at most."""
        self._of_words = _factors(LONGEST_ID // _WORD + 1)
        self._of_columns = _factors(width)
        self._weights = 1.0 + (self._of_columns >> np.uint64(11)) * 2.0**-53

    def of_ids(self, ids: NDArray[Any]) -> Hashes:
        """Return a hash of each, be it text or a whole number, which is hashed as its text.

        Zeros behind a text do not change it.
        """
        if ids.dtype.kind in "iu":
            ids = ids.astype("S20")
        elif ids.dtype.kind == "O":  # of shards that have texts here and numbers there
            ids = np.array([one if isinstance(one, bytes) else str(one).encode() for one in ids])
        words = -(-ids.itemsize // _WORD)
        matrix = ids.astype(f"S{words * _WORD}").view(np.uint64).reshape(len(ids), words)
        hashes = np.zeros(len(ids), np.uint64)
        for word, factor, other in zip(matrix.T, self._of_words, self._of_words[1:], strict=False):
            mixed = word * factor
            mixed ^= mixed >> _HALF
            mixed *= other
            hashes += mixed ^ (mixed >> np.uint64(29))
        return hashes

    def of_rows(self, matrix: Array) -> Hashes:
        """Return a hash of the bits of each row."""
        bits = matrix.view(np.uint64)
        mixed = bits >> _HALF  # a product alone would leave low bits as they are
        mixed ^= bits
        hashes: Hashes = mixed @ self._of_columns[: bits.shape[1]]
        return hashes

    def about(self, matrix: Array) -> NDArray[np.float64]:
        """Return a number for each row that is nearly the same where all its values nearly are."""
        with np.errstate(over="ignore", invalid="ignore"):
            sums: NDArray[np.float64] = matrix @ self._weights[: matrix.shape[1]]
        return sums


def _factors(count: int) -> Hashes:
    return np.frombuffer(os.urandom(_WORD * count), np.uint64) | np.uint64(1)
