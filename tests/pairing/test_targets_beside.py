"""Predictions with their own targets beside them, and a second file of the same targets."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run

import lossctl

LOSS = ("--loss", "mae", "-q")
ONE = ("--pred-cols", "y_pred", "--target-col", "y_true")


def save(folder: Path, name: str = "y_true", *, index: bool = False) -> None:
    """Write predictions that are one off beside their targets, and these in another order."""
    y = np.random.default_rng(0).permutation(90)[:30] / 2
    both = pd.DataFrame({name: y, "y_pred": y + 1}, index=range(40, 70))
    both.sample(frac=1, random_state=1).to_csv(folder / "both.csv", index=index)
    pd.DataFrame({"target": y}, index=both.index).to_csv(folder / "y.csv", index=index)


def test_their_own_targets_are_the_way_out(run: Run, tmp_path: Path) -> None:
    save(tmp_path)
    for read in ((), ONE[:2]):
        refused = run("eval", "both.csv", "y.csv", *LOSS, *read)
        assert refused.code == 3
        assert f"evaluate both.csv alone, by its own targets: {' '.join(ONE)}" in refused.err
    assert run("eval", "both.csv", *LOSS, *ONE).out == "1.0\n"
    ignored = run("eval", "both.csv", "y.csv", *LOSS, *ONE[:2], "--index", "ignore")
    assert ignored.code == 0


def test_an_index_pairs_them(run: Run, tmp_path: Path) -> None:
    save(tmp_path, index=True)
    refused = run("eval", "both.csv", "y.csv", *LOSS)
    assert "--index align; or" in refused.err
    assert "--pred-cols y_pred --target-col target" in refused.err
    read = ("--pred-cols", "y_pred", "--target-col", "target")
    assert run("eval", "both.csv", "y.csv", *LOSS, *read, "--index", "align").out == "1.0\n"


def test_in_one_order_nothing_is_wrong(run: Run, tmp_path: Path) -> None:
    save(tmp_path)
    both = pd.read_csv(tmp_path / "both.csv")
    both[["y_true"]].set_axis(["target"], axis=1).to_csv(tmp_path / "y.csv", index=False)
    refused = run("eval", "both.csv", "y.csv", *LOSS)
    assert "if 'y_true' holds the targets, pass --pred-cols y_pred\n" in refused.err
    paired = run("eval", "both.csv", "y.csv", *LOSS, "--pred-cols", "y_pred")
    assert (paired.out, paired.err) == ("1.0\n", "")


def test_the_same_number_of_predicted_labels_is_no_other_order(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("p,label\n0.9,1\n0.8,1\n0.2,0\n0.4,0\n")
    (tmp_path / "y.csv").write_text("label\n1\n0\n0\n1\n")
    command = ("eval", "p.csv", "y.csv", "--loss", "bce", "-q", "--pred-cols", "p")
    assert run(*command).code == 0
    (tmp_path / "p.csv").write_text("p,true_label\n0.9,1\n0.8,1\n0.2,0\n0.4,0\n")
    refused = run(*command)
    assert refused.code == 3
    assert "'true_label' of p.csv holds the targets of y.csv in another order" in refused.err


def test_in_memory() -> None:
    y = np.arange(0, 15, 0.5)
    both = pd.DataFrame({"actual": y[::-1], "yhat": y[::-1] + 1})
    with pytest.raises(lossctl.DataError, match="'actual' of predictions holds the targets of"):
        lossctl.evaluate(both, y, loss="mae", pred_cols="yhat")
    assert (
        lossctl.evaluate(both, loss="mae", pred_cols="yhat", target_col="actual").means["mae"] == 1
    )


def labelled(folder: Path, rows: int, right: float, *, shuffled: bool) -> tuple[str, ...]:
    """Write probabilities beside labels of which so many are right, and the true ones."""
    rng = np.random.default_rng(0)
    true = rng.choice(["cat", "dog", "eel"], rows)
    said = np.where(rng.random(rows) < right, true, rng.choice(["cat", "dog", "eel"], rows))
    table = pd.DataFrame({"cat": 0.2, "dog": 0.3, "eel": 0.5, "label": said}, index=range(rows))
    table.to_csv(folder / "p.csv", index=False)
    targets = pd.DataFrame({"label": rng.permutation(true) if shuffled else true})
    targets.to_csv(folder / "y.csv", index=False)
    return ("eval", "p.csv", "y.csv", "--loss", "ce", "-q", "--pred-cols", "cat,dog,eel")


@pytest.mark.parametrize("rows", [300, 3000])
@pytest.mark.parametrize("right", [1, 0.5])
def test_labels_of_other_rows_are_told(rows: int, right: float, run: Run, tmp_path: Path) -> None:
    """Of a short and a long table, the true labels or those that were predicted."""
    command = labelled(tmp_path, rows, right, shuffled=True)
    told = run(*command)
    assert told.code == 0
    assert "in column 'label' of p.csv are those of y.csv no more often than by chance" in told.err
    assert run(*command, "--index", "ignore").err == ""


@pytest.mark.parametrize("rows", [30, 300, 3000])
def test_predicted_labels_that_are_better_than_chance(rows: int, run: Run, tmp_path: Path) -> None:
    outcome = run(*labelled(tmp_path, rows, 0.5, shuffled=False))
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize(("common", "right", "found"), [(999, 1, 1), (995, 3, 5), (995, 4, 6)])
def test_rare_labels_tell_no_order(
    common: int, right: int, found: int, run: Run, tmp_path: Path
) -> None:
    """Of 1,000 rows nearly all have one label in any order."""
    true, said = np.zeros((2, 1000), int)
    true[common:] = 1
    said[[*range(common, common + right), *range(found - right)]] = 1
    pd.DataFrame({"p": 0.004, "label": said}).to_csv(tmp_path / "p.csv", index=False)
    pd.DataFrame({"label": true}).to_csv(tmp_path / "y.csv", index=False)
    outcome = run("eval", "p.csv", "y.csv", "--loss", "bce", "-q", "--pred-cols", "p")
    assert (outcome.code, outcome.err) == (0, "")
