"""From an input to its table."""

from __future__ import annotations

from functools import partial
from typing import cast

from lossctl.base.registry import load
from lossctl.tables.content import content_of
from lossctl.tables.inputs import Input
from lossctl.tables.locations import Location
from lossctl.tables.table import Table, TableOptions


def open_table(source: Input, options: TableOptions, role: str) -> Table:
    """Open an input as a table; `role` names an array in messages.

    Raises ResourceError if a file cannot be opened and DataError if it holds no table.
    """
    if source.is_array:
        from lossctl.tables.memory import MemoryTable

        return MemoryTable(source.given, role)
    locations = source.locations
    if len(locations) == 1:
        return _open(options, locations[0])
    from lossctl.tables.shards import Shards

    name = source.name or role
    given, read = name.split(","), [location.path for location in locations]
    openers = [partial(_open, options._replace(shard=True), location) for location in locations]
    reordered = given != read and sorted(given) == sorted(read)
    return Shards(name, openers, reordered=reordered, hashed=options.hashed)


def _open(options: TableOptions, location: Location, header: bool | None = None) -> Table:
    """Open a file; `header` says whether it has one, where the first shard decided that."""
    options = options._replace(
        key=location.key or options.key, header=options.header if header is None else header
    )
    stream, format_ = content_of(location.path, options)
    opened = load(format_.place, format_.extra, f"{stream.name}: reading it")
    return cast(Table, opened(stream, options))
