"""Samples are called what they were called in what was given to `lossctl.evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pytest

import lossctl

Y, D = [1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 5.0, 7.0]
LOSSES = [0.0, 1.0, 2.0, 3.0]
INDEXES: dict[str, Any] = {
    "numbers": pd.Index([2568, 3170, 12, 7], name="row"),
    "words": pd.Index(["d", "b", "c", "a"]),
    "dates": pd.date_range("2026-01-01", periods=4, name="day"),
    "counted": pd.RangeIndex(10, 50, 10, name="ten"),
    "categories": pd.CategoricalIndex(["x", "y", "z", "w"]),
    "levels": pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["shop", "day"]),
}
every_index = pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES)


def frame_of(predictions: Any, targets: Any, **options: Any) -> pd.DataFrame:
    given: dict[str, Any] = {"loss": "mae", "samples": True} | options
    return lossctl.evaluate(predictions, targets, **given).samples.to_frame()


@every_index
def test_losses_join_the_rows_that_they_are_of(index: Any) -> None:
    b = pd.DataFrame({"y": Y, "d": D}, index)
    frame = frame_of(b["y"], b["d"])
    pd.testing.assert_index_equal(frame.index, b.index)  # a range may be its numbers, as equal
    assert b.join(frame)["mae"].tolist() == LOSSES
    assert frame.index.names == index.names


@every_index
def test_the_index_of_either_side_will_do(index: Any) -> None:
    for y, d in ((pd.Series(Y, index), D), (np.array(Y), pd.Series(D, index))):
        pd.testing.assert_index_equal(frame_of(y, d).index, index)


def test_labels_say_more_than_numbers_of_rows() -> None:
    labelled = pd.Series(D, INDEXES["numbers"])
    assert frame_of(pd.Series(Y), labelled).index.equals(INDEXES["numbers"])
    assert frame_of(labelled, pd.Series(Y)).index.equals(INDEXES["numbers"])
    other = pd.Series(D, INDEXES["words"])
    assert frame_of(labelled, other, index="ignore").index.equals(INDEXES["numbers"])


def test_samples_without_an_index_are_numbered_from_0(tmp_path: Path) -> None:
    for suffix, values in (("y", Y), ("d", D)):
        pd.DataFrame({"a": values}).to_csv(tmp_path / f"{suffix}.csv", index=False)
    files = tmp_path / "y.csv", tmp_path / "d.csv"
    for y, d in ((Y, D), (pd.Series(Y), D), files):
        assert frame_of(y, d).index.tolist() == [0, 1, 2, 3]


@every_index
def test_labels_of_the_rows_that_were_evaluated(index: Any) -> None:
    y, d = pd.Series([1.0, np.nan, 3.0, 4.0], index), pd.Series(D, index)
    report = lossctl.evaluate(y, d, loss="mae", nan="skip", samples=True, worst=2, block_rows=1)
    assert report.samples.to_frame().index.equals(index[[0, 2, 3]])
    assert report.worst.to_frame().index.equals(index[[3, 2]])
    assert report.samples[1:].to_frame().index.equals(index[[2, 3]])
    assert report.samples.index.tolist() == [0, 2, 3]


def test_rows_that_were_aligned_have_the_labels_of_the_predictions() -> None:
    y, d = pd.Series(Y, ["d", "b", "c", "a"]), pd.Series(D, ["a", "b", "c", "d"])
    frame = frame_of(y, d, index="align")
    assert frame["mae"].to_dict() == {"d": 6.0, "b": 1.0, "c": 2.0, "a": 3.0}
    assert list(frame.columns) == ["mae"]
    frame = frame_of(y, d.iloc[[3, 1]], index="align", missing="present")
    assert frame.index.tolist() == ["d", "b"]


def test_the_first_of_samples_that_are_there_twice() -> None:
    b = pd.DataFrame({"id": [5, 6, 5, 8], "y": [1.0, 2.0, 1.0, 4.0]}, index=[40, 30, 20, 10])
    frame = frame_of(b, b, id="id", repeated_ids="first")
    assert frame.index.tolist() == [40, 30, 10]
    assert frame["id"].tolist() == [5, 6, 8]


def test_one_table_that_holds_both() -> None:
    b = pd.DataFrame({"y": Y, "d": D}, INDEXES["levels"])
    frame = frame_of(b, None, pred_cols="y", target_col="d")
    assert b.join(frame)["mae"].tolist() == LOSSES


IDS = {
    "numbers": pd.array([4, 2, 9, 7]),
    "words": pd.array(["a", "b", "c", "d"]),
    "unsigned": np.array([4, 2, 9, 7], np.uint8),
    "categories": pd.Categorical(["a", "b", "c", "d"]),
}


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
def test_ids_are_what_was_given_and_merge(ids: Any) -> None:
    y = pd.DataFrame({"customer_id": ids, "value": Y}, index=[8, 6, 4, 2])
    d = pd.DataFrame({"customer_id": ids, "value": D}).iloc[[2, 0, 3]]
    frame = frame_of(y, d, id="customer_id", missing="present")
    assert list(frame.columns) == ["customer_id", "mae"]
    assert frame["customer_id"].dtype == y["customer_id"].dtype
    merged = d.merge(frame, on="customer_id")
    assert merged["mae"].tolist() == [2.0, 0.0, 3.0]
    assert frame.index.tolist() == [8, 4, 2]


@pytest.mark.parametrize("make", [polars.DataFrame, pa.table], ids=["polars", "pyarrow"])
def test_ids_of_other_data_frames(make: Any) -> None:
    y, d = ({"key": [4, 2, 9, 7], "value": values} for values in (Y, D))
    frame = frame_of(make(y), make(d), id="key")
    assert frame["key"].dtype == np.int64
    assert frame["key"].tolist() == [4, 2, 9, 7]


def test_ids_stay_what_they_were_when_the_table_changes() -> None:
    y = pd.DataFrame({"key": [4, 2], "value": [1.0, 2.0]})
    report = lossctl.evaluate(y, y.copy(), loss="mae", id="key", samples=True)
    y.loc[0, "key"] = 5
    assert report.samples.to_frame()["key"].tolist() == [4, 2]


def test_ids_that_are_labels_stay_in_the_index() -> None:
    y, d = (pd.DataFrame({"key": [4, 2, 9, 7], "v": v}).set_index("key") for v in (Y, D))
    frame = frame_of(y, d[::-1], id="key")
    assert list(frame.columns) == ["mae"]
    assert y.join(frame)["mae"].tolist() == LOSSES


OF_FILES: dict[str, list[Any]] = {
    "integers": [4, -2, 0, 2**63 - 1],
    "zeros": ["004", "2", "9", "7"],
    "signs": ["4", "+2", "9", "7"],
    "beyond 64 bits": ["4", "2", "9", str(2**63)],
    "points": ["4.0", "2.0", "9.5", "7.0"],
    "words": ["a", "b", "c", "4"],
}


@pytest.mark.parametrize("ids", OF_FILES.values(), ids=OF_FILES)
def test_ids_of_files_are_integers_where_all_are_and_else_text(
    ids: list[Any], tmp_path: Path
) -> None:
    customers = pd.DataFrame({"key": ids, "v": Y})
    customers.to_csv(tmp_path / "y.csv", index=False)
    customers.assign(v=D)[::-1].to_csv(tmp_path / "d.csv", index=False)
    files = tmp_path / "y.csv", tmp_path / "d.csv"
    report = lossctl.evaluate(
        *files, loss="mae", id="key", samples=True, worst=1, block_rows=1, jobs=1
    )
    assert report.samples.ids == ids
    assert report.worst.ids == ids[-1:]
    for samples in (report.samples, report.worst):
        merged = customers.merge(samples.to_frame(), on="key")
        assert merged["mae"].tolist() == samples["mae"].tolist()
    assert report.to_dict()["worst"][0]["id"] == str(ids[-1])


def test_ids_are_what_was_given() -> None:
    for ids in ([4, 2, 9, 7], list("dbca"), pd.date_range("2026-01-01", periods=4).tolist()):
        y, d = (pd.DataFrame({"key": ids, "v": values}) for values in (Y, D))
        for given in ((y, d), (y.set_index("key"), d)):
            report = lossctl.evaluate(*given, loss="mae", id="key", worst=2)
            assert report.worst.ids == [ids[3], ids[2]]
            assert type((report.worst.ids or [None])[0]) is type(ids[0])


def test_ids_of_one_table_that_holds_both_and_repeats_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("key,y,d\n5,1,2\n5,1,2\n6,1,4\n")
    given: dict[str, Any] = {"id": "key", "target_col": "d", "repeated_ids": "first"}
    frame = lossctl.evaluate(path, loss="mae", samples=True, **given).samples.to_frame()
    assert frame["mae"].tolist() == [1.0, 3.0]
    assert frame["key"].tolist() == [5, 6]


def test_an_id_that_is_called_as_a_loss_is_beside_it() -> None:
    y, d = (pd.DataFrame({"mae": [4, 2, 9, 7], "v": values}) for values in (Y, D))
    frame = frame_of(y, d, id="mae")
    assert list(frame.columns) == ["mae", "mae"]
    assert frame.iloc[:, 0].tolist() == [4, 2, 9, 7]


def test_for_programs_the_ids_stay_id() -> None:
    y, d = (pd.DataFrame({"key": [4, 2, 9, 7], "v": values}) for values in (Y, D))
    report = lossctl.evaluate(y, d, loss="mae", id="key", worst=1)
    told = report.to_dict()
    assert (told["id_column"], told["worst"][0]["id"]) == ("key", "7")
    assert report.worst.columns()["id"] == ["7"]
