"""Shards: several files as one table, in their order, none missing and none there twice."""

import gzip
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from conftest import Outcome, Run, Write, npy
from pyarrow import feather, parquet
from samples import refuse

import lossctl
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation

ROWS = "a,b\n{0},0\n{0},1\n"
TARGETS = np.zeros((6, 2))
MAE = ("--loss", "mae")
THREE = {f"part-{i}.csv": ROWS.format(i) for i in (1, 2, 10)}
NEEDED = "\nlossctl: hint: a table needs all of its shards"
ADMIT = f"{NEEDED}; if no others were written, say so with --missing-shards present"
EXPECTED = "row\tmae\n" + "".join(
    f"{row}\t{value}\n" for row, value in enumerate((1.0, 2.0, 2.0, 3.0, 10.0, 11.0), 1)
)


def named(folder: Path, *files: tuple[str, str | bytes]) -> None:
    for name, content in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def parts(write: Write) -> Path:
    """Three shards that sort otherwise by text than by number, in a folder of their own."""
    folder = write({"t.npy": TARGETS}).parent
    for name, value in (("s-9.csv", 1), ("s-10.csv", 2), ("s-11.csv", 10)):
        named(folder, (f"p/{name}", ROWS.format(value)))
    return folder


WAYS = ["p", "p/", "p/*", "p/*.csv", "p/s-[0-9]*", "p/s-0.csv,p/s-1.csv"]


@pytest.mark.parametrize("way", WAYS)
def test_ways_to_name_them(run: Run, parts: Path, way: str) -> None:
    for name in (".hidden", "_SUCCESS"):
        named(parts, (f"p/{name}", "x"))
    (parts / "p" / "folder.csv").mkdir() if "*" in way else None
    # Nine shards before the ninth would be missing: as many as there are is not known of s-9 on.
    for i in range(9):
        named(parts, (f"p/s-{i}.csv", "a,b\n0,0\n"))
    listed = ",".join(f"p/s-{i}.csv" for i in range(12)) if "," in way else way
    np.save(parts / "t.npy", np.zeros((15, 2)))
    outcome = run("eval", listed, "t.npy", *MAE, "-f", "tsv")
    assert (outcome.code, outcome.without_notes().err) == (0, "")
    tail = [float(line.split("\t")[1]) for line in outcome.out.splitlines()[-6:]]
    assert tail == [1, 2, 2, 3, 10, 11]


def test_a_series_of_years_starts_where_it_does(run: Run, write: Write) -> None:
    write({f"y_{year}.csv": "5\n" for year in (2021, 2022)} | {"t.csv": "4\n4\n"})
    assert run("eval", "y_*.csv", "t.csv", *MAE, "-q") == Outcome(0, "1.0\n", "")
    write({"y_2024.csv": "5\n"})
    outcome = run("eval", "y_*.csv", "t.csv", *MAE, "-q")
    assert (outcome.code, "these are missing: 2023" in outcome.err) == (3, True)


def test_paths_in_python(parts: Path) -> None:
    files = [parts / "p" / f"s-{name}.csv" for name in (9, 10, 11)]
    with pytest.raises(lossctl.DataError, match=r"these are missing: 1, 2, 3, 4, 5, \.\.\."):
        lossctl.evaluate(files, TARGETS, loss="mae")
    report = lossctl.evaluate(files, TARGETS, loss="mae", missing_shards="present")
    assert [(warning.code, warning.count) for warning in report.warnings] == [("missing-shards", 8)]
    renamed = [path.rename(path.with_name(name)) for path, name in zip(files, "yzx", strict=True)]
    for block_rows in (None, 1, 2, 3, 5):
        report = lossctl.evaluate(renamed, TARGETS, loss="mae", block_rows=block_rows)
        assert (report.losses["mae"].mean, report.n) == (29 / 6, 6)


def test_paths_in_python_are_in_the_order_of_their_numbers(parts: Path) -> None:
    for i in range(9):
        named(parts, (f"p/s-{i}.csv", "a,b\n0,0\n"))
    files = [parts / "p" / f"s-{i}.csv" for i in range(12)]
    assert lossctl.evaluate(files, np.zeros((15, 2)), loss="mae").n == 15
    with pytest.raises(lossctl.DataError, match="not in the order of their numbers") as caught:
        lossctl.evaluate(files[::-1], np.zeros((15, 2)), loss="mae")
    assert caught.value.hint == (
        "put them in that order; one text with commas between them keeps any order"
    )
    text = ",".join(map(str, files[::-1]))
    report = lossctl.evaluate(text, np.zeros((15, 2)), loss="mae", worst=2)
    assert [warning.code for warning in report.warnings] == ["shards-out-of-order"]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 6])
