"""A pseudo-terminal, and what a run draws on it."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ
from typing import Any

from conftest import environment
from samples import plain

CLEAR = "\r\x1b[2K"
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
LAST = f"\n{SHOW}\r\x1b[1A\x1b[2K"
"""What rich ends with: down, and up again to clear the line."""
AT_ONCE = """
import lossctl.outputs.progress
lossctl.outputs.progress.DELAY = lossctl.outputs.progress.INTERVAL = 0
from lossctl.__main__ import main
main()
"""
NOW = (sys.executable, "-c", AT_ONCE)


class Screen:
    """A pseudo-terminal with what was written to it, and the process that wrote it."""

    def __init__(self, leader: int, process: subprocess.Popen[bytes]) -> None:
        self.leader, self.process, self.seen = leader, process, b""

    def read(self) -> bool:
        """Read what came; return whether there may be more."""
        try:
            part = os.read(self.leader, 1 << 16)
        except OSError:  # Linux says EIO where others end the file
            part = b""
        self.seen += part
        return bool(part)

    def until(self, text: str) -> None:
        """Wait until it shows a text."""
        while text.encode() not in self.seen:
            assert self.read(), self.seen

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what is left on the screen."""
        while self.read():
            pass
        text = self.seen.decode().replace("\r\n", "\n")
        assert text.count(HIDE + SHOW) == text.count(HIDE)  # hidden for no time
        cleared = f"[^\n]*({re.escape(CLEAR)}|{re.escape(LAST)})"
        return self.process.wait(60), plain(re.sub(cleared, "", text))

    def lines(self) -> list[str]:
        """Return what was drawn over itself."""
        return drawn(self.seen.decode())


def drawn(text: str) -> list[str]:
    """Return the lines that were drawn over themselves."""
    return [plain(line.partition(LAST)[0]) for line in text.replace("\r\n", "\n").split(CLEAR)[1:]]


@contextmanager
def screen(
    folder: Path,
    *arguments: str,
    program: tuple[str, ...] = NOW,
    env: Mapping[str, str] | None = None,
    columns: int = 80,
    **streams: Any,
) -> Iterator[Screen]:
    """Run with stderr, and what else is not redirected, on a pseudo-terminal."""
    leader, follower = pty.openpty()
    ioctl(follower, TIOCSWINSZ, pack("HHHH", 24, columns, 0, 0))
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": follower} | streams
    process = subprocess.Popen[bytes](
        [*program, *arguments],
        cwd=folder,
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        stderr=follower,
        **given,
    )
    with process:
        os.close(follower)
        try:
            yield Screen(leader, process)
        finally:
            process.kill()
            os.close(leader)
