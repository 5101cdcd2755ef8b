"""How the cells of a text table are parted, as its first record says."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted
from lossctl.tables.missing import is_missing
from lossctl.tables.oddities import PASS_DECIMAL
from lossctl.tables.place import Spot

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "space": " "}

MANY = 10
"""In fewer rows it may be chance that all numbers are whole."""
_TABS = r"\.tsv(\.(gz|bz2|xz|zst|zip))?$"
"""What the name of a file ends in that has tabs between its cells."""
_TWO_WHOLE_NUMBERS = r"[+-]?[0-9]++,[0-9]++(?:[eE][+-]?[0-9]++)?"

BESIDE_LISTS = "\t"
"""The delimiter of a table that is one column of lists without quotation marks, which write commas
or spaces between their numbers; one with a tab is refused as several cells."""


IN_NAMES = " |"
"""These may stand in the name of the only column, such as `true label`: no row below has them."""


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
    message, hint = choose("delimiter", text, DELIMITERS)
    raise UsageError(f"--delimiter: {message}", hint)


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
    if "tab" in possible and re.search(_TABS, where.file, re.IGNORECASE):
        return Dialect("\t", decimal)
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


def unused_in(first: str) -> str:
    """Return a delimiter that a first record does not hold, for a table of one column."""
    return next((char for char in DELIMITERS.values() if char not in first), ",")


def decimals(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the numbers with decimal commas that rows of two whole numbers may be, 13,05.

    Rows of missing values are neither. Nothing is returned where a row can be nothing of the kind,
    and where all are 0s and 1s, as hard predictions are.
    """
    found = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if all(map(is_missing, cells)):
            continue
        number = ",".join(cells)
        if not re.fullmatch(_TWO_WHOLE_NUMBERS, number):
            return []
        found.append(number)
    return [] if {"0,0", "0,1", "1,0", "1,1"}.issuperset(found) else found


def require_no_decimals(numbers: Iterable[str], where: Spot) -> None:
    """Raise DataError where one of them, such as 13,05 or -0,5, is hardly two whole numbers."""
    numbers = list(numbers)
    odd = next((number for number in numbers if re.search("^-0,|,0[0-9]", number)), None)
    if len(numbers) > 1 and all(number.startswith("0,") for number in numbers):
        odd = odd or numbers[0]
    if odd is not None:
        raise where.error(
            f"each line is one number with a decimal comma, or two whole numbers: {quoted(odd)}",
            f"if it is one number, {PASS_DECIMAL}; if it is two columns, --delimiter comma",
        )
