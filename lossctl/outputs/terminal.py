"""What a terminal can show, and what the user wants of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

AUTO, ALWAYS, NEVER = "auto", "always", "never"
"""When output is coloured."""
_UNLIMITED = 1 << 16
"""Where there is no terminal, a line may be so wide, which none is."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether stdout, or stderr, is a terminal; None is a closed one."""
    return stream is not None and stream.isatty()


def can_redraw(stream: TextIO | None) -> bool:
    """Return whether it is a terminal whose cursor can be moved."""
    return is_terminal(stream) and os.environ.get("TERM", "dumb") != "dumb"


class _Color:
    """What the user said of colour: of the whole process, as the environment is."""

    when = AUTO


def use_color(when: str) -> None:
    """Colour always, never or, where it is AUTO, as the environment and the streams ask for."""
    _Color.when = when


def wants_color(stream: TextIO | None) -> bool:
    """Return whether to colour it; NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and TERM=dumb count."""
    if _Color.when != AUTO:
        return _Color.when == ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0"
    return bool(forced) or can_redraw(stream)


def width(stream: TextIO | None) -> int | None:
    """Return what COLUMNS says, or the columns of a terminal; None where neither is there."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    if stream is None or not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):  # it is none after all
        return None


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
