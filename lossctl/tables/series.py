"""The numbers in the names of shards: their order, and what names are without them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import visible
from lossctl.tables.formats import FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS

DIGITS = re.compile("([0-9]+)")
_HEXADECIMAL = re.compile("[0-9a-f]+|[0-9A-F]+")
_PARTITION = re.compile(r"[^=]+=.*")
_MARK = re.compile(
    r"(?<=[0-9])[-_.][0-9]{9,}\Z|\A[0-9]{9,}[-_.](?=.*[0-9])|(?<=\A[0-9]{6})_[0-9]{1,3}\Z"
)
_LETTERS = 2
"""So many letters at the end count, as digits do."""
_SHORT = 4
"""Longer numbers in the names of partitions are dates."""
_EXTENSIONS = {".zip", *COMPRESSIONS}.union(*(entry.extensions for entry in FORMATS.values()))


def natural(path: str) -> list[tuple[int, str]]:
    """Return the key that sorts part-2 before part-10."""
    pieces = DIGITS.split(path)
    return [(int(piece), piece) if i % 2 else (0, piece) for i, piece in enumerate(pieces)]


def in_order(paths: Sequence[str]) -> list[str]:
    """Return paths in the order of the numbers in them.

    Numbers of one width are in order as they are written, hexadecimal ones, too. Raises DataError
    where they may be hexadecimal and are not of one width.
    """
    ordered = sorted(paths, key=natural)
    if not may_be_hexadecimal(ordered):
        return ordered
    if len({len(without_extensions(path)) for path in ordered}) > 1:
        raise DataError(
            f"{visible(ordered[0])} and the other shards may have hexadecimal numbers in their "
            "names",
            "give them numbers of one width, or name them one by one in their order",
        )
    return sorted(paths, key=lambda path: (natural(os.path.dirname(path)), path.lower()))


def may_be_hexadecimal(paths: Sequence[str]) -> bool:
    """Return whether names differ in what may be hexadecimal numbers, some with letters.

    The partitions of one folder that they are in have no part in it.
    """
    numbers = _behind_start([without_partitions(without_extensions(path)) for path in paths])
    if len(numbers) < 2 or not all(map(_HEXADECIMAL.fullmatch, numbers)):
        return False
    return any(map(str.isdecimal, numbers)) and not all(map(str.isdecimal, numbers))


def is_partition(folder: str) -> bool:
    """Return whether a folder's name is that of a partition, such as day=1."""
    return _PARTITION.fullmatch(folder) is not None


def without_partitions(path: str) -> str:
    """Return a path without the folders in it that are partitions."""
    *folders, name = path.split("/")
    return "/".join([*(folder for folder in folders if not is_partition(folder)), name])


def partitions_of(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the partitions that paths lie in, in their order, by what is not the same in all.

    A whole number goes with its name, as day=1 and day=01 are the same, and hour=1 is not; whatever
    else, such as a date, stands for itself.
    """
    folders = [[*filter(is_partition, path.split("/")[:-1])] for path in paths]
    levels = [level for level in zip(*folders, strict=False) if len({*level}) > 1]
    return list(dict.fromkeys(zip(*(map(_partition, level) for level in levels), strict=True)))


def _partition(folder: str) -> str:
    name, value = folder.split("=", 1)
    return f"{name}={int(value)}" if value.isdecimal() and len(value) <= _SHORT else value


def without_extensions(path: str) -> str:
    """Return a path without what only says how the file is written."""
    while True:
        bare, extension = os.path.splitext(path)
        if extension.lower() not in _EXTENSIONS:
            return path
        path = bare


def ending_of(path: str) -> str:
    """Return what says how a file is written, such as .csv.gz; nothing where that is not known."""
    return path[len(without_extensions(path)) :]


def without_numbers(path: str) -> str:
    """Return a path with a mark for each number in it, whichever it is."""
    return DIGITS.sub("#", path)


def out_of_order(paths: Sequence[str]) -> bool:
    """Return whether names that differ in numbers alone do not stand in the order of these."""
    last: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for path in paths:
        key = natural(without_extensions(path))
        texts = tuple(text for _, text in key[::2])
        if last.get(texts, key) > key:
            return True
        last[texts] = key
    return False


def bare_names(paths: Sequence[str]) -> list[str]:
    """Return paths without extensions, and without what writers put beside the number of a shard.

    That is a time of writing or another long number (part-0-1764240001), or that of an attempt, as
    Hive has it (000001_1). Where two would be called the same, nothing is left out.
    """
    whole = list(map(without_extensions, paths))
    bare = [os.path.join(os.path.dirname(p), _MARK.sub("", os.path.basename(p))) for p in whole]
    return bare if len({*bare}) == len(bare) else whole


def numbers_of(*tables: Sequence[str]) -> list[list[tuple[int, ...]]]:
    """Return the numbers by which the shards of some tables differ, in their order.

    They are those, be it of a date, that are not the same in all names of a table or, where each
    table has a single shard, those of its name. Nothing is returned for names of another kind.
    """
    bare = map(bare_names, tables)
    named = [[tuple(DIGITS.findall(os.path.basename(path))) for path in table] for table in bare]
    if len({len(numbers) for table in named for numbers in table}) != 1:
        return [[] for _ in tables]
    places = range(len(named[0][0]))
    varying = [i for i in places if any(len({name[i] for name in table}) > 1 for table in named)]
    if not varying and len(places) == 1:
        varying = [0]
    return [[tuple(int(name[i]) for i in varying) for name in table] for table in named]


def words_of_shards(paths: Sequence[str]) -> tuple[str, ...]:
    """Return what several shards are called where no name has a number, nor counts by letters.

    Those of `split`, xaa and xab, and part-a and part-b do.
    """
    names = [os.path.basename(without_extensions(path)) for path in paths]
    if len(names) < 2 or any(char.isdecimal() for name in names for char in name):
        return ()
    ends = [*map(len, _behind_start(names))]
    return () if min(ends) == max(ends) <= _LETTERS else tuple(names)


def _behind_start(names: Sequence[str]) -> list[str]:
    """Return what names have behind the characters with which all of them begin."""
    start = len(os.path.commonprefix(names))  # noqa: RUF071, by characters is what is meant
    return [name[start:] for name in names]
