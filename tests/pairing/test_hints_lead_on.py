"""Hints for what a new user met: followed, they lead to the right number."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write

import lossctl

Y = [3.0, 1.0, 4.0, 1.5]
P = [3.5, 1.0, 4.0, 1.5]
MAE = "0.125\n"
FRAMES = {
    "csv": lambda frame, path: frame.to_csv(path, index=False),
    "index.csv": lambda frame, path: frame.to_csv(path),
    "parquet": lambda frame, path: frame.to_parquet(path),
}


@pytest.mark.parametrize("options", [(), ("--index", "align")], ids=["in-order", "align"])
@pytest.mark.parametrize("kind", FRAMES)
def test_targets_beside_predictions_are_no_predictions(
    kind: str, options: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    both = pd.DataFrame({"target": Y, "prediction": P}, index=[7, 5, 9, 3])
    FRAMES[kind](both, tmp_path / f"both.{kind}")
    FRAMES[kind](both[["target"]], tmp_path / f"y.{kind}")
    command = ("eval", f"both.{kind}", f"y.{kind}", "--loss", "mae", "-q")
    refused = run(*command, *options)
    assert refused.code == 3
    assert "--pred-cols prediction" in refused.err
    assert "--pred-cols target" not in refused.err
    way = ["--pred-cols", "prediction"]
    if kind == "index.csv":
        way += ["--target-col", "target"]
    assert run(*command, *way).out == MAE


def test_targets_are_known_by_their_cells_where_no_name_says_prediction(
    run: Run, write: Write
) -> None:
    write({"p.csv": "y,model\n1,2\n3.0,3\n4,4\n", "t.csv": "y\n1.0\n3\n4\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert "if 'y' holds the targets, pass --pred-cols model" in refused.err


def test_predictions_with_the_name_of_the_targets_are_meant(run: Run, write: Write) -> None:
    write({"p.csv": "y,spread\n2,9\n3,9\n4,8\n", "t.csv": "y\n1\n3\n4\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert "pass --pred-cols y\n" in refused.err


@pytest.mark.parametrize("name", ["patient", "row"])
def test_an_id_of_the_predictions_alone_is_no_model(name: str, run: Run, write: Write) -> None:
    write({"p.csv": f"{name},p\n4,2\n5,3.5\n6,4\n", "t.csv": "y\n1\n3\n4\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert f"'{name}' says which sample a row is of" in refused.err
    assert refused.err.endswith("stand in the same order, pass --pred-cols p\n")


def _houses(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(5)
    index = pd.Index(range(7, 107), name="house")
    p, y = (
        pd.DataFrame(
            {name: random.permutation(900)[:100] for name in ("price", "rent")}, index=index
        )
        for _ in range(2)
    )
    p.to_csv(folder / "p.csv")
    y[::-1].to_csv(folder / "y.csv")
    return p, y


def test_whole_numbers_may_be_components(run: Run, tmp_path: Path) -> None:
    p, y = _houses(tmp_path)
    right = (p - y).abs().sum(axis=1).mean()
    command = ("eval", "p.csv", "y.csv", "--loss", "mae", "-q", "--id", "house")
    refused = run(*command)
    assert "'price' looks like an id" in refused.err
    assert "if it is a component, name it, too: --pred-cols price,rent" in refused.err
    assert float(run(*command, "--pred-cols", "price,rent").out) == pytest.approx(right)
    with pytest.raises(lossctl.DataError) as error:
        lossctl.evaluate(p, y[::-1], loss="mae", index="align")
    assert 'name it, too: pred_cols="price,rent"' in str(error.value.hint)
    assert "id=" not in str(error.value.hint)
    found = lossctl.evaluate(p, y[::-1], loss="mae", index="align", pred_cols="price,rent")
    assert found.losses["mae"].mean == pytest.approx(right)


def test_a_header_of_pandas_is_told(run: Run, tmp_path: Path) -> None:
    pd.DataFrame(P).to_csv(tmp_path / "p.csv", index=False)
    pd.DataFrame(Y).to_csv(tmp_path / "y.csv", index=False)
    refused = run("eval", "p.csv", "y.csv", "--loss", "mae")
    assert "pass --header if pandas wrote it" in refused.err
    assert run("eval", "p.csv", "y.csv", "--loss", "mae", "-q", "--header").out == MAE


def test_an_index_of_one_file_is_left_out_where_the_rows_are_in_order(
    run: Run, write: Write
) -> None:
    write({"p.csv": ",p\n4,1\n2,2\n9,3\n", "y.csv": "y\n1\n2\n3\n"})
    refused = run("eval", "p.csv", "y.csv", "--loss", "mae")
    condition = "if the rows of both tables stand in the same order, use to_csv(..., index=False)"
    assert condition in refused.err


DATES = pd.DatetimeIndex(["2024-01-01", "2024-01-02", "2024-02-01", "2025-01-01"], name="date")
MILLISECONDS = pd.to_timedelta([0, 500, 0, 250], unit="ms")
TIMES = {
    "midnight": DATES,
    "hours": DATES + pd.Timedelta(hours=6),
    "milliseconds": DATES + MILLISECONDS,
    "zone": DATES.tz_localize("Europe/Berlin") + MILLISECONDS,
}


@pytest.mark.parametrize("missing", [(), ("--missing", "present")], ids=["all", "present"])
@pytest.mark.parametrize("kind", TIMES)
def test_dates_are_the_same_ids_in_text_and_parquet(
    kind: str, missing: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    index = TIMES[kind].rename("date")
    pd.DataFrame({"v": P}, index).to_csv(tmp_path / "p.csv")
    pd.DataFrame({"v": Y}, index)[::-1].to_parquet(tmp_path / "y.parquet")
    outcome = run("eval", "p.csv", "y.parquet", "--loss", "mae", "-q", "--id", "date", *missing)
    assert (outcome.code, outcome.out, outcome.err) == (0, MAE, "")


def test_dates_are_the_same_ids_in_parquet_and_a_workbook(run: Run, tmp_path: Path) -> None:
    pd.DataFrame({"v": P}, DATES).to_parquet(tmp_path / "p.parquet")
    pd.DataFrame({"v": Y}, DATES)[::-1].to_excel(tmp_path / "y.xlsx")
    outcome = run("eval", "p.parquet", "y.xlsx", "--loss", "mae", "-q", "--id", "date")
    assert (outcome.code, outcome.out) == (0, MAE)


def test_dates_are_the_same_ids_with_zeros_behind_a_second(run: Run, write: Write) -> None:
    write({
        "p.csv": "date,v\n2024-01-01T06:00:00.500,1\n2024-01-02T06:00:00.000,2\n",
        "y.csv": "date,v\n2024-01-02T06:00:00,2\n2024-01-01T06:00:00.500000,2\n",
    })  # fmt: skip
    outcome = run("eval", "p.csv", "y.csv", "--loss", "mae", "-q", "--id", "date")
    assert (outcome.code, outcome.out) == (0, "0.5\n")


def test_dates_that_are_one_moment_are_one_id(run: Run, write: Write) -> None:
    write({
        "p.csv": "date,v\n2024-01-01,1\n2024-01-02,2\n2024-01-02 00:00:00,3\n",
        "y.csv": "date,v\n2024-01-01T00:00:00,1\n2024-01-02T00:00:00,2\n2024-01-03T00:00:00,3\n",
    })  # fmt: skip
    outcome = run("eval", "p.csv", "y.csv", "--loss", "mae", "--id", "date", "--missing=present")
    assert outcome.code == 3
    assert "have the same id" in outcome.err
