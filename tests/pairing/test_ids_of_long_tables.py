"""Ids under two names in tables of which the first rows have other samples."""

from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from conftest import Run

ROWS = 3000
READ = ("--pred-cols", "p", "--target-col", "y", "--loss", "mae", "-q")
RNG = np.random.default_rng(0)
NUMBERS = RNG.permutation(ROWS) + 5000
IDS = {
    "words": [f"user_{number}" for number in NUMBERS],
    "UUIDs": [str(UUID(bytes=RNG.bytes(16))) for _ in range(ROWS)],
    "German dates": pd.date_range("2001-01-01", periods=ROWS).strftime("%d.%m.%Y").tolist(),
    "numbers": NUMBERS.tolist(),
}
NAMES = ("pid", "case")


def save(folder: Path, ids: list[object], names: tuple[str, str], order: np.ndarray) -> None:
    y = np.arange(ROWS)
    pd.DataFrame({names[0]: ids, "p": y + 1}).to_csv(folder / "p.csv", index=False)
    targets = pd.DataFrame({names[1]: ids, "y": y})
    if "." in str(ids[0]):
        targets[names[1]] = pd.to_datetime(targets[names[1]], format="%d.%m.%Y")
    targets.iloc[order].to_csv(folder / "t.csv", index=False)


@pytest.mark.parametrize("kind", IDS)
def test_other_first_rows_are_told(kind: str, run: Run, tmp_path: Path) -> None:
    names = ("customer_id", "case") if kind == "numbers" else NAMES
    save(tmp_path, IDS[kind], names, RNG.permutation(ROWS))
    told = run("eval", "p.csv", "t.csv", *READ)
    assert told.code == 0
    assert f"{names[0]!r} and {names[1]!r} look like ids, and differ in the first rows" in told.err
    assert run("eval", "p.csv", "t.csv", *READ, "--index", "ignore").err == ""


@pytest.mark.parametrize("kind", IDS)
def test_in_one_order_nothing_is_told(kind: str, run: Run, tmp_path: Path) -> None:
    save(tmp_path, IDS[kind], NAMES, np.arange(ROWS))
    outcome = run("eval", "p.csv", "t.csv", *READ)
    assert (outcome.out, outcome.err) == ("1.0\n", "")


def test_other_columns_are_no_ids(run: Run, tmp_path: Path) -> None:
    """Numbers of other things, numbers of the rows, and text beside words."""
    y = np.arange(ROWS)
    pairs = [
        (NUMBERS, NUMBERS[::-1], NAMES),
        (y, NUMBERS, ("customer_id", "case")),
        (IDS["words"], [f"it is no. {number}, is it?" for number in NUMBERS], NAMES),
    ]
    for here, there, names in pairs:
        pd.DataFrame({names[0]: here, "p": y + 1}).to_csv(tmp_path / "p.csv", index=False)
        pd.DataFrame({names[1]: there, "y": y}).to_csv(tmp_path / "t.csv", index=False)
        assert run("eval", "p.csv", "t.csv", *READ).err == "", names


ONE_ORDER = {
    "paths of images and masks": [
        [f"{of}/{number}.png" for number in NUMBERS] for of in ("p", "y")
    ],
    "extensions": [[f"{number}.{end}" for number in NUMBERS] for end in ("jpg", "png")],
    "times of two things": [
        pd.date_range("2024-05-01", periods=ROWS, freq=step).strftime("%Y-%m-%d %H:%M:%S").tolist()
        for step in ("s", "37s")
    ],
    "American and British days": [
        pd.date_range("2001-01-01", periods=ROWS).strftime(layout).tolist()
        for layout in ("%m/%d/%Y", "%d/%m/%Y")
    ],
}


@pytest.mark.parametrize("kind", ONE_ORDER)
def test_what_stands_in_one_order_is_not_told(kind: str, run: Run, tmp_path: Path) -> None:
    for column, name, ids in zip("py", NAMES, ONE_ORDER[kind], strict=True):
        table = pd.DataFrame({name: ids, column: range(ROWS)})
        table.to_csv(tmp_path / f"{'pt'[column == 'y']}.csv", index=False)
    outcome = run("eval", "p.csv", "t.csv", *READ)
    assert (outcome.out, outcome.err.count("look like ids")) == ("0.0\n", 0)
