"""What Parquet says of its pages is looked at first: a few bytes never take gigabytes."""

import struct
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from conftest import LOSSCTL, Outcome, Run, Write
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import lossctl
from lossctl.tables.arrow.chunks import Chunk, row_groups_of
from lossctl.tables.arrow.pages import Page, PageReader
from lossctl.tables.arrow.thrift import CutOff, Damaged, Reader
from lossctl.tables.streams.source import Source

CODECS = ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]
ENOUGH = 1 << 29
"""Bytes: an ordinary call takes a fourth of it."""


def content(table: pa.Table, **options: Any) -> bytes:
    sink = BytesIO()
    parquet.write_table(table, sink, **options)
    return sink.getvalue()


def pages_of(path: Path) -> list[list[Page]]:
    source = Source(str(path))
    chunks = [chunk for group in row_groups_of(source) for chunk in group.chunks]
    found = [PageReader(source).sound_pages(chunk, "", limited=True) for chunk in chunks]
    source.close()
    return found


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_what_is_found_is_what_pyarrow_wrote(
    write: Write, codec: str, version: str, dictionary: bool
) -> None:
    rng = np.random.default_rng(0)
    table = pa.table(
        {
            "y": rng.random(5000).round(1),
            "word": [f"word {i % 7}" for i in range(5000)],
            "list": pa.FixedSizeListArray.from_arrays(pa.array(rng.random(15000)), 3),
            "null": pa.array([None, 1] * 2500),
        }
    )
    path = write(
        {
            "p.parquet": content(
                table,
                compression=codec,
                data_page_version=version,
                use_dictionary=dictionary,
                row_group_size=2000,
                data_page_size=100,
                write_batch_size=64,
            )
        }
    )
    told = parquet.ParquetFile(path).metadata
    source = Source(str(path))
    groups = row_groups_of(source)
    assert [group.rows for group in groups] == [2000, 2000, 1000]
    for number, group in enumerate(groups):
        for leaf, chunk in enumerate(group.chunks):
            column = told.row_group(number).column(leaf)
            start = column.dictionary_page_offset or column.data_page_offset
            assert chunk[:3] == (start, column.total_compressed_size, column.num_values)
            pages = PageReader(source).sound_pages(chunk, "", limited=True)
            assert sum(page.values for page in pages if not page.is_dictionary) == chunk.values
            assert pages[0].is_dictionary == dictionary
            assert pages[-1].at + pages[-1].stored == chunk.start + chunk.size
    source.close()


def varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


@pytest.mark.parametrize("field", ["expanded", "stored", "values"])
@pytest.mark.parametrize("codec", ["none", "zstd", "brotli"])
def test_a_page_that_says_it_has_gigabytes(run: Run, write: Write, field: str, codec: str) -> None:
    """The header of the only page says so, in a few more bytes, which its statistics give up."""
    table = pa.table({"y": np.arange(50.0)})
    options = {"compression": codec, "use_dictionary": False, "store_schema": False}
    whole = content(table, **options)
    path = write({"p.parquet": whole, "t.npy": np.zeros(50)}).parent / "p.parquet"
    (page,) = pages_of(path)[0]
    header = whole[4 : page.at]
    sizes = b"\x15\x00\x15" + varint(2 * page.expanded) + b"\x15" + varint(2 * page.stored)
    assert header.startswith(sizes)
    huge = varint(2 * (2**31 - 1))
    new = b"\x15\x00\x15" + (huge if field == "expanded" else varint(2 * page.expanded))
    new += b"\x15" + (huge if field == "stored" else varint(2 * page.stored))
    rest = header[len(sizes) :]
    if field == "values":
        old = b"\x2c\x15" + varint(100)
        assert rest.startswith(old)
        rest = b"\x2c\x15" + huge + rest[len(old) :]
    damaged = whole[:4] + new + rest + whole[page.at :]
    end = struct.unpack("<I", whole[-8:-4])[0] + 8
    write({"p.parquet": damaged[: len(whole) - end] + whole[-end:]})  # the end stays where it is
    outcome = run("eval", "p.parquet", "t.npy", "--loss", "mae")
    assert outcome.code in (3, 4)
    assert outcome.err.startswith("lossctl: error: p.parquet: ")
    assert "(a page of column 'y' is damaged)" in outcome.err or "bytes become" in outcome.err


