"""What every table offers: rows of float64, in order, as spans that load by themselves."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.tables.cells import ROLES, Meaning, number, or_minus_infinity, or_missing
from lossctl.tables.place import ByNumber, Label, OneLineEach, Place, Rows, Spot

if TYPE_CHECKING:
    from lossctl.tables.block import Span
    from lossctl.tables.streams.source import Source
    from lossctl.tables.streams.stream import Stream

HEAD = 1024
"""How many rows are looked at before they are taken, to find one without a missing label."""

STRICT, PRESENT = "strict", "present"
"""What is missing, shards or partners, is refused, or what is there suffices."""


class NoRows(DataError):
    """A table without a row, which a shard may be; `columns` and `width` are what it says of them.

    `content` says that there is something in the file all the same, such as a header.
    """

    def __init__(
        self,
        reason: str,
        hint: str | None = None,
        *,
        file: str,
        columns: tuple[str, ...] | None = None,
        width: int | None = None,
        content: bool = True,
    ) -> None:
        super().__init__(reason, hint, file=file)
        self.columns, self.width, self.content = columns, width, content


class TableOptions(NamedTuple):
    """How to read a table; None means: recognise it."""

    format: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    labels: Collection[Collection[str]] = ()
    """What labels may be, all of one collection: a first row that is one of them is no header."""
    comment: str | None = None
    """What a line above the first row starts with to be passed over."""
    decimal: str = "."
    encoding: str | None = None
    key: str | None = None
    """Which array of an NPZ file, or sheet of a workbook."""
    limited: bool = True
    """Refuse what decompresses to suspiciously much."""
    shard: bool = False
    """It is one of several files that are one table."""
    hashed: bool = False
    """The SHA-256 of the files will be asked for."""
    missing_shards: str = STRICT
    """What becomes of gaps in the numbers of shards, and of shards of no bytes: strict refuses
    them, PRESENT takes what is there for all."""


class Selection(NamedTuple):
    """Which columns are read, and as what; columns are counted from 0."""

    values: Sequence[int]
    """The columns of a block, in this order."""
    words: Mapping[int, Meaning] = {}
    """Those of them whose cells are words (class names, true and false), with their numbers."""
    beside: Mapping[str, int] = {}
    """The columns beside the values, by what they are for, one of `cells.ROLES`."""
    skip: bool = False
    """A missing value is NaN, to be left out with its sample, rather than an error."""
    minus_infinity: int = 0
    """So many of the values, the first ones, may be -inf: predictions that are logarithms."""

    def admitting(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """Return the meanings of the values' cells with those of cells that are no numbers."""
        admitting = list(meanings)
        for position in range(self.minus_infinity):
            admitting[position] = partial(or_minus_infinity, admitting[position])
        return [partial(or_missing, meaning) for meaning in admitting] if self.skip else admitting

    def texts(self) -> list[int]:
        """Return the columns beside the values that are texts rather than numbers."""
        return [column for role, column in self.beside.items() if ROLES[role].text]

    def columns(self) -> list[int]:
        """Return all columns that are read, in the order of the table."""
        return sorted({*self.values, *self.beside.values()})


class Reading(NamedTuple):
    """What is read of a table, and what messages call it: a value that goes where spans go."""

    file: str
    selection: Selection
    names: tuple[str, ...] | None = None
    """Those of all columns, where they have names."""

    def place(self, rows: Rows) -> Place:
        """Return the place of a block with these rows."""
        beside = {role: self._label(index) for role, index in self.selection.beside.items()}
        return Place(rows, self._labels(self.selection.values), beside)

    def lines(self, first: int) -> Place:
        """Return the place of rows that are one line each, from the line `first` on."""
        return self.place(OneLineEach(self.file, first))

    def by_number(self, start: int) -> Place:
        """Return the place of rows that go by their numbers, from the index `start` on."""
        return self.place(ByNumber(self.file, start))

    def _label(self, index: int) -> Label:
        return index + 1 if self.names is None else self.names[index]

    def _labels(self, columns: Sequence[int]) -> Sequence[Label]:
        """Return the labels of columns; of all columns without looking at each."""
        if isinstance(columns, range):
            start, stop = columns.start, columns.stop
            return range(start + 1, stop + 1) if self.names is None else self.names[start:stop]
        return tuple(map(self._label, columns))


