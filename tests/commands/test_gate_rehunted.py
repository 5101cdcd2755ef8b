"""What a second hunter found in the mends of what the first one found."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import LOSSCTL, Run, Write, environment
from samples import TSV

pytestmark = pytest.mark.usefixtures("folder")
MAE = ("p.csv", "t.csv", "--loss=mae")  # Loss(W) is 1.5, that of mse 1.25
SHELL = ("bash", "-c")
CHECK = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\n{}\n"


def limits(run: Run, *flags: str) -> dict[str, float]:
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


def test_an_increase_for_all_stays_for_those_that_are_not_named(run: Run, write: Write) -> None:
    write({"base.json": run("eval", "p.csv", "t.csv", "--loss=mae,mse", "--format=json").out})
    asked = "loss='mae,mse'\nbaseline='base.json'\nmax-increase='100%'"
    write({"lossctl.toml": CHECK.format("a", "p.csv", asked)})
    found = limits(run, "--max-increase=mse=300%")
    assert found == pytest.approx({"mae": 3.0, "mse": 5.0})


@pytest.mark.parametrize(
    ("before", "after"),
    [(True, True), (True, False), (False, True)],
    ids=["lowers", "goes", "comes"],
)
def test_a_baseline_that_changes_meanwhile(
    run: Run, folder: Path, before: bool, after: bool
) -> None:
    os.mkfifo(folder / "slow.csv")
    both = CHECK.format("a", "p.csv", "loss='mae'") + CHECK.format("b", "slow.csv", "loss='mae'")
    file = folder / "lossctl-baseline.json"
    assert run("check", *MAE, "--name=a", "--update-baseline").code == 0
    lower = file.read_text().replace("1.5", "0.5")
    if not before:
        file.unlink()
    (folder / "lossctl.toml").write_text(both)
    with subprocess.Popen(
        [LOSSCTL, "check", "--update-baseline"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with (folder / "slow.csv").open("w") as slow:  # opens when b is read, a is judged
            if after:
                file.write_text(lower)
            else:
                file.unlink()
            slow.write("y\n1\n2\n")
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert "lossctl-baseline.json: changed meanwhile, and was not written" in err
    assert file.exists() is after
    assert not after or file.read_text() == lower


def test_updates_at_the_same_time_lose_nothing(folder: Path) -> None:
    arguments = [LOSSCTL, "check", *MAE, "--update-baseline", "--name"]
    names = {f"check {number}" for number in range(6)}
    started = [
        subprocess.Popen([*arguments, name], cwd=folder, stdout=subprocess.DEVNULL)
        for name in names
    ]
    assert [process.wait(timeout=60) for process in started] == [0] * len(names)
    content = json.loads((folder / "lossctl-baseline.json").read_text())
    assert set(content["checks"]) == names


OURS = [
    "lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0.1",
    "lossctl check p.csv /dev/fd/100 --loss mae --max-loss 0.1",
    "lossctl check p.csv /proc/self/fd/4 --loss mae --max-loss 0.1",
    "ulimit -n 64; lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0.1",
    "lossctl eval p.csv /dev/fd/3 --loss mae",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o out.txt --junit /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 --junit out.xml -o /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --update-baseline -o /dev/fd/3",
    "lossctl eval p.csv t.csv --loss mae -o r.txt --per-sample /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/stdout >&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/fd/1 >&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/fd/0 <&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 --junit /dev/stderr 2>&-",
    "lossctl eval p.csv t.csv --loss mae -o /dev/stdout >&-",
    "GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=/dev/stderr "
    "lossctl check p.csv t.csv --loss mae --max-loss 2 2>&-",
]


@pytest.mark.parametrize("call", OURS)
def test_a_descriptor_that_was_not_given_to_us(run: Run, folder: Path, call: str) -> None:
    before = {path.name for path in folder.iterdir()}
    assert run(f"exec 3>&- 4>&-; {call}", program=SHELL).code == 4
    assert {path.name for path in folder.iterdir()} == before


def test_a_descriptor_that_was_given_to_us(run: Run, folder: Path) -> None:
    call = "lossctl eval p.csv /dev/fd/5 --loss mae --format tsv -o /dev/fd/6 5<t.csv 6>out.txt"
    assert run(call, program=SHELL).code == 0
    assert (folder / "out.txt").read_text() == TSV
    many = "lossctl eval p.csv <(cat t.csv) --loss mae -q"
    assert run(many, program=SHELL).out == "1.5\n"


def test_an_output_is_not_the_baseline_of_another_check(run: Run, write: Write) -> None:
    other = CHECK.format("b", "p.csv", "loss='mae'\nbaseline='base.json'")
    write({"lossctl.toml": CHECK.format("a", "p.csv", "loss='mae'\nmin-rows=1") + other})
    base = write({"base.json": run("eval", *MAE, "--format=json").out})
    before = base.read_text()
    for option in ("-o", "--junit"):
        assert run("check", "--only=a", option, "base.json").code == 2
    assert base.read_text() == before
    assert run("check").code == 0


def test_no_command_in_a_log_that_is_named(run: Run) -> None:
    actions = {"GITHUB_ACTIONS": "true"}
    for output in ("/dev/stdout", "/dev/stderr"):
        outcome = run("check", *MAE, "--max-loss=2", "--name=::error::x", "-o", output, env=actions)
        assert outcome.code == 0
        assert "\\u003a:error::x" in outcome.out + outcome.err
