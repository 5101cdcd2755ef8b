"""Blocks in threads: NumPy and pandas' parser let go of the interpreter while they work."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lossctl.base.memory import require_memory
from lossctl.engines.window import Workers

_OF_A_THREAD = 64 << 20
"""In bytes of address space: stack, arena, blocks. With less, Python may wait for it for ever."""


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """Yield as many threads as jobs; what is not begun when this ends is cancelled.

    Raises MemoryError where there is not enough of it for them.
    """
    require_memory(jobs * _OF_A_THREAD)
    pool = ThreadPoolExecutor(jobs)
    try:
        yield Workers(pool, jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
