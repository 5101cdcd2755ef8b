"""Columns of words where a loss wants numbers, as far as the first rows tell, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from lossctl.base.decimals import is_number
from lossctl.base.wording import argument, quoted
from lossctl.losses.loss import NUMBERS
from lossctl.pairing.levels import is_moment
from lossctl.pairing.request import Request
from lossctl.tables.cells import MINUS_INFINITY, is_boolean, is_missing, is_whole, label_text
from lossctl.tables.table import Table

_ENOUGH = 2
"""A single word may be a header that was taken for a sample."""
_SPELT = 10
"""So many names a hint spells out."""
_PROBABILITIES = (
    "give the probabilities of the model (predict_proba(X) in scikit-learn, not predict(X)); the "
    "targets come second"
)


def is_word(text: str) -> bool:
    """Return whether a cell begins with a letter, and is nothing else that may stand there.

    What is no text, as it holds bytes that are no UTF-8, is told where it is read.
    """
    known = is_missing(text) or is_boolean(text) or f"-{text.lower()}" in MINUS_INFINITY
    return text[:1].isalpha() and text.isprintable() and not known


def is_fraction(text: str) -> bool:
    """Return whether a cell is a number that is not whole; 8.0 is."""
    return is_number(text) and not is_whole(label_text(text))


def is_written_number(text: str) -> bool:
    """Return whether a cell is a number, be it with a decimal comma."""
    return is_number(text.replace(",", ".", 1))


def naming_columns(option: str, names: Iterable[str]) -> str | None:
    """Return the option that names these columns; None if a line cannot spell them."""
    shown = list(names)
    if not 0 < len(shown) <= _SPELT or any("," in name for name in shown):
        return None
    return f"{option} {argument(','.join(shown))}"


def called(table: Table, columns: Iterable[int]) -> list[str]:
    """Return what options call columns: their names or, where they have none, their numbers."""
    return [str(i + 1) if table.columns is None else table.columns[i] for i in columns]


def without_words(table: Table, columns: Sequence[int]) -> list[int]:
    """Return those of the columns that do not hold words, and not one number, in the first rows."""
    words = [column for column in columns if table.may_hold_words(column)]
    first = next(table.head(words)) if words else []
    words = [i for i, cell in zip(words, first, strict=True) if not is_written_number(cell)]
    if words:
        cells = zip(*table.head(words), strict=True)
        words = [i for i, several in zip(words, cells, strict=True) if _are_words(several)]
    return [column for column in columns if column not in words]


def _are_words(cells: Sequence[str]) -> bool:
    return any(map(is_word, cells)) and not any(map(is_written_number, cells))


def refuse_words_beside(
    table: Table, columns: Sequence[int], in_both: Callable[[int], bool]
) -> None:
    """Raise DataError for a column of words among predictions that are numbers otherwise.

    What the targets have, too, cell for cell in whatever order, is none: `in_both` says so.
    """
    numbers = without_words(table, columns) if len(columns) > 1 else columns
    if not numbers or len(numbers) == len(columns):
        return
    words = next(column for column in columns if column not in numbers)
    [text] = next(table.head([words]))
    cells = zip(numbers, next(table.head(numbers)), strict=True)
    numbers = [column for column, cell in cells if not is_moment(cell) and not in_both(column)]
    way = naming_columns("--pred-cols", called(table, numbers))
    raise table.first_row().error(
        f"{quoted(text)} is text, not a number",
        f"name the columns of numbers alone: {way}"
        if way
        else "say which columns are the predictions with --pred-cols",
        column=table.columns[words] if table.columns else words + 1,
        value=text,
    )


def fractions(table: Table, columns: Sequence[int]) -> Iterator[str]:
    """Yield the numbers of the first rows that are not whole."""
    numbers = without_words(table, columns)
    for row in table.head(numbers) if numbers else ():
        yield from (cell for cell in row if is_written_number(cell) and not is_whole(cell))


def refuse_labels(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]], request: Request
) -> None:
    """Raise DataError for predictions that are a column of labels, which no loss is taken of."""
    table, ours = tables[0], columns[0]
    if len(ours) != 1:
        return
    _refuse_numbers(tables, columns, request)
    if not table.may_hold_words(ours[0]):
        return
    first, *others = (row[0] for row in islice(table.head(ours), _ENOUGH))
    if not others or not all(map(is_word, (first, *others))):
        return
    name = next((x.name for x in request.losses if x.scale != NUMBERS), request.losses[0].name)
    hint = "give the numbers that the model predicts; the targets come second"
    if request.of_probabilities:
        hint = _PROBABILITIES
    raise table.first_row().error(
        f"{quoted(first)} is a label, but {name} is taken of "
        f"{'probabilities' if request.of_probabilities else 'numbers'}",
        swapped(tables, columns) or hint,
        column=table.columns[ours[0]] if table.columns else ours[0] + 1,
    )


def _refuse_numbers(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]], request: Request
) -> None:
    """Raise DataError for predictions that are whole numbers, some beyond 1, as labels are.

    Of logits of an event there may be whole numbers alone.
    """
    of_shares = [x for x in request.losses if x.formula.targets.summands or x.scale == "probs"]
    if not of_shares or len(columns[1]) != 1:
        return
    ours, theirs = (_labels(table, kind) for table, kind in zip(tables, columns, strict=True))
    if len(ours) < _ENOUGH or not all(map(is_whole, ours)):
        return
    numbers = {*map(int, ours)}
    most = len(theirs) - 1 if all(map(is_word, theirs)) else 0
    if all(map(is_whole, theirs)):
        most = max(map(int, theirs), default=0)
    if min(numbers) >= 0 and 1 < max(numbers) <= most:
        table, column = tables[0], columns[0][0]
        raise table.first_row().error(
            f"whole numbers up to {max(numbers)} are labels, but {of_shares[0].name} "
            "is taken of probabilities",
            _PROBABILITIES,
            column=table.columns[column] if table.columns else column + 1,
        )


def _labels(table: Table, columns: Sequence[int]) -> set[str]:
    """Return what stands in a column in the first rows, but for what is missing."""
    if not table.can_be_text(columns[0]):
        return set()
    cells = (row[0] for row in table.head(columns))
    return {label_text(cell) for cell in cells if not is_missing(cell)}


def swapped(
    tables: tuple[Table, Table], columns: tuple[Sequence[int], Sequence[int]]
) -> str | None:
    """Return how to give labels, and predictions that were given as targets, in their order.

    The targets are predictions if they have parts of a whole, and no labels have these; None if
    they are not, or what was given as predictions has parts, too: the other order is as bad.
    """
    if tables[0] is tables[1]:
        return None
    if not any(fractions(tables[1], columns[1])) or any(fractions(tables[0], columns[0])):
        return None
    if tables[0].in_memory or tables[1].in_memory:
        return "the two seem to be swapped: predictions come first, targets second"
    order = " ".join(argument(table.name) for table in reversed(tables))
    return f"the two files seem to be swapped: predictions come first, {order}"
