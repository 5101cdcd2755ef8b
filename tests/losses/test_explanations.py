"""What is said of a loss below its table is so: its sum in words, and what others make of it."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from conftest import Run, Write
from samples import probabilities
from sklearn.metrics import (  # type: ignore[import-untyped]
    hinge_loss,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
)

import lossctl
from lossctl.losses import LOSSES, entry, loss_of
from lossctl.losses.loss import NUMBERS
from lossctl.losses.peers import Peer


def explanation(loss: str, k: int, **options: Any) -> tuple[float, str]:
    """Return a mean of k components, and what is said of it."""
    y, d = probabilities(50, k), probabilities(50, k, 1)
    if loss == "bce":
        y = np.clip(y, 0.01, 0.99)
    if loss == "ce" and options.get("from_") == "log-probs":
        y = np.log(y)
    result = lossctl.evaluate(y, d, loss=loss, **options).losses[loss]
    return result.mean, result.explanation


def share(said: str) -> Fraction:
    """Return what ours is to be multiplied by, as the sentence has it."""
    found = re.search(r" is (?:the same|(\d+(?:/\d+)?) (?:of|times) Loss\(W\), )", said)
    assert found is not None
    return Fraction(found[1] or 1)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
@pytest.mark.parametrize(
    ("loss", "theirs"), [("mae", mean_absolute_error), ("mse", mean_squared_error)]
)
def test_the_share_of_scikit_learn_is_so(loss: str, theirs: Any, k: int) -> None:
    mean, said = explanation(loss, k)
    expected = theirs(probabilities(50, k, 1), probabilities(50, k))
    assert mean * float(share(said)) == pytest.approx(expected, rel=1e-12)
    assert said.endswith(f"is the same, as k is {k}") or float(
        said.split(", ")[-1]
    ) == pytest.approx(expected, rel=1e-5)
    assert f"scikit-learn's {theirs.__name__} is " in said
    assert f" over {k} component{'s' * (k > 1)}; " in said


@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
@pytest.mark.parametrize(
    ("loss", "theirs"), [("mae", mean_absolute_error), ("mse", mean_squared_error)]
)
def test_the_number_of_scikit_learn_is_there_for_programs(loss: str, theirs: Any, k: int) -> None:
    y, d = probabilities(50, k), probabilities(50, k, 1)
    result = lossctl.evaluate(y, d, loss=loss).losses[loss]
    assert result.peer is not None
    name, number = result.peer
    assert name == f"scikit-learn's {theirs.__name__}"
    assert number == pytest.approx(theirs(d, y), rel=1e-12)
    assert result.to_dict()["peer"] == {"name": name, "value": number}


def test_there_is_none_where_the_1e_7_makes_it_another() -> None:
    y, labels = probabilities(50, 3), np.arange(50) % 3
    result = lossctl.evaluate(y, labels, loss="ce").losses["ce"]
    assert result.peer is result.to_dict()["peer"] is None
    result = lossctl.evaluate(np.log(y), labels, loss="ce", from_="log-probs").losses["ce"]
    assert result.peer == ("torch's nll_loss", result.mean)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_log_loss_of_scikit_learn_is_the_same(k: int) -> None:
    y, labels = probabilities(50, k), np.arange(50) % k
    result = lossctl.evaluate(y, labels, loss="ce").losses["ce"]
    assert result.mean == pytest.approx(log_loss(labels, y), abs=1e-5)
    assert result.explanation.startswith(
        f"-sum of d ln(p + 1e-7) over {k} classes, in nats; scikit-learn's log_loss is the same "
        "but for the 1e-7"
    )


@pytest.mark.parametrize("k", [1, 3, 5])
def test_the_hinge_loss_of_scikit_learn_is_the_same(k: int) -> None:
    y, labels = np.random.default_rng(k).normal(size=(50, k)), np.arange(50) % max(k, 2)
    d = labels[:, None].astype(float) if k == 1 else np.eye(k)[labels]
    result = lossctl.evaluate(y, d, loss="hinge").losses["hinge"]
    assert result.explanation.endswith("; scikit-learn's hinge_loss is the same")
    theirs = hinge_loss(labels, y[:, 0] if k == 1 else y)
    assert result.peer == ("scikit-learn's hinge_loss", result.mean)
    assert result.mean == pytest.approx(theirs, rel=1e-12)


def test_scikit_learn_has_no_hinge_loss_of_two_columns() -> None:
    y, labels = np.random.default_rng(2).normal(size=(50, 2)), np.arange(50) % 2
    result = lossctl.evaluate(y, np.eye(2)[labels], loss="hinge").losses["hinge"]
    assert result.peer is None
    assert "scikit-learn" not in result.explanation
    with pytest.raises(ValueError, match="1d array"):
        hinge_loss(labels, y)


SAID = {
    ("mae", "probs", 1): "sum of absolute differences over 1 component; scikit-learn's "
    "mean_absolute_error is the same, as k is 1",
    ("mae", "probs", 3): "sum of absolute differences over 3 components; scikit-learn's "
    "mean_absolute_error is 1/3 of Loss(W), {}",
    ("mse", "probs", 1): "1/2 sum of squares over 1 component; scikit-learn's mean_squared_error "
    "is 2 times Loss(W), {}",
    ("mse", "probs", 2): "1/2 sum of squares over 2 components; scikit-learn's mean_squared_error "
    "is the same, as k is 2",
    ("mse", "probs", 3): "1/2 sum of squares over 3 components; scikit-learn's mean_squared_error "
    "is 2/3 of Loss(W), {}",
    ("mse", "probs", 4): "1/2 sum of squares over 4 components; scikit-learn's mean_squared_error "
    "is 1/2 of Loss(W), {}",
    ("ce", "logits", 3): "-sum of d ln(softmax) over 3 classes, in nats; torch's cross_entropy is "
    "the same",
    ("ce", "log-probs", 3): "-sum of d times the log-probability over 3 classes, in nats; torch's "
    "nll_loss is the same",
    ("bce", "probs", 1): "-sum of [d ln(p + 1e-7) + (1 - d) ln(1 - p + 1e-7)] over 1 component, "
    "in nats; scikit-learn's log_loss is the same but for the 1e-7",
    ("bce", "logits", 3): "sum of [softplus(y) - d y] over 3 components, in nats; torch's "
    "binary_cross_entropy_with_logits is 1/3 of Loss(W), {}",
}


@pytest.mark.parametrize(("loss", "scale", "k"), SAID, ids=str)
def test_what_is_said(loss: str, scale: str, k: int) -> None:
    said = explanation(loss, k, from_=scale)[1]
    assert SAID[loss, scale, k].format(said.split(", ")[-1]) == said


def test_shares_are_in_lowest_terms() -> None:
    def compared(*ks: int, **peer: Any) -> list[str]:
        return [Peer("x", **peer).compared(k, 3.0).removeprefix("x is ") for k in ks]

    assert compared(6) == ["the same"]
    assert compared(1, 6, mean=True) == ["the same, as k is 1", "1/6 of Loss(W), 0.5"]
    assert compared(1, 2, 4, 7, times=2, mean=True) == [
        *(
            "2 times Loss(W), 6",
            "the same, as k is 2",
            "1/2 of Loss(W), 1.5",
            "2/7 of Loss(W), 0.857143",
        )
    ]
    assert compared(1, 4, times=2) == ["2 times Loss(W), 6"] * 2
    assert Peer("x", 2).compared(1, 1.7e308) == "x is 2 times Loss(W), inf"


@pytest.mark.parametrize("columns", [1, 2])
def test_what_another_program_counts_for_a_wrong_certainty_is_said(columns: int) -> None:
    y, d = np.array([[0.0], [0.25], [1.0]]), np.array([[1.0], [0.0], [1.0]])
    loss = "bce" if columns == 1 else "ce"
    wide = (y, d) if columns == 1 else (np.hstack([1 - y, y]), np.hstack([1 - d, d]))
    result = lossctl.evaluate(*wide, loss=loss).losses[loss]
    assert result.explanation.endswith(
        "in nats; scikit-learn's log_loss is another number: the targets of 1 sample have a "
        "probability below 1e-7, which costs up to 16.1181 here, and up to 36.0437 there, or "
        "15.9424 if predictions are float32"
    )
    expected = (36.04365338911715 - np.log(0.75)) / 3
    assert log_loss(d[:, 0], y[:, 0]) == pytest.approx(expected, rel=1e-12)
    theirs = log_loss(d[:, 0].astype("f4"), y[:, 0].astype("f4"))
    assert theirs == pytest.approx((15.942385152878742 - np.log(0.75)) / 3, rel=1e-6)
    assert result.mean == pytest.approx((16.11809565095832 - np.log(0.75)) / 3, rel=1e-6)


def test_a_share_is_a_lower_bound_where_the_guard_decides() -> None:
    y, d = np.array([[0.0, 0.5], [0.0, 0.5]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    result = lossctl.evaluate(y, d, loss="bce").losses["bce"]
    assert (
        f"; torch's binary_cross_entropy is more than 1/2 of Loss(W), {result.mean / 2:.6g}: the "
        "targets of 2 samples have a probability below 1e-7, which costs up to 16.1181 here, and "
        "up to 100 there" in result.explanation
    )


def test_a_note_stands_in_the_line_of_its_loss(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n1,0\n0.25,0.75\n", "t.csv": "1,0\n0,1\n"})
    out = run("eval", "p.csv", "t.csv", "--loss=ce,mae", "--rows=0").out
    of_ce, of_mae = out.splitlines()[-2:]
    assert of_ce.startswith("ce: ")
    assert of_ce.endswith("; the 1e-7 puts the loss of a perfect prediction just below 0")
    assert of_mae.startswith("mae: ")
    assert "perfect" not in of_mae


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_explained_on_every_scale(name: str) -> None:
    loss = entry(name)
    for scale in loss.scales:
        formula = loss_of(loss.example, "probs" if scale == NUMBERS else scale).formula
        said = formula.explained(2, 1.5, 0)
        assert formula.words
        assert re.search(r" over (samples and )?2 ", said)
        assert "{" not in said
        assert said.isascii()


def test_it_stands_below_the_table_and_the_formula_in_json(run: Run, write: Write) -> None:
    path = write({"t.npy": probabilities(5, 3, 1), "p.npy": probabilities(5, 3)})
    known = lossctl.evaluate(path, path.with_name("t.npy"), loss="mse,mae").losses
    for form, lines in (("table", "\n{}\n"), ("md", "\n{}\n\n")):
        out = run("eval", "p.npy", "t.npy", "--loss=mse,mae", "-f", form, "--rows=0").out
        for loss in ("mse", "mae"):
            said = f"{loss}: {known[loss].explanation}".replace("_", r"\_" if form == "md" else "_")
            assert lines.format(said) in f"{out}\n"
    report = lossctl.evaluate(probabilities(5, 3), [0, 1, 2, 0, 1], loss="ce,mae").to_dict()
    assert [loss["formula"] for loss in report["losses"]] == [
        *("-sum_j d_j ln(y_j + 1e-7)", "sum_j |y_j - d_j|")
    ]
    assert all(" over 3 " in loss["explanation"] for loss in report["losses"])
    assert report["means"] == {loss["loss"]: loss["mean"] for loss in report["losses"]}
    assert [loss["notes"] for loss in report["losses"]] == [[], []]
