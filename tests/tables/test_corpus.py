"""Files whose bytes are easily misread, each with the number or the error that it must give."""

import io
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, Write, npy


class Entry(NamedTuple):
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
    "quotes-in-ids": Entry("p.csv", QUOTES, OUT_OF_PLACE, 3, BY_KEY),
    "cut-between-CR-and-LF": Entry("p.csv", b"1,1\r\n1,1\r\n1,1\r", "2.0\n"),
    "NPY-no-break-space": Entry("p.npy", header_with(b"\xa0"), DAMAGED, 3),
    "NPY-vertical-tab": Entry("p.npy", header_with(b"\x0b"), DAMAGED, 3),
    "NPY-newline": Entry("p.npy", header_with(b"\n"), "2.0\n"),
    "NPY-newline-that-shifts-the-values": Entry("p.npy", header_with(b"\n ")[:-1], DAMAGED, 3),
    "NPY-no-warning-of-Python": Entry(
        "p.npy", header_with(b" ").replace(b"(3, 2), }  ", b"(3,2or 1),}"), DAMAGED, 3
    ),
    "NPY-tab": Entry("p.npy", header_with(b"\t"), "2.0\n"),
    "Feather-2^61-bytes": Entry(
        "p.feather",
        feather_that_asks_for(1 << 61),
        ": a batch: 96 compressed bytes become 2305843009213693976 or more",
        4,
    ),
    "Feather-24-bytes": Entry("p.feather", feather_that_asks_for(24), "2.0\n"),
    "Feather-name-not-UTF-8": Entry(
        "p.feather", feather_of(b"col\xffmn", b"wordBB"), ": not a sound Arrow IPC file (", 3
    ),
    "Feather-id-not-UTF-8": Entry(
        "p.feather",
        feather_of(b"column", b"word\xff\xff"),
        ": not a sound Arrow IPC file (",
        3,
        KEYS,
    ),
    "Parquet-id-not-UTF-8": Entry(
        "p.parquet", parquet_of(b"word\xff\xff"), ": not a sound Parquet file (", 3, KEYS
    ),
    "Parquet-id": Entry("p.parquet", parquet_of(b"wordBB"), "1.0\n", options=KEYS),
    "NPY-signalling-NaN": Entry(
        "p.npy",
        npy(np.full((3, 2), 0x7F800001, np.uint32).view(np.float32)),
        ": row 1: column 1: nan is a missing value, not a number\n",
        3,
    ),
    "Parquet-a-field-of-that-name": Entry(
        "p.parquet",
        parquet_with_struct(),
        "1.0\n",
        options=("--pred-cols", "a.b", "--target-col", "t"),
    ),
}


@pytest.mark.parametrize("entry", CORPUS.values(), ids=CORPUS)
def test_a_file_gives_its_number_or_its_error(run: Run, write: Write, entry: Entry) -> None:
    keys = "key,y\nwordAA,0\nwordBB,0\nwordCC,0\n"
    write({entry.name: entry.content, "t.npy": np.zeros((3, 2)), "t.csv": keys})
    outcome = run("eval", entry.name, *entry.options, "--loss", "mae", "-q")
    assert outcome.code == entry.code, outcome.err
    if entry.code:
        assert outcome.err.startswith(f"lossctl: error: {entry.name}{entry.expected}")
        assert outcome.out == ""
    else:
        assert outcome.out == entry.expected
