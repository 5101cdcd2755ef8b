"""What the messages of Arrow IPC say of themselves, looked at before pyarrow believes it.

A message is a flatbuffer, and a body with the buffers of a record batch. A compressed buffer starts
with how many bytes it becomes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

_VERSION, _KIND, _CONTENT, _BODY_SIZE = range(4)
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
_DATA = 1
"""Of a dictionary batch: the record batch in it."""
_BUFFERS, _COMPRESSION = 2, 3
"""Of a record batch."""
_DICTIONARIES, _RECORD_BATCHES = 2, 3
"""Of what stands at the end of a file."""
_BLOCK, _BUFFER = struct.Struct("<qi4xq"), struct.Struct("<qq")
_LENGTH = struct.Struct("<q")

ReadBody = Callable[[int, int], bytes]
"""Returns so many bytes of a body, from one on."""


class Damaged(Exception):
    """The bytes are no message."""


class Block(NamedTuple):
    """Where a message of a file stands."""

    start: int
    head_size: int
    body_size: int


class _Table(NamedTuple):
    """A table of a flatbuffer."""

    content: bytes
    at: int

    @classmethod
    def root(cls, content: bytes) -> _Table:
        return cls(content, _number("<I", content, 0))

    def field(self, index: int) -> int | None:
        """Return where a field stands, if it is there."""
        fields = self.at - _number("<i", self.content, self.at)
        slot = 4 + 2 * index
        if slot + 2 > _number("<H", self.content, fields):
            return None
        offset = _number("<H", self.content, fields + slot)
        return self.at + offset if offset else None

    def number(self, index: int, form: str) -> int:
        """Return a field that is a number, 0 if it is not there."""
        at = self.field(index)
        return 0 if at is None else _number(form, self.content, at)

    def table(self, index: int) -> _Table | None:
        """Return a field that is a table."""
        at = self.field(index)
        return None if at is None else _Table(self.content, at + _number("<I", self.content, at))

    def structures(self, index: int, form: struct.Struct) -> Iterator[tuple[int, ...]]:
        """Yield the elements of a field that is a list of structures."""
        at = self.field(index)
        if at is None:
            return
        at += _number("<I", self.content, at)
        count = _number("<I", self.content, at)
        if at + 4 + count * form.size > len(self.content):
            raise Damaged
        for i in range(count):
            yield form.unpack_from(self.content, at + 4 + i * form.size)


def _number(form: str, content: bytes, at: int) -> int:
    try:
        if at < 0:
            raise Damaged
        found: int = struct.unpack_from(form, content, at)[0]
    except struct.error:
        raise Damaged from None
    return found


def body_size(head: bytes) -> int:
    """Return how many bytes the body of a message has, by what stands above it."""
    size = _Table.root(head).number(_BODY_SIZE, "<q")
    if size < 0:
        raise Damaged
    return size


def expanded_size(head: bytes, read_body: ReadBody) -> int:
    """Return how many bytes the buffers of a message become."""
    message = _Table.root(head)
    kind, batch = message.number(_KIND, "<B"), message.table(_CONTENT)
    if kind == _DICTIONARY_BATCH and batch is not None:
        batch = batch.table(_DATA)
    elif kind != _RECORD_BATCH:
        return 0
    if batch is None or batch.field(_COMPRESSION) is None:
        return 0
    expanded = 0
    for start, size in batch.structures(_BUFFERS, _BUFFER):
        told = read_body(start, _LENGTH.size) if size >= _LENGTH.size and start >= 0 else b""
        if len(told) == _LENGTH.size:
            expanded += max(_LENGTH.unpack(told)[0], 0)  # -1: it is not compressed
    return expanded


def blocks_of(end: bytes) -> tuple[list[Block], list[Block]]:
    """Return where the dictionaries and the record batches of a file stand, by its end."""
    told = _Table.root(end)
    dictionaries, batches = (
        [Block(*block) for block in told.structures(index, _BLOCK)]
        for index in (_DICTIONARIES, _RECORD_BATCHES)
    )
    if any(number < 0 for block in (*dictionaries, *batches) for number in block):
        raise Damaged
    return dictionaries, batches
