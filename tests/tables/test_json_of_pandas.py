"""JSON documents that pandas writes of columns without names, and what makes tables of them."""

from pathlib import Path

import jq
import pandas as pd
import pytest
from conftest import Run

P = [3.5, 1.0, 4.0, 1.5]
Y = [3.0, 1.0, 4.0, 1.5]


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [7, 2, 0, 1]], ids=["default", "labelled"])
def test_a_column_without_a_name_is_read(labels: list[int], run: Run, tmp_path: Path) -> None:
    pd.DataFrame(P, labels).to_json(tmp_path / "p.json")
    pd.DataFrame(Y, labels)[::-1].to_json(tmp_path / "y.json")
    command = ("eval", "p.json", "y.json", "--loss", "mae", "-q", "--index", "align")
    assert run(*command).out == "0.125\n"


def test_columns_without_names_are_asked_about(run: Run, tmp_path: Path) -> None:
    for name, values in (("p", P), ("y", Y)):
        frame = pd.DataFrame({0: values, 1: values})
        frame.to_json(tmp_path / f"{name}.json")
        frame.to_json(tmp_path / f"{name}_records.json", orient="records")
    refused = run("eval", "p.json", "y.json", "--loss", "mae")
    assert refused.code == 3
    assert 'with pandas, write to_json(orient="records")' in refused.err
    command = ("eval", "p_records.json", "y_records.json", "--loss", "mae", "-q")
    assert run(*command).out == "0.25\n"


def _jq(recipe: str, folder: Path, name: str) -> None:
    content = (folder / f"{name}.json").read_text()
    (folder / f"{name}.jsonl").write_text(jq.compile(recipe).input_text(content).text() + "\n")


def test_jq_makes_rows_of_columns_without_names(run: Run, tmp_path: Path) -> None:
    recipe = "[.[] | [.[]]] | transpose[]"
    for name, values in (("p", P), ("y", Y)):
        pd.DataFrame({0: values, 1: values}).to_json(tmp_path / f"{name}.json")
    refused = run("eval", "p.json", "y.json", "--loss", "mae")
    assert f"if they are its columns: jq -c '{recipe}' FILE" in refused.err
    for name in "py":
        _jq(recipe, tmp_path, name)
    assert run("eval", "p.jsonl", "y.jsonl", "--loss", "mae", "-q").out == "0.25\n"


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [7, 2, 0, 1]], ids=["default", "labelled"])
def test_a_series_keeps_its_labels(labels: list[int], run: Run, tmp_path: Path) -> None:
    recipe = "to_entries[] | {id: .key, value: .value}"
    pd.Series(P, labels).to_json(tmp_path / "p.json")
    pd.Series(Y, labels)[::-1].to_json(tmp_path / "y.json")
    refused = run("eval", "p.json", "y.json", "--loss", "mae")
    assert f"jq -c '{recipe}' FILE" in refused.err
    assert ("reset_index()" in refused.err) is (labels[0] != 0)
    for name in "py":
        _jq(recipe, tmp_path, name)
    assert run("eval", "p.jsonl", "y.jsonl", "--loss", "mae", "-q", "--id", "id").out == "0.125\n"
