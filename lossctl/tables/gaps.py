"""What is missing, or there twice, in the series that the names of shards make."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from glob import escape
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.wording import listed, quoted, visible
from lossctl.tables.dates import DATE
from lossctl.tables.series import (
    DIGITS,
    bare_names,
    is_partition,
    may_be_hexadecimal,
    without_extensions,
    without_partitions,
)

ALL_NEEDED = "a table needs all of its shards"
_OF_ALL = re.compile(
    r"(?<![0-9])([0-9]+)([-_. ]?)of\2([0-9]+)(?![0-9])(-[0-9a-f]{16}(?![0-9a-z]))?", re.IGNORECASE
)
"""The number of a shard and how many there are, and the hash that some versions write behind."""
_HASH = re.compile(r"[-_.](?=[^0-9]*[0-9])[0-9a-z]{4,}(?:[-_.][0-9a-z]+)*", re.IGNORECASE)
"""What writers have behind the number of a shard, so that no two of their runs meet."""
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{4,}\Z")
"""Shorter numbers are no hexadecimal ones of an engine."""
_SPLIT = re.compile(
    r"(?<![^-_./0-9])(train|training|test|val|valid|validation|dev|holdout)(?![^-_./0-9])", re.I
)
"""What the parts of data are called that are evaluated each on its own."""
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

    def up_to(self, number: int) -> _Named | None:
        """Return the name without the hash behind that number; None if there is something else."""
        pairs = zip(self.numbers[number + 1 :], self.texts[number + 2 :], strict=True)
        behind = self.texts[number + 1] + "".join(map("".join, pairs))
        if not _HASH.fullmatch(behind):
            return None
        return self._replace(texts=self.texts[: number + 1], numbers=self.numbers[: number + 1])


def gap_in(paths: Sequence[str], of_engine: bool = False) -> Gap | None:
    """Return what is missing where names, in natural order, differ in one number alone.

    An engine, which says that it is, counts from 0. Raises DataError for a shard that is there
    twice, and for shards of several tables.
    """
    _refuse_one_name_twice(paths)
    names = _all_named(paths)
    return _gap_of_hexadecimals(names) if may_be_hexadecimal(paths) else _gap_of(names, of_engine)


def is_left_out(gap: Gap, paths: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether what is missing among paths is there among others, which lie beside them."""
    chosen = _all_named(list(paths))
    texts = {name.texts for name in chosen}
    beside = {(name.texts, name.numbers): name for name in [*chosen, *_all_named(list(others))]}
    of_all = _gap_of([name for name in beside.values() if name.texts in texts])
    return of_all is None or of_all.numbers != gap.numbers or of_all.shards != gap.shards


def _gap_of_hexadecimals(names: Sequence[_Named]) -> Gap | None:
    """Return what is missing where names end in hexadecimal numbers, unless these are hashes."""
    written = [_HEXADECIMAL.search(without_extensions(name.path)) for name in names]
    numbers = [int(found[0], 16) for found in written if found is not None]
    if len(numbers) < len(names) or max(numbers) > 2 * len(numbers):
        return None
    return _gap(names, numbers, range(min(1, *numbers), max(numbers) + 1), False, "x")


def _gap_of(names: Sequence[_Named], of_engine: bool = False) -> Gap | None:
    if any(name.total is not None for name in names):
        return _gap_of_totals(names)
    alike = _alike(names)
    if not alike:
        return None
    columns = list(zip(*(name.numbers for name in alike), strict=True))
    varying = [i for i, column in enumerate(columns) if len(set(column)) > 1]
    if len(varying) > 1:
        return _gap_of_groups(alike, varying)
    if not varying:
        return None
    numbers = list(map(int, columns[varying[0]]))
    _refuse_doubles(names, numbers)
    start = min(1, *numbers) if min(numbers) < _YEARS else min(numbers)
    # A task of an engine writes only into the partitions that it has rows of.
    partitions = _in_partitions(names)
    first_is_there = start == 0 or partitions
    start = 0 if of_engine and not partitions else start
    return _gap(names, numbers, range(start, max(numbers) + 1), first_is_there)


