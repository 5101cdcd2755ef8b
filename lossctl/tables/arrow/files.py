"""Files of Arrow IPC, whose batches can be read in any order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.arrow.errors import reading
from lossctl.tables.arrow.messages import Block, Damaged, blocks_of, expanded_size
from lossctl.tables.arrow.tables import ArrowTable
from lossctl.tables.streams.compression import refuse_bomb
from lossctl.tables.streams.stream import Stream, regular
from lossctl.tables.table import TableOptions

_END = 10
"""The last bytes: how long what stands before them is, and ARROW1."""
_MARK = 8
"""The most bytes between where a message starts and what says what it is."""


class ArrowFile(ArrowTable):
    """An Arrow IPC file; one batch at a time is in memory."""

    title = "Arrow IPC"

    def __init__(self, stream: Stream, options: TableOptions) -> None:
        self._source = source = regular(stream, self.title)
        self._limited = options.limited
        with reading(source.name, self.title):
            # The file is open already, and pyarrow reads it without Python.
            self._file = pa.OSFile(f"/dev/fd/{source.descriptor}")
            ipc = pa.ipc.open_file(self._file)
            self._count = int(ipc.num_record_batches)
        self._dictionaries, self._blocks = self._located()
        super().__init__(source, ipc.schema, options.decimal)

    def _located(self) -> tuple[list[Block], list[Block]]:
        """Return where the dictionaries and the record batches stand."""
        size = self._source.size or 0
        length = int.from_bytes(self._source.read_at(size - _END, 4), "little")
        try:
            found = blocks_of(self._source.read_at(size - _END - length, length))
        except Damaged:
            raise self._damaged("its end") from None
        if len(found[1]) != self._count:
            raise self._damaged("its end")
        return found

    def _batches(self, positions: list[int], rows: int, last: bool = False) -> Iterator[Any]:
        ipc = pa.ipc.open_file(self._file, options=only(positions))
        for block in self._dictionaries:
            self._require_no_bomb(block)
        for index, block in enumerate(self._blocks):
            self._require_no_bomb(block)
            batch = ipc.get_batch(index)
            batch.validate(full=True)
            yield batch

    def _require_no_bomb(self, block: Block) -> None:
        """Raise ResourceError for a message that becomes much more than it is."""
        start, head, size = block
        source = self._source
        if start + head + size > (source.size or 0):
            raise self._damaged("a message")
        content = source.read_at(start, head)
        mark = _MARK if content.startswith(magics.ARROW_STREAM) else _MARK // 2

        def body(at: int, wanted: int) -> bytes:
            return source.read_at(start + head + at, wanted) if at + wanted <= size else b""

        try:
            expanded = expanded_size(content[mark:], body)
        except Damaged:
            raise self._damaged("a message") from None
        if self._limited:
            refuse_bomb(f"{source.name}: a batch", size, expanded)

    def _damaged(self, what: str) -> DataError:
        reason = f"not a sound {self.title} file ({what} is damaged)"
        return DataError(reason, file=self._source.name)

    def progress(self) -> float:
        """Return what part of the batches was begun."""
        return self._begun / max(self._count, 1)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self._file.close()
        super().close()


def only(positions: list[int]) -> pa.ipc.IpcReadOptions:
    """Return what makes pyarrow decode these columns of a schema and no others."""
    return pa.ipc.IpcReadOptions(included_fields=positions)
