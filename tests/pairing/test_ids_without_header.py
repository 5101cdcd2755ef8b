"""The same ids in another order: a file without a header, an index that numbers its rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run

import lossctl

ROWS = 30
LOSS = ("--loss", "mae", "-q")
RIGHT = pytest.approx(1)


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return predictions that are one off, in another order, and their targets."""
    random = np.random.default_rng(0)
    y = random.normal(10, 2, ROWS)
    ids = random.permutation(900)[:ROWS]
    targets = pd.DataFrame({"patient_id": ids, "target": y})
    predictions = pd.DataFrame({"patient_id": ids, "pred": y + 1}).sample(frac=1, random_state=1)
    return predictions, targets


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("headless", [0, 1])
def test_one_file_has_no_header(run: Run, tmp_path: Path, index: bool, headless: int) -> None:
    names = ("p.csv", "t.csv")
    for side, frame in enumerate(frames()):
        indexed = frame.set_index("patient_id").rename_axis(None if index else "patient_id")
        indexed.to_csv(tmp_path / names[side], header=side != headless)
    read = (
        "--pred-cols",
        "pred" if headless else "2",
        "--target-col",
        "2" if headless else "target",
    )
    refused = run("eval", *names, *read, *LOSS)
    assert refused.code == 3
    told = ["the index" if index else "'patient_id'"] * 2
    told[headless] = "column 1"
    assert f"have the same ids, {told[0]} and {told[1]}, in another order" in refused.err
    own = "id" if index else "patient_id"
    assert (
        f"give the columns of {names[headless]} names, call the ids '{own}' in both" in refused.err
    )
    assert run("eval", *names, *read, *LOSS, "--index", "ignore").code == 0
    for side, frame in enumerate(frames()):
        frame.rename(columns={"patient_id": own}).to_csv(tmp_path / names[side], index=False)
    assert float(run("eval", *names, *LOSS, "--id", own).out) == RIGHT


def test_an_array_has_no_names() -> None:
    predictions, targets = frames()
    with pytest.raises(lossctl.DataError, match="column 1 and 'patient_id', in another order"):
        lossctl.evaluate(
            predictions.to_numpy(), targets, loss="mae", pred_cols=2, target_col="target"
        )


def test_an_index_that_numbers_the_rows_says_nothing(run: Run, tmp_path: Path) -> None:
    predictions, targets = frames()
    predictions.reset_index(drop=True).to_csv(tmp_path / "p.csv")
    targets.set_index("patient_id").rename_axis(None).to_csv(tmp_path / "t.csv")
    first = run("eval", "p.csv", "t.csv", *LOSS)
    assert "--pred-cols pred --target-col target" in first.err
    refused = run("eval", "p.csv", "t.csv", *LOSS, "--pred-cols", "pred", "--target-col", "target")
    assert refused.code == 3
    assert "have the same ids, 'patient_id' and the index, in another order" in refused.err
    assert "make a column 'patient_id' of the index of t.csv" in refused.err
    targets.to_csv(tmp_path / "t.csv", index=False)
    command = ("eval", "p.csv", "t.csv", *LOSS, "--id", "patient_id", "--pred-cols", "pred")
    assert float(run(*command).out) == RIGHT


def test_the_index_of_both_only_numbers_the_rows(run: Run, tmp_path: Path) -> None:
    predictions, targets = frames()
    predictions.reset_index(drop=True).to_csv(tmp_path / "p.csv")
    targets.rename(columns={"patient_id": "case"}).to_csv(tmp_path / "t.csv")
    refused = run("eval", "p.csv", "t.csv", *LOSS, "--pred-cols", "pred", "--target-col", "target")
    assert refused.code == 3
    assert "have the same ids, 'patient_id' and 'case', in another order" in refused.err
