"""What a path means: a file or a folder of its very name, an array, a pattern, or a list."""

import os
from collections.abc import Sequence
from glob import has_magic
from typing import NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import visible
from lossctl.tables.formats import KEYED
from lossctl.tables.locations import Found, Location
from lossctl.tables.streams.source import STDIN


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
    folder: str = ""
    """What it was relative to, where it was written."""

    def found(self) -> Found:
        """Return the files that are there.

        Raises DataError for a pattern that matches nothing, for a folder without files or with
        files that are no shards of one table, and for shards that are there twice.
        """
        if not (self.pattern or self.listed or os.path.isdir(self.paths[0])):
            return Found((Location(self.paths[0], self.key),))
        from lossctl.tables import finding

        if self.pattern is not None:
            found = finding.of_pattern(self.name, *self.pattern, self.folder)
        elif self.listed:
            found = finding.of_list(self.paths, self.name)
        else:
            found = finding.of_folder(self.paths[0], self.folder)
        locations = tuple(location._replace(key=self.key) for location in found.locations)
        return found._replace(locations=locations)


def meaning_of(text: str, folder: str = "") -> Meaning:
    """Return what a text means in a folder: what exists under its very name, and only then others.

    These are an array of an NPZ file (file.npz:name), a pattern, and a list with commas.
    """
    return _meaning_of(text, folder)._replace(folder=folder)


def _meaning_of(text: str, folder: str) -> Meaning:
    at = relative_to(folder, text)
    if text == STDIN or os.path.lexists(at):
        return Meaning(at, (at,))
    parts = [part.rpartition(":") for part in text.split(",")]
    if len(parts) > 1 and all(path.lower().endswith(KEYED) for path, _, _ in parts):
        if len({key for _, _, key in parts}) > 1:
            raise UsageError(
                f"{visible(text)}: shards are arrays of one name", "name it once with --key NAME"
            )
        listed = one_by_one([path for path, _, _ in parts], folder)
        return listed._replace(key=parts[0][2])
    path, colon, key = text.rpartition(":")
    if colon and path.lower().endswith(KEYED):
        meant = _meaning_of(path, folder)
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
    return Meaning(",".join(shards), shards, listed=True, folder=folder)


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
