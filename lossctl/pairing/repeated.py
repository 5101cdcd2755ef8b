"""Samples that are there twice, as distributed evaluation pads: to find them or leave them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lossctl.base.errors import DataError
from lossctl.pairing.hashing import Hashing
from lossctl.pairing.ids import ID
from lossctl.pairing.ledger import Ledger
from lossctl.tables.block import Block
from lossctl.tables.place import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Rows = NDArray[np.void]
    """What is kept of rows, with the fields of `_ROW`."""

HINT = (
    "where distributed evaluation padded its batches, leave repetitions out, and count them, with "
    "--repeated-ids first; to evaluate them again pass --repeated-ids keep"
)
_ROW = np.dtype([("exact", np.uint64), ("about", np.float64)])
"""A hash of targets, and a number that stands for predictions."""
_NEAR = 1e-3
"""Predictions of one sample that was computed twice differ by less: batches are added otherwise."""
_MOST = 1 << 22
"""Hashes that are sorted at a time."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Multiplied by it, the number of a row is as good as a hash."""


class Marks(NamedTuple):
    """What is kept of the rows of a block: a hash of each id, and what belongs to it."""

    ids: Hashes
    rows: Rows
    named: NDArray[np.bool_]
    """Rows that have an id; others repeat nothing."""
    place: Place

    @staticmethod
    def of(hashing: Hashing, role: str, predictions: Block | None, targets: Block | None) -> Marks:
        """Return those of the same rows of two tables, or of one; one has the ids."""
        blocks = [block for block in (predictions, targets) if block is not None]
        block = next(block for block in blocks if role in block.beside)
        ids = block.beside[role]
        rows = np.zeros(len(ids), _ROW)
        if targets is not None:
            rows["exact"] = hashing.of_rows(targets.values)
        if predictions is not None:
            rows["about"] = hashing.about(predictions.values)
        named = np.ones(len(ids), bool) if ids.dtype.kind in "iu" else ids != b""
        return Marks(hashing.of_ids(ids), rows, named, block.place)

    def above(self, row: int) -> Marks:
        """Return those of the rows above one."""
        return self._replace(ids=self.ids[:row], rows=self.rows[:row], named=self.named[:row])

    def note(self, ledger: Ledger) -> None:
        """Write them down; what has no id gets one that no other row has."""
        ids = self.ids
        if not self.named.all():
            unnamed = np.flatnonzero(~self.named)
            ids = ids.copy()
            ids[unnamed] = (unnamed + ledger.count).astype(np.uint64) * _ODD
        ledger.add(self.place, ids, self.rows["exact"], self.rows["about"].view(np.uint64))


class Repeats(NamedTuple):
    """How many rows repeat others, and two that are one sample, by their indices."""

    rows: int
    first: int
    again: int


