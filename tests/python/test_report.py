"""What is taken of a report and of its samples by a name, and what is said of other names."""

import copy
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lossctl

Y, LABELS = np.array([[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]]), ["cat", "dog", "cat"]
NAMED = pd.DataFrame(Y, columns=["cat", "dog"])


def test_a_column_of_the_frame_is_taken_by_its_name() -> None:
    frame = NAMED.assign(shop=["a", "b", "c"])
    targets = pd.DataFrame({"shop": ["c", "a", "b"], "label": ["cat", "cat", "dog"]})
    report = lossctl.evaluate(frame, targets, loss="ce", id="shop", samples=True, worst=2)
    for samples in (report.samples, report.worst):
        table = samples.to_frame()
        assert "shop" in table
        for name in map(str, table):
            assert samples[name].tolist() == table[name].tolist()
    assert report.worst["target"].tolist() == ["cat", "dog"]
    assert report.worst["p_target"].tolist() == [0.125, 0.5]


def test_numbers_that_were_predicted_are_an_array_of_them() -> None:
    worst = lossctl.evaluate([1.0, 5.0], [1.0, 2.0], loss="mae", worst=1).worst
    assert worst["target"].tolist() == [2.0]
    assert worst["prediction"].dtype == np.float64


REPORT = lossctl.evaluate(NAMED, LABELS, loss="ce,mae", samples=True, worst=1)

NOT_THERE: dict[str, tuple[Callable[[], Any], str]] = {
    "samples": (lambda: REPORT.samples["target"], "there is no 'target' here: ce, mae"),
    "worst": (
        lambda: REPORT.worst["mse"],
        "there is no 'mse' here: ce, mae, target, prediction, p_target",
    ),
    "losses": (lambda: REPORT.losses["mse"], "there is no 'mse' here: ce, mae"),
    "report": (lambda: REPORT["mse"], "there is no 'mse' here: ce, mae"),
}


@pytest.mark.parametrize("take", NOT_THERE)
def test_a_name_that_is_not_there_is_answered_with_those_that_are(take: str) -> None:
    taken, said = NOT_THERE[take]
    with pytest.raises(KeyError) as refused:
        taken()
    assert refused.value.args == (said,)


NO_ATTRIBUTES: dict[str, tuple[Any, str, str]] = {
    "column": (REPORT.worst, "target", ': it is a column, taken by ["target"]'),
    "loss": (REPORT.samples, "ce", ': it is a column, taken by ["ce"]'),
    "neither": (REPORT.samples, "target", ""),
    "loss-of-a-report": (REPORT, "mae", ': a loss is taken by its name, report["mae"]'),
    "mean": (REPORT, "mean", ', but each loss has: report["ce"].mean'),
    "nothing": (REPORT, "mse", ""),
    "loss-of-means": (REPORT.means, "ce", ': a loss is taken by its name, ["ce"]'),
    "mean-of-losses": (REPORT.losses, "std", ', but that of each loss has: ["ce"].std'),
    "losses-of-samples": (REPORT.samples.losses, "mae", ': a loss is taken by its name, ["mae"]'),
    "no-loss-of-means": (REPORT.means, "mse", ""),
}


@pytest.mark.parametrize("case", NO_ATTRIBUTES)
def test_an_attribute_that_is_elsewhere_is_answered_with_where_it_is(case: str) -> None:
    of, name, hint = NO_ATTRIBUTES[case]
    with pytest.raises(AttributeError) as refused:
        getattr(of, name)
    kind = type(of).__name__
    assert str(refused.value) == f"{kind!r} object has no attribute {name!r}{hint}"


def test_a_report_has_its_losses_by_their_names_and_is_no_list_of_them() -> None:
    assert REPORT["ce"] is REPORT.losses["ce"]
    with pytest.raises(TypeError, match="not iterable"):
        iter(REPORT)  # type: ignore[call-overload]


def test_a_command_of_the_shell_is_answered_with_what_it_is_in_python() -> None:
    with pytest.raises(AttributeError, match=r"Python it is report\.means\[\"ce\"\] <= limit"):
        lossctl.check  # noqa: B018


@pytest.mark.parametrize("name", lossctl.__all__)
def test_what_is_public_is_called_as_it_is_known(name: str) -> None:
    public = getattr(lossctl, name)
    assert public.__module__ == "lossctl"
    assert pickle.loads(pickle.dumps(public)) is public


def test_what_is_public_can_be_copied_and_stored() -> None:
    without = lossctl.evaluate(NAMED, LABELS, loss="ce")
    for one in (REPORT, REPORT.samples, REPORT["ce"], without):
        for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
            assert repr(other) == repr(one)
    assert not hasattr(copy.deepcopy(without), "samples")


def test_of_many_worst_samples_the_first_ones_are_shown() -> None:
    report = lossctl.evaluate(np.arange(30.0), np.zeros(30), loss="mae", worst=20)
    lines = str(report).splitlines()
    assert lines[0] == "Highest mae, 10 of 20 rows"
    assert [line.split()[0] for line in lines[3:14]] == [*map(str, range(29, 19, -1)), "…"]
    assert lines[14] == ""
    assert re.findall(r"<td[^>]*>(\d+)</td>", report._repr_html_()).count("19") == 0
    ten = lossctl.evaluate(np.arange(30.0), np.zeros(30), loss="mae", worst=10)
    assert "…" not in str(ten)


def test_a_loss_is_a_table_in_a_notebook() -> None:
    assert REPORT["ce"]._repr_html_().count("<tr") == REPORT.to_frame()[:1].to_html().count("<tr")
