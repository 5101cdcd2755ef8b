"""Numbers that are valid, but look as if something else had been meant; and what explains them."""

import json
import re
from typing import Any

import numpy as np
import pytest
from conftest import Run, Write
from samples import TWICE

import lossctl
from lossctl.results.report import Report, ReportWarning

HALVES = np.arange(20) % 2
EVENTS = HALVES[:, None] == np.arange(2)
every_block = pytest.mark.parametrize("block_rows", [1, 7, None])


def codes(y: Any, d: Any, **options: Any) -> list[str]:
    return [warning.code for warning in lossctl.evaluate(y, d, **options).warnings]


def sure(of_the_true: Any) -> Any:
    """Return rows of two classes with these probabilities for the true one, 0, 1, 0, ..."""
    p = np.broadcast_to(np.asarray(of_the_true, float)[..., None], (20, 1))
    return np.where(EVENTS, p, 1 - p)


def hard(right: int) -> Any:
    """Return rows of 0 and 1 of which so many say the true class."""
    return sure(np.where(np.arange(20) < right, 1.0, 0.0))


# Classes in the place of probabilities.


@every_block
@pytest.mark.parametrize("targets", [HALVES, EVENTS * 1.0], ids=["labels", "rows"])
def test_classes_in_the_place_of_probabilities(targets: Any, block_rows: int | None) -> None:
    report = lossctl.evaluate(hard(15), targets, loss="ce", block_rows=block_rows)
    told = {warning.code: warning for warning in report.warnings}
    assert report.losses["ce"].mean == pytest.approx(0.25 * 16.118, rel=1e-4)
    assert told["hard-predictions"].message == (
        "predictions holds only 0 and 1, classes rather than probabilities: a log loss of them "
        "only counts mistakes, 5 of 20 samples, at 16.118 for each wrong value"
    )


def test_classes_of_events() -> None:
    y, d = hard(15)[:, 1], EVENTS[:, 1] * 1.0
    (warning,) = (w for w in lossctl.evaluate(y, d, loss="bce").warnings if w.code[0] == "h")
    assert ", 5 of 20 samples, at 16.118 for each wrong value" in warning.message


@pytest.mark.parametrize(
    ("y", "d", "loss", "values"),
    [
        (hard(15), HALVES, "ce", 1),
        (hard(15)[:, 1], EVENTS[:, 1] * 1.0, "bce", 1),
        (hard(15), HALVES, "bce", 2),
        (hard(15), np.ones((20, 2)), "bce", 1),
    ],
    ids=["classes", "one event", "two columns of labels", "two events"],
)
def test_the_share_and_what_each_costs_give_the_mean(
    y: Any, d: Any, loss: str, values: int
) -> None:
    """So many `values` of a wrong sample are wrong."""
    report = lossctl.evaluate(y, d, loss=loss)
    (said,) = (w.message for w in report.warnings if w.code == "hard-predictions")
    found = re.search(r" mistakes, (\d+) of 20 samples, at (\S+) for each wrong value$", said)
    assert found is not None
    assert int(found[1]) / 20 * float(found[2]) * values == pytest.approx(
        report.losses[loss].mean, rel=1e-4
    )


@every_block
def test_one_probability_among_them_is_enough(block_rows: int | None) -> None:
    for row in (0, 10, 19):
        y = hard(15)
        y[row] = [0.5, 0.5]
        assert "hard-predictions" not in codes(y, HALVES, loss="ce", block_rows=block_rows)


def test_few_samples_may_all_be_sure() -> None:
    assert "hard-predictions" in codes(hard(15)[:10], HALVES[:10], loss="ce")
    assert "hard-predictions" not in codes(hard(15)[:9], HALVES[:9], loss="ce")


@pytest.mark.parametrize("loss", ["mae", "mse", "mae,mse"])
def test_other_losses_may_be_of_classes(loss: str) -> None:
    assert codes(hard(15), HALVES, loss=loss) == []


def test_logits_and_logarithms_may_be_0_and_1() -> None:
    for loss in ("ce", "bce"):
        assert "hard-predictions" not in codes(hard(15), HALVES, loss=loss, from_="logits")


# Worse than knowing nothing.


