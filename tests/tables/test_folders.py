"""Folders as engines write them: shards without rows, gaps, notes and side files, subfolders."""

import gzip
import json
import os
import socket
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from conftest import Outcome, Run, Write
from pyarrow import feather, parquet

import lossctl
from lossctl.tables.gaps import gap_in
from lossctl.tables.series import out_of_order

MAE = ("--loss", "mae", "-q")
BOTH = ("--pred-cols", "y", "--target-col", "d", *MAE)
EMPTY = "lossctl: warning: p: 1 shard without a row passed over: p/{}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def table(rows: int) -> pa.Table:
    return pa.table({"y": np.full(rows, 2.5), "d": np.ones(rows)})


EMPTY_FILES = {
    "part-1.csv": b"y,d\n",
    "part-1.tsv": b"y\td\r\n",
    "part-1.csv.gz": gzip.compress(b"y,d\n"),
}


@pytest.mark.parametrize("name", EMPTY_FILES)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_header_alone_is_passed_over(run: Run, folder: Path, name: str, position: int) -> None:
    for number in {0, 1, 2} - {position}:
        (folder / f"part-{number}.csv").write_text("y,d\n2.5,1\n")
    empty = name.replace("1", str(position))
    (folder / empty).write_bytes(EMPTY_FILES[name])
    assert run("eval", "p", *BOTH) == Outcome(0, "1.5\n", EMPTY.format(empty))


