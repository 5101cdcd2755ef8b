"""`lossctl.evaluate` as a function: its keywords, and what it returns."""

import dataclasses
import inspect
import pickle
import re
import subprocess
import sys
import warnings
from html import escape
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from conftest import Run

import lossctl
from lossctl.evaluation.options import Options
from lossctl.losses import LOSSES
from lossctl.python.calling import LossName

Y = np.array([[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]])
LABELS = [0, 1, 0]


def test_every_option_is_a_keyword_with_its_default_and_a_description() -> None:
    keywords = inspect.signature(lossctl.evaluate).parameters
    own = {"predictions", "targets", "samples"}
    assert [name for name in keywords if name not in own] == list(Options._fields)
    for name in Options._fields:
        default = Options._field_defaults.get(name, inspect.Parameter.empty)
        assert keywords[name].default == default, name
        assert keywords[name].kind == inspect.Parameter.KEYWORD_ONLY, name
    described = inspect.getdoc(lossctl.evaluate) or ""
    for name in keywords:
        assert f"    {name}: " in described, name


def test_a_loss_has_to_be_named() -> None:
    with pytest.raises(TypeError, match="loss"):
        lossctl.evaluate(Y, LABELS)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("slip", "meant"), [("los", "loss"), ("target_cols", "target_col"), ("sample", "samples")]
)
def test_an_unknown_keyword_is_answered_with_the_nearest_one(slip: str, meant: str) -> None:
    given: dict[str, Any] = {"loss": "ce", slip: "ce"}
    with pytest.raises(TypeError, match=rf"keyword argument '{slip}'\. Did you mean '{meant}'\?"):
        lossctl.evaluate(Y, LABELS, **given)
    with pytest.raises(TypeError, match=r"keyword argument 'average'$"):
        lossctl.evaluate(Y, LABELS, loss="ce", average="macro")  # type: ignore[call-arg]


def test_editors_complete_all_losses() -> None:
    assert list(get_args(LossName)) == list(LOSSES), (
        "LossName in lossctl/python/calling.py names all losses, in the order of LOSSES; lacking: "
        f"{sorted(set(LOSSES) - set(get_args(LossName)))}"
    )


SCRIPT = """
import lossctl

report = lossctl.evaluate("p.csv", "t.csv", loss="ce", {options})
mean: float = report.losses["ce"].mean
result: lossctl.LossResult = report.losses["ce"]
"""


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ("samples=True, header=False", None),
        ("los='mae'", 'Unexpected keyword argument "los"'),
        ("nan='drop'", "Literal['error', 'skip']"),
    ],
)
def test_a_typo_in_a_script_is_caught_before_it_runs(
    tmp_path: Path, options: str, wrong: str | None
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(options=options))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(script)],
        cwd=tmp_path,  # beside the source mypy would look at that
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (wrong is None), done.stdout
    assert wrong is None or wrong in done.stdout


TABLES = """
import pathlib
import numpy as np
import lossctl

path = pathlib.Path("p.csv")
array = np.zeros((2, 3))
lossctl.evaluate(path, "t.csv", loss="ce")
lossctl.evaluate([path, path], array, loss="ce")
lossctl.evaluate([0.5, 1.0], (1, 0), loss=["mae", "mse"])
lossctl.evaluate([[0.5, 1.0]], ["cat"], loss="ce", classes=("cat", "dog"))
lossctl.evaluate(array, loss="mae", target_col="3")
lossctl.evaluate(None, array, loss="ce")  # wrong
lossctl.evaluate({"a": [1.0]}, array, loss="ce")  # wrong
lossctl.evaluate(array, 1.0, loss="ce")  # wrong
lossctl.evaluate(array, (x for x in [1.0]), loss="ce")  # wrong
"""


