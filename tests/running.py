"""Runs of `lossctl` that wait, so that a test can act meanwhile."""

import os
import subprocess
import sys
import time
from pathlib import Path

from conftest import LOSSCTL, environment


def write_when_read(path: Path, process: subprocess.Popen[bytes]) -> int:
    """Open a FIFO for writing as soon as the process reads from it."""
    while process.poll() is None:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("the process ended before it read")


HEEDING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it
os.execv(sys.argv[1], sys.argv[1:])
"""


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING, LOSSCTL, *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
