"""The stream format of Arrow IPC: in files and pipes, to a certain end; and what it is not."""

import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from conftest import LOSSCTL, Outcome, Run, Write, environment
from pyarrow import feather, parquet

import lossctl
from lossctl.tables.arrow.ipc import open_arrow
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.streams.source import Source
from lossctl.tables.table import TableOptions

MAE = ("--loss", "mae", "-q")
TABLE = pa.table({"y": np.arange(6.0), "word": ["a", "b"] * 3})
CUT_OFF = "the Arrow IPC stream is cut off: the mark of its end is missing"
MARK = 8
"""Bytes of the mark of the end."""


def stream(table: pa.Table = TABLE, rows: int = 2, **options: Any) -> bytes:
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, rows)
    return sink.getvalue()


def whole(table: pa.Table = TABLE) -> bytes:
    sink = BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


@pytest.fixture(autouse=True)
def targets(write: Write) -> None:
    write({"t.npy": np.zeros(6)})


@pytest.mark.parametrize("extension", ["arrow", "arrows", "feather", "ipc"])
@pytest.mark.parametrize("content", [stream(), whole()], ids=["stream", "file"])
def test_what_an_arrow_file_is_decides_not_its_extension(
    run: Run, write: Write, extension: str, content: bytes
) -> None:
    write({f"p.{extension}": content})
    outcome = run("eval", f"p.{extension}", "t.npy", "--pred-cols", "y", *MAE)
    assert outcome == Outcome(0, "2.5\n", "")


@pytest.mark.parametrize("content", [stream(), whole()], ids=["stream", "file"])
def test_under_another_known_extension_it_is_an_error(
    run: Run, write: Write, content: bytes
) -> None:
    for extension in ("csv", "npy", "parquet", "jsonl"):
        write({f"p.{extension}": content})
        outcome = run("eval", f"p.{extension}", "t.npy", *MAE)
        assert (outcome.code, outcome.out) == (3, "")


