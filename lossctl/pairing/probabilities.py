"""What a loss of probabilities cannot be taken of: classes in one column."""

from __future__ import annotations

from collections.abc import Sequence

from lossctl.base.errors import UsageError
from lossctl.pairing.of_words import fractions, swapped
from lossctl.pairing.request import Request
from lossctl.tables.table import Table


def require_classes(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]], request: Request
) -> None:
    """Raise UsageError for predictions in one column where a loss needs one for each class."""
    table, targets = tables[0], columns[1]
    for loss in request.losses if len(columns[0]) == 1 else ():
        if loss.formula.targets.summands:
            hint = swapped(tables, columns)
            if hint is None:
                hint = (
                    "for the probability of one class use --loss bce; predictions come first"
                    f"{', and is the delimiter right?' if table.delimited else ''}"
                )
                if any(map(_is_no_share, fractions(tables[1], targets))):
                    hint = "for numbers use --loss mse or --loss mae"
            elif len(targets) == 1:
                hint += "; for the probability of one class use --loss bce"
            raise UsageError(
                f"{loss.name} needs a column for each class, but {table.name} has one column"
                f"{'' if table.width == 1 else ' that is read'}",
                hint,
            )


def _is_no_share(cell: str) -> bool:
    """Return whether a number, be it with a decimal comma, lies outside of 0 to 1."""
    return not 0 <= float(cell.replace(",", ".")) <= 1
