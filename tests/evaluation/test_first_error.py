"""One error: that of the first bad row, whatever the blocks and the threads."""

import itertools
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Write
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import READERS, examples, probabilities, reading_by, write_csv, write_npy

import lossctl

PLACES = ("predictions", "targets")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluation")


def error_of(files: tuple[str, str], **options: Any) -> str:
    with pytest.raises(lossctl.DataError) as caught:
        lossctl.evaluate(*files, loss="ce", **options)
    return caught.value.message


def damaged_pair(
    folder: Path, flaws: list[tuple[str, int, int, str]], labels: bool
) -> tuple[str, str]:
    """Write 12 good samples with some cells replaced; return the two paths."""
    cells = {
        "predictions": [["0.25", "0.5", "0.25"] for _ in range(12)],
        "targets": [["1"] if labels else ["0", "1", "0"] for _ in range(12)],
    }
    for place, row, column, flaw in flaws:
        line = cells[place][row]
        line[column % len(line)] = flaw
    for place, lines in cells.items():
        content = "".join(",".join(line) + "\n" for line in lines)
        (folder / f"{place}.csv").write_text("a,b,c\n" * (place == "predictions") + content)
    return str(folder / "predictions.csv"), str(folder / "targets.csv")


@settings(examples, max_examples=80)
@given(
    flaws=st.lists(
        st.tuples(
            st.sampled_from(PLACES),
            st.integers(1, 11),
            st.integers(0, 2),
            st.sampled_from(["x", "", "nan", "1.5", "-0.25", "7", "1e400", "0.5,0"]),
        ),
        min_size=1,
        max_size=4,
    ),
    labels=st.booleans(),
    reader=st.sampled_from(READERS),
)
def test_the_first_bad_row_is_to_blame(
    folder: Path, flaws: list[tuple[str, int, int, str]], labels: bool, reader: str
) -> None:
    files = damaged_pair(folder, flaws, labels)
    with reading_by(reader):
        expected = error_of(files, jobs=1, block_rows=1)
        row = min(row for _, row, _, _ in flaws)
        assert f"predictions.csv:{row + 2}:" in expected or f"targets.csv:{row + 1}:" in expected
        for rows, jobs in itertools.product((2, 3, 5, 12, 50), (1, 3)):
            assert error_of(files, jobs=jobs, block_rows=rows) == expected


QUOTING = {
    "quote-out-of-place-after": [("predictions", 2, 0, "1.5"), ("targets", 5, 0, '"1"5"')],
    "quote-out-of-place-beside": [("predictions", 5, 0, "x"), ("targets", 5, 0, '"1"5"')],
    "stray-return": [("predictions", 2, 0, '"0.25"'), ("predictions", 5, 0, "0.25\r")],
    "two-returns": [("predictions", 2, 0, '"0.25"'), ("predictions", 5, 2, "0.25\r\r")],
}


@pytest.mark.parametrize("flaws", QUOTING.values(), ids=QUOTING)
def test_quotes_and_returns_give_one_error(
    tmp_path: Path, flaws: list[tuple[str, int, int, str]]
) -> None:
    files = damaged_pair(tmp_path, flaws, labels=False)
    assert len({error_of(files, block_rows=rows) for rows in (1, 2, 3, 5, 12)}) == 1


def test_the_hint_does_not_depend_on_the_block() -> None:
    y = [[0.5, 0.5], [-3.0, 4.0], [50.0, 7.0]]
    hints = set()
    for rows in (1, 2, 3):
        with pytest.raises(lossctl.DataError, match="row 2") as caught:
            lossctl.evaluate(y, [0, 1, 1], block_rows=rows, loss="ce")
        hints.add(caught.value.hint)
    assert len(hints) == 1


@pytest.mark.parametrize(("ours", "theirs"), [(7, 12), (12, 7), (12, 11), (1, 12)])
def test_row_counts_that_differ(tmp_path: Path, ours: int, theirs: int) -> None:
    files = (
        write_csv(tmp_path / "y.csv", probabilities(ours, 2)),
        write_npy(tmp_path / "d.npy", probabilities(theirs, 2)),
    )
    found = {error_of(files, block_rows=r, jobs=j) for r in range(1, 14) for j in (1, 2)}
    assert found == {f"{files[0]} has {ours} rows and {files[1]} {theirs}"}


def test_an_error_leaves_no_file_open(tmp_path: Path) -> None:
    files = damaged_pair(tmp_path, [("targets", 3, 0, "x")], labels=False)
    before = set(os.listdir("/dev/fd"))
    error_of(files)
    assert len(set(os.listdir("/dev/fd"))) <= len(before)


LEAVES_THREADS = """
import gc, threading, lossctl
gc.disable()
try:
    lossctl.evaluate("p.csv", "t.csv", loss="mae", id="key", block_rows=5, jobs=2)
except lossctl.DataError as error:
    print(error.message, threading.active_count())
"""


@pytest.mark.parametrize("order", [1, -1], ids=["one-order", "other-order"])
def test_an_error_leaves_no_threads_to_the_garbage_collector(
    run: Run, write: Write, order: int
) -> None:
    rows = [f"k{i},{i}\n" for i in range(100, 200)]
    write(
        {
            "p.csv": "key,y\n" + "".join(rows).replace(",150\n", ",x\n"),
            "t.csv": "key,y\n" + "".join(rows[::order]),
        }
    )
    outcome = run("-c", LEAVES_THREADS, program=(sys.executable,))
    assert outcome.out == "p.csv:52: column \"y\": 'x' is not a number 1\n", outcome.err
