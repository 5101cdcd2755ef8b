"""Labels that no column is called by: the hint, when it is followed, leads to the right number."""

import shlex
from collections.abc import Sequence

import numpy as np
import pytest
from conftest import Run, Write
from samples import probabilities, write_csv, write_npy

from lossctl.evaluation.rewording import options_in

N = 40
TRUE = {k: np.arange(N) * 7 % 11 % k for k in (2, 3)}


def write_pair(write: Write, columns: str | None, labels: Sequence[str]) -> float:
    """Write predictions and the label of the true class of each sample; return the right mean."""
    true, y = TRUE[len(labels)], probabilities(N, len(labels))
    folder = write({"t.csv": "\n".join(["y", *(labels[i] for i in true.tolist()), ""])}).parent
    if columns is None:
        write_npy(folder / "p.npy", y)
    else:
        write_csv(folder / "p.csv", y, columns)
    return float(-np.log(y[np.arange(N), true] + 1e-7).mean())


RIGHT = {
    "numbers": (None, ["1", "2", "10"], "1,2,10"),
    "numbers-that-leave-one-out": (None, ["0", "2", "3"], "0,2,3"),
    "numbers-with-points": (None, ["1.0", "2.0", "10.0"], "1,2,10"),
    "negative": (None, ["-1", "0", "1"], "-1,0,1"),
    "columns-that-count": ("p1,p2,p3", ["1", "2", "10"], "1,2,10"),
    "numbers-beside-0-and-1": (None, ["2", "4"], "2,4"),
    "starts": ("benign,malignant", ["B", "M"], "B,M"),
    "starts-in-the-columns-order": ("malignant,benign", ["M", "B"], "M,B"),
    "starts-behind-a-prefix": ("p_benign,p_malignant", ["b", "m"], "b,m"),
    "columns-are-the-starts": ("p_B,p_M", ["benign", "malignant"], "benign,malignant"),
    "case": (
        "proba_Setosa,proba_Versicolor,proba_Virginica",
        ["setosa", "versicolor", "virginica"],
        "setosa,versicolor,virginica",
    ),
    "case-of-some": ("cat,Dog", ["cat", "dog"], "cat,dog"),
}


@pytest.mark.parametrize(("columns", "labels", "classes"), RIGHT.values(), ids=RIGHT)
def test_the_hint_leads_to_the_right_number(
    columns: str | None, labels: list[str], classes: str, run: Run, write: Write
) -> None:
    right = write_pair(write, columns, labels)
    predictions = "p.npy" if columns is None else "p.csv"
    refused = run("eval", predictions, "t.csv", "--loss", "ce")
    assert refused.code == 3
    assert "order" in refused.err
    assert options_in(refused.err)["classes"] == classes
    followed = shlex.split(f"--classes={classes}")
    assert float(run("eval", predictions, "t.csv", "-lce", "-q", *followed).out) == pytest.approx(
        right, rel=1e-12
    )


DOUBTFUL = {
    "fewer-labels-than-columns": (None, ["1", "10", "1"], "is not one of the class indices"),
    "a-mark": (None, ["-100", "0", "1"], "--ignore-label -100"),
    "numbers-beside-words": ("malignant,benign", ["4", "2"], "the columns 'malignant', 'benign'"),
    "one-start-of-two": ("male,malignant", ["m", "f"], "name the columns by the labels"),
    "two-of-one-start": ("cat,dog", ["c", "ca"], "name the columns by the labels"),
    "a-number-is-no-start": ("p_c,p_10", ["c", "1"], "there is no column for '1': the classes are"),
    "other-words": ("malignant,benign", ["krank", "gesund"], "name the columns by the labels"),
}


@pytest.mark.parametrize(("columns", "labels", "said"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_no_order_is_offered_where_nothing_tells_it(
    columns: str | None, labels: list[str], said: str, run: Run, write: Write
) -> None:
    write_pair(write, columns, labels)
    refused = run("eval", "p.npy" if columns is None else "p.csv", "t.csv", "--loss", "ce")
    assert refused.code == 3
    assert said in refused.err
    assert not options_in(refused.err).get("classes")


def test_a_label_without_a_column_is_told(run: Run, write: Write) -> None:
    write({"p.csv": "setosa,versicolor\n0.5,0.5\n0.5,0.5\n", "t.csv": "y\nsetosa\nvirginica\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "ce")
    assert refused.err.endswith(
        "hint: there is no column for 'virginica': the classes are 'setosa', 'versicolor'\n"
    )


SLIPS = {
    "letters": ("setosa,versicolor,virginca", "'virginca'", "'virginica'"),
    "case": ("setosa,Versicolor,virginica", "'Versicolor'", "'versicolor'"),
}


@pytest.mark.parametrize(("classes", "slip", "meant"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_classes_is_no_fault_of_the_labels(
    classes: str, slip: str, meant: str, run: Run, write: Write
) -> None:
    labels = ["setosa", "versicolor", "virginica"]
    right = write_pair(write, None, labels)
    refused = run("eval", "p.npy", "t.csv", "--loss", "ce", "--classes", classes)
    assert refused.code == 2
    assert refused.err.startswith(f"lossctl: error: --classes has {slip}, which none of the first")
    assert refused.err.endswith(f"hint: did you mean {meant}?\n")
    given = "--classes", classes.replace(slip.strip("'"), meant.strip("'"))
    assert float(run("eval", "p.npy", "t.csv", "-lce", "-q", *given).out) == pytest.approx(right)


def test_a_slip_among_labels_is_told_where_it_stands(run: Run, write: Write) -> None:
    write({"p.csv": "0.5,0.5\n" * 3, "t.csv": "y\ncat\ndog\ndgo\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "ce", "--classes", "cat,dog")
    assert refused.code == 3
    assert "t.csv:4" in refused.err
    assert refused.err.endswith("hint: did you mean 'dog'?\n")
