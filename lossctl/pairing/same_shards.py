"""Whether the shards of two tables seem to be of the same rows, by what they are called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import listed, visible
from lossctl.pairing.naming import Names, cuts
from lossctl.pairing.warnings import SameShards, ShardsByWords
from lossctl.pairing.words import SHOWN
from lossctl.tables.inputs import Input
from lossctl.tables.series import numbers_of, out_of_order, partitions_of, without_extensions

_ENDS = 1 << 12
"""So many bytes at the start and at the end of a file tell most files from others."""
_LEAST = 64
"""Files of fewer bytes may be the same by chance."""


def refuse_other_shards(predictions: Input, targets: Input) -> None:
    """Raise DataError where the shards of both seem to be of other rows, by numbers or words.

    So it is where some are missing, and where there are as many of other numbers, such as dates;
    but some count from 0, and some from 1.
    """
    both = predictions, targets
    paths = [
        [] if source.is_array else [place.path for place in source.locations] for source in both
    ]
    _refuse_other_times(both, paths)
    for source in both:
        if not source.is_array and (twice := source.found.one_number):
            raise DataError(
                f"{source.name}: {' and '.join(map(visible, twice))} have the same number, as "
                "shards of two runs: which rows are first?",
                "pair the rows with --id; or name the shards in their order, with commas between",
            )
    inside = [partitions_of(known) for known in paths]
    if all(inside) and inside[0] != inside[1]:
        days, others = ({"/".join(parts) for parts in side} for side in inside)
        raise _others(both, sorted(days - others), sorted(others - days))
    missing = any(known and source.found.gap for known, source in zip(paths, both, strict=True))
    if not all(paths) or not (missing or len(paths[0]) == len(paths[1]) > 1):
        return
    here, there = numbers_of(*paths)
    if any(map(out_of_order, paths)):  # as somebody wrote them down
        here, there = sorted(here), sorted(there)
    if here != there and (missing or _is_other_series(here, there)):
        alone = sorted({*here} - {*there}), sorted({*there} - {*here})
        raise _others(both, *(map(_shown, numbers) for numbers in alone))
    words = list(map(_called, paths))
    if not any(char.isdecimal() for side in words for name in side for char in name):
        _refuse_other_words(both, *words)


def _refuse_other_times(both: Sequence[Input], paths: Sequence[Sequence[str]]) -> None:
    """Raise DataError for shards by months or days that are not read in the order of time.

    Where both tables have the same shards, these stand in the same order, whichever it is.
    """
    if all(paths) and any(one == other for one, other in _cut_words(*map(_called, paths))):
        return
    for source in both:
        if not source.is_array and (pair := source.found.out_of_time):
            first, second = map(visible, pair)
            raise DataError(
                f"{source.name}: {first} would be read before {second}, which is not the order of "
                "time: in which order are the rows of the other table?",
                "name the shards in that order, with commas between; or pair the rows with --id",
            )


def same_content(predictions: Input) -> Iterator[Caution]:
    """Yield a warning where two shards of the predictions are the same, byte for byte.

    Those of targets may be, where all samples of some are of one class.
    """
    if predictions.is_array or len(predictions.locations) < 2:
        return
    from filecmp import cmp

    seen: dict[tuple[int, bytes], str] = {}
    for path in (location.path for location in predictions.locations):
        if not os.path.isfile(path):  # nothing is taken from a pipe
            continue
        with suppress(OSError), open(path, "rb") as file:  # whatever is wrong is told elsewhere
            size = os.fstat(file.fileno()).st_size
            start = file.read(_ENDS)
            file.seek(max(0, size - _ENDS))
            other = seen.setdefault((size, start + file.read(_ENDS)), path)
            if size >= _LEAST and other != path and cmp(other, path, shallow=False):
                yield SameShards(first=other, again=path)
                return


def read_by_words(predictions: Input, targets: Input) -> Iterator[Caution]:
    """Yield a warning for shards that stand in no known order, beside a table of as many others."""
    both = predictions, targets
    for source, other in zip(both, both[::-1], strict=True):
        if source.is_array or not (words := source.found.by_words):
            continue
        if other.is_array or len(other.locations) != len(words):
            yield ShardsByWords(table=source.name or "", names=words[:SHOWN])


def _refuse_other_words(both: Sequence[Input], here: Names, there: Names) -> None:
    """Raise DataError for shards called by words of which both have some, but not all, in order.

    What the names of a side start or end with is none of the words.
    """
    pairs = _cut_words(here, there)
    if any(one == other for one, other in pairs):
        return
    one, other = max(pairs, key=lambda pair: len({*pair[0]} & {*pair[1]}))
    if {*one} & {*other}:
        only = [[name for name in one if name not in other], [n for n in other if n not in one]]
        raise _others(both, *only)


def _called(paths: Sequence[str]) -> Names:
    return tuple(os.path.basename(without_extensions(path)) for path in paths)


def _cut_words(here: Names, there: Names) -> list[tuple[Names, Names]]:
    """Return what may be left of the names of both once what a side starts or ends with is cut."""
    return [(one, other) for _, one in cuts(here) for _, other in cuts(there)]


def _others(both: Sequence[Input], *only: Iterable[str]) -> DataError:
    """Return the error for shards of which each table alone has these."""
    told = [
        f"{source.name} alone has {listed(names, SHOWN)}"
        for source, names in zip(both, map(list, only), strict=True)
        if names
    ]
    return DataError(
        "the shards are not the same ones in both: "
        f"{', and '.join(told) if told else 'their order is another one'}",
        "pair the rows with --id; where they do belong together by position, give matching shards "
        "the same number or name",
    )


def _is_other_series(here: Sequence[tuple[int, ...]], there: Sequence[tuple[int, ...]]) -> bool:
    """Return whether numbers of as many shards differ in more than where they start, 0 or 1."""
    starts = {min(here), min(there)}
    counted = [
        [(start + i,) for i in range(len(numbers))] == numbers
        for numbers, start in ((here, min(here)[0]), (there, min(there)[0]))
    ]
    return not (starts == {(0,), (1,)} and all(counted))


def _shown(numbers: tuple[int, ...]) -> str:
    return "-".join(map(str, numbers))
