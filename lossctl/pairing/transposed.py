"""An array of predictions that has a sample in each column, rather than in each row."""

from __future__ import annotations

from lossctl.base.errors import DataError
from lossctl.pairing.request import ALIGN, Request
from lossctl.tables.table import HEAD, Table


def refuse_transposed(predictions: Table, targets: Table, request: Request) -> None:
    """Raise DataError for an array that has not as many rows as targets, but as many columns."""
    rows, width = predictions.rows, predictions.width
    by_position = "id" not in request.beside and request.by_index != ALIGN
    if rows is None or predictions.columns is not None or width in (1, rows) or not by_position:
        return
    if _rows(targets) == width:
        raise DataError(
            f"{predictions.name} has shape ({rows}, {width}), but {targets.name} has {width} rows",
            "a row is a sample: is the array transposed? If so, give its transpose, array.T",
        )


def _rows(table: Table) -> int | None:
    """Return how many rows a table has; None where that does not show at its start."""
    if table.rows is not None:
        return table.rows
    first = sum(1 for _ in table.head([0]))
    return first if first < HEAD else None
