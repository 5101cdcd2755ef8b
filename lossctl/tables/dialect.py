"""What the first record of a text table says about it: delimiter, header or sample."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossctl.errors import DataError, UsageError
from lossctl.wording import choose, quoted

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "space": " "}

_NUMBER = re.compile(r" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)? *")
_NO_NUMBER = {"", "na", "n/a", "nan", "null", "none", "inf", "infinity", "-inf", "-infinity"}


class Dialect(NamedTuple):
    """How the cells of a line are parted; a space stands for a run of spaces."""

    delimiter: str

    def split(self, line: str) -> list[str]:
        """Return the cells of a line without quotation marks and without its newline."""
        if self.delimiter == " ":
            return [cell for cell in line.split(" ") if cell]
        return line.split(self.delimiter)


def is_number(text: str) -> bool:
    """Return whether `text` is a decimal number in ASCII, spaces around it allowed."""
    return _NUMBER.fullmatch(text) is not None


def parse_delimiter(text: str) -> str:
    """Return the delimiter meant by a character or a name such as `tab`; raise UsageError."""
    if text in DELIMITERS.values():
        return text
    if text == "\\t":
        return "\t"
    if text.lower() in DELIMITERS:
        return DELIMITERS[text.lower()]
    raise UsageError(*choose("delimiter", text, DELIMITERS))


def recognise(first: str, where: str) -> Dialect:
    """Return the dialect of a table with this first record; raise DataError if two would do."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    found = [name for name, char in DELIMITERS.items() if char in bare and char != " "]
    if len(found) > 1:
        raise DataError(
            f"{where}: the delimiter may be {' or '.join(found)}",
            f"pass --delimiter {found[0]} (or {', '.join(found[1:])})",
        )
    if found:
        return Dialect(DELIMITERS[found[0]])
    return Dialect(" " if " " in bare.strip() else ",")


def is_header(cells: list[str], names: tuple[str, ...], where: str) -> bool:
    """Return whether the first record names columns; raise DataError where it may be either."""
    if len(cells) == 1 and len(names) > 1 and cells[0] in names:
        return False
    numbers = [is_number(cell) for cell in cells]
    words = [cell.strip().lower() not in _NO_NUMBER for cell in cells]
    names_only = [word and not number for word, number in zip(words, numbers, strict=True)]
    if not any(names_only) and "".join(cells).strip():
        return False
    if not any(numbers):
        return True
    odd = names_only.index(True)
    raise DataError(
        f"{where}: column {odd + 1}: {quoted(cells[odd])} is not a number, but others in the "
        "first line are",
        "if the first line names the columns, pass --header",
    )


def check_header(cells: list[str], where: str) -> tuple[str, ...]:
    """Return the names of the columns; raise DataError for a blank, padded or repeated one."""
    first: dict[str, int] = {}
    for number, cell in enumerate(cells, 1):
        if not cell.strip():
            raise DataError(
                f"{where}: column {number} has no name",
                "pandas writes such a column for its index: use to_csv(..., index=False)",
            )
        if cell != cell.strip():
            raise DataError(f"{where}: column {number}: {quoted(cell)} has spaces around the name")
        if cell in first:
            raise DataError(
                f"{where}: columns {first[cell]} and {number} are both called {quoted(cell)}"
            )
        first[cell] = number
    return tuple(cells)
