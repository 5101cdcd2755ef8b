"""What people are told on stderr, none of it a command to the log of a CI job."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress

from lossctl.base.wording import visible


def tell(text: str, kind: str = "lossctl") -> None:
    """Write a line to stderr; where that cannot be done there is nobody to tell."""
    say(inert(f"{kind}: {visible(text)}"))


def complain(message: str, hint: str | None) -> None:
    """Tell an error and the way out, where there is one."""
    tell(message)
    if hint:
        tell(hint, "hint")


def say(line: str) -> None:
    """Write a line to stderr as it is."""
    if sys.stderr is None:  # print would write to stdout instead
        return
    with suppress(OSError):
        print(line, file=sys.stderr)


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
