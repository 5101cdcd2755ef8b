"""Both files have the same ids in another order, under two names, and neither column is read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run

ROWS = 30
READ = ("--pred-cols", "p", "--target-col", "y", "--loss", "mae", "-q")


def save(folder: Path, names: tuple[str, str], rows: int = ROWS, *, shuffled: bool = False) -> None:
    """Write predictions that are one off and targets in another order, both of rows 0, 1, 2, ..."""
    y = np.random.default_rng(0).normal(10, 2, rows)
    predictions = pd.DataFrame({names[0]: range(rows), "p": y + 1})
    if shuffled:
        predictions = predictions.sample(frac=1, random_state=1)
    predictions.to_csv(folder / "p.csv", index=False)
    targets = pd.DataFrame({names[1]: range(rows), "y": y}).sample(frac=1, random_state=2)
    targets.to_csv(folder / "t.csv", index=False)


@pytest.mark.parametrize("shuffled", [True, False])
@pytest.mark.parametrize("names", [("customerID", "record"), ("id", "key"), ("ID", "PatientID")])
def test_names_of_ids_say_that_numbers_from_0_are_no_ranks(
    run: Run, tmp_path: Path, names: tuple[str, str], shuffled: bool
) -> None:
    save(tmp_path, names, shuffled=shuffled)
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert refused.code == 3
    assert f"have the same ids, {names[0]!r} and {names[1]!r}, in another order" in refused.err
    assert "call both the same, and pair the rows by them with --id" in refused.err
    save(tmp_path, (names[0], names[0]), shuffled=shuffled)
    assert run("eval", "p.csv", "t.csv", *READ).code == 3
    paired = run("eval", "p.csv", "t.csv", *READ, "--id", names[0])
    assert float(paired.out) == pytest.approx(1)
    assert paired.err == ""


@pytest.mark.parametrize("shuffled", [True, False])
@pytest.mark.parametrize("names", [("case", "sku"), ("row", "customer")])
def test_numbers_from_0_of_other_names_are_told(
    run: Run, tmp_path: Path, names: tuple[str, str], shuffled: bool
) -> None:
    save(tmp_path, names, shuffled=shuffled)
    told = run("eval", "p.csv", "t.csv", *READ)
    assert told.code == 0
    assert f"{names[0]!r} and {names[1]!r} hold the same ids, in another order" in told.err


@pytest.mark.parametrize("names", [("step", "rank"), ("order", "y_rank"), ("step", "Position")])
def test_ranks_are_no_ids(run: Run, tmp_path: Path, names: tuple[str, str]) -> None:
    save(tmp_path, names, shuffled=True)
    outcome = run("eval", "p.csv", "t.csv", *READ)
    assert (outcome.code, outcome.err) == (0, "")


def test_few_numbers_may_be_anything(run: Run, tmp_path: Path) -> None:
    save(tmp_path, ("case", "fold"), rows=5)
    outcome = run("eval", "p.csv", "t.csv", *READ)
    assert (outcome.code, outcome.err) == (0, "")
