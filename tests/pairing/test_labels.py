"""Labels: indices of classes, or their names, in any type and any file."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write
from samples import means, probabilities, write_csv, write_npy

import lossctl

# Labels.


@pytest.mark.parametrize("dtype", ["i1", "u8", "f4", ">i8", "f8"])
def test_labels_of_any_type_are_indices(tmp_path: Path, dtype: str) -> None:
    y, labels = probabilities(9, 3), np.arange(9) % 3
    expected = means(y, np.eye(3)[labels])
    assert means(y, labels.astype(dtype)) == expected
    assert means(y, write_npy(tmp_path / "l.npy", labels.astype(dtype))) == expected
    assert means(y, write_csv(tmp_path / "l.csv", labels, "label")) == expected


NAMES = {"words": ("cat", "dog", "owl"), "from-1": ("1", "2", "3"), "from-0": ("0", "1", "2")}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_labels_that_are_class_names_go_by_name(tmp_path: Path, names: tuple[str, ...]) -> None:
    y, labels = probabilities(9, 3), (np.arange(9) + 1) % 3
    expected = means(y, np.eye(3)[labels])
    words = [names[label] for label in labels]
    file = write_csv(tmp_path / "l.csv", words)
    predictions = write_csv(tmp_path / "y.csv", y, ",".join(names))
    assert means(predictions, file) == means(predictions, words) == expected
    assert means(predictions, write_csv(tmp_path / "h.csv", words, "label")) == expected
    assert means(y, file, classes=names) == means(y, np.array(words), classes=names) == expected
    if names[0] != "cat":
        numbers = write_npy(tmp_path / "l.npy", np.array(words, np.int64))
        assert means(predictions, numbers) == means(predictions, list(map(int, words))) == expected


def test_numeric_labels_mean_the_same_in_csv_and_npy(tmp_path: Path) -> None:
    predictions = write_csv(tmp_path / "y.csv", probabilities(3, 3), "1,2,3")
    labels = np.array([1.0, 2.0, 2.0])  # "1.0" in CSV
    in_npy = means(predictions, write_npy(tmp_path / "l.npy", labels))
    try:
        in_csv = means(predictions, write_csv(tmp_path / "l.csv", labels))
    except lossctl.DataError:
        return  # to refuse is as good
    assert in_csv == in_npy


def test_an_unknown_class_name_is_refused(tmp_path: Path) -> None:
    predictions = write_csv(tmp_path / "y.csv", probabilities(3, 2), "cat,dog")
    for targets in (write_csv(tmp_path / "l.csv", ["cat", "dgo", "x"]), ["cat", "dgo", "x"]):
        with pytest.raises(lossctl.DataError, match="'dgo' is not a class name") as caught:
            lossctl.evaluate(predictions, targets, loss="ce")
        assert caught.value.hint == "did you mean 'dog'?"


@pytest.mark.parametrize("repeated", ["frames", "classes"])
def test_repeated_names_are_refused(repeated: str) -> None:
    y: Any = probabilities(2, 3)
    d: Any = ["a", "b"]
    if repeated == "frames":
        y, d = (pd.DataFrame(np.eye(3), columns=[*names]) for names in ("aab", "aba"))
    classes = ("a", "a", "b") if repeated == "classes" else ()
    with pytest.raises(lossctl.LossctlError):
        lossctl.evaluate(y, d, loss="mae", classes=classes)


def test_a_space_around_a_label_is_told(run: Run, write: Write) -> None:
    write({"p.csv": "Ham,Spam\n0.9,0.1\n", "t.csv": "y\nHam \n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss=ce")
    assert outcome.code == 3
    assert outcome.err.endswith("hint: there is a space around 'Ham': take it out\n")


@pytest.mark.parametrize("names", ["column_0,column_1,column_2", "p1,p2,p3", "c[0],c[1],c[2]"])
def test_names_that_only_count_ask_for_those_of_the_labels(
    names: str, run: Run, write: Write
) -> None:
    rows = "0.2,0.3,0.5\n0.5,0.3,0.2\n0.3,0.5,0.2\n"
    write({"p.csv": f"{names}\n{rows}", "t.csv": "species\nvirginica\nsetosa\nversicolor\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "ce")
    assert "'virginica' is not a class name" in refused.err
    way = "--classes", "setosa,versicolor,virginica"
    assert f"pass {' '.join(way)}" in refused.err
    right = run("eval", "p.csv", "t.csv", "--loss", "ce", "-q", *way)
    assert float(right.out) == pytest.approx(np.log(2), abs=1e-6)
