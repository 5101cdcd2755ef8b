"""Blocks in threads: NumPy and pandas' parser let go of the interpreter while they work."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lossctl.engines.window import Workers


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """Yield as many threads as jobs; what is not begun when this ends is cancelled."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield Workers(pool, jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
