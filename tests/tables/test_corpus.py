"""What fuzz/run.py found: files, and the error or the number that each must give."""

import io
import sys
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, Write, npy

import lossctl


class Found(NamedTuple):
    """A file, evaluated against zeros by `mae`, and what must come out."""

    name: str
    content: bytes
    expected: str
    """Loss(W), or how the message goes on behind the name of the file."""
    code: int = 0
    options: tuple[str, ...] = ("t.npy",)


def header_with(odd: bytes) -> bytes:
    """Return an NPY file with one byte in the spaces that fill up its header."""
    content = npy(np.ones((3, 2)))
    return content[:100] + odd + content[101:]


def feather_that_asks_for(size: int) -> bytes:
    """Return a Feather file the first buffer of which says that it expands to `size` bytes."""
    stream = io.BytesIO()
    table = pa.table({"a": np.ones(3), "b": np.ones(3)})
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(stream, table.schema, options=options) as writer:
        writer.write_table(table)
    content = stream.getvalue()
    at = content.index(b"\x04\x22\x4d\x18") - 8
    return content[:at] + size.to_bytes(8, "little") + content[at + 8 :]


def parquet_with_struct() -> bytes:
    """Return a Parquet file with a column a.b, and a struct a with a field b."""
    stream = io.BytesIO()
    struct = pa.array([{"b": 9.0}] * 3)
    pq.write_table(pa.table({"a": struct, "a.b": np.ones(3), "t": np.zeros(3)}), stream)
    return stream.getvalue()


def feather_of(name: bytes, words: bytes) -> bytes:
    """Return a Feather file with a column of that name, of 6 bytes, beside one of three words."""
    stream = io.BytesIO()
    table = pa.table({"column": np.ones(3), "key": ["wordAA", "wordBB", "wordCC"]})
    with pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue().replace(b"column", name).replace(b"wordBB", words)


def parquet_of(words: bytes) -> bytes:
    """Return a Parquet file with a column of ones beside three words."""
    stream = io.BytesIO()
    table = pa.table({"y": np.ones(3), "key": ["wordAA", "wordBB", "wordCC"]})
    pq.write_table(table, stream, compression="none", use_dictionary=False)
    return stream.getvalue().replace(b"wordBB", words)


# Records takes 'x"y,"a' for a whole line, and the csv module 'x"y,"a\nb"'; then they agree again.
QUOTES = b'y,t,key,z\n0,0,i,0\n1,0,x"y,"a\nb"\n2,0,c"d,1\n'
BY_KEY = ("--pred-cols", "y", "--target-col", "t", "--id", "key")
KEYS = ("t.csv", "--id", "key")
OUT_OF_PLACE = ":3: a quotation mark is out of place\n"
DAMAGED = ": the NPY header is damaged\n"

CORPUS = {
    "quotes-in-ids": Found("p.csv", QUOTES, OUT_OF_PLACE, 3, BY_KEY),
    "cut-between-CR-and-LF": Found("p.csv", b"1,1\r\n1,1\r\n1,1\r", "2.0\n"),
    "NPY-no-break-space": Found("p.npy", header_with(b"\xa0"), DAMAGED, 3),
    "NPY-vertical-tab": Found("p.npy", header_with(b"\x0b"), DAMAGED, 3),
    "NPY-newline": Found("p.npy", header_with(b"\n"), "2.0\n"),
    "NPY-newline-that-shifts-the-values": Found("p.npy", header_with(b"\n ")[:-1], DAMAGED, 3),
    "NPY-no-warning-of-Python": Found(
        "p.npy", header_with(b" ").replace(b"(3, 2), }  ", b"(3,2or 1),}"), DAMAGED, 3
    ),
    "NPY-tab": Found("p.npy", header_with(b"\t"), "2.0\n"),
    "Feather-2^61-bytes": Found(
        "p.feather", feather_that_asks_for(1 << 61), ": not enough memory for what it says", 4
    ),
    "Feather-24-bytes": Found("p.feather", feather_that_asks_for(24), "2.0\n"),
    "Feather-name-not-UTF-8": Found(
        "p.feather", feather_of(b"col\xffmn", b"wordBB"), ": not a sound Arrow IPC file (", 3
    ),
    "Feather-id-not-UTF-8": Found(
        "p.feather",
        feather_of(b"column", b"word\xff\xff"),
        ": not a sound Arrow IPC file (",
        3,
        KEYS,
    ),
    "Parquet-id-not-UTF-8": Found(
        "p.parquet", parquet_of(b"word\xff\xff"), ": not a sound Parquet file (", 3, KEYS
    ),
    "Parquet-id": Found("p.parquet", parquet_of(b"wordBB"), "1.0\n", options=KEYS),
    "NPY-signalling-NaN": Found(
        "p.npy",
        npy(np.full((3, 2), 0x7F800001, np.uint32).view(np.float32)),
        ": row 1: column 1: nan is not finite\n",
        3,
    ),
    "Parquet-a-field-of-that-name": Found(
        "p.parquet",
        parquet_with_struct(),
        "1.0\n",
        options=("--pred-cols", "a.b", "--target-col", "t"),
    ),
}


@pytest.mark.parametrize("found", CORPUS.values(), ids=CORPUS)
def test_found(run: Run, write: Write, found: Found) -> None:
    keys = "key,y\nwordAA,0\nwordBB,0\nwordCC,0\n"
    write({found.name: found.content, "t.npy": np.zeros((3, 2)), "t.csv": keys})
    outcome = run("eval", found.name, *found.options, "--loss", "mae", "-q")
    assert outcome.code == found.code, outcome.err
    if found.code:
        assert outcome.err.startswith(f"lossctl: {found.name}{found.expected}")
        assert outcome.out == ""
    else:
        assert outcome.out == found.expected


