"""Options that say how files are read: which were given, and which of them have an effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossctl.base.errors import UsageError
from lossctl.base.wording import either
from lossctl.evaluation.options import Options, option_of
from lossctl.tables.formats import FORMATS, OF_ALL_FORMATS
from lossctl.tables.table import Table

OF_FILES = (
    *("format_in", "key", "delimiter", "decimal", "targets_decimal", "header", "targets_header"),
    *("comment", "encoding", "unlimited"),
)
"""Options that say how files are read, as Python calls them."""
_OF_TARGETS = "targets_"
_NOTHING_SAID = Options(loss="")


def given_of_files(options: Options) -> Iterator[tuple[str, slice]]:
    """Yield which of these options were given, and of which of both tables each is."""
    for name in OF_FILES:
        if getattr(options, name) == getattr(_NOTHING_SAID, name):
            continue
        if name.startswith(_OF_TARGETS):
            yield name, slice(-1, None)
        else:
            stated = getattr(options, _OF_TARGETS + name, None) is not None
            yield name, slice(1 if stated else None)


def require_effect(options: Options, tables: Sequence[Table]) -> None:
    """Raise UsageError for an option that says nothing of the formats of these tables."""
    for name, of_tables in given_of_files(options):
        meant = name.removeprefix(_OF_TARGETS)
        concerned = tables[of_tables]
        if meant in OF_ALL_FORMATS or any(meant in table.read_by for table in concerned):
            continue
        those = "; ".join(f"{table.name} is {table.format or 'no file'}" for table in concerned)
        known = [name for one in FORMATS.values() if meant in one.options for name in one.names]
        no = "no-" if getattr(options, name) is False else ""
        raise UsageError(
            f"--{no}{option_of(name)} has no effect here: {those}",
            f"leave it out: it says how {either(known)} is read",
        )
