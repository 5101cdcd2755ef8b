"""An argument that is to be read: what it is called and which files it stands for, found once."""

from __future__ import annotations

import os
from functools import cached_property
from typing import cast

from lossctl.base.errors import LossctlError
from lossctl.tables.locations import Location, locate, shards_of

Paths = list[str | os.PathLike[str]]


class Input:
    """A path, a list of paths, or an array, as it was given.

    What a path stands for is looked up when it is first asked for, and never again: a folder or a
    pattern means one list of files, or has one error, however often that is needed.
    """

    def __init__(self, given: object) -> None:
        self.given = given
        paths = _paths(given)
        self.is_array = not paths
        self.name = ",".join(map(os.fsdecode, paths)) or None
        """What reports call it: its path or paths; None for an array."""

    @staticmethod
    def of(given: object) -> Input:
        """Return what was given as an input, which it may be already."""
        return given if isinstance(given, Input) else Input(given)

    @property
    def locations(self) -> tuple[Location, ...]:
        """The files that it stands for; none for an array.

        Raises DataError and ResourceError as `locate` does.
        """
        if isinstance(self._located, LossctlError):
            raise self._located
        return self._located

    @cached_property
    def _located(self) -> tuple[Location, ...] | LossctlError:
        paths = list(map(os.fsdecode, _paths(self.given)))
        try:
            if isinstance(self.given, list | tuple):
                return shards_of(paths, self.name or "") if paths else ()
            return locate(paths[0]) if paths else ()
        except LossctlError as error:
            return error


def _paths(given: object) -> Paths:
    """Return the paths that were given; none for an array, and a list of text is labels."""
    if isinstance(given, str | os.PathLike):
        return [given]
    if isinstance(given, list | tuple):
        paths = cast(Paths, list(given))
        return paths if all(isinstance(path, os.PathLike) for path in paths) else []
    return []
