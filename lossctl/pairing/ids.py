"""Ids of samples: which come twice, where each is, and which have no partner."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.arrays import Ids
from lossctl.base.decimals import is_number
from lossctl.base.wording import counted, quoted
from lossctl.pairing.date_forms import are_dates, in_utc_alone
from lossctl.pairing.hashing import Hashing
from lossctl.pairing.ledger import Ledger
from lossctl.pairing.levels import is_moment, without_midnight
from lossctl.tables.block import Block
from lossctl.tables.cells import label_text
from lossctl.tables.place import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

ID = "id"
"""The role of the columns by which samples are paired."""
COUNTS = "counts"
"""The role of what says of each id whether it only is the number of its row."""
ONCE = (
    "to leave out rows that repeat a sample, value for value, and count them, pass "
    "--repeated-ids first"
)
_SEVERAL_MODELS = (
    "if these files are the predictions of several models, evaluate each, in a loop of the shell"
)
SHOWN = 5
"""Ids without a partner that a message names."""
_COMPARED = 10_000
"""So many ids without a partner are kept, to find those that differ in their form alone."""
_AS_INTEGERS = 'in pandas with .astype("Int64"), which missing values do not make floats of'


class Unpaired:
    """The ids of one table that have no partner: how many, and the first few."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self._first: list[str] = []

    def add(self, ids: Ids) -> None:
        """Take note of some more of them, in the order of their rows."""
        self.count += len(ids)
        for text in ids[: _COMPARED - len(self._first)].tolist():
            self._first.append(text.decode())

    def __str__(self) -> str:
        """Return what messages say of them."""
        first = ", ".join(map(quoted, self._first[:SHOWN]))
        more = ", ..." if self.count > SHOWN else ""
        return f"{counted(self.count, 'id')} only in {self.name}: {first}{more}"

    def in_other_form(self, other: Unpaired) -> tuple[str, str] | None:
        """Return an id of this table and one of the other that are the same number: 01 and 1.0."""
        theirs = {label_text(text): text for text in other._first if is_number(text)}
        mine = ((text, theirs.get(label_text(text))) for text in self._first if is_number(text))
        return next(((text, one) for text, one in mine if one is not None), None)

    @property
    def dates(self) -> list[str]:
        """The first ones, dates in one form."""
        return list(map(without_midnight, self._first))

    @property
    def are_in_a_layout(self) -> bool:
        """Whether the first ones are dates such as 31.01.2024, but not 2024-01-31 or 20240131."""
        return are_dates(self.dates) and not all(map(is_moment, self.dates))

    @property
    def are_plain(self) -> bool:
        """Whether the first ones are whole numbers, written as whole numbers are: not 01."""
        return all(text.isdecimal() and label_text(text) == text for text in self._first)

    @property
    def as_floats(self) -> bool:
        """Whether the first ones are whole numbers as floats are written: 1000.0."""
        return bool(self._first) and all(
            text.endswith(".0") and is_number(text) for text in self._first[:SHOWN]
        )


def way_of_forms(first: Unpaired, second: Unpaired, *, paired: bool) -> str | None:
    """Return the hint for ids that are numbers in other forms; also where none was `paired`.

    Others may be the same text by chance. None if nothing tells of forms.
    """
    alike = first.in_other_form(second)
    if alike is None and paired:
        return None
    if alike is None and first.are_plain and second.are_plain:
        return "no id is in common: are these other samples, as those of another split are?"
    for unpaired, other in ((first, second), (second, first)):
        if in_utc_alone(unpaired.dates, other.dates):
            return (
                f"the dates of {unpaired.name} name a time zone, and are shown in UTC; those of "
                f"{other.name} name none: give them theirs, in pandas with "
                ".dt.tz_localize('UTC'), or another one"
            )
    for unpaired, other in ((first, second), (second, first)):
        if unpaired.are_in_a_layout and are_dates(other.dates):
            return (
                f"dates such as {quoted(unpaired.dates[0])} may have the day or the month in front "
                f"of the other: write those of {unpaired.name} as 2024-01-31"
            )
    hint = "ids are text: '1' is neither '01' nor '1.0'"
    if alike is not None and paired:
        hint = (
            f"ids are text, and some differ in form: {quoted(alike[0])} is not "
            f"{quoted(alike[1])}; write those of both tables alike"
        )
    for unpaired in (first, second):
        if unpaired.as_floats:
            hint += f"; write those of {unpaired.name} as integers, {_AS_INTEGERS}"
    return hint


