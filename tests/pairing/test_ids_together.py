"""Columns that say together which sample a row is of: a series and a time, a document and a row."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Run

Y = [float(number**2) for number in range(12)]
STORES = {"store": ["A", "B", "C"], "date": pd.date_range("2024-01-01", periods=4)}
KEYS: dict[str, dict[str, Any]] = {
    "series": STORES,
    "moments": STORES | {"date": pd.date_range("2024-01-01 06:00", periods=4, freq="h")},
    "rows": {"doc": range(3), "row": range(4)},
    "named ids": {"unique_id": ["H1", "H10", "H2"], "ds": range(2020, 2024)},
}
READ = ("--loss", "mae", "--pred-cols", "p", "--target-col", "y", "-q")
IN_ORDER = "0.5\n"


def write(folder: Path, kind: str, name: str, frame: pd.DataFrame) -> str:
    path = folder / f"{name}.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return path.name


def tables(keys: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = pd.DataFrame(list(product(*keys.values())), columns=[*keys])
    return rows.assign(p=[y + 0.5 for y in Y]), rows.assign(y=Y)


@pytest.mark.parametrize(("kind", "other"), [("csv", "csv"), ("csv", "parquet")])
@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_in_another_order_are_an_error(
    run: Run, tmp_path: Path, keys: dict[str, Any], kind: str, other: str
) -> None:
    predictions, targets = tables(keys)
    first, second = keys
    there = write(tmp_path, other, "t", targets)
    here = write(tmp_path, kind, "p", predictions)
    assert run("eval", here, there, *READ).out == IN_ORDER
    here = write(tmp_path, kind, "p", predictions.sort_values([second, first]))
    result = run("eval", here, there, *READ)
    assert result.code == 3
    assert f"have the same rows of '{first}', '{second}', in another order" in result.err
    result = run("eval", here, there, *READ, "--index", "ignore")
    assert result.code == 0
    assert f"the same rows of '{first}', '{second}', in another order: sort both" in result.err


def test_an_index_of_several_levels_leads_to_its_pairing(run: Run, tmp_path: Path) -> None:
    """As one table has it as its index, the other as columns so called."""
    predictions, targets = tables(STORES)
    here = write(tmp_path, "csv", "p", predictions.sort_values(["date", "store"]))
    targets.set_index([*STORES]).to_parquet(tmp_path / "t.parquet")
    result = run("eval", here, "t.parquet", *READ)
    assert "hint: pair the rows by them with --index align; if the rows do belong" in result.err
    assert run("eval", here, "t.parquet", *READ, "--index", "align").out == IN_ORDER


def test_ranks_within_groups_are_none(run: Run, tmp_path: Path) -> None:
    predictions, targets = tables({"query": ["q1", "q2", "q3"], "rank": range(1, 5)})
    targets["rank"] = 5 - targets["rank"]
    here, there = write(tmp_path, "csv", "p", predictions), write(tmp_path, "csv", "t", targets)
    assert run("eval", here, there, *READ).out == IN_ORDER


def test_columns_that_have_other_cells_are_none(run: Run, tmp_path: Path) -> None:
    predictions, targets = tables(STORES)
    targets["date"] = targets["date"] + pd.Timedelta(days=1)
    here = write(tmp_path, "csv", "p", predictions.sort_values(["date", "store"]))
    there = write(tmp_path, "csv", "t", targets.sort_values(["date", "store"]))
    assert run("eval", here, there, *READ).out == IN_ORDER


def test_rows_that_repeat_are_none(run: Run, tmp_path: Path) -> None:
    """As few labels do, predicted in one file and true in the other."""
    predictions, targets = tables({"label": ["a", "b", "a"], "grade": list("uuvv")})
    targets["label"] = targets["label"].to_numpy()[::-1]
    targets["grade"] = targets["grade"].to_numpy()[::-1]
    here, there = write(tmp_path, "csv", "p", predictions), write(tmp_path, "csv", "t", targets)
    assert run("eval", here, there, *READ).out == IN_ORDER


def test_numbers_that_count_from_another_one_are_no_ranks(run: Run, tmp_path: Path) -> None:
    table = pd.DataFrame({"customer": range(1000, 1012), "p": [y + 0.5 for y in Y], "y": Y})
    there = write(tmp_path, "csv", "t", table[["customer", "y"]])
    here = write(tmp_path, "csv", "p", table[["customer", "p"]][::-1])
    result = run("eval", here, there, *READ)
    assert (result.code, "have the same ids, 'customer'" in result.err) == (3, True)
    table["customer"] -= 999  # as ranks do
    for called, code in (("customer", 3), ("priority", 0)):
        named = table.rename(columns={"customer": called})
        for name, columns in ("t", [called, "y"]), ("p", [called, "p"]):
            write(tmp_path, "csv", name, named[columns][:: -1 if name == "p" else 1])
        result = run("eval", here, there, *READ)
        assert (result.code, "in another order" in result.err) == (code, True)


@pytest.mark.parametrize("by", [["date", "store"], ["date"], ["text", "date"]])
def test_of_long_tables_some_rows_tell(run: Run, tmp_path: Path, by: list[str]) -> None:
    keys = product([f"H{number}" for number in range(1, 51)], range(2000, 2100))
    table = pd.DataFrame(list(keys), columns=["store", "date"]).assign(y=1.0, label="a")
    table["text"] = table["store"]
    table["number"] = table["store"].str[1:].astype(int)
    there = write(tmp_path, "csv", "t", table[["store", "date", "label", "y"]])
    table["p"], table["label"] = 1.5, ["a", "b"] * 2500  # that is predicted
    here = write(tmp_path, "csv", "p", table[["store", "date", "label", "p"]])
    assert run("eval", here, there, *READ).out == IN_ORDER
    columns = ["store", "date", "p"]
    here = write(tmp_path, "csv", "p", table.sort_values(by, kind="stable")[columns])
    result = run("eval", here, there, *READ)
    assert (result.code, "of 'store', 'date', in another order" in result.err) == (3, True)


def test_ids_that_are_an_index_in_one_file_and_a_column_in_the_other(
    run: Run, tmp_path: Path
) -> None:
    """As to_json(orient="index") keeps the labels, but not what the index is called."""
    table = pd.DataFrame({"sku": range(1000, 1012), "p": [y + 0.5 for y in Y], "y": Y})
    there = write(tmp_path, "csv", "t", table[["sku", "y"]])
    table[::-1].set_index("sku")[["p"]].to_json(tmp_path / "p.json", orient="index")
    result = run("eval", "p.json", there, *READ)
    assert (result.code, "and 'sku', in another order" in result.err) == (3, True)


def test_dates_are_not_named_as_numbers(run: Run, tmp_path: Path) -> None:
    predictions, targets = tables(STORES)
    here, there = write(tmp_path, "csv", "p", predictions), write(tmp_path, "csv", "t", targets)
    result = run("eval", here, there, "--loss", "mae")
    assert "name the columns of numbers alone: --pred-cols p\n" in result.err
