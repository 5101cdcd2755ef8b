"""Files of every format that must not be evaluated, with what is said of them."""

import gzip
import json
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import Content, Run, Write, npy
from formats import NAMED, NUMBERS, csv, in_feather, in_parquet, objects, records, values
from pyarrow import feather, parquet
from samples import NOT_EXACT, names, probabilities, refuse, snapshot

import lossctl

P = pd.DataFrame(probabilities(6, 2), columns=["cat", "dog"])
T = np.eye(2)[[0, 1, 0, 1, 1, 0]]
MAE = ("--loss", "mae")
LOGARITHMS = (
    "\nlossctl: hint: -inf is a value of log-probabilities and of logits alone: if predictions are "
)
LOGARITHMS += "that, pass --from log-probs or --from logits"
SKIP = "\nlossctl: hint: to leave out samples with a missing value, and count them, pass --nan skip"


def archive(*members: tuple[str, bytes], method: int = 0) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return stream.getvalue()


def damaged(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


Y = npy(values(P))
TWO_CALLED_Y = archive(("y.npy", Y), ("z.npy", Y)).replace(b"z.npy", b"y.npy")
OBJECTS = npy(np.array([1.0, None]))
PICKLED = "the array holds Python objects, which would have to be unpickled"
GOOD_NPZ = NUMBERS["stored.npz"](P)
ARCHIVES: dict[str, tuple[bytes, str]] = {
    "duplicate": (TWO_CALLED_Y, "p.npz: two members are called y.npy"),
    "one-name-twice": (archive(("y", Y), ("y.npy", Y)), "p.npz: two arrays have one name"),
    "objects": (
        archive(("y.npy", OBJECTS)),
        f"p.npz:y.npy: {PICKLED}\nlossctl: hint: save numbers: np.save(path, np.asarray(array, "
        "dtype=float)); if they are labels, save them with dtype=str",
    ),
    "no-array": (
        archive(("y.npy", b"1,2\n3,4\n5,6\n")),
        "p.npz:y.npy: not an NPY file\nlossctl: hint: its content contradicts its name",
    ),
    "member-cut": (
        archive(("y.npy", Y[:-8])),
        "p.npz:y.npy: the array is truncated: 88 bytes where its header says 96",
    ),
    "wrong-CRC": (
        GOOD_NPZ.replace(values(P).tobytes(), values(P[::-1]).tobytes()),
        "p.npz:y.npy: the member is damaged (its CRC-32 is wrong)",
    ),
    "none": (
        b"PK\x05\x06" + bytes(18),
        "p.npz: 0 arrays: \nlossctl: hint: say which: p.npz:NAME, or --key NAME",
    ),
}


@pytest.mark.parametrize(("content", "message"), ARCHIVES.values(), ids=ARCHIVES)
def test_bad_npz(run: Run, write: Write, content: bytes, message: str) -> None:
    folder = write({"p.npz": content, "t.npy": T}).parent
    refuse(run, folder, message, "p.npz", "t.npy", *MAE)


def test_npz_cut_anywhere(write: Write) -> None:
    folder = write({"t.npy": T}).parent
    for size in range(0, len(GOOD_NPZ), 7):
        (folder / "p.npz").write_bytes(GOOD_NPZ[:size])
        with pytest.raises(lossctl.DataError, match=r"p\.npz"):
            lossctl.evaluate(folder / "p.npz", folder / "t.npy", loss="mae")


BOMB_ROWS = 18_000_000


def bomb() -> bytes:
    """Return an NPY array of 137 MiB of zeros."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({BOMB_ROWS},)}}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8 * BOMB_ROWS)


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bombs")
    content = bomb()
    (folder / "p.npz").write_bytes(archive(("y.npy", content), method=ZIP_DEFLATED))
    (folder / "p.npy.gz").write_bytes(gzip.compress(content))
    lie = (folder / "p.npz").read_bytes().replace(len(content).to_bytes(4, "little"), bytes(4))
    (folder / "lie.npz").write_bytes(lie)
    return folder


@pytest.mark.parametrize("name", ["p.npz", "p.npy.gz"])
def test_bomb(run: Run, write: Write, bombs: Path, name: str) -> None:
    folder = write({"t.npy": T[:, 0], name: (bombs / name).read_bytes()}).parent
    assert (folder / name).stat().st_size < 300_000
    before = names(folder)
    outcome = run("eval", name, "t.npy", *MAE, "-o", "out.json")
    assert (outcome.code, outcome.out) == (4, "")
    assert "over 500 times as many\nlossctl: hint: pass --unlimited if that is right" in outcome.err
    assert names(folder) == before
    outcome = run("eval", name, "t.npy", *MAE, "--unlimited")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.np")


def test_a_bomb_that_lies_about_its_size(run: Run, write: Write, bombs: Path) -> None:
    write({"t.npy": T, "p.npz": (bombs / "lie.npz").read_bytes()})
    assert run("eval", "p.npz", "t.npy", *MAE).code in (3, 4)


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst", "zip"])
def test_compressed_data_cut_anywhere(write: Write, name: str) -> None:
    content = NAMED[f"x.csv.{name}"](P)
    path = write({"t.npy": T, f"p.csv.{name}": b""})
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with pytest.raises(lossctl.DataError, match=r"p\.csv"):
            lossctl.evaluate(path, T, loss="mae")


def test_gzip_damaged(run: Run, write: Write) -> None:
    content = NAMED["x.csv.gz"](P)
    folder = write({"t.npy": T}).parent
    for bad, message in (
        (content[:-8] + zlib.crc32(b"").to_bytes(4, "little") + content[-4:], "is damaged (inc"),
        (content + b"garbage", "followed by something that is not gzip"),
        (content[:-1], "the gzip data is truncated"),
    ):
        write({"p.csv.gz": bad})
        before = snapshot(folder)
        outcome = run("eval", "p.csv.gz", "t.npy", *MAE, "-o", "out.tsv")
        assert (outcome.code, outcome.out) == (3, "")
        assert message in outcome.err
        assert snapshot(folder) == before


CONTENTS: dict[str, bytes] = {
    "csv": csv(P),
    "jsonl": objects(P),
    "json": records(P),
    "npy": Y,
    "npz": GOOD_NPZ,
    "parquet": in_parquet()(P),
    "feather": in_feather()(P),
    **{f"csv.{name}": NAMED[f"x.csv.{name}"](P) for name in ("gz", "bz2", "xz", "zst", "zip")},
}


@pytest.mark.parametrize("content", CONTENTS)
def test_lying_extensions(write: Write, content: str) -> None:
    for extension in CONTENTS:
        path = write({f"p.{extension}": CONTENTS[content]})
        if (content, extension) == ("npz", "csv.zip"):
            continue  # the member is called y.npy, and is
        if (content, extension) == ("jsonl", "json"):
            continue  # many tools call JSON Lines so
        if extension == content:
            assert lossctl.evaluate(path, T, loss="mae").n == 6
            continue
        with pytest.raises(lossctl.DataError, match=rf"p\.{extension}"):
            lossctl.evaluate(path, T, loss="mae")


def test_format_in_that_is_wrong_does_not_blame_the_name(run: Run, write: Write) -> None:
    write({"p.csv": csv(P), "t.npy": T})
    for name in ("npy", "npz", "parquet", "feather"):
        outcome = run("eval", "p.csv", "t.npy", *MAE, "--format-in", f"{name},npy")
        assert (outcome.code, outcome.out) == (3, "")
        assert "name" not in outcome.err


TABLES: dict[str, tuple[pa.Table, str]] = {
    "null": (
        {"a": [0.5, 0.5, None], "b": [1.0, 1.0, 1.0]},
        'row 3: column "a": null is not a number' + SKIP,
    ),
    "nan": (
        {"a": [0.5], "b": [float("nan")]},
        'row 1: column "b": nan is a missing value, not a number' + SKIP,
    ),
    "infinity": ({"a": [0.5, 1e999], "b": [0.5, 1]}, 'row 2: column "a": inf is not finite'),
    "text": ({"a": [0.5], "b": ["half"]}, "row 1: column \"b\": 'half' is text, not a number"),
    "2^53+1": ({"a": [0], "b": [2**53 + 1]}, f'row 1: column "b": 9007199254740993 {NOT_EXACT}'),
    "true": (
        {"a": [0], "b": [True]},
        (
            "row 1: column \"b\": 'True' is not a number\n"
            "lossctl: hint: write 1 for true and 0 for false"
        ),
    ),
    "list": (
        {"a": [0], "b": [[[1]]]},
        "column 'b': values of type list<element: list<element: int64>> are neither numbers nor "
        "text, nor lists of numbers",
    ),
    "no-rows": ({"a": pa.array([], "f8"), "b": pa.array([], "f8")}, "there is no row in it"),
    "blank-name": ({"a": [0], " ": [1]}, "column 2 has no name"),
}


@pytest.mark.parametrize("kind", ["parquet", "feather"])
@pytest.mark.parametrize(("columns", "message"), TABLES.values(), ids=TABLES)
def test_bad_arrow(run: Run, write: Write, columns: object, message: str, kind: str) -> None:
    folder = write({"t.npy": T}).parent
    table = pa.table(columns)
    if kind == "parquet":
        parquet.write_table(table, folder / "p.parquet", row_group_size=2)
    else:
        feather.write_feather(table, folder / "p.feather", chunksize=2)
        message = message.replace("<element:", "<item:")
    before = snapshot(folder)
    outcome = run("eval", f"p.{kind}", "t.npy", *MAE, "-o", "out.json")
    assert (outcome.code, outcome.out) == (3, "")
    assert f"p.{kind}: {message}" in outcome.err.replace("p.feather:1", "p.feather")
    assert snapshot(folder) == before


def test_arrow_damaged_at_each_byte(write: Write) -> None:
    contents = {
        "p.parquet": in_parquet(write_page_checksum=True)(P),
        "p.feather": in_feather(compression="lz4")(P),
    }
    for name, content in contents.items():
        expected = lossctl.evaluate(write({name: content}), T, loss="mae").losses
        for at in range(0, len(content), 3):
            path = write({name: damaged(content, at)})
            try:
                report = lossctl.evaluate(path, T, loss="mae")
            except (lossctl.DataError, lossctl.ResourceError):  # or it asks for 2^48 bytes
                continue
            assert name == "p.feather" or report.losses == expected, at  # it has no checksums


def test_an_id_that_is_not_utf8_in_parquet(run: Run, write: Write) -> None:
    sizes = pa.py_buffer(np.array([0, 1, 2], "i4").tobytes())
    ids = pa.Array.from_buffers(pa.string(), 2, [None, sizes, pa.py_buffer(b"x\xff")])
    folder = write({"p.csv": "id,y\nx,1\ny,2\n"}).parent
    parquet.write_table(pa.table({"id": ids, "y": [0, 1]}), folder / "t.parquet")
    outcome = run("eval", "p.csv", "t.parquet", "--id", "id", *MAE)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: t.parquet: ")


NULLS = "\nlossctl: hint: a key whose value is missing must be there, with null "
NULLS += "(in Spark: ignoreNullFields=false)"
LINES: dict[str, tuple[Content, str]] = {
    "duplicate-key": ('{"a": 1, "b": 2, "a": 3}', " the key 'a' is there twice"),
    "NaN": ('{"a": 1, "b": NaN}', f" column \"b\": 'NaN' is not a number{SKIP}"),
    "null": ('{"a": 1, "b": null}', f" column \"b\": 'null' is not a number{SKIP}"),
    "infinity": (
        '{"a": -Infinity, "b": 1}',
        f" column \"a\": '-Infinity' is not a number{LOGARITHMS}",
    ),
    "too-large": ('{"a": 1, "b": 1e400}', " column \"b\": '1e400' is too large for a 64-bit float"),
    "text": ('{"a": 1, "b": "2"}', " column \"b\": '2' is text, not a number"),
    "nested": ('{"a": 1, "b": [2]}', ' column "b": an array is neither a number nor text'),
    "short": ('{"a": 1}', f" no value called 'b'{NULLS}"),
    "long": ('{"a": 1, "b": 2, "c": 3}', f" 'c' is not in the first line{NULLS}"),
    "other": ('{"a": 1, "c": 2}', f" no value called 'b'{NULLS}"),
    "array": ("[1, 2]", " not an object, as the first line is"),
    "number": ("1", " not an object, as the first line is"),
    "blank": ("", " a blank line"),
    "cut": ('{"a": 1, "b"', " not JSON (Expecting ':' delimiter)"),
    "two": ('{"a": 1, "b": 2} {"a": 1, "b": 2}', " not JSON (Extra data)"),
    "not-UTF-8": (b'{"a": 1, "b": "\xff"}', " not UTF-8: byte 0xff at offset 15 of the line"),
    "deep": ("[" * 99_999, " not a row of cells: it is nested too deeply"),
    "large-integer": (
        '{"a": 1, "b": 9007199254740993}',
        f" column \"b\": '{2**53 + 1}' {NOT_EXACT}",
    ),
}


@pytest.mark.parametrize(("line", "message"), LINES.values(), ids=LINES)
def test_bad_json_line(run: Run, write: Write, line: str | bytes, message: str) -> None:
    content = line.encode() if isinstance(line, str) else line
    good = json.dumps({"a": 0.5, "b": 1}).encode()
    folder = write({"p.jsonl": b"\n".join((good, content, good, b"")), "t.npy": T[:3]}).parent
    refuse(run, folder, f"p.jsonl:2:{message}", "p.jsonl", "t.npy", *MAE)
