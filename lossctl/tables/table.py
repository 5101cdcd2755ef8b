"""What every table offers: rows of finite float64, in order, as spans that load by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from lossctl.errors import DataError
from lossctl.losses import Array
from lossctl.wording import nearest, quoted


class TableOptions(NamedTuple):
    """How to read a table; None means: recognise it."""

    delimiter: str | None = None
    header: bool | None = None
    labels: tuple[str, ...] = ()
    """Class names that labels may be: a first row that is one of them is no header."""


class Place(NamedTuple):
    """How messages name a row and a column of a block."""

    row: Callable[[int], str]
    columns: tuple[str, ...] | None = None

    def column(self, index: int) -> str:
        """Return how messages name the column with this index."""
        if self.columns is None:
            return f"column {index + 1}"
        return f"column {quoted(self.columns[index], mark=chr(34))}"

    def error(self, row: int, column: int | None, what: str, hint: str | None = None) -> DataError:
        """Return the error that says `what` is wrong at a row and, if it lies there, a column."""
        at = "" if column is None else f" {self.column(column)}:"
        return DataError(f"{self.row(row)}:{at} {what}", hint, block_row=row)


class Block(NamedTuple):
    """Consecutive rows in memory: values of shape (n, k), each column contiguous."""

    values: Array
    place: Place

    def require_finite(self) -> Block:
        """Return the block itself; raise DataError at its first NaN or infinity, row by row."""
        finite = np.isfinite(self.values)
        if not finite.all():
            row, column = np.argwhere(~finite)[0].tolist()
            raise self.place.error(row, column, f"{self.values[row, column]} is not finite")
        return self


class Span(Protocol):
    """Where some consecutive rows lie; any thread may load it."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    def load(self, rows: int) -> Block:
        """Read the first `rows` of them, or all."""


class Table(Protocol):
    """A file or an array as rows of numbers."""

    name: str
    """How messages name it."""
    path: str | None
    columns: tuple[str, ...] | None
    width: int
    boolean: bool
    """Its values are true and false, which are 0 and 1 as targets."""

    def take(self, rows: int) -> Span | None:
        """Return the next rows, as many as asked for or as are left; None at the end."""

    def warnings(self) -> list[tuple[str, str]]:
        """Return codes and messages of what was odd about it, once all its rows are taken."""

    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""

    def header_in_doubt(self) -> bool:
        """Return whether the first row, taken for a sample, may be names: 0..k-1 or 1..k."""

    def take_header(self) -> None:
        """Treat that row as the names of the columns."""

    def first_label(self) -> str:
        """Return the first row of a table of one column as the text of a label."""

    def use_names(self, names: tuple[str, ...]) -> None:
        """From here on the cells of the one column are class names, read as their indices."""

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""


def unique_names(names: list[str], where: str) -> tuple[str, ...]:
    """Return names of columns; raise DataError for a blank, padded or repeated one."""
    first: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name.strip():
            raise DataError(
                f"{where}: column {number} has no name",
                "pandas writes such a column for its index: use to_csv(..., index=False)",
            )
        if name != name.strip():
            raise DataError(f"{where}: column {number}: {quoted(name)} has spaces around the name")
        if "\0" in name or (not name.isascii() and _is_not_unicode(name)):
            raise DataError(f"{where}: column {number}: {quoted(name)} is not text in UTF-8")
        if name in first:
            raise DataError(
                f"{where}: columns {first[name]} and {number} are both called {quoted(name)}"
            )
        first[name] = number
    return tuple(names)


def _is_not_unicode(text: str) -> bool:
    """Return whether bytes that are not UTF-8 were kept in it as surrogates."""
    return any("\ud800" <= char <= "\udfff" for char in text)


def unknown_label(text: str, names: tuple[str, ...]) -> tuple[str, str]:
    """Return the message and the hint for a label that is no class name."""
    if not names:
        hint = "name the columns of the predictions: --classes a,b,c"
    elif meant := nearest(text, names):
        hint = f"did you mean {quoted(meant)}?"
    else:
        known = ", ".join(quoted(name) for name in names[:10])
        hint = f"the classes are {known}" + (", ..." if len(names) > 10 else "")
    return f"{quoted(text)} is not a class name", hint
