"""What a file is, is said by its first bytes, before it is parsed and whatever it is called."""

import bz2
import gzip
import io
import lzma
import pickle
import sqlite3
import struct
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy.io  # type: ignore[import-untyped]
import scipy.sparse  # type: ignore[import-untyped]
from conftest import Run, Write, npy

import lossctl
from lossctl.tables.kinds import KINDS

T = np.array([[0.0, 1.0], [1.0, 0.0]])
P = np.array([[0.25, 0.75], [0.5, 0.5]])
CSV = b"a,b\n0.25,0.75\n0.5,0.5\n"
SHA = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"


def written(write: Callable[[Any], object]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def zipped(*members: str, content: bytes = b"x") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as file:
        for name in members:
            file.writestr(name, content)
    return stream.getvalue()


def saved_by_torch(first: str = "archive/data.pkl") -> bytes:
    """Return what torch.save writes: members that are stored, each at a multiple of 64 bytes."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as file:
        for name in (first, "archive/data.pkl", "archive/byteorder", "archive/data/0"):
            if name not in file.namelist():
                file.writestr(name, pickle.dumps({}))
    return stream.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (p)")
    return connection.serialize()


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as file:
        info = tarfile.TarInfo("preds.csv")
        info.size = len(CSV)
        file.addfile(info, io.BytesIO(CSV))
    return stream.getvalue()


def masked(length: bytes) -> bytes:
    """Return the length of a record of TensorFlow and its checksum, from a table of CRC-32C."""
    crc = 0xFFFFFFFF
    for byte in length:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return length + struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 * (byte & 1))
    return byte


_TABLE = [_entry(byte) for byte in range(256)]
PICKLES = {
    f"pickle-{protocol}-{name}": pickle.dumps(value, protocol)
    for protocol in range(6)
    for name, value in {
        "array": P,
        "list": [0.25, 0.75],
        "dict": {"p": 1.0},
        "frame": pd.DataFrame(P),
    }.items()
}
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 12345\n"
DVC = (
    "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 378\n  hash: md5\n  path: preds.csv\n"
)
S3 = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
CONFLICT = "a,b\n<<<<<<< HEAD\n0.25,0.75\n=======\n0.5,0.5\n>>>>>>> topic\n"
REFUSED: dict[str, tuple[bytes | str, str]] = {
    "nothing": ("", "empty"),
    "LFS": (LFS, "a Git LFS pointer"),
    "LFS-CRLF": (LFS.replace("\n", "\r\n"), "a Git LFS pointer"),
    "LFS-2013": (LFS.replace("git-lfs", "hawser"), "a Git LFS pointer"),
    "annex": (f"/annex/objects/SHA256E-s12--{SHA}.csv\n", "a git-annex pointer"),
    "DVC": (DVC, "a DVC pointer"),
    "DVC-first-lines": (f"md5: {SHA}\nfrozen: true\ndeps:\n- path: x\n{DVC}", "a DVC pointer"),
    "DVC-cloud": ("outs:\n- etag: 1b2c\n  size: 3\n  path: preds.csv\n", "a DVC pointer"),
    "S3": (f"{XML}{S3}", "an error message of a storage service"),
    "S3-bare": (S3, "an error message of a storage service"),
    "Azure": (f"\ufeff{XML}{S3}", "an error message of a storage service"),
    "HTML": ("<!DOCTYPE html>\n<html><head><title>Sign in</title>", "a web page"),
    "HTML-lower": ("\n\n<!doctype html><html lang=en>", "a web page"),
    "HTML-bare": ("<html>\n<head><title>502 Bad Gateway</title></head>\n", "a web page"),
    "HTML-attributes": ('<html xmlns="http://www.w3.org/1999/xhtml"><body>', "a web page"),
    "HTML-table": ("<table border=1><tr><td>p</td></tr></table>", "a web page"),
    "XML": (f"{XML}<svg></svg>", "XML"),
    "reply": ("404: Not Found", "the answer of a server"),
    "reply-HF": ("Entry not found\n", "the answer of a server"),
    "reply-GitHub": ("Not Found", "the answer of a server"),
    "traceback": (
        "Traceback (most recent call last):\n  File x, line 1\n",
        "the error message of a program",
    ),
    "shell": ("bash: line 1: python: command not found\n", "the error message of a program"),
    "conflict": (CONFLICT, "in conflict"),
    "conflict-first": (CONFLICT[4:], "in conflict"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
    "UTF-16": (CSV.decode().encode("utf-16"), "UTF-16"),
    "UTF-16-LE": (CSV.decode().encode("utf-16-le"), "UTF-16"),
    "UTF-16-BE": (CSV.decode().encode("utf-16-be"), "UTF-16"),
    "UTF-32": (CSV.decode().encode("utf-32"), "UTF-32"),
    "UTF-32-LE": (CSV.decode().encode("utf-32-le"), "UTF-32"),
    "UTF-32-BE": (CSV.decode().encode("utf-32-be"), "UTF-32"),
    "torch": (saved_by_torch(), "a PyTorch file"),
    "TorchScript": (saved_by_torch("archive/version"), "a PyTorch file"),
    "torch-cut": (saved_by_torch()[:200], "a PyTorch file"),
    "torch-before-1.6": (
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.",
        "a PyTorch file",
    ),
    "xlsb": (zipped("[Content_Types].xml", "xl/workbook.bin"), "an Excel workbook in binary"),
    "ods": (
        zipped("mimetype", "content.xml", "META-INF/manifest.xml"),
        "an OpenDocument spreadsheet",
    ),
    "numbers": (zipped("Index/Document.iwa"), "an Apple Numbers document"),
    "docx": (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "a document"),
    "Keras": (zipped("metadata.json", "config.json", "model.weights.h5"), "a Keras model"),
    "sparse": (
        written(lambda stream: scipy.sparse.save_npz(stream, scipy.sparse.csr_matrix(P))),
        "a sparse matrix of SciPy",
    ),
    **{name: (content, "a pickle") for name, content in PICKLES.items()},
    "joblib": (written(lambda stream: joblib.dump(P, stream)), "a pickle"),
    "joblib-zlib": (
        written(lambda stream: joblib.dump(P, stream, compress=3)),
        "compressed with zlib",
    ),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5"),
    "mat-7.3": (b"MATLAB 7.3 MAT-file, Platform".ljust(128) + bytes(384), "a MATLAB file of"),
    "mat-5": (written(lambda stream: scipy.io.savemat(stream, {"p": P})), "a MATLAB file"),
    "mat-4": (
        written(lambda stream: scipy.io.savemat(stream, {"p": P}, format="4")),
        "a MATLAB file",
    ),
    "rds": (b"X\n\0\0\0\3\0\4\3\1\0\3\5\0\0\0\0\5UTF-8", "an R data file"),
    "RData": (b"RDX3\nX\n\0\0\0\3\0\4\3\1", "an R data file"),
    "SQLite": (database(), "an SQLite database"),
    "DuckDB": (bytes(8) + b"DUCK" + bytes(99), "a DuckDB database"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an old Excel workbook"),
    "Stata": (written(lambda stream: pd.DataFrame(P, columns=["a", "b"]).to_stata(stream)), "a St"),
    "Stata-119": (
        written(lambda stream: pd.DataFrame({"a": [0.5]}).to_stata(stream, version=119)),
        "a Stata file",
    ),
    "SPSS": (b"$FL2@(#) SPSS DATA FILE".ljust(64) + b"\2\0\0\0", "an SPSS file"),
    "SAS": (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0", "a SAS file"),
    "safetensors": (
        struct.pack("<Q", 40) + b'{"p":{"dtype":"F64","shape":[1],"data_off',
        "a safetensors file",
    ),
    "ONNX": (b"\x08\x08\x12\x07pytorch\x1a\x052.4.0:\x80", "an ONNX model"),
    "ONNX-bare": (b"\x08\x0a:\x98\x01\n\x10", "an ONNX model"),
    "TFRecord": (masked(struct.pack("<Q", 20)) + bytes(24), "a TFRecord file"),
    "NetCDF": (b"CDF\1\0\0\0\0", "NetCDF"),
    "Avro": (b"Obj\1\4\x16avro.schema", "Avro"),
    "ORC": (b"ORC\n\6\x12\4\x08\1", "ORC"),
    "Feather-1": (b"FEA1\0\0\0\0", "Feather V1"),
    "Parquet-encrypted": (b"PARE\x15\0\x15", "encrypted Parquet"),
    "7z": (b"7z\xbc\xaf'\x1c\0\4", "a 7z archive"),
    "RAR": (b"Rar!\x1a\7\1\0", "a RAR archive"),
    "tar": (tar(), "a tar archive"),
    "lz4": (b"\x04\x22M\x18d@\xa7", "compressed with LZ4"),
    "Snappy": (b"\xff\6\0\0sNaPpY\1", "compressed with Snappy"),
    "lzma": (lzma.compress(CSV, lzma.FORMAT_ALONE), "compressed with LZMA"),
    "lzip": (b"LZIP\1\x0c\0", "compressed with lzip"),
    "compress": (b"\x1f\x9d\x90a\0", "compressed with compress"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
}


def as_bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


every_refused = pytest.mark.parametrize(("content", "title"), REFUSED.values(), ids=REFUSED)


def refusal(path: Path, other: Any = T, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(path, other, loss="mae", **options)
    return refused.value.reason, refused.value.hint


@every_refused
def test_one_reason_is_told_whatever_the_file_is_called(
    write: Write, content: bytes | str, title: str
) -> None:
    text = ("UTF-16", "UTF-32") if title.startswith("UTF") else ()
    told = set()
    for name in ("p.csv", "p.jsonl", "p", "p.dat", "p.npy", "p.parquet", "p.feather", "p.npz"):
        path = write({name: as_bytes(content)})
        if text and name in ("p.npy", "p.parquet", "p.feather", "p.npz"):
            assert "encoding" not in str(refusal(path)[1])  # no array becomes right by it
            continue
        told.add(refusal(path))
    folder = write({"p.csv": as_bytes(content), "t.npy": T}).parent
    told |= {refusal(folder / "p.csv", format_in="csv")}
    told |= {refusal(folder / "t.npy", folder / "p.csv")}
    assert len(told) == 1
    [(reason, hint)] = told
    assert reason.startswith(f"the file is {title}")
    assert hint


@pytest.mark.parametrize(
    ("content", "title"),
    [
        pytest.param(*case, id=name)
        for name, case in REFUSED.items()
        if not as_bytes(case[0]).startswith(b"PK") and case[0]
    ],
)
def test_the_same_is_told_of_what_is_compressed(
    write: Write, content: bytes | str, title: str
) -> None:
    for files in (
        {"p.csv.gz": gzip.compress(as_bytes(content))},
        {"p": bz2.compress(as_bytes(content))},
    ):
        assert refusal(write(files))[0].startswith(f"the file is {title}")


@pytest.mark.parametrize("name", ["LFS", "HTML", "nothing", "torch", "pickle-4-array", "SQLite"])
def test_the_same_is_told_of_stdin(run: Run, write: Write, name: str) -> None:
    content, title = REFUSED[name]
    write({"stream": as_bytes(content), "t.npy": T})
    for more in ("", " --format-in csv,npy"):
        command = f"cat stream | lossctl eval - t.npy --loss mae{more}"
        outcome = run(command, program=("bash", "-c"))
        assert (outcome.code, outcome.out) == (3, "")
        assert outcome.err.startswith(f"lossctl: error: stdin: the file is {title}")
        assert "\nlossctl: hint: " in outcome.err


def test_every_entry_of_the_table_is_tried_and_has_a_way_out() -> None:
    refused = [kind for kind in KINDS if not (kind.format or kind.compression)]
    titles = [title for _, title in REFUSED.values()]
    assert all(kind.hint for kind in refused)
    assert [kind.title for kind in refused if not kind.title.startswith(tuple(titles))] == []


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst", "zip"])
def test_a_pointer_under_the_name_of_a_compression_is_a_pointer(write: Write, name: str) -> None:
    assert "git lfs pull" in str(refusal(write({f"p.csv.{name}": LFS})))
    assert "empty" in refusal(write({f"p.csv.{name}": ""}))[0]
    reason, hint = refusal(write({f"p.csv.{name}": npy(P)}))
    assert reason.startswith("the file is NPY, not ")
    assert hint == "its content contradicts its name: it should end in .npy"


ORDINARY = [
    *("PAR1,PAR2", "ARROW1,b", "BZh,a", "BZh9,b", "BZh91,b", "PK,b", "SQLite,b", "x^2,y"),
    *("version,b", "version https,oid", "outs,md5", "outs:,md5:", "/annex,b", "ORC,b", "FEA1,b"),
    *("<a>,<b>", "<html>,<body>", "<head>,<tail>", "<table>,b", "%PDF_score,b", "%PDF-1,b"),
    *("RDX3,b", "X,b", "GIF89a,b", "BM,b", "MATLAB 5.0 MAT-file,b", "Obj,b", "Rar!,b", "7z,b"),
    *("not found,found", "404: Not Found,b", "Access Denied,Allowed", "bash,zsh", "cnumpy,b"),
    *("<<<<<<<,b", "ustar,b", "LZIP,b", "CDF,b", "$FL2@(#),b", "DUCKDUCKDUCK,b", "PARE,b"),
    *("(lp0,b", "]q,}q", "NUMPY,b", "<stata_dta>,b", "Traceback,b", "HDF,b", "xml,<?xml"),
]


@pytest.mark.parametrize("header", ORDINARY)
def test_a_header_that_begins_like_another_file_is_a_header(write: Write, header: str) -> None:
    formats: dict[str, dict[str, Any]] = {
        "p.csv": {},
        "p.txt": {},
        "p": {},
        "p.csv.gz": {},
        "p.npy": {"format_in": "csv,csv"},
    }
    for name, options in formats.items():
        content = f"{header}\n0.25,0.75\n0.5,0.5\n".encode()
        path = write({name: gzip.compress(content) if name.endswith("gz") else content})
        assert lossctl.evaluate(path, T, loss="mae", **options).losses["mae"].mean == 0.75


@pytest.mark.parametrize("header", ["<head>\t<tail>", "<html> <body>", "<table>|<b>", "<body>;b"])
def test_tags_between_other_delimiters_are_names(write: Write, header: str) -> None:
    delimiter = next(char for char in "\t|; " if char in header)
    content = f"{header}\n0.25,0.75\n0.5,0.5\n".replace(",", delimiter)
    assert lossctl.evaluate(write({"p.csv": content}), T, loss="mae").losses["mae"].mean == 0.75


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_an_encoding_that_is_named_is_no_doubt(write: Write, encoding: str) -> None:
    path = write({"p.csv": CSV.decode().encode(encoding)})
    assert "encoding" in str(refusal(path)[1])
    assert lossctl.evaluate(path, T, loss="mae", encoding=encoding).losses["mae"].mean == 0.75


def test_what_is_compressed_needs_no_name_for_it(run: Run, write: Write) -> None:
    folder = write(
        {"t.npy": T, "p": gzip.compress(CSV), "q.dat": zipped("p.csv", content=CSV)}
    ).parent
    for name in ("p", "q.dat"):
        assert lossctl.evaluate(folder / name, T, loss="mae").losses["mae"].mean == 0.75
    command = "cat p | lossctl eval - t.npy --loss mae -q --format-in csv,npy"
    assert run(command, program=("bash", "-c")).out == "0.75\n"


def test_what_is_compressed_twice_is_said_to_be(write: Write) -> None:
    path = write({"p.csv.gz.gz": gzip.compress(gzip.compress(CSV))})
    assert refusal(path) == (
        "the file is compressed (gzip), not text",
        "it is compressed twice: decompress it once",
    )


def test_two_bytes_of_zlib_before_text_are_text(write: Write) -> None:
    assert zlib.compress(b"")[:2] == b"x\x9c"
    path = write({"p.csv": "x\u0153,b\n0.25,0.75\n0.5,0.5\n".encode("cp1252")})
    assert lossctl.evaluate(path, T, loss="mae", encoding="cp1252").losses["mae"].mean == 0.75
