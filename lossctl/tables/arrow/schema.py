"""What the columns of a schema are, said before any value of them is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple

import pyarrow as pa

from lossctl.base.errors import DataError
from lossctl.base.wording import quoted, visible
from lossctl.tables.cells import way_as_ids
from lossctl.tables.lists import Spread


class Kind(Enum):
    """What the cells of a column are."""

    NUMBER = "numbers, or true and false"
    DECIMAL = "decimal numbers"
    TEXT = "texts"
    MOMENT = "dates, or dates with a time of day"
    UUID = "universally unique identifiers"


_NUMBERS = (pa.types.is_floating, pa.types.is_integer, pa.types.is_boolean)
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_MOMENTS = (pa.types.is_date, pa.types.is_timestamp)
_LISTS = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_fixed_size_list,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
)
_KINDS = {
    Kind.NUMBER: _NUMBERS,
    Kind.TEXT: _TEXTS,
    Kind.DECIMAL: (pa.types.is_decimal,),
    Kind.MOMENT: _MOMENTS,
}
_SUMMABLE = (Kind.NUMBER, Kind.DECIMAL)
"""What can be a component."""


class FileColumn(NamedTuple):
    """A column of a file, which is as many columns of the table as its lists have components."""

    name: str
    position: int
    """In the file."""
    first: int
    """In the table: its column, or that of the first component."""
    length: int | None
    """How many components its lists have; None where its cells are no lists."""
    kind: Kind | None
    """What its cells, or the components of its lists, are; None where they cannot be read."""
    type: Any
    """What Arrow calls the type of its cells."""

    @property
    def columns(self) -> range:
        """Those of the table."""
        return range(self.first, self.first + (1 if self.length is None else self.length))

    @property
    def is_text(self) -> bool:
        """Whether its cells are texts, be they in a dictionary."""
        return self.kind is Kind.TEXT


def is_text(kind: Any) -> bool:
    """Return whether a type is that of texts, each of which stands in its row."""
    return _any(_TEXTS, kind)


def is_list_of_numbers(kind: Any) -> bool:
    """Return whether a type is that of lists whose elements can be components."""
    return kind.num_fields == 1 and _any(_LISTS, kind) and _kind_of(kind.value_type) in _SUMMABLE


def file_columns(schema: Any, spread: Spread) -> list[FileColumn]:
    """Return the columns of a file with this schema, whose lists are spread so."""
    return [
        FileColumn(field.name, position, first, length, _read_as(field.type, length), field.type)
        for position, (field, first, length) in enumerate(
            zip(schema, spread.starts[:-1], spread.lengths, strict=True)
        )
    ]


def _read_as(kind: Any, length: int | None) -> Kind | None:
    return _kind_of(kind) if length is None else _kind_of(kind.value_type)


def require_readable(columns: Iterable[FileColumn], values: set[int], file: str) -> None:
    """Raise DataError for a column that cannot be read as what it is read as.

    `values` are the columns of the table that are to be numbers.
    """
    for column in columns:
        reason = hint = None
        if column.kind is None:
            reason = _unreadable(column.type)
        elif column.kind in (Kind.MOMENT, Kind.UUID) and column.first in values:
            reason = f"{_values_of(column.type)} are not numbers"
            hint = way_as_ids(column.name)
        if reason is not None:
            raise DataError(f"column {quoted(column.name)}: {reason}", hint, file=file)


def _unreadable(kind: Any) -> str:
    if is_list_of_numbers(kind):
        return "there is no list with a component in its first rows"
    nor = ", nor lists of numbers" if _any(_LISTS, kind) else ""
    return f"{_values_of(kind)} are neither numbers nor text{nor}"


def _values_of(kind: Any) -> str:
    return f"values of type {visible(str(kind))}"


def leaves_of(kind: Any) -> int:
    """Return in how many columns of its own Parquet stores a column of this type."""
    if isinstance(kind, pa.BaseExtensionType):
        return leaves_of(kind.storage_type)
    return sum(leaves_of(kind.field(i).type) for i in range(kind.num_fields)) or 1


def _kind_of(kind: Any) -> Kind | None:
    if pa.types.is_dictionary(kind):
        return _kind_of(kind.value_type)
    if isinstance(kind, pa.UuidType):
        return Kind.UUID
    return next((found for found, any_of in _KINDS.items() if _any(any_of, kind)), None)


def _any(tests: Iterable[Callable[[Any], bool]], kind: Any) -> bool:
    return any(test(kind) for test in tests)
