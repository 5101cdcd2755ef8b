"""--nan skip: a sample with a missing value is left out, and counted wherever anybody looks."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, Write
from samples import READERS, probabilities, reading_by, refuse

import lossctl
from lossctl.base.arrays import Array
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation

NAN = float("nan")
FIVE: dict[str, str | bytes] = {
    "p.csv": "a,b\n0.5,0.5\nNA,0.5\n0.2,0.8\n0.9,0.1\n0.4,0.6\n",
    "t.csv": "a,b\n1,0\n1,0\n0,1\n,1\n1,0\n",
}


def test_missing_values_are_errors_unless_asked(write: Write, run: Run) -> None:
    folder = write(FIVE).parent
    hint = "to leave out samples with a missing value, and count them, pass --nan skip"
    what = f"p.csv:3: column \"a\": 'NA' is not a number\nlossctl: hint: {hint}"
    refuse(run, folder, what, "p.csv", "t.csv", "--loss", "ce")
    refuse(run, folder, what, "p.csv", "t.csv", "--loss", "ce", "--nan", "error")


def test_what_was_skipped_is_said_everywhere(write: Write, run: Run) -> None:
    write(FIVE)
    command = ["eval", "p.csv", "t.csv", "--loss", "mae", "--nan", "skip"]
    table, tsv, both = (run(*command, *more) for more in ([], ["-f", "tsv"], ["-f", "json"]))
    assert (table.code, tsv.code, both.code) == (0, 0, 0)
    head, line = table.out.split("Loss(W)\n")[-1].splitlines()[::2]
    assert dict(zip(head.split(), line.split(), strict=False))["skipped"] == "2"
    assert [line.split("\t")[0] for line in tsv.out.splitlines()] == ["row", "1", "3", "5"]
    report = json.loads(both.out)
    assert (report["n"], report["skipped"]) == (3, 2)
    assert "nan=skip(2)" in report["losses"][0]["signature"].split("|")
    assert [(w["code"], w["count"]) for w in report["warnings"]] == [("skipped", 2)]
    for outcome in (table, tsv, both):
        assert "2 rows left out for a missing value (1 without a prediction): 3" in outcome.err
    assert "| skipped |" in run(*command, "-f", "md").out


def test_rows_without_a_prediction_are_told_among_those_left_out(write: Write, run: Run) -> None:
    write({"p.csv": "y\n1\nNA\n3\nNA\n", "t.csv": "y\n1\n2\nNA\nNA\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--nan", "skip")
    assert "3 rows left out for a missing value (2 without a prediction): 1" in outcome.err


def test_nothing_to_skip_is_said_in_the_signature_alone(write: Write, run: Run) -> None:
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--nan", "skip", "-f", "json")
    report = json.loads(outcome.out)
    assert (outcome.err, report["skipped"], report["warnings"]) == ("", 0, [])
    assert "nan=skip(0)" in report["losses"][0]["signature"].split("|")


def test_all_samples_skipped_is_an_error(write: Write, run: Run) -> None:
    folder = write({"p.csv": 'y\nNA\n""\nnan\n', "t.csv": "y\n1\n2\n3\n"}).parent
    what = "no sample is left: all 3 have a missing value"
    refuse(run, folder, what, "p.csv", "t.csv", "--loss", "mae", "--nan", "skip")


def test_an_unknown_policy_is_a_usage_error(write: Write, run: Run) -> None:
    write(FIVE)
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce", "--nan", "drop")
    said = "lossctl: error: --nan 'drop': one of error, skip\nlossctl: hint: did you mean skip?\n"
    assert (outcome.code, outcome.err) == (2, said)


MISSING = ["", "NA", "N/A", "n/a", "nan", "NaN", "null", "None", " NA ", '""', "<NA>"]


@pytest.mark.parametrize("cell", MISSING)
def test_what_is_missing(tmp_path: Path, cell: str) -> None:
    (tmp_path / "p.csv").write_text(f"a,b\n1,1\n{cell},1\n2,{cell}\n3,3\n")
    (tmp_path / "t.csv").write_text("a,b\n0,0\n0,0\n0,0\n0,0\n")
    report = lossctl.evaluate(tmp_path / "p.csv", tmp_path / "t.csv", loss="mae", nan="skip")
    assert (report.n, report.skipped, report.losses["mae"].mean) == (2, 2, 4.0)


STILL_WRONG = ["inf", "-inf", "Infinity", "1e400", "x", "nanx", "1_0", "-", "nan1", "\xa0NA"]


@pytest.mark.parametrize("cell", STILL_WRONG)
def test_what_is_not_missing_stays_an_error(tmp_path: Path, cell: str) -> None:
    (tmp_path / "p.csv").write_text(f"a,b\nNA,NA\n1,{cell}\nNA,1\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("a,b\n0,0\n0,0\n0,0\n")
    with pytest.raises(lossctl.DataError, match=r'p.csv:3: column "b"'):
        lossctl.evaluate(tmp_path / "p.csv", tmp_path / "t.csv", loss="mae", nan="skip")


@pytest.mark.parametrize("value", [math.inf, -math.inf])
@pytest.mark.parametrize("beside", [1.0, NAN])
def test_infinity_stays_an_error_in_arrays(value: float, beside: float) -> None:
    with pytest.raises(lossctl.DataError, match="inf is not finite"):
        lossctl.evaluate([[1.0, 1.0], [beside, value]], np.ones((2, 2)), loss="mae", nan="skip")


# Against an oracle, in every format.


def as_csv(path: Path, values: Array) -> object:
    rows = [["NA" if math.isnan(x) else repr(x) for x in row] for row in values.tolist()]
    path.with_suffix(".csv").write_text("a,b,c\n" + "".join(",".join(row) + "\n" for row in rows))
    return path.with_suffix(".csv")


def as_jsonl(path: Path, values: Array) -> object:
    rows = [[None if math.isnan(x) else x for x in row] for row in values.tolist()]
    lines = [json.dumps(dict(zip("abc", row, strict=True))) for row in rows]
    path.with_suffix(".jsonl").write_text("".join(f"{line}\n" for line in lines))
    return path.with_suffix(".jsonl")


def as_parquet(path: Path, values: Array, nan: object = None) -> object:
    columns = [[nan if math.isnan(x) else x for x in column] for column in values.T.tolist()]
    table = pa.table(dict(zip("abc", columns, strict=True)))
    pq.write_table(table, path.with_suffix(".parquet"), row_group_size=7)
    return path.with_suffix(".parquet")


def as_npy(path: Path, values: Array) -> object:
    np.save(path.with_suffix(".npy"), values)
    return path.with_suffix(".npy")


FORMS: dict[str, Callable[[Path, Array], object]] = {
    "csv": as_csv,
    "jsonl": as_jsonl,
    "parquet-null": as_parquet,
    "parquet-nan": lambda path, values: as_parquet(path, values, NAN),
    "npy": as_npy,
    "array": lambda path, values: values,
}


def holes(values: Array, seed: int) -> Array:
    """Return the values with single ones missing, and all of the rows 20 to 39."""
    found = np.where(np.random.default_rng(seed).random(values.shape) < 0.05, NAN, values)
    found[20:40] = NAN
    return found


def numbers(predictions: object, targets: object, **options: Any) -> list[object]:
    """Return every number of an evaluation that skips."""
    evaluation = Evaluation(
        predictions, targets, Options(loss="ce", nan="skip", worst=5, **options)
    )
    rows: list[int] = []
    losses: list[float] = []
    for part in evaluation.samples():
        rows += part.rows.tolist()
        losses += part.losses["ce"].tolist()
    report = evaluation.report()
    assert report.kept_worst is not None
    result = report.losses["ce"]
    worst = report.kept_worst.rows.tolist()
    return [rows, losses, report.n, report.skipped, result.mean, result.stderr, worst]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_skipping_is_leaving_rows_out(tmp_path: Path, form: str, reader: str) -> None:
    y, d = holes(probabilities(97, 3), 1), holes(probabilities(97, 3, 2), 3)
    kept = np.flatnonzero(~(np.isnan(y).any(axis=1) | np.isnan(d).any(axis=1)))
    alone = numbers(y[kept], d[kept])
    expected = [(kept + 1).tolist(), alone[1], len(kept), 97 - len(kept), *alone[4:6]]
    worst = [int(kept[row - 1]) + 1 for row in np.array(alone[6]).tolist()]
    with reading_by(reader):
        files = FORMS[form](tmp_path / "p", y), FORMS[form](tmp_path / "t", d)
        for block_rows, jobs in ((1, 3), (7, 1), (10, 2), (None, 1)):
            found = numbers(*files, block_rows=block_rows, jobs=jobs)
            assert found == [*expected, worst]


@pytest.mark.parametrize("cells", ["0,1,2,NA,1", "NA,1,2,0,1", "NA,NA,NA,2,1"], ids=str)
@pytest.mark.parametrize("names", ["a,b,c", "0,1,2", None], ids=str)
def test_a_missing_label_is_left_out(tmp_path: Path, cells: str, names: str | None) -> None:
    labels, y = cells.split(","), probabilities(5, 3)
    path = tmp_path / "p.csv"
    head = [names] if names else []
    path.write_text("\n".join([*head, *(",".join(map(repr, row)) for row in y.tolist())]) + "\n")
    (tmp_path / "t.csv").write_text("\n".join(["label", *labels]) + "\n")
    kept = [row for row, label in enumerate(labels) if label != "NA"]
    expected = (
        lossctl.evaluate(y[kept], [int(labels[row]) for row in kept], loss="ce").losses["ce"].mean
    )
    report = lossctl.evaluate(path, tmp_path / "t.csv", nan="skip", loss="ce")
    assert (report.losses["ce"].mean, report.skipped) == (expected, 5 - len(kept))


WORDS = {"late": ["cat", "dog", "", "cat"], "first": ["", "dog", "cat", "cat"]}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_missing_class_name_is_left_out(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "p.csv").write_text("id,cat,dog\n" + "".join(f"{i},0.5,0.5\n" for i in range(4)))
    lines = "".join(f"{row},{word}\n" for row, word in enumerate(words))
    (tmp_path / "t.csv").write_text(f"id,label\n{lines}")
    report = lossctl.evaluate(
        tmp_path / "p.csv", tmp_path / "t.csv", id="id", nan="skip", loss="ce"
    )
    assert (report.n, report.skipped) == (3, 1)


@pytest.mark.parametrize("rows", ["True,False\nNA,True\n", "NA,True\nTrue,False\n"], ids=repr)
def test_a_missing_boolean_is_left_out(tmp_path: Path, rows: str) -> None:
    (tmp_path / "p.csv").write_text("a,b\n1,0\n1,0\n")
    (tmp_path / "t.csv").write_text(f"a,b\n{rows}")
    report = lossctl.evaluate(tmp_path / "p.csv", tmp_path / "t.csv", loss="mae", nan="skip")
    assert (report.n, report.skipped, report.losses["mae"].mean) == (1, 1, 0.0)


@pytest.mark.parametrize("block_rows", [1, 2, 9])
def test_skipping_with_ids_keeps_both_counts_apart(tmp_path: Path, block_rows: int) -> None:
    (tmp_path / "p.csv").write_text("id,y\nu,1\nv,NA\nw,3\nx,4\n")
    (tmp_path / "t.csv").write_text("id,y\nx,0\nw,null\nz,0\nv,0\nu,0\n")
    options = Options(loss="mae", id="id", missing="present", nan="skip", block_rows=block_rows)
    evaluation = Evaluation(tmp_path / "p.csv", tmp_path / "t.csv", options)
    rows = [part.columns() for part in evaluation.samples()]
    assert [(r, i) for part in rows for r, i in zip(part["row"], part["id"], strict=True)] == [
        (1, "u"),
        (4, "x"),
    ]
    report = evaluation.report()
    assert (report.n, report.skipped, report.unpaired) == (2, 2, (0, 1))
    assert report.losses["mae"].signature.endswith("missing=present(0,1)|nan=skip(2)")


@pytest.mark.parametrize("block_rows", [1, 2, 3, 5])
def test_the_first_bad_row_is_to_blame_among_skipped_ones(tmp_path: Path, block_rows: int) -> None:
    (tmp_path / "p.csv").write_text("a,b\nNA,1\nNA,1\n0.5,0.5\n0.5,0.5\n7,1\n")
    (tmp_path / "t.csv").write_text("a,b\n1,0\n1,0\n1,0\n0,9\n1,0\n")
    with pytest.raises(lossctl.DataError, match=r't.csv:5: column "b": 9.0 is not a probability'):
        lossctl.evaluate(
            tmp_path / "p.csv",
            tmp_path / "t.csv",
            nan="skip",
            block_rows=block_rows,
            jobs=1,
            loss="ce",
        )


def test_integers_beside_missing_ones_are_exact_or_refused() -> None:
    good = pd.DataFrame({"y": pd.array([2**53 - 1, None], "Int64")})
    report = lossctl.evaluate(good, np.zeros(2), loss="mae", nan="skip")
    assert report.losses["mae"].mean == 2**53 - 1
    bad = pd.DataFrame({"y": pd.array([2**53 + 1, None], "Int64")})
    refused = "integers beyond 2\\^53|an integer that a 64-bit float cannot hold exactly"
    with pytest.raises(lossctl.DataError, match=refused):  # pandas before 3 gives the integers
        lossctl.evaluate(bad, np.zeros(2), loss="mae", nan="skip")