@every_block
@pytest.mark.parametrize("targets", [HALVES, EVENTS * 1.0], ids=["labels", "rows"])
def test_inverted_probabilities(targets: Any, block_rows: int | None) -> None:
    report = lossctl.evaluate(sure(0.1), targets, loss="ce", block_rows=block_rows)
    (warning,) = report.warnings
    assert (warning.code, warning.count) == ("above-entropy", 1)
    assert warning.message == (
        "ce is 2.30258, but always predicting how common the classes are gives 0.693147: are rows "
        "or columns shuffled, or probabilities inverted?"
    )
    assert codes(sure(0.9), targets, loss="ce", block_rows=block_rows) == []


def test_the_entropy_is_that_of_the_shares() -> None:
    labels = np.arange(20) % 4 // 3  # three in four are of the first class
    y = np.where(labels[:, None] == np.arange(2), 0.05, 0.95)
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    (warning,) = lossctl.evaluate(y, labels, loss="ce").warnings
    assert f" gives {entropy:.6g}: " in warning.message
    soft = np.full((20, 2), [0.75, 0.25])
    (warning,) = lossctl.evaluate(np.full((20, 2), [0.001, 0.999]), soft, loss="ce").warnings
    assert f" gives {entropy:.6g}: " in warning.message


@every_block
@pytest.mark.parametrize("order", [[1, 0, 2, 3], [3, 0, 1, 2]], ids=["two", "all"])
def test_classes_in_another_order_below_the_entropy(
    order: list[int], block_rows: int | None
) -> None:
    true = np.arange(40) % 4
    y = np.where(true[:, None] == np.arange(4), 0.34, 0.22)
    for targets in (true, true[:, None] == np.arange(4) * 1.0):
        assert codes(y, targets, loss="ce", block_rows=block_rows) == []
        found = codes(y[:, order], targets, loss="ce", block_rows=block_rows)
        assert found == ["classes-in-another-order"]
        worse_model = y[:, [0, 0, 2, 3]] / y[:, [0, 0, 2, 3]].sum(axis=1, keepdims=True)
        assert codes(worse_model, targets, loss="ce", block_rows=block_rows) == []


