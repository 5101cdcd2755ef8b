"""What the first record of a text table says about it: delimiter, header or sample."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted
from lossctl.tables.cells import counts_up
from lossctl.tables.missing import is_failed_formula, is_missing
from lossctl.tables.place import Spot

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "space": " "}

_MANGLED = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?\.[0-9]++")
_GROUPED = re.compile(r"[+-]?[0-9]++(?:[.,'_][0-9]++)++")
"""1,234.5: no name, but a number that the strict reader refuses."""
_TWO_WHOLE_NUMBERS = re.compile(r"[+-]?[0-9]++,[0-9]++(?:[eE][+-]?[0-9]++)?")
_INFINITE = {"inf", "infinity", "-inf", "-infinity"}


class Dialect(NamedTuple):
    """How the cells of a line are parted; a space stands for a run of spaces."""

    delimiter: str
    decimal: str = "."
    commas: bool = False
    """A comma in the first rows can only be a decimal point, though that was not said."""

    def split(self, line: str) -> list[str]:
        """Return the cells of a line without quotation marks and without its newline."""
        if self.delimiter == " ":
            return [cell for cell in line.split(" ") if cell]
        return line.split(self.delimiter)


def parse_delimiter(text: str) -> str:
    """Return the delimiter meant by a character or a name such as `tab`; raise UsageError."""
    if text in DELIMITERS.values():
        return text
    if text == "\\t":
        return "\t"
    if text.lower() in DELIMITERS:
        return DELIMITERS[text.lower()]
    raise UsageError(*choose("delimiter", text, DELIMITERS))


def require_agreement(announced: str, told: str | None, file: str) -> None:
    """Raise DataError where Excel's line sep=; contradicts the user, or names no delimiter."""
    where, line = Spot(file, line=1), quoted(f"sep={announced}")
    if announced not in DELIMITERS.values():
        raise where.error(
            f"the line {line} names a delimiter that is not known",
            f"one of: {', '.join(DELIMITERS)}",
        )
    if told not in (None, announced):
        raise where.error(
            f"the line {line} contradicts --delimiter", "leave --delimiter out, or the line"
        )


def recognise(first: str, where: Spot, decimal: str = ".") -> Dialect:
    """Return the dialect of a table with this first record; raise DataError if two would do."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]', '"', first)
    possible = [
        name for name, char in DELIMITERS.items() if char in bare and char not in (" ", decimal)
    ]
    if len(possible) > 1:
        raise where.error(
            f"the delimiter may be {' or '.join(possible)}",
            f"pass --delimiter {possible[0]} (or {', '.join(possible[1:])})",
        )
    if possible:
        return Dialect(DELIMITERS[possible[0]], decimal)
    if decimal == "," and "," in bare and not re.search("[0-9],[0-9]", bare):
        return Dialect(",", decimal)  # numbers have quotation marks around them, as from pandas
    alone = ";" if decimal == "," else ","
    return Dialect(" " if " " in bare.strip() else alone, decimal)


def require_no_decimals(first: str, records: Callable[[], str], where: Spot) -> None:
    """Raise DataError where a comma may part two columns, or be the decimal point of one.

    So it is where all of the first `records` are two whole numbers and a second one, such as that
    of 13,05, has a 0 before other digits. Only where the `first` one is that they are asked for.
    """
    if not _TWO_WHOLE_NUMBERS.fullmatch(first.rstrip("\n")):
        return
    lines = records().splitlines()
    odd = next((line for line in lines if re.search(",0[0-9]", line)), None)
    if odd is not None and all(map(_TWO_WHOLE_NUMBERS.fullmatch, lines)):
        raise where.error(
            f"each line is one number with a decimal comma, or two whole numbers: {quoted(odd)}",
            "pass --decimal , (--targets-decimal , for targets alone) if it is one number, "
            "--delimiter comma if it is two columns",
        )


def is_label(cell: str, below: Sequence[str], labels: Collection[Collection[str]]) -> bool:
    """Return whether the only cell of a first row is the label of a sample, rather than a name.

    It is if it comes again `below`, in the rows behind it, if it is in the first of several
    collections of `labels`, or if another one has both it and the one behind it.
    """
    if is_number(cell) or is_missing(cell):
        return False
    if cell in below:
        return True
    second = next((text for text in below if not is_missing(text)), None)
    return any(
        cell in known and (not position or second is None or second in known)
        for position, known in enumerate(labels)
    )


def is_header(cells: list[str], where: Spot) -> bool:
    """Return whether the first record names columns; raise DataError where it may be either."""
    if len(cells) > 1 and not cells[0] and counts_up(cells[1:]):
        return True  # as pandas writes its index beside columns without names
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
        return not any(_GROUPED.fullmatch(cell.strip()) for cell in cells)
    odd = names_only.index(True)
    if all(number or _MANGLED.fullmatch(cell) for number, cell in zip(numbers, cells, strict=True)):
        raise where.error(
            f"{quoted(cells[odd])} is how pandas writes a name that it met before: this line looks "
            "like a sample that it took for a header",
            "make the file anew with read_csv(..., header=None) and to_csv(..., header=False)",
            column=odd + 1,
            value=cells[odd],
        )
    raise where.error(
        f"{quoted(cells[odd])} is not a number, but others in the first line are",
        "if the first line names the columns, pass --header",
        column=odd + 1,
        value=cells[odd],
    )


def _is_no_name(cell: str) -> bool:
    """Return whether a cell stands for a value, though it is no number.

    What tools write for a missing value may be a name where it is a word, as missing and .x are.
    """
    bare = cell.strip()
    word = bare.lower()
    if word == "missing" or (word.startswith(".") and len(word) > 1):
        return False
    return word in _INFINITE or is_missing(bare) or is_failed_formula(bare)
