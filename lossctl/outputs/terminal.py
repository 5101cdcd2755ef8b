"""What a terminal can show, and what the user wants of it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_UNLIMITED = 1 << 16
"""Where there is no terminal, a line may be so wide, which none is."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether stdout, or stderr, is a terminal; None is a closed one."""
    return stream is not None and stream.isatty()


def can_redraw(stream: TextIO | None) -> bool:
    """Return whether it is a terminal whose cursor can be moved."""
    return is_terminal(stream) and os.environ.get("TERM", "dumb") != "dumb"


def wants_color(stream: TextIO | None, forbidden: bool) -> bool:
    """Return whether to colour it: NO_COLOR, FORCE_COLOR and TERM=dumb are obeyed."""
    if forbidden or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or can_redraw(stream)


def width() -> int | None:
    """Return the columns of the terminal; None where stdout is none."""
    if not is_terminal(sys.stdout):
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def is_ascii(stream: TextIO | None) -> bool:
    """Return whether it cannot show more than ASCII."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return not encoding.lower().startswith("utf")


def console(color: bool, stream: TextIO | None = None) -> Console:
    """Return rich's console on a terminal, or else to capture text from, which is never folded.

    What the environment says was looked at above; nothing is taken for markup.
    """
    from io import StringIO

    from rich.console import Console

    return Console(
        file=stream or StringIO(),
        width=None if stream else _UNLIMITED,
        force_terminal=color or stream is not None,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
