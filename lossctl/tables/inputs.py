"""An argument that is to be read: what it is called and which files it stands for, found once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import cast

from lossctl.base.errors import DataError, LossctlError, ResourceError, UsageError
from lossctl.base.wording import quoted, visible
from lossctl.tables.locations import Found, Location
from lossctl.tables.paths import Meaning, meaning_of, one_by_one
from lossctl.tables.warnings import ShardsOutOfOrder


class Input:
    """A path, a list of paths, or an array, as it was given.

    What a path means is settled when it is given, in the folder that it is relative to. The files
    that it stands for are looked up when they are first asked for, and never again: a folder or a
    pattern means one list of files, or has one error, however often that is needed.
    """

    def __init__(self, given: object, folder: str = "") -> None:
        """`folder` is what paths are relative to, where that is not the current one."""
        self.given = given
        self._meaning = _meaning_of(given, folder)
        self.is_array = self._meaning is None
        self.name = None if self._meaning is None else self._meaning.name or None
        """What reports call it: its path or paths; None for an array."""
        self.folder = "" if self._meaning is None else self._meaning.folder
        """What paths in it are relative to, where it was written."""

    @staticmethod
    def of(given: object) -> Input:
        """Return what was given as an input, which it may be already."""
        return given if isinstance(given, Input) else Input(given)

    @property
    def locations(self) -> tuple[Location, ...]:
        """The files that it stands for; none for an array. Raises what `found` raises."""
        return self.found.locations

    @property
    def found(self) -> Found:
        """The files that it stands for, with what is to be said of them.

        Raises DataError and ResourceError as `Meaning.found` does, and DataError for a list of
        Python in another order than that of its numbers: folders are listed in no order there.
        """
        if isinstance(self._found, LossctlError):
            raise self._found
        return self._found

    def causes(self, error: LossctlError) -> bool:
        """Return whether an error is that its files cannot be found, or one of them opened."""
        if isinstance(self._found, LossctlError):
            return self._found is error
        path = error.filename if isinstance(error, ResourceError) else None
        return any(path == location.path for location in self._found.locations)

    @cached_property
    def _found(self) -> Found | LossctlError:
        if self._meaning is None:
            return Found(())
        try:
            found = self._meaning.found()
            if isinstance(self.given, list | tuple) and not isinstance(self.given, Meaning):
                _require_order(found)
        except LossctlError as error:
            return error
        return found


def _meaning_of(given: object, folder: str) -> Meaning | None:
    """Return what was given as a path or paths; None for an array, and a list of text is labels."""
    if isinstance(given, Meaning):
        return given
    if isinstance(given, str | os.PathLike):
        return meaning_of(os.fsdecode(cast("str | os.PathLike[str]", given)), folder)
    if not isinstance(given, list | tuple) or not given:
        return None
    if not all(isinstance(path, os.PathLike) for path in given):
        _refuse_names_of_files(given)
        return None
    return one_by_one([os.fsdecode(path) for path in given], folder)


def _refuse_names_of_files(given: Sequence[object]) -> None:
    """Raise UsageError where all labels in a list of Python end as files do."""
    if not isinstance(given[0], str):
        return
    from lossctl.tables.series import ending_of

    if all(isinstance(text, str) and ending_of(text) for text in given):
        raise UsageError(
            f"a list of text is a list of labels, but {quoted(given[0])} looks like a file",
            "pass one file as its name alone, without a list, and the shards of one table as a "
            "list of pathlib.Path",
        )


def _require_order(found: Found) -> None:
    for caution in found.cautions:
        if isinstance(caution, ShardsOutOfOrder):
            raise DataError(
                f"{visible(caution.table)}: the shards are not in the order of their numbers",
                "put them in that order; one text with commas between them keeps any order",
            )
