"""The parser of plain cells, in C++; what it cannot do for certain the readers in Python do."""

from typing import Any

from numpy.typing import NDArray

def parse(
    text: bytes,
    rows: int,
    delimiter: str,
    decimal: str,
    kinds: bytes,
    places: NDArray[Any],
    values: NDArray[Any],
    spots: NDArray[Any],
) -> str | None:
    """Read whole lines into `values` and `spots`; return the words, or None where one is not plain.

    `kinds` has a letter a column: n for numbers, w for words, t for texts, - for what is skipped;
    `places` (intp) says which row of `values` (float64, shape (columns, rows)) or which part of
    `spots` (intp, shape (texts, rows, 2): where a text starts, and its size in bytes) it goes to.
    Words are written as their numbers, and returned in the order of these: each ends in a newline,
    and those of each column in a NUL. The lock is released. Raises ValueError for buffers that do
    not fit.
    """

def gather(text: bytes, spots: NDArray[Any], texts: NDArray[Any]) -> None:
    """Copy the texts at `spots` (rows, 2) to the starts of `texts` (rows,), which are of bytes."""

def lines(text: bytes, wanted: int) -> tuple[int, int]:
    """Return how many of so many lines a text has, and where the last of these ends."""
