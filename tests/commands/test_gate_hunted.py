"""What a hunter found: false passes, numbers lost, hangs."""

import json
import os
from pathlib import Path

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
MAE = ("p.csv", "t.csv", "--loss=mae")  # Loss(W) is 1.5
SHELL = ("bash", "-c")
CHECK = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\nloss=['mae', 'mse']\n{}\n"


@pytest.mark.parametrize(
    "call",
    [
        "lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0 3<&-",
        "lossctl check p.csv /dev/stdin --loss mae --max-loss 0 <&-",
        "lossctl check p.csv /dev/fd/0 --loss mae --max-loss 0 <&-",
        "lossctl check p.csv - --loss mae --max-loss 0 <&-",
    ],
)
def test_a_descriptor_that_is_closed_is_not_our_own_file(run: Run, call: str) -> None:
    assert run(call, program=SHELL, stdin=None).code in (3, 4)
    inherited = call.replace("<&-", "<t.csv").replace("--max-loss 0", "--max-loss 1.5")
    assert run(inherited, program=SHELL, stdin=None).code == 0


@pytest.mark.parametrize(
    ("flag", "code"),
    [("mae=1.75", 1), ("mae=1.25,mse=9", 1), ("mse=9", 0), ("mae=9,mse=9", 0)],
)
def test_a_flag_for_one_loss_leaves_the_limits_of_others(
    run: Run, write: Write, flag: str, code: int
) -> None:
    defaults = "[defaults]\nmax-loss = {mae = 2, mse = 1.25}\n"
    write({"lossctl.toml": defaults + CHECK.format("a", "p.csv", "max-loss.mse = 1")})
    assert run("check").code == 1
    outcome = run("check", f"--max-loss={flag}", "--format=json")
    lines = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert {line["loss"] for line in lines} == {"mae", "mse"}
    assert outcome.code == code


def test_an_output_is_no_input_of_a_check_that_is_not_made(run: Run, write: Write) -> None:
    both = CHECK.format("a", "p.csv", "min-rows=1") + CHECK.format("b", "q.csv", "min-rows=1")
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


def test_a_stream_is_not_read_again_for_its_hash(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    call = "(cat p.csv > pipe &); lossctl check pipe t.csv -lmae --update-baseline"
    assert run(call, program=SHELL).code == 0
    inputs = json.loads((folder / "lossctl-baseline.json").read_text())["checks"]["pipe"]["inputs"]
    assert inputs["pipe"] is None
    assert len(inputs["t.csv"]) == 64


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "1" * 5000,
        "x = " + "[" * 100_000,
        CHECK.format("a", "p\\u0000.csv", "min-rows=1").replace("'", '"'),
        CHECK.format("a", "p.csv", "min-rows=0x" + "1" * 5000),
        "# a comment \rmin-rows = 1\n",
    ],
    ids=["digits", "depth", "NUL", "hex", "CR"],
)
def test_a_file_that_no_parser_likes(run: Run, write: Write, text: str) -> None:
    write({"lossctl.toml": text})
    outcome = run("check")
    assert (outcome.code, outcome.out) == (2, "")


def test_a_configuration_that_never_ends(run: Run) -> None:
    assert run("check", "--config=/dev/zero").code == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("k=1", "k=1(00)"),
        ("eps=none", "eps=none(1e-7)"),
        ('"schema": 1', '"schema": true'),
        ('"schema": 1', '"schema": 1.0'),
    ],
)
def test_a_baseline_that_was_meddled_with(
    run: Run, write: Write, folder: Path, old: str, new: str
) -> None:
    assert run("check", *MAE, "--update-baseline").code == 0
    text = (folder / "lossctl-baseline.json").read_text()
    write({"base.json": text})
    assert run("check", *MAE, "--baseline=base.json").code == 0
    write({"base.json": text.replace(old, new)})
    assert run("check", *MAE, "--baseline=base.json").code == 3


def test_losses_that_are_a_list_of_pairs(run: Run, write: Write, folder: Path) -> None:
    assert run("check", *MAE, "--update-baseline").code == 0
    content = json.loads((folder / "lossctl-baseline.json").read_text())
    entry = content["checks"]["p.csv"]["losses"]["mae"]
    content["checks"]["p.csv"]["losses"] = [["mae", entry], ["mae", entry | {"mean": 9}]]
    write({"base.json": json.dumps(content)})
    assert run("check", *MAE, "--baseline=base.json").code == 3


def test_a_number_beyond_float64_beside_the_mean(run: Run, write: Write, folder: Path) -> None:
    assert run("check", *MAE, "--update-baseline").code == 0
    text = (folder / "lossctl-baseline.json").read_text()
    file = write({"lossctl-baseline.json": text.replace('"stderr": 0.5', '"stderr": 1e999')})
    damaged = file.read_text()
    assert run("check", *MAE, "--name=other", "--update-baseline").code == 3
    assert file.read_text() == damaged


def test_a_baseline_of_other_samples_is_remarked_upon(run: Run, write: Write) -> None:
    assert run("check", *MAE, "--update-baseline").code == 0
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    arguments = ("check", *MAE, "--baseline=lossctl-baseline.json")
    remark = "lossctl-baseline.json: its mae is of 2 samples, here are 1: are they the same?"
    outcome = run(*arguments, "--junit=out.xml", env={"GITHUB_ACTIONS": "true"})
    assert outcome.code == 0
    assert f"lossctl: warning: {remark}" in outcome.err
    assert f"::{remark}" in outcome.err
    assert (
        f"- **p.csv**: warning: {remark.split(':', maxsplit=1)[0]}" in run(*arguments, "-fmd").out
    )
    assert remark in (write({}) / "out.xml").read_text()
    assert "are they the same?" in run("check", *MAE, "--update-baseline").err


def test_warnings_about_the_data_reach_whoever_reads_the_verdict(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\nNA\n"})
    arguments = ("check", *MAE, "--max-loss=2", "--nan=skip")
    said = "warning: 1 row left out for a missing value: 1 evaluated"
    assert f"- **p.csv**: {said}" in run(*arguments, "--format=md").out
    assert "::warning" in run(*arguments, env={"GITHUB_ACTIONS": "true"}).err


def test_flags_are_for_the_checks_that_are_chosen(run: Run, write: Write) -> None:
    one = CHECK.format("b", "p.csv", "min-rows=1").replace("'mae', 'mse'", "'mse'")
    write({"lossctl.toml": CHECK.format("a", "p.csv", "max-loss.mae=9") + one})
    assert run("check", "--only=b", "--max-loss=1").code == 1
    assert run("check", "--only=b", "--max-loss=9").code == 0
    assert run("check", "--max-loss=9").code == 2
