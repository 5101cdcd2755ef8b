"""A rule is a line in the registry: its option, setting, limit and verdict are made of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Outcome, Write, environment

CODE = """
from lossctl.gate.rules import RULES, Rule
RULES["max-best"] = Rule("the lowest {loss} of a sample", "min", "No sample beats this.", "BEST")
RULES["warn-best"] = Rule(
    "the lowest {loss} of a sample", "min", "A warning above this.", only_warns=True
)
from lossctl.__main__ import main
main()
"""
CHECK = "[[check]]\nname='a'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\n"


def check(folder: Path, *args: str) -> Outcome:
    command = [sys.executable, "-c", CODE, "check", *args]
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def files(tmp_path: Path, write: Write) -> Path:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n1.5\n1.75\n"})  # mae: 0.5, 0.25
    return tmp_path


def test_its_option_is_in_the_help_behind_those_before_it(files: Path) -> None:
    text = check(files, "--help").out
    assert re.search("\n  --max-best BEST +No sample beats this\\.\n", text)
    assert text.index("--max-sample") < text.index("--max-best") < text.index("--min-rows")


@pytest.mark.parametrize(
    ("limit", "code", "word"),
    [("max-best=0.25", 0, "pass"), ("max-best=mae=0.2", 1, "fail"), ("warn-best=0.2", 0, "warn")],
)
def test_its_option_is_judged(files: Path, limit: str, code: int, word: str) -> None:
    outcome = check(files, "p.csv", "t.csv", "-lmae", f"--{limit}", "--format=json")
    (verdict,) = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert (outcome.code, verdict["verdict"], verdict["value"]) == (code, word, 0.25)
    assert verdict["message"].startswith("the lowest mae of a sample is 0.25, ")


def test_it_is_a_setting_and_a_flag_beats_it_for_the_loss_it_names(
    files: Path, write: Write
) -> None:
    write({"lossctl.toml": f"{CHECK}max-best = {{mae = 0.2}}\n"})
    assert check(files).code == 1
    assert check(files, "--max-best=mae=0.25").code == 0
    write({"lossctl.toml": f"{CHECK}max-bst = 1\n"})
    assert "did you mean max-best?" in check(files).err


def test_a_warning_that_would_never_be_given_is_refused(files: Path) -> None:
    outcome = check(files, "p.csv", "t.csv", "-lmae", "--max-best=0.1", "--warn-best=0.2")
    message = "--warn-best 0.2 is above --max-best 0.1: it would never warn"
    assert (outcome.code, outcome.err) == (2, f"lossctl: error: {message}\n")
    assert check(files, "p.csv", "t.csv", "-lmae", "--max-loss=1", "--warn-best=2").code == 0
