"""Where blocks are evaluated: each engine lends an executor; results come in order from a window.

An engine is an entry of the registry. What a window promises holds for any executor (`window.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from lossctl.base.registry import load
from lossctl.engines.memory import keep_memory

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lossctl.engines.window import Workers

Task = TypeVar("Task")
Result = TypeVar("Result")


class Engine(NamedTuple):
    """One entry of the table of engines."""

    place: str
    """There stands a function that takes the number of jobs and returns a context manager.

    That yields `Workers` and, as it made their executor, closes it.
    """
    extra: str | None = None
    """This extra of lossctl installs what it takes."""


ENGINES: dict[str, Engine] = {
    "threads": Engine("lossctl.engines.threads:workers"),
}
DEFAULT = "threads"
"""This engine is taken where none is chosen."""


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    jobs: int,
    engine: str = DEFAULT,
) -> Generator[Result, None, None]:
    """Yield `function(task)` for each task, in their order, from a bounded window of calls.

    With one job, and for a single task, the function is called here, and no engine is started.

    Whoever may leave it before its end closes it: left to the garbage collector, it would wait for
    its workers wherever that happens to run, be it in one of them.

    The first error in the order of the tasks is raised, whichever worker met one first; an error
    of `tasks` itself comes after the results of all tasks before it.
    """
    first, rest = _taken(iter(tasks), 2)
    if len(first) == 2:
        keep_memory()
    if len(first) < 2 or jobs == 1:
        for task in chain(first, rest):
            yield function(task)
        return
    from lossctl.engines.window import windowed

    with _workers(engine, jobs) as workers:
        yield from windowed(workers, function, chain(first, rest))


def _workers(engine: str, jobs: int) -> AbstractContextManager[Workers]:
    """Return the workers of an engine; raise ResourceError where what it takes is not installed."""
    place, extra = ENGINES[engine]
    workers: AbstractContextManager[Workers] = load(place, extra, f"the engine {engine}")(jobs)
    return workers


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
