"""Whether there is memory for what cannot be told in time that it has none."""

from __future__ import annotations


def require_memory(size: int) -> None:
    """Raise MemoryError where the system has not so many bytes of address space for us."""
    from mmap import mmap

    try:
        mmap(-1, size).close()
    except OSError:
        raise MemoryError from None
