"""`lossctl.evaluate` as a whole: one number whatever the input looks like."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Write
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from samples import (
    EVERY,
    READERS,
    examples,
    means,
    probabilities,
    reading_by,
    targets_for,
    write_csv,
    write_npy,
)

import lossctl
from lossctl.base.arrays import Array
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.losses import loss_of

DIGITS = Path(__file__).resolve().parents[2] / "sample_data" / "digits"


# One number.


@pytest.mark.parametrize("name", EVERY)
def test_the_mean_is_the_rounded_exact_mean(name: str) -> None:
    y, d = probabilities(1001, 5), targets_for(name, 1001, 5, 1)
    report = lossctl.evaluate(y, d, loss=name)
    values = loss_of(name).per_sample(np.asfortranarray(y), np.asfortranarray(d))
    exact = [Fraction(value) for value in values.tolist()]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - 1)
    found = report.losses[name]
    error = pytest.approx(float(variance / len(exact)) ** 0.5, rel=1e-15)
    of_mean = loss_of(name).of_mean
    assert found.mean == (float(mean) if of_mean is None else of_mean.value(float(mean), 5))
    assert of_mean is not None or found.stderr == error
    assert found.total == float(sum(exact))
    assert found.std == pytest.approx(float(variance) ** 0.5, rel=1e-15)
    assert (found.min, found.max) == (values.min(), values.max())
    assert (report.n, report.k, found.n) == (1001, 5, 1001)


FORMS: dict[str, Callable[[Path, Array], object]] = {
    "array": lambda path, values: values,
    "fortran-array": lambda path, values: np.asfortranarray(values),
    "lists": lambda path, values: values.tolist(),
    "frame": lambda path, values: pd.DataFrame(values, columns=[*"abc"]),
    "csv": lambda path, values: write_csv(path.with_suffix(".csv"), values),
    "csv-header": lambda path, values: write_csv(path.with_suffix(".csv"), values, "a,b,c"),
    "npy": lambda path, values: write_npy(path.with_suffix(".npy"), values),
    "npy-fortran": lambda path, values: write_npy(
        path.with_suffix(".npy"), np.asfortranarray(values)
    ),
    "npy-big": lambda path, values: write_npy(path.with_suffix(".npy"), values.astype(">f8")),
    "npy-f4": lambda path, values: write_npy(path.with_suffix(".npy"), values.astype("<f4")),
    "npy-big-f4": lambda path, values: write_npy(path.with_suffix(".npy"), values.astype(">f4")),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_the_input_does_not_change_a_bit(
    tmp_path: Path, form: str, reader: str
) -> None:
    y, d = (
        probabilities(203, 3, seed).astype(np.float32).astype(np.float64) for seed in (0, 1)
    )  # numbers that a float32 holds
    with reading_by(reader):
        found = means(FORMS[form](tmp_path / "y", y), FORMS[form](tmp_path / "d", d))
        assert found == means(y, FORMS[form](tmp_path / "d", d)) == means(y, d)


@pytest.mark.parametrize("jobs", [1, 2, 3, 4])
@pytest.mark.parametrize("labels", [True, False], ids=["labels", "rows"])
def test_blocks_and_threads_do_not_change_a_bit(tmp_path: Path, labels: bool, jobs: int) -> None:
    n = 13
    y, d = probabilities(n, 4), probabilities(n, 4, 1)
    targets: NDArray[Any] = np.arange(n) % 4 if labels else d
    expected = means(y, targets, jobs=1, block_rows=n)
    files = write_csv(tmp_path / "y.csv", y), write_npy(tmp_path / "d.npy", targets)
    for rows in range(1, n + 2):
        assert means(y, targets, jobs=jobs, block_rows=rows) == expected
        assert means(*files, jobs=jobs, block_rows=rows) == expected


@pytest.mark.parametrize("targets", ["targets.csv", "labels.csv"])
@pytest.mark.parametrize("predictions", ["preds.csv", "epochs/epoch_20.npy"])
def test_the_sample_data_gives_one_number(predictions: str, targets: str) -> None:
    y = np.load(DIGITS / "epochs" / "epoch_20.npy")
    d = np.loadtxt(DIGITS / "targets.csv", delimiter=",", skiprows=1)
    names = tuple((DIGITS / "targets.csv").read_text().split("\n", 1)[0].split(","))
    true = np.ascontiguousarray(y[d == 1.0])
    exact = sum(Fraction(value) for value in (-np.log(true + 1e-7)).tolist())
    classes = names if predictions.endswith(".npy") else ()
    report = lossctl.evaluate(
        DIGITS / predictions, str(DIGITS / targets), classes=classes, loss="ce"
    )
    assert report.losses["ce"].mean == float(exact / 899)
    assert (report.n, report.k, report.warnings) == (899, 10, ())
    assert report.predictions == str(DIGITS / predictions)


@examples
@given(st.permutations(range(40)), st.integers(1, 41))
def test_the_order_of_the_samples_does_not_change_a_bit(order: list[int], rows: int) -> None:
    y, d = probabilities(40, 3), probabilities(40, 3, 1)
    assert means(y[order], d[order], block_rows=rows) == means(y, d)


def test_columns_are_paired_by_name(tmp_path: Path) -> None:
    y, d = probabilities(20, 3), probabilities(20, 3, 1)
    targets = write_csv(tmp_path / "d.csv", d[:, [2, 0, 1]], "c,a,b")
    predictions = write_csv(tmp_path / "y.csv", y, "a,b,c")
    assert means(predictions, targets) == means(y, d)
    assert means(predictions, pd.DataFrame(d[:, ::-1], columns=[*"cba"])) == means(y, d)


def test_a_column_and_a_vector_are_the_same() -> None:
    y, d = probabilities(20, 2)[:, 0], probabilities(20, 2, 1)[:, 0]
    losses = ["mae", "mse", "bce"]
    assert means(y, d.reshape(-1, 1), loss=losses) == means(y.reshape(-1, 1), d, loss=losses)
    assert means(y, pd.Series(d), loss=losses) == means(y, d, loss=losses)


def test_masked_elements_are_not_numbers() -> None:
    with pytest.raises(lossctl.DataError):
        lossctl.evaluate(np.ma.masked_array([1.0, 9.0], mask=[False, True]), [1.0, 1.0], loss="mae")


# The report.


def test_one_sample_has_no_spread() -> None:
    report = lossctl.evaluate([[0.5, 0.5]], [0], loss="ce")
    assert (report.losses["ce"].std, report.losses["ce"].stderr) == (None, None)
    assert report.to_dict()["losses"][0]["std"] is None


@pytest.mark.parametrize("block_rows", [1, 2, 3, 9])
def test_worst_rows_with_the_earlier_of_equals_first(block_rows: int) -> None:
    y = [3.0, 1.0, 3.0, 0.0, 5.0, 3.0, 1.0]
    report = lossctl.evaluate(y, [0.0] * 7, loss=["mae", "mse"], worst=4, block_rows=block_rows)
    assert report.worst.rows.tolist() == [5, 1, 3, 6]
    told = {"target": 0.0, "prediction": 3.0}
    assert report.to_dict()["worst"][1] == {"row": 1, "mae": 3.0, "mse": 4.5} | told


def test_a_total_beyond_float64_is_null_and_said(tmp_path: Path) -> None:
    report = lossctl.evaluate([1.5e308, 1.5e308], [0.0, 0.0], loss="mae").to_dict()
    assert report["losses"][0]["total"] is None
    assert report["losses"][0]["mean"] == 1.5e308
    assert [warning["code"] for warning in report["warnings"]] == ["overflow"]


def test_every_warning_is_given(tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("a,b\n0.5,0.5\n0.5,0.495\n0.5,0.505")
    (tmp_path / "d.csv").write_text("b,a\n1,0\n0,1\n1,0")
    report = lossctl.evaluate(tmp_path / "y.csv", tmp_path / "d.csv", loss="ce")
    found = sorted((warning.code, warning.count) for warning in report.warnings)
    reordered, rough = ("columns-reordered", 1), ("rough-sums", 2)
    assert found == [reordered, ("no-final-newline", 1), ("no-final-newline", 1), rough]


def test_samples_at_the_guard_are_counted() -> None:
    y = [[0.0, 1.0], [1e-8, 1.0], [1e-7, 1.0], [0.5, 0.5]]
    by_label = lossctl.evaluate(y, [0, 0, 0, 0], loss=EVERY)
    assert by_label.at_guard == {
        "ce": 2,
        "perplexity": 2,
        "kl": 2,
        "bce": 3,
        "focal": 3,
    }  # 1 - 1.0 is one, too
    assert not any(lossctl.evaluate(y, [1, 1, 1, 1], loss=EVERY).at_guard.values())


@pytest.mark.parametrize("name", EVERY)
def test_the_signature_says_what_was_computed(name: str) -> None:
    parts = lossctl.evaluate(probabilities(6, 3), [0, 1, 2] * 2, loss=name).losses[name].signature
    eps = "eps=1e-07" if name in {"ce", "bce", "kl", "focal", "perplexity"} else "eps=none"
    expected = {"lossctl", lossctl.__version__, name, eps, "n=6", "k=3", "paired=position"}
    assert expected <= set(parts.split("|"))
    assert "\n" not in parts


def test_a_report_is_of_all_samples_or_of_none() -> None:
    evaluation = Evaluation(np.ones(5), np.zeros(5), Options(("mae",), jobs=1, block_rows=1))
    samples = evaluation.samples()
    next(samples)
    with pytest.raises(RuntimeError, match="all samples"):
        evaluation.report()
    list(samples)
    assert evaluation.report().n == 5


@pytest.mark.parametrize(
    "options",
    [{"jobs": -1, "block_rows": 1}, {"block_rows": -1}, {"worst": -1}],
    ids=str,
)
def test_options_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(lossctl.UsageError):
        lossctl.evaluate(np.ones(5), np.zeros(5), loss="mae", **options)


# The package.


def test_public_names() -> None:
    for name in lossctl.__all__:
        assert getattr(lossctl, name).__name__ == name
    assert issubclass(lossctl.DataError, lossctl.LossctlError)
    with pytest.raises(AttributeError, match="'evalute'"):
        lossctl.evalute  # noqa: B018


def test_an_unknown_loss_names_the_nearest() -> None:
    with pytest.raises(lossctl.UsageError) as caught:
        lossctl.evaluate([1.0], [1.0], loss="maee")
    assert caught.value.hint == "did you mean mae?"


def test_an_array_and_a_path_are_a_pair(write: Write) -> None:
    path = str(write({"p.csv": "1,1\n1,1\n1,1\n"}))
    for pair in ((np.zeros((3, 2)), path), (path, np.zeros((3, 2)))):
        assert lossctl.evaluate(*pair, loss="mae").losses["mae"].mean == 2.0
