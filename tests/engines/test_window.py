"""What a window promises of any executor: threads, processes, and some that behave badly."""

import os
import pickle
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import closing, contextmanager
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import pytest

from lossctl.base.errors import ResourceError
from lossctl.base.registry import EXTRAS
from lossctl.engines import ENGINES, Engine, in_order
from lossctl.engines.window import Workers, windowed

PATIENCE = 10.0
PARALLELISM = 3


def square(task: int) -> int:
    return task * task


def fail_from_two(task: int) -> int:
    if task >= 2:
        raise ValueError(f"task {task}")
    return task


class Called(Future[Any]):
    """A call that is evaluated when someone asks for the result of any call."""

    def __init__(self, evaluate: Callable[[], None]) -> None:
        super().__init__()
        self._evaluate = evaluate

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._evaluate()
        return super().exception(PATIENCE)

    def result(self, timeout: float | None = None) -> Any:
        self._evaluate()
        return super().result(PATIENCE)


class Backwards(Executor):
    """Evaluates nothing until a result is asked for, and then the last call first."""

    def __init__(self) -> None:
        self.calls: list[tuple[Called, Callable[..., Any], tuple[Any, ...]]] = []
        self.closed = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        call = Called(self.evaluate)
        self.calls.append((call, function, args))
        return call

    def evaluate(self) -> None:
        while self.calls:
            call, function, args = self.calls.pop()
            if call.set_running_or_notify_cancel():
                try:
                    call.set_result(function(*args))
                except Exception as error:
                    call.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.closed = True


class Slow(ThreadPoolExecutor):
    """Has one thread where it promised several, and each call waits a little."""

    def __init__(self) -> None:
        super().__init__(1)

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        return super().submit(late, function, *args)


def late(function: Callable[..., Any], *args: Any) -> Any:
    time.sleep(0.002)
    return function(*args)


class Pickling(Backwards):
    """Knows of a function and its task only what a pickle holds."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        function, args = pickle.loads(pickle.dumps((function, args)))
        return super().submit(function, *args)


class Refusing(Backwards):
    """Takes so many calls, and then no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        if not self.most:
            raise RuntimeError("no more calls")
        self.most -= 1
        return super().submit(function, *args)


