"""Whether the first record of a text table is a header, which names the columns, or a sample."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from lossctl.base.decimals import is_number
from lossctl.base.wording import quoted
from lossctl.tables.cells import counts_up, is_boolean, is_whole
from lossctl.tables.missing import is_failed_formula, is_missing
from lossctl.tables.oddities import PAIRS, is_pairs
from lossctl.tables.place import Spot

Below: TypeAlias = Callable[[], Iterable[list[str]]]
"""It yields the cells of the rows below the first one, as far as these are looked at."""

_MANGLED = r"[+-]?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?\.[0-9]++"
_GROUPED = r"[+-]?[0-9]++(?:[.,'_][0-9]++)++"
"""1,234.5: no name, but a number that the strict reader refuses."""
_DIGITS = "[0-9]+"
_INFINITE = {"inf", "infinity", "-inf", "-infinity"}


def is_label(cells: Sequence[str], below: Below, labels: Collection[Collection[str]]) -> bool:
    """Return whether the only cell of a first row is the label of a sample, rather than a name.

    It is if it comes again in the rows below, where not all others are numbers, if it is in the
    first of several collections of `labels` and no number follows, or if some collection has both
    it and the one behind it.
    """
    if len(cells) != 1 or is_number(cells[0]) or not cells[0].strip():
        return False
    column = [row[0] for row in below() if row]
    if cells[0] in column:
        others = [text for text in column if text != cells[0] and not is_missing(text)]
        return not others or not all(map(is_number, others))
    second = next((text for text in column if not is_missing(text)), None)
    return any(
        cells[0] in known
        and (second is None or second in known or not (position or is_number(second)))
        for position, known in enumerate(labels)
    )


def are_quoted_alone(first: str, records: str) -> bool:
    """Return whether the first of two records is whole numbers in quotation marks, the other not.

    So R and pandas (QUOTE_NONNUMERIC) write names that are years.
    """
    cell = r'"[0-9]++"'
    below = records[len(first) :]
    quoted = re.fullmatch(rf"{cell}(?:[,;|\t ]++{cell})*+\s*", first)
    return quoted is not None and bool(below) and '"' not in below


def require_no_doubt(cells: Sequence[str], below: Below, where: Spot) -> None:
    """Raise DataError for true and false above true and false: names or a sample."""
    if all(map(is_boolean, cells)):
        second: list[str] = next(iter(below()), [])
        if all(map(is_boolean, second)):
            raise where.error(
                "the first row may be a header or a sample: it is true and false",
                "pass --header or --no-header, or, for targets in a file of their own, "
                "--targets-header or --no-targets-header",
            )


def is_header(cells: Sequence[str], below: Below, where: Spot) -> bool:
    """Return whether the first record names columns; raise DataError where it may be either."""
    if _names_and_numbers(cells, below):
        return True
    numbers = [is_number(cell) for cell in cells]
    names_only = [
        not number
        and not _is_no_name(cell)
        and not ("," in cell and is_number(cell.replace(",", ".", 1)))
        for number, cell in zip(numbers, cells, strict=True)
    ]
    if not any(names_only) and "".join(cells).strip():
        return False
    if not any(numbers):
        return not any(re.fullmatch(_GROUPED, cell.strip()) for cell in cells)
    odd = names_only.index(True)
    if all(
        number or re.fullmatch(_MANGLED, cell) for number, cell in zip(numbers, cells, strict=True)
    ):
        raise where.error(
            f"{quoted(cells[odd])} is how pandas writes a name that it met before: this line looks "
            "like a sample that it took for a header",
            "make the file anew with read_csv(..., header=None) and to_csv(..., header=False)",
            column=odd + 1,
            value=cells[odd],
        )
    if pairs := next(filter(is_pairs, cells), None):
        column = cells.index(pairs) + 1
        raise where.error(f"{quoted(pairs)} is not a number", PAIRS, column=column, value=pairs)
    raise where.error(
        f"{quoted(cells[odd])} is not a number, but others in the first line are",
        "if the first line names the columns, pass --header; if it is a sample, --no-header",
        column=odd + 1,
        value=cells[odd],
    )


def _names_and_numbers(cells: Sequence[str], below: Below) -> bool:
    """Return whether words beside numbers that count from 0 are names for certain: id,0,1,label.

    So pandas writes columns without names beside others, and an empty cell above its index. A
    sample could look so, too, but then others would have whole numbers there, or words such as its
    own.
    """
    if not cells:
        return False
    index = not cells[0]
    numbered = [i for i, cell in enumerate(cells) if is_number(cell)]
    words = [i for i, cell in enumerate(cells) if not is_number(cell)]
    counting = [cells[i] for i in numbered]
    if not words or any(_is_no_name(cells[i]) for i in words[index:]):
        return False
    from_0 = counts_up(counting) and float(counting[0]) == 0
    if not (from_0 and all(map(is_whole, counting)) and len(counting) + index > 1):
        return False
    rows = [row for row in below() if len(row) == len(cells)]
    if any(_alike(row[i], cells[i]) for row in rows for i in words):
        return False
    whole = any(is_whole(row[i]) for row in rows for i in numbered)
    return index or (not whole and any(not is_missing(row[i]) for row in rows for i in numbered))


def _alike(cell: str, other: str) -> bool:
    """Return whether two words differ in numbers alone, as ids of two samples do."""
    return re.sub(_DIGITS, "#", cell) == re.sub(_DIGITS, "#", other)


def _is_no_name(cell: str) -> bool:
    """Return whether a cell stands for a value, though it is no number.

    What tools write for a missing value may be a name where it is a word, as missing and .x are.
    """
    bare = cell.strip()
    word = bare.lower()
    if word == "missing" or (word.startswith(".") and len(word) > 1):
        return False
    return word in _INFINITE or is_missing(bare) or is_failed_formula(bare)
