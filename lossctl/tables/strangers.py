"""Files that lie among shards and seem to be none: copies, and what is written otherwise."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from glob import escape
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.base.wording import visible
from lossctl.tables.folders import matching
from lossctl.tables.locations import as_written
from lossctl.tables.series import (
    ending_of,
    may_be_hexadecimal,
    natural,
    without_extensions,
    without_numbers,
)

_COPY = re.compile(
    r"""(?i)(?:copy\ of|kopie\ von|copie\ de|copia\ de)\ (?P<before>.+)
    | (?P<behind>.+?) (?: ~ | \.(?:bak|orig|old) | \ ?\([0-9]+\) | \ \([a-z0-9 ]*copy\)
    | [-_ ]+(?:copy|kopie|copie|copia|cópia|old|backup|bak)(?:[ _]?[0-9]+)? )""",
    re.VERBOSE,
)
"""What browsers, editors and systems call the copy of a file, with the name of that."""
NAMED = "name the shards, with commas between"


class Pattern(NamedTuple):
    """A pattern that matches files in a folder; * is all of them."""

    text: str
    folder: str
    """Where it holds."""
    written_in: str = ""
    """The folder that paths are relative to where they are written."""

    def of_only(self, paths: Sequence[str]) -> str | None:
        """Return the pattern, as hints have it, of some of the files, which share their ending.

        It is as narrow as this one if that can be. None if no pattern matches these files alone.
        """
        endings = set(map(ending_of, paths))
        inside = os.path.join(os.path.dirname(self.text), "")
        start = os.path.commonprefix(list(map(os.path.basename, paths)))  # noqa: RUF071, of names
        starts = f"{self.text.rstrip('*')}*", f"{inside}*", f"{inside}{escape(start)}*"
        for narrower in starts if len(endings) == 1 else ():
            pattern = f"{narrower}{escape(*endings)}"
            if {*matching(pattern, self.folder).files} == {*paths}:
                return as_written(os.path.join(self.folder, pattern), self.written_in)
        return None


def refuse_strangers(paths: Sequence[str], name: str, pattern: Pattern) -> None:
    """Raise DataError for files that nobody named and that seem to be none of one table's.

    The pattern matches these. Where some have an ending that is known and others have not, these
    may be anything; where none has, that is how their writer calls them.
    """
    paths = sorted(paths, key=natural)
    known = [path for path in paths if ending_of(path)]
    if known and len(known) < len(paths):
        other = next(path for path in paths if not ending_of(path))
        shown, hint = pattern.of_only(known), NAMED
        if shown is not None:
            ending = visible(ending_of(known[0]))
            hint = f"if those that end in {ending} are the shards, pass {shown}"
        raise DataError(
            f"{visible(name)}: has {visible(other)}, which has no ending that is known, beside "
            f"{visible(known[0])}: is it a shard?",
            hint,
        )
    _refuse_copies(paths)
    if not may_be_hexadecimal(paths):
        _refuse_outsiders(paths, name, pattern)


def _refuse_outsiders(paths: Sequence[str], name: str, pattern: Pattern) -> None:
    """Raise DataError for a file without a number beside shards that have nothing but theirs.

    So it is for one that is called as a shard with more before or behind it: old_part-0, part-0-v2.
    """
    kinds: dict[str, list[str]] = {}
    for path in paths:
        bare = without_extensions(path)
        kinds.setdefault(without_numbers(bare), []).append(path)
    shards = max(kinds.values(), key=len, default=[])
    if len(shards) < 2 or len(kinds) < 2:
        return
    for path in (path for path in paths if path not in shards):
        bare = without_extensions(path)
        behind = [bare.removeprefix(without_extensions(one)) for one in shards]
        base = os.path.basename(bare)
        before = [base.removesuffix(os.path.basename(without_extensions(one))) for one in shards]
        more = any(rest != bare and not rest[:1].isalnum() for rest in behind)
        if len(kinds[without_numbers(bare)]) < len(shards):  # as many are a series of their own
            more |= any(rest not in ("", base) and not rest[-1].isalnum() for rest in before)
        if more or not any(map(str.isdecimal, os.path.basename(bare))):
            only = pattern.of_only(shards)
            raise DataError(
                f"{visible(name)}: has {visible(path)} beside shards such as {visible(shards[0])}: "
                "is it one?",
                f"if others lie among the shards, leave them out: {only}" if only else NAMED,
            )


def _refuse_copies(paths: Sequence[str]) -> None:
    """Raise DataError for a file that is called as the copy of another one is."""
    there = {without_extensions(path): path for path in paths}
    for path in paths:
        folder, bare = os.path.split(without_extensions(path))
        while copy := _COPY.fullmatch(bare):
            bare = without_extensions(copy["before"] or copy["behind"])
            if original := there.get(os.path.join(folder, bare)):
                raise DataError(
                    f"{visible(original)} and {visible(path)}: is one the other's copy?",
                    f"remove the copy; if it is none, {NAMED}",
                )


def way_around_strangers(paths: Sequence[str], written_in: str) -> str | None:
    """Return the hint that leaves out files that seem to be no shards; None if there is none.

    These are written otherwise than most, and have other names, too: config.json beside part-0.csv.
    """
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(ending_of(path), []).append(path)
    most = max(kinds.values(), key=len)
    others = [path for kind in kinds.values() if kind is not most for path in kind]
    inside = {os.path.dirname(path) for path in paths}
    if not others or "" in kinds or len(inside) > 1 or _names(most) & _names(others):
        return None
    pattern = Pattern("*", inside.pop(), written_in).of_only(most)
    return pattern and f"if others lie among the shards, leave them out: {pattern}"


def _names(paths: Sequence[str]) -> set[str]:
    """Return what files are called but for their endings and the numbers in them."""
    return {without_numbers(without_extensions(path)) for path in paths}
