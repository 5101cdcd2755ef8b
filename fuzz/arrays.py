"""Binary tables to fuzz lossctl with: NPY, archives and compressed files, Parquet and Feather."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import oracles as oracle
from oracles import Refuse, Rows
from text import Case, Way, damaged, judged, table

IDS = ["", "k", "\xe9", "\U0001f600", "a,b", 'q"']
TYPES = ["<f8", ">f8", "<f4", ">f4", "<f2", "<i4", ">i2", "|u1", "|i1", "<i8", "<u8", "|b1", "<f16"]
TYPES += ["<c8", "|S3", "<U2", "<M8[s]"]


def array_of(rng: random.Random, types: list[str] = TYPES) -> tuple[np.ndarray[Any, Any], Rows]:
    """Return an array as files have them, and targets of its shape."""
    rows, targets = table(rng)
    with np.errstate(all="ignore"):
        array = np.array(rows)
        dtype = rng.choice(types) if rng.random() < 0.7 else "<f8"
        array = array.astype(dtype) if dtype[1] not in "SUM" else np.ones(array.shape).astype(dtype)
    if array.shape[1] == 1 and rng.random() < 0.5:
        array = array[:, 0]
    return (np.asfortranarray(array) if rng.random() < 0.4 else array), targets


def npy_bytes(array: np.ndarray[Any, Any], version: tuple[int, int] | None = None) -> bytes:
    """Return an array as an NPY file."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version, allow_pickle=False)
    return stream.getvalue()


def rows_of_array(array: np.ndarray[Any, Any]) -> Rows:
    """Return the numbers of an array; refuse what is no table of real finite ones."""
    if array.ndim not in (1, 2) or not array.size or array.dtype.kind not in "fiu":
        raise Refuse("no table")
    if array.dtype.itemsize > 8:
        raise Refuse("no float64")
    rows = array.reshape(len(array), -1).tolist()
    if any(
        int(float(x)) != x if isinstance(x, int) else not np.isfinite(x) for r in rows for x in r
    ):
        raise Refuse("not exact, or not finite")
    return [[float(x) for x in row] for row in rows]


def npy_rows(content: bytes) -> Rows:
    """Return the numbers of an NPY file as NumPy reads it; refuse what has another length."""
    stream = io.BytesIO(content)
    try:
        array = np.load(stream, allow_pickle=False, max_header_size=1 << 16)
    except Exception as error:
        raise Refuse(str(error)) from None
    if not isinstance(array, np.ndarray) or stream.tell() != len(content):
        raise Refuse("of another length")
    return rows_of_array(array)


def npy_case(rng: random.Random) -> Case:
    """NPY in a file and through a pipe, by NumPy, which reads some headers that lossctl refuses."""
    array, targets = array_of(rng)
    version = rng.choice([None, (1, 0), (2, 0), (3, 0)])
    content = npy_bytes(array, version)
    whole = rng.random() < 0.3
    if not whole:
        head = len(content) - array.nbytes
        if rng.random() < 0.6:
            content = damaged(rng, content[:head], 2) + content[head:]
        else:
            content = damaged(rng, content)
    allowed, refusal = judged(lambda: oracle.loss_of(npy_rows(content), targets))
    ways: list[dict[str, Any]] = [
        {"t": targets},
        {"t": targets, "block_rows": rng.randint(1, 8)},
        {"t": targets, "pipe": True, "format_in": "npy,npy"},
        {"t": targets, "pipe": True, "format_in": "npy,npy", "block_rows": rng.randint(1, 8)},
    ]
    return Case({"p.npy": content}, ways, allowed, refusal or not whole)


SIMPLE = ["<f8", ">f8", "<f4", "<i4", "|u1"]


def good(rng: random.Random) -> tuple[np.ndarray[Any, Any], Rows, float]:
    """Return an array, its targets and their number, about which there is no doubt."""
    while True:
        array, targets = array_of(rng, SIMPLE)
        with suppress(oracle.Either):
            return array, targets, oracle.loss_of(rows_of_array(array), targets)


