"""`lossctl check --init`: a configuration for the files that are there."""

import shutil
import tomllib
from pathlib import Path

import pytest
from conftest import Run, Write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sample_data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data"))


@pytest.mark.usefixtures("sample_data")
def test_it_finds_what_can_be_evaluated_and_passes(run: Run, tmp_path: Path) -> None:
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.splitlines()[0] == "lossctl: note: lossctl.toml: written, with 2 checks"
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    found = [(check["predictions"], check["targets"], check["loss"]) for check in checks]
    diabetes, digits = "sample_data/diabetes", "sample_data/digits"
    assert found == [
        (f"{diabetes}/preds.csv", f"{diabetes}/targets.csv", "mse"),
        (f"{digits}/preds.csv", f"{digits}/labels.csv", "ce"),
    ]
    assert [check["max-loss"] for check in checks] == [1700, 0.19]
    assert [check["min-rows"] for check in checks] == [147, 899]
    assert run("check").code == 0


def test_what_it_comments_out_is_true(run: Run, tmp_path: Path, sample_data: Path) -> None:
    run("check", "--init")
    file = tmp_path / "lossctl.toml"
    lines = file.read_text().splitlines()
    begin = lines.index("[defaults]") + 2
    lines[begin : begin + 3] = [line.removeprefix("# ") for line in lines[begin : begin + 3]]
    file.write_text("\n".join(lines))
    assert set(tomllib.loads(file.read_text())["defaults"]) == {"baseline", "max-increase", "junit"}
    assert run("check").code == 4
    assert run("check", "--update-baseline").code == 0
    assert run("check").code == 0
    assert (tmp_path / "lossctl.xml").exists()


@pytest.mark.parametrize("name", ["lossctl.toml", "pyproject.toml"])
def test_what_is_there_stays(run: Run, write: Write, name: str) -> None:
    path = write({name: "[tool.lossctl]\n"})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"lossctl: error: {name}: is there already, and stays as it is\n"
    assert path.read_text() == "[tool.lossctl]\n"


def test_without_files_it_has_an_example(run: Run, write: Write, tmp_path: Path) -> None:
    write({"notes.csv": "a\n1\n", "preds.csv": "y\n1\n2\n", "labels.csv": "y\n1\n"})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        0,
        "lossctl: note: lossctl.toml: written, with 0 checks",
    )
    assert outcome.err.splitlines()[1] == "lossctl: note: no targets beside them fit: 'preds.csv'"
    assert run("check").err.startswith("lossctl: error: lossctl.toml: there is no [[check]] in it")
    text = (tmp_path / "lossctl.toml").read_text()
    begin = text.index("# [[check]]")
    (tmp_path / "lossctl.toml").write_text(text[:begin] + text[begin:].replace("# ", ""))
    write({"preds.csv": "a,b\n0.5,0.5\n", "targets.csv": "a,b\n1,0\n"})
    assert run("check", "--max-loss=9").code == 0


def test_names_that_need_care(run: Run, write: Write, tmp_path: Path) -> None:
    for folder in ('a "b" \\c', "é\x7f", ".hidden", "node_modules"):
        (tmp_path / folder).mkdir()
        write({f"{folder}/preds.csv": "y\n0.5\n0\n", f"{folder}/y_true.csv": "y\n1\n0\n"})
    write({'a "b" \\c/preds.tsv': "y\n0.5\n0\n", "\udcff_preds.csv": "y\n0.5\n0\n"})
    write({"y_true.csv": "y\n1\n0\n"})
    assert run("check", "--init").code == 0
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    names = ['a "b" \\c/preds', 'a "b" \\c/preds.tsv', "é\x7f/preds"]
    assert [(check["name"], check["loss"]) for check in checks] == [(n, "bce") for n in names]
    assert run("check").code == 0


def test_a_perfect_prediction_has_a_limit_too(run: Run, write: Write, tmp_path: Path) -> None:
    write({"preds.csv": "a,b\n1,0\n", "targets.csv": "a,b\n1,0\n"})
    assert run("check", "--init").code == 0
    check = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"][0]
    assert (check["loss"], check["max-loss"]) == ("ce", 0)
    assert run("check").code == 0
