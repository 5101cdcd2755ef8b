"""Neutral tables of text: any kind of result offers them, any drawn format draws them."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

SAMPLES, WORST, MAIN = range(3)
"""Sections are of this importance: some samples, the worst ones, and what the result says."""
_NOTHING = {"", "-"}
_ALL = 17
"""So many significant digits tell a float64 from every other."""


class Section(NamedTuple):
    """A titled table; `gap` is the row before which others were left out."""

    title: str
    header: list[str]
    rows: list[list[str]]
    gap: int | None = None
    text_columns: Collection[str] = ()
    """These columns hold words, not numbers."""
    whole: Collection[str] = ()
    """Words of these columns are never shortened."""
    styles: Mapping[str, str] = {}
    """Words of the first column look so where there is colour."""
    importance: int = SAMPLES
    """What is read from its top, such as Markdown, begins with the most important section."""
    below: Sequence[str] = ()
    """Sentences that belong to the table."""
    together: Sequence[Sequence[str]] = ()
    """Columns that are read together: they stay beside one another where a table is folded."""
    spare: Collection[str] = ()
    """These columns are left out where the table does not fit with them, but does without."""
    turns: bool = True
    """Whether its columns may become rows; else its first column is the first at any width."""

    def filled(self) -> "Section":
        """Return the table without the columns that are empty in all rows; the first one stays."""
        kept = [
            index
            for index in range(len(self.header))
            if not index or any(cells[index] not in _NOTHING for cells in self.rows)
        ]
        return self.columns(kept)

    def saying(self, columns: Sequence[int]) -> "Section":
        """Return the table without the rows that are empty in all of some columns.

        Where others are left out already, or there are no such columns, it has all of them.
        """
        if self.gap is not None or not columns:
            return self
        rows = [row for row in self.rows if any(row[at].strip() not in _NOTHING for at in columns)]
        return self._replace(rows=rows)

    def columns(self, indices: Sequence[int]) -> "Section":
        """Return the table with these columns alone."""
        header = [self.header[index] for index in indices]
        return self._replace(header=header, rows=[[row[i] for i in indices] for row in self.rows])

    def without_spare(self) -> "Section":
        """Return the table without the columns that others stand for."""
        return self.columns([i for i, name in enumerate(self.header) if name not in self.spare])

    def units(self, first: int) -> list[list[int]]:
        """Return the columns from one on, each alone or with those of its group."""
        groups = {name: group for group in self.together for name in group}
        names = enumerate(self.header[first:], first)
        return [
            [index for index, _ in members]
            for _, members in groupby(names, lambda one: groups.get(one[1], one[1]))
        ]

    def apart(self, columns: Sequence[int]) -> list[int]:
        """Return as few of some columns as tell the rows apart as well as all of them do."""

        def told(some: Sequence[int]) -> int:
            return len({tuple(row[index] for index in some) for row in self.rows})

        kept = list(columns)
        for column in columns:
            others = [index for index in kept if index != column]
            if others and told(others) == told(columns):
                kept = others
        return kept

    def with_gap(self, dots: str) -> list[list[str]]:
        """Return the rows, with one of dots where others are left out."""
        rows = list(self.rows)
        if self.gap is not None:
            rows.insert(self.gap, [dots] * len(self.header))
        return rows

    def pointed(self) -> "Section":
        """Return the table with the decimal points of each column of numbers under one another."""
        columns = [
            list(cells) if name in self.text_columns else _pointed(cells)
            for name, *cells in zip(self.header, *self.rows, strict=True)
        ]
        return self._replace(rows=list(map(list, zip(*columns, strict=True))))

    def turned(self) -> "Section":
        """Return the table with its columns as rows, for where it is too wide."""
        names, *lines = map(list, zip(self.header, *self.rows, strict=True))
        return self._replace(header=names, rows=lines, text_columns=names[:1])


def _pointed(cells: Sequence[str]) -> list[str]:
    """Return numbers with spaces behind them, so that those with a point have it in one place.

    Where some have an exponent, a point does not say how large they are.
    """
    if any("e" in cell for cell in cells):
        return list(cells)
    tails = [len(cell) - (cell.find(".") if "." in cell else len(cell)) for cell in cells]
    longest = max(tails, default=0)
    return [cell + " " * (longest - tail) for cell, tail in zip(cells, tails, strict=True)]


class Note(NamedTuple):
    """A sentence, about something that has a name unless that is empty."""

    about: str
    text: str


class Page(NamedTuple):
    """What people are shown of a result."""

    sections: Sequence[Section]
    """They are in the order of a terminal, where what comes last is seen first."""
    notes: Sequence[Note] = ()
    """A terminal is told them on stderr, and Markdown shows them below the tables."""


def enough(value: float | None, limit: float | None, digits: int | None) -> int | None:
    """Return so many significant digits, or more where two numbers would look alike.

    So what is above a limit never looks as if it were the limit.
    """
    while digits is not None and value != limit and number(value, digits) == number(limit, digits):
        digits = digits + 1 if digits < _ALL - 1 else None
    return digits


def number(value: float | None, digits: int | None) -> str:
    """Return a number with so many significant digits, or all that it has, as a count has."""
    if value is None:
        return "-"
    return repr(value) if digits is None or isinstance(value, int) else f"{value:.{digits}g}"
