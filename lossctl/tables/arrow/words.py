"""How texts are read from Parquet: as they stand, or as a dictionary and who has which word.

A page says who has which word of a dictionary in a few bits. Were each row given its own copy, a
word of a megabyte would become gigabytes; but where most words are different, a dictionary of them
takes longer to make than the words themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from lossctl.tables.arrow.chunks import Chunk
from lossctl.tables.arrow.pages import Page
from lossctl.tables.streams.source import Source

_MOST_BYTES = 1 << 28
"""Of the words of a batch, were each row given its own."""
_LONGEST_LOOK = 1 << 22
"""Dictionaries above this are not looked at: writers end theirs at a megabyte or so."""
_CODECS = {0: None, 1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
"""By Parquet's numbers."""


def by_dictionary(source: Source, chunk: Chunk, pages: Sequence[Page], rows: int) -> bool:
    """Return whether batches of so many rows of a chunk of texts had better be dictionaries."""
    dictionary = next((page for page in pages if page.is_dictionary), None)
    if dictionary is None:
        return False
    if not any(page.has_words for page in pages):
        return True
    return _longest(source, chunk, dictionary) * rows > _MOST_BYTES


def _longest(source: Source, chunk: Chunk, page: Page) -> int:
    """Return how many bytes the longest word of a dictionary has, or at most has."""
    if page.expanded > _LONGEST_LOOK or chunk.codec not in _CODECS:
        return page.expanded
    content, codec = source.read_at(page.at, page.stored), _CODECS[chunk.codec]
    if codec is not None:
        try:
            content = pa.decompress(content, page.expanded, codec, asbytes=True)
        except (pa.ArrowException, OSError, ValueError):
            return page.expanded
    at = longest = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "little")
        longest = max(longest, size)
        at += 4 + size
    return longest
