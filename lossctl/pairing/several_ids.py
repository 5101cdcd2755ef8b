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
    """Which rows repeat none before them, by that of some columns that names samples.

    It is known as `AnyRepetitions` knows it, but from the rows so far: another column than the
    first is it as long as no row follows that repeats nothing.
    """

    def __init__(self, roles: Iterable[str]) -> None:
        self.left_out = 0
        self._of = {role: FirstOnes() for role in roles}
        self._naming: str | None = None
        """The column by which rows were left out."""
        self._passed_over = False
        """Another column, of which ids came again, was found to name no samples."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Those whose ids are still to be looked at."""
        return tuple(self._of)

    def kept(self, marks: Mapping[str, Marks]) -> NDArray[np.intp]:
        """Return the indices of the rows to keep.

        Raises DataError for an id that is there again with other values, where others repeated a
        sample, or no other column is left; and where it turns out that another column names
        samples than that by which rows above were left out.
        """
        before = {role: first_ones.left_out for role, first_ones in self._of.items()}
        repeat = self._repeat(marks)
        for role in [*repeat][1:]:
            behind = repeat[role] if before[role] else np.trim_zeros(repeat[role], "f")
            if not behind.all():
                self._passed_over = True
                del self._of[role], repeat[role]
        naming = next((role for role in repeat if self._of[role].left_out), None)
        if self._naming not in (None, naming):
            raise _in_doubt(next(iter(marks.values())))
        self._naming = naming
        if naming is None:
            return np.arange(len(next(iter(repeat.values()))))
        self.left_out = self._of[naming].left_out
        return np.flatnonzero(~repeat[naming])

    def _repeat(self, marks: Mapping[str, Marks]) -> dict[str, NDArray[np.bool_]]:
        """Return which rows repeat others by each column; one of other values names no samples."""
        found: dict[str, NDArray[np.bool_]] = {}
        for role, first_ones in list(self._of.items()):
            try:
                kept = first_ones.kept(marks[role])
            except DataError as error:
                rows = error.block_row or 0
                repeated = rows and len(first_ones.kept(marks[role].above(rows))) < rows
                in_doubt = first_ones.left_out or repeated or self._passed_over
                if len(self._of) == 1 or (in_doubt and not found):
                    raise
                del self._of[role]
            else:
                found[role] = ~np.isin(np.arange(len(marks[role].ids)), kept)
        return found


def _in_doubt(marks: Marks) -> DataError:
    """Return the error for rows above that were left out, and are samples of their own."""
    return marks.place.spot(0).error(
        "rows above repeat samples by one of several ids, but rows from here on do not: which "
        "column says which sample a row is of?",
        "pair the rows by it with --id; or, to leave nothing out, pass --repeated-ids keep",
        names_place=True,
    )
