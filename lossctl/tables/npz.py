"""NPZ: one of the arrays in a zip archive, as a stream."""

from __future__ import annotations

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import choose, listed, visible
from lossctl.tables.columnar import ColumnarTable
from lossctl.tables.npy import open_npy
from lossctl.tables.streams.archive import Archive
from lossctl.tables.streams.stream import Stream, regular
from lossctl.tables.table import TableOptions


def open_npz(stream: Stream, options: TableOptions) -> ColumnarTable:
    """Return the array called `options.key`, or the only one, as a table.

    Raises UsageError for a key that no array has, and DataError where several could be meant.
    """
    archive = Archive(regular(stream, "NPZ"), options.limited)
    keys = {name.removesuffix(".npy"): name for name in archive.names}
    if len(keys) < len(archive.names):
        raise DataError("two arrays have one name", file=archive.name)
    if options.key is not None:
        if options.key not in keys:
            raise UsageError(*choose("array", options.key, map(visible, keys)))
        return open_npy(archive.open(keys[options.key]), options)
    if len(keys) != 1:
        raise DataError(
            f"{len(keys)} arrays: {listed(map(visible, keys), 10)}",
            f"say which: {archive.name}:NAME, or --key NAME",
            file=archive.name,
        )
    return open_npy(archive.open(*keys.values()), options)
