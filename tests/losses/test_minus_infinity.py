"""-inf among predictions: the log of 0, the logit of what was masked; in any file, or nowhere."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import npy
from formats import NAMED, NUMBERS
from samples import READERS, reading_by
from scipy.special import log_softmax, softmax  # type: ignore[import-untyped]

import lossctl
from lossctl.base.arrays import Array
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.losses.classification import bce_of_logits

INF = math.inf
LN_2 = math.log(2)
ROWS, CLASSES = 40, 5


def masked_logits(seed: int = 0) -> tuple[Array, Any]:
    """Return logits, a third of them masked, and labels, none of them."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (ROWS, CLASSES))
    labels = rng.integers(0, CLASSES, ROWS)
    mask = rng.random(logits.shape) < 1 / 3
    mask[np.arange(ROWS), labels] = False
    return np.where(mask, -INF, logits), labels


def losses_of(predictions: object, targets: object, **options: Any) -> Array:
    parts = Evaluation(predictions, targets, Options(**({"loss": "ce"} | options))).samples()
    return np.concatenate([next(iter(part.losses.values())) for part in parts])


WORKED: dict[str, tuple[str, str, list[float], list[float], float]] = {
    "one-left": ("ce", "logits", [-INF, 7.0, -INF], [0.0, 1.0, 0.0], 0.0),
    "two-left": ("ce", "logits", [-INF, 3.0, 3.0], [0.0, 0.0, 1.0], math.log(2)),
    "ln-3": ("ce", "logits", [math.log(3), 0.0, -INF], [0.0, 1.0, 0.0], math.log(4)),
    "soft": ("ce", "logits", [0.0, -INF, 0.0], [0.25, 0.0, 0.75], math.log(2)),
    "log-certain": ("ce", "log-probs", [-INF, 0.0], [0.0, 1.0], 0.0),
    "log-half": ("ce", "log-probs", [-LN_2, -LN_2, -INF], [0.5, 0.5, 0.0], LN_2),
    "event-that-is-none": ("bce", "logits", [-INF], [0.0], 0.0),
    "beside-another": ("bce", "logits", [-INF, 0.0], [0.0, 1.0], math.log(2)),
}  # fmt: skip


@pytest.mark.parametrize(("loss", "scale", "y", "d", "mean"), WORKED.values(), ids=WORKED)
def test_worked_by_hand(loss: str, scale: str, y: list[float], d: list[float], mean: float) -> None:
    assert losses_of([y], [d], loss=loss, from_=scale)[0] == pytest.approx(mean, rel=4e-16, abs=0)


def test_against_scipy() -> None:
    logits, labels = masked_logits()
    logs = log_softmax(logits, axis=1)
    expected = -logs[np.arange(ROWS), labels]
    for predictions, scale in ((logits, "logits"), (logs, "log-probs")):
        for targets in (labels, np.eye(CLASSES)[labels]):
            found = losses_of(predictions, targets, from_=scale)
            np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)
    soft = softmax(logits, axis=1)
    expected = -(soft * np.where(soft > 0, logs, 0.0)).sum(axis=1)
    np.testing.assert_allclose(losses_of(logits, soft, from_="logits"), expected, rtol=1e-13)


def test_a_masked_class_is_as_if_it_were_not_there() -> None:
    logits, labels = masked_logits()
    masked = np.concatenate((np.full((ROWS, 1), -INF), logits), axis=1)
    assert losses_of(masked, labels + 1, from_="logits").tobytes() == (
        losses_of(logits, labels, from_="logits").tobytes()
    )


def test_bce_of_logits_has_the_bits_that_it_had_where_all_is_finite() -> None:
    rng = np.random.default_rng(3)
    y, d = rng.normal(0, 20, (3000, 2)), rng.random((3000, 2))
    d[::3], y[::7] = np.round(d[::3]), -0.0
    before = np.zeros(3000)
    for j in range(2):
        before += np.log1p(np.exp(-np.abs(y[:, j])))
        before += np.maximum(y[:, j], 0.0) * (1.0 - d[:, j])
        before += np.maximum(-y[:, j], 0.0) * d[:, j]
    assert bce_of_logits(y, d).tobytes() == before.tobytes()


# What must not be evaluated.