def test_what_is_no_table_is_caught_before_it_is_read(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(TABLES)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = enumerate(TABLES.splitlines(), 1)
    wrong = [str(number) for number, line in lines if line.endswith("# wrong")]
    assert re.findall(r"script\.py:([0-9]+): error", done.stdout) == wrong


def test_the_losses_of_all_samples() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce,mae", samples=True, block_rows=2)
    samples = report.samples
    assert samples.losses["mae"].tolist() == [0.5, 1.0, 1.75]
    assert samples.index.tolist() == [0, 1, 2]
    assert samples.ids is None
    frame = samples.to_frame()
    assert list(frame.columns) == ["ce", "mae"]
    assert frame["mae"].mean() == pytest.approx(report.losses["mae"].mean)
    assert samples["ce"] is samples.losses["ce"]


@pytest.mark.parametrize(("name", "keyword"), [("samples", "samples=True"), ("worst", "worst=3")])
def test_samples_that_were_not_asked_for_are_not_there(name: str, keyword: str) -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce")
    assert not hasattr(report, name)
    with pytest.raises(AttributeError, match=keyword):
        getattr(report, name)


def test_a_loss_that_is_not_there_is_answered_with_those_that_are() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce,mae", samples=True)
    for losses in (report.losses, report.samples.losses, report.samples):
        with pytest.raises(KeyError, match="there is no 'mse' here: ce, mae"):
            losses["mse"]


def test_a_report_can_be_copied_and_stored() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce", samples=True)
    stored = pickle.loads(pickle.dumps(report))
    assert stored.losses == report.losses
    assert stored.samples["ce"].tolist() == report.samples["ce"].tolist()
    assert dataclasses.asdict(report)["losses"]["ce"]["n"] == 3


def test_samples_by_id_and_the_worst_ones() -> None:
    predictions = pd.DataFrame({"id": ["a", "b", "c"], "y": [1.0, 5.0, 2.0]})
    targets = pd.DataFrame({"id": ["c", "a", "b"], "y": [2.0, 0.0, 1.0]})
    options = {"loss": "mae", "id": "id"}
    report = lossctl.evaluate(predictions, targets, **options, samples=True, worst=2)  # type: ignore[arg-type]
    assert report.samples.ids == ["a", "b", "c"]
    assert report.samples.to_frame()["id"].tolist() == ["a", "b", "c"]
    assert report.worst.index.tolist() == [1, 0]
    assert report.worst.rows.tolist() == [2, 1]
    assert report.worst.ids == ["b", "a"]


def test_reports_are_short_on_the_screen_and_tables_in_a_notebook() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="mae", samples=True)
    assert repr(report) == "<Report: mae 1.08333, n 3, k 2>"
    assert repr(report.losses["mae"]) == "<LossResult: mae 1.08333 +- 0.363, n 3>"
    assert repr(report.samples) == "<Samples: mae of 3>"
    assert report.to_frame().loc["mae", "mean"] == report.losses["mae"].mean
    assert report.samples._repr_html_().count("<tr") == 4


def test_printed_samples_are_a_short_table() -> None:
    predictions = pd.DataFrame({"shop": [f"s{i}\x1b" for i in range(50)], "y": range(50)})
    report = lossctl.evaluate(
        predictions, predictions.assign(y=0), loss="mae", id="shop", samples=True, worst=2
    )
    assert [line.split() for line in str(report.worst).splitlines()] == [
        ["shop", "mae", "target", "prediction"],
        ["49", "s49\\x1b", "49.0", "0.0", "49.0"],
        ["48", "s48\\x1b", "48.0", "0.0", "48.0"],
    ]
    lines = str(report.samples).splitlines()
    assert lines[1].split() == ["0", "s0\\x1b", "0.0"]
    assert lines[-1] == "[50 rows x 2 columns]"
    assert len(lines) < 15
    assert report.samples._repr_html_().count("<tr") < 13


def test_means_by_their_names() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce,mae")
    assert report.means == {name: loss.mean for name, loss in report.losses.items()}
    assert report.to_dict()["means"] == report.means
    with pytest.raises(KeyError, match="there is no 'mse' here: ce, mae"):
        report.means["mse"]


def test_a_report_names_what_it_has_and_not_where_it_keeps_it() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce", samples=True, worst=1)
    fields = {field.name for field in dataclasses.fields(report)} - {"kept_samples", "kept_worst"}
    methods = {"means", "samples", "to_dict", "to_frame", "worst"}
    assert {name for name in dir(report) if not name.startswith("_")} == fields | methods
    named = {name for name in dir(report.samples) if not name.startswith("_")}
    assert named == {"ids", "index", "labels", "losses", "rows", "to_frame"}


