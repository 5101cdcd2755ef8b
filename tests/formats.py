"""The same data frame as the bytes of a file in every format that lossctl reads."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
from backports import zstd
from conftest import npy
from numpy.typing import NDArray
from pyarrow import feather, parquet

Content = Callable[[pd.DataFrame], bytes]


def csv(frame: pd.DataFrame, **options: Any) -> bytes:
    text = StringIO()
    frame.to_csv(text, index=False, lineterminator="\n", **options)
    return text.getvalue().encode()


def objects(frame: pd.DataFrame) -> bytes:
    rows = frame.to_dict("records")
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def arrays(frame: pd.DataFrame) -> bytes:
    return "".join(
        json.dumps(list(row.values())) + "\n" for row in frame.to_dict("records")
    ).encode()


def values(frame: pd.DataFrame, order: Any = "C") -> NDArray[Any]:
    return np.array(frame.to_numpy(), order=order)


def npz(compressed: bool, order: str) -> Content:
    def content(frame: pd.DataFrame) -> bytes:
        stream = BytesIO()
        (np.savez_compressed if compressed else np.savez)(stream, y=values(frame, order))
        return stream.getvalue()

    return content


def zipped(name: str, inner: Content, method: int) -> Content:
    def content(frame: pd.DataFrame) -> bytes:
        stream = BytesIO()
        with ZipFile(stream, "w", method) as archive:
            archive.writestr(name, inner(frame))
        return stream.getvalue()

    return content


def table(frame: pd.DataFrame) -> pa.Table:
    """Return a table whose words are dictionary strings."""
    whole = pa.Table.from_pandas(frame, preserve_index=False)
    for index, field in enumerate(whole.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string(field.type):
            whole = whole.set_column(
                index, field.name, whole.column(index).cast(pa.string()).dictionary_encode()
            )
    return whole


def in_parquet(**options: Any) -> Content:
    def content(frame: pd.DataFrame) -> bytes:
        stream = BytesIO()
        parquet.write_table(table(frame), stream, **options)
        return stream.getvalue()

    return content


def in_feather(**options: Any) -> Content:
    def content(frame: pd.DataFrame) -> bytes:
        stream = BytesIO()
        feather.write_feather(table(frame), stream, **options)
        return stream.getvalue()

    return content


def in_stream(**options: Any) -> Content:
    def content(frame: pd.DataFrame) -> bytes:
        stream = BytesIO()
        whole = table(frame)
        with pa.ipc.new_stream(
            stream, whole.schema, options=pa.ipc.IpcWriteOptions(**options)
        ) as s:
            s.write_table(whole, 2)
        return stream.getvalue()

    return content


def then(outer: Callable[[bytes], bytes], inner: Content) -> Content:
    return lambda frame: outer(inner(frame))


NAMED: dict[str, Content] = {
    "x.csv": csv,
    "x.tsv": lambda frame: csv(frame, sep="\t"),
    "semicolon.txt": lambda frame: csv(frame, sep=";"),
    "x.jsonl": objects,
    "x.ndjson": objects,
    "x.csv.gz": then(gzip.compress, csv),
    "members.csv.gz": lambda frame: b"".join(map(gzip.compress, csv(frame).splitlines(True))),
    "x.csv.bz2": then(bz2.compress, csv),
    "x.csv.xz": then(lzma.compress, csv),
    "x.csv.zst": then(zstd.compress, csv),
    "x.csv.zip": zipped("x.csv", csv, ZIP_DEFLATED),
    "stored.csv.zip": zipped("x.csv", csv, ZIP_STORED),
    "bzip2.zip": zipped("x.jsonl", objects, ZIP_BZIP2),
    "x.jsonl.gz": then(gzip.compress, objects),
    "x.parquet": in_parquet(),
    "row-groups.pq": in_parquet(row_group_size=3, compression="zstd", data_page_size=1),
    "x.feather": in_feather(compression="lz4"),
    "batches.arrow": in_feather(compression="uncompressed", chunksize=2),
    "zstd.ipc": in_feather(compression="zstd", chunksize=3),
    "x.arrows": in_stream(),
    "stream.arrow": in_stream(compression="zstd"),
    "legacy.arrow": in_stream(use_legacy_format=True),
    "x.arrows.gz": then(gzip.compress, in_stream()),
}
"""File name -> content, of formats that keep the names of columns, and words."""
NUMBERS: dict[str, Content] = {
    "arrays.jsonl": arrays,
    "no-header.csv": lambda frame: csv(frame, header=False),
    "fortran.npy": lambda frame: npy(values(frame, "F")),
    "x.npy.gz": lambda frame: gzip.compress(npy(values(frame))),
    "fortran.npy.zst": lambda frame: zstd.compress(npy(values(frame, "F"))),
    "big-endian.npy": lambda frame: npy(values(frame).astype(">f8")),
    "stored.npz": npz(False, "C"),
    "compressed.npz": npz(True, "C"),
    "fortran.npz": npz(True, "F"),
}
"""The same of those that keep numbers alone."""