class Repetitions:
    """Finds samples that are there twice, if ids repeat in no other way: 24 bytes a row on disk."""

    def __init__(self) -> None:
        self._ledger = Ledger(3)
        self.long = False
        """An id came again with other values: it names no sample, as in a long table."""

    def look(self, marks: Marks) -> None:
        """Take note of the next rows."""
        if self.long:
            return
        if self._ledger.count == 0:
            self.long = _found(marks.ids[marks.named], marks.rows[marks.named]) is None
        marks.note(self._ledger)

    @property
    def count(self) -> int:
        """So many rows were looked at."""
        return self._ledger.count

    def repeats(self) -> Repeats | None:
        """Return what repeats; None if ids repeat with other values, too."""
        if self.long:
            return None
        count, pairs = 0, []
        parts = -(-self.count // _MOST)
        for part in range(parts):
            low, high = ((part + i) * (1 << 64) // parts for i in (0, 1))
            found = self._repeats_between(low, high - 1)
            if found is None:
                return None
            count += found.rows
            pairs += [(found.again, found.first)] if found.rows else []
        again, first = min(pairs, default=(0, 0))
        return Repeats(count, first, again)

    def _repeats_between(self, low: int, high: int) -> Repeats | None:
        """Return what repeats of the ids with these hashes; None for another kind of repetition."""
        ids = np.concatenate([_between(ids, low, high) for _, (ids,) in self._ledger.chunks(1)])
        ids.sort()
        twice = np.unique(ids[1:][ids[1:] == ids[:-1]])
        if not len(twice):
            return Repeats(0, 0, 0)
        kept = []
        for start, (chunk, exact, about) in self._ledger.chunks(3):
            rows = np.empty(len(chunk), _ROW)
            rows["exact"], rows["about"] = exact, about.view(np.float64)
            at = np.minimum(np.searchsorted(twice, chunk), len(twice) - 1)
            here = np.flatnonzero(twice[at] == chunk)
            kept.append((chunk[here], rows[here], start + here))
        ids, rows, numbers = map(np.concatenate, zip(*kept, strict=True))
        return _found(ids, rows, numbers)

    def error(self, repeats: Repeats, of: str) -> DataError:
        """Return the error for samples that are there twice."""
        first, again = self._ledger.spot(repeats.first), self._ledger.spot(repeats.again)
        more = f" (rows that repeat others: {repeats.rows})" if repeats.rows > 1 else ""
        reason = f"{first} and {again} are one sample, with the same id{of}{more}"
        return again.error(reason, HINT, names_place=True)


def _between(hashes: Hashes, low: int, high: int) -> Hashes:
    return hashes[(hashes >= np.uint64(low)) & (hashes <= np.uint64(high))]


def _differ(rows: Rows, others: Rows) -> NDArray[np.bool_]:
    """Return which rows have other targets, or predictions that are not even nearly the same."""
    near = np.isclose(rows["about"], others["about"], rtol=_NEAR, atol=0, equal_nan=True)
    different: NDArray[np.bool_] = (rows["exact"] != others["exact"]) | ~near
    return different


def _found(ids: Hashes, rows: Rows, numbers: NDArray[np.intp] | None = None) -> Repeats | None:
    """Return what repeats of these rows; None if an id repeats with other values."""
    order = np.argsort(ids, kind="stable")
    ids, rows = ids[order], rows[order]
    again = ids[1:] == ids[:-1]
    if _differ(rows[1:][again], rows[:-1][again]).any():
        return None
    if not again.any():
        return Repeats(0, 0, 0)
    which = order if numbers is None else numbers[order]
    seconds = np.flatnonzero(again & np.concatenate(([True], ~again[:-1])))
    at = seconds[np.argmin(which[seconds + 1])]
    return Repeats(int(np.count_nonzero(again)), int(which[at]), int(which[at + 1]))


class FirstOnes:
    """Which rows repeat none before them: 24 bytes of memory for each id, and as much on disk."""

    def __init__(self) -> None:
        self.left_out = 0
        self._ledger = Ledger(3)
        self._runs: list[tuple[Hashes, Rows]] = []
        """Ids in ascending order with their rows, in runs, each larger than the next."""

    def kept(self, marks: Marks) -> NDArray[np.intp]:
        """Return the indices of the rows to keep.

        Raises DataError for an id that is there again with other values.
        """
        marks.note(self._ledger)
        order = np.argsort(marks.ids, kind="stable")
        ids, rows = marks.ids[order], marks.rows[order]
        starts = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
        sizes = np.diff(np.append(starts, len(ids)))
        known, of_known = np.zeros(len(starts), bool), rows[starts]
        for run_ids, run_rows in self._runs:
            at = np.minimum(np.searchsorted(run_ids, ids[starts]), len(run_ids) - 1)
            here = run_ids[at] == ids[starts]
            known |= here
            of_known = np.where(here, run_rows[at], of_known)
        odd = _differ(rows, np.repeat(of_known, sizes)) & marks.named[order]
        if odd.any():
            raise self._conflict(marks, int(order[odd].min()))
        first = np.zeros(len(ids), bool)
        first[starts[~known]] = True
        kept = np.sort(order[first | ~marks.named[order]])
        self.left_out += len(ids) - len(kept)
        new = starts[~known]
        self._insert(ids[new], rows[new])
        return kept

    def _insert(self, ids: Hashes, rows: Rows) -> None:
        if not len(ids):
            return
        self._runs.append((ids, rows))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            (first, of_first), (second, of_second) = self._runs.pop(), self._runs.pop()
            ids, rows = np.concatenate((first, second)), np.concatenate((of_first, of_second))
            order = np.argsort(ids, kind="stable")
            self._runs.append((ids[order], rows[order]))

    def _conflict(self, marks: Marks, row: int) -> DataError:
        first = self._ledger.spot(self._ledger.first_row(marks.ids[row]))
        again = marks.place.spot(row)
        return again.error(
            f"{first} and {again} have the same id, but other values",
            "--repeated-ids first leaves out nothing but repetitions of a sample: does this column "
            "name samples?",
            names_place=True,
            block_row=row,
        )


class Once:
    """Leaves out the rows of a table that repeat others, where that is wanted."""

    def __init__(self, wanted: bool, of_predictions: bool) -> None:
        self._of_predictions = of_predictions
        self._first_ones = FirstOnes() if wanted else None
        self._hashing: Hashing | None = None

    @property
    def left_out(self) -> int:
        """So many rows were left out so far."""
        return 0 if self._first_ones is None else self._first_ones.left_out

    def of(self, block: Block) -> tuple[Block, NDArray[np.intp]]:
        """Return what is left of the next rows, and which ones these are, by their indices.

        Raises DataError for an id that is there again with other values.
        """
        if self._first_ones is None:
            return block, np.arange(len(block))
        self._hashing = self._hashing or Hashing(block.values.shape[1])
        both = (block, None) if self._of_predictions else (None, block)
        kept = self._first_ones.kept(Marks.of(self._hashing, ID, *both))
        return block.keep(kept), kept