HEADER = ["loss", "Loss(W)", "standard error", "min", "max", "n", "k"]


def test_a_notebook_shows_what_a_terminal_does() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce,mae")
    html = report._repr_html_()
    assert re.findall("<th.*?>(.*?)</th>", html) == HEADER
    assert re.findall("<td.*?>(.*?)</td>", html)[7:] == [
        *("mae", "1.08333", "0.363242", "0.5", "1.75", "3", "2"),
    ]
    for loss in report.losses.values():
        assert f"<p>{loss.loss}: {escape(loss.explanation)}</p>" in html


def test_a_printed_report_is_the_table_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savetxt("y.csv", Y, delimiter=",")
    np.savetxt("d.csv", Y[::-1], delimiter=",")
    report = lossctl.evaluate("y.csv", "d.csv", loss="ce,mse")
    for columns in ("40", "80"):
        monkeypatch.setenv("COLUMNS", columns)
        none = ("--rows=0", "--worst=0")
        env = {"COLUMNS": columns}
        printed = run("eval", "y.csv", "d.csv", "--loss=ce,mse", *none, env=env).out
        assert str(report) + "\n" == printed
    monkeypatch.delenv("COLUMNS")
    assert str(report) + "\n" == printed


def test_a_printed_report_has_its_warnings_and_the_worst_samples_by_their_labels() -> None:
    index = pd.Index([30, 10, 20], name="shop")
    y, d = pd.Series([1.0, 5.0, np.nan], index), pd.Series([1.0, 2.0, 4.0], index)
    lines = str(lossctl.evaluate(y, d, loss="mae", worst=1, nan="skip")).splitlines()
    assert lines[:4:3] == ["Highest mae", "  10     3        2            5"]
    assert lines[1].split() == ["shop", "mae", "target", "prediction"]
    told = "warning: 1 row left out for a missing value (1 without a prediction): 2 evaluated"
    assert " ".join(map(str.strip, lines[-2:])) == told


def odd() -> lossctl.Report:
    """Return a report with two warnings; one of them shows a label."""
    targets = pd.Series([1.0, 2.0], index=["<b>", "c"])
    return lossctl.evaluate(pd.Series([1.0, 2.0]), targets, loss="mae")


def test_warnings_of_a_report_are_shown_in_a_notebook_as_text() -> None:
    report = odd()
    assert repr(report).endswith(f"{len(report.warnings)} warnings>")
    assert "<b>" not in report._repr_html_()
    assert "index=&quot;ignore&quot;" in report._repr_html_()


def test_python_is_warned_where_evaluate_was_called() -> None:
    with pytest.warns(lossctl.LossWarning) as told:
        report = odd()
    assert [str(one.message) for one in told] == [
        f"{warning.code}: {warning.message}" for warning in report.warnings
    ]
    assert {one.filename for one in told} == {__file__}


def test_one_warning_is_silenced_by_its_code() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "index-unused", lossctl.LossWarning)
        warnings.filterwarnings("ignore", "identical", lossctl.LossWarning)
        odd()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "index-unused", lossctl.LossWarning)
        with pytest.raises(lossctl.LossWarning, match=r"^identical: "):
            odd()


WRONG = (
    "import lossctl\ndef called(): lossctl.evaluate([float('nan')], [1.0], loss='mae')\ncalled()\n"
)


def traceback_of(*options: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, *options, "-c", WRONG], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr.splitlines()


def test_a_traceback_ends_where_evaluate_was_called() -> None:
    lines = traceback_of()
    assert [line for line in lines if line.startswith("  File")] == [
        '  File "<string>", line 3, in <module>',
        '  File "<string>", line 2, in called',
    ]
    assert lines[-1].startswith("hint: ")
    assert len(traceback_of("-X", "dev")) > 2 * len(lines)


def test_an_error_has_the_position_of_its_row_from_0() -> None:
    frame = pd.DataFrame({"a": [0.5, np.nan]}, index=[7, 9])
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(frame, frame, loss="mae")
    error = refused.value
    assert (error.row, error.index, error.column) == (2, 1, "a")
    assert error.index is not None
    assert np.isnan(frame["a"].iloc[error.index])
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(frame, [1.0], loss="mae", nan="skip")
    assert refused.value.index is None