@pytest.mark.parametrize("kind", ["parquet", "feather"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_arrow_files_without_rows_are_passed_over(
    run: Run, folder: Path, kind: str, position: int
) -> None:
    write = {"parquet": parquet.write_table, "feather": feather.write_feather}[kind]
    for number in (0, 1, 2):
        write(table(0 if number == position else 3 + number), folder / f"part-{number}.{kind}")
    outcome = run("eval", "p", *BOTH)
    assert outcome == Outcome(0, "1.5\n", EMPTY.format(f"part-{position}.{kind}"))


def test_a_header_that_is_cut_off_is_no_empty_shard(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    (folder / "part-1.csv").write_text("y,d")
    reason = "lossctl: error: p/part-1.csv: there is no row below the header\n"
    assert run("eval", "p", *BOTH) == Outcome(3, "", reason)


@pytest.mark.parametrize("position", [0, 1])
def test_an_empty_shard_of_other_columns_is_refused(run: Run, folder: Path, position: int) -> None:
    (folder / f"part-{position}.csv").write_text("y,e\n")
    (folder / f"part-{1 - position}.csv").write_text("y,d\n2.5,1\n")
    reason = "lossctl: error: p/part-1.csv has other columns than p/part-0.csv\n"
    assert run("eval", "p", *BOTH) == Outcome(3, "", reason)


def test_one_file_without_rows_is_an_error(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n")
    for given in ("p", "p/part-0.csv"):
        outcome = run("eval", given, *BOTH)
        assert (outcome.code, outcome.out) == (3, "")
        assert "p/part-0.csv: there is no row below the header" in outcome.err


@pytest.mark.parametrize("name", ["part-1.csv", "part-1.npy", "part-1.parquet", "part-1.csv.gz"])
def test_a_shard_of_no_bytes_needs_who_says_so(run: Run, folder: Path, name: str) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    (folder / name).write_bytes(b"")
    outcome = run("eval", "p", *BOTH)
    assert outcome.code == 3
    assert outcome.err.startswith(
        f"lossctl: error: p/{name}: the file is empty\nlossctl: hint: if nothing was to"
    )
    admitted = Outcome(0, "1.5\n", EMPTY.format(name))
    assert run("eval", "p", *BOTH, "--missing-shards", "present") == admitted
    (folder / "_SUCCESS").touch()
    assert run("eval", "p", *BOTH) == admitted


def test_a_shard_that_decompresses_to_nothing_is_one_of_no_bytes(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    (folder / "part-1.csv.gz").write_bytes(gzip.compress(b""))
    assert run("eval", "p", *BOTH).code == 3
    (folder / "_SUCCESS").touch()
    assert run("eval", "p", *BOTH) == Outcome(0, "1.5\n", EMPTY.format("part-1.csv.gz"))


def test_lines_of_json_beside_shards_of_no_bytes(run: Run, folder: Path) -> None:
    (folder / "part-00000.json").write_bytes(b"")
    (folder / "part-00001.jsonl").write_text('{"y": 2.5, "d": 1}\n')
    (folder / "_SUCCESS").touch()
    assert run("eval", "p", *BOTH) == Outcome(0, "1.5\n", EMPTY.format("part-00000.json"))


def test_what_was_passed_over_has_its_hash_in_the_baseline(run: Run, folder: Path) -> None:
    contents = {"part-0.csv": "y,d\n", "part-1.csv": "y,d\n2.5,1\n", "part-2.csv": ""}
    for name, content in contents.items():
        (folder / name).write_text(content)
    columns = ("--pred-cols", "y", "--target-col", "d", "--loss", "mae")
    outcome = run("check", "p", *columns, "--missing-shards", "present", "--update-baseline")
    assert outcome.code == 0, outcome.err
    text = (folder.parent / "lossctl-baseline.json").read_text()
    for content in contents.values():
        assert sha256(content.encode()).hexdigest() in text


def test_the_option_is_in_the_signature(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    (folder / "part-2.csv").write_text("y,d\n2.5,1\n")
    outcome = run(
        *("eval", "p", "--pred-cols", "y", "--target-col", "d", "--loss", "mae"),
        *("--missing-shards", "present", "--format", "json"),
    )
    report = json.loads(outcome.out)
    assert "|missing-shards=present" in report["losses"][0]["signature"]
    assert [(w["code"], w["count"]) for w in report["warnings"]] == [("missing-shards", 1)]
    outcome = run("eval", "p", *BOTH, "--missing-shards", "some")
    assert outcome == Outcome(
        2, "", "lossctl: error: --missing-shards 'some': one of strict, present\n"
    )


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_labels_that_are_missing_in_the_first_shards(run: Run, folder: Path, kind: str) -> None:
    labels: list[list[str | None]] = [[None, None], [None], ["dog", "cat"]]
    for number, some in enumerate(labels):
        if kind == "csv":
            text = "label\n" + "".join(f'"{label or ""}"\n' for label in some)
            (folder / f"part-{number}.csv").write_text(text)
        else:
            shard = pa.table({"label": pa.array(some, pa.string())})
            parquet.write_table(shard, folder / f"part-{number}.parquet")
    (folder.parent / "y.csv").write_text("cat,dog\n" + "0.5,0.5\n" * 3 + "0.0,1.0\n1.0,0.0\n")
    outcome = run("eval", "y.csv", "p", "--loss", "ce", "--nan", "skip", "-q")
    assert outcome.out == "-9.999999505838704e-08\n", outcome.err


def test_a_gap_is_told_before_a_shard_is_read(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,x\n")
    (folder / "part-2.csv").write_text("y,d\n2.5,1\n")
    assert "these are missing: 1" in run("eval", "p", *BOTH).err


def test_notes_of_engines_are_no_shards(run: Run, folder: Path) -> None:
    for name in ("_metadata", "_common_metadata", "_started_1", "_committed_1", ".part-0.crc"):
        (folder / name).write_bytes(b"PAR1")
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    for given in ("p", "p/*", "p/*[!q]"):
        assert run("eval", given, *BOTH) == Outcome(0, "1.5\n", "")
    (folder / "_part-1.csv").write_text("y,d\n3.5,1\n")
    assert run("eval", "p/*.csv", *BOTH) == Outcome(0, "2.0\n", "")


def test_sockets_are_told(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("part-1.csv")
        for given in ("p", "p/*.csv"):
            outcome = run("eval", given, *BOTH)
            assert outcome == Outcome(
                4, "", "lossctl: error: p/part-1.csv: is a socket, not a file\n"
            )


def test_a_list_may_hold_what_is_read_but_once(run: Run, write: Write) -> None:
    write({"a.csv": "y\n2.5\n", "t.csv": "d\n1\n1\n"})
    command = "lossctl eval a.csv,/dev/fd/3 t.csv --loss mae -q 3< <(printf 'y\\n2.5\\n')"
    assert run(command, program=("bash", "-c")) == Outcome(0, "1.5\n", "")


def test_a_pattern_that_matches_folders_alone_says_so(run: Run, folder: Path) -> None:
    (folder / "preds.csv").mkdir()
    (folder / "preds.csv" / "part-00000").write_text("y,d\n2.5,1\n")
    outcome = run("eval", "p/*.csv", *BOTH)
    hint = "it matches folders: to read the files in them, add /* to it"
    assert outcome == Outcome(
        3, "", f"lossctl: error: p/*.csv: no file there\nlossctl: hint: {hint}\n"
    )
    assert run("eval", "p/*.csv/*", *BOTH) == Outcome(0, "1.5\n", "")


def test_an_output_over_a_shard_beside_a_gap_is_refused(run: Run, folder: Path) -> None:
    (folder / "part-0.csv").write_text("y,d\n2.5,1\n")
    (folder / "part-2.csv").write_text("y,d\n2.5,1\n")
    outcome = run("eval", "p", *BOTH, "-o", "p/part-2.csv")
    assert (outcome.code, "would be overwritten" in outcome.err) == (2, True)


STRANGERS = ["README.md", "LICENSE", "config.json", "model.bin", "a.yaml"]


@pytest.mark.parametrize("name", STRANGERS)
def test_files_that_seem_to_be_no_shards(run: Run, folder: Path, name: str) -> None:
    for number in (0, 1):
        (folder / f"part-{number}.csv").write_text("y,d\n2.5,1\n")
    (folder / name).write_text('# "a": b\n')
    outcome = run("eval", "p", *BOTH)
    assert (outcome.code, outcome.out) == (3, "")
    hints = (
        "if others lie among the shards, leave them out: 'p/*.csv'",
        "if those that end in .csv are the shards, pass 'p/*.csv'",
    )
    assert outcome.err.endswith(f"\nlossctl: hint: {hints[name != 'config.json']}\n")
    assert run("eval", "p/*.csv", *BOTH) == Outcome(0, "1.5\n", "")


@pytest.mark.parametrize("name", ["part-2.json", "part-2.dat", "part-2.csv.zst", "part-2"])
def test_a_shard_is_never_left_out_by_a_hint(run: Run, folder: Path, name: str) -> None:
    for number in (0, 1):
        (folder / f"part-{number}.csv").write_text("y,d\n2.5,1\n")
    (folder / name).write_text("y;d;e\n1;1;1\n")
    outcome = run("eval", "p", *BOTH)
    assert (outcome.code, outcome.out, "leave them out" in outcome.err) == (3, "", False)


NUMBERED = {
    "months are dates": (["2023-11", "2024-02"], None),
    "a day, then parts": (["2024-01-05_1", "2024-01-05_3"], "2"),
    "no date: month 13": (["2024-13", "2024-15"], "1, 2, 3, 4, 5, ..."),
    "numbers of eight digits": (["00000000", "00000002"], "1"),
    "of Spark, several files a task": (["part-00000-u-c000", "part-00000-u-c002"], "1"),
    "Hive": (["day=1/part-0", "day=9/part-0"], None),
    "Hive, of tasks": (["day=1/part-0", "day=1/part-2", "day=2/part-1"], None),
    "Hive, of a lost task": (["day=1/part-0", "day=1/part-3", "day=2/part-1"], "2"),
    "folds": (["fold1/p", "fold3/p"], "2"),
    "two tables that say how many": (["a-0-of-2", "a-1-of-2", "b-0-of-1"], None),
    "one of two that say how many": (["a-0-of-2", "a-1-of-2", "b-1-of-2"], "2"),
}


@pytest.mark.parametrize(("names", "missing"), NUMBERED.values(), ids=NUMBERED)
def test_what_is_a_series(names: list[str], missing: str | None) -> None:
    gap = gap_in(names)
    assert (None if gap is None else gap.numbers) == missing


ORDERS = {
    "of numbers": (["p-2.csv", "p-10.csv"], False),
    "against numbers": (["p-10.csv", "p-2.csv"], True),
    "of words": (["train.csv", "test.csv"], False),
    "of two series": (["b-1.csv", "a-1.csv", "b-2.csv", "a-2.csv"], False),
    "of two series, one against its numbers": (["b-2.csv", "a-1.csv", "b-1.csv"], True),
    "of formats": (["p-1.csv.gz", "p-2.npy"], False),
    "against numbers, of formats": (["p-2.csv.gz", "p-1.npy"], True),
}


@pytest.mark.parametrize(("names", "is_so"), ORDERS.values(), ids=ORDERS)
def test_what_is_out_of_order(names: list[str], is_so: bool) -> None:
    assert out_of_order(names) is is_so


def test_folders_and_missing_shards_in_python(folder: Path) -> None:
    for number in (0, 2):
        np.save(folder / f"part-{number}.npy", np.full(2, number))
    with pytest.raises(lossctl.DataError, match="these are missing: 1"):
        lossctl.evaluate(folder, np.ones(4), loss="mae")
    report = lossctl.evaluate(folder, np.ones(4), loss="mae", missing_shards="present")
    assert report.losses["mae"].mean == 1.0
    assert [(warning.code, warning.count) for warning in report.warnings] == [("missing-shards", 1)]
    assert os.fspath(folder) == report.predictions
