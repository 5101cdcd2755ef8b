"""Lists and arrays in the cells of data frames and series, given to `lossctl.evaluate`."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import lossctl

LISTS = [[0.1, 0.9], [0.7, 0.3]]
LABELS = np.array([1, 0])
EXPECTED = -(math.log(0.9 + 1e-7) + math.log(0.7 + 1e-7)) / 2


def loss(predictions: Any, targets: Any = None, name: str = "ce", **options: Any) -> float:
    return lossctl.evaluate(predictions, targets, loss=name, **options).losses[name].mean


@pytest.mark.parametrize(
    "cells",
    [
        LISTS,
        list(map(tuple, LISTS)),
        list(map(np.array, LISTS)),
        pd.Series(LISTS, dtype=pd.ArrowDtype(pa.list_(pa.float64()))),
    ],
    ids=["lists", "tuples", "arrays", "Arrow"],
)
def test_lists_of_one_length_are_components(cells: Any) -> None:
    frame = pd.DataFrame({"probs": cells, "label": LABELS})
    assert loss(frame, pred_cols="probs", target_col="label") == pytest.approx(EXPECTED, rel=1e-12)
    assert loss(frame, pred_cols="probs[0],probs[1]", target_col="label") == loss(
        frame["probs"], LABELS
    )
    assert loss(frame[["probs"]], LABELS) == loss(np.array(LISTS), LABELS)


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.list_(pa.float64(), 2)])
def test_lists_of_a_table_of_arrow(kind: Any) -> None:
    table = pa.table({"probs": pa.array(LISTS, kind), "label": LABELS})
    assert loss(table, pred_cols="probs", target_col="label") == loss(np.array(LISTS), LABELS)


def test_one_hot_lists_are_targets() -> None:
    targets = pd.DataFrame({"y": [[False, True], [True, False]]})
    assert loss(np.array(LISTS), targets) == loss(np.array(LISTS), LABELS)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_list_is_left_out_where_that_is_asked_for(missing: Any) -> None:
    frame = pd.DataFrame({"probs": [missing, [0.7, 0.3]]})
    with pytest.raises(lossctl.DataError, match=r"row 1"):
        loss(frame, LABELS)
    assert loss(frame, LABELS, nan="skip") == loss(np.array(LISTS[1:]), LABELS[1:])


def test_a_missing_component_is_a_missing_value() -> None:
    with pytest.raises(lossctl.DataError, match=r'row 1: column "probs\[1\]"'):
        loss(pd.DataFrame({"probs": [[0.1, None], [0.7, 0.3]]}), LABELS)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([[0.1, 0.9], [0.7]], "element 2: a list of 1 where the first one has 2 components"),
        ([[0.1, 0.9], 0.5], "element 2: 0.5 is not a list of numbers"),
        ([["a", "b"], ["c", "d"]], "element 1: .* is not a list of numbers"),
        ([[[0.1], [0.9]], [[0.7], [0.3]]], "element 1: .* is not a list of numbers"),
        ([[[0.1], [0.9, 1]], [0.7, 0.3]], "element 1: .* is not a list of numbers"),
        ([[], []], "element 1: .* is not a list of numbers"),
        ([[0.1, 0.9], [True, False]], "element 2: true and false in some lists"),
        (
            [[2**53 + 1, 0], [0.7, 0.3]],
            "beside other numbers, integers beyond 2\\^53 are not exact",
        ),
    ],
)
def test_what_cannot_be_the_components_of_a_sample(cells: Any, reason: str) -> None:
    with pytest.raises(lossctl.DataError, match=f"predictions: column 'probs': {reason}"):
        loss(pd.DataFrame({"probs": cells}), LABELS)


@pytest.mark.parametrize("labels", [["1", "0"], [1, 0]])
@pytest.mark.parametrize("dtype", [object, "category", "string"])
def test_labels_may_be_texts_of_numbers(labels: list[Any], dtype: Any) -> None:
    if dtype == "string":
        labels = list(map(str, labels))
    targets = pd.DataFrame({"y": pd.Series(labels, dtype=dtype)})
    assert loss(np.array(LISTS), targets) == loss(np.array(LISTS), LABELS)
    assert loss(np.array(LISTS), targets["y"]) == loss(np.array(LISTS), LABELS)
