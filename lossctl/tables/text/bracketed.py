"""Lists in cells, as Python, NumPy, JSON and SQL write them: [0.1, 0.9] or [0.1 0.9]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.wording import quoted
from lossctl.tables.cells import BadCell, is_boolean
from lossctl.tables.lists import Spread
from lossctl.tables.missing import is_missing
from lossctl.tables.oddities import way_out

_LIST = re.compile(r"[ \n\r\t]*+\[([^\[\]]*+)\][ \n\r\t]*+")
_COMMA = re.compile(r"[ \n\r\t]*+,[ \n\r\t]*+")
_WRAPPED = re.compile(r"np\.\w++\(([^()]*+)\)")
"""np.float64(0.5), as Python writes a list of NumPy's numbers."""
_INFINITE = {"inf", "-inf", "infinity", "-infinity"}


def components(text: str, decimal: str) -> list[str] | None:
    """Return the texts between the brackets of a list; None for what is no list.

    Its numbers have decimal points, whatever those outside of lists have: tools write a list as
    Python does. Where others have decimal commas, one without a space behind it may be either.
    """
    match = _LIST.fullmatch(text)
    if match is None:
        return None
    inner = match[1].strip(" \n\r\t")
    if "np." in inner:
        inner = _WRAPPED.sub(r"\1", inner)
    if "," not in inner:
        return inner.split()
    if decimal == "," and re.search(r",(?![ \n\r\t])", inner):
        return None
    return _COMMA.split(inner)


def why_no_row(line: str) -> tuple[str, str]:
    """Return why a first line that begins as JSON does is no row of cells, and the way out."""
    if "," not in line and len(components(line, ".") or ()) > 1:
        return (
            "a list as NumPy prints it: a sample, or a column?",
            "if it is a sample, and so is each line, put a line above with the name of the column, "
            "such as probs; if it is a column, write it with np.savetxt",
        )
    return (
        "this is JSON, not a row of cells",
        "give the file a name that ends in .jsonl or .json, or pass --format-in jsonl if a line is "
        "a row, --format-in json if it is one document; if this line names columns, pass --header",
    )


def spread_of(first: Sequence[str], names: Sequence[str] | None, decimal: str) -> Spread | None:
    """Return the columns of a table with these cells in its first row; None without a list."""
    if not any("[" in cell for cell in first):
        return None
    lengths = tuple(_length(cell, decimal) for cell in first)
    if not any(lengths):
        return None
    return Spread(lengths, None if names is None else tuple(names))


def _length(cell: str, decimal: str) -> int | None:
    """Return the number of components of a list of numbers; None for all else, as for [UNK]."""
    parts = components(cell, decimal) if "[" in cell else None
    return len(parts) if parts and all(map(_may_be_read, parts)) else None


def _may_be_read(text: str) -> bool:
    return is_number(text) or is_boolean(text) or is_missing(text) or text.lower() in _INFINITE


def _lists(spread: Spread) -> Iterator[tuple[int, range]]:
    """Yield each column of lists, by its position in the file, with the columns it became."""
    for position, (start, end) in enumerate(pairwise(spread.starts)):
        if spread.lengths[position] is not None:
            yield position, range(start, end)


def in_lists(spread: Spread) -> frozenset[int]:
    """Return the columns that lists became."""
    return frozenset(column for _, columns in _lists(spread) for column in columns)


class Expansion(NamedTuple):
    """How the cells of a record become those of all columns of its table."""

    spread: Spread
    decimal: str
    read: frozenset[int]
    """The lists that are read, by the positions of their columns in the file: others may hold
    anything."""

    @classmethod
    def of(cls, spread: Spread, decimal: str, columns: Iterable[int]) -> Expansion:
        """Return how cells become columns of which only these are read."""
        wanted = set(columns)
        read = (i for i, columns in _lists(spread) if not wanted.isdisjoint(columns))
        return cls(spread, decimal, frozenset(read))

    def cells(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of all columns; raise BadCell for a list of another length."""
        expanded: list[str] = []
        for position, (cell, length) in enumerate(zip(cells, self.spread.lengths, strict=True)):
            if length is None:
                expanded.append(cell)
            elif position in self.read:
                expanded += self._parts(cell, length, position)
            else:
                expanded += [""] * length
        return expanded

    def _parts(self, cell: str, length: int, position: int) -> list[str]:
        if is_missing(cell):
            return [cell] * length
        parts = components(cell, self.decimal)
        if parts is not None and len(parts) == length and "..." not in parts:
            return parts
        if parts is None or "..." in parts:
            bad = BadCell(f"{quoted(cell)} is not a list of numbers", way_out(cell))
        else:
            bad = BadCell(f"a list of {len(parts)} where the first row has one of {length}")
        names = self.spread.names
        bad.value, bad.label = cell, position + 1 if names is None else names[position]
        raise bad


def shown(cells: Sequence[str], spread: Spread, decimal: str) -> list[str]:
    """Return the cells of all columns; empty ones where a record is short, or a list is another."""
    expanded: list[str] = []
    for position, length in enumerate(spread.lengths):
        cell = cells[position] if position < len(cells) else ""
        parts = [cell] if length is None else components(cell, decimal) or []
        expanded += parts if len(parts) == (length or 1) else [""] * (length or 1)
    return expanded
