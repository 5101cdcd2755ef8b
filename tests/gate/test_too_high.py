"""A loss that is too high says where to look, and how it may be so high on purpose."""

import json

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A, look

pytestmark = pytest.mark.usefixtures("folder")
CHECK = ("check", "p.csv", "t.csv", "--name=a", "--loss=mae,mse")
GOOD = {"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"}
WORSE = {"p.csv": "y\n3\n2\n"}
SEE = "to see the worst samples: "


def test_the_command_that_is_told_shows_the_worst_samples(run: Run, write: Write) -> None:
    write(dict(GOOD))
    outcome = run(*CHECK, "--max-loss=mse=1")
    assert f"lossctl: {look('mse')}\n" in outcome.err
    command = outcome.err.partition(SEE)[2].partition(";")[0]
    shown = run(*command.split()[1:])
    assert (shown.code, "mse" in shown.out) == (0, True)
    (verdict,) = json.loads(run(*CHECK, "--max-loss=mse=1", "-fjson").out)["checks"][0]["verdicts"]
    assert f"hint: {verdict['advice']}" == look("mse")
    assert SEE not in run(*CHECK, "--max-loss=mse=1", "--worst=3").err
    piped = f"cat p.csv | lossctl {' '.join(CHECK).replace('p.csv', '-')} --max-loss mse=1"
    assert SEE not in run("-c", piped, program=("bash",)).err


def test_a_higher_number_is_taken_as_the_hint_says(run: Run, write: Write) -> None:
    write(GOOD | {"lossctl.toml": f'{CHECK_OF_A}baseline = "lossctl-baseline.json"\n'})
    assert run("check", "--update-baseline").code == 0
    write(dict(WORSE))
    outcome = run("check")
    way = "lossctl check --update-baseline --allow-increase --only a"
    told = f"lossctl: hint: {SEE}lossctl eval p.csv t.csv --loss mae --worst 10; to take the higher"
    assert outcome.err.splitlines()[1] == f"{told} number on purpose: {way}"
    annotation = run("check", env={"GITHUB_ACTIONS": "true"}).err
    assert f"number on purpose: {way}\n" in annotation
    assert run(*way.split()[1:]).code == run("check").code == 0


def test_beside_a_report_of_others_another_increase_is_chosen(run: Run, write: Write) -> None:
    write(GOOD | {"base.csv": GOOD["p.csv"]})
    assert run("eval", "base.csv", "t.csv", "--loss=mae", "-o", "base.json").code == 0
    write(dict(WORSE))
    outcome = run("check", "p.csv", "t.csv", "--loss=mae", "--baseline=base.json")
    assert outcome.err.splitlines()[1] == f"lossctl: {look(rule='max-increase')}"


def test_that_samples_are_others_is_told_first(run: Run, write: Write) -> None:
    write(dict(GOOD))
    assert run(*CHECK, "--update-baseline").code == 0
    write({"p.csv": "y\n9\n", "t.csv": "y\n0\n"})
    held = (*CHECK, "--baseline=lossctl-baseline.json", "--max-loss=mae=1,mse=99")
    errors = [one for one in run(*held).err.splitlines() if "error: " in one]
    assert errors[0] == "lossctl: error: 1 sample, fewer than the 2 of the baseline"
    assert "above max-loss" in errors[1]
