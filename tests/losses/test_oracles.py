"""Every loss against what torch and optax computed: `make oracles` wrote the numbers."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossctl
from lossctl.losses import LOSSES, entry, loss_of
from lossctl.losses.loss import NUMBERS

KNOWN = json.loads((Path(__file__).parents[1] / "oracles.json").read_text())
RECORDS: list[dict[str, Any]] = KNOWN["records"]
WITHOUT = {
    *("rmse", "perplexity"),  # functions of a mean, of mse and ce
    *("quantile", "msle", "mape", "poisson", "gamma", "tweedie", "brier"),  # of scikit-learn
    *("smape", "squared-hinge", "zero-one"),  # neither has them; by hand in test_edges.py
}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{record['loss']} {record['call']}")
def test_it_is_the_number_of_another_library(record: dict[str, Any]) -> None:
    y, d = (np.array(KNOWN["inputs"][record["inputs"]][side]) for side in "yd")
    n = len(y)
    report = lossctl.evaluate(y, d, loss=record["loss"], from_=record["from"], worst=n)
    assert report.worst is not None
    ours = report.worst.losses[loss_of(record["loss"], record["from"]).name]
    theirs = np.array(record["losses"])[report.worst.rows - 1]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15 * np.abs(theirs).max())


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{record['loss']} {record['call']}")
def test_its_gradient_is_that_of_automatic_differentiation(record: dict[str, Any]) -> None:
    y, d = (np.array(KNOWN["inputs"][record["inputs"]][side]) for side in "yd")
    loss = loss_of(record["loss"], record["from"])
    assert loss.formula.gradient is not None
    ours, theirs = loss.formula.gradient(y, d, **loss.values), np.array(record["gradient"])
    smooth = np.full(len(y), True)
    if loss.formula.kinks is not None:
        smooth = ~loss.formula.kinks(y, d, **loss.values)
    assert smooth.sum() > len(y) // 2
    scale = 1e-15 * np.abs(theirs).max()
    np.testing.assert_allclose(ours[smooth], theirs[smooth], rtol=1e-9, atol=scale)


def test_every_loss_is_held_to_some_library() -> None:
    assert {record["loss"].partition(":")[0] for record in RECORDS} == {*LOSSES} - WITHOUT


def test_what_a_loss_is_compared_with_there_is_what_was_called() -> None:
    """A loss of plain numbers that torch is said to have is held to that function of torch."""
    for name in LOSSES:
        for formula in entry(name).scales.values():
            for peer in formula.peers:
                found = re.fullmatch(r"torch's (\w+)", peer.name)
                if found and NUMBERS in entry(name).scales:
                    assert any(
                        record["loss"].startswith(name) and found[1] in record["call"]
                        for record in RECORDS
                    )