PEAK = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def peak(folder: Path, *arguments: str) -> tuple[int, int]:
    """Return the exit code of an evaluation, and the most memory that it took, in bytes."""
    command = [LOSSCTL, "eval", *arguments, "--loss", "mae"]
    out = subprocess.check_output([sys.executable, "-c", PEAK, *command], cwd=folder, text=True)
    code, most = map(int, out.split())
    return code, most


ROWS = 4000
BOMBS: dict[str, Callable[[], tuple[Any, int]]] = {
    "a list": lambda: (lists([0, 1 << 26]), 4),
    "a list behind others": lambda: (lists([0, 3, 1 << 26]), 4),
    "a map": lambda: (
        pa.MapArray.from_arrays([0, 1 << 25], np.zeros(1 << 25, "i1"), np.zeros(1 << 25)),
        3,
    ),
    "a word": lambda: (words(["x" * 10**6], np.zeros(ROWS, "i4")), 3),
    "a word among others": lambda: (
        words(
            ["x" * 900_000, *map(str, range(100_000))],
            np.r_[np.zeros(ROWS, "i4"), np.arange(1, 100_001)],
        ),
        3,
    ),
}


def lists(offsets: list[int]) -> Any:
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(np.zeros(offsets[-1])))


def words(texts: list[str], which: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), pa.array(texts))


@pytest.mark.parametrize("name", BOMBS)
def test_a_few_kilobytes_never_become_gigabytes(tmp_path: Path, name: str) -> None:
    array, expected = BOMBS[name]()
    path = tmp_path / "p.parquet"
    table = pa.table({"x": array, "y": np.ones(len(array))})
    parquet.write_table(table, path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 300_000
    np.save(tmp_path / "t.npy", np.ones(len(array)))
    code, most = peak(tmp_path, "p.parquet", "t.npy", "--pred-cols", "x")
    assert (code, most < ENOUGH) == (expected, True), most
    code, most = peak(tmp_path, "p.parquet", "t.npy", "--pred-cols", "y")  # x does not matter
    assert (code, most < ENOUGH) == (0, True), most


def test_a_page_that_is_a_bomb_and_the_way_out(run: Run, write: Write) -> None:
    table = pa.table({"y": np.zeros(1 << 25)})
    sizes = dict.fromkeys(("data_page_size", "row_group_size"), 1 << 30)
    if "max_rows_per_page" in signature(parquet.ParquetWriter).parameters:  # else without limit
        sizes["max_rows_per_page"] = 1 << 30
    packed = content(table, compression="zstd", use_dictionary=False, **sizes)
    write({"p.parquet": packed, "t.npy": np.zeros(1)})
    outcome = run("eval", "p.parquet", "t.npy", "--loss", "mae")
    assert (outcome.code, outcome.out) == (4, "")
    assert "p.parquet: column 'y': " in outcome.err
    assert outcome.err.endswith("lossctl: hint: pass --unlimited if that is right\n")
    outcome = run("eval", "p.parquet", "t.npy", "--loss", "mae", "--unlimited")
    assert outcome.err.startswith(f"lossctl: error: p.parquet has {1 << 25} rows and t.npy 1\n")


ORDINARY: dict[str, tuple[Any, dict[str, Any]]] = {
    "zeros": (np.zeros(1 << 21), {}),
    "zeros-plain": (np.zeros(1 << 21), {"use_dictionary": False, "compression": "zstd"}),
    "delta": (np.arange(1 << 18), {"column_encoding": "DELTA_BINARY_PACKED"}),
    "split": (np.arange(1e5), {"column_encoding": "BYTE_STREAM_SPLIT"}),
    "one-row-pages": (np.arange(3000.0), {"data_page_size": 1, "write_batch_size": 1}),
    "one-row-groups": (np.arange(300.0), {"row_group_size": 1}),
}


@pytest.mark.parametrize(("values", "options"), ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_file_is_read(tmp_path: Path, values: Any, options: dict[str, Any]) -> None:
    path = tmp_path / "p.parquet"
    if "column_encoding" in options:
        options = {**options, "use_dictionary": False}
    parquet.write_table(pa.table({"y": values}), path, **options)
    report = lossctl.evaluate(path, values, loss="mae")
    assert (report.losses["mae"].max, report.n) == (0, len(values))


def test_one_hot_lists_of_a_thousand_classes(tmp_path: Path) -> None:
    labels = np.random.default_rng(0).integers(0, 1000, 2000)
    hot = np.eye(1000)[labels]
    lists = pa.FixedSizeListArray.from_arrays(pa.array(hot.ravel()), 1000)
    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"hot": lists.cast(pa.list_(pa.float64()))}), path)
    assert lossctl.evaluate(np.full((2000, 1000), 0.001), path, loss="ce").n == 2000


