"""The engine: results and errors in order, a bounded window, flat memory, files that change."""

import os
import threading
import tracemalloc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import cast
from unittest.mock import patch

import numpy as np
import pytest
from samples import reading_by

import lossctl
from lossctl.engines import default_jobs, in_order
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.tables.records import records

PATIENCE = 10.0
"""Seconds until a test that waits for another thread gives up; never reached where all is well."""

JOBS = [1, 2, 3, 8]


def square(task: int) -> int:
    return task * task


def workers() -> set[int]:
    """Return the threads of any pool that are still there."""
    return {
        thread.ident or 0
        for thread in threading.enumerate()
        if thread.name.startswith("ThreadPoolExecutor")
    }


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 50])
def test_results_come_in_the_order_of_the_tasks(jobs: int, count: int) -> None:
    assert list(in_order(square, range(count), jobs)) == [square(i) for i in range(count)]


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_slow_first_task_does_not_lose_its_place(jobs: int) -> None:
    second_done = threading.Event()

    def call(task: int) -> int:
        if task == 0:
            assert second_done.wait(PATIENCE)
        elif task == 1:
            second_done.set()
        return task

    assert list(in_order(call, range(6), jobs)) == list(range(6))


def test_jobs_run_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=PATIENCE)
    assert sorted(in_order(lambda _: together.wait(), range(6), 3)) == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("earlier_is_slower", [True, False], ids=["later-first", "earlier-first"])
def test_the_first_error_in_order_is_raised_whichever_came_first(earlier_is_slower: bool) -> None:
    failed = {1: threading.Event(), 2: threading.Event()}

    def call(task: int) -> int:
        if task not in failed:
            return task
        other = 3 - task
        if (task < other) == earlier_is_slower:
            assert failed[other].wait(PATIENCE)
        failed[task].set()
        raise ValueError(f"task {task}")

    results = in_order(call, range(5), 3)
    assert next(results) == 0
    with pytest.raises(ValueError, match="task 1"):
        next(results)
    assert failed[1].is_set()
    assert list(results) == []


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("bad", [0, 1, 2, 5])
def test_results_before_an_error_are_yielded(jobs: int, bad: int) -> None:
    def call(task: int) -> int:
        if task >= bad:
            raise ValueError(f"task {task}")
        return task

    results = in_order(call, range(8), jobs)
    assert [next(results) for _ in range(bad)] == list(range(bad))
    with pytest.raises(ValueError, match=f"^task {bad}$"):
        next(results)


def tasks_then_error(count: int) -> Iterator[int]:
    yield from range(count)
    raise ValueError("no more tasks")


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 6])
def test_an_error_of_the_tasks_comes_after_earlier_results(jobs: int, count: int) -> None:
    results = in_order(square, tasks_then_error(count), jobs)
    assert [next(results) for _ in range(count)] == [square(i) for i in range(count)]
    with pytest.raises(ValueError, match="no more tasks"):
        next(results)


@pytest.mark.parametrize("jobs", JOBS)
def test_an_error_of_a_call_comes_before_one_of_the_tasks(jobs: int) -> None:
    def fail(task: int) -> int:
        raise KeyError(task)

    with pytest.raises(KeyError, match=r"^0$"):
        list(in_order(fail, tasks_then_error(3), jobs))


@pytest.mark.parametrize("jobs", JOBS)
def test_the_window_is_bounded(jobs: int) -> None:
    taken = yielded = 0
    most = 0

    def tasks() -> Iterator[int]:
        nonlocal taken, most
        for task in range(40):
            taken += 1
            most = max(most, taken - yielded)
            yield task

    for _ in in_order(square, tasks(), jobs):
        yielded += 1
    assert yielded == 40
    # In flight are at most `jobs` + 1 calls; one result may be with the caller.
    assert most <= jobs + 2


