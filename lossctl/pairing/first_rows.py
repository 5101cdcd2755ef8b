"""Whether first rows of numbers are samples or name the columns, where a pair of tables tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossctl.base.errors import DataError
from lossctl.losses.domain import PROBABILITY
from lossctl.pairing.request import Request
from lossctl.tables.cells import counts_up, is_whole, label_text
from lossctl.tables.table import Table

_BOTH = (
    "pass --header or --no-header, and --targets-header or --no-targets-header if the "
    "targets differ"
)
_OF_PANDAS = (
    "pass --header if pandas wrote it, which calls columns without names 0, 1, 2 and so on, or "
    "--no-header if it is a sample; and --targets-header or --no-targets-header if the targets "
    "differ"
)
_ENOUGH = 10
"""In fewer rows it may be chance that only the first one is whole numbers."""


def settle_headers(predictions: Table, targets: Table, request: Request) -> None:
    """Take first rows that count up for headers where they must be; raise DataError in doubt.

    In doubt are two tables that both begin so, or with a row of different numbers that is the same
    in both, in any order, or unlike the rows below it.
    """
    tables = (predictions,) if predictions is targets else (predictions, targets)
    doubtful = [table for table in tables if counts_up(table.undecided_row())]
    all_are_values = len(tables) > 1 and not (
        request.pred_cols or request.target_cols or request.beside
    )
    if all_are_values and predictions.width >= 3:
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
    if all(_counts(row, tables) for row in rows):
        hint = _OF_PANDAS if all(row[0] == "0" and counts_up(row) for row in rows) else _BOTH
        raise DataError(f"{doubt}: it is the numbers from 0 or 1 on", hint)
    if len(rows) < 2:
        return
    why = _why_names(predictions, targets, *rows)
    why = why or _why_in_other_orders(predictions, targets, *rows)
    if why is not None:
        raise DataError(f"{doubt}: {why}", _BOTH)


def as_header(predictions: Table, targets: Table) -> str:
    """Return the option that takes a first row that counts up for the header of predictions.

    Behind it stands the one that leaves targets without a header as they are; nothing stands there
    if there is no such row.
    """
    if predictions is targets or not counts_up(predictions.undecided_row()):
        return ""
    return _with_header(targets)


def first_row_as_named(predictions: Table, targets: Table) -> bool:
    """Return whether the first row of one table, a sample so far, is the header of the other."""
    pairs = (predictions, targets), (targets, predictions)
    return any(one.columns == tuple(other.undecided_row()) for one, other in pairs)


def other_headers(
    predictions: Table, targets: Table, rows: Sequence[int], *, as_named: bool
) -> list[str]:
    """Return the options by which the table with more rows has fewer, or the other one more.

    They take a first row for a header, or a header for a sample; the other table stays as it is. If
    a first row is `as_named`, as the columns of the other table are, only the former is meant.
    """
    of_predictions, of_targets = [], []
    more = rows[0] > rows[1]
    if as_named:
        return [_with_header(targets) if more else "--targets-header"]
    if predictions.delimited and (predictions.columns is None) is more:
        of_predictions = [_with_header(targets) if more else _without_header(targets)]
    if targets.delimited and (targets.columns is not None) is more:
        of_targets = ["--no-targets-header" if more else "--targets-header"]
    return of_predictions + of_targets


def _with_header(targets: Table) -> str:
    """Return the options by which predictions have a header, and targets stay as they are."""
    without = targets.delimited and targets.columns is None
    return "--header and --no-targets-header" if without else "--header"


def _without_header(targets: Table) -> str:
    """Return the options by which predictions have no header, and targets stay as they are."""
    named = targets.delimited and targets.columns is not None
    return "--no-header and --targets-header" if named else "--no-header"


def header_first(predictions: Table, targets: Table) -> str:
    """Return what is to be said before classes are named: nothing, as a rule.

    A first row that counts up as many columns as there are classes is most likely a header.
    """
    header = as_header(predictions, targets)
    row = ",".join(predictions.undecided_row())
    said = f"if {row} is the header of the predictions, pass {header}; "
    return said if header else ""


def _why_names(
    predictions: Table, targets: Table, row: Sequence[str], other: Sequence[str]
) -> str | None:
    """Return why first rows of numbers may be names of columns; None if they are samples."""
    first, second = _texts(row), _texts(other)
    if not first or len(first) != len(second) or any(len({*r}) < len(r) for r in (first, second)):
        return None
    hard, whole = _is_hard(first) and _is_hard(second), _are_whole(first) and _are_whole(second)
    if first == second and len(first) > 1:
        if whole and not (hard and any(map(_is_hard, _below(predictions)))):
            return "it is the same whole numbers"
        if not whole and not any(map(list.__eq__, _below(predictions), _below(targets))):
            return "it is the same in both, as no other row is"
    elif whole and not hard and (first == second or len(first) > 1):
        below = list(map(_are_whole, _below(predictions)))
        if first == second and not below and not any(_below(targets)):
            return "it is the same whole number, and the only row"
        if len(below) >= _ENOUGH and not any(below):
            return "it is whole numbers, as no other row of the predictions is"
    return None


def _why_in_other_orders(
    predictions: Table, targets: Table, row: Sequence[str], other: Sequence[str]
) -> str | None:
    """Return why first rows are names, where they are the same numbers in another order.

    Rows of ranks, or of two probabilities, are so, too, but then there are such rows below.
    """
    first, second = _texts(row), _texts(other)
    if first == second or sorted(first) != sorted(second) or len({*first}) < len(first):
        return None
    if _has_row_of(first, predictions) or _has_row_of(first, targets):
        return None
    by_chance = any(map(_are_whole, _below(predictions))) if _are_whole(first) else len(first) == 2
    if by_chance:  # samples of whole numbers, and two probabilities
        return None
    return "it is the same numbers in another order"


def _counts(row: Sequence[str], tables: Sequence[Table]) -> bool:
    """Return whether a first row is the numbers from 0 or 1 on.

    They may be in any order where no row below the first one of a table is these numbers, and no
    other of the predictions is whole.
    """
    if counts_up(row) or not (len(row) > 1 and _are_whole(row)):
        return counts_up(row)
    if not counts_up(sorted(row, key=int)) or any(_has_row_of(row, one) for one in tables):
        return False
    return not any(map(_are_whole, _below(tables[0])))


def _has_row_of(numbers: Sequence[str], table: Table) -> bool:
    """Return whether a row below the first one of a table is these numbers, in any order."""
    return sorted(numbers) in map(sorted, _below(table))


def _texts(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, a whole number in one way however it is written."""
    return list(map(label_text, row))


def _below(table: Table) -> Iterator[list[str]]:
    """Yield the first rows but the very first one."""
    rows = table.head(range(table.width))
    next(rows)
    return map(_texts, rows)


def _are_whole(row: Sequence[str]) -> bool:
    return all(map(is_whole, row))


def _is_hard(row: Sequence[str]) -> bool:
    return {"0", "1"}.issuperset(row)
