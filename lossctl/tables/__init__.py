"""A file, a stream or an array -> rows of float64; one module a format, imported when used."""

from __future__ import annotations

import os
from typing import NamedTuple, cast

from lossctl.registry import load
from lossctl.tables.table import Table, TableOptions


class Format(NamedTuple):
    """One entry of the table of input formats."""

    place: str
    extensions: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "csv": Format("lossctl.tables.text:TextTable", (".csv", ".tsv", ".txt")),
    "npy": Format("lossctl.tables.npy:NpyTable", (".npy",)),
}
"""A file with an extension that is none of these is read as the first one."""


def open_table(source: object, options: TableOptions, role: str) -> Table:
    """Open a path, or take an array, as a table; `role` names an array in messages.

    Raises ResourceError if a file cannot be opened and DataError if it holds no table.
    """
    if not isinstance(source, str | os.PathLike):
        return cast(Table, load("lossctl.tables.arrays:ArrayTable")(source, role))
    path = os.fsdecode(source)
    return cast(Table, load(_format_of(path).place)(path, options))


def _format_of(path: str) -> Format:
    extension = os.path.splitext(path)[1].lower()
    found = [entry for entry in FORMATS.values() if extension in entry.extensions]
    return found[0] if found else FORMATS["csv"]
