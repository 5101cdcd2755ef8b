"""An engine of the tests that evaluates in other processes: spans and results are pickled."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from conftest import Write
from formats import NAMED, NUMBERS

import lossctl
from lossctl.engines import ENGINES, Engine
from lossctl.engines.window import Workers
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.results.report import Report

ROWS = 40
FILES = NAMED | NUMBERS


@cache
def pool() -> ProcessPoolExecutor:
    """Return the pool of all tests, as starting a process takes a while."""
    return ProcessPoolExecutor(2, get_context("spawn"))


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    yield Workers(pool(), jobs)


@pytest.fixture(scope="module", autouse=True)
def engine() -> Iterator[None]:
    with pool(), patch.dict(ENGINES, processes=Engine("test_processes:workers")):
        yield
    pool.cache_clear()  # these tests may be taken up again, behind those of other files


def tables(write: Write, name: str, orders: tuple[int, int] = (1, 1)) -> tuple[str, str]:
    """Write predictions and targets, each in the order of its ids or against it."""
    random = np.random.default_rng(7)
    frames = {
        "p": pd.DataFrame({"a": random.random(ROWS), "b": random.random(ROWS)}),
        "t": pd.DataFrame({"a": random.random(ROWS), "b": random.random(ROWS)}),
    }
    paths = []
    for (role, frame), order in zip(frames.items(), orders, strict=True):
        if orders != (1, 1):
            frame.insert(0, "id", [f"n{number:02}" for number in range(ROWS)])
        paths.append(str(write({f"{role}-{name}": FILES[name](frame[::order])})))
    return paths[0], paths[1]


def evaluated(paths: tuple[str, str], engine: str, by: str | None = None) -> tuple[bytes, Report]:
    """Return the bits of the per-sample losses, and the report."""
    evaluation = Evaluation(*paths, Options("mse", id=by, jobs=2, block_rows=7, engine=engine))
    samples = list(evaluation.samples())
    assert len(samples) > 2
    bits = b"".join(one.losses[name].tobytes() for one in samples for name in one.losses)
    return bits, evaluation.report()


@pytest.mark.parametrize("name", FILES)
def test_processes_give_the_same_bits_as_threads(write: Write, name: str) -> None:
    paths = tables(write, name)
    assert evaluated(paths, "processes") == evaluated(paths, "threads")


@pytest.mark.parametrize("targets_order", [1, -1], ids=["in-one-order", "by-index"])
@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.parquet"])
def test_rows_are_paired_by_id_in_processes(write: Write, name: str, targets_order: int) -> None:
    paths = tables(write, name, (-1, targets_order))
    bits = evaluated(paths, "processes", "id")
    assert bits == evaluated(paths, "threads", "id")


def test_the_first_bad_row_is_told_whatever_the_engine(write: Write) -> None:
    bad = "".join("0.5\n" if row not in (20, 30) else "nan\n" for row in range(ROWS))
    paths = str(write({"p.csv": bad})), str(write({"t.csv": "1\n" * ROWS}))
    said = []
    for engine in ("threads", "processes"):
        with pytest.raises(lossctl.DataError) as refused:
            evaluated(paths, engine)
        said.append((refused.value.message, refused.value.hint, refused.value.line))
    assert said[0] == said[1]
    assert said[0][2] == 21


def test_an_engine_that_there_is_not_is_told_with_the_nearest() -> None:
    with pytest.raises(lossctl.UsageError, match=r"^no engine is called 'thread'\n") as refused:
        lossctl.evaluate([0.5], [1.0], loss="mse", engine="thread")
    assert refused.value.hint == "did you mean threads?"
