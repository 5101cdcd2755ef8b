"""What the pages of Parquet say of themselves, looked at before pyarrow believes it.

A few damaged bytes in front of a page may say that it has two gigabytes, which would be allocated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import quoted
from lossctl.tables.arrow.thrift import CutOff, Damaged, Reader
from lossctl.tables.streams.compression import UNLIMITED, refuse_bomb
from lossctl.tables.streams.source import Source

_FIRST_LOOK, _LONGEST_HEADER = 1 << 9, 1 << 24
"""In bytes; the longest is what pyarrow reads, too. It holds the least and the greatest text."""
_BEYOND = 100
"""Bytes that a chunk may have beyond what is said of it: old parquet-mr left out a header."""
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_COUNTED = {_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}
"""The kinds of pages that have values, and the field that says how many."""
_FREE_ELEMENTS = 1 << 25
_MOST_ELEMENTS_A_BYTE = 1 << 13
"""One-hot lists of 8,000 classes take a byte each."""


class Chunk(NamedTuple):
    """The pages of a column in a row group."""

    column: str
    start: int
    size: int
    values: int
    """How many there are; of lists, how many elements."""

    @classmethod
    def of(cls, column: str, told: Any) -> Chunk:
        """Return the one that the end of the file tells of."""
        start = told.data_page_offset
        dictionary = told.dictionary_page_offset if told.has_dictionary_page else None
        if dictionary and dictionary < start:
            start = dictionary
        return cls(column, start, told.total_compressed_size, told.num_values)


class _Page(NamedTuple):
    """What stands above a page."""

    expanded: int
    """Bytes of it once it is decompressed."""
    stored: int
    values: int
    """How many it has."""
    is_dictionary: bool

    @classmethod
    def of(cls, header: dict[int, Any]) -> _Page:
        """Return what a header says; raise Damaged where it says nothing."""
        kind = header.get(1)
        counted = header.get(_COUNTED[kind]) if kind in _COUNTED else {1: 0}
        count = counted.get(1) if isinstance(counted, dict) else None
        numbers = [header.get(2), header.get(3), count]
        sizes = [n for n in numbers if isinstance(n, int) and n >= 0]
        if len(sizes) < len(numbers):
            raise Damaged
        expanded, stored, values = sizes
        return cls(expanded, stored, values, kind == _DICTIONARY)


def require_sound(source: Source, chunk: Chunk, limited: bool) -> None:
    """Raise DataError for a page that cannot be, and ResourceError for one that is a bomb.

    After this pyarrow takes no more memory for a page than a compressed file may take, too.
    """
    at, end, values = chunk.start, chunk.start + chunk.size, 0
    while values < chunk.values and at < end:
        try:
            page, size = _page(source, at)
        except Damaged:
            raise _damaged(source, chunk.column) from None
        at += size + page.stored
        if at > end + _BEYOND:
            raise _damaged(source, chunk.column)
        if limited:
            refuse_bomb(f"{source.name}: column {quoted(chunk.column)}", page.stored, page.expanded)
        if page.is_dictionary:
            most = max(page.expanded, _FREE_ELEMENTS)
        else:
            values += page.values
            most = max(chunk.values, _FREE_ELEMENTS) - values + page.values
        if page.values > most:
            raise _damaged(source, chunk.column)


def require_lists(source: Source, chunk: Chunk, limited: bool) -> None:
    """Raise ResourceError for lists of more elements than a few bytes can mean."""
    most = max(_FREE_ELEMENTS, chunk.size * _MOST_ELEMENTS_A_BYTE)
    if limited and chunk.values > most:
        raise ResourceError(
            f"{source.name}: column {quoted(chunk.column)}: {chunk.size} bytes become lists of "
            f"{chunk.values} elements",
            UNLIMITED,
        )


def _page(source: Source, at: int) -> tuple[_Page, int]:
    """Return what stands above the page that starts at this byte, and the size of that.

    Raises Damaged where no page does.
    """
    looked = _FIRST_LOOK
    while True:
        content = bytearray(looked)
        read = source.read_some(memoryview(content), at)
        reader = Reader(bytes(content[:read]))
        try:
            return _Page.of(reader.struct()), reader.at
        except CutOff:
            if read < looked or looked >= _LONGEST_HEADER:
                raise Damaged from None
            looked <<= 5


def _damaged(source: Source, column: str) -> DataError:
    reason = f"column {quoted(column)}: not a sound Parquet file (a page is damaged)"
    return DataError(reason, file=source.name)
