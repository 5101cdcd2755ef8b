"""Flags beside a file of checks: which of the two a limit is taken from."""

import json

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
BOTH = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\nloss=['mae', 'mse']\n{}\n"
CHECK = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\n{}\n"


@pytest.mark.parametrize(
    ("flag", "code"),
    [("mae=1.75", 1), ("mae=1.25,mse=9", 1), ("mse=9", 0), ("mae=9,mse=9", 0)],
)
def test_a_flag_for_one_loss_leaves_the_limits_of_others(
    run: Run, write: Write, flag: str, code: int
) -> None:
    defaults = "[defaults]\nmax-loss = {mae = 2, mse = 1.25}\n"
    write({"lossctl.toml": defaults + BOTH.format("a", "p.csv", "max-loss.mse = 1")})
    assert run("check").code == 1
    outcome = run("check", f"--max-loss={flag}", "--format=json")
    lines = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert {line["loss"] for line in lines} == {"mae", "mse"}
    assert outcome.code == code


def test_flags_are_for_the_checks_that_are_chosen(run: Run, write: Write) -> None:
    one = BOTH.format("b", "p.csv", "min-rows=1").replace("'mae', 'mse'", "'mse'")
    write({"lossctl.toml": BOTH.format("a", "p.csv", "max-loss.mae=9") + one})
    assert run("check", "--only=b", "--max-loss=1").code == 1
    assert run("check", "--only=b", "--max-loss=9").code == 0
    assert run("check", "--max-loss=9").code == 2


def limits(run: Run, *flags: str) -> dict[str | None, float | None]:
    checks = json.loads(run("check", "--format=json", *flags).out)["checks"]
    return {line["loss"]: line["limit"] for line in checks[0]["verdicts"]}


def test_a_limit_without_a_name_is_for_the_loss_it_was_written_for(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK.format("a", "p.csv", "loss='mae'\nmax-loss=0.01")})
    assert limits(run, "--loss=mae,mse", "--max-loss=mse=99") == {"mae": 0.01, "mse": 99.0}
    assert limits(run, "--max-loss=mae=9") == {"mae": 9.0}
    assert run("check", "--loss=mae,mse").code == 2
    defaults = "[defaults]\nloss='mae'\nmax-loss=0.01\n"
    write(
        {"lossctl.toml": defaults + CHECK.format("a", "p.csv", "loss='mae,mse'\nmax-loss='mse=9'")}
    )
    assert limits(run) == {"mae": 0.01, "mse": 9.0}


OTHER = {
    "max-loss=1700": "max-loss in lossctl.toml:6 is for mae",
    "max-loss.mae=1700": "max-loss in lossctl.toml:6 is for mae",
    "max-stderr=9": "max-stderr in lossctl.toml:6 is for mae",
}


@pytest.mark.parametrize(("limit", "said"), OTHER.items(), ids=OTHER)
def test_a_limit_of_the_file_judges_no_other_loss_that_the_command_line_asks_for(
    run: Run, write: Write, limit: str, said: str
) -> None:
    write({"lossctl.toml": CHECK.format("a", "p.csv", f"loss='mae'\n{limit}")})
    outcome = run("check", "--loss=mse")
    assert outcome.code == 2
    option = f"--{limit.partition('=')[0].partition('.')[0]}"
    assert outcome.err.splitlines() == [
        f"lossctl: error: check 'a': --loss asks for mse, but {said}",
        f"lossctl: hint: leave out --loss, or pass {option} X, which takes its place",
    ]
    assert limits(run, "--loss=mse", f"{option}=99") == {"mse": 99.0}
    assert limits(run, "--loss=mae") == limits(run)
    several = run("check", "--loss=mse,ce")
    assert (several.code, "or name PREDS and TARGETS" in several.err) == (2, True)


def test_a_share_of_the_baseline_is_for_any_loss(run: Run, write: Write) -> None:
    write({"base.json": run("eval", "p.csv", "t.csv", "--loss=mae,mse", "--format=json").out})
    for increase, code in (("'1%'", 0), ("0.01", 2)):
        asked = f"loss='mae'\nbaseline='base.json'\nmax-increase={increase}"
        write({"lossctl.toml": CHECK.format("a", "p.csv", asked)})
        assert run("check", "--loss=mse").code == code


def test_an_increase_for_all_stays_for_those_that_are_not_named(run: Run, write: Write) -> None:
    write({"base.json": run("eval", "p.csv", "t.csv", "--loss=mae,mse", "--format=json").out})
    asked = "loss='mae,mse'\nbaseline='base.json'\nmax-increase='100%'"
    write({"lossctl.toml": CHECK.format("a", "p.csv", asked)})
    found = limits(run, "--max-increase=mse=300%")
    assert found.pop(None) == 2  # the rows of the baseline
    assert found == pytest.approx({"mae": 3.0, "mse": 5.0})


def test_a_warning_of_the_file_does_not_hinder_a_stricter_limit(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK.format("a", "p.csv", "loss='mae'\nmax-loss=9\nwarn-loss=2")})
    outcome = run("check", "--max-loss=1.75")
    said = "check 'a': --warn-loss 2 is above --max-loss 1.75: it would never warn"
    assert (outcome.code, outcome.err) == (0, f"lossctl: note: {said}\n")
    assert run("check", "--max-loss=1.25", "-q").err.splitlines()[0] == (
        "lossctl: error: Loss(W) of mae is 1.5, above max-loss 1.25"
    )
    assert run("check", "--max-loss=1", "--warn-loss=2").code == 2
