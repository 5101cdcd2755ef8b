"""What a path stands for: a file, an array in it, or the shards of a table."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from glob import has_magic
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import visible
from lossctl.tables import folders, series
from lossctl.tables.formats import KEYED
from lossctl.tables.streams.source import STDIN
from lossctl.tables.warnings import ShardsOutOfOrder, SubfoldersNotRead


class Location(NamedTuple):
    """A file, or one array in it."""

    path: str
    key: str | None = None


class Found(NamedTuple):
    """The files that an input stands for, and what they leave to be said."""

    locations: tuple[Location, ...]
    gap: series.Gap | None = None
    """What the series of their names lacks."""
    complete: bool = False
    """An engine says that all of its shards are there: some may have no rows, or not be there."""
    cautions: tuple[Caution, ...] = ()


class Meaning(NamedTuple):
    """What a text means as a path, which is settled once, before anything is looked for."""

    name: str
    """What reports call it."""
    paths: tuple[str, ...] = ()
    """The one file or folder, or the shards that are named one by one."""
    listed: bool = False
    """They are shards, be it only one."""
    pattern: tuple[str, str] | None = None
    """A pattern, and the folder it holds in, which is no part of it."""
    key: str | None = None

    def found(self) -> Found:
        """Return the files that are there.

        Raises DataError for a pattern that matches nothing, for a folder without files or with
        files that are no shards of one table, and for shards that are there twice.
        """
        if self.pattern is not None:
            found = _of_pattern(self.name, *self.pattern)
        elif self.listed:
            found = _of_list(self.paths, self.name)
        elif os.path.isdir(self.paths[0]):
            found = _of_folder(self.paths[0])
        else:
            return Found((Location(self.paths[0], self.key),))
        locations = tuple(location._replace(key=self.key) for location in found.locations)
        return found._replace(locations=locations)


def meaning_of(text: str, folder: str = "") -> Meaning:
    """Return what a text means in a folder: what exists under its very name, and only then others.

    These are an array of an NPZ file (file.npz:name), a pattern, and a list with commas.
    """
    at = relative_to(folder, text)
    if text == STDIN or os.path.lexists(at):
        return Meaning(at, (at,))
    path, colon, key = text.rpartition(":")
    if colon and path.lower().endswith(KEYED):
        meant = meaning_of(path, folder)
        return meant._replace(name=f"{meant.name}:{key}", key=key)
    listed = one_by_one(text.split(","), folder)
    if len(listed.paths) > 1 and any(map(os.path.lexists, listed.paths)):
        return listed
    inside, pattern = _split(text, folder)
    if has_magic(pattern):
        return Meaning(listed.name, pattern=(pattern, inside))
    return listed if len(listed.paths) > 1 else Meaning(at, (at,))


def one_by_one(paths: Sequence[str], folder: str = "") -> Meaning:
    """Return what paths mean that name a shard each."""
    shards = tuple(relative_to(folder, path) for path in paths)
    return Meaning(",".join(shards), shards, listed=True)


def relative_to(folder: str, path: str) -> str:
    """Return a path that is relative to `folder` as it is from here; - is no path, but stdin."""
    return path if path == STDIN else os.path.join(folder, path)


def _split(text: str, folder: str) -> tuple[str, str]:
    """Return the deepest folder that a text begins with by its very name, and the rest of it."""
    inside, rest = folder, text
    while "/" in rest:
        name, _, below = rest.partition("/")
        deeper = os.path.join(inside, f"{name}/" if name or rest == text else "")
        if not os.path.isdir(deeper):
            break
        inside, rest = deeper, below
    return inside, rest


def _of_list(paths: Sequence[str], name: str) -> Found:
    """Return shards that are named one by one, in this order; raise DataError if one comes twice.

    Whoever names them chooses them, also among files that a table no longer has.
    """
    found = _shards(paths)
    inside = {os.path.dirname(path) for path in paths}
    if found.gap is not None and all(map(folders.is_logged, inside)):
        found = found._replace(complete=True)
    cautions = (ShardsOutOfOrder(table=name),) if series.out_of_order(paths) else ()
    return found._replace(locations=tuple(map(Location, paths)), cautions=cautions)


def _of_folder(folder: str) -> Found:
    folders.refuse_logged([folder])
    folders.refuse_unfinished(folder)
    contents = folders.contents_of(folder)
    folders.refuse_partitions(folder, contents)
    if not contents.files:
        raise folders.nothing_in(folder, contents)
    _refuse_several_tables(contents.files, folder)
    found = _shards(contents.files)
    if contents.folders:
        inner = sorted(map(os.path.basename, contents.folders))
        return found._replace(cautions=(SubfoldersNotRead(table=folder, folders=tuple(inner)),))
    return found


def _of_pattern(name: str, pattern: str, folder: str) -> Found:
    contents = folders.matching(pattern, folder)
    if not contents.files:
        hint = None
        if contents.folders:
            hint = "it matches folders: to read the files in them, add /* to it"
        raise DataError(f"{visible(name)}: no file there", hint)
    folders.refuse_logged(sorted({os.path.dirname(path) for path in contents.files}))
    _refuse_several_tables(contents.files, name)
    return _shards(contents.files)


def _shards(paths: Iterable[str]) -> Found:
    """Return several paths in natural order; raise DataError if one comes twice."""
    ordered = sorted(paths, key=series.natural)
    _require_distinct(ordered)
    gap = series.gap_in(ordered)
    inside = {os.path.dirname(path) for path in ordered}
    complete = all(map(folders.is_complete, inside))
    if gap is not None and complete:
        beside = [path for folder in inside for path in folders.contents_of(folder).files]
        complete = gap.first_is_there and not series.is_left_out(gap, ordered, beside)
    return Found(tuple(map(Location, ordered)), gap, complete)


def _refuse_several_tables(paths: Sequence[str], name: str) -> None:
    """Raise DataError for files that nobody named, of more than one table by their names."""
    tables = series.several_tables(paths)
    if len(tables) > 1:
        raise DataError(
            f"{visible(name)}: has shards of {len(tables)} tables, such as {visible(tables[0])} "
            f"and {visible(tables[1])}",
            f"say which is meant with a pattern, such as {series.pattern_of(tables[0])}",
        )


def one_file(
    some: Iterable[Location], others: Iterable[Location], key: str | None = None
) -> tuple[str, str] | None:
    """Return the names of one of some and one of others that are the same array, if any are.

    `key` is the array that is meant where a location names none.
    """
    known: dict[tuple[object, ...], list[Location]] = {}
    for location in some:
        known.setdefault(_identity(location.path), []).append(location)
    for location in others:
        for other in known.get(_identity(location.path), []):
            keys = location.key or key, other.key or key
            if None in keys or keys[0] == keys[1]:
                return other.path, location.path
    return None


def _identity(path: str) -> tuple[object, ...]:
    """Return what two names of one file have in common."""
    path = "/dev/stdin" if path == STDIN else path
    with suppress(OSError):
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            return status.st_dev, status.st_ino
    return (os.path.realpath(path),)


def _require_distinct(paths: Iterable[str]) -> None:
    first: dict[tuple[object, ...], str] = {}
    for path in paths:
        other = first.setdefault(_identity(path), path)
        if other is not path:
            raise DataError(f"{visible(other)} and {visible(path)} are one file", series.ALL_NEEDED)
