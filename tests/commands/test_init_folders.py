"""`lossctl check --init` pairs files of two folders by their paths, and rows by their indexes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Write

HERE, THERE = "y\n1\n2\n3\n", "y\n1\n2\n4\n"
BOTH_WAYS = [
    ("out/x.csv", "data/x.csv"),
    ("preds/2024/x.csv", "targets/2024/x.csv"),
    ("out/x_preds.csv", "data/x_labels.csv"),
    ("results/preds.csv", "data/y_test.csv"),
]
LABELLED = ",y\n10,1.5\n30,2.5\n20,3.5\n", ",y\n10,1\n20,3\n30,2\n"


def put(tmp_path: Path, write: Write, files: dict[str, str]) -> None:
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    write(dict(files))


def checks(run: Run, folder: Path) -> list[dict[str, Any]]:
    """Return the checks that are written, all of which pass."""
    assert run("check", "--init").code == 0
    found: list[dict[str, Any]] = tomllib.loads((folder / "lossctl.toml").read_text())["check"]
    assert run("check").code == 0
    return found


@pytest.mark.parametrize(("predictions", "targets"), BOTH_WAYS)
def test_files_go_together_whose_paths_are_the_same_but_for_what_they_hold(
    run: Run, write: Write, tmp_path: Path, predictions: str, targets: str
) -> None:
    put(tmp_path, write, {predictions: HERE, targets: THERE})
    (check,) = checks(run, tmp_path)
    assert (check["predictions"], check["targets"]) == (predictions, targets)


@pytest.mark.parametrize(
    "paths",
    [
        ("test/preds.csv", "train/labels.csv"),
        ("out/a.csv", "data/b.csv"),
        ("preds/x.csv", "old_preds/x.csv"),
        ("preds/x.csv", "backup/x.csv"),
        ("preds/a/x.csv", "targets/b/x.csv"),
        ("out/x.csv", "data/x.csv", "labels/x.csv"),
    ],
)
def test_others_do_not_go_together(
    run: Run, write: Write, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    put(tmp_path, write, dict.fromkeys(paths, THERE) | {paths[0]: HERE})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    assert not (tmp_path / "lossctl.toml").exists()
    if len(paths) > 2:
        said = "no check of 'out/x.csv': its targets may be 'data/x.csv' or 'labels/x.csv'\n"
        way = "hint: name the one that is meant: lossctl check --init out/x.csv data/x.csv\n"
        assert f"{said}lossctl: {way}" in outcome.err
        assert outcome.err.count(way) == 1
        assert run(*way.split(": ")[2].split()[1:]).code == 0


def test_targets_beside_the_predictions_come_first(run: Run, write: Write, tmp_path: Path) -> None:
    put(tmp_path, write, {"out/preds.csv": HERE, "out/labels.csv": THERE, "data/labels.csv": HERE})
    (check,) = checks(run, tmp_path)
    assert check["targets"] == "out/labels.csv"


@pytest.mark.parametrize("other", ["data/x_test.csv", "labels/x_y.csv"])
def test_the_very_name_comes_before_others(
    run: Run, write: Write, tmp_path: Path, other: str
) -> None:
    put(tmp_path, write, {"out/x.csv": HERE, "data/x.csv": THERE, other: HERE})
    (check,) = checks(run, tmp_path)
    assert (check["predictions"], check["targets"]) == ("out/x.csv", "data/x.csv")


def test_beside_the_predictions_those_of_the_same_words_come_first(
    run: Run, write: Write, tmp_path: Path
) -> None:
    put(tmp_path, write, {f"{name}_preds.csv": HERE for name in ("a", "b")})
    put(tmp_path, write, {f"{name}_labels.csv": THERE for name in ("a", "b")})
    pairs = [(one["predictions"], one["targets"]) for one in checks(run, tmp_path)]
    assert pairs == [("a_preds.csv", "a_labels.csv"), ("b_preds.csv", "b_labels.csv")]


def test_where_no_name_says_which_has_the_predictions_it_asks(
    run: Run, write: Write, tmp_path: Path
) -> None:
    put(tmp_path, write, {"a/x.csv": HERE, "b/x.csv": THERE})
    *_, error, hint = run("check", "--init").err.splitlines()
    said = "no name says which of 'a/x.csv' and 'b/x.csv' has the predictions"
    assert error == f"lossctl: error: lossctl.toml was not written: {said}"
    command = "lossctl check --init a/x.csv b/x.csv"
    assert hint == f"lossctl: hint: name both, the predictions first: {command}"
    assert run(*command.split()[1:]).code == 0
    assert run("check").code == 0


def test_a_copy_of_the_targets_is_no_check(run: Run, write: Write, tmp_path: Path) -> None:
    copy = "y\n" + "".join(f"{number}.5\n" for number in range(7, 50))
    put(tmp_path, write, {"out/x.csv": copy, "data/x.csv": copy})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "no check of 'out/x.csv' and 'data/x.csv': " in outcome.err


def test_it_is_said_where_there_are_more_than_are_tried(
    run: Run, write: Write, tmp_path: Path
) -> None:
    files = {f"out/x{number}.csv": HERE for number in range(20)}
    targets = {f"data/x{number}.csv": THERE for number in range(20)}
    put(tmp_path, write, files | targets)
    assert "there are more predictions" not in run("check", "--init").err
    (tmp_path / "lossctl.toml").unlink()
    put(tmp_path, write, {"out/z.csv": HERE, "data/z.csv": THERE})
    err = run("check", "--init").err
    assert "note: there are more predictions: no more than 20 files are tried at once\n" in err
    more = run("check", "--init")
    assert (more.code, tomllib.loads(more.out)["check"][0]["name"]) == (0, "z")


# Indexes.


@pytest.mark.parametrize("name", ["", "k"])
def test_rows_are_paired_by_the_labels_of_both_indexes(
    run: Run, write: Write, tmp_path: Path, name: str
) -> None:
    predictions, targets = (name + text for text in LABELLED)
    write({"preds.csv": predictions, "targets.csv": targets})
    (check,) = checks(run, tmp_path)
    assert {key: check.get(key) for key in ("index", "id")} == (
        {"index": None, "id": "k"} if name else {"index": "align", "id": None}
    )
    assert "Loss(W) is 0.125 today" in (tmp_path / "lossctl.toml").read_text()


def test_no_index_is_written_where_none_is_asked_for(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": HERE, "targets.csv": THERE})
    (check,) = checks(run, tmp_path)
    assert "index" not in check


def test_an_index_is_never_ignored_unasked(run: Run, write: Write, tmp_path: Path) -> None:
    write({"preds.csv": LABELLED[0], "targets.csv": LABELLED[1].replace("30,2", "31,2")})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "1 id only in preds.csv: '30'; 1 id only in targets.csv: '31'" in outcome.err
    assert not (tmp_path / "lossctl.toml").exists()
