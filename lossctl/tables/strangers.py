"""Files that lie among shards and seem to be none: copies, and what is written otherwise."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from glob import escape
from shlex import quote

from lossctl.base.errors import DataError
from lossctl.base.wording import visible
from lossctl.tables.folders import matching
from lossctl.tables.series import natural, without_extensions, without_numbers

_COPY = re.compile(
    r"""(?i)copy\ of\ (?P<before>.+)
    | (?P<behind>.+?) (?: ~ | \.(?:bak|orig|old) | \ ?\([0-9]+\) | \ \([a-z0-9 ]*copy\)
    | [-_ ]+(?:copy|kopie|copie|copia|cópia)(?:[ _]?[0-9]+)? )""",
    re.VERBOSE,
)
"""What browsers, editors and systems call the copy of a file, with the name of that."""
_NAMED = "name the shards, with commas between"


def refuse_strangers(paths: Sequence[str], name: str, folder: str, pattern: str) -> None:
    """Raise DataError for files that nobody named and that seem to be none of one table's.

    These are in a folder, and match a pattern there. Where some have an ending that is known and
    others have not, these may be anything; where none has, that is how their writer calls them.
    """
    paths = sorted(paths, key=natural)
    known = [path for path in paths if _is_known(path)]
    if known and len(known) < len(paths):
        other = next(path for path in paths if not _is_known(path))
        raise DataError(
            f"{visible(name)}: has {visible(other)}, which has no ending that is known, beside "
            f"{visible(known[0])}: is it a shard?",
            _without_others(known, folder, pattern),
        )
    _refuse_copies(paths)


def _is_known(path: str) -> bool:
    return without_extensions(path) != path


def _without_others(known: Sequence[str], folder: str, pattern: str) -> str:
    """Return the hint that names these shards, by a pattern if there is one."""
    endings = {path[len(without_extensions(path)) :] for path in known}
    if len(endings) == 1:
        ending = escape(endings.pop())
        whole = os.path.join(os.path.dirname(pattern), f"*{ending}")
        for narrower in (f"{pattern.rstrip('*')}*{ending}", whole):
            if {*matching(narrower, folder).files} == {*known}:
                shown = quote(visible(os.path.join(folder, narrower)))
                return f"if those that end in {visible(ending)} are the shards, pass {shown}"
    return _NAMED


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
                    f"remove the copy; if it is none, {_NAMED}",
                )


def without_strangers(paths: Sequence[str]) -> str | None:
    """Return the quoted pattern that leaves out files that seem to be no shards; None if none is.

    These are written otherwise than most, and have other names, too: README.txt beside part-0.csv.
    """
    kinds: dict[str, set[str]] = {}
    endings = [os.path.splitext(path)[1] for path in paths]
    for path, ending in zip(paths, endings, strict=True):
        bare = without_extensions(path) if _is_known(path) else os.path.splitext(path)[0]
        kinds.setdefault(ending, set()).add(without_numbers(bare))
    most = max(kinds, key=endings.count)
    shared = any(kinds[most] & names for ending, names in kinds.items() if ending != most)
    inside = {os.path.dirname(path) for path in paths}
    if len(kinds) < 2 or shared or len(inside) > 1 or not _is_known(f"part{most}"):
        return None
    return quote(visible(os.path.join(*inside, f"*{most}")))