def zip_case(rng: random.Random) -> Case:
    """NPZ and zipped CSV: damaged ones give the number of the undamaged one, or none."""
    array, targets, number = good(rng)
    method = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    other = npy_bytes(np.asarray(array) + 1)
    stream = io.BytesIO()
    names = rng.choice([["arr_0.npy"], ["arr_0.npy"], ["arr_0.npy", "b.npy"]])
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name in names:
            content = npy_bytes(array) if name == "arr_0.npy" else other
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=rng.random() < 0.2) as member:
                member.write(content)
        if rng.random() < 0.1:
            archive.comment = rng.randbytes(rng.randint(0, 30))
    content, whole = stream.getvalue(), rng.random() < 0.15
    if not whole and rng.random() < 0.2:
        extra = rng.choice([b"x", content, b"PK\x05\x06" + bytes(18), rng.randbytes(40)])
        content = extra + content if rng.random() < 0.5 else content + extra
    elif not whole:
        content = damaged(rng, content)
    ways = [{"t": targets, "key": "arr_0"}, {"t": targets, "key": "arr_0", "block_rows": 3}]
    if whole and b"PK\x05\x06" in content[:-22]:
        whole = False
    return Case({"p.npz": content}, ways, {number}, not whole)


def compressed_case(rng: random.Random) -> Case:
    """Compressed CSV and NPY, of one or two members: as zip_case, but a member alone is whole."""
    array, targets, number = good(rng)
    if rng.random() < 0.5:
        name, content = "p.npy", npy_bytes(array)
    else:
        name = "p.csv"
        rows = rows_of_array(array)
        content = "".join(",".join(map(repr, row)) + "\n" for row in rows).encode()
    kind = rng.choice([".gz", ".bz2", ".xz", ".zst"])
    cut = rng.choice([0, 0, rng.randrange(len(content))])
    members = [content[:cut], content[cut:]] if cut else [content]
    checksum, level = True, rng.randint(1, 9)
    if kind == ".gz":
        packed = [gzip.compress(part, level, mtime=0) for part in members]
    elif kind == ".bz2":
        packed = [bz2.compress(part, level) for part in members]
    elif kind == ".xz":
        check = rng.choice([lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256])
        packed = [lzma.compress(part, check=check, preset=level % 4) for part in members]
    else:
        from backports import zstd

        checksum = rng.random() < 0.7
        options = {zstd.CompressionParameter.checksum_flag: int(checksum)}
        packed = [zstd.compress(part, options=options) for part in members]
    whole = rng.random() < 0.15
    content = b"".join(packed)
    if not whole and rng.random() < 0.2:
        content += rng.choice([b"x", b"\0", bytes(8), rng.randbytes(9), packed[0][:-3], content])
    elif not whole:
        content = damaged(rng, content)
    header = {"header": False} if name == "p.csv" else {}
    first = {"t": targets, **header}
    ways = [first, {**first, "block_rows": 3}, {**first, "reader": "fast"}]
    if name == "p.csv" and content[:2] == packed[0][:2]:  # else a pipe is plain text
        ways.append({**first, "pipe": True})
    files = {name + kind: content}
    return Case(
        files, ways, {number}, not whole, unseen=lambda numbers: not checksum or content in packed
    )


def arrow_table(rng: random.Random) -> tuple[Any, Rows, set[float] | None, bool]:
    """Return an Arrow table with odd columns, its targets, and what may come out."""
    import pyarrow as pa

    rows, targets = table(rng)
    columns: list[Any] = []
    values: list[list[Any]] = []
    for column in zip(*rows, strict=True):
        kind = rng.choice(["f8", "f8", "f8", "f4", "f2", "i8", "u1", "i2", "dict", "null", "bool"])
        array = np.array(column)
        if kind in ("i8", "i2"):
            array = np.clip(array, -30000, 30000).astype(kind)
        elif kind == "u1":
            array = np.clip(np.abs(array), 0, 255).astype("u1")
        elif kind == "bool":
            array = array > 0
        elif kind in ("f4", "f2"):
            array = np.clip(array, -60000, 60000).astype(kind)
        made = pa.array(array)
        taken: list[Any] = array.tolist()
        if kind == "dict":
            made = made.dictionary_encode()
        if kind == "null" and rng.random() < 0.3:
            hole = rng.randrange(len(taken))
            taken = [None if i == hole else x for i, x in enumerate(taken)]
            made = pa.array(taken, pa.float64())
        if rng.random() < 0.3:
            padded = pa.concat_arrays([made, made]) if kind != "dict" else made
            made = padded.slice(len(taken)) if kind != "dict" else made
        columns.append(made)
        values.append(taken)
    chunk = rng.randint(1, len(rows))
    built = pa.table({f"c{j}": column for j, column in enumerate(columns)})
    built = pa.Table.from_batches(built.to_batches(max_chunksize=chunk), built.schema)
    if any(isinstance(x, bool) or x is None for column in values for x in column):
        return built, targets, set(), True
    found = [[float(x) for x in row] for row in zip(*values, strict=True)]
    return built, targets, *judged(lambda: oracle.loss_of(found, targets))


