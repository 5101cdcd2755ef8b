"""The numbers in the names of shards: their order, and whether one is missing or there twice."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from glob import escape
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.wording import listed, quoted, visible
from lossctl.tables.formats import FORMATS
from lossctl.tables.streams.compression import COMPRESSIONS

ALL_NEEDED = "a table needs all of its shards"
_DIGITS = re.compile("([0-9]+)")
_HEXADECIMAL = re.compile("[0-9a-f]+|[0-9A-F]+")
_DATE = re.compile(
    r"""(?<![0-9])(?:
    (?:19|20)[0-9]{2} ([-_.]) (?:0[1-9]|1[0-2]) (?: \1 (?:0[1-9]|[12][0-9]|3[01]) )?
    | (?:19|20)[0-9]{2} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12][0-9]|3[01])
    | (?:0[1-9]|[12][0-9]|3[01]) ([-_.]) (?:0[1-9]|1[0-2]) \2 (?:19|20)[0-9]{2}
    ) (?: [-_T ] (?:[01][0-9]|2[0-3]) ([-_.:]?) [0-5][0-9] \3 [0-5][0-9] )? (?![0-9])""",
    re.VERBOSE,
)
"""A date, and a time of day behind it: 2024-01, 2024-01-05, 20240105, 05.01.2024, ..._101500."""
_OF_ALL = re.compile(
    r"(?<![0-9])([0-9]+)([-_. ]?)of\2([0-9]+)(?![0-9])(-[0-9a-f]{16}(?![0-9a-z]))?", re.IGNORECASE
)
"""The number of a shard and how many there are, and the hash that some versions write behind."""
_PARTITION = re.compile(r"[^=]+=.*")
_EXTENSIONS = {".zip", *COMPRESSIONS}.union(*(entry.extensions for entry in FORMATS.values()))
_YEARS = 1000
"""A series whose numbers are from here on starts where they do; others start at 0 or 1."""


class Gap(NamedTuple):
    """What is missing in the series that the names of shards make."""

    like: str
    """The name of one that is there."""
    numbers: str
    """The first of those that are missing."""
    shards: int
    """How many are missing."""
    first_is_there: bool
    """It lies behind the number 0, in names that do not say how many there are."""

    @property
    def message(self) -> str:
        """What is missing, as people are told."""
        return f"of the shards named like {quoted(self.like)} these are missing: {self.numbers}"


class _Named(NamedTuple):
    """A name in what its series is about: the texts between its numbers, and these."""

    path: str
    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    """As they are written."""
    total: int | None
    """So many there are, where the name says it; the shard's number is the last one then."""


def natural(path: str) -> list[tuple[int, str]]:
    """Return the key that sorts part-2 before part-10."""
    pieces = _DIGITS.split(path)
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
    return sorted(paths, key=str.lower)


def may_be_hexadecimal(paths: Sequence[str]) -> bool:
    """Return whether names differ in what may be hexadecimal numbers, some with letters."""
    names = [without_extensions(path) for path in paths]
    start = len(os.path.commonprefix(names))  # noqa: RUF071, by characters is what is meant
    numbers = [name[start:] for name in names]
    if len(numbers) < 2 or not all(map(_HEXADECIMAL.fullmatch, numbers)):
        return False
    return any(map(str.isdecimal, numbers)) and not all(map(str.isdecimal, numbers))


def is_partition(folder: str) -> bool:
    """Return whether a folder's name is that of a partition, such as day=1."""
    return _PARTITION.fullmatch(folder) is not None


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
    return _DIGITS.sub("#", path)


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


def gap_in(paths: Sequence[str]) -> Gap | None:
    """Return what is missing where names, in natural order, differ in one number alone.

    Raises DataError for a shard that is there twice, and for shards of several tables.
    """
    _refuse_one_name_twice(paths)
    return _gap_of([_named(path) for path in paths])


def numbers_of(*tables: Sequence[str]) -> list[frozenset[tuple[int, ...]]]:
    """Return the numbers by which the shards of some tables differ, a set a table.

    They are those, be it of a date, that are not the same in all names of a table or, where each
    table has a single shard, those of its name. Nothing is returned for names of another kind.
    """
    named = [[tuple(_DIGITS.findall(os.path.basename(path))) for path in table] for table in tables]
    if len({len(numbers) for table in named for numbers in table}) != 1:
        return [frozenset() for _ in tables]
    places = range(len(named[0][0]))
    varying = [i for i in places if any(len({name[i] for name in table}) > 1 for table in named)]
    if not varying and len(places) == 1:
        varying = [0]
    return [frozenset(tuple(int(name[i]) for i in varying) for name in table) for table in named]


