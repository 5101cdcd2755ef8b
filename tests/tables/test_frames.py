"""Data frames with columns that nothing here can read: they matter where they are read alone."""

from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest

import lossctl
from lossctl.tables.columnar import block_of
from lossctl.tables.memory import MemoryTable

ODD = {
    "durations": (pd.to_timedelta(["1 day", "2 days"]), "elements of type timedelta64"),
    "words and numbers": (["a", 1], "element 2: .* is not a label"),
    "objects": ([{"a": 1}, {"b": 2}], "element 1: .* is not a number"),
    "complex": ([1 + 2j, 3], "elements of type complex128"),
    "ragged": ([[1.0, 2.0], [3.0]], "element 2: a list of 1"),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_column_that_cannot_be_read_matters_where_it_is_read(odd: str) -> None:
    cells, reason = ODD[odd]
    frame = pd.DataFrame({"odd": cells, "p": [0.5, 0.25], "y": [1, 0]})
    assert mae(frame, pred_cols="p", target_col="y") == 0.375
    for options in (
        {"pred_cols": "odd", "target_col": "y"},
        {"pred_cols": "p", "target_col": "odd"},
        {"pred_cols": "p", "target_col": "y", "id": "odd"},
    ):
        with pytest.raises(lossctl.DataError, match=f"predictions: column 'odd': {reason}"):
            mae(frame, **options)
    with pytest.raises(lossctl.DataError, match=f"predictions: column 'odd': {reason}"):
        mae(frame[["odd", "p"]], frame[["y", "p"]].set_axis(["odd", "p"], axis=1))
    with pytest.raises(lossctl.DataError, match=f"predictions: column 'odd': {reason}"):
        mae(frame[["odd"]], frame["y"])


def test_nothing_stands_for_a_column_that_cannot_be_read() -> None:
    """Whoever forgets to ask whether a column can be read gets an error, and no number."""
    table = MemoryTable(pd.DataFrame({"odd": [{"a": 1}, {"b": 2}], "p": [0.5, 0.25]}), "frame")
    with pytest.raises(lossctl.DataError, match='row 1: column "odd"'):
        block_of(table.arrays(0, 2), table.reading, 0)


MISSING = {
    "list of words": ["a", None, "b"],
    "words of pandas": pd.Series(["a", pd.NA, "b"], dtype="string"),
    "objects": np.array(["a", float("nan"), "b"], object),
    "numbers": [0, None, 1],
}


@pytest.mark.parametrize("labels", MISSING.values(), ids=MISSING)
def test_labels_that_are_missing_are_left_out_where_that_is_asked_for(labels: Any) -> None:
    predictions = pd.DataFrame({"a": [0.75, 0.5, 0.25], "b": [0.25, 0.5, 0.75]})
    report = lossctl.evaluate(predictions, labels, loss="mae", nan="skip")
    assert (report.n, report.skipped, report.losses["mae"].mean) == (2, 1, 0.5)
    with pytest.raises(lossctl.DataError, match="row 2"):
        lossctl.evaluate(predictions, labels, loss="mae")


@pytest.mark.parametrize(
    "given", [{"a": [1]}, iter([1]), {1}, object()], ids=["dict", "iterator", "set", "object"]
)
def test_what_is_no_table_is_refused(given: Any) -> None:
    with pytest.raises(lossctl.DataError, match=r"predictions: a .* is no table"):
        lossctl.evaluate(given, [1], loss="mae")


def test_a_lazy_frame_has_to_be_collected() -> None:
    frame = polars.LazyFrame({"a": [1.0]})
    with pytest.raises(lossctl.DataError, match="is no table") as refused:
        lossctl.evaluate(frame, [1], loss="mae")  # type: ignore[arg-type]
    assert "collects" in (refused.value.hint or "")
    assert lossctl.evaluate(frame.collect(), [1], loss="mae").n == 1


def test_of_what_is_no_number_the_beginning_is_told() -> None:
    with pytest.raises(lossctl.DataError, match=r"element 1: .{50,70}\.\.\.' is not a number$"):
        mae([{"a": "b" * 5000}, 1], [0, 1])


def mae(predictions: Any, targets: Any = None, **options: Any) -> float:
    return lossctl.evaluate(predictions, targets, loss="mae", **options).losses["mae"].mean