def _alike(names: Sequence[_Named]) -> list[_Named]:
    """Return names that differ in their numbers alone, but for what each has behind the first one.

    That may be a hash of its own, as in part-0-5e1f and part-1-9c3d. Nothing is returned for names
    of several kinds.
    """
    if all(name.texts == names[0].texts for name in names):
        return list(names)
    numbers = zip(*(name.numbers for name in names), strict=False)
    varying = next((i for i, found in enumerate(numbers) if len({*found}) > 1), None)
    if varying is None:
        return []
    cut = [short for name in names if (short := name.up_to(varying)) is not None]
    before = {name.texts + name.numbers[:-1] for name in cut}
    distinct = len({name.numbers for name in cut}) == len(names)
    return cut if distinct and len(before) == 1 else []


def _gap_of_groups(names: Sequence[_Named], varying: Sequence[int]) -> Gap | None:
    """Return what is missing where several numbers vary: of the last one, for the same others.

    It is what others have between the least and the greatest one.
    """
    groups: dict[tuple[str, ...], list[_Named]] = {}
    for name in names:
        groups.setdefault(tuple(name.numbers[i] for i in varying[:-1]), []).append(name)
    if len({name.numbers[varying[-1]] for name in names}) == len(names):  # they are one series
        return None
    known = {int(name.numbers[varying[-1]]) for name in names}
    for group in groups.values():
        numbers = [int(name.numbers[varying[-1]]) for name in group]
        if len({*numbers}) < len(numbers):  # more than these numbers tells them apart
            return None
        wanted = sorted(number for number in known if min(numbers) <= number <= max(numbers))
        if gap := _gap(group, numbers, wanted, False):
            return gap
    return None


def _all_named(paths: Sequence[str]) -> list[_Named]:
    """Return what the series of names is about, without times of writing and attempts."""
    return list(map(_named, paths, bare_names(paths)))


def _named(path: str, bare: str | None = None) -> _Named:
    """Return what the series of a name is about: neither dates nor partitions.

    `bare` is what is left of the path without extensions, if it is more that is left out.
    """
    bare = without_partitions(without_extensions(path) if bare is None else bare)
    bare = DATE.sub(lambda date: DIGITS.sub("#", date[0]), bare)
    of_all = _OF_ALL.search(bare)
    if of_all:
        texts = bare[: of_all.start()], bare[of_all.end() :]
        return _Named(path, texts, (of_all[1],), int(of_all[3]))
    pieces = DIGITS.split(bare)
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


def one_number_twice(paths: Sequence[str]) -> tuple[str, str] | None:
    """Return two shards of one number, each with a hash behind it, as two runs leave them.

    Several runs may be one table, but whose rows are first is not known. None if there are none.
    """
    names = [_named(path) for path in paths]
    if any(name.total is not None for name in names) or len(names) < 2:
        return None
    for number in range(min(len(name.numbers) for name in names)):
        alike: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}
        for cut in filter(None, (name.up_to(number) for name in names)):
            alike.setdefault(cut.texts, {}).setdefault(cut.numbers, []).append(cut.path)
        for shards in alike.values():
            counted = {numbers[-1] for numbers in shards}
            if len(counted) == 1 and int(*counted):
                continue  # of a user or a model, rather than of a shard
            if twice := next((two for two in shards.values() if len(two) > 1), None):
                return twice[0], twice[1]
    return None


def several_tables(paths: Sequence[str]) -> list[list[str]]:
    """Return the shards of each table where names tell several: of so many, or train and test."""
    tables: dict[tuple[str, ...], list[str]] = {}
    for name in (_named(path) for path in paths if "of" in path.lower()):
        if name.total is not None:
            tables.setdefault(name.texts, []).append(name.path)
    if not tables:
        for path in sorted(paths):
            if split := tuple(_SPLIT.findall(path.lower())):
                tables.setdefault(split, []).append(path)
    return list(tables.values())


def pattern_of(path: str) -> str | None:
    """Return the pattern of the shards of one's table, if their names say how many they are."""
    folder, name = os.path.split(path)
    shown, found = _OF_ALL.subn(r"[0-9]*\2of\2\3*", escape(name))
    return os.path.join(folder, shown) if found else None


def _gap(
    names: Sequence[_Named],
    numbers: Sequence[int],
    wanted: Sequence[int],
    first_is_there: bool,
    base: str = "d",
) -> Gap | None:
    there = set(numbers)
    count = len(wanted) - len(there)
    if not count:
        return None
    missing: Iterator[str] = (format(number, base) for number in wanted if number not in there)
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