def is_left_out(gap: Gap, paths: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether what is missing among paths is there among others, which lie beside them."""
    chosen = list(map(_named, paths))
    texts = {name.texts for name in chosen}
    beside = {(name.texts, name.numbers): name for name in [*chosen, *map(_named, others)]}
    of_all = _gap_of([name for name in beside.values() if name.texts in texts])
    return of_all is None or of_all.numbers != gap.numbers or of_all.shards != gap.shards


def _gap_of(names: Sequence[_Named]) -> Gap | None:
    if any(name.total is not None for name in names):
        return _gap_of_totals(names)
    if any(name.texts != names[0].texts for name in names):
        return None
    columns = list(zip(*(name.numbers for name in names), strict=True))
    varying = [i for i, column in enumerate(columns) if len(set(column)) > 1]
    if len(varying) != 1:
        return None
    numbers = list(map(int, columns[varying[0]]))
    _refuse_doubles(names, numbers)
    start = min(1, *numbers) if min(numbers) < _YEARS else min(numbers)
    # A task of an engine writes only into the partitions that it has rows of.
    first_is_there = start == 0 or _in_partitions(names)
    return _gap(names, numbers, range(start, max(numbers) + 1), first_is_there)


def _named(path: str) -> _Named:
    """Return what the series of a name is about: neither dates nor partitions."""
    folders = os.path.dirname(path).split("/")
    kept = [folder for folder in folders if not is_partition(folder)]
    bare = "/".join([*kept, os.path.basename(without_extensions(path))])
    bare = _DATE.sub(lambda date: _DIGITS.sub("#", date[0]), bare)
    of_all = _OF_ALL.search(bare)
    if of_all:
        texts = bare[: of_all.start()], bare[of_all.end() :]
        return _Named(path, texts, (of_all[1],), int(of_all[3]))
    pieces = _DIGITS.split(bare)
    return _Named(path, tuple(pieces[::2]), tuple(pieces[1::2]), None)


def _gap_of_totals(names: Sequence[_Named]) -> Gap | None:
    """Return what is missing where names say how many shards there are."""
    series: dict[tuple[str, ...], list[_Named]] = {}
    for name in names:
        if name.total is not None:
            series.setdefault(name.texts, []).append(name)
    for shards in series.values():
        totals = {shard.total or 0 for shard in shards}
        numbers = [int(shard.numbers[0]) for shard in shards]
        if len(totals) > 1:
            shown = visible(shards[0].path)
            raise DataError(f"{shown} and others are shards of several tables", ALL_NEEDED)
        total = totals.pop()
        _refuse_doubles(shards, numbers)
        if len(shards) > total and not _in_partitions(shards):
            raise DataError(f"{len(shards)} shards where their names say {total}", ALL_NEEDED)
        start = min(1, *numbers)
        if gap := _gap(shards, numbers, range(start, start + total), False):
            return gap
    return None


def several_tables(paths: Sequence[str]) -> list[str]:
    """Return one of each table's shards where names that say how many there are name several."""
    names = [_named(path) for path in paths if "of" in path.lower()]
    names = [name for name in names if name.total is not None]
    return list({name.texts: name.path for name in names}.values())


def pattern_of(path: str) -> str:
    """Return the pattern of the shards of one's table, whose names say how many they are."""
    folder, name = os.path.split(path)
    shown = _OF_ALL.sub(r"[0-9]*\2of\2\3*", escape(name))
    return os.path.join(folder, shown)


def _gap(
    names: Sequence[_Named], numbers: Sequence[int], wanted: range, first_is_there: bool
) -> Gap | None:
    there = set(numbers)
    count = len(wanted) - len(there)
    if not count:
        return None
    missing: Iterator[str] = (str(number) for number in wanted if number not in there)
    return Gap(os.path.basename(names[0].path), listed(missing, 5), count, first_is_there)


def _in_partitions(names: Sequence[_Named]) -> bool:
    return any(is_partition(folder) for n in names for folder in n.path.split("/")[:-1])


def _refuse_doubles(names: Sequence[_Named], numbers: Sequence[int]) -> None:
    """Raise DataError for a number that comes twice; each partition has numbers of its own."""
    seen: dict[tuple[str, int], str] = {}
    partitions = _in_partitions(names)
    for name, number in zip(names, numbers, strict=True):
        key = os.path.dirname(name.path) if partitions else "", number
        if key in seen:
            pair = f"{visible(seen[key])} and {visible(name.path)}"
            raise DataError(f"{pair}: shard {number} is there twice")
        seen[key] = name.path


def _refuse_one_name_twice(paths: Sequence[str]) -> None:
    """Raise DataError for files of one name that are written otherwise: a.csv and a.csv.gz."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(without_extensions(path), path)
        if other is not path:
            raise DataError(
                f"{visible(other)} and {visible(path)}: is one the other's copy?",
                "if it is, leave one of them out; if it is not, give it a name of its own",
            )
