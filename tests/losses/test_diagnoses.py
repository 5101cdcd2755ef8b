"""What is said of a row outside of its domain, and of names of losses: nothing that misleads."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossctl.losses import LOSSES
from lossctl.losses.diagnoses import (
    Diagnosis,
    Row,
    of_distribution,
    of_events,
    of_log_probabilities,
    of_sums,
    of_sums_of_exponentials,
)
from lossctl.losses.names import SAID, unknown

LOGITS = "--from logits"
OF_PREDICTIONS: dict[str, tuple[Diagnosis, list[float], str]] = {
    "raw-score": (of_events, [-1.1], "a value of -1.1: if the values of all rows are logits, pass"),
    "percentage-or-logit": (of_events, [73.5], "; percentages are to be divided by 100"),
    "multi-label-logits": (of_events, [-1.5, 2.25], "if the values of all rows are logits"),
    "index": (of_events, [2.0], "a label, a count or an index rather than a logit"),
    "negative-index": (of_events, [-7.0], "a label, a count or an index rather than a logit"),
    "timestamp": (of_events, [1699999999.5], "neither probabilities nor logits"),
    "just-above": (of_events, [1.00002], "it lies just outside 0 to 1"),
    "id-beside": (of_events, [17.0, 0.25], "is it an id, a label or a weight?"),
    "logits": (of_distribution, [2.5, -3.5], "if the values of all rows are logits"),
    "id-and-distribution": (of_distribution, [17.0, 0.7, 0.3], "is it an id, a label or a weight?"),
    "weight": (of_distribution, [2.5, 0.7, 0.3], "is it an id, a label or a weight?"),
    "id-of-97": (of_distribution, [97.0, 1.0, 0.0], "is it an id, a label or a weight?"),
    "id-and-a-part": (of_distribution, [2.0, 0.8], "is it an id, a label or a weight?"),
    "counts": (of_distribution, [3.0, 4.0], "these look like counts or labels; are the two swap"),
    "percentages": (of_distribution, [5.5, 94.5], "these look like percentages; divide them"),
    "log-probs": (of_distribution, [math.log(0.25), math.log(0.75)], "pass --from log-probs"),
    "logits-for-logs": (of_log_probabilities, [0.5, -2.0], "if the values of all rows are logits"),
    "id-beside-logs": (of_log_probabilities, [7.0, math.log(0.5), math.log(0.5)], "is it an id?"),
    "probabilities-for-logs": (of_log_probabilities, [0.25, 0.75], "leave --from log-probs out"),
}  # fmt: skip


@pytest.mark.parametrize(("diagnosis", "row", "hint"), OF_PREDICTIONS.values(), ids=OF_PREDICTIONS)
def test_predictions(diagnosis: Diagnosis, row: list[float], hint: str) -> None:
    assert hint in str(diagnosis(Row(np.array(row), targets=False)))


OF_TARGETS: dict[str, tuple[Diagnosis, list[float], str]] = {
    "1-and-2": (of_events, [2.0], "which is that of the event: --pos-label LABEL"),
    "signs": (of_events, [-1.0], "if 1 is the label of the event, pass --pos-label 1"),
    "another-label": (of_events, [7.0], "which is that of the event: --pos-label LABEL"),
    "real": (of_events, [3.25], "name the columns of the targets with --target-col"),
    "several": (of_events, [-1.0, 1.0], "name the columns of the targets with --target-col"),
    "id-beside": (of_distribution, [17.0, 1.0, 0.0], "name the columns of the targets with --targ"),
    "counts": (of_distribution, [3.0, 4.0], "name the columns of the targets with --target-col"),
    "teacher's-logits": (of_distribution, [2.5, -3.5], "targets are rows of probabilities, or one"),
    "logs": (of_distribution, [math.log(0.25), math.log(0.75)], "take their exponentials"),
}


@pytest.mark.parametrize(("diagnosis", "row", "hint"), OF_TARGETS.values(), ids=OF_TARGETS)
def test_targets(diagnosis: Diagnosis, row: list[float], hint: str) -> None:
    assert hint in str(diagnosis(Row(np.array(row), targets=True)))


values = st.one_of(
    st.integers(-5, 200).map(float), st.floats(-30, 30), st.floats(0, 1), st.just(-math.inf)
)
rows = st.lists(values, min_size=1, max_size=5).map(np.array)
DIAGNOSES = [of_distribution, of_events, of_log_probabilities]
examples = settings(deadline=None, derandomize=True, database=None, max_examples=300)


@pytest.mark.parametrize("diagnosis", DIAGNOSES)
@examples
@given(row=rows)
def test_of_targets_nobody_says_how_predictions_are_given(
    diagnosis: Diagnosis, row: np.ndarray
) -> None:
    if diagnosis is not of_log_probabilities:  # targets are never that
        said = str(diagnosis(Row(row, targets=True)))
        assert not [word for word in ("--from", "sigmoid", "--pred-cols") if word in said]


@pytest.mark.parametrize("diagnosis", DIAGNOSES)
@examples
@given(row=st.lists(st.integers(-5, 2000).map(float), min_size=1, max_size=4).map(np.array))
def test_whole_numbers_are_never_called_logits(diagnosis: Diagnosis, row: np.ndarray) -> None:
    if diagnosis is of_log_probabilities and row.max() <= 0:
        return  # its sums are to blame
    if diagnosis is of_events or row.min() < -0.01 or row.max() > 1.01:
        assert LOGITS not in str(diagnosis(Row(row, targets=False)))


def test_a_first_line_of_whole_numbers_may_be_a_header() -> None:
    row = np.array([1.0, 2.0])
    for diagnosis in (of_events, of_distribution):
        assert str(diagnosis(Row(row, False, True))).endswith("columns, pass --header")
        assert str(diagnosis(Row(row, True, True))).endswith("columns, pass --targets-header")
        assert "--header" not in str(diagnosis(Row(row + 0.5, False, True)))


def test_what_sums_to_something_far_from_1_gets_no_tolerance() -> None:
    for said in (of_sums(True), of_sums(False), of_sums_of_exponentials(False)):
        assert "--sum-tolerance" not in said


# Names of losses.


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_a_name_elsewhere_speaks_of_a_loss_that_there_is(name: str) -> None:
    losses, said = SAID[name]
    assert set(losses) <= set(LOSSES)
    assert all(loss in said for loss in losses)
    for spelt in (name, name.upper(), f"{name}_loss", f"{name}Loss"):
        assert unknown("loss", spelt, LOSSES) == (f"no loss is called {spelt!r}", said)


OTHERS = "mase medae rmsle mre male mbe ece mce ace kld js nce sce r2 auc f1 "
OTHERS += "accuracy error loss wmae"


@pytest.mark.parametrize("name", OTHERS.split())
def test_another_loss_is_no_slip_of_ours(name: str) -> None:
    assert "did you mean" not in unknown("loss", name, LOSSES)[1]


SLIPS = {"MSE": "mse", "ec": "ce", "Bce": "bce", "bcee": "bce"}
SLIPS |= dict.fromkeys(("mea", "mes"), "mae or mse")  # as near to the one as to the other
SLIPS |= {"hubr": "huber", "qauntile": "quantile", "logcosh": "log-cosh", "smooth_l1": "smooth-l1"}


@pytest.mark.parametrize(("slip", "name"), SLIPS.items())
def test_a_slip_is_told_as_one(slip: str, name: str) -> None:
    assert unknown("loss", slip, LOSSES)[1] == f"did you mean {name}?"


def test_what_is_not_among_the_losses_of_a_check_is_not_spoken_of() -> None:
    assert unknown("loss", "rmse", ["ce", "mae"])[1] == "one of: ce, mae"
