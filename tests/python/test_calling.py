"""`lossctl.evaluate` as a function: its keywords, and what it returns."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lossctl
from lossctl.evaluation.options import Options

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
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (wrong is None), done.stdout
    assert wrong is None or wrong in done.stdout


def test_the_losses_of_all_samples() -> None:
    report = lossctl.evaluate(Y, LABELS, loss="ce,mae", samples=True, block_rows=2)
    samples = report.samples
    assert samples is not None
    assert samples.losses["mae"].tolist() == [0.5, 1.0, 1.75]
    assert samples.index.tolist() == [0, 1, 2]
    assert samples.ids is None
    frame = samples.to_frame()
    assert list(frame.columns) == ["ce", "mae"]
    assert frame["mae"].mean() == pytest.approx(report.losses["mae"].mean)
    assert lossctl.evaluate(Y, LABELS, loss="ce").samples is None


def test_samples_by_id_and_the_worst_ones() -> None:
    predictions = pd.DataFrame({"id": ["a", "b", "c"], "y": [1.0, 5.0, 2.0]})
    targets = pd.DataFrame({"id": ["c", "a", "b"], "y": [2.0, 0.0, 1.0]})
    options = {"loss": "mae", "id": "id"}
    report = lossctl.evaluate(predictions, targets, **options, samples=True, worst=2)  # type: ignore[arg-type]
    assert report.samples is not None
    assert report.worst is not None
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
    html = report._repr_html_()
    assert html.startswith("<table><tr><th>loss</th><th>n</th><th>Loss(W)</th>")
    assert "<td>mae</td><td>3</td><td>1.08333</td><td>0.363242</td>" in html
    assert report.to_frame().loc["mae", "mean"] == report.losses["mae"].mean


def test_warnings_of_a_report_are_shown_in_a_notebook_as_text() -> None:
    targets = pd.Series([1.0, 2.0], index=["<b>", "c"])
    report = lossctl.evaluate(pd.Series([1.0, 2.0]), targets, loss="mae")
    assert repr(report).endswith(f"{len(report.warnings)} warnings>")
    assert "<b>" not in report._repr_html_()
    assert "index=&quot;ignore&quot;" in report._repr_html_()