def parquet_case(rng: random.Random) -> Case:
    """Parquet with page checksums; what stands in its end has none: there pyarrow is the judge."""
    import pyarrow.parquet as pq

    def written(built: Any) -> bytes:
        stream = io.BytesIO()
        pq.write_table(
            built,
            stream,
            compression=rng.choice(["none", "snappy", "gzip", "zstd", "lz4", "brotli"]),
            write_page_checksum=True,
            use_dictionary=rng.random() < 0.5,
            row_group_size=rng.choice([1, 3, 100]),
            data_page_version=rng.choice(["1.0", "2.0"]),
            store_schema=rng.random() < 0.5,
        )
        return stream.getvalue()

    return arrow_case(rng, "p.parquet", written)


def feather_case(rng: random.Random) -> Case:
    """Arrow IPC, which has no checksums: damaged numbers are those that pyarrow reads."""
    import pyarrow as pa

    def written(built: Any) -> bytes:
        stream = io.BytesIO()
        options = pa.ipc.IpcWriteOptions(compression=rng.choice([None, "lz4", "zstd"]))
        with pa.ipc.new_file(stream, built.schema, options=options) as writer:
            writer.write_table(built)
        return stream.getvalue()

    return arrow_case(rng, "p.feather", written)


def stream_case(rng: random.Random) -> Case:
    """The stream format of Arrow IPC, as feather_case."""
    import pyarrow as pa

    def written(built: Any) -> bytes:
        stream = io.BytesIO()
        options = pa.ipc.IpcWriteOptions(
            compression=rng.choice([None, "lz4", "zstd"]), use_legacy_format=rng.random() < 0.2
        )
        with pa.ipc.new_stream(stream, built.schema, options=options) as writer:
            writer.write_table(built)
        return stream.getvalue()

    return arrow_case(rng, "p.arrows", written)


def arrow_case(rng: random.Random, name: str, written: Callable[[Any], bytes]) -> Case:
    """Return a file of an Arrow table, some with ids, most of them damaged."""
    import pyarrow as pa

    built, targets, allowed, refusal = arrow_table(rng)
    files: dict[str, bytes] = {}
    way: Way = {"t": targets}
    if rng.random() < 0.25:
        ids = [f"{rng.choice(IDS)}{row}" for row in range(len(targets))]
        keys = pa.array(ids)
        built = built.append_column("key", keys.dictionary_encode() if rng.random() < 0.3 else keys)
        rows = [{"key": text, **dict(enumerate(d))} for text, d in zip(ids, targets, strict=True)]
        files["t.jsonl"] = "".join(json.dumps(row) + "\n" for row in rows).encode()
        way = {"t": "t.jsonl", "id": "key"}
    content = written(built)
    if rng.random() < 0.85:
        content, refusal = damaged(rng, content), True
    block = rng.randint(1, 8)
    return Case(
        {name: content, **files},
        [way, {**way, "block_rows": block}],
        allowed,
        refusal,
        unseen=lambda numbers: arrow_number(name, content, targets) in numbers,
    )


def arrow_number(name: str, content: bytes, targets: Rows) -> float | None:
    """Return the number of what pyarrow makes of a file; None if it refuses it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if name.endswith("parquet"):
            file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
            found = file.read()
        elif name.endswith("arrows"):
            found = pa.ipc.open_stream(pa.BufferReader(content)).read_all()
        else:
            found = pa.ipc.open_file(pa.BufferReader(content)).read_all()
        found.validate(full=True)
        if "key" in found.column_names:
            found = found.drop_columns("key")
        columns = [column.to_pylist() for column in found.columns]
        rows = [[float(x) for x in row] for row in zip(*columns, strict=True)]
        return oracle.loss_of(rows, targets)
    except (pa.ArrowException, OSError, ValueError, TypeError, Refuse):
        return None
