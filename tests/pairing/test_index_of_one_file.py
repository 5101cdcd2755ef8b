"""One of two files has the index of a data frame, without a name; the other has none."""

import shlex
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run

RANDOM = np.random.default_rng(0)
ROWS = 40
CLASSES = ["apple", "banana", "cherry"]


def regression() -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return predictions, targets, whose index is that of a split, and their `mae`."""
    index = RANDOM.permutation(10 * ROWS)[:ROWS]
    target = RANDOM.normal(10, 2, ROWS)
    predictions = pd.DataFrame({"pred": target + 0.5}, index)
    return predictions, pd.DataFrame({"y": target}, index), 0.5


def classification() -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return probabilities of classes, their labels, and the cross-entropy."""
    index = RANDOM.permutation(10 * ROWS)[:ROWS]
    labels = RANDOM.integers(0, 3, ROWS)
    chances = np.where(np.arange(3) == labels[:, None], 0.5, 0.25)
    words = pd.DataFrame({"fruit": np.array(CLASSES)[labels]}, index)
    return pd.DataFrame(chances, index, CLASSES), words, -np.log(0.5 + 1e-7)


def save(frame: pd.DataFrame, path: Path, how: str) -> str:
    """Write a frame as people do; return the name of the file."""
    if how == "npy":
        words = isinstance(frame.iloc[0, -1], str)
        np.save(path, frame.to_numpy(str) if words else frame.to_numpy())
        return f"{path.name}.npy"
    if how == "parquet":
        frame.reset_index(drop=True).to_parquet(path.with_suffix(".parquet"))
        return f"{path.name}.parquet"
    kept = frame.reset_index(drop=True) if how == "numbered" else frame
    kept.reset_index(names="Unnamed: 0").to_csv(path.with_suffix(".csv"), index=False)
    if how != "read again":
        kept.to_csv(path.with_suffix(".csv"), index=how != "csv")
    return f"{path.name}.csv"


HOW = list(product(["labelled", "numbered", "read again"], ["npy", "csv", "parquet"]))


@pytest.mark.parametrize("how", [*HOW, *((bare, indexed) for indexed, bare in HOW)], ids=" ".join)
@pytest.mark.parametrize("task", [regression, classification])
def test_the_hint_leads_to_the_right_number(
    run: Run, tmp_path: Path, task: object, how: tuple[str, str]
) -> None:
    predictions, targets, right = regression() if task is regression else classification()
    names = [
        save(frame, tmp_path / stem, kind)
        for frame, stem, kind in zip((predictions, targets), "pt", how, strict=True)
    ]
    evaluated = ["eval", *names, "--loss", "mae" if task is regression else "ce", "-q"]
    option = "--pred-cols" if how in HOW else "--target-col"
    outcome = run(*evaluated)
    for hints in range(3):
        if outcome.code == 0:
            break
        hint = outcome.err.split("hint: ")[1]
        assert hints or f"leave it out: {option} " in hint
        evaluated += shlex.split(hint[hint.rindex("--") :])
        outcome = run(*evaluated)
    assert option in evaluated
    assert (outcome.code, outcome.err.count("error")) == (0, 0)
    assert float(outcome.out) == pytest.approx(right)
