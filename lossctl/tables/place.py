"""Where the rows and columns of a block stand: values, which become text where they are told."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from lossctl.base.errors import DataError, place_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Label: TypeAlias = str | int
"""The name of a column or, where it has none, its number from 1."""


class Spot:
    """A file, a line of text in it, or a row of its arrays; both count from 1."""

    __slots__ = ("file", "line", "row")

    def __init__(self, file: str, line: int | None = None, row: int | None = None) -> None:
        self.file, self.line, self.row = file, line, row

    def __str__(self) -> str:
        return place_text(self.file, self.line, self.row)

    def error(self, reason: str, hint: str | None = None, **more: Any) -> DataError:
        """Return the error of this reason here; `more` are other fields of a DataError."""
        return DataError(reason, hint, file=self.file, line=self.line, row=self.row, **more)


class OneLineEach:
    """Rows that are one line each, and follow one another from the line `first` on."""

    __slots__ = ("file", "first")

    def __init__(self, file: str, first: int) -> None:
        self.file, self.first = file, first

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return Spot(self.file, line=self.first + row)


class SeveralLinesEach:
    """Rows of several lines each: the line that each starts on."""

    __slots__ = ("file", "lines")

    def __init__(self, file: str, lines: Sequence[int] | NDArray[np.int64]) -> None:
        self.file, self.lines = file, lines

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return Spot(self.file, line=int(self.lines[row]))


class ByNumber:
    """Rows that go by their numbers; the first one has the index `start` in its table."""

    __slots__ = ("file", "start")

    def __init__(self, file: str, start: int) -> None:
        self.file, self.start = file, start

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return Spot(self.file, row=self.start + row + 1)


class ElementsOfDocument:
    """Rows of a document: their numbers, as of `ByNumber`, and the line that each starts on."""

    __slots__ = ("file", "lines", "start")

    def __init__(self, file: str, start: int, lines: NDArray[np.int64]) -> None:
        self.file, self.start, self.lines = file, start, lines

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return Spot(self.file, line=int(self.lines[row]), row=self.start + row + 1)


class Kept:
    """Some of other rows, by their indices there."""

    __slots__ = ("rows", "which")

    def __init__(self, rows: Rows, which: NDArray[Any]) -> None:
        self.rows, self.which = rows, which

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return self.rows.spot(int(self.which[row]))


class Chained:
    """Several runs of rows, one behind the other, each from the index in `starts` on."""

    __slots__ = ("parts", "starts")

    def __init__(self, starts: Sequence[int], parts: Sequence[Rows]) -> None:
        self.starts, self.parts = starts, parts

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        part = bisect_right(self.starts, row) - 1
        return self.parts[part].spot(row - self.starts[part])


Rows: TypeAlias = OneLineEach | SeveralLinesEach | ByNumber | ElementsOfDocument | Kept | Chained
"""Where each row of a block stands. These are no named tuples, which cost start-up 0.1 ms each."""


class Place(NamedTuple):
    """Where the rows of a block stand, and what its columns are called."""

    rows: Rows
    columns: Sequence[Label] = ()
    """Those of its values."""
    beside: Mapping[str, Label] = {}
    """Those beside its values, by their roles."""

    def spot(self, row: int) -> Spot:
        """Return where the row of this index is."""
        return self.rows.spot(row)

    def error(
        self,
        row: int,
        column: int | str | None,
        reason: str,
        hint: str | None = None,
        value: str | None = None,
    ) -> DataError:
        """Return the error of this reason at a row and, if it lies there, a column.

        A column of the values goes by its position, one beside them by its role.
        """
        label: Label | None = None
        if column is not None:
            label = self.beside[column] if isinstance(column, str) else self.columns[column]
        return self.spot(row).error(reason, hint, column=label, value=value, block_row=row)

    def keep(self, which: NDArray[Any]) -> Place:
        """Return the place of the rows with these indices."""
        return self._replace(rows=Kept(self.rows, which))

    @staticmethod
    def join(places: Sequence[Place], sizes: Sequence[int]) -> Place:
        """Return the place of the rows of all places, which have these numbers of rows."""
        starts = [0, *accumulate(sizes[:-1])]
        return places[0]._replace(rows=Chained(starts, [place.rows for place in places]))
