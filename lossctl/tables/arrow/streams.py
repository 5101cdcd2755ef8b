"""Streams of Arrow IPC: messages one after another, up to a mark of the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.files import only
from lossctl.tables.arrow.messages import Damaged, body_size, expanded_size
from lossctl.tables.arrow.tables import ArrowTable
from lossctl.tables.streams.compression import refuse_bomb
from lossctl.tables.streams.stream import Stream, filled
from lossctl.tables.table import TableOptions


class ArrowStream(ArrowTable):
    """An Arrow IPC stream, in a file or a pipe; one batch at a time is in memory."""

    title = "Arrow IPC stream"
    stream: Stream

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        self.name = stream.name
        self._limited = options.limited
        self._bytes = Replayed(stream)
        with reading(stream.name, self.title), self._told_if_cut_off():
            schema = self._opened(None).schema
        super().__init__(stream, schema, options.decimal)

    def _opened(self, options: pa.ipc.IpcReadOptions | None) -> pa.ipc.RecordBatchStreamReader:
        messages = Messages(self._bytes, self._limited)
        return pa.ipc.open_stream(pa.PythonFile(messages, mode="r"), options=options)

    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        self._bytes.rewind(last)
        with self._told_if_cut_off():
            for batch in self._opened(only(positions)):
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
        except Damaged:
            reason = f"not a sound {self.title} (a message is damaged)"
            raise DataError(reason, file=self.name) from None

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


class Messages:
    """What pyarrow reads of a stream: one message at a time, looked at before pyarrow believes it.

    It is what pyarrow calls a file.
    """

    closed = False

    def __init__(self, content: Replayed, limited: bool) -> None:
        self._content = content
        self._limited = limited
        self._ready = b""
        self._body = b""
        """What comes behind what is ready."""
        self._goes_on = True

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer than `size` only at the end; Damaged for no message."""
        parts = []
        while size:
            if not self._ready:
                self._ready, self._body = self._body, b""
            if not self._ready and self._goes_on:
                self._ready = self._next()
            if not self._ready:
                break
            part, self._ready = self._ready[:size], self._ready[size:]
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _next(self) -> bytes:
        """Return what stands above the next message, and keep its body."""
        content = self._content
        above = content.read(4)
        if above == magics.ARROW_STREAM:
            above += content.read(4)
        length = int.from_bytes(above[-4:], "little", signed=True)
        if not length or content.ended:
            self._goes_on = False
            return above
        head = content.read(length) if length > 0 else b""
        self._goes_on = not content.ended
        if self._goes_on:
            size = body_size(head)
            self._body = content.read(size)
            self._goes_on = not content.ended
        if self._goes_on and self._limited:
            body = self._body
            expanded = expanded_size(head, lambda at, size: body[at : at + size])
            refuse_bomb(f"{content.name}: a batch", len(body), expanded)
        return above + head

    def close(self) -> None:
        """Leave the stream open: its table closes it."""


class Replayed:
    """The bytes of a stream; those that were read can be read again, up to the last time."""

    def __init__(self, stream: Stream) -> None:
        self.name = stream.name
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
        """Return the next bytes, fewer than `size` only at the end; none if that is certain."""
        if self._stream.size is not None and size > self._stream.size:
            self.ended = True
            return b""
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
