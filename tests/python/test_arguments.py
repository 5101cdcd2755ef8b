"""What `lossctl.evaluate` says of keywords that are none, or are not of their type."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pandas as pd
import pytest

import lossctl
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.help import FILES
from lossctl.evaluation import of_files

Y, D = [0.5, 1.5, 2.5], [1.0, 2.0, 3.0]
NAMED = pd.DataFrame({"a": Y, "b": D, 3: D})


def mean_squared_error() -> None:
    """Stand for a function of another library."""


WRONG: dict[str, tuple[Any, str]] = {
    "nan": (False, 'nan=False: one of "error", "skip"'),
    "index": (True, 'index=True: one of "align", "ignore", None'),
    "missing": (True, 'missing=True: one of "strict", "present"'),
    "repeated_ids": (True, 'repeated_ids=True: one of "keep", "first", None'),
    "columns": (1, 'columns=1: one of "name", "position"'),
    "from_": (None, 'from_=None: one of "probs", "logits", "log-probs", "scores"'),
    "id": (["customer_id"], "id=['customer_id']: text or None"),
    "delimiter": (1, "delimiter=1: text or None"),
    "encoding": (1, "encoding=1: text or None"),
    "key": (1, "key=1: text or None"),
    "comment": (1, "comment=1: text or None"),
    "engine": (None, "engine=None: text"),
    "decimal": (1, 'decimal=1: one of ".", ","'),
    "header": ("yes", 'header="yes": one of True, False, None'),
    "unlimited": ("x", 'unlimited="x": one of True, False'),
    "samples": ("yes", 'samples="yes": one of True, False'),
    "hashes": (1, "hashes=1: one of True, False"),
    "worst": ("10", 'worst="10": a whole number'),
    "jobs": (1.5, "jobs=1.5: a whole number or None"),
    "block_rows": (True, "block_rows=True: a whole number or None"),
    "sum_tolerance": ("a", 'sum_tolerance="a": a number or None'),
    "target_col": (None, "target_col=None: text, a whole number or a list"),
    "classes": ({"a"}, "classes={'a'}: text, a whole number or a list"),
    "format_in": (1, "format_in=1: text or a list of text"),
    "pos_label": ([1], "pos_label=[1]: text, a number, True, False or None"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_keyword_of_another_type_is_answered_with_what_it_may_be(name: str) -> None:
    value, said = WRONG[name]
    with pytest.raises(lossctl.UsageError) as refused:
        lossctl.evaluate(Y, D, **{"loss": "mse", name: value})
    assert str(refused.value) == said


@pytest.mark.parametrize("loss", [None, 1, [1], {"mse": 1}, {"mse"}, mean_squared_error])
def test_what_is_no_name_of_a_loss(loss: Any) -> None:
    with pytest.raises(
        lossctl.UsageError, match=r'^loss=.*: text such as "mae" or a list of text$'
    ):
        lossctl.evaluate(Y, D, loss=loss)


RIGHT: dict[str, dict[str, Any]] = {
    "several": {"loss": ["mse", "mae"]},
    "once": {"loss": (name for name in ("mse", "mae"))},
    "array": {"loss": np.array(["mse"])},
    "whole": {"worst": np.int64(1), "block_rows": np.int32(2), "jobs": np.int64(1)},
    "flag": {"samples": np.True_},
    "integer": {"sum_tolerance": 0},
    "names": {"pred_cols": pd.Index(["a"])},
    "of-frame": {"pred_cols": pd.DataFrame({"a": [1]})},
    "numbers": {"pred_cols": [3]},
    "number": {"pred_cols": 3},
}


@pytest.mark.parametrize("options", RIGHT.values(), ids=RIGHT)
def test_what_numpy_and_pandas_have_for_a_type_is_of_it(options: dict[str, Any]) -> None:
    asked = {"loss": "mse", "pred_cols": "a"} | options
    assert lossctl.evaluate(NAMED, D, **asked).means["mse"] in (0.0, 0.125)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("metric", "loss"), ("y_true", "targets"), ("n_jobs", "jobs"), ("sep", "delimiter")],
)
def test_what_others_call_a_keyword(slip: str, meant: str) -> None:
    with pytest.raises(TypeError, match=rf"keyword argument '{slip}'\. Did you mean '{meant}'\?"):
        lossctl.evaluate(Y, D, **dict[str, Any]([(slip, "mse")]))


def test_what_others_call_an_option_of_the_command_line_alone_is_no_keyword() -> None:
    with pytest.raises(TypeError, match=r"keyword argument 'threshold'$"):
        lossctl.evaluate(Y, D, **dict[str, Any](threshold=3))


CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    'evaluate([1.0], [1.0], "mae")': (
        lambda: lossctl.evaluate(Y, D, "mae"),  # type: ignore[call-arg]
        'evaluate() takes predictions and targets, and all else by its keyword: loss="mae"',
    ),
    "evaluate([1.0], [1.0])": (
        lambda: lossctl.evaluate(Y, D),  # type: ignore[call-arg]
        'evaluate() needs to be told the loss, as in loss="mse"',
    ),
    'evaluate(loss="mae")': (
        lambda: lossctl.evaluate(loss="mae"),  # type: ignore[call-arg]
        "evaluate(): missing a required argument: 'predictions'",
    ),
    'evaluate([1.0], loss="mae", average="macro")': (
        lambda: lossctl.evaluate(Y, loss="mae", average="macro"),  # type: ignore[call-arg]
        "evaluate() got an unexpected keyword argument 'average'",
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_what_cannot_be_called_is_told_at_the_call(call: str) -> None:
    make, said = CALLS[call]
    with pytest.raises(TypeError) as refused:
        make()
    assert str(refused.value) == said
    done = subprocess.run(
        [sys.executable, "-c", f"import lossctl\nlossctl.{call}"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("  File")] == [
        '  File "<string>", line 2, in <module>'
    ]
    assert lines[-1] == f"TypeError: {said}"


OF_FILES: dict[str, Any] = {
    "format_in": "csv",
    "key": "sheet",
    "delimiter": ";",
    "decimal": ",",
    "targets_decimal": ",",
    "header": False,
    "targets_header": False,
    "comment": "#",
    "encoding": "latin-1",
    "unlimited": True,
}


@pytest.mark.parametrize("name", OF_FILES)
def test_a_keyword_of_files_beside_arrays_alone_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("1\n2\n3\n")
    options: dict[str, Any] = {name: OF_FILES[name]}
    with pytest.raises(lossctl.UsageError, match=rf"^{name}(=True)? says how files are read, and "):
        lossctl.evaluate(Y, D, loss="mse", **options)
    of_targets = name.startswith("targets_")
    if of_targets:
        with pytest.raises(lossctl.UsageError, match="says how files are read"):
            lossctl.evaluate(path, D, loss="mse", **options)
    if name != "key":
        files = (Y, path) if of_targets else (path, D)
        assert lossctl.evaluate(*files, loss="mse", **options).n == 3


def test_all_keywords_of_files_are_known() -> None:
    there = {
        name
        for name, annotation in get_type_hints(InputFlags, include_extras=True).items()
        if get_args(annotation)[1].rich_help_panel == FILES
    }
    assert there - {"jobs"} == set(OF_FILES) == set(of_files.OF_FILES)


@pytest.mark.parametrize(
    "values", [["0,05", "0,1"], ["3", "0,1"], ["", "0,1"], [None, "0,1"]], ids=str
)
def test_text_with_decimal_commas_is_to_be_read_by_pandas_as_such(values: list[Any]) -> None:
    frame = pd.DataFrame({"a": values})
    for column in (frame, frame["a"], frame.astype(object)):
        with pytest.raises(lossctl.DataError) as refused:
            lossctl.evaluate(column, [0.05, 0.1], loss="mse")
        assert (refused.value.hint or "").endswith(
            'it has a decimal comma: in pandas read the file with read_csv(..., decimal=","), or '
            'convert the column with .str.replace(",", ".").astype(float)'
        )


def test_a_column_with_decimal_commas_beside_numbers_is_no_id() -> None:
    frame = pd.DataFrame({"ham": ["0,9", "0,2", "0,6"], "spam": [0.1, 0.8, 0.4]})
    targets = pd.DataFrame({"ham": ["1,0", "0,0", "1,0"], "spam": [0.0, 1.0, 0.0]})
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(frame, targets, loss="ce")
    assert (refused.value.reason, refused.value.column) == ("'0,9' is text, not a number", "ham")
    assert (refused.value.hint or "").endswith('.str.replace(",", ".").astype(float)')
    for one in (frame, targets):
        one["ham"] = one["ham"].str.replace(",", ".").astype(float)
    assert lossctl.evaluate(frame, targets, loss="ce").means["ce"] == 0.27977642932009233


def test_a_frame_with_a_column_of_text_is_told_the_columns_of_numbers() -> None:
    frame = pd.DataFrame({"text": ["a b", "c d"], "ham": [0.9, 0.2], "spam": [0.1, 0.8]})
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(frame, ["ham", "spam"], loss="ce")
    assert refused.value.hint == 'name the columns of numbers alone: pred_cols="ham,spam"'
    report = lossctl.evaluate(frame, ["ham", "spam"], loss="ce", pred_cols="ham,spam")
    assert report.n == 2


def test_labels_given_as_predictions_are_said_to_be_swapped() -> None:
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(["ham", "spam"], np.array([[0.9, 0.1], [0.2, 0.8]]), loss="ce")
    said = "the two seem to be swapped: predictions come first, targets second"
    assert refused.value.hint == said


def test_text_of_numbers_in_another_form_is_told_as_such() -> None:
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(np.array(["0.5", "12%"]), [0.05, 0.1], loss="mse")
    assert refused.value.hint == (
        "as for '12%', it is a percentage: write a share as a decimal number, 12% as 0.12"
    )


def test_indexes_that_share_labels_can_pair_rows_of_other_numbers() -> None:
    y, d = pd.Series([1.0, 2.0, 3.0], index=[5, 6, 7]), pd.Series([2.0, 1.0], index=[7, 5])
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(y, d, loss="mae")
    hint = refused.value.hint or ""
    assert 'with index="align", and leave out' in hint
    assert hint.endswith('with missing="present"')
    report = lossctl.evaluate(y, d, loss="mae", index="align", missing="present")
    assert (report.n, report.means["mae"], report.unpaired) == (2, 0.5, (1, 0))


@pytest.mark.parametrize("index", [[8, 9], None, ["a", "b"]], ids=str)
def test_indexes_without_common_labels_or_that_number_rows_can_not(index: Any) -> None:
    y = pd.Series([1.0, 2.0, 3.0], index=[0, 1, 2])
    for one in (y, y.reset_index(drop=True)):
        with pytest.raises(lossctl.DataError) as refused:
            lossctl.evaluate(one, pd.Series([2.0, 1.0], index=index), loss="mae")
        assert "align" not in (refused.value.hint or "")


@pytest.mark.parametrize("value", [np.nan, 3.0])
def test_an_error_in_a_series_says_its_name(value: float) -> None:
    y, d = pd.Series([0.25, value], name="p_malignant"), pd.Series([0, 1], name="malignant")
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(y, d, loss="bce")
    said = "a missing value, not a number" if np.isnan(value) else "not a probability"
    assert str(refused.value) == f'predictions: row 2: column "p_malignant": {value} is {said}'
    assert refused.value.column == "p_malignant"
    with pytest.raises(lossctl.DataError, match="row 2: column 1: "):
        lossctl.evaluate(y.rename(0), d, loss="bce")
