"""Where the columns of a Parquet file lie, by what its end says.

pyarrow tells it, too, but ends the process where it does not like what it is to tell.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lossctl.tables.arrow.thrift import CutOff, Damaged, Reader, size_in, struct_in
from lossctl.tables.streams.source import Source

_END = 8
"""The last bytes of a file, which say how long what tells of its chunks is."""
_ROW_GROUPS, _COLUMNS, _ROWS, _LIST = 4, 1, 3, 9
_ABOUT, _ENCRYPTED = 3, (8, 9)


class Chunk(NamedTuple):
    """The pages of a column in a row group."""

    start: int
    size: int
    values: int
    """How many there are; of lists, how many elements."""
    codec: int
    """How they are compressed, as a number of Parquet's own."""
    encrypted: bool = False

    @classmethod
    def of(cls, told: dict[int, Any]) -> Chunk:
        """Return the one that the end of the file tells of; raise Damaged if it does not."""
        if any(field in told for field in _ENCRYPTED):
            return cls(0, 0, 0, 0, encrypted=True)
        about = struct_in(told, _ABOUT)
        codec, values, size, start = (size_in(about, field) for field in (4, 5, 7, 9))
        dictionary = size_in({11: 0, **about}, 11)
        return cls(dictionary if 0 < dictionary < start else start, size, values, codec)


class RowGroup(NamedTuple):
    """Some rows of all columns."""

    rows: int
    chunks: list[Chunk]


def row_groups_of(source: Source) -> list[RowGroup]:
    """Return the row groups of a file; raise Damaged where its end tells of none."""
    size = source.size or 0
    length = int.from_bytes(source.read_at(size - _END, 4), "little")
    if length + _END > size:
        raise Damaged
    reader = Reader(source.read_at(size - _END - length, length), most=length)
    groups: list[RowGroup] = []
    try:
        for field, kind in reader.fields():
            if (field, kind) == (_ROW_GROUPS, _LIST):
                groups = [_row_group(reader) for _ in reader.elements()]
            else:
                reader.value(kind)
    except (IndexError, RecursionError, CutOff):
        raise Damaged from None
    return groups


def _row_group(reader: Reader) -> RowGroup:
    chunks: list[Chunk] = []
    rows = None
    for field, kind in reader.fields():
        if (field, kind) == (_COLUMNS, _LIST):
            chunks = [Chunk.of(reader.struct()) for _ in reader.elements()]
        elif field == _ROWS:
            rows = reader.value(kind)
        else:
            reader.value(kind)
    if not isinstance(rows, int) or rows < 0:
        raise Damaged
    return RowGroup(rows, chunks)
