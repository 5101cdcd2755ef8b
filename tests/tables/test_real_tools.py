"""Files as other programs write them: NumPy, LightGBM, XGBoost, pandas, polars, R, Kaggle."""

import ctypes
import json
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import polars
import pytest
import xgboost
from conftest import Outcome, Run, Write
from samples import probabilities

import lossctl

ROWS = 40
FEATURES = np.random.default_rng(0).normal(size=(ROWS, 4))
LABELS = (FEATURES[:, 0] > 0).astype(int) + (FEATURES[:, 1] > 0)
P = probabilities(ROWS, 3)


def mean(run: Run, *arguments: str) -> float:
    outcome = run("eval", *arguments, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    return float(json.loads(outcome.out)["losses"][0]["mean"])


def expected(values: Any, loss: str, targets: Any = LABELS) -> float:
    return lossctl.evaluate(values, targets, loss=loss).losses[loss].mean


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"], ids=["space", "comma", "tab"])
def test_savetxt(run: Run, write: Write, delimiter: str) -> None:
    path = write({"t.npy": LABELS}).parent / "p.txt"
    np.savetxt(path, P, delimiter=delimiter)
    assert mean(run, "p.txt", "t.npy", "--loss", "ce") == expected(P, "ce")
    np.savetxt(path, P, delimiter=delimiter, header="made by a model\nof 3 classes")
    assert mean(run, "p.txt", "t.npy", "--loss", "ce", "--comment", "#") == expected(P, "ce")
    outcome = run("eval", "p.txt", "t.npy", "--loss", "ce")
    message = "p.txt:1: the first line starts with '#': is it a comment, or the header?"
    assert (outcome.code, outcome.err.splitlines()[0]) == (3, f"lossctl: error: {message}")
    assert "--comment '#'" in outcome.err


def test_savetxt_with_names(run: Run, write: Write) -> None:
    path = write({"t.npy": LABELS}).parent / "p.csv"
    np.savetxt(path, P, delimiter=",", header="a,b,c", comments="")
    assert mean(run, "p.csv", "t.npy", "--loss", "ce") == expected(P, "ce")


@pytest.mark.parametrize("objective", ["multiclass", "binary"])
def test_lightgbm_prediction_file(run: Run, write: Write, objective: str) -> None:
    labels = LABELS if objective == "multiclass" else LABELS // 2
    options = {"objective": objective, "verbose": -1, "min_data_in_leaf": 1, "num_threads": 1}
    if objective == "multiclass":
        options["num_class"] = 3
    model = lightgbm.train(options, lightgbm.Dataset(FEATURES, labels), 5)
    folder = write({"t.npy": labels}).parent
    np.savetxt(folder / "data.tsv", np.column_stack((labels, FEATURES)), delimiter="\t")
    result = folder / "LightGBM_predict_result.txt"
    predict_to_file(model, folder / "data.tsv", result)
    loss = "ce" if objective == "multiclass" else "bce"
    written = np.loadtxt(result)
    np.testing.assert_allclose(written, model.predict(FEATURES))
    found = mean(run, result.name, "t.npy", "--loss", loss)
    assert found == expected(written, loss, labels)


def predict_to_file(model: object, data: Path, result: Path) -> None:
    """Write predictions as `lightgbm task=predict` does, by the function that it calls."""
    from lightgbm.basic import _LIB  # type: ignore[attr-defined]

    parameters = [str(data).encode(), 0, 0, 0, -1, b"", str(result).encode()]
    handle: ctypes.c_void_p = getattr(model, "_handle")  # noqa: B009, it is no public name
    assert _LIB.LGBM_BoosterPredictForFile(handle, *parameters) == 0


def test_xgboost_predictions(run: Run, write: Write) -> None:
    data = xgboost.DMatrix(FEATURES, LABELS // 2)
    model = xgboost.train({"objective": "binary:logistic", "nthread": 1}, data, 5)
    lines = [f"{p:g}" for p in model.predict(data).tolist()]  # as its command line wrote them
    write({"pred.txt": "".join(f"{line}\n" for line in lines), "t.npy": LABELS // 2})
    values = np.array(lines, float)
    assert mean(run, "pred.txt", "t.npy", "--loss", "bce") == expected(values, "bce", LABELS // 2)


def test_kaggle_submission(run: Run, write: Write) -> None:
    order = np.random.default_rng(1).permutation(ROWS)
    ids = [f"test_{i}.jpg" for i in range(ROWS)]
    submission = pd.DataFrame({"id": ids, "prob": P[:, 0]})
    solution = pd.DataFrame({"id": ids, "prob": LABELS // 2, "Usage": "Private"}).iloc[order]
    folder = write({}).absolute()
    submission.to_csv(folder / "submission.csv", index=False)
    solution.to_csv(folder / "solution.csv", index=False)
    options = ("--id", "id", "--target-col", "prob", "--loss", "bce")
    found = mean(run, "submission.csv", "solution.csv", *options)
    assert found == expected(P[:, 0], "bce", LABELS // 2)
    refused = run("eval", "submission.csv", "solution.csv", *options[2:])
    assert (refused.code, refused.out) == (3, "")
    assert "'id' looks like an id" in refused.err


def test_pandas_dummies(run: Run, write: Write) -> None:
    names = pd.Series(["a", "b", "c"])[LABELS].reset_index(drop=True)
    folder = write({}).absolute()
    pd.DataFrame(P, columns=["a", "b", "c"]).to_csv(folder / "p.csv", index=False)
    pd.get_dummies(names).to_csv(folder / "t.csv", index=False)
    assert "True,False" in (folder / "t.csv").read_text()
    assert mean(run, "p.csv", "t.csv", "--loss", "ce") == expected(P, "ce")


def test_r_writes_true_in_capitals(run: Run, write: Write) -> None:
    write({"p.csv": '"y"\n0.25\n0.5\n', "t.csv": '"y"\nTRUE\nFALSE\n'})
    assert mean(run, "p.csv", "t.csv", "--loss", "mae") == 0.625


@pytest.mark.parametrize("method", ["csv", "ndjson", "parquet", "ipc"])
def test_polars(run: Run, write: Write, method: str) -> None:
    folder = write({}).absolute()
    words = [f"class {i}" for i in LABELS]
    ours = polars.DataFrame(P, schema=["class 0", "class 1", "class 2"])
    theirs = polars.DataFrame({"label": words})
    for name, frame in (("p", ours), ("t", theirs), ("enum", theirs)):
        typed = frame.cast(polars.Categorical) if name == "enum" else frame
        getattr(typed, f"write_{method}")(folder / f"{name}.{method}")
    for targets in ("t", "enum"):
        found = mean(run, f"p.{method}", f"{targets}.{method}", "--loss", "ce")
        assert found == expected(P, "ce")


def test_pandas_parquet_with_an_index(run: Run, write: Write) -> None:
    folder = write({"t.npy": LABELS}).parent
    frame = pd.DataFrame(P, columns=["a", "b", "c"])
    frame.to_parquet(folder / "p.parquet")
    assert mean(run, "p.parquet", "t.npy", "--loss", "ce") == expected(P, "ce")
    frame.set_axis(np.arange(ROWS) * 2 + 1).to_parquet(folder / "q.parquet")
    assert mean(run, "q.parquet", "t.npy", "--loss", "ce") == expected(P, "ce")


def test_commas_as_excel_writes_them(run: Run, write: Write) -> None:
    write({"p.csv": "a;b\n0,25;0,75\n,5;5E-1\n", "t.csv": "y\n1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--decimal", ",", "-q")
    assert outcome == Outcome(0, "0.75\n", "")


def test_labels_with_a_decimal_comma(run: Run, write: Write) -> None:
    write({"p.csv": "a;b\n0,25;0,75\n0,5;0,5\n", "t.csv": "y\n1,0\n0,0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--decimal", ",", "-q")
    assert outcome == Outcome(0, "0.75\n", "")
