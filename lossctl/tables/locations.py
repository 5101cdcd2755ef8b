"""The files that an input stands for, and whether two of them are one."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.warnings import Caution
from lossctl.base.wording import visible
from lossctl.tables.streams.source import STDIN

if TYPE_CHECKING:
    from lossctl.tables.gaps import Gap


class Location(NamedTuple):
    """A file, or one array in it."""

    path: str
    key: str | None = None


class Found(NamedTuple):
    """The files that an input stands for, and what they leave to be said."""

    locations: tuple[Location, ...]
    gap: "Gap | None" = None
    """What the series of their names lacks."""
    complete: bool = False
    """An engine says that all of its shards are there: some may have no rows, or not be there."""
    cautions: tuple[Caution, ...] = ()
    one_number: tuple[str, str] | None = None
    """Two that have the same number, where nobody named them: what two runs leave."""
    out_of_time: tuple[str, str] | None = None
    """Two that, where nobody named them, do not stand in the order of the dates in their names."""
    by_words: tuple[str, ...] = ()
    """What they are called by, where nobody named them, and names hold no numbers."""


def one_file(
    some: Iterable[Location], others: Iterable[Location], key: str | None = None
) -> tuple[str, str] | None:
    """Return the names of one of some and one of others that are the same array, if any are.

    `key` is the array that is meant where a location names none.
    """
    known: dict[tuple[object, ...], list[Location]] = {}
    for location in some:
        known.setdefault(identity(location.path), []).append(location)
    for location in others:
        for other in known.get(identity(location.path), []):
            keys = location.key or key, other.key or key
            if None in keys or keys[0] == keys[1]:
                return other.path, location.path
    return None


def as_written(path: str, folder: str) -> str:
    """Return a path or a pattern as a shell takes it for one argument, for hints.

    `folder` is what paths are relative to where they are written, be it that of a file of checks.
    """
    from shlex import quote

    return quote(visible(path.removeprefix(os.path.join(folder, ""))))


def identity(path: str) -> tuple[object, ...]:
    """Return what two names of one file have in common."""
    path = "/dev/stdin" if path == STDIN else path
    with suppress(OSError):
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            return status.st_dev, status.st_ino
    return (os.path.realpath(path),)
