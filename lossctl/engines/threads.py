"""Blocks in threads: NumPy and pandas' parser let go of the interpreter while they work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import NoReturn, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    function: Callable[[Task], Result], tasks: Iterable[Task], jobs: int
) -> Generator[Result, None, None]:
    """Yield `function(task)` for each task, in their order, from a window of `jobs` + 1 calls.

    Whoever may leave it before its end closes it: left to the garbage collector, it would wait for
    its threads wherever that happens to run, be it in one of them.

    The first error in the order of the tasks is raised, whichever thread met one first; an error
    of `tasks` itself comes after the results of all tasks before it.
    """
    calls = _calls(function, tasks)
    first = list(islice(calls, 2))
    if len(first) == 2:
        _keep_memory()
    if jobs == 1 or len(first) < 2:  # a single block needs no thread
        for call in chain(first, calls):
            yield call()
    else:
        yield from _windowed(chain(first, calls), jobs)


def _calls(
    function: Callable[[Task], Result], tasks: Iterable[Task]
) -> Iterator[Callable[[], Result]]:
    try:
        for task in tasks:
            yield partial(function, task)
    except Exception as error:
        yield partial(_fail, error)


def _fail(error: Exception) -> NoReturn:
    raise error


def _keep_memory() -> None:
    """Have glibc keep what is freed, up to 32 MiB an arena; elsewhere this does nothing.

    Its thresholds for giving memory back (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD) follow the largest
    block that was freed so far, as this one is, untouched. Below them each block of rows would
    fetch its pages anew, for which threads wait for one another in the system.
    """
    import numpy as np

    np.empty(1 << 24, np.uint8)


def _windowed(calls: Iterator[Callable[[], Result]], jobs: int) -> Iterator[Result]:
    from concurrent.futures import Future, ThreadPoolExecutor

    window: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(jobs)
    try:
        for call in calls:
            window.append(pool.submit(call))
            if len(window) > jobs:
                yield window.popleft().result()
        while window:
            yield window.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