def test_events_are_of_their_own() -> None:
    d = np.stack([HALVES, np.arange(20) // 10], axis=1) * 1.0
    (warning,) = lossctl.evaluate(np.abs(d - 0.9), d, loss="bce").warnings
    assert (warning.code, f" gives {2 * np.log(2):.6g}: " in warning.message) == (
        "above-entropy",
        True,
    )
    (warning,) = lossctl.evaluate(np.abs(d - 0.9)[:, 0], d[:, 0], loss="bce").warnings
    assert f" gives {np.log(2):.6g}: " in warning.message


def test_how_far_above_it_has_to_be() -> None:
    assert codes(sure(np.exp(-1.49 * np.log(2))), HALVES, loss="ce") == []
    assert codes(sure(np.exp(-1.51 * np.log(2))), HALVES, loss="ce") == ["above-entropy"]


def test_by_chance_it_may_be_above() -> None:
    few_bad = np.where(np.arange(20) < 3, 1e-6, 0.9)  # 2.16, with a standard error of 1.14
    assert codes(sure(few_bad), HALVES, loss="ce") == []
    assert codes(sure(0.1)[:9], HALVES[:9], loss="ce") == []
    assert codes(sure(0.1)[:10], HALVES[:10], loss="ce") == ["above-entropy"]


def test_of_one_class_there_is_nothing_to_say() -> None:
    assert codes(np.full((20, 2), [0.1, 0.9]), np.zeros(20, int), loss="ce") == []


def test_logits_are_judged_as_well() -> None:
    assert codes(np.log(sure(0.1)), HALVES, loss="ce", from_="logits") == ["above-entropy"]
    assert codes(np.log(sure(0.1)), HALVES, loss="ce", from_="log-probs") == ["above-entropy"]


@pytest.mark.parametrize("targets", [HALVES, EVENTS * 1.0], ids=["labels", "rows"])
@pytest.mark.parametrize("loss", ["bce", "ce,bce", "bce,ce"])
def test_a_good_prediction_of_two_columns_is_not_above(targets: Any, loss: str) -> None:
    """Two events are told by the shares of both: each log loss has its own entropy."""
    report = lossctl.evaluate(sure(0.55), targets, loss=loss)
    assert report.losses["bce"].mean == pytest.approx(2 * 0.5978, rel=1e-3)
    assert [warning.code for warning in report.warnings] == ["complementary-columns"]


# Two columns of one event.


TWICE_IN_PYTHON = TWICE.replace("--loss ce", 'loss="ce"').replace("--pred-cols", "pred_cols=")


@every_block
def test_two_columns_of_one_event(block_rows: int | None) -> None:
    report = lossctl.evaluate(sure(0.75), HALVES, loss="bce,mae", block_rows=block_rows)
    assert report.losses["bce"].mean == pytest.approx(-2 * np.log(0.75))
    assert report.warnings == (ReportWarning("complementary-columns", TWICE_IN_PYTHON, 1),)
    assert notes(report) == {"bce": (), "mae": ()}


def test_any_loss_of_events_counts_two_columns_twice() -> None:
    for loss in ("focal", "focal:gamma=0.5"):
        [warning] = lossctl.evaluate(sure(0.75), HALVES, loss=loss).warnings
        said = f"so that {loss} counts each event twice: name the positive column with pred_cols="
        assert (warning.code, said in warning.message) == ("complementary-columns", True)
    assert codes(np.full((20, 3), [0.25, 0.25, 0.5]), HALVES, loss="focal") == []


@every_block
def test_events_that_do_not_add_up_to_1_are_two(block_rows: int | None) -> None:
    for row in (0, 10, 19):
        y = sure(0.75)
        y[row, 0] = 0.5
        assert codes(y, HALVES, loss="bce", block_rows=block_rows) == ["not-probabilities"]
    assert codes(sure(0.75), HALVES, loss="ce") == []
    assert codes(sure(0.75)[:, 1], HALVES, loss="bce") == []
    three = np.full((20, 3), [0.25, 0.25, 0.5])
    found = codes(three, HALVES, loss="bce", block_rows=block_rows)
    assert found == ["complementary-columns", "above-entropy"]


# Notes, which are told beside the numbers and are no warnings.


def notes(report: Report) -> dict[str, tuple[str, ...]]:
    return {name: loss.notes for name, loss in report.losses.items()}


LEAST = "the 1e-7 puts the loss of a perfect prediction just below 0"


@every_block
def test_a_perfect_prediction_is_below_0(block_rows: int | None) -> None:
    y = sure(np.where(np.arange(20) == 13, 1.0, 0.75))
    report = lossctl.evaluate(y, HALVES, loss="ce,mae", block_rows=block_rows)
    assert notes(report) == {"ce": (LEAST,), "mae": ()}
    assert report.warnings == ()
    assert notes(lossctl.evaluate(sure(0.75), HALVES, loss="ce")) == {"ce": ()}


def test_what_is_further_below_0_is_not_put_there_by_the_guard() -> None:
    off = "probabilities that are a little off, or sums of them, put it below 0"
    y = sure(0.75)
    for loss, factor, said in (("kl", 1.009, off), ("kl", 1.0, LEAST), ("ce", 1.0, None)):
        report = lossctl.evaluate(y * factor, y, loss=loss)
        assert notes(report) == {loss: (said,) if said else ()}
    low = lossctl.evaluate([[1 + 9e-7, 0.0]], [[1.0, 0.0]], loss="ce")
    assert notes(low) == {"ce": (off,)}


def test_notes_are_told_below_the_table_and_in_json_alone(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n1,0\n0.25,0.75\n", "t.csv": "0\n1\n"})
    arguments = ("eval", "p.csv", "t.csv", "--loss=bce,mae", "--format")
    table, md, report = (run(*arguments, form) for form in ("table", "md", "json"))
    warned = f"lossctl: warning: {TWICE}\n"
    assert {table.err, md.err, report.without_notes().err} == {warned}
    for shown in (table, md):
        [said] = [line for line in shown.out.splitlines() if LEAST in line]
        assert said.startswith("bce: ")
        assert said.endswith(f"; {LEAST}")
    content = json.loads(report.out)
    assert [loss["notes"] for loss in content["losses"]] == [[LEAST], []]
    assert [(one["code"], one["message"]) for one in content["warnings"]] == [
        ("complementary-columns", TWICE)
    ]
    assert run(*arguments[:-1], "-q").err == warned
