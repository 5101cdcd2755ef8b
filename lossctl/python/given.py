"""What is given to `lossctl.evaluate`: what it may be, and what its samples are called there."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any, Protocol, TypeAlias

import numpy as np

from lossctl.base.errors import UsageError
from lossctl.evaluation.of_files import given_of_files
from lossctl.evaluation.options import Options, option_of
from lossctl.results.samples import AsGiven
from lossctl.tables.inputs import Input
from lossctl.tables.pandas_index import index_of, note_of


class ArrayLike(Protocol):
    """What NumPy makes an array of: its own, those of other libraries, series, data frames."""

    def __array__(self) -> Any:
        """Return the array."""


Table: TypeAlias = str | PathLike[str] | ArrayLike | Sequence[Any]
"""A path, a list of paths, an array, a list of numbers, of rows or of labels, a data frame."""


def require_files(predictions: object, targets: object, options: Options) -> None:
    """Raise UsageError for a keyword of files where nothing that it is about is a file."""
    for name, of_sides in given_of_files(options):
        sides, those = [predictions, targets], "predictions and targets"
        if name.startswith("targets_") and targets is not None:
            sides, those = sides[of_sides], "targets"
        if not any(map(_is_file, sides)):
            raise UsageError(
                f"--{option_of(name)} says how files are read, and {those} are no files",
                "leave it out: arrays and data frames are taken as they are",
            )


def _is_file(given: object) -> bool:
    return given is not None and not Input.of(given).is_array


def as_given(predictions: object, targets: object, options: Options, whole: bool) -> AsGiven:
    """Return what samples are called in what was given; `whole`: the texts of all ids are integers.

    They count along the rows of the predictions, and where rows are paired by position along those
    of the targets, too: labels of these are taken where the predictions have none that say more
    than the number of the row.
    """
    sides = (predictions, targets) if options.paired_by == "position" else (predictions,)
    indexes = [index for index in map(index_of, sides) if index is not None]
    index = min(indexes, key=_only_counts, default=None)
    ids = None if options.id is None else _column(predictions, options.id)
    if ids is None and index is not None and options.id in (None, *index.names):
        return AsGiven(index, None, _labels(index, options.id))
    return AsGiven(index, options.id or "id", ids, whole)


def _labels(index: Any, level: str | None) -> Any:
    return index if level is None else index.get_level_values(level)


def _only_counts(index: Any) -> bool:
    counted = note_of(index).counted
    return counted is not None and (counted.start, counted.step) == (0, 1)


def _column(given: Any, name: str) -> Any:
    """Return a copy of the column of this very name as an array; None where there is none."""
    names = list(map(str, getattr(given, "column_names", getattr(given, "columns", ()))))
    if not Input.of(given).is_array or name not in names:
        return None
    if hasattr(given, "iloc"):
        return given.iloc[:, names.index(name)].array.copy()
    return np.array(given[name])
