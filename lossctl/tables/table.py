"""What every table offers: rows of finite float64, in order, as spans that load by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from lossctl.errors import DataError
from lossctl.losses import Array
from lossctl.wording import quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TableOptions(NamedTuple):
    """How to read a table; None means: recognise it."""

    delimiter: str | None = None
    header: bool | None = None
    names: tuple[str, ...] = ()
    """Class names that labels may be: a first row that is one of them is no header."""


class Place(NamedTuple):
    """How messages name a row and a column of a block."""

    row: Callable[[int], str]
    columns: tuple[str, ...] | None = None

    def column(self, index: int) -> str:
        """Return how messages name the column with this index."""
        if self.columns is None:
            return f"column {index + 1}"
        return f"column {quoted(self.columns[index], mark=chr(34))}"

    def error(self, row: int, column: int | None, what: str, hint: str | None = None) -> DataError:
        """Return the error that says `what` is wrong at a row and, if it lies there, a column."""
        at = "" if column is None else f" {self.column(column)}:"
        return DataError(f"{self.row(row)}:{at} {what}", hint, block_row=row)


class Block(NamedTuple):
    """Consecutive rows in memory: values of shape (n, k), each column contiguous."""

    values: Array
    place: Place

    def require_finite(self) -> Block:
        """Return the block itself; raise DataError at its first NaN or infinity, row by row."""
        finite = np.isfinite(self.values)
        if not finite.all():
            row, column = np.unravel_index(int(np.argmin(finite)), finite.shape)
            raise self.place.error(
                int(row), int(column), f"{self.values[row, column]} is not finite"
            )
        return self


class Span(Protocol):
    """Where some consecutive rows lie; any thread may load it."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    def load(self, rows: int | None = None) -> Block:
        """Read its rows, or only the first `rows` of them."""


class Table(Protocol):
    """A file or an array as rows of numbers."""

    name: str
    path: str | None
    columns: tuple[str, ...] | None
    width: int
    boolean: bool

    def warnings(self) -> list[tuple[str, str]]:
        """Return codes and messages of what was odd about it, once all its rows are taken."""

    def take(self, rows: int) -> Span | None:
        """Return the next rows, as many as asked for or as are left; None at the end."""

    def first_label(self) -> str:
        """Return the first row of a table of one column as the text of a label."""

    def numbered(self) -> bool:
        """Return whether the first row is 0..k-1 or 1..k, as a header made of numbers would be."""

    def take_header(self) -> None:
        """Treat the first row, so far a sample, as the names of the columns."""

    def use_names(self, names: tuple[str, ...]) -> None:
        """From here on the cells of the one column are class names, read as their indices."""

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""


def counts_up(values: list[float]) -> bool:
    """Return whether `values` is 0..k-1 or 1..k."""
    return values in ([float(i) for i in range(len(values))], [i + 1.0 for i in range(len(values))])


def unknown_label(text: str, names: tuple[str, ...]) -> tuple[str, str]:
    """Return the message and the hint for a label that is no class name."""
    from lossctl.wording import nearest

    meant = nearest(text, names)
    known = ", ".join(quoted(name) for name in names[:10]) + (", ..." if len(names) > 10 else "")
    hint = f"did you mean {quoted(meant)}?" if meant else f"the classes are {known}"
    return f"{quoted(text)} is not a class name", hint


def label_text(value: float | int | str) -> str:
    """Return a label as text; a whole number without its decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def indices_of_names(block: Block, labels: NDArray[np.generic], names: tuple[str, ...]) -> Block:
    """Return a block of class indices for `labels` of shape (n,), which are class names."""
    index = {name: float(i) for i, name in enumerate(names)}
    distinct, inverse = np.unique(labels, return_inverse=True)
    found = np.array([index.get(label_text(value), -1.0) for value in distinct.tolist()])
    values = found[inverse].reshape(-1, 1)
    if (found < 0).any():
        row = int(np.argmax(values[:, 0] < 0))
        raise block.place.error(row, 0, *unknown_label(label_text(labels[row].item()), names))
    return Block(values, block.place)