def test_predictions_and_targets_cut_differently(run: Run, write: Write, rows: int) -> None:
    folder = write({"whole.csv": "a,b\n" + "".join(f"{i},0.5\n" for i in range(7))}).parent
    for i, start in enumerate(range(0, 7, 3)):
        text = "".join(f"{row},0.5\n" for row in range(start, min(start + 3, 7)))
        named(folder, (f"p/{i}.csv", "a,b\n" + text))
    for i, start in enumerate(range(0, 7, rows)):
        values = np.arange(start, min(start + rows, 7))[:, None] ** [2.0, 0.0]
        named(folder, (f"t/{i}.npy", npy(values)))
    values = np.arange(7)[:, None] ** [2.0, 0.0]
    np.save(folder / "t.npy", values)
    expected = run("eval", "whole.csv", "t.npy", *MAE, "-f", "tsv")
    assert expected.code == 0
    assert run("eval", "p", "t", *MAE, "-f", "tsv") == expected


def test_formats_may_be_mixed(run: Run, write: Write) -> None:
    folder = write({"t.npy": TARGETS}).parent
    named(folder, ("p/part-1.csv", ROWS.format(1)))
    named(folder, ("p/part-2.csv.gz", gzip.compress(ROWS.format(2).encode())))
    named(folder, ("p/part-3.jsonl", '{"b": 0, "a": 10}\n{"b": 1, "a": 10}\n'))
    outcome = run("eval", "p", "t.npy", *MAE, "-f", "tsv")
    assert outcome.code == 3
    assert "p/part-3.jsonl has other columns than p/part-1.csv" in outcome.err
    named(folder, ("p/part-3.jsonl", '{"a": 10, "b": 0}\n{"b": 1, "a": 10}\n'))
    paired = run("eval", "p", "t.npy", *MAE, "-f", "tsv")
    assert paired.without_notes() == Outcome(0, EXPECTED, "")


def one(name: str) -> tuple[str, str]:
    return name, ROWS.format(1)


MISSING = "of the shards named like '{}' these are missing: {}" + ADMIT
BAD: dict[str, tuple[list[tuple[str, str]], str]] = {
    "gap": ([one("p/part-1.csv"), one("p/part-3.csv")], MISSING.format("part-1.csv", "2")),
    "the-first": ([one("p/part-2.csv"), one("p/part-3.csv")], MISSING.format("part-2.csv", "1")),
    "gaps": (
        [one("p/part-0.csv"), one("p/part-9.csv")],
        MISSING.format("part-0.csv", "1, 2, 3, 4, 5, ..."),
    ),
    "gap-in-mixed-formats": (
        [one("p/part-1.csv"), one("p/part-3.txt")],
        MISSING.format("part-1.csv", "2"),
    ),
    "of-N": (
        [one("p/x-00000-of-00003.csv"), one("p/x-00002-of-00003.csv")],
        MISSING.format("x-00000-of-00003.csv", "1"),
    ),
    "of-N-the-last": (
        [one("p/x-00000-of-00003.csv"), one("p/x-00001-of-00003.csv")],
        MISSING.format("x-00000-of-00003.csv", "2"),
    ),
    "of-N-all-but-one": (
        [one("p/x-1-of-2.csv")],
        MISSING.format("x-1-of-2.csv", "2"),
    ),
    "01-and-1": (
        [one("p/part-01.csv"), one("p/part-1.csv")],
        "p/part-01.csv and p/part-1.csv: shard 1 is there twice",
    ),
    "01-and-1-and-2": (
        [one("p/part-01.csv"), one("p/part-1.csv"), one("p/part-2.csv")],
        "p/part-01.csv and p/part-1.csv: shard 1 is there twice",
    ),
    "other-columns": (
        [one("p/part-1.csv"), ("p/part-2.csv", "a,c\n1,0\n")],
        "p/part-2.csv has other columns than p/part-1.csv",
    ),
    "another-width": (
        [one("p/part-1.csv"), ("p/part-2.csv", "a\n1\n")],
        "p/part-2.csv has other columns than p/part-1.csv",
    ),
    "a-header-below-none": (
        [("p/part-1.csv", "1,0\n"), one("p/part-2.csv")],
        "p/part-2.csv:1: column 1: 'a' is not a number",
    ),
    "no-header-below-one": (
        [one("p/part-1.csv"), ("p/part-2.csv", "1,0\n0,1\n")],
        "p/part-2.csv has other columns than p/part-1.csv",
    ),
    "an-empty-one": (
        [one("p/part-1.csv"), ("p/part-2.csv", "")],
        "p/part-2.csv: the file is empty\n"
        "lossctl: hint: if nothing was to be written there, say so with "
        "--missing-shards present",
    ),
    "a-bad-cell": (
        [one("p/part-1.csv"), ("p/part-2.csv", "a,b\n1,0\n1,x\n")],
        "p/part-2.csv:3: column \"b\": 'x' is not a number",
    ),
    "one-in-two-formats": (
        [one("p/part-1.csv"), one("p/part-1.txt"), one("p/part-2.csv")],
        "p/part-1.csv and p/part-1.txt: is one the other's copy?\n"
        "lossctl: hint: if it is, leave one of "
        "them out; if it is not, give it a name of its own",
    ),
}


