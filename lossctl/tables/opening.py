"""From an input to its table."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from functools import partial
from typing import cast

from lossctl.base.errors import DataError
from lossctl.base.registry import load
from lossctl.base.warnings import Caution
from lossctl.base.wording import visible
from lossctl.tables.content import content_of
from lossctl.tables.inputs import Input
from lossctl.tables.locations import Location
from lossctl.tables.table import PRESENT, NoRows, Table, TableOptions


def open_table(source: Input, options: TableOptions, role: str) -> Table:
    """Open an input as a table; `role` names an array in messages.

    Raises ResourceError if a file cannot be opened and DataError if it holds no table.
    """
    if source.is_array:
        from lossctl.tables.memory import MemoryTable

        return MemoryTable(source.given, role)
    found, cautions = source.found, _cautions(source, options)
    if len(found.locations) == 1 and not cautions:
        return _open(options, found.locations[0])
    from lossctl.tables.shards import Shards

    return Shards(
        source.name or role,
        found.locations,
        partial(_open_shard, options._replace(shard=True)),
        cautions,
        folder=source.folder,
        no_bytes=found.complete or options.missing_shards == PRESENT,
        hashed=options.hashed,
    )


def _cautions(source: Input, options: TableOptions) -> list[Caution]:
    """Return what is odd about the files of an input; raise DataError for a gap among them."""
    gap, cautions = source.found.gap, list(source.found.cautions)
    if gap is not None:
        from lossctl.tables.gaps import ALL_NEEDED
        from lossctl.tables.warnings import MissingShards

        if not source.found.complete and options.missing_shards != PRESENT:
            raise DataError(
                gap.message,
                f"{ALL_NEEDED}; if no others were written, say so with --missing-shards present",
            )
        missing = MissingShards(table=source.name, shards=gap.shards, numbers=gap.numbers)
        cautions.append(missing)
    return cautions


def _open_shard(options: TableOptions, location: Location, header: bool | None) -> Table:
    """Open a file, as `_open` does; raise NoRows for one of no bytes, whatever its format is."""
    with suppress(OSError):  # told when it is opened
        status = os.stat(location.path)
        if stat.S_ISREG(status.st_mode) and not status.st_size:
            raise NoRows("the file is empty", file=visible(location.path), content=False)
    return _open(options, location, header)


def _open(options: TableOptions, location: Location, header: bool | None = None) -> Table:
    """Open a file; `header` says whether it has one, where the first shard decided that."""
    options = options._replace(
        key=location.key or options.key, header=options.header if header is None else header
    )
    stream, format_ = content_of(location.path, options)
    opened = load(format_.place, format_.extra, f"{stream.name}: reading it")
    table = cast(Table, opened(stream, options))
    table.format, table.read_by = format_.title, format_.options
    return table