@pytest.mark.parametrize("command", ["cat p.arrows | lossctl", "gzip -c p.arrows | lossctl"])
def test_a_pipe(tmp_path: Path, command: str) -> None:
    (tmp_path / "p.arrows").write_bytes(stream())
    done = subprocess.run(
        ["bash", "-c", f"{command} eval - t.npy --pred-cols y --loss mae -q"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "2.5\n", ""), LOSSCTL


def refused(path: Path) -> str:
    with pytest.raises(lossctl.DataError) as caught:
        lossctl.evaluate(path, np.zeros(6), loss="mae", pred_cols=["y"])
    return caught.value.reason


@pytest.mark.parametrize("legacy", [False, True])
def test_a_stream_that_is_cut_off_anywhere_is_refused(write: Write, legacy: bool) -> None:
    content = stream(use_legacy_format=legacy)
    least = MARK if legacy else 6
    """Bytes by which it is known for a stream."""
    for size in range(least, len(content)):
        assert refused(write({"p.arrow": content[:size]})) == CUT_OFF, size
    assert lossctl.evaluate(write({"p.arrow": content}), np.zeros(6), loss="mae", pred_cols=["y"])


@pytest.mark.parametrize("more", [b"\n", b"\0" * 8, stream()], ids=["newline", "zeros", "stream"])
def test_what_stands_behind_the_end_is_refused(write: Write, more: bytes) -> None:
    assert refused(write({"p.arrow": stream() + more})) == (
        "there is something behind the end of the stream"
    )


def test_batches_without_rows(write: Write) -> None:
    empty = TABLE.slice(0, 0).to_batches() or [pa.RecordBatch.from_pylist([], TABLE.schema)]
    sink = BytesIO()
    with pa.ipc.new_stream(sink, TABLE.schema) as writer:
        for batch in (*empty, *TABLE.to_batches(), *empty):
            writer.write_batch(batch)
    path = write({"p.arrow": sink.getvalue()})
    assert lossctl.evaluate(path, np.zeros(6), loss="mae", pred_cols=["y"]).n == 6
    nothing = write({"p.arrow": stream(TABLE.slice(0, 0))})
    assert refused(nothing) == "there is no row in it"


def test_dictionaries_that_are_replaced(write: Write) -> None:
    sink = BytesIO()
    schema = pa.schema([("label", pa.dictionary(pa.int8(), pa.string()))])
    with pa.ipc.new_stream(sink, schema) as writer:
        for words in (["cat", "dog"], ["dog", "cow", "cat"]):
            column = pa.array(words).dictionary_encode().cast(schema.field(0).type)
            writer.write_batch(pa.record_batch([column], schema))
    path = write({"t.arrow": sink.getvalue(), "p.csv": "cat,dog,cow\n" + "0.5,0.25,0.25\n" * 5})
    samples = lossctl.evaluate(path.parent / "p.csv", path.parent / "t.arrow", loss="mae")
    assert samples.losses["mae"].mean == (1 + 1.5 + 1.5 + 1.5 + 1) / 5


@pytest.mark.parametrize("content", [b"a,b\n1,2\n" * 9, b"", bytes(64)], ids=["text", "", "zeros"])
def test_what_is_neither(write: Write, content: bytes) -> None:
    source = Source(str(write({"p.arrow": content})))
    with pytest.raises(lossctl.DataError, match="neither an Arrow IPC file nor a stream of"):
        open_arrow(source, TableOptions())
    source.close()


def test_feather_v1_is_refused_by_its_name(run: Run, write: Write) -> None:
    write({"p.feather": b"FEA1" + bytes(40) + b"FEA1"})
    outcome = run("eval", "p.feather", "t.npy", *MAE)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.feather: the file is Feather V1")


@pytest.mark.parametrize("kind", ["stream", "file"])
def test_a_batch_that_is_a_bomb(run: Run, write: Write, kind: str) -> None:
    table = pa.table({"y": np.zeros(1 << 25)})
    sink = BytesIO()
    new: Callable[..., Any] = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    write({"p.arrow": sink.getvalue()})
    outcome = run("eval", "p.arrow", "t.npy", *MAE)
    assert (outcome.code, outcome.out) == (4, "")
    assert f"compressed bytes become {8 << 25} or more" in outcome.err
    assert outcome.err.endswith("lossctl: hint: pass --unlimited if that is right\n")
    outcome = run("eval", "p.arrow", "t.npy", *MAE, "--unlimited")
    assert outcome.err.startswith(f"lossctl: error: p.arrow has {1 << 25} rows and t.npy 6")


@pytest.mark.parametrize("content", [stream(), whole()], ids=["stream", "file"])
def test_only_the_columns_that_are_read_are_decoded(write: Write, content: bytes) -> None:
    options = TableOptions()
    table = open_table(Input(str(write({"p.arrow": content}))), options, "predictions")
    table.select(table.reading.selection._replace(values=(0,)))  # type: ignore[attr-defined]
    span = table.take(2)
    assert span is not None
    assert [part.batch.schema.names for part in span.spans] == [["y"]]  # type: ignore[attr-defined]
    table.close()


# Folders that Dataset.save_to_disk writes.


def test_a_folder_of_a_data_set(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "ds"
    folder.mkdir()
    for number in range(2):
        name = f"data-0000{number}-of-00002.arrow"
        (folder / name).write_bytes(stream(TABLE.slice(3 * number, 3)))
    (folder / "state.json").write_text("{}")
    (folder / "dataset_info.json").write_text("{}")
    (folder / "cache-1b2c3d.arrow").write_bytes(stream())  # what Dataset.map leaves there
    outcome = run("eval", "ds", "t.npy", "--pred-cols", "y", *MAE)
    assert outcome == Outcome(0, "2.5\n", "")


def test_such_names_elsewhere_are_files_like_others(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "state.jsonl").write_text("".join(json.dumps({"y": y}) + "\n" for y in range(6)))
    assert run("eval", "p", "t.npy", *MAE) == Outcome(0, "2.5\n", "")
    feather.write_feather(TABLE, folder / "cache-1.arrow")
    (folder / "state.jsonl").unlink()
    outcome = run("eval", "p", "t.npy", "--pred-cols", "y", *MAE)
    assert outcome == Outcome(0, "2.5\n", "")


def test_parquet_is_not_read_from_a_pipe(tmp_path: Path, run: Run) -> None:
    parquet.write_table(TABLE, tmp_path / "p.parquet")
    outcome = run("cat p.parquet | lossctl eval - t.npy --loss mae", program=("bash", "-c"))
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.startswith("lossctl: error: stdin: Parquet is read from regular files")
