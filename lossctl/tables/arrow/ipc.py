"""Arrow IPC, which Feather is: files, and streams."""

from __future__ import annotations

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.arrow.files import ArrowFile
from lossctl.tables.arrow.streams import ArrowStream
from lossctl.tables.arrow.tables import ArrowTable
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled
from lossctl.tables.table import TableOptions

_HEAD = 8


def open_arrow(stream: Stream, options: TableOptions) -> ArrowTable:
    """Return the table in a file or a stream of Arrow IPC, whichever it is by its first bytes."""
    if isinstance(stream, Source) and stream.size is not None:
        head = stream.head(_HEAD)
    else:
        head = filled(stream, _HEAD)
        stream = Rewound(head, stream)
    if head.startswith(magics.ARROW):
        return ArrowFile(stream, options)
    if not head.startswith(magics.ARROW_STREAM) and not _starts_an_old_stream(head):
        raise DataError("neither an Arrow IPC file nor a stream of Arrow IPC", file=stream.name)
    return ArrowStream(stream, options)


def _starts_an_old_stream(head: bytes) -> bool:
    """Return whether a message starts so that, as before 2019, nothing but its length is above it.

    Length and message have a multiple of eight bytes, and the message starts with where in it it
    is told of.
    """
    length, start = (int.from_bytes(head[i : i + 4], "little") for i in (0, 4))
    return len(head) == _HEAD and length % 8 == 4 and 4 <= start < length
