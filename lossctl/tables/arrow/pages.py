"""What the pages of Parquet say of themselves, looked at before pyarrow believes it.

A few damaged bytes in front of a page may say that it has two gigabytes, which would be allocated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lossctl.base.errors import ResourceError
from lossctl.tables.arrow.chunks import Chunk
from lossctl.tables.arrow.thrift import CutOff, Damaged, Reader, size_in, struct_in
from lossctl.tables.streams.compression import UNLIMITED, refuse_bomb
from lossctl.tables.streams.source import Source

_FIRST_LOOK, _LONGEST_HEADER = 1 << 9, 1 << 24
"""In bytes; the longest is what pyarrow reads, too. It holds the least and the greatest text."""
_CLOSE, _AHEAD = 1 << 12, 1 << 16
"""In bytes: of a chunk of at most `_CLOSE`, `_AHEAD` are read at once, as they are likely to hold
the chunks that follow, too."""
_BEYOND = 100
"""Bytes that a chunk may have beyond what is said of it: old parquet-mr left out a header."""
_MOST_ELEMENTS = 1000
"""Of lists in a header, which has none today."""
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_ABOUT = {_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}
"""The kinds of pages that have values, and the field that tells of these."""
_ENCODING = {_DATA: 2, _DICTIONARY: 2, _DATA_V2: 4}
_BY_DICTIONARY = (2, 8)
"""The encodings of values that are looked up in a dictionary."""
_FREE_VALUES = 1 << 25
_MOST_ELEMENTS_A_BYTE = 1 << 13
"""One-hot lists of 8,000 classes take a byte each."""


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
        kind, values, encoding = size_in(header, 1), 0, None
        if kind in _ABOUT:
            about = struct_in(header, _ABOUT[kind])
            values, encoding = size_in(about, 1), about.get(_ENCODING[kind])
        has_words = values > 0 and kind != _DICTIONARY and encoding not in _BY_DICTIONARY
        expanded, stored = size_in(header, 2), size_in(header, 3)
        return cls(at, expanded, stored, values, kind == _DICTIONARY, has_words)


def require_lists(chunk: Chunk, called: str) -> None:
    """Raise ResourceError for lists of more elements than a few bytes can mean."""
    if chunk.values > max(_FREE_VALUES, chunk.size * _MOST_ELEMENTS_A_BYTE):
        raise ResourceError(
            f"{called}: {chunk.size} bytes become lists of {chunk.values} elements", UNLIMITED
        )


class PageReader:
    """It reads what stands above the pages of a file, ahead where these lie close together."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._start, self._content = 0, b""
        """What was read last, and where it starts."""
        self._is_end = False
        """The file ends behind it."""

    def sound_pages(self, chunk: Chunk, called: str, limited: bool) -> list[Page]:
        """Return the pages of a chunk, for which pyarrow then takes no more than they say.

        Raises Damaged for a page that cannot be, and ResourceError, with what the chunk is called,
        for one that is a bomb.
        """
        at, end, values = chunk.start, chunk.start + chunk.size, 0
        look = _FIRST_LOOK if chunk.size > _CLOSE else _AHEAD
        pages = []
        while values < chunk.values and at < end:
            page = self._page(at, look)
            at = page.at + page.stored
            if at > end + _BEYOND:
                raise Damaged
            if limited:
                refuse_bomb(called, page.stored, page.expanded)
            if page.is_dictionary:
                most = max(page.expanded, _FREE_VALUES)
            else:
                values += page.values
                most = max(chunk.values, _FREE_VALUES) - values + page.values
            if page.values > most:
                raise Damaged
            pages.append(page)
        return pages

    def _page(self, at: int, look: int) -> Page:
        """Return the page whose header starts at this byte; raise Damaged where none does."""
        if not self._start <= at <= self._start + len(self._content) - _FIRST_LOOK:
            self._read(at, look)
        while True:
            reader = Reader(self._content, _MOST_ELEMENTS, at - self._start)
            try:
                header = reader.struct()
            except CutOff:
                if self._is_end or look >= _LONGEST_HEADER:
                    raise Damaged from None
                look = min(look << 5, _LONGEST_HEADER)
                self._read(at, look)
            else:
                return Page.of(header, self._start + reader.at)

    def _read(self, at: int, size: int) -> None:
        content = bytearray(size)
        read = self._source.read_some(memoryview(content), at)
        self._start, self._content, self._is_end = at, bytes(content[:read]), read < size