class Losing(Backwards):
    """Loses the calls from the third on: they are cancelled, though nobody asked for that."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        call = super().submit(function, *args)
        self.taken += 1
        if self.taken > 2:
            call.cancel()
        return call


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "threads": lambda: ThreadPoolExecutor(PARALLELISM),
    "processes": lambda: ProcessPoolExecutor(2, get_context("spawn")),
    "backwards": Backwards,
    "slow": Slow,
    "pickling": Pickling,
}


@pytest.fixture(scope="module", params=EXECUTORS)
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    """One executor for all tests, as no window closes it or leaves anything in it."""
    with EXECUTORS[request.param]() as executor:
        yield Workers(executor, PARALLELISM)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 30])
def test_results_come_in_the_order_of_the_tasks(workers: Workers, count: int) -> None:
    assert list(windowed(workers, square, range(count))) == [square(i) for i in range(count)]


def test_the_first_error_in_the_order_of_the_tasks_is_raised(workers: Workers) -> None:
    results = windowed(workers, fail_from_two, range(9))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match=r"^task 2$"):
        next(results)
    assert list(results) == []


def tasks_then_error(count: int) -> Iterator[int]:
    yield from range(count)
    raise KeyError("no more tasks")


@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_an_error_of_the_tasks_comes_after_the_results_before_it(
    workers: Workers, count: int
) -> None:
    results = windowed(workers, square, tasks_then_error(count))
    assert [next(results) for _ in range(count)] == [square(i) for i in range(count)]
    with pytest.raises(KeyError, match="no more tasks"):
        next(results)


def test_an_error_of_a_call_comes_before_a_later_one_of_the_tasks(workers: Workers) -> None:
    with pytest.raises(ValueError, match=r"^task 2$"):
        list(windowed(workers, fail_from_two, tasks_then_error(3)))


def test_the_window_is_bounded(workers: Workers) -> None:
    taken = yielded = most = 0

    def tasks() -> Iterator[int]:
        nonlocal taken, most
        for task in range(40):
            taken += 1
            most = max(most, taken - yielded)
            yield task

    for _ in windowed(workers, square, tasks()):
        yielded += 1
    assert yielded == 40
    assert most == PARALLELISM + 1


def test_closing_early_leaves_no_call_behind(workers: Workers) -> None:
    asked: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(1000):
            asked.append(task)
            yield task

    with closing(windowed(workers, square, tasks())) as results:
        assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(asked) <= 3 + PARALLELISM + 1
    assert workers.executor.submit(square, 7).result() == 49  # it is not closed


class Result:
    """Something whose end can be watched, as that of a number cannot."""


@pytest.mark.parametrize("name", ["threads", "backwards", "slow"])
def test_no_result_is_kept(name: str) -> None:
    alive: weakref.WeakSet[Result] = weakref.WeakSet()

    def call(_: int) -> Result:
        result = Result()
        alive.add(result)
        return result

    with EXECUTORS[name]() as executor:
        for result in windowed(Workers(executor, PARALLELISM), call, range(50)):
            assert result in alive
            assert len(alive) <= PARALLELISM + 3


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5, 8])
def test_an_executor_that_refuses_a_call(most: int) -> None:
    results = windowed(Workers(Refusing(most), PARALLELISM), square, range(20))
    assert [next(results) for _ in range(most)] == [square(i) for i in range(most)]
    with pytest.raises(RuntimeError, match="no more calls"):
        next(results)


def test_an_error_of_a_call_comes_before_that_of_an_executor() -> None:
    with pytest.raises(ValueError, match=r"^task 2$"):
        list(windowed(Workers(Refusing(4), PARALLELISM), fail_from_two, range(20)))


def test_a_call_that_the_executor_lost_is_an_error() -> None:
    results = windowed(Workers(Losing(), PARALLELISM), square, range(9))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(CancelledError):
        next(results)


def test_what_has_not_begun_is_cancelled() -> None:
    executor = Backwards()
    results = windowed(Workers(executor, PARALLELISM), fail_from_two, range(2, 9))
    with pytest.raises(ValueError, match=r"^task 2$"):
        next(results)
    assert executor.calls == []
    started: list[int] = []
    appending = windowed(Workers(executor, 1), started.append, range(9))
    next(appending)
    assert started == [1, 0]  # two calls are in the window
    executor.submit(started.append, -1)
    appending.close()
    executor.evaluate()
    assert started == [1, 0, -1]


def test_what_runs_when_it_is_closed_is_waited_for() -> None:
    begun, release, ended = threading.Event(), threading.Event(), threading.Event()

    def call(task: int) -> None:
        if task == 1:
            begun.set()
            assert release.wait(PATIENCE)
            time.sleep(0.05)
            ended.set()

    with ThreadPoolExecutor(2) as pool:
        results = windowed(Workers(pool, 2), call, range(9))
        next(results)
        assert begun.wait(PATIENCE)
        release.set()
        results.close()
        assert ended.is_set()


# The registry.


MADE: list[Backwards] = []


@contextmanager
def backwards(jobs: int) -> Iterator[Workers]:
    """An engine of the tests: whoever makes an executor closes it."""
    with Backwards() as executor:
        MADE.append(executor)
        yield Workers(executor, jobs)


def test_an_engine_is_chosen_by_its_name_and_closes_what_it_made() -> None:
    MADE.clear()
    with patch.dict(ENGINES, backwards=Engine("test_window:backwards")):
        assert list(in_order(square, range(9), 2, "backwards")) == [square(i) for i in range(9)]
        with closing(in_order(square, range(9), 2, "backwards")) as results:
            assert next(results) == 0
        with pytest.raises(ValueError, match=r"^task 2$"):
            list(in_order(fail_from_two, range(9), 2, "backwards"))
        assert [executor.closed for executor in MADE] == [True] * 3
        assert list(in_order(square, range(9), 1, "backwards")) == [square(i) for i in range(9)]
        assert list(in_order(square, [3], 2, "backwards")) == [9]
    assert len(MADE) == 3  # one job and one task need no executor


def test_an_engine_that_is_not_installed_says_how_it_is() -> None:
    with (
        patch.dict(EXTRAS, dask="lossctl_has_no_such_package"),
        patch.dict(ENGINES, far=Engine("lossctl_has_no_such_package:workers", "dask")),
        pytest.raises(ResourceError, match=r"^the engine far takes lossctl_has") as refused,
    ):
        list(in_order(square, range(9), 2, "far"))
    assert refused.value.hint == "pip install 'lossctl[dask]'"


@pytest.mark.parametrize(("tasks", "jobs"), [(1, 4), (9, 1)])
def test_no_executor_is_imported_where_none_is_needed(tasks: int, jobs: int) -> None:
    code = (
        "import sys; from lossctl.engines import in_order\n"
        f"assert list(in_order(abs, range({tasks}), {jobs})) == list(range({tasks}))\n"
        "print('concurrent.futures' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def die_at_two(task: int) -> int:
    if task == 2:
        os._exit(1)
    return task


def test_a_worker_that_dies_is_no_fault_of_ours() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        results = windowed(Workers(pool, 1), die_at_two, range(5))
        with closing(results), pytest.raises(ResourceError, match="a worker ended") as dead:
            list(results)
    assert dead.value.hint
