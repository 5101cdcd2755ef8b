"""The parser in C++, where it was built: without it the readers in Python do all its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

plain: ModuleType | None
try:
    from lossctl.tables.text import plain
except ImportError:  # it is optional: there was no compiler, or no std::from_chars for double
    plain = None

PARSER = "with pandas: there is no parser in C++" if plain is None else "in C++"
"""How text is parsed, for whoever asks for the version."""
_PIECE = 1 << 18
"""Of bytes: it stays in the processor's cache while it is looked at."""


def first_lines(text: bytes, wanted: int) -> tuple[int, int]:
    """Return how many of so many lines a text has, and where the last of these ends."""
    if plain is not None:
        found: tuple[int, int] = plain.lines(text, wanted)
        return found
    import numpy as np

    characters, count = np.frombuffer(text, np.uint8), 0
    for start in range(0, len(text), _PIECE):
        newlines = characters[start : start + _PIECE] == ord("\n")
        here = int(np.count_nonzero(newlines))
        if count + here >= wanted:
            return wanted, start + int(np.flatnonzero(newlines)[wanted - count - 1]) + 1
        count += here
    return count, text.rfind(b"\n") + 1