@pytest.mark.parametrize(("files", "message"), BAD.values(), ids=BAD)
def test_bad_shards(run: Run, write: Write, files: list[tuple[str, str]], message: str) -> None:
    folder = write({"t.npy": TARGETS}).parent
    named(folder, *files)
    outcome = run("eval", "p", "t.npy", *MAE, "--per-sample", "rows.tsv")
    assert (outcome.err, outcome.out, outcome.code) == (f"lossctl: error: {message}\n", "", 3)
    assert {path.name for path in folder.iterdir()} == {"p", "t.npy"}


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_linked_shards(run: Run, write: Write, link: str) -> None:
    folder = write({"t.npy": TARGETS}).parent
    named(folder, one("p/a.csv"))
    getattr(folder / "p/b.csv", link)(folder / "p/a.csv")
    outcome = run("eval", "p", "t.npy", *MAE)
    assert outcome == Outcome(3, "", f"lossctl: error: p/a.csv and p/b.csv are one file{NEEDED}\n")


def test_a_copy_compressed_beside_its_original(run: Run, write: Write) -> None:
    folder = write({"t.npy": TARGETS}).parent
    for i in (1, 2):
        named(folder, one(f"p/part-{i}.csv"))
    named(folder, ("p/part-1.csv.gz", gzip.compress(ROWS.format(1).encode())))
    outcome = run("eval", "p", "t.npy", *MAE)
    assert (outcome.code, outcome.out) == (3, "")
    assert "p/part-1.csv.gz: is one the other's copy?" in outcome.err


def test_one_file_named_twice(run: Run, write: Write) -> None:
    folder = write({"a.csv": ROWS.format(1), "t.npy": TARGETS}).parent
    outcome = run("eval", "a.csv,./a.csv", "t.npy", *MAE)
    assert outcome.code == 3
    assert "are one file" in outcome.err
    refuse(run, folder, f"a.csv and a.csv are one file{NEEDED}", "a.csv,a.csv", "t.npy", *MAE)


WRITERS = {"parquet": parquet.write_table, "feather": feather.write_feather}


@pytest.mark.parametrize("kind", WRITERS)
def test_progress_of_an_empty_shard(tmp_path: Path, kind: str) -> None:
    files = [tmp_path / f"p-{number}.{kind}" for number in (0, 1)]
    for path, rows in zip(files, (10, 0), strict=True):
        WRITERS[kind](pa.table({"y": np.zeros(rows)}), path)
    evaluation = Evaluation(files, np.ones(10), Options("mae", jobs=3, block_rows=5))
    found: list[float | None] = []
    list(evaluation.samples(lambda: found.append(evaluation.progress()[1])))
    assert found == [1.0, 1.0]
    (warning,) = evaluation.report().warnings
    assert (warning.code, warning.count) == ("empty-shards", 1)