class Seen:
    """The ids of a table so far, to find one that comes twice.

    Ids that ascend, as text or as whole numbers, do not repeat. For others there is a 64-bit hash
    each in a ledger; that two different ones of n share it has a probability of n^2 / 2^65.
    """

    def __init__(self) -> None:
        self._ledger = Ledger(1)
        self._hashing = Hashing()
        self._partners: list[Place] = []
        self._last: Ids | None = None
        self._ascending_text = self._ascending_numbers = True

    def add(self, block: Block, partner: Block | None = None) -> None:
        """Take note of the ids of the next rows; those of the other table may be the same."""
        ids = block.beside[ID]
        self._ledger.add(block.place, self._hashing.of_ids(ids))
        if partner is not None:
            self._partners.append(partner.place)
        if self._last is not None:
            ids = np.concatenate((self._last, ids))
        if self._ascending_text or self._ascending_numbers:
            above, sizes = ids[1:] > ids[:-1], np.char.str_len(ids)
            longer = sizes[1:] > sizes[:-1]
            self._ascending_text &= bool(above.all())
            self._ascending_numbers &= bool((longer | (above & (sizes[1:] == sizes[:-1]))).all())
        self._last = ids[-1:]

    def of_partner(self) -> Seen:
        """Return the same of the other table, whose ids so far are the same."""
        other = copy(self)
        other._ledger, other._partners = self._ledger.copied(self._partners), []
        return other

    def require_distinct(self) -> None:
        """Raise DataError, with both rows, if an id came twice."""
        if self._ascending_text or self._ascending_numbers:
            return
        hashes = self._ledger.all()
        hashes.sort()
        if not (hashes[1:] == hashes[:-1]).any():
            return
        del hashes  # what follows takes as much
        hashes = self._ledger.all()
        order = np.argsort(hashes, kind="stable")
        twice = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
        which = twice[np.argmin(order[twice + 1])]
        first, second = (self._ledger.spot(int(order[at])) for at in (which, which + 1))
        reason = f"{first} and {second} have the same id"
        hint = ONCE if first.file == second.file else f"{ONCE}; {_SEVERAL_MODELS}"
        raise second.error(reason, hint, names_place=True)


class Index:
    """The rows of a table by their ids.

    It costs, for each row, its values, twice the length of the longest id, and some 60 bytes.
    """

    def __init__(self, blocks: list[Block]) -> None:
        """Take the rows of the blocks, at least one, out of the list."""
        block = Block.join(blocks)
        ids = block.beside[ID]
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]
        self._block = Block(block.values, block.place)
        self._used = np.zeros(len(ids), bool)

    def positions_of(self, ids: Ids) -> NDArray[np.intp]:
        """Return where each id stands among all in their order, -1 for one that is not there."""
        short = np.char.str_len(ids) <= self._sorted.itemsize
        wanted = ids.astype(self._sorted.dtype)  # of one type, else numpy converts all
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        positions: NDArray[np.intp] = np.where(short & (self._sorted[at] == wanted), at, -1)
        self._used[positions[positions >= 0]] = True
        return positions

    def rows(self, positions: NDArray[np.intp]) -> Block:
        """Return the rows at these positions."""
        return self._block.keep(self._order[positions])

    @property
    def used(self) -> int:
        """How many of the ids somebody asked for."""
        return int(np.count_nonzero(self._used))

    def unused(self) -> Ids:
        """Return the ids that nobody asked for, in the order of their rows."""
        left = np.flatnonzero(~self._used)
        return self._sorted[left[np.argsort(self._order[left])]]