def test_no_row_group(run: Run, write: Write) -> None:
    schema = pa.schema([("y", pa.float64()), ("list", pa.list_(pa.float64()))])
    sink = BytesIO()
    parquet.ParquetWriter(sink, schema).close()
    write({"p.parquet": sink.getvalue(), "t.npy": np.zeros(1)})
    outcome = run("eval", "p.parquet", "t.npy", "--pred-cols", "y", "--loss", "mae")
    assert outcome == Outcome(3, "", "lossctl: error: p.parquet: there is no row in it\n")


# Encrypted.


def encrypted(plain_end: bool) -> bytes:
    """A file whose column `secret` is encrypted, and whose end is, too, or is only signed."""
    import base64

    from pyarrow.parquet import encryption

    class Keys(encryption.KmsClient):  # type: ignore[misc]
        def wrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64encode(key)

        def unwrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64decode(key)

    table = pa.table({"secret": [1.0, 2.0], "y": [1.0, 2.0], "z": [0.0, 0.0]})
    properties = encryption.CryptoFactory(lambda _: Keys()).file_encryption_properties(
        encryption.KmsConnectionConfig(),
        encryption.EncryptionConfiguration(
            footer_key="end", column_keys={"one": ["secret"]}, plaintext_footer=plain_end
        ),
    )
    sink = BytesIO()
    with parquet.ParquetWriter(sink, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    return sink.getvalue()


def test_encrypted_parquet_is_refused_by_its_name(run: Run, write: Write) -> None:
    write({"p.parquet": encrypted(False), "t.npy": np.zeros(2)})
    outcome = run("eval", "p.parquet", "t.npy", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.parquet: the file is encrypted Parquet\n")


def test_an_encrypted_column_matters_where_it_is_read(run: Run, write: Write) -> None:
    write({"p.parquet": encrypted(True), "t.npy": np.zeros(2), "y.parquet": encrypted(True)})
    outcome = run("eval", "p.parquet", "t.npy", "--pred-cols", "secret", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.parquet: column 'secret' is encrypted\n")
    for targets in (["t.npy"], ["y.parquet", "--target-col", "z"]):
        args = ["eval", "p.parquet", *targets, "--pred-cols", "y", "--loss", "mae", "-q"]
        outcome = run(*args)
        assert (outcome.code, outcome.out) == (0, "1.5\n"), outcome.err


# Structures.


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_structure_or_none(some: bytes) -> None:
    for parse in (Reader(some, 1000).struct, lambda: Page.of({1: some}, 0), lambda: Chunk.of({})):
        try:
            parse()
        except (CutOff, Damaged):
            continue
