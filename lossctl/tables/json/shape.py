"""What the first rows of a table in JSON say of all: names, lists, strings or numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from lossctl.base.wording import counted, quoted
from lossctl.tables.cells import BadCell, with_point
from lossctl.tables.json.parsing import Literal, says_nothing, text_or_empty
from lossctl.tables.lists import Spread
from lossctl.tables.place import Label, Spot
from lossctl.tables.table import HEAD, unique_names

NULLS = "a key whose value is missing must be there, with null (in Spark: ignoreNullFields=false)"
_KINDS: dict[type | None, str] = {dict: "an object", list: "an array", None: "a value"}


class BadList(BadCell):
    """A list that is not like the first one of its column, which `label` names."""

    def __init__(self, label: Label, reason: str) -> None:
        super().__init__(reason)
        self.label = label


class Shape(NamedTuple):
    """What all rows of a table have in common."""

    unit: str
    """What messages call a row: a line or a row."""
    kind: type | None
    """Objects, whose keys name the columns, arrays, or (None) single values."""
    spread: Spread
    """The columns, and which of them hold lists of how many components."""
    strings: tuple[bool, ...]
    """Which columns hold strings rather than numbers, true and false: their first value decides."""

    def columns(self, where: Spot) -> tuple[str, ...] | None:
        """Return the names of all columns, if they have any; raise DataError for one that is none.

        Whether a name is blank is looked at where the columns are chosen, but that of a list here.
        """
        if self.spread.names is None:
            return None
        unique_names(list(self.spread.names), where)
        for name, columns in self.spread.lists.items():
            if not name.strip():
                raise where.error("a list has no name", column=columns.start + 1)
        return unique_names(list(self.spread.columns or ()), where)

    def positions(self) -> Sequence[int]:
        """Return which column of the file each column is from, that of each component of a list."""
        lengths = self.spread.lengths
        if not self.lists:
            return range(len(lengths))
        return [i for i, length in enumerate(lengths) for _ in range(length or 1)]

    @property
    def lists(self) -> bool:
        """Whether some column holds lists."""
        return any(length is not None for length in self.spread.lengths)

    def cells(self, row: object) -> list[object]:
        """Return the cells of a row, lists as they are; raise BadCell if it is not like the first.

        Their order is that of the columns.
        """
        if isinstance(row, dict) and self.kind is dict:
            return self._of_object(row)
        if _kind(row) is not self.kind:
            raise BadCell(f"not {_KINDS[self.kind]}, as the first {self.unit} is")
        cells = row if isinstance(row, list) else [row]
        width = len(self.spread.lengths)
        if len(cells) != width:
            raise BadCell(f"{len(cells)} values where there should be {width}")
        return cells

    def _of_object(self, row: dict[str, Any]) -> list[object]:
        names = self.spread.names or ()
        try:
            cells = [row[name] for name in names]
        except KeyError as missing:
            raise BadCell(f"no value called {quoted(missing.args[0])}", NULLS) from None
        if len(row) > len(names):
            other = next(name for name in row if name not in names)
            raise BadCell(f"{quoted(other)} is not in the first {self.unit}", NULLS)
        return cells

    def holds_strings(self, column: int) -> bool:
        """Return whether a column, which may be a component of a list, holds strings."""
        return self.strings[self.positions()[column]]

    def head(self, row: object, columns: Sequence[int], decimal: str) -> list[str]:
        """Return the cells of these columns as text; "" for what is no cell.

        Numbers that have this decimal point have a point there.
        """
        try:
            cells = self.cells(row)
            if self.lists:
                positions = self.positions()
                wanted = {positions[column] for column in columns}
                cells = self.spread_out(cells, wanted.__contains__)
        except BadCell:
            return [""] * len(columns)
        return [with_point(text_or_empty(cells[i]), decimal) for i in columns]

    def spread_out(self, cells: Sequence[object], wanted: Callable[[int], bool]) -> list[object]:
        """Return cells with the components of each list in its place.

        Of columns that are not wanted there may be anything. Raises BadList for a list that is
        shorter or longer than the first one.
        """
        components: list[object] = []
        for position, (cell, length) in enumerate(zip(cells, self.spread.lengths, strict=True)):
            if length is None:
                components.append(cell)
            elif cell is None or not wanted(position):
                components.extend([None] * length)
            else:
                components.extend(self._components(cell, position, length))
        return components

    def _components(self, cell: object, position: int, length: int) -> list[object]:
        names = self.spread.names
        label = position + 1 if names is None else names[position]
        have = len(cell) if isinstance(cell, list) else None
        if not isinstance(cell, list) or have != length:
            what = "no list" if have is None else f"a list of {counted(have, 'component')}"
            raise BadList(label, f"{what}, but the first one has {length}")
        return cell


def shape_of(rows: Iterable[Any], unit: str, names: Sequence[str] | None = None) -> Shape:
    """Return the shape that the first of some rows, at least one, gives to all.

    Further rows are looked at only where its cells say nothing. Raises BadCell where it is no row.
    """
    coming = islice(rows, HEAD)
    first = next(coming)
    if isinstance(first, dict):
        names = list(first)
    cells = _first_cells(first, named=names is not None)
    lengths = [_length(cell) for cell in cells]
    deciding = [_deciding(cell) for cell in cells]
    open_ = [i for i, cell in enumerate(deciding) if cell is None]
    while open_ and (row := next(coming, None)) is not None:
        for i in open_:
            cell = _cell(row, i, names)
            lengths[i] = _length(cell) if lengths[i] is None else lengths[i]
            deciding[i] = _deciding(cell)
        open_ = [i for i in open_ if deciding[i] is None]
    spread = Spread(tuple(lengths), None if names is None else tuple(names))
    strings = tuple(isinstance(x, str) and not isinstance(x, Literal) for x in deciding)
    return Shape(unit, _kind(first), spread, strings)


def _first_cells(row: object, named: bool) -> list[object]:
    """Return the cells of the first row; raise BadCell if it is none."""
    if not isinstance(row, dict | list):
        return [row]
    if not row:
        raise BadCell("there is nothing in it")
    if isinstance(row, list) and not named:  # it may be a table itself
        for kind in (dict, list):
            if all(isinstance(cell, kind) for cell in row):
                raise BadCell(f"an array of {_KINDS[kind].split()[1]}s is no row of cells")
    return list(row.values()) if isinstance(row, dict) else row


def _kind(row: object) -> type | None:
    return next((kind for kind in (dict, list) if isinstance(row, kind)), None)


def _cell(row: object, position: int, names: Sequence[str] | None) -> object:
    """Return a cell of a row, None where it is not there."""
    if isinstance(row, dict):
        return row.get(names[position]) if names else None
    cells = row if isinstance(row, list) else [row]
    return cells[position] if position < len(cells) else None


def _length(cell: object) -> int | None:
    """Return how many components a cell has; None for what is no list of numbers or strings."""
    if isinstance(cell, list) and cell and not any(isinstance(x, dict | list) for x in cell):
        return len(cell)
    return None


def _deciding(cell: object) -> object:
    """Return what says whether a column is of strings or of numbers; None if that is still open."""
    for value in cell if isinstance(cell, list) else [cell]:
        if not says_nothing(value):
            return value
    return [] if cell == [] else None
