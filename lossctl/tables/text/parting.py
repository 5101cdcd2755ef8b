"""Columns of text cut out of rows of numbers, all at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from lossctl.base.arrays import Ids
from lossctl.tables.cells import LONGEST_ID, ROUNDED
from lossctl.tables.text.strict import Layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXPONENT = np.frombuffer(b"Ee", np.uint8)
_LARGE = len("9007199254740992.0")
"""So long are floats beyond 2^53 without an exponent, at least."""


def part(
    content: bytes, rows: int, layout: Layout, numeric: list[int]
) -> tuple[bytes, dict[int, Ids]] | None:
    """Return the numeric columns of some records as text, and the cells of words and ids.

    None where that takes the strict reader: quotation marks, rows of other widths, empty words.
    """
    delimiter, width, selection = layout.dialect.delimiter, layout.width, layout.reading.selection
    if delimiter == " " or any(odd in content for odd in (b'"', b"\r", b"\0")):
        return None
    if not content.isascii() and not _is_utf8(content):
        return None
    characters = np.frombuffer(content, np.uint8)
    marks = np.flatnonzero((characters == ord(delimiter)) | (characters == ord("\n")))
    if content.count(b"\n") != rows or len(marks) != rows * width:
        return None
    if (characters[marks[width - 1 :: width]] != ord("\n")).any():
        return None
    starts = np.concatenate(([0], marks[:-1] + 1)).reshape(rows, width)
    ends = marks.reshape(rows, width)
    texts = [*selection.words, *selection.texts()]
    cells: dict[int, Ids] = {}
    for index in texts:
        gathered = _gathered(characters, starts[:, index], ends[:, index])
        if gathered is None:
            return None
        cells[index] = gathered
    last = max(numeric, default=-1)
    edges = np.zeros(len(characters) + 1, np.int8)
    for index in set(range(width)) - set(numeric):
        shift = int(index > last)  # cut with the delimiter behind it, or before it; no newline
        edges[starts[:, index] - shift] += 1
        edges[ends[:, index] + 1 - shift] -= 1
    kept = characters[np.cumsum(edges[:-1], dtype=np.int8) == 0].tobytes()
    return kept, cells


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _gathered(
    characters: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> Ids | None:
    """Return cells as an array of bytes; None if one is empty, very long or a large float."""
    sizes = ends - starts
    longest = int(sizes.max())
    if longest > LONGEST_ID or not sizes.all():
        return None
    padded = np.concatenate((characters, np.zeros(longest, np.uint8)))
    cut_out = np.lib.stride_tricks.sliding_window_view(padded, longest)[starts]
    cut_out *= np.arange(longest) < sizes[:, None]
    cells: Ids = cut_out.view(f"S{longest}").reshape(-1)
    may_be_float = (characters[np.maximum(ends - 2, 0)] == ord(".")) & (sizes >= _LARGE)
    for place in (3, 4):
        may_be_float |= np.isin(characters[np.maximum(ends - place, 0)], _EXPONENT)
    return None if any(re.search(ROUNDED, cell) for cell in cells[may_be_float].tolist()) else cells
