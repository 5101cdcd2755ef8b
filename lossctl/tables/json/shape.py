"""What the first rows of a table in JSON say of all: names, lists, strings or numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from lossctl.base.wording import counted, quoted
from lossctl.tables.cells import BadCell, with_point
from lossctl.tables.column_names import unique_names
from lossctl.tables.json.parsing import (
    Literal,
    flattening,
    path_of,
    says_nothing,
    text_of,
    text_or_empty,
)
from lossctl.tables.lists import Spread
from lossctl.tables.place import Label, Spot
from lossctl.tables.table import HEAD

NULLS = "a key whose value is missing must be there, with null (in Spark: ignoreNullFields=false)"
_KINDS: dict[type | None, str] = {dict: "an object", list: "an array", None: "a value"}


class BadList(BadCell):
    """A list or an object that is not like the first one of its column, which `label` names."""

    def __init__(self, label: Label, reason: str, hint: str | None = None) -> None:
        super().__init__(reason, hint)
        self.label = label


class Shape(NamedTuple):
    """What all rows of a table have in common."""

    unit: str
    """What messages call a row: a line or a row."""
    kind: type | None
    """Objects, whose keys name the columns, arrays, or (None) single values."""
    spread: Spread
    """The columns, and which of them hold lists of how many components, or objects."""
    strings: tuple[bool, ...]
    """Which columns hold strings rather than numbers, true and false: their first value decides."""

    def columns(self, where: Spot) -> tuple[str, ...] | None:
        """Return the names of all columns, if they have any; raise DataError for one that is none.

        Whether a name is blank is looked at where the columns are chosen, but that of a list or an
        object here.
        """
        if self.spread.names is None:
            return None
        unique_names(list(self.spread.names), where)
        for name, columns in self.spread.lists.items():
            if not name.strip():
                raise where.error("a list or an object has no name", column=columns.start + 1)
        return unique_names(list(self.spread.columns or ()), where)

    def positions(self) -> Sequence[int]:
        """Return which column of the file each column is from, that of each component of a list."""
        lengths = self.spread.lengths
        if not self.lists:
            return range(len(lengths))
        return [i for i, length in enumerate(lengths) for _ in range(length or 1)]

    @property
    def lists(self) -> bool:
        """Whether some column holds lists or objects."""
        return any(length is not None for length in self.spread.lengths)

    def cells(self, row: object) -> list[object]:
        """Return the cells of a row, lists as they are; raise BadCell if it is not like the first.

        Their order is that of the columns.
        """
        if isinstance(row, dict) and self.kind is dict:
            return _values(row, self.spread.names or (), self.unit)
        if _kind(row) is not self.kind:
            raise BadCell(f"not {_KINDS[self.kind]}, as the first {self.unit} is")
        cells = row if isinstance(row, list) else [row]
        width = len(self.spread.lengths)
        if len(cells) != width:
            raise BadCell(f"{len(cells)} values where there should be {width}")
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

    def require_readable(self, row: object, columns: Iterable[int], where: Spot) -> None:
        """Raise DataError for one of these columns whose cell in the first row is no cell."""
        positions, cells = self.positions(), self.cells(row)
        for position in dict.fromkeys(positions[column] for column in columns):
            if self.spread.lengths[position] is not None:
                continue
            try:
                text_of(cells[position])
            except BadCell as bad:
                label, hint = self._label(position), bad.hint
                if isinstance(label, str) and isinstance(cells[position], dict):
                    hint = flattening(path_of(label))
                raise where.error(bad.reason, hint, column=label) from None

    def spread_out(self, cells: Sequence[object], wanted: Callable[[int], bool]) -> list[object]:
        """Return cells with the components of each list or object in its place.

        Of columns that are not wanted there may be anything. Raises BadList for a list that is
        shorter or longer than the first one, and for an object that has other keys.
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

    def _label(self, position: int) -> Label:
        """Return what messages call a column of the file."""
        return position + 1 if self.spread.names is None else self.spread.names[position]

    def _components(self, cell: object, position: int, length: int) -> list[object]:
        label = self._label(position)
        if (keys := self.spread.keys_of(position)) is not None:
            return _components_of_object(cell, keys, label)
        have = len(cell) if isinstance(cell, list) else None
        if not isinstance(cell, list) or have != length:
            what = "no list" if have is None else f"a list of {counted(have, 'component')}"
            raise BadList(label, f"{what}, but the first one has {length}")
        return cell


def _components_of_object(cell: object, keys: Sequence[str], label: Label) -> list[object]:
    if not isinstance(cell, dict):
        raise BadList(label, "no object, but the first one is")
    try:
        return _values(cell, keys, "object")
    except BadCell as bad:
        raise BadList(label, bad.reason, bad.hint) from None


def _values(row: dict[str, Any], names: Sequence[str], unit: str) -> list[object]:
    """Return the values of an object in the order of the names that the first one has."""
    try:
        cells = [row[name] for name in names]
    except KeyError as missing:
        raise BadCell(f"no value called {quoted(missing.args[0])}", NULLS) from None
    if len(row) > len(names):
        other = next(name for name in row if name not in names)
        raise BadCell(f"{quoted(other)} is not in the first {unit}", NULLS)
    return cells


def shape_of(rows: Iterable[Any], unit: str, names: Sequence[str] | None = None) -> Shape:
    """Return the shape that the first of some rows, at least one, gives to all.

    Further rows are looked at only where its cells say nothing. Raises BadCell where it is no row.
    """
    coming = islice(rows, HEAD)
    first = next(coming)
    if isinstance(first, dict):
        names = list(first)
    cells = _first_cells(first, named=names is not None)
    parts = [_parts(cell) for cell in cells]
    deciding = [_deciding(cell) for cell in cells]
    open_ = [i for i, cell in enumerate(deciding) if cell is None]
    while open_ and (row := next(coming, None)) is not None:
        for i in open_:
            cell = _cell(row, i, names)
            parts[i] = _parts(cell) if parts[i] is None else parts[i]
            deciding[i] = _deciding(cell)
        open_ = [i for i in open_ if deciding[i] is None]
    spread = _spread(parts, names)
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


def _parts(cell: object) -> int | tuple[str, ...] | None:
    """Return how many components a list has, or the keys of an object that is made of components.

    None for what is neither a list of numbers or strings, nor an object of numbers.
    """
    if isinstance(cell, list) and cell and not any(isinstance(x, dict | list) for x in cell):
        return len(cell)
    if isinstance(cell, dict) and cell and all(map(_may_be_number, cell.values())):
        return tuple(cell)
    return None


def _may_be_number(value: object) -> bool:
    return isinstance(value, Literal | bool) or says_nothing(value)


def _spread(parts: Sequence[int | tuple[str, ...] | None], names: Sequence[str] | None) -> Spread:
    """Return the columns that such cells become; an object without a name is no component."""
    keys = tuple(x if names is not None and isinstance(x, tuple) else None for x in parts)
    lengths = tuple(
        part if not isinstance(part, tuple) else None if found is None else len(found)
        for part, found in zip(parts, keys, strict=True)
    )
    return Spread(lengths, None if names is None else tuple(names), keys if any(keys) else ())


def _deciding(cell: object) -> object:
    """Return what says whether a column is of strings or of numbers; None if that is still open."""
    values = cell if isinstance(cell, list) else [cell]
    if isinstance(cell, dict) and _parts(cell):
        values = list(cell.values())
    for value in values:
        if not says_nothing(value):
            return value
    return [] if cell == [] else None
