"""Neutral tables of text: any kind of result offers them, any drawn format draws them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

SAMPLES, WORST, MAIN = range(3)
"""Sections are of this importance: some samples, the worst ones, and what the result says."""


class Section(NamedTuple):
    """A titled table; `gap` is the row before which others were left out, and how many."""

    title: str
    header: list[str]
    rows: list[list[str]]
    gap: tuple[int, str] | None = None
    text_columns: Collection[str] = ()
    """These columns hold words, not numbers."""
    turnable: bool = False
    styles: Mapping[str, str] = {}
    """Words of the last column look so where there is colour."""
    importance: int = SAMPLES
    """What is read from its top, such as Markdown, begins with the most important section."""

    def turned(self) -> Section:
        """Return the table with its columns as rows, for where it is too wide."""
        names, *lines = map(list, zip(self.header, *self.rows, strict=True))
        return self._replace(header=names, rows=lines, text_columns=names[:1])


class Note(NamedTuple):
    """A sentence about something that has a name."""

    about: str
    text: str


class Page(NamedTuple):
    """What people are shown of a result."""

    sections: Sequence[Section]
    """They are in the order of a terminal, where what comes last is seen first."""
    notes: Sequence[Note] = ()
    """A terminal is told them on stderr, and Markdown shows them below the tables."""


def number(value: float | None, digits: int | None) -> str:
    """Return a number with so many significant digits, or all that it has, as a count has."""
    if value is None:
        return "-"
    return repr(value) if digits is None or isinstance(value, int) else f"{value:.{digits}g}"
