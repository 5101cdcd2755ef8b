"""Files beside data frames: an index is the same thing in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lossctl

LABELS = ["h7", "h2", "h9", "h4"]


def frame(name: str | None) -> pd.DataFrame:
    return pd.DataFrame({"y": [1.0, 2.0, 3.0, 4.0]}, index=pd.Index(LABELS, name=name))


@pytest.mark.parametrize("name", ["house_id", None])
@pytest.mark.parametrize("write", ["to_csv", "to_parquet", "to_excel"])
def test_rows_in_another_order_are_refused_and_can_be_paired(
    tmp_path: Path, name: str | None, write: str
) -> None:
    path = tmp_path / f"p.{write.removeprefix('to_').replace('excel', 'xlsx')}"
    getattr(frame(name), write)(path)
    sorted_ones = frame(name).sort_index()
    with pytest.raises(lossctl.DataError, match="has the label 'h7' in its index") as refused:
        lossctl.evaluate(path, sorted_ones, loss="mae", pred_cols="y")
    assert 'index="align"' in (refused.value.hint or "")
    assert lossctl.evaluate(path, sorted_ones, loss="mae", index="align").means["mae"] == 0
    assert lossctl.evaluate(path, frame(name), loss="mae", pred_cols="y").means["mae"] == 0


def test_the_name_of_an_index_in_memory_is_offered_as_the_id(tmp_path: Path) -> None:
    frame("house_id").to_csv(tmp_path / "p.csv")
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(tmp_path / "p.csv", frame("house_id"), loss="mae")
    assert 'id="house_id"' in (refused.value.hint or "")


def test_dates_are_the_same_labels_in_a_csv(tmp_path: Path) -> None:
    days = pd.date_range("2026-01-01", periods=4, freq="h")
    frame(None).set_axis(days).to_csv(tmp_path / "p.csv")
    turned = frame(None).set_axis(days)[::-1]
    given: dict[str, Any] = {"loss": "mae", "pred_cols": "y"}
    with pytest.raises(lossctl.DataError, match="in its index"):
        lossctl.evaluate(tmp_path / "p.csv", turned, **given)
    report = lossctl.evaluate(tmp_path / "p.csv", turned, index="align", **given)
    assert report.means["mae"] == 0


def test_an_index_that_repeats_samples_is_padding_in_memory_as_in_files(tmp_path: Path) -> None:
    padded = pd.concat([frame("house_id"), frame("house_id")[:2]])
    padded.to_parquet(tmp_path / "p.parquet")
    for given in (padded, tmp_path / "p.parquet"):
        with pytest.raises(lossctl.DataError, match="are one sample"):
            lossctl.evaluate(given, padded, loss="mae")
        report = lossctl.evaluate(given, padded, loss="mae", repeated_ids="keep")
        assert report.n == 6


@pytest.mark.parametrize("start", [0, 1])
def test_row_names_of_pandas_or_r_contradict_no_other_labels(tmp_path: Path, start: int) -> None:
    numbered = frame(None).set_axis(range(start, start + 4))
    numbered.to_csv(tmp_path / "p.csv")
    labelled = frame(None).set_axis([9, 1, 30, 2]) + 1
    report = lossctl.evaluate(tmp_path / "p.csv", labelled, loss="mae", pred_cols="y")
    assert (report.means["mae"], [one.code for one in report.warnings]) == (1, ["index-unused"])
