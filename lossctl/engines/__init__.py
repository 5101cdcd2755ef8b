"""Where blocks are evaluated: each engine lends an executor; results come in order from a window.

An engine is an entry of the registry. What a window promises holds for any executor (`window.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from lossctl.base.registry import load

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lossctl.engines.window import Workers

Task = TypeVar("Task")
Result = TypeVar("Result")


class Engine(NamedTuple):
    """One entry of the table of engines."""

    place: str
    """The place of a function that takes the number of jobs and returns a context manager.

    It yields `Workers` and, as it made their executor, closes it.
    """
    extra: str | None = None
    """The extra of lossctl that installs the engine."""

    def workers(self, jobs: int) -> AbstractContextManager[Workers]:
        """Return the workers, for as long as they are entered."""
        message = f"{self.place}: the packages of this engine are not installed"
        workers: AbstractContextManager[Workers] = load(self.place, self.extra, message)(jobs)
        return workers


ENGINES: dict[str, Engine] = {
    "threads": Engine("lossctl.engines.threads:workers"),
}


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    jobs: int,
    engine: str = "threads",
) -> Generator[Result, None, None]:
    """Yield `function(task)` for each task, in their order, from a bounded window of calls.

    With one job, and for a single task, the function is called here, and no engine is started.

    Whoever may leave it before its end closes it: left to the garbage collector, it would wait for
    its workers wherever that happens to run, be it in one of them.

    The first error in the order of the tasks is raised, whichever worker met one first; an error
    of `tasks` itself comes after the results of all tasks before it.
    """
    first, rest = _taken(iter(tasks), 2)
    if len(first) < 2 or jobs == 1:
        if len(first) == 2:
            from lossctl.engines.memory import keep_memory

            keep_memory()
        for task in chain(first, rest):
            yield function(task)
        return
    from lossctl.engines.window import windowed

    with ENGINES[engine].workers(jobs) as workers:
        yield from windowed(workers, function, chain(first, rest))


def _taken(tasks: Iterator[Task], count: int) -> tuple[list[Task], Iterator[Any]]:
    """Return the first tasks and the rest, which also raises what was raised among the first."""
    first: list[Task] = []
    try:
        for task in islice(tasks, count):
            first.append(task)  # what came before an error is kept
    except Exception as error:
        return first, map(_fail, [error])
    return first, tasks


def _fail(error: Exception) -> NoReturn:
    raise error
