"""How far an evaluation is: rich's progress bar on stderr, for who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from lossctl.base.wording import visible
from lossctl.outputs import terminal

if TYPE_CHECKING:
    from rich.console import OverflowMethod
    from rich.progress import Progress, ProgressColumn

DELAY = 1.0
"""The line is first drawn after so many seconds; what takes less time imports no rich for it."""
INTERVAL = 0.1
"""It is drawn again after so many seconds at the earliest."""


class ProgressLine:
    """A line about how far it is, while it is entered; call it whenever there may be news."""

    def __init__(
        self, name: str, progress: Callable[[], tuple[int, float | None]], color: bool
    ) -> None:
        """`progress` returns the rows so far, and the part from 0 to 1 if that is known."""
        self._name = visible(name)
        self._progress = progress
        self._color = color
        self._bar: Progress | None = None
        self._start = self._now = monotonic()
        self._next = self._start + DELAY

    def __enter__(self) -> ProgressLine:
        return self

    def __call__(self) -> None:
        """Draw it if it is time to."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        try:
            self._draw(now)
        except OSError:  # the terminal is gone: no reason to stop
            self._next = float("inf")

    def __exit__(self, *_: object) -> None:
        """Leave nothing of it on the terminal."""
        if self._bar:
            with suppress(OSError):
                try:
                    self._bar.stop()
                except IndexError:  # a signal came while it began: rich has hidden the cursor
                    self._bar.console.show_cursor()

    def _draw(self, now: float) -> None:
        rows, part = self._progress()
        if not self._bar:
            total = None if part is None else 1
            self._bar = self._new_bar(total is not None)
            # Its clock is still at the start, when nothing was done: so it knows the time left.
            self._bar.advance(self._bar.add_task(self._name, total=total, visible=False), 0)
            self._bar.start()
            self._bar.console.show_cursor()  # nothing is to be restored if the process is killed
        self._now = now
        done = f"{_short(rows)} rows" if part is None else f"{int(part * 100):3}%"
        rate = f"{_short(rows / (now - self._start)):>5} rows/s"
        task = self._bar.task_ids[0]
        self._bar.update(task, completed=part, done=done, rate=rate, visible=True, refresh=True)

    def _new_bar(self, ends: bool) -> Progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column
        from rich.text import Text

        console = terminal.console(self._color, sys.stderr)
        ascii_only = terminal.is_ascii(sys.stderr)
        if ascii_only:
            self._name = self._name.encode("ascii", "backslashreplace").decode()
        name = Text(self._name)
        overflow: OverflowMethod = "crop" if ascii_only else "ellipsis"
        name.truncate(console.width // 3, overflow=overflow)
        self._name, cut = name.plain, Column(no_wrap=True, overflow=overflow)
        columns: list[ProgressColumn] = [TextColumn("{task.fields[done]}")]
        if console.width >= 40:
            columns.insert(0, TextColumn("{task.description}", markup=False, table_column=cut))
            columns.append(TextColumn("{task.fields[rate]}"))
            columns.append(TimeRemainingColumn(table_column=Column(no_wrap=True)))
        if console.width >= 60 and ends:
            columns.insert(1, BarColumn(40, "bright_black", "cyan", "cyan"))
        return Progress(
            *columns,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            speed_estimate_period=float("inf"),  # a block may take longer than any
            get_time=lambda: self._now,
        )


def _short(number: float) -> str:
    """Return three digits of a number: 950, 43.2k, 2.13M."""
    from rich.filesize import pick_unit_and_suffix

    number = float(f"{number:.3g}")
    unit, suffix = pick_unit_and_suffix(int(number), ["", "k", "M", "G", "T"], 1000)
    return f"{number / unit:.3g}{suffix}"