@pytest.mark.parametrize("given", ["empty", "*.none", "empty/*.csv"])
def test_nothing_there(run: Run, write: Write, given: str) -> None:
    (write({"t.npy": TARGETS}).parent / "empty").mkdir()
    assert run("eval", given, "t.npy", *MAE) == Outcome(
        3, "", f"lossctl: error: {given}: no file there\n"
    )


def test_a_shard_in_predictions_and_targets(run: Run, write: Write) -> None:
    folder = write({}).absolute()
    named(folder, one("p/a.csv"), one("p/b.csv"))
    outcome = run("eval", "p", "p/b.csv", *MAE)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: 'p/b.csv' is given twice, as pred")


def test_a_pattern_that_the_shell_expanded(run: Run, write: Write) -> None:
    write({**THREE, "t.npy": TARGETS})
    outcome = run("lossctl eval part-*.csv t.npy --loss mae", program=("bash", "-c"))
    message = (
        "Got unexpected extra argument(s) (part-2.csv t.npy)\n"
        "lossctl: hint: PREDS and TARGETS are two "
    )
    message += "paths: quote a pattern that is to name several files; to compare several "
    message += "predictions evaluate each, in a loop of the shell"
    assert outcome == Outcome(2, "", f"lossctl: error: {message}\n")


def test_a_file_whose_name_looks_like_a_pattern(run: Run, write: Write) -> None:
    write({"p[1],2.csv": ROWS.format(1), "t.npy": np.zeros((2, 2))})
    assert run("eval", "p[1],2.csv", "t.npy", *MAE, "-q") == Outcome(0, "1.5\n", "")


def test_more_shards_than_open_files(run: Run, write: Write) -> None:
    folder = write({"t.npy": np.zeros((300, 2))}).parent
    named(folder, *((f"p/{i}.csv", f"a,b\n{i},1\n") for i in range(300)))
    command = "ulimit -n 100; lossctl eval p t.npy --loss mae -q"
    assert run(command, program=("bash", "-c")) == Outcome(0, "150.5\n", "")


def test_a_shard_that_cannot_be_read(run: Run, write: Write) -> None:
    folder = write({"t.npy": TARGETS}).parent
    named(folder, one("p/a.csv"))
    os.symlink("nowhere", folder / "p/b.csv")
    outcome = run("eval", "p", "t.npy", *MAE)
    assert outcome == Outcome(4, "", "lossctl: error: p/b.csv: No such file or directory\n")


def test_two_lists_of_shards_are_a_pair(write: Write) -> None:
    parts = [write({name: "5,5\n"}) for name in ("p-1.csv", "p-2.csv", "t-1.csv", "t-2.csv")]
    assert lossctl.evaluate(parts[:2], parts[2:], loss="mae").losses["mae"].mean == 0.0


def test_a_list_keeps_its_order(run: Run, write: Write) -> None:
    write({"train.csv": "1\n2\n", "test.csv": "3\n4\n", "t.csv": "0\n1\n2\n3\n"})
    options = ("--loss", "mae", "--no-header", "-q")
    assert run("eval", "train.csv,test.csv", "t.csv", *options) == Outcome(0, "1.0\n", "")
    assert run("eval", "test.csv,train.csv", "t.csv", *options) == Outcome(0, "2.0\n", "")


def test_a_list_out_of_the_order_of_its_numbers_is_told(run: Run, write: Write) -> None:
    write({"p1.csv": "1\n2\n", "p2.csv": "3\n4\n", "t.csv": "2\n3\n0\n1\n"})
    options = ("--loss", "mae", "--no-header", "-q")
    warning = "lossctl: warning: p2.csv,p1.csv: read in this order, which is not that of their"
    outcome = run("eval", "p2.csv,p1.csv", "t.csv", *options)
    assert outcome == Outcome(0, "1.0\n", f"{warning} numbers\n")
    assert run("eval", "p1.csv,p2.csv", "t.csv", *options) == Outcome(0, "2.0\n", "")


def test_shards_of_several_tables_are_refused(run: Run, write: Write) -> None:
    write({"a-0-of-1.csv": "1\n", "a-0-of-2.csv": "1\n", "t.csv": "1\n1\n"})
    outcome = run("eval", "a-*.csv", "t.csv", *MAE, "-q")
    message = "lossctl: error: a-0-of-1.csv and others are shards of several tables"
    assert (outcome.code, outcome.out) == (3, ""), outcome.err
    assert outcome.err.startswith(message)
