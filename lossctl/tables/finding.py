"""The shards that a list, a folder or a pattern stands for: all there, each once, of one table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import visible
from lossctl.tables import dates, folders, gaps, series
from lossctl.tables.locations import Found, Location, as_written, identity
from lossctl.tables.strangers import NAMED, Pattern, refuse_strangers
from lossctl.tables.warnings import ShardsOutOfOrder, SubfoldersNotRead


def of_list(paths: Sequence[str], name: str) -> Found:
    """Return shards that are named one by one, in this order; raise DataError if one comes twice.

    Whoever names them chooses them, also among files that a table no longer has.
    """
    found = _shards(paths)
    inside = {os.path.dirname(path) for path in paths}
    if found.gap is not None and all(map(folders.is_logged, inside)):
        found = found._replace(complete=True)
    ordered = [location.path for location in found.locations]
    in_time = dates.out_of_time(ordered) and not dates.out_of_time(paths)
    odd = series.out_of_order(paths) and not in_time
    cautions = (ShardsOutOfOrder(table=name),) if odd else ()
    return found._replace(locations=tuple(map(Location, paths)), cautions=cautions)


def of_folder(folder: str, written_in: str) -> Found:
    """Return the shards in a folder; raise DataError where it does not hold one whole table.

    `written_in` is the folder that paths are relative to where they are written, for hints.
    """
    folders.refuse_logged([folder])
    folders.refuse_unfinished(folder)
    contents = folders.contents_of(folder)
    folders.refuse_partitions(folder, contents, written_in)
    if not contents.files:
        raise folders.nothing_in(folder, contents, written_in)
    pattern = Pattern("*", folder, written_in)
    refuse_strangers(contents.files, folder, pattern)
    _refuse_several_tables(contents.files, folder, pattern)
    found = _unnamed(contents.files)
    if contents.folders:
        inner = sorted(map(os.path.basename, contents.folders))
        return found._replace(cautions=(SubfoldersNotRead(table=folder, folders=tuple(inner)),))
    return found


def of_pattern(name: str, pattern: str, folder: str, written_in: str) -> Found:
    """Return the shards that a pattern matches in a folder; raise DataError as for a folder."""
    contents = folders.matching(pattern, folder)
    if not contents.files:
        hint = None
        if contents.folders:
            hint = "it matches folders: to read the files in them, add /* to it"
        raise DataError(f"{visible(name)}: no file there", hint)
    folders.refuse_logged(sorted({os.path.dirname(path) for path in contents.files}))
    known = Pattern(pattern, folder, written_in)
    refuse_strangers(contents.files, name, known)
    _refuse_several_tables(contents.files, name, known)
    return _unnamed(contents.files)


def _unnamed(paths: Sequence[str]) -> Found:
    """Return several paths that nobody named one by one; raise DataError if one comes twice."""
    found = _shards(paths)
    ordered = [location.path for location in found.locations]
    return found._replace(
        one_number=gaps.one_number_twice(paths),
        out_of_time=dates.out_of_time(ordered),
        by_words=series.words_of_shards(ordered),
    )


def _shards(paths: Iterable[str]) -> Found:
    """Return several paths in natural order; raise DataError if one comes twice."""
    ordered = series.in_order(list(paths))
    _require_distinct(ordered)
    inside = {os.path.dirname(path) for path in ordered}
    complete = all(map(folders.is_complete, inside))
    gap = gaps.gap_in(ordered, of_engine=all(map(folders.has_success, inside)))
    if gap is not None and complete:
        beside = [path for folder in inside for path in folders.contents_of(folder).files]
        complete = gap.first_is_there and not gaps.is_left_out(gap, ordered, beside)
    return Found(tuple(map(Location, ordered)), gap, complete)


def _refuse_several_tables(paths: Sequence[str], name: str, pattern: Pattern) -> None:
    """Raise DataError for files that nobody named, of more than one table by their names."""
    tables = gaps.several_tables(paths)
    if len(tables) < 2:
        return
    counted = gaps.pattern_of(tables[0][0])
    only = as_written(counted, pattern.written_in) if counted else pattern.of_only(tables[0])
    raise DataError(
        f"{visible(name)}: has shards of {len(tables)} tables, such as {visible(tables[0][0])} "
        f"and {visible(tables[1][0])}",
        f"say which is meant with a pattern, such as {only}" if only else NAMED,
    )


def _require_distinct(paths: Iterable[str]) -> None:
    first: dict[tuple[object, ...], str] = {}
    for path in paths:
        other = first.setdefault(identity(path), path)
        if other is not path:
            raise DataError(f"{visible(other)} and {visible(path)} are one file", gaps.ALL_NEEDED)
