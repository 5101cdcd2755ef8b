"""Targets that are what the model predicted, by their name and by their values."""

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write

import lossctl

P = np.array([0.1, 0.4, 0.3, 0.8, 0.6, 0.9])
TRUE = np.array([0, 1, 0, 1, 0, 1])
PREDICTED = (P > 0.5).astype(int)
WORDS = np.array(["benign", "malignant"])


def write_all(write: Write, called: str, labels: np.ndarray) -> None:
    frame = pd.DataFrame({called: labels, "p_benign": 1 - P, "p_malignant": P})
    write({"all.csv": frame.to_csv(index=False)})


CALLS = [
    ("ce", "p_benign,p_malignant"),
    ("bce", "p_malignant", "--pos-label", "malignant"),
    ("bce", "p_malignant", "--pos-label", "malignant", "--from", "logits"),
]


@pytest.mark.parametrize(
    ("called", "labels", "told"),
    [
        ("pred", PREDICTED, True),
        ("predicted_label", PREDICTED, True),
        ("pred", TRUE, False),
        ("diagnosis", PREDICTED, False),
        ("prediction_target", PREDICTED, False),
    ],
    ids=["pred", "predicted-label", "true-ones", "other-name", "name-of-targets"],
)
def test_both_the_name_and_the_values_say_so(
    called: str, labels: np.ndarray, told: bool, run: Run, write: Write
) -> None:
    write_all(write, called, WORDS[labels])
    for loss, columns, *more in CALLS:
        where = "--pred-cols", columns, "--target-col", called
        outcome = run("eval", "all.csv", "--loss", loss, *where, *more)
        assert outcome.code == 0
        said = f"'{called}' was read as targets, and each is the class that is predicted"
        assert (said in outcome.err + outcome.out) is told


def test_no_baseline_is_made_of_them(run: Run, write: Write) -> None:
    write_all(write, "pred", WORDS[PREDICTED])
    where = "--pred-cols", "p_benign,p_malignant", "--target-col", "pred"
    outcome = run("check", "all.csv", "--loss=ce", *where, "--baseline=b.json", "--update-baseline")
    assert outcome.code == 1
    assert "predicted-targets" in outcome.out + outcome.err


@pytest.mark.filterwarnings("ignore::lossctl.LossWarning")
@pytest.mark.parametrize(("name", "told"), [("y_pred", True), ("y", False), (None, False)])
def test_a_series_that_is_called_so(name: str | None, told: bool) -> None:
    y, labels = np.stack([1 - P, P], axis=1), pd.Series(PREDICTED, name=name)
    report = lossctl.evaluate(y, labels, loss="ce")
    assert ("predicted-targets" in [one.code for one in report.warnings]) is told
