"""The ids of samples are the index of one table, without a name, and a column of the other."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Outcome, Run

import lossctl

RANDOM = np.random.default_rng(0)
READ = ("--pred-cols", "pred", "--target-col", "price", "--loss", "mae", "-q")


def tables(rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return predictions that are one off, their ids the index, and targets in another order."""
    ids = RANDOM.choice(np.arange(100, 100 * rows), rows, replace=False)
    price = RANDOM.normal(200, 50, rows).round(1)
    truth = pd.DataFrame({"house_id": ids, "price": price}).sample(frac=1, random_state=0)
    return pd.DataFrame({"pred": price + 1}, index=ids), truth.reset_index(drop=True)


def told(rows: int, folder: Path, kind: str, run: Run) -> tuple[pd.DataFrame, Outcome]:
    predictions, targets = tables(rows)
    getattr(predictions, f"to_{kind}")(folder / f"p.{kind}")
    targets.to_csv(folder / "t.csv", index=False)
    return predictions, run("eval", f"p.{kind}", "t.csv", *READ)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_another_order_is_refused_and_the_hint_leads_to_the_right_number(
    tmp_path: Path, kind: str, run: Run
) -> None:
    predictions, refused = told(60, tmp_path, kind, run)
    assert refused.code == 3
    assert "have the same ids, the index and 'house_id', in another order" in refused.err
    assert f"make a column 'house_id' of the index of p.{kind}, in pandas with " in refused.err
    assert ".rename_axis('house_id').reset_index()" in refused.err
    named = predictions.rename_axis("house_id").reset_index()
    getattr(named, f"to_{kind}")(tmp_path / f"p.{kind}")
    paired = run("eval", f"p.{kind}", "t.csv", *READ, "--id", "house_id")
    assert float(paired.out) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_where_the_first_rows_are_others_a_warning_is_told(
    tmp_path: Path, kind: str, run: Run
) -> None:
    _, warned = told(3000, tmp_path, kind, run)
    assert warned.code == 0
    assert f"p.{kind} has an index, t.csv a column 'house_id' of other labels" in warned.err
    as_they_stand = run("eval", f"p.{kind}", "t.csv", *READ, "--index", "ignore")
    assert (as_they_stand.code, as_they_stand.err) == (0, "")


@pytest.mark.parametrize("series", [True, False])
def test_in_memory(series: bool) -> None:
    frame, targets = tables(60)
    predictions: Any = frame["pred"] if series else frame
    with pytest.raises(lossctl.DataError, match="the index and 'house_id', in another") as refused:
        lossctl.evaluate(predictions, targets, loss="mae", target_col="price")
    assert ".rename_axis('house_id').reset_index()" in (refused.value.hint or "")
    named = predictions.rename_axis("house_id").reset_index()
    report = lossctl.evaluate(named, targets, loss="mae", id="house_id")
    assert report.losses["mae"].mean == pytest.approx(1)


def test_dates_in_memory() -> None:
    frame, targets = tables(60)
    days = pd.date_range("2024-01-01", periods=60)
    predictions = frame.set_index(days)
    dated = targets.assign(day=days[::-1].strftime("%Y-%m-%d"))
    with pytest.raises(lossctl.DataError, match="'2024-01-01' in its index, but") as refused:
        lossctl.evaluate(predictions, dated, loss="mae", target_col="price")
    assert 'pass index="align"' in (refused.value.hint or "")
    in_order = dated.sort_values("day", ignore_index=True)
    by_index = lossctl.evaluate(predictions, dated, loss="mae", target_col="price", index="align")
    by_position = lossctl.evaluate(predictions, in_order, loss="mae", target_col="price")
    assert by_index.losses["mae"].mean == pytest.approx(by_position.losses["mae"].mean)


def test_in_one_order_nothing_is_told(tmp_path: Path, run: Run) -> None:
    predictions, targets = tables(60)
    targets = targets.set_index("house_id").loc[predictions.index].reset_index(names="house_id")
    predictions.to_parquet(tmp_path / "p.parquet")
    targets.to_csv(tmp_path / "t.csv", index=False)
    right = run("eval", "p.parquet", "t.csv", *READ)
    assert float(right.out) == pytest.approx(1)
    assert right.err == ""


@pytest.mark.parametrize("kind", ["array", "npy"])
def test_an_array_in_memory_is_what_a_model_says_of_a_frame_whatever_its_order(
    tmp_path: Path, kind: str
) -> None:
    truth = pd.DataFrame({"y": np.arange(20.0)}).sample(frac=1, random_state=0)
    predictions = truth["y"].to_numpy() + 1
    np.save(tmp_path / "p.npy", predictions)
    report = lossctl.evaluate(
        predictions if kind == "array" else tmp_path / "p.npy", truth, loss="mae"
    )
    assert report.means["mae"] == 1
    codes = [warning.code for warning in report.warnings]
    assert codes == ([] if kind == "array" else ["rows-out-of-order"])
