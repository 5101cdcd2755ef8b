"""The descriptors that we were started with: no path may name one of our own instead."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from errno import EBADF

_NAMED = re.compile(r"(?:/dev/fd|/proc/(?:self|thread-self|[0-9]+)/fd)/([0-9]+)")
_started_with: frozenset[int] | None = None


def note() -> None:
    """Remember which descriptors are open, before anything is opened."""
    global _started_with  # noqa: PLW0603, it is a fact about the process
    open_here = set()
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    for name in os.listdir(folder):
        with suppress(OSError):  # that of the folder itself is closed
            os.fstat(int(name))
            open_here.add(int(name))
    _started_with = frozenset(open_here)


def named_by(path: str) -> int | None:
    """Return the descriptor that /dev/stdout or /dev/fd/N names; None for other paths.

    Raises OSError for one that was not open when we were started.
    """
    link = os.readlink(path) if path.startswith("/dev/std") and os.path.islink(path) else path
    named = _NAMED.fullmatch(link)
    if named is None:
        return None
    descriptor = int(named[1])
    if _started_with is not None and descriptor not in _started_with:
        raise OSError(EBADF, os.strerror(EBADF), path)
    return descriptor
