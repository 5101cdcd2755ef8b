"""What the terminal can show, and what the user wants of it."""

from __future__ import annotations

import os
import sys


def is_terminal() -> bool:
    """Return whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_color(forbidden: bool) -> bool:
    """Return whether to colour stdout: NO_COLOR, FORCE_COLOR and TERM=dumb are obeyed."""
    if forbidden or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal() and os.environ.get("TERM", "dumb") != "dumb"


def width() -> int | None:
    """Return the columns of the terminal; None where stdout is none."""
    if not is_terminal():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def is_ascii() -> bool:
    """Return whether stdout cannot show more than ASCII."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return not encoding.lower().startswith("utf")
