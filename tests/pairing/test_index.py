"""The index of a data frame: its labels are compared, and align rows only if that is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.feather
import pytest
from conftest import Run, Write
from sklearn.model_selection import train_test_split  # type: ignore[import-untyped]

import lossctl

Y = [0.5, 1.0, 4.0]
IN_ORDER = [1.0, 1.0, 1.0]
"""Their mean absolute differences, from 0.5 + 0 + 3, are 3.5 / 3."""
LABELS: dict[str, tuple[Any, Any]] = {
    "integers": ([7, 3, 9], [9, 3, 7]),
    "words": (["x", "y", "z"], ["z", "y", "x"]),
    "dates": (
        pd.date_range("2024-01-30", periods=3),
        pd.date_range("2024-01-30", periods=3)[::-1],
    ),
    "moments": (
        pd.date_range("2024-01-30", periods=3, freq="1s", tz="Europe/Berlin"),
        pd.date_range("2024-01-30", periods=3, freq="1s", tz="Europe/Berlin")[::-1],
    ),
    "levels": (
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["who", "visit"]),
        pd.MultiIndex.from_tuples([("b", 1), ("a", 2), ("a", 1)], names=["who", "visit"]),
    ),
    "floats": ([0.5, 1.0, 2.5], [2.5, 1.0, 0.5]),
    "categories": (pd.CategoricalIndex(["u", "v", "w"]), pd.CategoricalIndex(["w", "v", "u"])),
    "named": (pd.Index([7, 3, 9], name="PatientID"), pd.Index([9, 3, 7], name="PatientID")),
    "sliced": (pd.RangeIndex(5, 8), pd.RangeIndex(7, 4, -1)),
}
every_kind = pytest.mark.parametrize(("labels", "others"), LABELS.values(), ids=LABELS)


def series(labels: Any, values: Any = Y) -> pd.Series[float]:
    return pd.Series(values, index=labels)


def frame(labels: Any, values: Any = Y) -> pd.DataFrame:
    return pd.DataFrame({"y": values}, index=labels)


def told(*arrays: Any, **options: Any) -> tuple[float, list[str]]:
    """Return the mean absolute difference, and the codes of the warnings."""
    report = lossctl.evaluate(*arrays, loss="mae", **options)
    return report.losses["mae"].mean, [warning.code for warning in report.warnings]


def refused(*arrays: Any, **options: Any) -> str:
    with pytest.raises(lossctl.DataError) as error:
        lossctl.evaluate(*arrays, loss="mae", **options)
    return str(error.value)


def paired(*arrays: Any, **options: Any) -> str:
    report = lossctl.evaluate(*arrays, loss="mae", **options)
    facts = dict(fact.split("=", 1) for fact in report.losses["mae"].signature.split("|")[3:])
    return facts["paired"]


# In memory.


@every_kind
@pytest.mark.parametrize("kind", [series, frame])
def test_the_same_labels_in_one_order_are_silent(kind: Any, labels: Any, others: Any) -> None:
    assert told(kind(labels), kind(labels, IN_ORDER)) == (3.5 / 3, [])


@every_kind
def test_the_same_labels_in_another_order_are_refused(labels: Any, others: Any) -> None:
    message = refused(series(labels), series(others, IN_ORDER[::-1]))
    assert message.startswith("predictions: row 1 has the label '")
    assert "' in its index, but targets: row 1 has '" in message


@every_kind
def test_align_pairs_by_label(labels: Any, others: Any) -> None:
    assert told(series(labels), series(others, Y[::-1]), index="align")[0] == 0
    assert paired(series(labels), series(others, Y[::-1]), index="align") == "index"


@every_kind
def test_ignore_pairs_by_position_in_silence(labels: Any, others: Any) -> None:
    assert told(series(labels), series(others, IN_ORDER), index="ignore") == (3.5 / 3, [])
    assert paired(series(labels), series(others, IN_ORDER), index="ignore") == "position"


def test_two_indexes_that_differ_are_refused_with_both_labels_and_rows() -> None:
    message = refused(series([1, 2, 30]), series([1, 2, 31]))
    expected = "predictions: row 3 has the label '30' in its index, but targets: row 3 has '31'"
    assert message == expected


def test_what_is_paired_by_position_has_that_in_its_signature() -> None:
    assert paired(series([3, 1, 2]), series([3, 1, 2])) == "position"


def test_predictions_that_only_number_their_rows_are_paired_by_position_with_a_warning() -> None:
    numbers = np.arange(20.0)
    _, targets = train_test_split(pd.Series(numbers), test_size=0.25, random_state=0)
    predictions = pd.Series(targets.to_numpy() + 0.5)
    assert told(predictions, targets) == (0.5, ["index-unused"])
    assert told(targets, predictions) == (0.5, ["index-unused"])
    report = lossctl.evaluate(predictions, targets, loss="mae")
    assert report.warnings[0].message == (
        "rows were paired by position: predictions only numbers its rows, targets has an index of "
        'other labels (if that is right, pass index="ignore")'
    )
    assert told(predictions, targets, index="ignore") == (0.5, [])


def test_numbers_of_rows_in_another_order_are_refused() -> None:
    targets = series([0, 1, 2]).sample(frac=1, random_state=1)
    assert list(targets.index) != [0, 1, 2]
    assert "in its index" in refused(pd.Series(Y), targets)
    assert told(pd.Series(Y), targets, index="align")[0] == 0


@pytest.mark.parametrize("kind", [float, str, object])
def test_so_they_are_where_they_are_floats_or_texts(kind: type) -> None:
    targets = series([2, 0, 1])
    targets.index = targets.index.astype(kind)
    assert "in its index" in refused(pd.Series(Y), targets)


def test_a_filtered_frame() -> None:
    data = pd.DataFrame({"p": [0.5, 9.0, 1.0, 9.0, 4.0], "y": [1.0, -1.0, 1.0, -1.0, 1.0]})
    kept = data[data.y > 0]
    assert told(kept[["p"]], kept["y"]) == (3.5 / 3, [])
    assert told(kept["p"].reset_index(drop=True), kept["y"]) == (3.5 / 3, ["index-unused"])
    assert told(kept["p"], data["y"][[0, 2, 4]]) == (3.5 / 3, [])


def test_labels_that_repeat_are_fine_in_one_order_and_refused_where_they_align() -> None:
    assert told(series([1, 1, 2]), series([1, 1, 2], IN_ORDER)) == (3.5 / 3, [])
    assert "have the same id" in refused(series([1, 1, 2]), series([1, 1, 2]), index="align")


def test_whole_numbers_are_the_same_labels_as_floats_and_missing_ones_are_the_same() -> None:
    assert told(series([1, 2, 3]), series([1.0, 2.0, 3.0], IN_ORDER)) == (3.5 / 3, [])
    holes = ["a", None, "c"]
    assert told(series(holes), series(["a", np.nan, "c"], IN_ORDER)) == (3.5 / 3, [])
    assert "row 2 has the label ''" in refused(series(holes), series(["a", "b", "c"]))


def test_align_may_leave_labels_without_a_partner_out() -> None:
    options: dict[str, Any] = {"index": "align", "missing": "present"}
    report = lossctl.evaluate(series([1, 2, 3]), series([3, 4, 1]), loss="mae", **options)
    assert (report.n, report.unpaired) == (2, (1, 1))
    assert report.losses["mae"].mean == 3.5  # |0.5 - 4| and |4 - 0.5|
    assert "1 id only in predictions: '2'" in refused(
        series([1, 2, 3]), series([3, 4, 1]), index="align"
    )


def test_an_array_has_no_index() -> None:
    others: list[Any] = [IN_ORDER, np.array(IN_ORDER), polars.Series(IN_ORDER)]
    others += [pa.table({"y": IN_ORDER}), polars.DataFrame({"y": IN_ORDER}), tuple(IN_ORDER)]
    for targets in others:
        assert told(series([7, 3, 9]), targets) == (3.5 / 3, [])
        assert told(targets, series([7, 3, 9])) == (3.5 / 3, [])
        with pytest.raises(lossctl.UsageError, match='index="align": targets has no index'):
            lossctl.evaluate(series([7, 3, 9]), targets, loss="mae", index="align")


def test_the_numbers_of_rows_are_told_where_they_differ() -> None:
    assert refused(series([1, 2, 3]), series([7, 8], [0, 0])).startswith("predictions has 3 rows")


def test_with_an_id_the_index_is_not_looked_at() -> None:
    predictions = pd.DataFrame({"key": ["a", "b", "c"], "y": Y}, index=[1, 2, 3])
    targets = predictions[::-1].set_axis([5, 6, 7])
    assert told(predictions, targets, id="key")[0] == 0
    with pytest.raises(lossctl.UsageError, match="two ways to pair rows"):
        lossctl.evaluate(predictions, targets, loss="mae", id="key", index="align")


def test_a_level_of_an_index_may_be_the_id() -> None:
    labels, others = LABELS["named"]
    assert told(frame(labels), frame(others, Y[::-1]), id="PatientID")[0] == 0
    assert paired(frame(labels), frame(others, Y[::-1]), id="PatientID") == "id"


def test_an_index_that_is_called_as_a_column_hides_nothing() -> None:
    both = frame([7, 3, 9]).rename_axis("y")
    assert told(both, frame([7, 3, 9], IN_ORDER)) == (3.5 / 3, [])


def test_labels_for_classes_are_compared_too() -> None:
    names = pd.Series(["a", "b"], index=[4, 2])
    rows = pd.DataFrame({"a": [0.5, 0.5], "b": [0.5, 0.5]}, index=[2, 4])
    assert "in its index" in refused_of(rows, names)
    assert lossctl.evaluate(rows, names, loss="ce", index="align").n == 2


def refused_of(*arrays: Any) -> str:
    with pytest.raises(lossctl.DataError) as error:
        lossctl.evaluate(*arrays, loss="ce")
    return str(error.value)


# In files.


def feather(table: pd.DataFrame, path: Path) -> None:
    pyarrow.feather.write_feather(pa.Table.from_pandas(table), str(path))


WRITERS: dict[str, Any] = {"parquet": pd.DataFrame.to_parquet, "feather": feather}


def written(folder: Path, extension: str, **frames: pd.DataFrame) -> list[str]:
    for name, table in frames.items():
        WRITERS[extension](table, folder / f"{name}.{extension}")
    return [f"{name}.{extension}" for name in frames]


MAE = ("--loss", "mae", "--format", "json")


@every_kind
@pytest.mark.parametrize("extension", WRITERS)
def test_files_of_pandas_are_as_its_frames(
    tmp_path: Path, extension: str, labels: Any, others: Any
) -> None:
    p, same, turned = frame(labels), frame(labels, IN_ORDER), frame(others, Y[::-1])
    written(tmp_path, extension, p=p, same=same, turned=turned)
    here = {name: tmp_path / f"{name}.{extension}" for name in ("p", "same", "turned")}
    assert told(here["p"], here["same"]) == (3.5 / 3, [])
    assert "in its index, but" in refused(here["p"], here["turned"])
    assert told(here["p"], here["turned"], index="align")[0] == 0
    assert told(here["p"], here["same"], index="ignore") == (3.5 / 3, [])
    # and with a frame in memory
    assert told(p, here["same"]) == (3.5 / 3, [])
    assert "in its index, but" in refused(p, here["turned"])
    assert told(here["p"], turned, index="align")[0] == 0


@pytest.mark.parametrize("block_rows", [1, 2, None])
def test_a_file_that_only_numbers_its_rows(tmp_path: Path, block_rows: int | None) -> None:
    p, t = (str(tmp_path / name) for name in ("p.parquet", "t.parquet"))
    frame(None).to_parquet(p)
    for labels, codes in ([9, 3, 7], ["index-unused"]), (["a", "b", "c"], ["index-unused"]):
        frame(labels, IN_ORDER).to_parquet(t)
        assert told(p, t, block_rows=block_rows) == (3.5 / 3, codes)
        assert told(t, p, block_rows=block_rows) == (3.5 / 3, codes)
        assert told(p, t, index="ignore") == (3.5 / 3, [])
    for shuffled in ([2, 0, 1], [1, 0, 2]):
        frame(shuffled).to_parquet(t)
        assert "in its index, but" in refused(p, t, block_rows=block_rows)
        assert told(p, t, index="align")[0] > 0
    frame([0, 1, 2], IN_ORDER).to_parquet(t)  # a column with the very labels
    assert told(p, t, block_rows=block_rows) == (3.5 / 3, [])


def test_an_index_in_one_file_alone_is_not_looked_at(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "parquet", p=frame([7, 3, 9]))
    (tmp_path / "t.csv").write_text("y\n1\n1\n1\n")
    polars.DataFrame({"y": IN_ORDER}).write_parquet(tmp_path / "polars.parquet")
    for targets in ("t.csv", "polars.parquet"):
        outcome = run("eval", "p.parquet", targets, *MAE)
        assert (outcome.code, outcome.err) == (0, "")
        assert json.loads(outcome.out)["losses"][0]["mean"] == 3.5 / 3
        outcome = run("eval", "p.parquet", targets, *MAE, "--index", "align")
        assert (outcome.code, outcome.out) == (2, "")
        assert f"--index align: {targets} has no index" in outcome.err


def test_a_named_index_is_no_component_and_may_be_the_id(run: Run, tmp_path: Path) -> None:
    labels, others = LABELS["named"]
    written(tmp_path, "parquet", p=frame(labels), t=frame(others, Y[::-1]))
    outcome = run("eval", "p.parquet", "t.parquet", *MAE)
    assert outcome.code == 3
    assert outcome.err.startswith(
        "lossctl: error: p.parquet: row 1 has the label '7' in its index, but t.parquet: row "
        "1 has '9'\n"
        "lossctl: hint: to pair the rows that have the same label pass --index align; "
    )
    for way in (("--index", "align"), ("--id", "PatientID")):
        outcome = run("eval", "p.parquet", "t.parquet", *MAE, *way)
        assert json.loads(outcome.out)["losses"][0]["mean"] == 0
    outcome = run("eval", "p.parquet", "t.parquet", "-l", "mae", "-f", "tsv", "--index", "align")
    assert outcome.out.splitlines()[0] == "row\tid\tmae"


def test_a_bad_value_above_the_first_difference_is_told(write: Write, tmp_path: Path) -> None:
    written(tmp_path, "parquet", p=frame([1, 2, 3], [0.5, np.nan, 1.0]), t=frame([1, 2, 4]))
    message = refused(tmp_path / "p.parquet", tmp_path / "t.parquet")
    assert message.endswith('p.parquet: row 2: column "y": null is not a number')
    written(tmp_path, "parquet", t=frame([9, 2, 3]))
    assert "row 1 has the label '1'" in refused(tmp_path / "p.parquet", tmp_path / "t.parquet")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("block_rows", [1, 7, None])
def test_a_difference_is_found_in_any_block(
    tmp_path: Path, block_rows: int | None, jobs: int
) -> None:
    labels = np.random.default_rng(0).permutation(40)
    other = labels.copy()
    other[33] = 99
    values = np.arange(40.0)
    written(tmp_path, "parquet", p=frame(labels, values), t=frame(other, values))
    paths = tmp_path / "p.parquet", tmp_path / "t.parquet"
    message = refused(*paths, block_rows=block_rows, jobs=jobs)
    assert f"row 34 has the label '{labels[33]}' in its index" in message
    assert message.endswith("t.parquet: row 34 has '99'")


def test_indexes_of_intervals_are_refused_unless_they_are_ignored(tmp_path: Path) -> None:
    intervals = pd.IntervalIndex.from_breaks([0, 1, 2, 3])
    written(tmp_path, "parquet", p=frame(intervals), t=frame(intervals[::-1], IN_ORDER))
    files = tmp_path / "p.parquet", tmp_path / "t.parquet"
    with pytest.raises(lossctl.DataError, match="of a type that cannot be compared"):
        told(*files)
    assert told(*files, index="ignore") == (3.5 / 3, [])


def test_shards_have_an_index_too(run: Run, tmp_path: Path) -> None:
    for name, turned in (("p", False), ("t", True)):
        (tmp_path / name).mkdir()
        whole = frame(range(10, 16), [0.5, 1.0, 4.0, 2.0, 2.0, 1.0])
        whole.index = pd.Index(list(whole.index))
        for part in range(2):
            rows = whole[3 * part : 3 * part + 3]
            (rows[::-1] if turned else rows).to_parquet(tmp_path / f"{name}/part-{part}.parquet")
    assert run("eval", "p", "t", *MAE).code == 3
    outcome = run("eval", "p", "t", *MAE, "--index", "align")
    assert json.loads(outcome.out)["losses"][0]["mean"] == 0


def test_one_table_has_nothing_to_align(run: Run, tmp_path: Path) -> None:
    both = frame([7, 3, 9]).assign(p=IN_ORDER)
    written(tmp_path, "parquet", p=both)
    options = ("--pred-cols", "p", "--target-col", "y", *MAE)
    assert run("eval", "p.parquet", *options).code == 0
    outcome = run("eval", "p.parquet", *options, "--index", "align")
    assert outcome.code == 2
    assert "pairs the rows of two tables, and there is one" in outcome.err
    assert "leave --index align out" in outcome.err


def test_rows_that_labels_pair_are_not_said_to_be_paired_by_position(
    run: Run, tmp_path: Path
) -> None:
    table = frame(range(12), [float(number) for number in range(12)])
    table.to_csv(tmp_path / "p.csv")
    table[::-1].to_csv(tmp_path / "t.csv")
    result = run("eval", "p.csv", "t.csv", "--loss", "mae", "--index", "align", "-q")
    assert (result.code, result.out, "by position" in result.err) == (0, "0.0\n", False)


@pytest.mark.parametrize("again", ["reset", "read"])
def test_an_index_is_behind_another_that_only_numbers_the_rows(
    run: Run, tmp_path: Path, again: str
) -> None:
    """As reset_index() makes it, and so does a file that is read and written again."""
    frame(range(3)).to_csv(tmp_path / "p.csv")
    shuffled = frame([2, 0, 1], [Y[2], Y[0], Y[1]])
    if again == "reset":
        shuffled = shuffled.reset_index()
    else:
        shuffled.to_csv(tmp_path / "t.csv")
        shuffled = pd.read_csv(tmp_path / "t.csv")
    shuffled.to_csv(tmp_path / "t.csv")
    loss = ("--loss", "mae", "-q")
    result = run("eval", "p.csv", "t.csv", *loss)
    assert "leave it out: --pred-cols y --target-col y" in result.err
    result = run("eval", "p.csv", "t.csv", *loss, "--pred-cols", "y", "--target-col", "y")
    assert (result.code, "'0' in its index, but t.csv:2 has '2'" in result.err) == (3, True)
    assert run("eval", "p.csv", "t.csv", *loss, "--index", "align").out == "0.0\n"


def test_an_index_is_the_column_that_is_called_as_that_of_the_other(
    run: Run, tmp_path: Path
) -> None:
    named = pd.Index([30, 10, 20], name="customer")
    frame(named).to_parquet(tmp_path / "p.parquet")
    frame(named)[::-1].reset_index().to_csv(tmp_path / "t.csv")
    columns = ("--pred-cols", "y", "--target-col", "y", "--loss", "mae", "-q")
    result = run("eval", "p.parquet", "t.csv", *columns)
    assert (result.code, "'30' in its index, but t.csv:2 has '20'" in result.err) == (3, True)
    result = run("eval", "p.parquet", "t.csv", *columns, "--index", "align")
    assert result.out == "0.0\n"


def test_dates_of_several_levels_are_the_same_in_text(run: Run, tmp_path: Path) -> None:
    dates = pd.date_range("2024-01-30", periods=3)
    levels = pd.MultiIndex.from_product([["a"], dates], names=["store", "date"])
    frame(levels).to_parquet(tmp_path / "p.parquet")
    frame(levels)[::-1].to_csv(tmp_path / "t.csv")
    columns = ("--pred-cols", "y", "--target-col", "y", "--loss", "mae", "-q")
    result = run("eval", "p.parquet", "t.csv", *columns)
    assert (result.code, "in its index, but t.csv:2 has" in result.err) == (3, True)
    assert run("eval", "p.parquet", "t.csv", *columns, "--index", "align").out == "0.0\n"


def test_dates_are_compared_with_numbers_since_1970(run: Run, tmp_path: Path) -> None:
    """As pandas writes them in JSON, in whatever unit; numbers far from the dates are others."""
    frame(pd.date_range("2024-01-30", periods=3)).to_csv(tmp_path / "p.csv")
    for per_second in (1, 10**3, 10**6, 10**9):
        starts = [(1706572800 + day * 86400) * per_second for day in (2, 0, 1)]
        rows = [{"index": at, "y": Y[day]} for at, day in zip(starts, (2, 0, 1), strict=True)]
        (tmp_path / "t.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        columns = ("--pred-cols", "y", "--target-col", "y", "--loss", "mae", "-q")
        result = run("eval", "p.csv", "t.jsonl", *columns)
        assert "the label '2024-01-30' in its index, but t.jsonl:1 has '2024-02-01'" in result.err
        assert run("eval", "p.csv", "t.jsonl", *columns, "--index", "align").out == "0.0\n"


def test_indexes_that_share_no_label_are_told(run: Run, tmp_path: Path) -> None:
    """As the same days do that one file has as text, the other as numbers such as 20240130."""
    table = frame(pd.date_range("2024-01-30", periods=3))
    table.to_csv(tmp_path / "p.csv")
    rows = [{"index": 20240130 + day, "y": Y[2 - day]} for day in range(3)]
    (tmp_path / "t.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    columns = ("--pred-cols", "y", "--target-col", "y", "--loss", "mae", "-q")
    result = run("eval", "p.csv", "t.jsonl", *columns)
    assert "no label of the index of p.csv is one of t.jsonl, in the first rows" in result.err
    assert run("eval", "p.csv", "t.jsonl", *columns, "--index", "ignore").err == ""
    for name in "pt":
        frame(["a", "a", name]).to_csv(tmp_path / f"{name}.csv")
    assert run("eval", "p.csv", "t.csv", *columns, "--columns", "position").code == 0


def test_labels_that_are_no_numbers_of_rows_are_told_to_be_none(run: Run, tmp_path: Path) -> None:
    """As those of rows that were kept, beside the same rows with a new index."""
    frame([0, 2, 5]).to_csv(tmp_path / "p.csv")
    frame(range(3)).to_csv(tmp_path / "t.csv")
    align = ("--loss", "mae", "-q", "--index", "align")
    result = run("eval", "p.csv", "t.csv", *align)
    assert (
        "hint: t.csv only numbers its rows, which names no sample: if those of both tables belong"
        in result.err
    )
    frame(range(6), Y * 2).to_csv(tmp_path / "t.csv")
    result = run("eval", "p.csv", "t.csv", *align)
    assert "hint: to evaluate the ids in both" in result.err


def test_two_indexes_that_only_number_rows_name_no_samples(run: Run, tmp_path: Path) -> None:
    """As that of a split that was reset, beside the whole data: its first rows are others."""
    frame(range(2), Y[1:]).to_csv(tmp_path / "p.csv")
    frame(range(3)).to_csv(tmp_path / "t.csv")
    result = run("eval", "p.csv", "t.csv", "--loss", "mae", "-q", "--index", "align")
    assert result.code == 3
    assert "hint: both tables only number their rows, which names no sample: write" in result.err


def test_numbers_of_rows_in_the_order_of_text_are_told(run: Run, tmp_path: Path) -> None:
    """As json.dump(..., sort_keys=True) writes them, beside a file without an index."""
    values = [float(number) for number in range(12)]
    rows = {str(number): {"y": values[number]} for number in range(12)}
    (tmp_path / "p.json").write_text(json.dumps(rows, sort_keys=True))
    frame(range(12), values).to_csv(tmp_path / "t.csv", index=False)
    result = run("eval", "p.json", "t.csv", "--loss", "mae", "-q")
    assert "p.json: its rows are numbered, but stand in the order of text, 10, 11, 2" in result.err
    assert run("eval", "p.json", "t.csv", "--loss", "mae", "-q", "--index", "ignore").err == ""
    (tmp_path / "p.json").write_text(json.dumps(rows))
    result = run("eval", "p.json", "t.csv", "--loss", "mae", "-q")
    assert (result.out, "order of text" in result.err) == ("0.0\n", False)


@pytest.mark.parametrize("sort", [True, False])
def test_an_index_that_was_sorted_is_told(sort: bool, run: Run, tmp_path: Path) -> None:
    """As y.sort_index() leaves it after a shuffled split, beside predictions without labels."""
    labels = np.random.default_rng(0).permutation(60)[:20]
    frame(sorted(labels) if sort else labels, [float(row) for row in range(20)]).to_csv(
        tmp_path / "t.csv"
    )
    frame(range(20), [float(row) for row in range(20)]).to_csv(tmp_path / "p.csv")
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert "only numbers its rows; if the rows of both tables stand in the same" in refused.err
    columns = ("--pred-cols", "y", "--target-col", "y", "--loss", "mae", "-q")
    warned = run("eval", "p.csv", "t.csv", *columns)
    assert ("which ascend with gaps: was it sorted?" in warned.err) is sort
    assert "p.csv only numbers its rows, t.csv has an index of other labels" in warned.err


def test_an_index_of_whole_floats_is_one_as_pandas_makes_it_beside_missing_values(
    run: Run, write: Write
) -> None:
    write({"p.csv": ",y\n0.0,1.5\n1.0,2.5\n2.0,3.5\n", "t.csv": ",y\n2,3\n0,1\n1,2\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--pred-cols=y", "--target-col=y")
    assert outcome.code == 3
    assert "p.csv:2 has the label '0.0' in its index, but t.csv:2 has '2'" in outcome.err
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--index=align")
    assert "write those of p.csv as integers" in outcome.err
