"""Samples that are there twice by one of several columns that look like ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.errors import DataError
from lossctl.pairing.repeated import FirstOnes, Marks, Repeats, Repetitions

if TYPE_CHECKING:
    from numpy.typing import NDArray


class AnyRepetitions:
    """Finds samples that are there twice by one of some columns, each known by its role.

    Which of them names samples is open. The first of which no id comes again with other values
    does. Another one that is alike may name what samples share, such as their users: its
    repetitions count where they are the last rows, as padding is.
    """

    def __init__(self, roles: Iterable[str]) -> None:
        self._of = {role: Repetitions() for role in roles}

    @property
    def roles(self) -> tuple[str, ...]:
        """Those whose ids are still to be looked at."""
        return tuple(role for role, found in self._of.items() if not found.long)

    def look(self, marks: Mapping[str, Marks]) -> None:
        """Take note of the next rows."""
        for role, some in marks.items():
            self._of[role].look(some)

    def repeats(self) -> tuple[Repetitions, Repeats] | None:
        """Return by which column samples are there twice, and what repeats; None if nothing."""
        only_last = False
        for found in self._of.values():
            repeats = found.repeats()
            if repeats is None:
                continue
            if repeats.rows and (not only_last or repeats.again + repeats.rows == found.count):
                return found, repeats
            only_last = True
        return None

    def require_none(self, of: str) -> None:
        """Raise DataError if samples are there twice; `of` says what is the same of them."""
        if (twice := self.repeats()) is not None:
            found, repeats = twice
            raise found.error(repeats, of)


class FirstOnesOfAny:
    """Which rows repeat none before them, by any of some columns that name samples.

    One whose ids come again with other values, the first time one does, names none.
    """

    def __init__(self, roles: Iterable[str]) -> None:
        self.left_out = 0
        self._of = {role: FirstOnes() for role in roles}

    @property
    def roles(self) -> tuple[str, ...]:
        """Those whose ids are still to be looked at."""
        return tuple(self._of)

    def kept(self, marks: Mapping[str, Marks]) -> NDArray[np.intp]:
        """Return the indices of the rows to keep.

        Raises DataError for an id that is there again with other values, where others repeated a
        sample, or no other column is left.
        """
        kept = np.ones(len(next(iter(marks.values())).ids), bool)
        for role, first_ones in list(self._of.items()):
            try:
                here = first_ones.kept(marks[role])
            except DataError as error:
                above = marks[role].above(error.block_row or 0)
                last = len(self._of) == 1
                if last or first_ones.left_out or len(first_ones.kept(above)) < len(above.ids):
                    raise
                del self._of[role]
            else:
                kept &= np.isin(np.arange(len(kept)), here)
        self.left_out += int(np.count_nonzero(~kept))
        return np.flatnonzero(kept)
