"""`lossctl check --init`: what names of columns and files say, and which checks are there."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Write

HERE, THERE = "y\n2\n0.5\n", "y\n1\n0.7\n"
PAIR = {"preds.csv": HERE, "targets.csv": THERE}


def put(tmp_path: Path, write: Write, files: dict[str, str]) -> None:
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    write(dict(files))


def checks(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((folder / "lossctl.toml").read_text())["check"]
    return found


@pytest.mark.parametrize("column", ["pred", "Prediction", "y_pred", "pred_y", "y_hat", "proba"])
@pytest.mark.parametrize(
    "pair",
    [
        ("lin.csv", "targets.csv"),
        ("preds/lin.csv", "targets.csv"),
        ("preds/lin.csv", "preds/y_test.csv"),
        ("out/lin.csv", "data/targets.csv"),
        ("lin.csv", "data/lin_targets.csv"),
    ],
)
def test_a_column_says_that_a_file_has_predictions(
    run: Run, write: Write, tmp_path: Path, pair: tuple[str, str], column: str
) -> None:
    path, targets = pair
    put(tmp_path, write, {path: HERE.replace("y", column), targets: THERE, "x.csv": HERE})
    assert run("check", "--init").code == 0
    (check,) = checks(tmp_path)
    assert (check["predictions"], check["targets"], check["name"]) == (path, targets, "lin")
    assert run("check").code == 0


def test_so_it_does_beside_an_id_or_for_several_classes(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"a.csv": "id,pred\n1,2\n2,0.5\n", "targets.csv": "id,y\n2,0.7\n1,1\n"})
    write({"b.tsv": "pred_a\tpred_b\n0.9\t0.1\n0.2\t0.8\n", "b_labels.tsv": "l\na\nb\n"})
    assert run("check", "--init").code == 0
    found = [(one["predictions"], one["targets"], one.get("id")) for one in checks(tmp_path)]
    assert found == [("a.csv", "targets.csv", "id"), ("b.tsv", "b_labels.tsv", None)]


@pytest.mark.parametrize("head", ["problem", "predictor_a", "y", "pred,a,b", "x,predecessor"])
def test_other_columns_say_nothing(run: Run, write: Write, tmp_path: Path, head: str) -> None:
    row = ",".join("3" for _ in head.split(","))
    put(tmp_path, write, {"lin.csv": f"{head}\n{row}\n{row}\n", "targets.csv": THERE})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "no check of 'lin.csv': neither its name nor one of its columns says" in outcome.err


def test_where_its_targets_are_missing_that_is_said(run: Run, write: Write) -> None:
    write({"lin.csv": HERE.replace("y", "pred")})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "no check of 'lin.csv': no file beside it is called as targets are" in outcome.err
    assert outcome.err.count("no check of 'lin.csv'") == 1


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["out/mal_preds.csv"], ["mal_preds"]),
        (["out/preds.csv"], ["out"]),
        (["churn/results_pred.csv"], ["churn"]),
        (["a/mal_preds.csv", "b/mal_preds.csv", "b/ben_preds.csv"], ["a", "ben_preds"]),
    ],
)
def test_a_check_is_called_as_its_file_where_that_says_something(
    run: Run, write: Write, tmp_path: Path, paths: list[str], names: list[str]
) -> None:
    for path in paths:
        targets = f"{path.rpartition('/')[0]}/targets.csv"
        put(tmp_path, write, {path: HERE, targets: THERE})
    assert run("check", "--init").code == 0
    found = [check["name"] for check in checks(tmp_path)]
    assert [name for name in found if name in names] == names
    assert len(set(found)) == len(paths)


# The same files once more.

NOTE = "lossctl: note: 'preds' in lossctl.toml has the files of the new check 'preds.csv' already\n"


def test_a_second_check_of_the_same_files_says_so(run: Run, write: Write, tmp_path: Path) -> None:
    write(dict(PAIR))
    assert run("check", "--init").code == 0
    outcome = run("check", "--init", "./preds.csv", "targets.csv", "--loss=mae")
    assert outcome.code == 0
    assert NOTE in outcome.err
    assert "\n# check 'preds' has these files, too\n" in outcome.out
    write({"lossctl.toml": (tmp_path / "lossctl.toml").read_text() + outcome.out})
    assert [check["name"] for check in checks(tmp_path)] == ["preds", "preds.csv"]
    assert run("check").code == 0
    again = run("check", "--init", "preds.csv", "targets.csv")
    assert "note: 'preds', 'preds.csv' in lossctl.toml have the files of the " in again.err


def test_of_other_targets_nothing_is_said(run: Run, write: Write) -> None:
    write(PAIR | {"other.csv": THERE})
    assert run("check", "--init").code == 0
    outcome = run("check", "--init", "preds.csv", "other.csv")
    assert outcome.code == 0
    assert "already" not in outcome.err.replace("is there already, and stays", "")
    assert "# check" not in outcome.out


# What a hint of an evaluation would have the command say.


@pytest.mark.parametrize("other", [True, False])
def test_the_whole_command_is_told_for_each(
    run: Run, write: Write, tmp_path: Path, other: bool
) -> None:
    for folder in ("a", "b"):
        files = {"preds.csv": "p\n0.9\n0.2\n", "labels.csv": "l\nmalignant\nbenign\n"}
        put(tmp_path, write, {f"{folder}/{name}": text for name, text in files.items()})
    write(dict(PAIR) if other else {})
    outcome = run("check", "--init")
    assert outcome.code == (0 if other else 2)
    for folder in ("a", "b"):
        files_of = f"{folder}/preds.csv {folder}/labels.csv"
        command = f"lossctl check --init {files_of} --loss bce --pos-label LABEL"
        assert outcome.err.count(f"hint: name what is missing: {command}\n") == 1
        followed = shlex.split(command.replace("LABEL", "malignant"))
        assert run(*followed[1:]).code == 0
        (tmp_path / "lossctl.toml").unlink()


def test_a_file_without_a_final_newline_is_a_check_with_the_command_that_is_told(
    run: Run, write: Write
) -> None:
    write({"preds.csv": HERE.rstrip(), "targets.csv": THERE})
    outcome = run("check", "--init")
    command = "lossctl check --init preds.csv targets.csv --loss mse --allow-no-final-newline"
    assert (outcome.code, outcome.err.splitlines()[-1][14:]) == (
        2,
        f" name what is missing: {command}",
    )
    assert run(*command.split()[1:]).code == 0
    assert run("check").code == 0


def test_what_may_be_cut_off_is_not_left_out_unasked(run: Run, write: Write) -> None:
    write({"preds.csv": "id,y\n1,2\n2,", "targets.csv": "id,y\n1,2\n2,3\n"})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "hint: the file ends here without a newline, so it may be cut off; " in outcome.err
    assert "--nan skip" not in outcome.err.splitlines()[-1]
