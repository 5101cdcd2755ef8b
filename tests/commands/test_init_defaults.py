"""`lossctl check --init` adds to a file what fits its defaults, and nothing that they say."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Run, Write

TWO = {"preds.csv": "y\n2\n0\n", "targets.csv": "y\n1\n1\n"}


def added(run: Run, folder: Path, *options: str) -> dict[str, Any]:
    """Return the one check that is added to the file, with which it loads."""
    outcome = run("check", "--init", *options)
    assert outcome.code == 0, outcome.err
    with (folder / "lossctl.toml").open("a") as file:
        file.write(outcome.out)
    assert run("check", "--list").code == 0
    (check,) = tomllib.loads(outcome.out)["check"]
    return dict(check)


@pytest.mark.parametrize(
    ("defaults", "without"),
    [
        ('loss = "mae"', {"loss"}),
        ("max-loss = 9", {"max-loss"}),
        ("min-rows = 1", {"min-rows"}),
        ('loss = ["mae", "mse"]\nmax-loss = {mae = 3, mse = 4}', {"loss", "max-loss"}),
        ('targets = "targets.csv"', {"targets"}),
        ('baseline = "b.json"\nmax-increase = "1%"', set()),
    ],
)
def test_what_the_defaults_say_is_not_said_again(
    run: Run, write: Write, tmp_path: Path, defaults: str, without: set[str]
) -> None:
    write(TWO | {"lossctl.toml": f"[defaults]\n{defaults}\n"})
    keys = ["name", "predictions", "targets", "loss", "max-loss", "min-rows"]
    assert list(added(run, tmp_path)) == [key for key in keys if key not in without]


def test_options_of_the_defaults_hold_for_what_is_tried(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": "key;y\n1;2,5\n2;NA\n", "targets.csv": "key;y\n2;1\n1;3\n"})
    write({"lossctl.toml": '[defaults]\nid = "key"\ndecimal = ","\nnan = "skip"\n'})
    assert set(added(run, tmp_path)) == {
        *("name", "predictions", "targets", "loss", "max-loss", "min-rows")
    }
    assert run("check").code == 0


def test_a_limit_of_the_defaults_is_told_beside_the_loss_of_today(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write(TWO | {"lossctl.toml": '[defaults]\nloss = "mae"\nmax-loss = 0.5\n'})
    added(run, tmp_path)
    text = (tmp_path / "lossctl.toml").read_text()
    assert "\n# Loss(W) is 1.0 today; max-loss is that of the defaults\n" in text
    assert run("check").code == 1


def test_what_is_asked_for_otherwise_is_said(run: Run, write: Write, tmp_path: Path) -> None:
    write(TWO | {"lossctl.toml": '[defaults]\nloss = "mae"\nmin-rows = 1\n'})
    check = added(run, tmp_path, "preds.csv", "targets.csv", "--loss=mse", "--min-rows=2")
    assert (check["loss"], check["min-rows"]) == ("mse", 2)
    (tmp_path / "lossctl.toml").write_text('[defaults]\nloss = "mae"\nmin-rows = 1\n')
    check = added(run, tmp_path, "preds.csv", "targets.csv", "--loss=mae", "--max-loss=3")
    assert list(check) == ["name", "predictions", "targets", "max-loss"]


def refused(run: Run) -> Outcome:
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    return outcome


def test_what_cannot_be_with_the_defaults_is_not_written(run: Run, write: Write) -> None:
    write(TWO | {"lossctl.toml": "[defaults]\nmax-loss = {mae = 3}\n"})
    said = "error: lossctl.toml: what was found cannot be added to it: check 'preds': no loss of "
    assert f"{said}this check (max-loss) is called 'mae'" in refused(run).err
    write({"lossctl.toml": '[defaults]\nlos = "mae"\n'})
    assert "lossctl.toml:2: [defaults]: no setting is called 'los'" in refused(run).err
    write({"lossctl.toml": '[defaults]\nid = "key"\n'})
    assert "key" in refused(run).err.splitlines()[0]
