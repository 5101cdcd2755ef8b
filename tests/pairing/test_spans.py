"""Spans, kernels, results and errors are values: in a fresh interpreter they are the same."""

import gc
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Write
from formats import NAMED, NUMBERS
from samples import probabilities

import lossctl
from lossctl.evaluation.kernel import Kernel
from lossctl.evaluation.options import Options
from lossctl.evaluation.task import Task
from lossctl.pairing.by_id import Alignment, Policies
from lossctl.pairing.pair import Pair, PairSpan, open_pair
from lossctl.results.samples import Samples
from lossctl.results.summary import Summary
from lossctl.tables.inputs import Input
from lossctl.tables.records import records

ROWS = 11
NAMES = ["cat", "dog", "cow"]
LABELS = [NAMES[i % 3] for i in range(ROWS)]
ELSEWHERE = """
import pickle, sys

def outcome(kernel, span):
    try:
        return kernel.evaluate_span(span)
    except Exception as error:
        return error

with open(sys.argv[1], "rb") as file:
    tasks = pickle.load(file)
with open(sys.argv[2], "wb") as file:
    pickle.dump([outcome(kernel, span) for kernel, span in tasks], file)
"""
Outcome = tuple[Samples, Summary] | Exception


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even these files be too long to be held in memory when they are recognised."""
    monkeypatch.setattr(records, "CHUNK", 8)


def spans_of(
    predictions: object, targets: object, rows: int = 4, **options: Any
) -> tuple[Pair, Kernel, list[PairSpan]]:
    """Return the spans of an evaluation, all of them taken, and the kernel for them."""
    fixed: dict[str, Any] = {"loss": "ce,mae", "worst": 2}
    asked = Options(**fixed | options)
    one = None if targets is None else Input(targets)
    losses = asked.losses()
    request = asked.request(losses.values())
    pair = open_pair(Input(predictions), one, request, asked.tables())
    kernel = Kernel.of(Task.of(pair, losses, asked))
    if asked.id is None:
        return pair, kernel, list(pair.spans(rows))
    return (
        pair,
        kernel,
        list(Alignment(pair, Policies(False, None), 1, "threads", lambda: None).spans(rows)),
    )


def here(kernel: Kernel, span: PairSpan) -> Outcome:
    try:
        return kernel.evaluate_span(span)
    except lossctl.LossctlError as error:
        return error


def elsewhere(tmp_path: Path, tasks: list[tuple[Kernel, PairSpan]]) -> list[Outcome]:
    """Return the outcomes of a fresh interpreter, in another folder."""
    (tmp_path / "tasks").write_bytes(pickle.dumps(tasks))
    files = [str(tmp_path / name) for name in ("tasks", "outcomes")]
    subprocess.run([sys.executable, "-c", ELSEWHERE, *files], cwd="/", check=True, timeout=120)
    outcomes: list[Outcome] = pickle.loads((tmp_path / "outcomes").read_bytes())
    return outcomes


def content(outcome: Outcome) -> object:
    """Return all that an outcome says as what can be compared."""
    if isinstance(outcome, Exception):
        return type(outcome), str(outcome), vars(outcome)
    samples, summary = outcome
    arrays = [samples.rows, *samples.losses.values(), *samples.beside.values()]
    worst, totals = summary.worst, summary.totals
    return (
        [(array.dtype, array.tobytes()) for array in arrays],
        summary._replace(worst=None, cautions=(), totals=None),
        None if totals is None else totals.tolist(),
        [vars(caution) for caution in summary.cautions],
        None if worst is None else (worst.columns(), worst.names),
    )


def frame(*, labels: bool = False, ids: bool = False) -> pd.DataFrame:
    table = pd.DataFrame(probabilities(ROWS, 3), columns=NAMES)
    if ids:
        table.insert(0, "id", [f"s{i:02}" for i in range(ROWS)])
    if labels:
        table["label"] = LABELS
    return table


def test_every_format(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = write({"t.csv": "label\n" + "\n".join(LABELS) + "\n"})
    numbers = write({"n.npy": np.arange(ROWS) % 3})
    tasks: dict[str, list[tuple[Kernel, PairSpan]]] = {}
    monkeypatch.chdir(tmp_path)  # paths are relative to another folder elsewhere
    held: list[Pair] = []

    def add(name: str, predictions: object, targets: object, **options: Any) -> None:
        pair, kernel, spans = spans_of(predictions, targets, **options)
        held.append(pair)
        tasks[name] = [(kernel, span) for span in spans]

    for name, made in NAMED.items():
        write({name: made(frame()), f"ids-{name}": made(frame(labels=True, ids=True))})
        add(name, name, targets)
        one_file = {"pred_cols": ",".join(NAMES), "target_col": "label"}
        add(f"{name} by id", f"ids-{name}", None, id="id", **one_file)
        add(f"{name} one file", f"ids-{name}", None, **one_file)
    for name, made in NUMBERS.items():
        write({name: made(frame())})
        add(name, name, numbers)
    add("arrays", frame().to_numpy(), np.arange(ROWS) % 3)
    add("a data frame", frame(), LABELS)
    write({"part-0.csv": NAMED["x.csv"](frame()), "part-1.npy": b""})
    write({"s-0.csv": NAMED["x.csv"](frame()), "s-1.csv": NAMED["x.csv"](frame())})
    twice = write({"t2.csv": "label\n" + "\n".join(LABELS * 2) + "\n"})
    add("shards", "s-*.csv", twice, nan="skip")
    add(
        "logits",
        np.log(frame().to_numpy()),
        np.eye(3)[np.arange(ROWS) % 3],
        from_="logits",
        loss="ce,bce",
    )
    flat = [task for several in tasks.values() for task in several]
    assert all(len(several) >= 3 for name, several in tasks.items() if "by id" not in name)
    expected = [content(here(*task)) for task in flat]
    assert not [one for one in expected if isinstance(one[0], type)]  # type: ignore[index]
    assert [content(outcome) for outcome in elsewhere(tmp_path, flat)] == expected


BAD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a cell": ({"p.csv": "cat,dog\n1,0\n0.5,n/a\n"}, {}),
    "a line of JSON": ({"p.csv": "cat,dog\n1,0\n", "p.jsonl": '{"a": 1, "b": 0}\n{"a": 2}\n'}, {}),
    "no probability": ({"p.csv": "cat,dog\n1,0\n0,3\n"}, {}),
    "NaN": ({"p.npy": np.array([[1, 0], [0, np.nan]])}, {}),
    "a sum": ({"p.npy": np.array([[1, 0], [0.5, 0.25]])}, {}),
}


@pytest.mark.parametrize(("files", "options"), BAD.values(), ids=BAD)
def test_the_same_error(
    tmp_path: Path, write: Write, files: dict[str, Any], options: dict[str, Any]
) -> None:
    predictions, targets = write(files), write({"t.csv": "0\n1\n"})
    _, kernel, spans = spans_of(predictions, targets, **options)
    expected = [content(here(kernel, span)) for span in spans]
    assert any(isinstance(one[0], type) for one in expected)  # type: ignore[index]
    outcomes = elsewhere(tmp_path, [(kernel, span) for span in spans])
    assert [content(outcome) for outcome in outcomes] == expected


@pytest.mark.parametrize("name", ["p.csv", "p.npy"])
@pytest.mark.parametrize("how", ["longer", "touched", "replaced", "gone"])
def test_another_file_in_its_place_is_an_error(
    tmp_path: Path, write: Write, name: str, how: str
) -> None:
    made: Any = "a,b\n" + "1,0\n0,1\n" * 9 if name == "p.csv" else np.eye(2)[[0, 1] * 9]
    path, targets = write({name: made}), write({"t.csv": "0\n1\n" * 9})
    _, kernel, spans = spans_of(path, targets)
    before, old = path.stat(), path.read_bytes()
    if how == "longer":
        path.write_bytes(old + b"0")
    elif how == "touched":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    else:
        path.unlink()
    if how == "replaced":  # by one of the same size and time of modification
        path.write_bytes(old)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (outcome,) = elsewhere(tmp_path, [(kernel, spans[0])])
    assert isinstance(outcome, lossctl.ResourceError)
    reason = "No such file or directory" if how == "gone" else "the file changed while it was read"
    assert outcome.message == f"{path}: {reason}"
    assert (outcome.hint is None) is (how == "gone")


def test_a_span_that_comes_back_has_the_same_descriptor(write: Write) -> None:
    path = write({"p.npy": np.eye(2), "t.csv": "0\n1\n"}).with_name("p.npy")
    _, _, spans = spans_of(path, path.with_name("t.csv"))
    span: Any = pickle.loads(pickle.dumps(spans[0]))
    assert span.predictions.source is spans[0].predictions.source  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["array", "x.feather", "x.parquet", "fortran.npy.zst"])
def test_a_span_holds_no_more_than_its_rows(write: Write, name: str) -> None:
    values = probabilities(50_000, 10)
    predictions: object = values
    if name != "array":
        frame = pd.DataFrame(values, columns=[f"c{i}" for i in range(10)])
        predictions = write({name: (NAMED | NUMBERS)[name](frame)})
    _, _, spans = spans_of(predictions, values.argmax(axis=1), rows=100)
    assert len(pickle.dumps(spans[0])) < 20_000


def test_one_of_two_sources_of_a_file_may_be_closed(write: Write) -> None:
    path = write({"p.npy": np.eye(2), "t.csv": "0\n1\n"}).with_name("p.npy")
    pair, _, _ = spans_of(path, path.with_name("t.csv"))
    _, kernel, spans = spans_of(path, path.with_name("t.csv"))
    pair.close()
    span = pickle.loads(pickle.dumps(spans[0]))
    assert content(here(kernel, span)) == content(here(kernel, spans[0]))


def test_another_file_is_refused_each_time_it_is_read(tmp_path: Path, write: Write) -> None:
    path = write({"p.npy": np.eye(2), "t.csv": "0\n1\n"}).with_name("p.npy")
    before = path.stat()
    _, kernel, spans = spans_of(path, path.with_name("t.csv"))
    path.unlink()
    write({"p.npy": np.eye(2)[::-1]})
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    for outcome in elsewhere(tmp_path, [(kernel, spans[0])] * 3):
        assert isinstance(outcome, lossctl.ResourceError)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the system does not say")
@pytest.mark.parametrize("name", [*NAMED, *NUMBERS])
def test_no_file_stays_open(write: Write, name: str) -> None:
    made = (NAMED | NUMBERS)[name](frame())
    folder = write({name: made}).parent
    (folder / "s").mkdir()
    for i in range(3):
        (folder / "s" / f"{i}-{name}").write_bytes(made)
    kept: list[object] = []
    gc.collect()  # or what an earlier test left may be closed in between
    before = open_files()
    for predictions, rows in ((folder / name, ROWS), (folder / "s", 3 * ROWS)):
        for count in (rows, rows + 1):
            try:
                kept.append(lossctl.evaluate(predictions, np.arange(count) % 3, loss="ce"))
            except lossctl.DataError as error:
                kept.append(error)  # with all that its traceback holds
    assert len(kept) == 4
    assert open_files() == before
