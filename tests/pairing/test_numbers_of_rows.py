"""`--index align --missing present` where labels only number the rows, and so name no sample."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run

import lossctl

ROWS = 40
ALIGN = ("--loss", "mae", "-q", "--index", "align")
BOTH = "both tables only number their rows, which names no sample"


def frames(rows: int = ROWS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return predictions that are one off, and their targets."""
    y = np.random.default_rng(0).normal(10, 2, rows)
    return pd.DataFrame({"p": y + 1}), pd.DataFrame({"y": y})


def save(folder: Path, predictions: pd.DataFrame, targets: pd.DataFrame, kinds: str) -> list[str]:
    names = [f"{stem}.{kind}" for stem, kind in zip("pt", kinds.split(), strict=True)]
    for frame, name in zip((predictions, targets), names, strict=True):
        write = frame.to_csv if name.endswith("csv") else frame.to_parquet
        write(folder / name)
    return names


@pytest.mark.parametrize("kinds", ["csv csv", "csv parquet", "parquet csv", "parquet parquet"])
@pytest.mark.parametrize("rows", [ROWS, 3000])
def test_numbers_of_rows_in_both_are_refused(
    run: Run, tmp_path: Path, kinds: str, rows: int
) -> None:
    """As where a filter and reset_index left fewer targets."""
    predictions, targets = frames(rows)
    files = save(tmp_path, predictions, targets.iloc[5:].reset_index(drop=True), kinds)
    for option in [], ["--missing", "present"]:
        refused = run("eval", *files, *ALIGN, *option)
        assert (refused.code, refused.out) == (3, "")
        assert BOTH in refused.err


def test_numbers_from_0_and_from_1_are_refused(run: Run, tmp_path: Path) -> None:
    """As pandas and R number rows."""
    predictions, targets = frames()
    files = save(tmp_path, predictions, targets.set_axis(range(1, ROWS + 1)), "csv csv")
    refused = run("eval", *files, *ALIGN, "--missing", "present")
    assert refused.code == 3
    assert BOTH in refused.err


def test_numbers_of_rows_beside_a_split_are_refused(run: Run, tmp_path: Path) -> None:
    """As pd.Series(model.predict(X_test)) is beside y_test."""
    predictions, targets = frames()
    split = targets.set_axis(np.random.default_rng(1).permutation(4 * ROWS)[:ROWS])
    refused = run(
        "eval", *save(tmp_path, predictions, split, "csv csv"), *ALIGN, "--missing=present"
    )
    assert refused.code == 3
    assert "p.csv only numbers its rows, which names no sample" in refused.err


@pytest.mark.parametrize("kinds", ["csv csv", "parquet parquet"])
@pytest.mark.parametrize("rows", [ROWS, 3000])
def test_a_part_of_numbered_rows_is_evaluated(
    run: Run, tmp_path: Path, rows: int, kinds: str
) -> None:
    """Labels of which some lack say which rows they are of, also if they lack behind the first."""
    predictions, targets = frames(rows)
    files = save(tmp_path, predictions, targets.drop(index=[rows - 9, rows - 5]), kinds)
    outcome = run("eval", *files, *ALIGN, "--missing", "present")
    assert float(outcome.out) == pytest.approx(1)
    assert "2 rows of p." in outcome.err


def test_all_rows_in_order(run: Run, tmp_path: Path) -> None:
    files = save(tmp_path, *frames(), "csv parquet")
    outcome = run("eval", *files, *ALIGN, "--missing", "present")
    assert float(outcome.out) == pytest.approx(1)


def test_in_memory() -> None:
    predictions, targets = frames()
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(
            predictions, targets.iloc[:30], loss="mae", index="align", missing="present"
        )
    assert BOTH in (refused.value.hint or "")
