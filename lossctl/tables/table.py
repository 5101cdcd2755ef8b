"""What every table offers: rows of float64, in order, as spans that load by themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import quoted
from lossctl.tables.cells import Meaning

if TYPE_CHECKING:
    from lossctl.tables.block import Span

ENCODING = "if the text is in another encoding, name it: --encoding latin-1"
HEAD = 1024
"""How many rows are looked at before they are taken, to find one without a missing label."""


class TableOptions(NamedTuple):
    """How to read a table; None means: recognise it."""

    format: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    labels: tuple[str, ...] = ()
    """Class names that labels may be: a first row that is one of them is no header."""
    comment: str | None = None
    """What a line above the first row starts with to be passed over."""
    decimal: str = "."
    encoding: str | None = None
    key: str | None = None
    """Which array of an NPZ file."""
    limited: bool = True
    """Refuse what decompresses to suspiciously much."""


class Selection(NamedTuple):
    """Which columns are read, and as what; columns are counted from 0."""

    values: Sequence[int]
    """The columns of a block, in this order."""
    words: Mapping[int, Meaning] = {}
    """Those of them whose cells are words (class names, true and false), with their numbers."""
    id: int | None = None
    skip: bool = False
    """A missing value is NaN, to be left out with its sample, rather than an error."""


class Table(ABC):
    """A file, a stream or an array as rows of cells; most have no header to be in doubt of."""

    name: str
    """How messages name it."""
    columns: tuple[str, ...] | None = None
    """The names of all columns, where it has them."""
    width: int
    """How many columns there are."""
    reads_later = False
    """Its spans read the file when they are loaded, and make sure by themselves of its state."""

    @abstractmethod
    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in each of up to HEAD rows, as text; nothing is taken.

        At least one row; the first may come twice, lest the others be read for its sake.
        """

    @abstractmethod
    def select(self, selection: Selection) -> None:
        """Read these columns from here on; before anything is taken."""

    @abstractmethod
    def take(self, rows: int) -> Span | None:
        """Return the next rows, as many as asked for or as are left; None at the end."""

    def warnings(self) -> Iterable[Caution]:
        """Return what was odd about it, once all its rows are taken."""
        return []

    @abstractmethod
    def row_size(self) -> int:
        """Return about how many bytes a row takes while it is read."""

    def progress(self) -> float | None:
        """Return what part of the table was taken, from 0 to 1; None where its end is unknown."""
        return None

    def header_in_doubt(self) -> bool:
        """Return whether the first row, taken for a sample, may be names: 0..k-1 or 1..k."""
        return False

    def take_header(self) -> None:
        """Treat that row as the names of the columns."""
        raise RuntimeError("this table has no header in doubt")

    @abstractmethod
    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""


def all_columns(width: int) -> Selection:
    """Return the selection of every column as numbers."""
    return Selection(range(width))


def column_names(columns: tuple[str, ...] | None, selection: Selection) -> Callable[[int], str]:
    """Return how messages name the columns of a block; -1 is that of the ids."""

    def column(position: int) -> str:
        index = selection.id if position == -1 else selection.values[position]
        if index is None:
            raise RuntimeError("a table without ids has no column of them")
        if columns is None:
            return f"column {index + 1}"
        return f"column {quoted(columns[index], mark=chr(34))}"

    return column


def unique_names(names: list[str], where: str) -> tuple[str, ...]:
    """Return names of columns; raise DataError for a padded or repeated one."""
    first: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if name.strip() not in (name, ""):
            raise DataError(f"{where}: column {number}: {quoted(name)} has spaces around the name")
        if "\0" in name or (not name.isascii() and _is_not_unicode(name)):
            raise DataError(
                f"{where}: column {number}: {quoted(name)} is not text in UTF-8", ENCODING
            )
        if name in first:
            raise DataError(
                f"{where}: columns {first[name]} and {number} are both called {quoted(name)}"
            )
        first[name] = number
    return tuple(names)


def _is_not_unicode(text: str) -> bool:
    """Return whether bytes that are not UTF-8 were kept in it as surrogates."""
    return any("\ud800" <= char <= "\udfff" for char in text)
