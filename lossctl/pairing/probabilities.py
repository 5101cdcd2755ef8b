"""What a loss of probabilities cannot be taken of: predicted labels, and classes in one column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import quoted
from lossctl.pairing.request import Request
from lossctl.tables.cells import MINUS_INFINITY, is_boolean, is_missing
from lossctl.tables.table import Table

_ENOUGH = 2
"""A single word may be a header that was taken for a sample."""


def require_probabilities(table: Table, columns: Sequence[int], request: Request) -> None:
    """Raise for predictions in one column that a loss of probabilities cannot be taken of.

    That is a DataError for labels, and a UsageError where a loss needs a column for each class.
    """
    if len(columns) != 1 or not request.of_probabilities:
        return
    first, *others = (row[0] for row in islice(table.head(columns), _ENOUGH))
    if others and all(map(_is_word, (first, *others))):
        raise DataError(
            f"{quoted(first)} is a label, but {request.losses[0].name} is taken of probabilities",
            "give the probabilities of the model (predict_proba(X) in scikit-learn, not "
            "predict(X)); the targets come second",
            file=table.name,
            column=table.columns[columns[0]] if table.columns else columns[0] + 1,
        )
    for loss in request.losses:
        if loss.formula.targets.summands:
            raise UsageError(
                f"{loss.name} needs a column for each class, but {table.name} has one column"
                f"{'' if table.width == 1 else ' that is read'}",
                "for the probability of one class use --loss bce; predictions come first"
                f"{', and is the delimiter right?' if table.delimited else ''}",
            )


def _is_word(text: str) -> bool:
    """Return whether a cell begins with a letter, and is nothing else that may stand there."""
    known = is_missing(text) or is_boolean(text) or f"-{text.lower()}" in MINUS_INFINITY
    return text[:1].isalpha() and not known
