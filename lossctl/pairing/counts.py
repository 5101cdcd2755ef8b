"""The error for tables whose columns are not as many, with which of them may be meant."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.errors import DataError
from lossctl.base.wording import counted, listed, quoted
from lossctl.pairing.chosen import Tables
from lossctl.pairing.of_words import naming_columns

_SPELT = 10
"""So many names a hint spells out."""


def wrong_counts(
    tables: Tables, columns: tuple[Sequence[int], Sequence[int]], may_be_labels: bool
) -> DataError:
    """Return the error for these columns of predictions and of targets, which are not as many.

    The names of the targets are those of the predictions that are meant, where these have them all.
    `may_be_labels` says that one column of targets may be class labels, too.
    """
    here, there = (
        [] if table.columns is None else [table.columns[index] for index in side]
        for table, side in zip(tables, columns, strict=True)
    )
    predictions, targets = map(len, columns)
    if there and predictions > targets and {*there} <= {*here}:
        hint = _way_to_choose(there, f"{tables[0].name} has {_names(here)}")
    elif here and predictions < targets and {*here} <= {*there}:
        hint = f"{tables[1].name} has {_names(there)}: say which are meant with --target-col"
    else:
        hint = "targets have as many columns as predictions"
        hint += ", or one of class labels" if may_be_labels else ""
        if predictions > targets == 1:
            hint += "; are the predictions those of several models? Name one with --pred-cols"
        elif predictions > targets:
            hint += "; say which columns are the predictions with --pred-cols"
        elif predictions == 1 and not there:
            hint += "; are the two swapped? Predictions come first"
        else:
            hint += "; say which columns are the targets with --target-col"
    if tables[0] is tables[1]:
        columns_of = f"{predictions} of predictions and {targets} of targets"
        return DataError(f"{tables[0].name}: of columns there are {columns_of}", hint)
    have = (
        f"{tables[0].name} has {counted(predictions, 'column')} and {tables[1].name} "
        f"{counted(targets, 'column')}"
    )
    return DataError(have, hint)


def _way_to_choose(names: Sequence[str], otherwise: str) -> str:
    """Return the hint that names these columns of the predictions, if a line can spell them."""
    way = naming_columns("--pred-cols", names)
    if way is None:
        return f"{otherwise}: say which are meant with --pred-cols"
    return f"if the others are not meant, pass {way}"


def _names(names: Sequence[str]) -> str:
    return listed(map(quoted, names), _SPELT)