class Table(ABC):
    """A file, a stream or an array as rows of cells; most have no header to be in doubt of."""

    name: str
    """How messages name it."""
    columns: tuple[str, ...] | None = None
    """The names of all columns, where it has them."""
    series: str | None = None
    """What a series, whose rows are not paired by this name, is called."""
    width: int
    """How many columns there are."""
    lists: Mapping[str, range] = {}
    """The columns that a list or an object in a cell became, by the name of its column."""
    text_columns: Sequence[int] = ()
    """The columns whose elements are text, even those that look like numbers."""
    index_names: tuple[str, ...] = ()
    """The columns that hold its data frame's index; or the name of its labels that are counted."""
    is_vector = False
    """Whether each row is a value rather than cells, as of an array of one dimension."""
    rows: int | None = None
    """How many there are, of an array that knows it before any is taken."""
    index_range: range | None = None
    """The labels of such an index where they are counted, and stand in no column."""
    delimited: bool = False
    """Its rows are lines of cells with a delimiter between them, and the first may be a header."""
    format: str | None = None
    """What messages call a file of its format; None for what is no file."""
    read_by: Collection[str] = ()
    """The options that say how such a file is read."""
    in_memory: bool = False
    """It is an array or a data frame of the caller's: no file with a header or a delimiter."""
    stream: "Stream | None" = None
    """What it is read from; None for arrays in memory."""

    @abstractmethod
    def head(self, columns: Sequence[int]) -> Iterator[list[str]]:
        """Yield the cells of these columns in each of up to HEAD rows, as text; nothing is taken.

        At least one row; the others are read when they are asked for.
        """

    def number(self, column: int) -> Meaning:
        """Return what the cells of a column mean as numbers."""
        return number

    def is_empty(self) -> bool:
        """Return whether it has no row, where that shows before any is taken."""
        return False

    def can_be_text(self, column: int) -> bool:
        """Return whether each cell of a column has a text, and none is refused where it is read.

        Those of a type that cannot be read have none, nor have components: a list may lack some.
        """
        return not any(column in columns for columns in self.lists.values())

    def may_hold_words(self, column: int) -> bool:
        """Return whether a column may hold words, as its type says where columns have types."""
        return self.can_be_text(column)

    def require_readable(self, columns: Iterable[int]) -> None:
        """Raise DataError for one of these columns whose cells are certainly nothing to be read.

        Most tables tell that of no column before it is read.
        """
        del columns

    @property
    def tells_of_index(self) -> bool:
        """Whether it says that it has an index, as data frames and files of pandas do."""
        return bool(self.index_names) or self.index_range is not None

    def index_columns(self) -> tuple[int, ...]:
        """Return where the columns of the index stand, in the order of their names.

        Labels that are counted, and have a name, can be read as a column behind all others.
        """
        names = (*(self.columns or ()), *self.index_names)
        return tuple(map(names.index, self.index_names))

    @abstractmethod
    def select(self, selection: Selection) -> None:
        """Read these columns from here on; before anything is taken."""

    @abstractmethod
    def take(self, rows: int) -> "Span | None":
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

    def first_row(self) -> Spot:
        """Return where the first row stands, before anything is taken."""
        return Spot(self.name)

    def undecided_row(self) -> Sequence[str]:
        """Return the first row if it was taken for a sample but may be a header, else nothing."""
        return ()

    def take_header(self) -> None:
        """Treat that row as the names of the columns."""
        raise RuntimeError("this table has no row that may be a header")

    def commas_in_doubt(self) -> bool:
        """Return whether each of its first rows, at least 10, may be 13,5 as well as 13 and 5."""
        return False

    def hashes(self) -> Mapping[str, str | None]:
        """Return the SHA-256 of its files by their paths, None of a stream; all rows are taken.

        Raises ResourceError if a file changed, or another one has its name, since it was opened.
        """
        if self.stream is None:
            return {}
        return {self.stream.source.path: self.stream.source.sha256()}

    def sources(self) -> "set[Source]":
        """Return the files that it is read from."""
        return set() if self.stream is None else {self.stream.source}

    def check(self) -> None:
        """Raise ResourceError if a file changed since it was opened."""
        for source in self.sources():
            source.check()

    def close(self) -> None:
        """Close all files; raise ResourceError if one changed while it was read."""
        with ExitStack() as closing:
            for source in self.sources():
                closing.callback(source.close)


def all_columns(width: int) -> Selection:
    """Return the selection of every column as numbers."""
    return Selection(range(width))
