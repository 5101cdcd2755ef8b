"""Columns that predict each on its own, beside labels that were read as indices of classes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lossctl.base.decimals import is_number
from lossctl.base.errors import DataError
from lossctl.base.wording import listed, quoted
from lossctl.losses.diagnoses import NEAR_1
from lossctl.losses.domain import ROUNDING
from lossctl.pairing.naming import count_in_order, naming
from lossctl.pairing.of_words import naming_columns
from lossctl.pairing.words import OF_TARGETS, PREDICTED, SHOWN, called_by
from lossctl.tables.cells import label_text
from lossctl.tables.table import Table


def refuse_events(table: Table, columns: Sequence[int], labels: Collection[str]) -> None:
    """Raise DataError for columns that predict each on its own, beside labels read as indices.

    Of several models, quantiles or scores the first rows are no distributions: a value lies outside
    0 to 1, or, where the labels are those of a single event, 0 and 1, a row does not add up to 1.
    Columns that have no names, or count, may all the same be classes.
    """
    names = () if table.columns is None else tuple(table.columns[index] for index in columns)
    if not names or count_in_order(names):
        return
    of_one_event = {"0", "1"}.issuperset(map(label_text, labels))
    for number, row in enumerate(table.head(columns), 1):
        if not all(map(is_number, row)):
            continue
        values = list(map(float, row))
        outside = not -ROUNDING <= min(values) <= max(values) <= 1 + ROUNDING
        if outside or (of_one_event and abs(sum(values) - 1) > NEAR_1):
            said = called_by(names, PREDICTED, OF_TARGETS)
            way = naming_columns("--pred-cols", said if len(said) == 1 else ())
            raise DataError(
                f"{listed(map(quoted, names), SHOWN)} are hardly classes, of which the targets "
                f"give the indices: row {number} is no distribution of probabilities",
                f"name the one that is the prediction with {way or '--pred-cols'}; if they are "
                f"classes, pass {naming(range(len(names)))}",
                file=table.name,
            )
