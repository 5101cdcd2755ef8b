"""What a path on the command line stands for: a file, an array in it, or the shards of a table."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from glob import glob, has_magic
from typing import NamedTuple

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import listed, quoted, visible
from lossctl.tables.formats import FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS
from lossctl.tables.streams.source import STDIN

_DIGITS = re.compile("([0-9]+)")
_EXTENSIONS = {".zip", *COMPRESSIONS}.union(*(entry.extensions for entry in FORMATS.values()))
_YEARS = 1000
"""A series whose numbers are from here on starts where they do; others start at 0 or 1."""
_ALL_NEEDED = "a table needs all of its shards"


class Location(NamedTuple):
    """A file, or one array in it."""

    path: str
    key: str | None = None


def locate(text: str) -> tuple[Location, ...]:
    """Return the files that a path, a folder, a pattern or a list with commas names.

    What exists under the very name is meant. Raises DataError for a pattern that matches nothing,
    a folder without files, and shards that are not all there or there twice.
    """
    if os.path.isdir(text):
        return shards_of(_files_in(text), text)
    if text == STDIN or os.path.lexists(text):
        return (Location(text),)
    path, colon, key = text.rpartition(":")
    if colon and path.lower().endswith(".npz"):
        return tuple(location._replace(key=key) for location in locate(path))
    if has_magic(text):
        return shards_of([path for path in glob(text) if not os.path.isdir(path)], text)
    if "," in text:
        return shards_of(text.split(","), text)
    return (Location(text),)


def shards_of(paths: Iterable[str], given: str) -> tuple[Location, ...]:
    """Return several paths in natural order; raise DataError if one is missing or comes twice."""
    ordered = sorted(paths, key=_natural)
    if not ordered:
        raise DataError(f"{visible(given)}: no file there")
    _require_distinct(ordered)
    _require_all(ordered)
    return tuple(Location(path) for path in ordered)


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


def _files_in(folder: str) -> list[str]:
    """Return the files of a folder but hidden ones and such as _SUCCESS."""
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise ResourceError(f"{visible(folder)}: {error.strerror}") from None
    shards = [name for name in names if not (name.startswith((".", "_")) or _beside(name, names))]
    return [os.path.join(folder, name) for name in shards]


def _beside(name: str, names: list[str]) -> bool:
    """Return whether a file stands beside the shards of Hugging Face's datasets, and is none."""
    if not any(other.endswith(".arrow") for other in names):
        return False
    is_cache = name.startswith("cache-") and name.endswith(".arrow") and "state.json" in names
    return is_cache or name in ("dataset_info.json", "state.json")


def _natural(path: str) -> list[tuple[int, str]]:
    """Return the key that sorts part-2 before part-10."""
    pieces = _DIGITS.split(path)
    return [(int(piece), piece) if i % 2 else (0, piece) for i, piece in enumerate(pieces)]


def _require_distinct(paths: list[str]) -> None:
    first: dict[tuple[object, ...], str] = {}
    for path in paths:
        other = first.setdefault(_identity(path), path)
        if other is not path:
            raise DataError(f"{visible(other)} and {visible(path)} are one file", _ALL_NEEDED)


def _require_all(paths: list[str]) -> None:
    """Raise DataError for a gap or a repetition where the names differ in one number alone."""
    bare = [without_extensions(path) for path in paths]
    if len(set(bare)) < len(bare):
        path, other = [paths[i] for i, name in enumerate(bare) if bare.count(name) > 1][:2]
        raise DataError(f"{visible(path)} and {visible(other)}: is one the other's copy?")
    pieces = [_DIGITS.split(path) for path in bare]
    texts, numbers = pieces[0][0::2], list(zip(*(p[1::2] for p in pieces), strict=False))
    if any(other[0::2] != texts for other in pieces):
        return
    of = [i for i in range(len(numbers) - 1) if texts[i + 1] == "-of-"]
    varying = [i for i, column in enumerate(numbers) if len(set(column)) > 1]
    if of and len(set(numbers[of[0] + 1])) > 1:
        raise DataError(f"{visible(paths[0])} and others are shards of several tables", _ALL_NEEDED)
    position = varying or of
    if len(position) != 1:
        return
    series = [int(number) for number in numbers[position[0]]]
    for number, path, before in zip(series[1:], paths[1:], paths, strict=False):
        if series.count(number) > 1:
            raise DataError(f"{visible(before)} and {visible(path)}: shard {number} is there twice")
    start = min(1, *series) if min(series) < _YEARS else min(series)
    total = int(numbers[of[0] + 1][0]) if of == position else max(series) - start + 1
    if of == position and len(series) > total:
        raise DataError(f"{len(series)} shards where their names say {total}", _ALL_NEEDED)
    missing = listed(map(str, _gaps(series, start, total)), 5)
    if missing:
        like = quoted(os.path.basename(paths[0]))
        raise DataError(
            f"of the shards named like {like} these are missing: {missing}", _ALL_NEEDED
        )


def without_extensions(path: str) -> str:
    """Return a path without what only says how the file is written."""
    while True:
        bare, extension = os.path.splitext(path)
        if extension.lower() not in _EXTENSIONS:
            return path
        path = bare


def _gaps(series: list[int], start: int, total: int) -> Iterator[int]:
    there = set(series)
    return (i for i in range(start, start + total) if i not in there)
