"""Outputs of `lossctl check`: each is a file of its own, and they are opened before the verdict."""

from pathlib import Path

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
MAE = ("p.csv", "t.csv", "--loss=mae")  # Loss(W) is 1.5
BOTH = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\nloss=['mae', 'mse']\n{}\n"
CHECK = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\n{}\n"


def test_an_output_is_no_input_of_a_check_that_is_not_made(run: Run, write: Write) -> None:
    both = BOTH.format("a", "p.csv", "min-rows=1") + BOTH.format("b", "q.csv", "min-rows=1")
    file = write({"lossctl.toml": both, "q.csv": "y\n1\n2\n"})
    assert run("check", "--only=a", "--junit=q.csv").code == 2
    assert file.read_text() == "y\n1\n2\n"


def test_the_summary_is_no_other_output(run: Run, write: Write) -> None:
    summary = write({"sum.md": "before\n"})
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "sum.md"}
    for option in ("-o", "--junit"):
        assert run("check", *MAE, "--max-loss=2", option, "sum.md", env=env).code == 2
    assert summary.read_text() == "before\n"


def test_what_cannot_be_written_is_known_before_the_verdict(run: Run) -> None:
    nowhere = ("--update-baseline", "--baseline=no/b.json")
    outcome = run("check", *MAE, "--max-loss=2", *nowhere, "--format=json")
    assert (outcome.code, outcome.out) == (4, "")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "no/sum.md"}
    outcome = run("check", *MAE, "--max-loss=2", "--format=json", env=env)
    assert (outcome.code, outcome.out) == (4, "")


@pytest.mark.parametrize("shown", ["-o/dev/full", "--junit=/dev/full"])
def test_no_baseline_is_written_where_the_verdict_is_not(
    run: Run, folder: Path, shown: str
) -> None:
    outcome = run("check", *MAE, "--update-baseline", "--format=json", shown)
    assert outcome.code == 4
    assert not (folder / "lossctl-baseline.json").exists()


def test_an_output_is_not_the_baseline_of_another_check(run: Run, write: Write) -> None:
    other = CHECK.format("b", "p.csv", "loss='mae'\nbaseline='base.json'")
    write({"lossctl.toml": CHECK.format("a", "p.csv", "loss='mae'\nmin-rows=1") + other})
    base = write({"base.json": run("eval", *MAE, "--format=json").out})
    before = base.read_text()
    for option in ("-o", "--junit"):
        assert run("check", "--only=a", option, "base.json").code == 2
    assert base.read_text() == before
    assert run("check").code == 0