def test_an_array_and_a_path(write: Write) -> None:
    path = str(write({"p.csv": "1,1\n1,1\n1,1\n"}))
    for pair in ((np.zeros((3, 2)), path), (path, np.zeros((3, 2)))):
        assert lossctl.evaluate(*pair, loss="mae").losses["mae"].mean == 2.0


def test_integers_beside_missing_ones_are_exact_or_refused() -> None:
    good = pd.DataFrame({"y": pd.array([2**53 - 1, None], "Int64")})
    report = lossctl.evaluate(good, np.zeros(2), loss="mae", nan="skip")
    assert report.losses["mae"].mean == 2**53 - 1
    bad = pd.DataFrame({"y": pd.array([2**53 + 1, None], "Int64")})
    with pytest.raises(lossctl.DataError, match="integers beyond 2\\^53"):
        lossctl.evaluate(bad, np.zeros(2), loss="mae", nan="skip")


def test_two_lists_of_shards(write: Write) -> None:
    parts = [write({name: "5,5\n"}) for name in ("p-1.csv", "p-2.csv", "t-1.csv", "t-2.csv")]
    assert lossctl.evaluate(parts[:2], parts[2:], loss="mae").losses["mae"].mean == 0.0


@pytest.mark.parametrize(
    ("p", "t"),
    [(".5\n.2\n", "True\nFalse\nTrue\n"), (".5,.5\n.2,.8\n", "True,False\n" * 3)],
    ids=["a-column", "one-hot"],
)
def test_rows_of_true_and_false_are_not_a_header_and_one_row_less(
    run: Run, write: Write, p: str, t: str
) -> None:
    write({"p.csv": p, "t.csv": t})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")


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


# What a hunter found, evaluated as it once came out wrong.

HEADED = "p_true,p_false\n0.9,0.1\n0.8,0.2\n"
HUNTED: dict[str, tuple[dict[str, str], tuple[str, ...], str, int]] = {
    "true-by-name": ({"p.csv": HEADED, "t.csv": "l\nTrue\nTrue\n"}, ("-l", "mae"), "0.3\n", 0),
    "true-is-no-class": (
        {"p.csv": HEADED.replace("true", "yes"), "t.csv": "l\nTrue\nTrue\n"},
        ("-l", "mae"),
        "t.csv:2: column \"l\": 'True' is not a class name",
        3,
    ),
    "logits-below-headers-of-pandas": (
        {"p.csv": "0,1,2\n5,0,0\n0,5,0\n", "t.csv": "0\n0\n1\n"},
        ("-l", "ce", "--from", "logits"),
        "the first row of p.csv and of t.csv may be a header or a sample",
        3,
    ),
    "columns-by-name-but-for-a-prefix": (
        {"p.csv": "p_dog,p_cat\n1,0\n0.75,0.25\n", "t.csv": "cat,dog\n0,1\n0,1\n"},
        ("-l", "mae"),
        "0.25\n",
        0,
    ),
    "another-id": (
        {"p.csv": "id,y,user_id\n1,2,7\n", "t.csv": "id,y,user_id\n1,2,9\n"},
        ("-l", "mae", "--id", "id"),
        "p.csv: the column 'user_id' looks like an id",
        3,
    ),
    "grouped-numbers": (
        {"p.csv": '"1,234.5"\n900.5\n', "t.csv": '"1,250.0"\n880.5\n'},
        ("-l", "mae"),
        "p.csv:1: column 1: '1,234.5' is not a number",
        3,
    ),
    "index-of-pandas-read-again": (
        {"p.csv": "Unnamed: 0,a,b\n0,0.5,0.5\n", "t.csv": "0\n"},
        ("-l", "mse"),
        "p.csv: the column 'Unnamed: 0' looks like an id",
        3,
    ),
    "names-that-are-numbers-written-otherwise": (
        {"p.csv": "c_02,c_01\n0.75,0.25\n", "t.csv": "1\n"},
        ("-l", "mae", "--no-targets-header"),
        "1.5\n",
        0,
    ),
    "shards-of-two-tables": (
        {"a-0-of-1.csv": "1\n", "a-0-of-2.csv": "1\n", "t.csv": "1\n1\n"},
        ("-l", "mae"),
        "a-0-of-1.csv and others are shards of several tables",
        3,
    ),
}


@pytest.mark.parametrize("hunted", HUNTED.values(), ids=HUNTED)
def test_hunted(
    run: Run, write: Write, hunted: tuple[dict[str, str], tuple[str, ...], str, int]
) -> None:
    files, options, expected, code = hunted
    write(files)
    predictions = "p.csv" if "p.csv" in files else "a-*.csv"
    outcome = run("eval", predictions, "t.csv", *options, "-q")
    assert (outcome.code, outcome.out) == (code, "" if code else expected), outcome.err
    assert not code or outcome.err.startswith(f"lossctl: {expected}")


def test_a_list_out_of_order_is_told(run: Run, write: Write) -> None:
    write({"train.csv": "1\n2\n", "test.csv": "3\n4\n", "t.csv": "3\n4\n1\n2\n"})
    options = ("--loss", "mae", "--no-header", "-q")
    outcome = run("eval", "train.csv,test.csv", "t.csv", *options)
    assert (outcome.code, outcome.out) == (0, "0.0\n")
    assert "read in natural order, not in the order of this list" in outcome.err


def test_a_comment_that_is_no_text(run: Run, write: Write) -> None:
    write({"p.csv": "5\n", "t.csv": "4\n"})
    assert run("eval", "p.csv", "t.csv", "-l", "mae", "-q", "--comment", b"\xff").out == "1.0\n"
