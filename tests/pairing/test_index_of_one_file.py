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


READ = ("--pred-cols", "p", "--target-col", "y", "--loss", "mae", "-q")


@pytest.mark.parametrize("name", ["", "seconds", "index"])
@pytest.mark.parametrize("told", ["p", "y"])
def test_an_index_of_fractions_that_the_other_file_tells_of(
    run: Run, tmp_path: Path, told: str, name: str
) -> None:
    """It is one in the file of text, too; 3.0 may stand there as 3, as R writes it."""
    seconds = pd.Index([3.0, *(RANDOM.permutation(ROWS)[1:] / 8 + 1 / 16)], name=name or None)
    target = RANDOM.normal(10, 2, ROWS)
    frames = {"p": pd.DataFrame({"p": target + 0.5}, seconds)}
    frames["y"] = pd.DataFrame({"y": target}, seconds).sample(frac=1, random_state=0)
    files = []
    for column, frame in frames.items():
        files.append(f"{column}.{'parquet' if column == told else 'csv'}")
        if column == told:
            frame.to_parquet(tmp_path / files[-1])
        else:
            text = frame.to_csv()
            (tmp_path / files[-1]).write_text(text.replace("\n3.0,", "\n3,"))
    refused = run("eval", *files, *READ)
    assert refused.code == 3
    assert "--index align" in refused.err
    bare = run("eval", *files, "--loss", "mae", "-q")
    assert bare.code == 3
    assert ("--index align" in bare.err) is (name != "seconds")
    for way in [*READ, "--index", "align"], ["--loss", "mae", "-q", "--index", "align"]:
        aligned = run("eval", *files, *way)
        assert float(aligned.out) == pytest.approx(0.5)
        assert aligned.err == ""


@pytest.mark.parametrize("labels", ["whole", "default", "others"])
def test_fractions_beside_an_index_of_others_are_no_index(
    run: Run, tmp_path: Path, labels: str
) -> None:
    """Such as the price of an index of shares, which is written first."""
    target = RANDOM.normal(10, 2, ROWS)
    prices = RANDOM.permutation(10 * ROWS)[:ROWS] / 8
    pd.DataFrame({"index": prices, "p": target + 0.5}).to_csv(tmp_path / "p.csv", index=False)
    index = {"whole": 7 * RANDOM.permutation(ROWS), "default": None, "others": prices + 1000}
    pd.DataFrame({"y": target}, index[labels]).to_parquet(tmp_path / "t.parquet")
    outcome = run("eval", "p.csv", "t.parquet", *READ)
    assert float(outcome.out) == pytest.approx(0.5)
    said = "no label of the index of p.csv is one of t.parquet" if labels == "others" else ""
    assert said in outcome.err
    assert bool(said) == bool(outcome.err)