@pytest.mark.parametrize("jobs", JOBS)
def test_closing_early_stops_the_rest(jobs: int) -> None:
    before = workers()
    started = []

    def call(task: int) -> int:
        started.append(task)
        return task

    results = cast(Generator[int, None, None], in_order(call, iter(range(1000)), jobs))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    results.close()
    assert set(started) <= set(range(3 + jobs + 1))
    assert workers() <= before


@pytest.mark.parametrize("jobs", [2, 3])
def test_calls_that_wait_are_cancelled_after_an_error(jobs: int) -> None:
    before = workers()
    started = []

    def call(task: int) -> int:
        started.append(task)
        if task == 0:
            raise ValueError("the first")
        return task

    with pytest.raises(ValueError, match="the first"):
        list(in_order(call, iter(range(1000)), jobs))
    assert set(started) <= set(range(jobs + 1))
    assert workers() <= before


@pytest.mark.parametrize(
    ("jobs", "count"), [(1, 20), (4, 1)], ids=["one-job", "one-task-of-four-jobs"]
)
def test_no_thread_where_none_is_needed(jobs: int, count: int) -> None:
    here = threading.get_ident()
    assert set(in_order(lambda _: threading.get_ident(), range(count), jobs)) == {here}


def test_several_jobs_leave_the_calling_thread() -> None:
    here = threading.get_ident()
    assert here not in set(in_order(lambda _: threading.get_ident(), range(9), 2))


def test_one_job_evaluates_a_task_only_when_it_is_asked_for() -> None:
    started: list[int] = []
    results = in_order(started.append, range(5), 1)
    next(results)
    assert started == [0]
    next(results)
    assert started == [0, 1]


def test_default_jobs_is_at_least_one() -> None:
    assert default_jobs() >= 1


# Memory.


def peak_of(path: Path, reader: str) -> int:
    with reading_by(reader), patch.object(records, "CHUNK", 1 << 15):
        tracemalloc.start()
        options = Options(("mae",), jobs=2, block_rows=500, worst=3)
        evaluation = Evaluation(str(path), f"{path.parent}/other{path.suffix}", options)
        for _ in evaluation.samples():
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


@pytest.mark.parametrize("kind", ["fast", "strict", "npy-c", "npy-fortran"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, kind: str) -> None:
    peaks, sizes = [], []
    for rows in (8_000, 8_000, 192_000):  # the first one imports what the others use
        values = np.arange(rows * 2.0).reshape(rows, 2) / 8
        for name in ("table", "other"):
            path = tmp_path / f"{name}.{kind[:3].replace('fas', 'csv').replace('str', 'csv')}"
            if path.suffix == ".npy":
                np.save(path, np.asarray(values, order="F" if kind == "npy-fortran" else "C"))
            else:
                path.write_text("".join(f"{a},{b}\n" for a, b in values.tolist()))
        peaks.append(
            peak_of(tmp_path / f"table{path.suffix}", "strict" if kind == "strict" else "fast")
        )
        sizes.append(path.stat().st_size)
    assert peaks[2] - peaks[1] < (sizes[2] - sizes[1]) / 5  # threads overlap more or less


# Files that change while they are read.


@pytest.mark.parametrize("change", ["grows", "shrinks", "rewritten"])
@pytest.mark.parametrize("suffix", [".csv", ".npy"])
def test_a_file_that_changes_is_not_evaluated(tmp_path: Path, suffix: str, change: str) -> None:
    paths = [tmp_path / f"preds{suffix}", tmp_path / f"targets{suffix}"]
    for path in paths:
        np.save(path, np.ones(50)) if suffix == ".npy" else path.write_text("2.5\n" * 50)
    options = Options(("mae",), jobs=1, block_rows=10)
    samples = Evaluation(str(paths[0]), str(paths[1]), options).samples()
    next(samples)
    status = paths[0].stat()
    size = {"grows": status.st_size + 4, "shrinks": status.st_size // 2}.get(change)
    os.truncate(paths[0], size or status.st_size)
    os.utime(paths[0], ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    with pytest.raises(lossctl.ResourceError, match="changed while it was read"):
        list(samples)
