"""Whether first rows of numbers are samples or name the columns, where a pair of tables tells."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.errors import DataError
from lossctl.losses.domain import PROBABILITY
from lossctl.pairing.request import Request
from lossctl.tables.cells import counts_up, label_text
from lossctl.tables.table import Table

_BOTH = (
    "pass --header or --no-header, and --targets-header or --no-targets-header if the "
    "targets differ"
)


def settle_headers(predictions: Table, targets: Table, request: Request) -> None:
    """Take first rows that count up for headers where they must be; raise DataError in doubt.

    In doubt are two tables that both begin so, or with the same row of different whole numbers.
    """
    tables = (predictions,) if predictions is targets else (predictions, targets)
    doubtful = [table for table in tables if counts_up(table.undecided_row())]
    whole = len(tables) > 1 and not (request.pred_cols or request.target_cols or request.beside)
    if whole and predictions.width >= 3:
        for table in doubtful:
            domains = [
                loss.formula.targets if table is targets else loss.formula.predictions
                for loss in request.losses
            ]
            probable = any(domain.lies_in(PROBABILITY) for domain in domains)
            if probable and table.width == predictions.width:  # counting up goes beyond 1
                table.take_header()
    rows = [table.undecided_row() for table in tables]
    doubt = f"the first row of {predictions.name} and of {targets.name} may be a header or a sample"
    if all(counts_up(row) for row in rows):
        raise DataError(f"{doubt}: it counts from 0 or 1", _BOTH)
    if len(rows) > 1 and _same_names(*rows) and not _hard(predictions, rows[0]):
        raise DataError(f"{doubt}: it is the same whole numbers", _BOTH)


def _same_names(row: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two rows are the same whole numbers, at least two and all different."""
    if len(row) < 2 or len(row) != len(other):
        return False
    numbers = list(map(label_text, row))
    different = len(set(numbers)) == len(numbers)
    whole = all(text.lstrip("-").isdigit() for text in numbers)
    return different and whole and numbers == list(map(label_text, other))


def _hard(predictions: Table, row: Sequence[str]) -> bool:
    """Return whether a row is 0s and 1s, and so is another one of the first predictions."""
    columns = range(len(row))
    rows = predictions.head(columns)
    next(rows)
    return _only_0_and_1(row) and any(map(_only_0_and_1, rows))


def _only_0_and_1(row: Sequence[str]) -> bool:
    return {"0", "1"}.issuperset(map(label_text, row))
