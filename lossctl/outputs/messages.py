"""What people are told on stderr, none of it a command to the log of a CI job."""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import suppress

from lossctl.base.wording import folded, visible
from lossctl.outputs import terminal

ERROR, WARNING, HINT, NOTE = "error", "warning", "hint", "note"
"""What a message is, as it says itself."""
_STYLES = {ERROR: "1;31", WARNING: "1;33", HINT: "1;36", NOTE: "1"}
"""How these words look where there is colour, as numbers of ECMA-48."""


def tell(kind: str, text: str) -> None:
    """Write a message to stderr; where that cannot be done there is nobody to tell."""
    shown = f"lossctl: {kind}: {inert(visible(text))}"
    width = terminal.width(sys.stderr) if terminal.is_terminal(sys.stderr) else None
    lines = folded(shown, width)
    if terminal.wants_color(sys.stderr):
        lines[0] = lines[0].replace(f"{kind}:", f"\x1b[{_STYLES[kind]}m{kind}:\x1b[0m", 1)
    say("\n".join(lines))


def complain(message: str, hint: str | None, kind: str = ERROR) -> None:
    """Tell what is wrong, and the way out, where there is one."""
    tell(kind, message)
    if hint:
        tell(HINT, hint)


def say(line: str) -> None:
    """Write a line to stderr as it is, in one piece: stdout may go to the same pipe."""
    if sys.stderr is None:
        return
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")


def is_beside_stdout() -> bool:
    """Return whether stdout is read where these messages are: one terminal, one pipe or one file.

    The log of a job of GitHub has both, by two pipes.
    """
    try:
        out, err = (os.fstat(stream.fileno()) for stream in (sys.stdout, sys.stderr))
    except (AttributeError, OSError, ValueError):  # one is closed, or no file
        return False
    are_pipes = stat.S_ISFIFO(out.st_mode) and stat.S_ISFIFO(err.st_mode)
    return os.path.samestat(out, err) or (on_github() and are_pipes)


def on_github() -> bool:
    """Return whether this is a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def inert(text: str) -> str:
    """Return text that GitHub, which looks for commands in the log of a job, finds none in.

    They start a line with two colons, or have ##[ anywhere. In JSON it still says the same.
    """
    if not on_github():
        return text
    return re.sub(r"(?m)^(\s*):(?=:)", r"\1\\u003a", text).replace("##[", r"##\u005b")
