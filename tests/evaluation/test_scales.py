"""What the predictions are given as, and what is said where they look like something else."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Outcome, Run, Write
from samples import GIVE_ONCE, probabilities, refuse, write_csv
from scipy.special import log_softmax  # type: ignore[import-untyped]

import lossctl
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation

WORKED: dict[str, tuple[str, list[float], int, float]] = {
    "equal": ("logits", [3.0, 3.0], 0, math.log(2)),
    "ln-3": ("logits", [0.0, math.log(3)], 1, math.log(4 / 3)),
    "certain": ("logits", [800.0, 0.0], 0, 0.0),
    "wrong": ("logits", [800.0, 0.0], 1, 800.0),
    "negative": ("logits", [-5000.0, -4000.0], 0, 1000.0),
    "huge-and-right": ("logits", [1e308, -1e308], 0, 0.0),
    "huge-and-equal": ("logits", [1e308, 1e308], 0, math.log(2)),
    "log-half": ("log-probs", [math.log(0.5), math.log(0.5)], 1, math.log(2)),
    "log-certain": ("log-probs", [0.0, -800.0], 1, 800.0),
}


@pytest.mark.parametrize("targets", ["label", "one-hot"])
@pytest.mark.parametrize(("scale", "y", "label", "loss"), WORKED.values(), ids=WORKED)
def test_worked_by_hand(scale: Any, y: list[float], label: int, loss: float, targets: str) -> None:
    d: Any = [label] if targets == "label" else [[1.0 - label, float(label)]]
    report = lossctl.evaluate([y], d, from_=scale, loss="ce")
    assert report.losses["ce"].mean == pytest.approx(loss, rel=1e-15, abs=0)


def test_a_loss_beyond_float64_is_an_error() -> None:
    for d in ([1], [[0.0, 1.0]]):
        with pytest.raises(lossctl.DataError, match="the ce of this sample is inf"):
            lossctl.evaluate([[1e308, -1e308]], d, from_="logits", loss="ce")


@pytest.mark.parametrize("spread", [1e-300, 1.0, 30.0, 1e5, 1e300])
def test_logits_against_scipy(spread: float) -> None:
    y, d = np.random.default_rng(0).normal(0, spread, (200, 5)), probabilities(200, 5, 1)
    expected = -(log_softmax(y, axis=1) * d).sum(axis=1)
    (part,) = Evaluation(y, d, Options("ce", from_="logits")).samples()
    np.testing.assert_allclose(part.losses["ce"], expected, rtol=1e-14)
    given = lossctl.evaluate(log_softmax(y, axis=1), d, from_="log-probs", loss="ce")
    assert given.losses["ce"].mean == pytest.approx(float(expected.mean()), rel=1e-13)


@pytest.mark.parametrize("scale", ["probs", "logits", "log-probs"])
def test_labels_one_hot_and_soft_rows_give_the_same_bits(tmp_path: Path, scale: str) -> None:
    y, labels = probabilities(99, 4), np.arange(99) % 4
    y = y if scale == "probs" else np.log(y) + 5.0 * (scale == "logits")
    one_hot = np.eye(4)[labels]
    file = write_csv(tmp_path / "y.csv", y)
    (first,) = Evaluation(y, labels, Options("ce", from_=scale)).samples()
    for predictions, targets in ((y, one_hot), (file, one_hot), (file, labels)):
        for block_rows in (1, 10, None):
            how = Options("ce", from_=scale, block_rows=block_rows)
            parts = list(Evaluation(predictions, targets, how).samples())
            found = np.concatenate([part.losses["ce"] for part in parts])
            assert found.tobytes() == first.losses["ce"].tobytes()


def test_the_signature_says_what_was_done(write: Write, run: Run) -> None:
    write({"p.csv": "a,b\n1.5,-2\n", "t.csv": "l\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce", "--from", "logits", "-f", "json")
    assert "|ce|from=logits|eps=none|" in outcome.out
    assert '"at_guard": {}' in outcome.out
    assert outcome.err == ""


def test_the_signature_of_bce_says_what_was_done(write: Write, run: Run) -> None:
    write({"p.csv": "a,b\n1.5,-2\n", "t.csv": "a,b\n1,0.25\n"})
    options = ("--loss", "bce", "--from", "logits", "-f", "json")
    outcome = run("eval", "p.csv", "t.csv", *options)
    assert "|bce|from=logits|eps=none|" in outcome.out
    assert '"at_guard": {}' in outcome.out
    assert "torch's binary_cross_entropy_with_logits is 1/2 of Loss(W), 0.414171\n" in outcome.err
    assert outcome.err.count("\n") == 1
    both = run("eval", "p.csv", "t.csv", "--loss", "bce", "--loss", "ce", *options[2:])
    assert (both.code, "sum to 1.25, not to 1" in both.err) == (3, True)


def test_a_baseline_of_probabilities_is_none_for_logits(write: Write, run: Run) -> None:
    write({"p.csv": "y\n0.75\n0.5\n", "q.csv": "y\n1.5\n-2\n", "t.csv": "y\n1\n0\n"})
    bce = ("--loss", "bce")
    assert run("eval", "p.csv", "t.csv", *bce, "-f", "json", "-o", "probs.json").code == 0
    check = ("check", "q.csv", "t.csv", *bce, "--from", "logits", "--baseline")
    refused = run(*check, "probs.json")
    assert refused.code == 3
    assert "its bce was computed in another way: from is logits here, probs there" in refused.err
    options = ("--from", "logits", "-f", "json", "-o", "logits.json")
    assert run("eval", "q.csv", "t.csv", *bce, *options).code == 0
    assert run(*check, "logits.json").code == 0


USAGE = {
    "unknown": (["ce", "--from", "odds"], "--from 'odds': one of probs, logits, log-probs, scores"),
    "not-ce": (
        ["mae", "--from", "logits"],
        "--from logits is for ce, bce, perplexity, kl, focal and zero-one: mae takes the numbers "
        "as they are",
    ),
    "bce-of-log-probs": (
        ["bce", "--from", "log-probs"],
        "--from log-probs is for ce, perplexity, kl and zero-one: bce takes probs or logits",
    ),
    "ce-and-bce-of-log-probs": (
        ["ce,bce", "--from", "log-probs"],
        "--from log-probs is for ce, perplexity, kl and zero-one: bce takes probs or logits",
    ),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE)
def test_usage(write: Write, run: Run, options: list[str], message: str) -> None:
    write({"p.csv": "a,b\n1.5,-2\n", "t.csv": "l\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", *options)
    assert (outcome.code, outcome.err) == (2, f"lossctl: error: {message}\n")


LOOKS: dict[str, tuple[str, str]] = {
    "logits": ("-7.1,9.8", "values from -7.1 to 9.8, which sum to 2.7, not to 1: "
               "if the values of all rows are logits, pass --from logits"),
    "log-probabilities": ("-0.7,-0.7", "these look like log-probabilities; pass --from log-probs"),
    "percentages": ("40,60", "which sum to 100, not to 1: these look like percentages"),
    "swapped": ("3,0", "these look like counts or labels; are the two swapped?"),
    "just-above": ("1.000002,0", "it lies just outside 0 to 1"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "hint"), LOOKS.values(), ids=LOOKS)
def test_values_that_are_no_probabilities(write: Write, run: Run, row: str, hint: str) -> None:
    write({"p.csv": f"a,b\n0.5,0.5\n{row}\n", "t.csv": "l\n0\n1\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith('lossctl: error: p.csv:3: column "a": ')
    assert hint in outcome.err.partition("\nlossctl: hint: ")[2]


def test_a_probability_may_be_a_millionth_above_1() -> None:
    assert lossctl.evaluate([[1.000001, 0.0]], [0], loss="ce").n == 1
    with pytest.raises(lossctl.DataError, match="is not a probability"):
        lossctl.evaluate([[1.0000011, 0.0]], [0], loss="ce")


def test_labels_that_count_from_1(write: Write, run: Run) -> None:
    folder = write({"p.csv": "a,b\n0.5,0.5\n0.5,0.5\n", "t.csv": "l\n1\n2\n"}).parent
    message = 't.csv:3: column "l": 2 is not one of the class indices 0 to 1\n'
    message += (
        "lossctl: hint: labels count from 0; if these count from 1, name the classes: --classes 1,2"
    )
    refuse(run, folder, message, "p.csv", "t.csv", "--loss", "ce")
    write({"p.csv": "a,b,c\n" + "0.5,0.25,0.25\n" * 40, "t.csv": "l\n" + "1\n2\n" * 20})
    way_out = "none is 0, the first class: labels count from 0; if these count from 1, name the "
    way_out += "classes: --classes 1,2,3"
    assert way_out in run("eval", "p.csv", "t.csv", "--loss", "ce").err


def test_one_file_given_twice_is_an_error_and_a_copy_a_warning(write: Write, run: Run) -> None:
    folder = write({"p.csv": "y\n1\n2\n", "t.csv": "y\n1\n2\n"}).parent
    message = f"'p.csv' is given twice, as predictions and as targets{GIVE_ONCE}"
    refuse(run, folder, message, "p.csv", "p.csv", "--loss", "mae")
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, "is one a copy?" in outcome.err) == (0, True)


def test_one_hot_predictions_of_soft_targets_look_swapped(write: Write, run: Run) -> None:
    write({"p.csv": "a,b\n1,0\n0,1\n", "t.csv": "a,b\n0.9,0.1\n0.2,0.8\n"})
    assert "are they swapped?" in run("eval", "p.csv", "t.csv", "--loss", "ce").err


def test_a_first_row_of_logits_that_counts_up_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("0,1,2\n0,5,-1\n1,2,4\n")
    assert lossctl.evaluate(path, [0, 1, 2], from_="logits", loss="ce").n == 3


def test_a_first_row_that_counts_up_in_one_file_is_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text("1,2,3\n0,5,-1\n1,2,4\n")
    with pytest.raises(lossctl.DataError, match="may be a header or a sample"):
        lossctl.evaluate(path, from_="logits", target_col="1", loss="ce")
    assert lossctl.evaluate(path, from_="logits", target_col="1", header=False, loss="ce").n == 3


def test_probabilities_called_logits_are_suspected(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n0.25,0.75\n0.5,0.5\n", "t.csv": "0\n1\n"})
    assert (
        "leave --from logits out"
        in run("eval", "p.csv", "t.csv", "--loss", "ce", "--from", "logits").err
    )
    write({"p.csv": "a,b\n0.25,0.75\n0.5,0.6\n"})
    assert run("eval", "p.csv", "t.csv", "--loss", "ce", "--from", "logits").err == ""


def test_no_probabilities_beside_labels_are_suspected(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n0.25,0.75\n-3,4\n", "q.csv": "a,b\n0,1\n", "t.csv": "0\n1\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mse")
    assert (outcome.code, outcome.out) == (3, "")
    assert "p.csv: 'a', 'b' are hardly classes, of which the targets give" in outcome.err
    assert ": row 2 is no distribution of probabilities\n" in outcome.err
    assert outcome.err.endswith("; if they are classes, pass --classes 0,1\n")
    assert run("eval", "p.csv", "t.csv", "--loss", "mse", "--classes", "0,1").code == 0
    write({"p.csv": "0.25,0.75\n-3,4\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mse")
    assert (outcome.code, "are no probabilities of classes" in outcome.err) == (0, True)
    write({"t.csv": "0\n"})
    assert run("eval", "q.csv", "t.csv", "--loss", "mse").err == ""


def test_ids_that_are_not_used_may_not_stand_in_another_order(run: Run, write: Write) -> None:
    write({"p.csv": "rowId,y\n1,0.5\n2,0.25\n", "t.csv": "rowId,y\n2,1\n1,0\n"})
    options = ("--loss", "mae", "--pred-cols", "y", "--target-col", "y")
    outcome = run("eval", "p.csv", "t.csv", *options)
    assert (outcome.code, outcome.out) == (3, "")
    assert "have the same ids, 'rowId', in another order" in outcome.err
    assert "pair the rows by them with --id rowId; if" in outcome.err
    assert run("eval", "p.csv", "t.csv", *options, "--id", "rowId").err == ""
    told = "a column 'rowId', in another order: pair by it with --id?"
    assert told in run("eval", "p.csv", "t.csv", *options, "--index", "ignore").err


def test_an_index_of_pandas_may_stand_beside_chosen_columns(run: Run, write: Write) -> None:
    write({"p.csv": ",y\n0,0.5\n1,0.25\n", "t.csv": "1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--pred-cols", "y", "-q")
    assert outcome == Outcome(0, "0.375\n", "")
