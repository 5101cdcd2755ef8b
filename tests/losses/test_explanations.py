"""What is said of a loss below its table is so: its sum in words, and what others make of it."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from conftest import Run, Write
from samples import probabilities
from sklearn.metrics import (  # type: ignore[import-untyped]
    log_loss,
    mean_absolute_error,
    mean_squared_error,
)

import lossctl
from lossctl.losses import LOSSES, entry
from lossctl.losses.loss import Peer


def explanation(loss: str, k: int, **options: Any) -> tuple[float, str]:
    """Return a mean of k components, and what is said of it."""
    y, d = probabilities(50, k), probabilities(50, k, 1)
    if loss == "ce" and options.get("from_") == "log-probs":
        y = np.log(y)
    result = lossctl.evaluate(y, d, loss=loss, **options).losses[loss]
    return result.mean, result.explanation


def share(said: str) -> Fraction:
    """Return what ours is to be multiplied by, as the sentence has it."""
    found = re.search(r" is (?:the same|x (\d+(?:/\d+)?) of it)", said)
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
    assert f"scikit-learn's {theirs.__name__} is " in said
    assert f" over {k} component{'s' * (k > 1)}; " in said


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_log_loss_of_scikit_learn_is_the_same(k: int) -> None:
    y, labels = probabilities(50, k), np.arange(50) % k
    result = lossctl.evaluate(y, labels, loss="ce").losses["ce"]
    assert result.mean == pytest.approx(log_loss(labels, y), abs=1e-5)
    assert result.explanation == (
        f"-sum of d ln(p + 1e-7) over {k} classes, in nats; scikit-learn's log_loss is the same "
        "but for the 1e-7"
    )


SAID = {
    ("mae", "probs", 1): "sum of absolute differences over 1 component; scikit-learn's "
    "mean_absolute_error is the same",
    ("mae", "probs", 3): "sum of absolute differences over 3 components; scikit-learn's "
    "mean_absolute_error is x 1/3 of it",
    ("mse", "probs", 1): "1/2 sum of squares over 1 component; scikit-learn's mean_squared_error "
    "is x 2 of it",
    ("mse", "probs", 2): "1/2 sum of squares over 2 components; scikit-learn's mean_squared_error "
    "is the same",
    ("mse", "probs", 3): "1/2 sum of squares over 3 components; scikit-learn's mean_squared_error "
    "is x 2/3 of it",
    ("mse", "probs", 4): "1/2 sum of squares over 4 components; scikit-learn's mean_squared_error "
    "is x 1/2 of it",
    ("ce", "logits", 3): "-sum of d ln(softmax) over 3 classes, in nats; torch's cross_entropy is "
    "the same",
    ("ce", "log-probs", 3): "-sum of d times the log-probability over 3 classes, in nats; torch's "
    "nll_loss is the same",
    ("bce", "probs", 1): "-sum of d ln(p + 1e-7) + (1 - d) ln(1 - p + 1e-7) over 1 component, in "
    "nats; torch's binary_cross_entropy is the same but for the 1e-7",
    ("bce", "logits", 3): "sum of softplus(y) - d y over 3 components, in nats; torch's "
    "binary_cross_entropy_with_logits is x 1/3 of it",
}


@pytest.mark.parametrize(("loss", "scale", "k"), SAID, ids=str)
def test_what_is_said(loss: str, scale: str, k: int) -> None:
    assert explanation(loss, k, from_=scale)[1] == SAID[loss, scale, k]


def test_shares_are_in_lowest_terms() -> None:
    assert Peer("x").share(6) == "1"
    assert [Peer("x", mean=True).share(k) for k in (1, 2, 6)] == ["1", "1/2", "1/6"]
    assert [Peer("x", 2, mean=True).share(k) for k in (1, 2, 4, 6, 7)] == [
        *("2", "1", "1/2", "1/3", "2/7")
    ]
    assert [Peer("x", 2).share(k) for k in (1, 4)] == ["2", "2"]


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_explained_on_every_scale(name: str) -> None:
    for formula in entry(name).scales.values():
        said = formula.explained(2)
        assert formula.words
        assert " over 2 " in said
        assert "{" not in said
        assert said.isascii()


def test_it_stands_below_the_table_and_the_formula_in_json(run: Run, write: Write) -> None:
    write({"p.npy": probabilities(5, 3), "t.npy": probabilities(5, 3, 1)})
    for form, lines in (("table", "\n{}\n"), ("md", "\n{}\n\n")):
        out = run("eval", "p.npy", "t.npy", "--loss=mse,mae", "-f", form, "--rows=0").out
        for loss in ("mse", "mae"):
            said = f"{loss}: {SAID[loss, 'probs', 3]}".replace("_", r"\_" if form == "md" else "_")
            assert lines.format(said) in f"{out}\n"
    report = lossctl.evaluate(probabilities(5, 3), [0, 1, 2, 0, 1], loss="ce,mae").to_dict()
    assert [loss["formula"] for loss in report["losses"]] == [
        *("-sum_j d_j ln(y_j + 1e-7)", "sum_j |y_j - d_j|")
    ]
    assert [loss["notes"] for loss in report["losses"]] == [[], []]
