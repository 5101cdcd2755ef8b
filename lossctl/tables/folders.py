"""Folders as engines write them: what says that all is there, or that some files are dead."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from itertools import islice
from typing import NamedTuple

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import counted, listed, quoted, visible
from lossctl.tables.gaps import several_tables
from lossctl.tables.locations import as_written
from lossctl.tables.series import ending_of, is_partition

_COMPLETE = "_SUCCESS"
"""Spark and Hadoop write this file when all shards are there."""
_UNFINISHED = "_temporary"
"""They have this folder as long as they are not."""
_NOTES = re.compile(r"_SUCCESS|_metadata|_common_metadata|_committed_.*|_started_.*")
"""What engines write beside shards; hidden files are none of a pattern's anyway."""
_DICT = "dataset_dict.json"
_SIDE_FILES = re.compile(r"dataset_info\.json|state\.json|dataset_dict\.json")
"""`save_to_disk` of `datasets` writes these,"""
_STATE, _CACHE = "state.json", re.compile(r"cache-.*\.arrow")
"""and beside the first one its maps and filters keep what they made."""
_BELOW_A_TABLE = re.compile(r"data|[^=]+=.*|[0-9a-f]+|bucket-[0-9]+")
"""Tables have their files in folders that are called so."""
_MOST_FILES = 100_000
"""Of more files below a folder no pattern is tried."""
_KINDS = {
    stat.S_ISFIFO: "a FIFO",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


class _Log(NamedTuple):
    """What a table keeps of the files that are its own today."""

    mark: str
    """Its pattern in the table's folder."""
    table: str
    way: str
    """What reads it as it is today."""


_LOGS = (
    _Log("_delta_log", "a Delta table", "deltalake: DeltaTable(path).to_pandas()"),
    _Log(".hoodie", "a Hudi table", "Spark: spark.read.format('hudi').load(path)"),
    _Log(".hoodie_partition_metadata", "a Hudi table", "Spark: spark.read.format('hudi')"),
    _Log("metadata/*.metadata.json*", "an Iceberg table", "pyiceberg: table.scan().to_pandas()"),
    _Log("_spark_metadata", "what a stream of Spark writes", "Spark: spark.read.load(path)"),
)


def refuse_logged(folders: Iterable[str]) -> None:
    """Raise DataError for a folder of a table that has a log of its files, or is below one."""
    for folder in folders:
        for above in _with_those_above(folder):
            log = _log_of(above)
            if log is not None:
                same = above == os.path.realpath(folder)
                mark = log.mark if same else os.path.join(above, log.mark)
                raise DataError(
                    f"{visible(folder) or '.'}: is {log.table} ({visible(mark)}): files that are "
                    "no longer part of it lie there, too",
                    f"name those that are, with commas between, or export the table ({log.way})",
                )


def is_logged(folder: str) -> bool:
    """Return whether a folder is that of a table with a log of its files, or below one."""
    return any(_log_of(above) for above in _with_those_above(folder))


def has_success(folder: str) -> bool:
    """Return whether an engine said in a folder that all it had to write is there."""
    return os.path.lexists(os.path.join(folder, _COMPLETE))


def is_complete(folder: str) -> bool:
    """Return whether an engine said that all it had to write is in a folder, or its partitions."""
    path = os.path.realpath(folder)
    while not has_success(path):
        if not is_partition(os.path.basename(path)):
            return False
        path = os.path.dirname(path)
    return True


def _log_of(folder: str) -> _Log | None:
    for log in _LOGS:
        magic = has_magic(log.mark)
        if glob(log.mark, root_dir=folder) if magic else os.path.lexists(f"{folder}/{log.mark}"):
            return log
    return None


def _with_those_above(folder: str) -> Iterator[str]:
    """Yield a folder, and those above it as far as they may belong to the same table."""
    path = os.path.realpath(folder)
    yield path
    while _BELOW_A_TABLE.fullmatch(os.path.basename(path)):
        path = os.path.dirname(path)
        yield path


class Contents(NamedTuple):
    """What a folder has of shards, and of folders that may have others."""

    files: list[str]
    folders: list[str]


def contents_of(folder: str) -> Contents:
    """Return the paths in a folder but hidden ones, such as _SUCCESS, and known side files.

    Raises ResourceError for what cannot be listed, and for what is neither file nor folder.
    """
    try:
        names = [name for name in os.listdir(folder or ".") if _is_shown(name)]
    except OSError as error:
        raise ResourceError(f"{visible(folder)}: {error.strerror}") from None
    found = _sorted_out([os.path.join(folder, name) for name in names])
    return found._replace(files=_without_side_files(found.files, bool(found.folders)))


def _is_shown(name: str) -> bool:
    return not name.startswith((".", "_"))


def _without_side_files(paths: list[str], has_folders: bool) -> list[str]:
    """Return files but those that `datasets` writes beside its Arrow files, or its folders."""
    names = {os.path.basename(path) for path in paths}
    if any(name.endswith(".arrow") for name in names) or (has_folders and _DICT in names):
        paths = [path for path in paths if not _SIDE_FILES.fullmatch(os.path.basename(path))]
    if _STATE in names:
        paths = [path for path in paths if not _CACHE.fullmatch(os.path.basename(path))]
    return paths


def matching(pattern: str, folder: str) -> Contents:
    """Return what a pattern matches in a folder, which is no part of it, but notes of engines.

    Raises ResourceError for what is neither file nor folder.
    """
    paths = [os.path.join(folder, path) for path in glob(pattern, root_dir=folder or None)]
    return _sorted_out([p for p in paths if not _NOTES.fullmatch(os.path.basename(p))])


def _sorted_out(paths: Iterable[str]) -> Contents:
    """Return which paths are folders; raise ResourceError for what is no file, such as a FIFO.

    What is not there, or is a link that leads nowhere, is told when it is opened as a file.
    """
    found = Contents([], [])
    for path in paths:
        try:
            mode = os.stat(path).st_mode
        except OSError:
            mode = 0
        for is_kind, kind in _KINDS.items():
            if is_kind(mode):
                raise ResourceError(f"{visible(path)}: is {kind}, not a file")
        (found.folders if stat.S_ISDIR(mode) else found.files).append(path)
    return found


def refuse_unfinished(folder: str) -> None:
    """Raise DataError for a folder that an engine still writes to, or left without an end."""
    if os.path.isdir(os.path.join(folder, _UNFINISHED)) and not is_complete(folder):
        raise DataError(
            f"{visible(folder)}: {_UNFINISHED} is there, and {_COMPLETE} is not: what writes to it "
            "has not ended",
            "when it has, evaluate again; if it failed, run it again",
        )


def refuse_partitions(folder: str, contents: Contents, written_in: str) -> None:
    """Raise DataError for a folder whose files lie in partitions below it, such as day=1."""
    partitions = [path for path in contents.folders if is_partition(os.path.basename(path))]
    partitions = [path for path in sorted(partitions) if next(_files_below(path), None)]
    if partitions:
        like = visible(os.path.basename(partitions[0]))
        beside = ", and others beside these" if contents.files else ""
        raise DataError(
            f"{visible(folder)}: has files in partitions such as {like}{beside}",
            _below(folder, contents.folders, written_in) or "name the files, with commas between",
        )


def nothing_in(folder: str, contents: Contents, written_in: str) -> DataError:
    """Return the error for a folder that has no file itself."""
    reason = f"{visible(folder)}: no file there"
    inner = sorted(os.path.basename(path) for path in contents.folders)
    if not inner:
        return DataError(reason)
    one = as_written(os.path.join(folder, inner[0]), written_in)
    return DataError(
        f"{reason}, but it has the {counted(len(inner), 'folder')} {listed(map(quoted, inner), 5)}",
        _below(folder, contents.folders, written_in) or f"name the one that is meant: {one}",
    )


def _below(folder: str, folders: Iterable[str], written_in: str) -> str | None:
    """Return the hint that names the files of the folders in a folder; None if it would not do."""
    files = [path for inner in folders for path in islice(_files_below(inner), _MOST_FILES)]
    depths = {path.count("/", len(os.path.join(folder, ""))) for path in files}
    endings = set(map(ending_of, files))
    if len(depths) != 1 or len(files) >= _MOST_FILES or len(several_tables(files)) > 1:
        return None
    ending = endings.pop() if len(endings) == 1 else ""
    pattern = "/".join(["*"] * depths.pop() + [f"*{ending}"])
    if {*matching(pattern, folder).files} != {*files}:
        return None
    return f"to read all files below it: {as_written(os.path.join(folder, pattern), written_in)}"


def _files_below(folder: str) -> Iterator[str]:
    for path, folders, names in os.walk(folder):
        folders[:] = filter(_is_shown, folders)
        files = [os.path.join(path, name) for name in names if _is_shown(name)]
        yield from _without_side_files(files, bool(folders))
