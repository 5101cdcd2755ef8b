"""How far an evaluation is: a line of stderr, drawn over itself, for who waits at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from lossctl import terminal
from lossctl.wording import visible

if TYPE_CHECKING:
    from rich.text import Text

DELAY = 1.0
"""Seconds before it is drawn; what takes less time imports no rich for it."""
INTERVAL = 0.1
_WIDEST_BAR = 40
_NARROWEST_BAR = 5
_SHORTEST_NAME = 8
_CLEAR = "\r\x1b[2K"
_COLUMNS = 80
"""Of a terminal that does not know."""


class ProgressLine:
    """A line about how far it is, while it is entered; call it whenever there may be news.

    No thread draws it, and the cursor is never hidden: nothing is to be restored if it is stopped.
    """

    def __init__(
        self, name: str, progress: Callable[[], tuple[int, float | None]], color: bool
    ) -> None:
        """`progress` returns the rows so far, and the part from 0 to 1 if that is known."""
        self._name = visible(name)
        self._progress = progress
        self._color = color
        self._ascii = terminal.is_ascii(sys.stderr)
        self._drawn = False
        self._start = monotonic()
        self._next = self._start + DELAY

    def __enter__(self) -> ProgressLine:
        return self

    def __call__(self) -> None:
        """Draw it if it is time to."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        line = self.line(now - self._start, _columns() - 1)  # one less: the cursor stays on it
        self._drawn = True  # first, for a signal may arrive while it is written
        self._write(_CLEAR + line)

    def __exit__(self, *_: object) -> None:
        """Leave nothing of it on the terminal."""
        if self._drawn:
            self._write(_CLEAR)

    def line(self, seconds: float, width: int) -> str:
        """Return what there is to tell after some seconds, in at most `width` cells."""
        from rich.text import Text

        rows, part = self._progress()
        told = Text(_told(rows, part, seconds, width))
        room = width - told.cell_len - 1
        most = min(room, max(width // 3, _SHORTEST_NAME))
        name = Text(_shortened(self._name, most, self._ascii))
        room = min(room - name.cell_len - 1, _WIDEST_BAR)
        bar = Text() if part is None or room < _NARROWEST_BAR else self._bar(part, room)
        console = terminal.console(self._color)
        with console.capture() as captured:
            console.print(Text(" ").join(filter(None, (name, bar, told))), end="")
        return captured.get()

    def _bar(self, part: float, width: int) -> Text:
        from rich.text import Text

        full, mark = int(part * width), "-" if self._ascii else "\N{BOX DRAWINGS HEAVY HORIZONTAL}"
        rest = (mark if self._color else " ") * (width - full)
        return Text.assemble((mark * full, "cyan"), (rest, "bright_black"))

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # the terminal is gone: no reason to stop
            self._next = float("inf")


def _columns() -> int:
    with suppress(OSError):
        return os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS
    return _COLUMNS


def _told(rows: int, part: float | None, seconds: float, width: int) -> str:
    """Return how much is done, the rate and the time left; the first of them if all do not fit."""
    told = [f"{_short(rows)} rows" if part is None else f"{int(part * 100):3}%"]
    if rows and seconds:
        told.append(f"{_short(rows / seconds):>5} rows/s")
    if part:
        told.append(_clock(seconds / part - seconds))
    while told and len(" ".join(told)) > width:
        told.pop()
    return " ".join(told)


def _short(number: float) -> str:
    """Return three digits of a number: 950, 43.2k, 2.13M."""
    for unit in ("", "k", "M", "G"):
        if number < 999.5:
            return f"{number:.3g}{unit}"
        number /= 1000
    return f"{number:.3g}T"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _shortened(name: str, cells: int, ascii_only: bool) -> str:
    """Return a name, without its middle if it is too long for so many cells."""
    from rich.cells import cell_len, set_cell_size

    if ascii_only:
        name = name.encode("ascii", "backslashreplace").decode()
    if cell_len(name) <= cells:
        return name
    if cells < _SHORTEST_NAME:
        return ""
    head, tail = (cells - 3) // 2, (cells - 2) // 2
    return f"{set_cell_size(name, head)}...{set_cell_size(name[::-1], tail)[::-1]}"
