"""Arrow IPC, which Feather is: files, and streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.tables import ArrowTable
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled, regular
from lossctl.tables.table import TableOptions

_HEAD = 8


def open_arrow(stream: Stream, options: TableOptions) -> ArrowTable:
    """Return the table in a file or a stream of Arrow IPC, whichever it is by its first bytes."""
    if isinstance(stream, Source) and stream.size is not None:
        head = stream.head(_HEAD)
    else:
        head = filled(stream, _HEAD)
        stream = Rewound(head, stream)
    if head.startswith(magics.FEATHER_V1):
        raise DataError(
            "the file is Feather V1, which Arrow IPC has replaced",
            "write it again: pyarrow.feather.write_feather(pyarrow.feather.read_table(path), path)",
            file=stream.name,
        )
    if head.startswith(magics.ARROW):
        return ArrowFile(stream)
    if not head.startswith(magics.ARROW_STREAM) and not _starts_an_old_stream(head):
        raise DataError("neither an Arrow IPC file nor a stream of Arrow IPC", file=stream.name)
    return ArrowStream(stream)


def _starts_an_old_stream(head: bytes) -> bool:
    """Return whether a message starts so that, as before 2019, nothing but its length is above it.

    Length and message have a multiple of eight bytes, and the message starts with where in it it
    is told of.
    """
    length, start = (int.from_bytes(head[i : i + 4], "little") for i in (0, 4))
    return len(head) == _HEAD and length % 8 == 4 and 4 <= start < length


def _only(positions: list[int]) -> pa.ipc.IpcReadOptions:
    """Return what makes pyarrow decode these columns of a schema and no others."""
    return pa.ipc.IpcReadOptions(included_fields=positions)


class ArrowFile(ArrowTable):
    """An Arrow IPC file; one batch at a time is in memory."""

    title = "Arrow IPC"

    def __init__(self, stream: Stream) -> None:
        source = regular(stream, self.title)
        with reading(source.name, self.title):
            # The file is open already, and pyarrow reads it without Python.
            self._file = pa.OSFile(f"/dev/fd/{source.descriptor}")
            ipc = pa.ipc.open_file(self._file)
            self._count = int(ipc.num_record_batches)
        super().__init__(source, ipc.schema)

    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        ipc = pa.ipc.open_file(self._file, options=_only(positions))
        for index in range(self._count):
            batch = ipc.get_batch(index)
            batch.validate(full=True)
            yield batch

    def progress(self) -> float:
        """Return what part of the batches was begun."""
        return self._begun / max(self._count, 1)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._file.close()
        super().close()


class ArrowStream(ArrowTable):
    """An Arrow IPC stream, in a file or a pipe; one batch at a time is in memory."""

    title = "Arrow IPC stream"
    stream: Stream

    def __init__(self, stream: Stream) -> None:
        self.name = stream.name
        self._bytes = Replayed(stream)
        with reading(stream.name, self.title), self._told_if_cut_off():
            schema = self._opened(None).schema
        super().__init__(stream, schema)

    def _opened(self, options: pa.ipc.IpcReadOptions | None) -> pa.ipc.RecordBatchStreamReader:
        return pa.ipc.open_stream(pa.PythonFile(self._bytes, mode="r"), options=options)

    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        self._bytes.rewind(last)
        with self._told_if_cut_off():
            for batch in self._opened(_only(positions)):
                batch.validate(full=True)
                yield batch
        if self._bytes.ended:
            raise self._cut_off()
        if self._bytes.read(1):
            raise DataError("there is something behind the end of the stream", file=self.name)

    @contextmanager
    def _told_if_cut_off(self) -> Iterator[None]:
        try:
            yield
        except (pa.ArrowException, OSError, ValueError):
            if self._bytes.ended:
                raise self._cut_off() from None
            raise

    def _cut_off(self) -> DataError:
        """Return the error of a stream without its mark of the end.

        The format lets who writes end a stream by closing it, too; then nobody could tell whether
        batches are missing.
        """
        return DataError(
            "the Arrow IPC stream is cut off: the mark of its end is missing",
            "is the file complete? Whoever writes a stream closes its writer at the end",
            file=self.name,
        )

    def progress(self) -> float | None:
        """Return what part of its file was read."""
        return self.stream.progress()


class Replayed:
    """The bytes of a stream, of which those that were read can be read again, up to the last time.

    It is what pyarrow calls a file.
    """

    closed = False

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._at = 0
        self._keeps = True
        self.ended = False
        """Whether more was asked for than there is, since the first byte."""

    def rewind(self, last: bool) -> None:
        """Start again at the first byte; for the last time, if nothing is to be kept."""
        if not self._keeps:
            raise RuntimeError("the first bytes are gone")
        self._at, self._keeps, self.ended = 0, not last, False

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer than `size` only at the end."""
        part = bytes(self._kept[self._at : self._at + size])
        self._at += len(part)
        if len(part) < size:
            fresh = filled(self._stream, size - len(part))
            self.ended = len(part) + len(fresh) < size
            if self._keeps:
                self._kept += fresh
                self._at += len(fresh)
            else:
                self._kept, self._at = bytearray(), 0
            part += fresh
        return part

    def close(self) -> None:
        """Leave the stream open: its table closes it."""
