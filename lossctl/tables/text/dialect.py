"""What the first record of a text table says about it: delimiter, header or sample."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted
from lossctl.tables.cells import MISSING, counts_up
from lossctl.tables.place import Spot

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "space": " "}

_MANGLED = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?\.[0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]+(?:[.,'_][0-9]+)+")
"""1,234.5: no name, but a number that the strict reader refuses."""
_NO_NUMBER = MISSING | {"inf", "infinity", "-inf", "-infinity"}


class Dialect(NamedTuple):
    """How the cells of a line are parted; a space stands for a run of spaces."""

    delimiter: str
    decimal: str = "."

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


def recognise(first: str, where: Spot, decimal: str = ".") -> Dialect:
    """Return the dialect of a table with this first record; raise DataError if two would do."""
    bare = re.sub(r'"[^"]*"', "", first).replace(decimal, "")
    possible = [name for name, char in DELIMITERS.items() if char in bare and char != " "]
    if len(possible) > 1:
        raise where.error(
            f"the delimiter may be {' or '.join(possible)}",
            f"pass --delimiter {possible[0]} (or {', '.join(possible[1:])})",
        )
    if possible:
        return Dialect(DELIMITERS[possible[0]], decimal)
    alone = ";" if decimal == "," else ","
    return Dialect(" " if " " in bare.strip() else alone, decimal)


def is_header(cells: list[str], labels: Collection[str], where: Spot) -> bool:
    """Return whether the first record names columns; raise DataError where it may be either.

    One cell that is one of the `labels` is the label of a sample.
    """
    if len(cells) == 1 and cells[0] in labels:
        return False
    if len(cells) > 1 and not cells[0] and counts_up(cells[1:]):
        return True  # as pandas writes its index beside columns without names
    numbers = [is_number(cell) for cell in cells]
    words = [
        cell.strip().lower() not in _NO_NUMBER and not is_number(cell.replace(",", ".", 1))
        for cell in cells
    ]
    names_only = [word and not number for word, number in zip(words, numbers, strict=True)]
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
