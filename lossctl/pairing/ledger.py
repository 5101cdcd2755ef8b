"""What is kept of all rows so far: hashes in temporary files, and where the rows stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import SEEK_END
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import numpy as np

from lossctl.tables.place import Place, Spot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_CHUNK = 1 << 20
"""Rows whose hashes are read at a time."""


class Ledger:
    """Some hashes of each row, 8 bytes on disk each, in the order of the rows."""

    def __init__(self, hashes: int) -> None:
        """`hashes` is how many are kept of a row."""
        self._files = [TemporaryFile() for _ in range(hashes)]  # noqa: SIM115, they live with this
        self._places: list[tuple[int, Place]] = []
        self.count = 0

    def __del__(self) -> None:
        """Close the files, which a caller that makes warnings errors would hear of."""
        for file in getattr(self, "_files", ()):  # it may be that none could be made
            file.close()

    def add(self, place: Place, *hashes: Hashes) -> None:
        """Write down the next rows, which stand at this place."""
        self._places.append((self.count, place))
        for file, some in zip(self._files, hashes, strict=True):
            file.seek(0, SEEK_END)  # it may have been read
            file.write(some.tobytes())
        self.count += len(hashes[0])

    def spot(self, row: int) -> Spot:
        """Return where the row of this index stands."""
        start, place = next(entry for entry in reversed(self._places) if entry[0] <= row)
        return place.spot(row - start)

    def chunks(self, hashes: int) -> Iterator[tuple[int, list[Hashes]]]:
        """Yield the index of a row, and so many hashes of each from there on, some at a time."""
        for start in range(0, self.count, _CHUNK):
            size = 8 * min(_CHUNK, self.count - start)
            parts = []
            for file in self._files[:hashes]:
                file.seek(8 * start)
                parts.append(np.frombuffer(file.read(size), np.uint64))
            yield start, parts

    def first_row(self, wanted: np.uint64) -> int:
        """Return the index of the first row whose first hash is this one."""
        for start, hashes in self.chunks(1):
            if len(found := np.flatnonzero(hashes[0] == wanted)):
                return start + int(found[0])
        raise RuntimeError("no row has this hash")

    def all(self) -> Hashes:
        """Return the first hash of every row."""
        hashes = np.empty(self.count, np.uint64)
        for start, (some,) in self.chunks(1):
            hashes[start : start + len(some)] = some
        return hashes

    def copied(self, places: Sequence[Place]) -> Ledger:
        """Return one of as many rows with the same hashes, which stand at other places."""
        copy = Ledger(len(self._files))
        for file, other in zip(self._files, copy._files, strict=True):
            file.seek(0)
            copyfileobj(file, other)
        copy.count = self.count
        starts = (start for start, _ in self._places)
        copy._places = list(zip(starts, places, strict=True))
        return copy