REFUSED: dict[str, tuple[dict[str, str], Any, Any, str]] = {
    "true-class": ({"from_": "logits"}, [[0.0, -INF]], [1], "the ce of this sample is inf"),
    "true-class-of-rows": ({"from_": "logits"}, [[0.0, -INF]], [[0.0, 1.0]], "this sample is inf"),
    "soft": ({"from_": "log-probs"}, [[0.0, -INF]], [[0.9, 0.1]], "this sample is inf"),
    "whole-row": ({"from_": "logits"}, [[-INF, -INF]], [1], "the ce of this sample is nan"),
    "whole-row-of-logs": ({"from_": "log-probs"}, [[-INF, -INF]], [1], "sum to 0, not to 1"),
    "event": ({"loss": "bce", "from_": "logits"}, [-INF], [1.0], "the bce of this sample is inf"),
    "half-an-event": ({"loss": "bce", "from_": "logits"}, [-INF], [0.5], "this sample is inf"),
    "plus": ({"from_": "logits"}, [[0.0, INF]], [1], "inf is not finite"),
    "plus-among-logs": ({"from_": "log-probs"}, [[0.0, INF]], [1], "inf is not finite"),
    "nan": (
        {"from_": "logits"},
        [[-INF, math.nan]],
        [1],
        "(?i:nan).* is (a missing value, )?not a number",
    ),
    "probabilities": ({}, [[1.0, -INF]], [0], "-inf is not finite"),
    "probability": ({"loss": "bce"}, [-INF], [0.0], "-inf is not finite"),
    "mae": ({"loss": "mae"}, [-INF], [0.0], "-inf is not finite"),
    "target": (
        {"from_": "logits"},
        [[0.0, 1.0]],
        [[1.0, -INF]],
        "targets.*row 1.*-(?i:inf).* is not (finite|a number)",
    ),
    "label": ({"from_": "logits"}, [[0.0, 1.0]], [-INF], "targets.*row 1.*-inf' is not a class"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("form", ["array", "strict", "fast", "jsonl"])
def test_what_is_refused(case: tuple[Any, ...], form: str, tmp_path: Path) -> None:
    options, y, d, message = case
    inputs: list[Any] = []
    for name, values in (("p", y), ("targets", d)):
        rows = [row if isinstance(row, list) else [row] for row in values]
        if form == "array":
            inputs.append(values)
            continue
        inputs.append(tmp_path / f"{name}.{'jsonl' if form == 'jsonl' else 'csv'}")
        lines = [json.dumps(row) if form == "jsonl" else ",".join(map(repr, row)) for row in rows]
        inputs[-1].write_text("".join(line + "\n" for line in lines))
    if form != "array":  # where text says so
        message = message.replace("is not finite", "is not a number").replace("row 1", ".*:1")
        message = re.sub("(nan|inf)(?= is not|')", "(?i:\\1).*", message)
    with (
        reading_by("fast" if form == "fast" else "strict"),
        pytest.raises(lossctl.DataError, match=message),
    ):
        lossctl.evaluate(*inputs, **({"loss": "ce"} | options))


def test_a_row_without_a_class_and_a_true_class_that_cannot_be_are_told_as_such() -> None:
    for y, hint in (
        ([[0.0, 1.0], [-INF, -INF]], "all logits of the row are -inf: no class is left"),
        ([[0.0, 1.0], [0.0, -INF]], "what is -inf cannot be, but the targets say that it is"),
    ):
        with pytest.raises(lossctl.DataError, match="row 2") as caught:
            lossctl.evaluate(y, [1, 1], from_="logits", loss="ce")
        assert str(caught.value.hint).startswith(hint)
    with pytest.raises(lossctl.DataError) as caught:
        lossctl.evaluate([[1e308, -1e308]], [1], from_="logits", loss="ce")
    assert caught.value.hint is None


# Every reader.

SPELT = ["-inf", "-Inf", "-INF", "-Infinity", "-infinity"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("written", SPELT)
def test_text_may_write_it_as_tools_do(reader: str, written: str, tmp_path: Path) -> None:
    logits, labels = masked_logits()
    lines = [",".join(repr(x) for x in row) for row in logits.tolist()]
    path = tmp_path / "p.csv"
    path.write_text("".join(line.replace("-inf", written) + "\n" for line in lines))
    with reading_by(reader):
        for block_rows in (1, 7, None):
            found = losses_of(path, labels, from_="logits", block_rows=block_rows)
            assert found.tobytes() == losses_of(logits, labels, from_="logits").tobytes()


NO_NUMBERS = ["-1e400", "1-inf", "--inf", "-inf5", "-inf0", "-infe3", "-inf.", "inf-", "-infinit"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("cell", [*NO_NUMBERS, "+inf", "inf", "-9e15"])
def test_nothing_else_passes_for_it(reader: str, cell: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"a,b,c\n0,-inf,1\n0,1,{cell}\n")
    with reading_by(reader):
        if cell == "-9e15":  # what stands for -inf in the fast reader
            assert losses_of(path, [0, 0], from_="logits")[1] == math.log1p(math.e)
            return
        with pytest.raises(lossctl.DataError, match=rf":3: column \"c\": .*{cell[-3:]}"):
            lossctl.evaluate(path, [0, 0], from_="logits", loss="ce")


@pytest.mark.parametrize("name", [*NAMED, *NUMBERS])
def test_every_format_gives_the_same_bits(name: str, tmp_path: Path) -> None:
    logits, labels = masked_logits()
    content = (NAMED | NUMBERS)[name](pd.DataFrame(logits, columns=list("abcde")))
    path = tmp_path / name
    path.write_bytes(content)
    found = losses_of(path, labels, from_="logits")
    assert found.tobytes() == losses_of(logits, labels, from_="logits").tobytes()
    for classes in ("0,1,2,3,4", *([] if name in NAMED else [()])):
        with pytest.raises(lossctl.DataError, match=r"-[iI]nf"):
            lossctl.evaluate(path, labels, loss="mse", classes=classes)
    if name in NAMED:
        with pytest.raises(lossctl.DataError, match="'e' are hardly classes"):
            lossctl.evaluate(path, labels, loss="mse")


def test_json_has_it_as_a_string_too(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"a": 0, "b": "-Infinity"}\n{"a": -Infinity, "b": 1}\n')
    assert losses_of(path, [0, 1], from_="logits").tolist() == [0.0, 0.0]


def test_half_precision_and_streams(tmp_path: Path) -> None:
    logits, labels = masked_logits()
    for kind in (np.float16, np.float32, ">f8"):
        array = logits.astype(kind)
        (tmp_path / "p.npy").write_bytes(npy(array))
        expected = losses_of(array.astype(np.float64), labels, from_="logits")
        assert losses_of(tmp_path / "p.npy", labels, from_="logits").tobytes() == expected.tobytes()


@pytest.mark.parametrize("reader", READERS)
def test_of_one_file_only_the_predictions_may_be_it(reader: str, tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    how: dict[str, Any] = {"pred_cols": "a,b", "target_col": "y,z", "from_": "logits"}
    path.write_text("y,z,a,b\n1,0,0,-inf\n0,1,-inf,0\n")
    with reading_by(reader):
        assert losses_of(path, None, **how).tolist() == [0.0, 0.0]
        path.write_text("y,z,a,b\n1,0,0,-inf\n-inf,1,-inf,0\n")
        with pytest.raises(lossctl.DataError, match=r':3: column "y": \'-inf\' is not a number'):
            lossctl.evaluate(path, loss="ce", **how)


@pytest.mark.parametrize("reader", READERS)
def test_beside_missing_values_that_are_left_out(reader: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n0,-inf\nNA,-inf\n-inf,\n-inf,3\n")
    with reading_by(reader):
        report = lossctl.evaluate(path, [0, 0, 1, 1], from_="logits", nan="skip", loss="ce")
    assert (report.n, report.skipped, report.losses["ce"].mean) == (2, 2, 0.0)
    array = np.array([[0.0, -INF], [np.nan, -INF]])
    assert lossctl.evaluate(array, [0, 0], from_="logits", nan="skip", loss="ce").n == 1


def test_a_first_line_with_it_is_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("-inf,2,0\n1,-inf,0\n")
    assert lossctl.evaluate(path, [1, 0], from_="logits", loss="ce").n == 2
