"""A bounded window of calls over an executor: what it promises holds for any executor.

The results come in the order of the tasks, whichever is ready first. The error that is raised is
the first one in that order, be it of the function, of the tasks or of the executor, and it comes
after the results of all tasks before it. Of calls in flight there are never more than one beyond
what runs at the same time, so that memory does not grow with the number of tasks. Whoever leaves
the window early leaves no call behind: it cancels what has not begun and waits for what runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from typing import NamedTuple, TypeVar

from lossctl.base.errors import ResourceError

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers(NamedTuple):
    """What an engine lends: an executor, which is not closed here."""

    executor: Executor
    parallelism: int
    """It evaluates so many calls at the same time."""


def windowed(
    workers: Workers, function: Callable[[Task], Result], tasks: Iterable[Task]
) -> Generator[Result, None, None]:
    """Yield `function(task)` for each task, in their order."""
    window: deque[Future[Result]] = deque()
    try:
        for call in _submitted(workers.executor, function, tasks):
            window.append(call)
            if len(window) > workers.parallelism:
                yield _first(window)
        while window:
            yield _first(window)
    finally:
        wait([call for call in window if not call.cancel()])


def _first(window: deque[Future[Result]]) -> Result:
    """Return the first result; its call stays in the window, to be waited for, until it is done."""
    window[0].exception()
    try:
        return window.popleft().result()
    except BrokenExecutor:
        hint = "was it killed, for want of memory perhaps?"
        raise ResourceError("a worker ended before its result was there", hint) from None


def _submitted(
    executor: Executor, function: Callable[[Task], Result], tasks: Iterable[Task]
) -> Iterator[Future[Result]]:
    """Yield a call for each task; where no more can be had, one that has failed, in its place."""
    try:
        for task in tasks:
            yield executor.submit(function, task)
    except Exception as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        yield failed
