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
_BY_DICTIONARY = (2, 8)
"""The encodings of values that are looked up in a dictionary."""
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
    codec: str

    @classmethod
    def of(cls, column: str, told: Any) -> Chunk:
        """Return the one that the end of the file tells of."""
        start = told.data_page_offset
        dictionary = told.dictionary_page_offset if told.has_dictionary_page else None
        if dictionary and dictionary < start:
            start = dictionary
        return cls(column, start, told.total_compressed_size, told.num_values, told.compression)


class Page(NamedTuple):
    """What stands above a page."""

    at: int
    """Where its content starts."""

    expanded: int
    """Bytes of it once it is decompressed."""
    stored: int
    values: int
    """How many it has."""
    is_dictionary: bool
    has_words: bool
    """Its values stand in it, rather than in a dictionary."""

    @classmethod
    def of(cls, header: dict[int, Any], at: int) -> Page:
        """Return what a header says; raise Damaged where it says nothing."""
        kind = header.get(1)
        counted = header.get(_COUNTED[kind]) if kind in _COUNTED else {1: 0}
        count = counted.get(1) if isinstance(counted, dict) else None
        numbers = [header.get(2), header.get(3), count]
        sizes = [n for n in numbers if isinstance(n, int) and n >= 0]
        if len(sizes) < len(numbers):
            raise Damaged
        expanded, stored, values = sizes
        encoding = counted.get(4 if kind == _DATA_V2 else 2) if isinstance(counted, dict) else None
        has_words = values > 0 and kind != _DICTIONARY and encoding not in _BY_DICTIONARY
        return cls(at, expanded, stored, values, kind == _DICTIONARY, has_words)


def sound_pages(source: Source, chunk: Chunk, limited: bool) -> list[Page]:
    """Return the pages of a chunk, for which pyarrow then takes no more memory than they say.

    Raises DataError for a page that cannot be, and ResourceError for one that is a bomb.
    """
    at, end, values = chunk.start, chunk.start + chunk.size, 0
    pages = []
    while values < chunk.values and at < end:
        try:
            page = _page(source, at)
        except Damaged:
            raise _damaged(source, chunk.column) from None
        at = page.at + page.stored
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
        pages.append(page)
    return pages


def require_lists(source: Source, chunk: Chunk, limited: bool) -> None:
    """Raise ResourceError for lists of more elements than a few bytes can mean."""
    most = max(_FREE_ELEMENTS, chunk.size * _MOST_ELEMENTS_A_BYTE)
    if limited and chunk.values > most:
        raise ResourceError(
            f"{source.name}: column {quoted(chunk.column)}: {chunk.size} bytes become lists of "
            f"{chunk.values} elements",
            UNLIMITED,
        )


def _page(source: Source, at: int) -> Page:
    """Return the page whose header starts at this byte; raise Damaged where none does."""
    looked = _FIRST_LOOK
    while True:
        content = bytearray(looked)
        read = source.read_some(memoryview(content), at)
        reader = Reader(bytes(content[:read]))
        try:
            header = reader.struct()
            return Page.of(header, at + reader.at)
        except CutOff:
            if read < looked or looked >= _LONGEST_HEADER:
                raise Damaged from None
            looked <<= 5


def _damaged(source: Source, column: str) -> DataError:
    reason = f"column {quoted(column)}: not a sound Parquet file (a page is damaged)"
    return DataError(reason, file=source.name)
