"""A file, a stream or an array -> rows of float64; one module a format, imported when used."""

from __future__ import annotations

import os
from functools import partial
from typing import cast

from lossctl.base.registry import load
from lossctl.tables.content import content_of
from lossctl.tables.locations import Location, locate, shards_of
from lossctl.tables.table import Table, TableOptions


def open_table(source: object, options: TableOptions, role: str) -> Table:
    """Open a path, a list of paths, or an array, as a table; `role` names an array in messages.

    Raises ResourceError if a file cannot be opened and DataError if it holds no table.
    """
    locations = locations_of(source, options.key)
    if not locations:
        from lossctl.tables.memory import ArrayTable

        return ArrayTable(source, role)
    if len(locations) == 1:
        return _open(locations[0], options)
    from lossctl.tables.shards import Shards

    openers = [partial(_open_shard, location, options) for location in locations]
    name = name_of(source) or role
    given, read = name.split(","), [location.path for location in locations]
    return Shards(name, openers, given != read and sorted(given) == sorted(read))


def locations_of(source: object, key: str | None = None) -> tuple[Location, ...]:
    """Return the files a path, or a list of pathlib's paths, stands for; none for an array.

    `key` names an array in those whose path does not.
    """
    found: tuple[Location, ...] = ()
    if isinstance(source, str | os.PathLike):
        found = locate(os.fsdecode(source))
    elif _are_paths(source):
        found = shards_of(map(os.fsdecode, cast(list[str], source)), name_of(source) or "")
    return tuple(location if location.key else location._replace(key=key) for location in found)


def name_of(source: object) -> str | None:
    """Return what reports call an input: its path or paths; None for an array."""
    if isinstance(source, str | os.PathLike):
        return os.fsdecode(source)
    return ",".join(map(os.fsdecode, cast(list[str], source))) if _are_paths(source) else None


def _are_paths(source: object) -> bool:
    """Return whether it is a list of paths; one of mere text is of class labels."""
    is_list = isinstance(source, list | tuple) and len(source) > 0
    return is_list and all(isinstance(path, os.PathLike) for path in cast(list[object], source))


def _open(location: Location, options: TableOptions) -> Table:
    options = options._replace(key=location.key)
    stream, entry = content_of(location.path, options)
    return cast(Table, load(entry.place)(stream, options))


def _open_shard(location: Location, options: TableOptions, header: bool | None) -> Table:
    return _open(location, options if header is None else options._replace(header=header))
