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


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_component_is_a_missing_value(missing: Any) -> None:
    frame = pd.DataFrame({"probs": [[0.1, missing], [0.7, 0.3]]})
    with pytest.raises(lossctl.DataError, match=r'row 1: column "probs\[1\]"'):
        loss(frame, LABELS)
    assert loss(frame, LABELS, nan="skip") == loss(np.array(LISTS[1:]), LABELS[1:])


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([[0.1, 0.9], [0.7]], "element 2: a list of 1 where the first one has 2 components"),
        ([[0.1, 0.9], 0.5], "element 2: '0.5' is not a list of numbers"),
        (
            [[0.1, 0.9], ["a"] * 5000],
            r"element 2: '\['a', .{50,60}\.\.\.' is not a list of numbers$",
        ),
        (
            [[0.1, 0.9], {"a": "b" * 5000}],
            "element 2: .{50,70}\\.\\.\\.' is not a list of numbers$",
        ),
        ([["a", "b"], ["c", "d"]], "element 1: .* is not a list of numbers"),
        ([[[0.1], [0.9]], [[0.7], [0.3]]], "element 1: .* is not a list of numbers"),
        ([[[0.1], [0.9, 1]], [0.7, 0.3]], "element 1: .* is not a list of numbers"),
        ([[], []], "element 1: .* is not a list of numbers"),
    ],
)
def test_what_cannot_be_the_components_of_a_sample(cells: Any, reason: str) -> None:
    with pytest.raises(lossctl.DataError, match=f"predictions: column 'probs': {reason}"):
        loss(pd.DataFrame({"probs": cells}), LABELS)


@pytest.mark.parametrize(
    ("cells", "element"),
    [
        ([[0.1, 0.9], [2**53 + 1, 0.5]], 2),
        ([[0.1, 0.9], [2**53 + 1, None]], 2),
        ([[0.1, 0.9], [2**53 + 1, np.float64(0.5)]], 2),
        ([[2**53 + 1, 0], [0.7, 0.3]], 1),
        ([[2**53 + 1, 0], None], 1),
        ([[1, 2], [2**63 + 1, -1]], 2),
        ([np.array([0.1, 0.9]), np.array([2**53 + 1, 0])], 2),
        ([np.array([1, 2]), np.array([2**63 + 1, 0], np.uint64)], 2),
    ],
)
def test_no_integer_is_rounded_beside_other_numbers(cells: Any, element: int) -> None:
    targets = pd.DataFrame({"y": [[1.0, 2.0], [3.0, 4.0]]})
    reason = "is an integer that a 64-bit float cannot hold exactly"
    with pytest.raises(lossctl.DataError, match=f"column 'probs': element {element}: .* {reason}"):
        loss(pd.DataFrame({"probs": cells}), targets, "mae", nan="skip")


def test_an_integer_beyond_all_floats() -> None:
    with pytest.raises(lossctl.DataError, match="element 1: an integer is too large"):
        loss(pd.DataFrame({"probs": [[10**5000, 0.5], [1, 2]]}), LABELS)


@pytest.mark.parametrize(
    "values",
    [
        [[2**53 + 1, 0.5], [1, 2]],
        [[1, 2], [2**63 + 1, -1]],
        [np.array([0.1, 0.9]), np.array([2**53 + 1, 0])],
        [2**53 + 1, 0.5],
        (2**63 + 1, -1),
    ],
)
def test_a_list_of_python_is_looked_at_before_it_becomes_an_array(values: Any) -> None:
    with pytest.raises(lossctl.DataError, match="is an integer that a 64-bit float cannot hold"):
        loss(values, np.array(values, float), "mae")


@pytest.mark.parametrize("values", [[True, 0.5], [True, 2], [[True, 0.5], [0.5, 0.5]]])
def test_true_and_false_are_no_predictions_in_a_list_of_python(values: Any) -> None:
    with pytest.raises(lossctl.DataError, match="true and false beside numbers") as told:
        loss(values, np.array(values, float), "mae")
    assert told.value.hint == "write 1 for true and 0 for false"


@pytest.mark.parametrize(
    "values",
    [
        [1, 0.5],
        [[1, 0.5], (0, np.float32(2))],
        [np.int8(1), 2.0],
        [pd.Series([1, 2]), [0.5, 1], range(2)],
    ],
)
def test_numbers_of_several_types_are_numbers(values: Any) -> None:
    assert loss(values, np.array(values, float), "mae") == 0


def test_integers_that_are_exact_are_numbers_beside_others() -> None:
    cells = [[2**60, 0.5], [1, 2]]
    frame, arrays = pd.DataFrame({"p": cells}), np.array(cells, float)
    assert loss(frame, arrays, "mae") == 0
    assert loss(pd.DataFrame({"p": [np.array([2**60, 1]), [0.5, 2]]}), arrays, "mae") > 0


@pytest.mark.parametrize(
    "cells",
    [
        [[True, False], None],
        [None, [True, False]],
        [[True, 0.5], [0.5, 0.5]],
        [[0.5, 0.5], [0.5, np.True_]],
        [[True, None], [True, False]],
        [[True, False], [True, pd.NA]],
        [[True, False], [0.1, 0.9]],
        [[0.1, 0.9], np.array([True, False])],
    ],
)
@pytest.mark.parametrize("nan", ["error", "skip"])
def test_true_and_false_are_no_predictions_in_lists_either(cells: Any, nan: str) -> None:
    reason = "element [12]: true and false beside numbers or missing values"
    with pytest.raises(lossctl.DataError, match=f"column 'p': {reason}") as told:
        loss(pd.DataFrame({"p": cells}), LABELS, nan=nan)
    assert told.value.hint == "write 1 for true and 0 for false"


def test_names_are_different_once_lists_are_spread() -> None:
    frame = pd.DataFrame({"a": LISTS, "a[0]": [0.5, 0.5], "a[1]": [0.5, 0.5]})
    with pytest.raises(lossctl.DataError, match=r"columns 1 and 3 are both called 'a\[0\]'"):
        loss(frame, LABELS, pred_cols="a[0],a[1]")


@pytest.mark.parametrize("labels", [["1", "0"], [1, 0]])
@pytest.mark.parametrize("dtype", [object, "category", "string"])
def test_labels_may_be_texts_of_numbers(labels: list[Any], dtype: Any) -> None:
    if dtype == "string":
        labels = list(map(str, labels))
    targets = pd.DataFrame({"y": pd.Series(labels, dtype=dtype)})
    assert loss(np.array(LISTS), targets) == loss(np.array(LISTS), LABELS)
    assert loss(np.array(LISTS), targets["y"]) == loss(np.array(LISTS), LABELS)
