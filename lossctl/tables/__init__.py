"""A file, a stream or an array -> rows of float64; one module a format, imported when used."""

from __future__ import annotations

import os
from importlib import import_module
from typing import cast

from lossctl.errors import ResourceError
from lossctl.tables.table import Table, TableOptions
from lossctl.wording import visible

FORMATS: dict[str, tuple[str, str]] = {
    "csv": ("lossctl.tables.text:TextTable", ".csv .tsv .txt and any other name"),
    "npy": ("lossctl.tables.npy:NpyTable", ".npy"),
}
"""Name of a format -> "module:attribute" of its table and the extensions it is recognised by."""


def open_table(source: object, options: TableOptions, role: str) -> Table:
    """Open a path, or take an array, as a table; `role` names an array in messages.

    Raises ResourceError if a file cannot be opened and DataError if it holds no table.
    """
    if not isinstance(source, str | os.PathLike):
        return cast(Table, _load("lossctl.tables.arrays:ArrayTable")(source, role))
    path = os.fsdecode(source)
    try:
        if os.path.splitext(path)[1].lower() == ".npy":
            return cast(Table, _load(FORMATS["npy"][0])(path))
        return cast(Table, _load(FORMATS["csv"][0])(path, options))
    except OSError as error:
        if isinstance(error, ResourceError):
            raise
        raise ResourceError(f"{visible(path)}: {error.strerror or error}") from None


def _load(place: str) -> type:
    module, attribute = place.split(":")
    return cast(type, getattr(import_module(module), attribute))
