"""How many checks came out how is told once wherever people look."""

import os
import pty
import subprocess
from pathlib import Path

import pytest
from conftest import LOSSCTL, Run, environment

pytestmark = pytest.mark.usefixtures("folder")
CHECK = ("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=1")  # Loss(W) is 1.5
COMMAND = f"lossctl {' '.join(CHECK)}"
TOLD = "1 check: 1 failed"
ERROR = f"lossctl: error: {TOLD}\n"


def shell(run: Run, command: str, **env: str) -> str:
    outcome = run("-c", command, program=("bash",), env=env)
    assert outcome.code == 1
    return outcome.out + outcome.err


@pytest.mark.parametrize("more", ["", " --format=md", " -o /dev/stdout"])
def test_once_where_both_streams_go_to_one_place(run: Run, folder: Path, more: str) -> None:
    shown = shell(run, f"{COMMAND}{more} 2>&1")
    assert (shown.count(TOLD), shown.count(ERROR)) == (1, 0)
    assert "lossctl: error: Loss(W) of mae is 1.5, above max-loss 1\n" in shown
    shell(run, f"{COMMAND}{more} > both.txt 2>&1")
    assert (folder / "both.txt").read_text().count(TOLD) == 1


def test_once_in_a_terminal(folder: Path) -> None:
    leader, follower = pty.openpty()
    done = subprocess.run(
        [LOSSCTL, *CHECK],
        cwd=folder,
        env=environment({"TERM": "dumb"}),
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        check=False,
    )
    os.close(follower)
    assert done.returncode == 1
    assert os.read(leader, 1 << 16).decode().count(TOLD) == 1
    os.close(leader)


def test_in_each_of_two_places(run: Run, folder: Path) -> None:
    outcome = run(*CHECK)
    assert (outcome.out.count(TOLD), outcome.err.count(ERROR)) == (1, 1)
    assert shell(run, f"{COMMAND} > out.txt").count(ERROR) == 1
    assert (folder / "out.txt").read_text().count(TOLD) == 1


@pytest.mark.parametrize("more", ["-q", "--format=json", "-o out.md"])
def test_on_stderr_where_stdout_does_not_tell_people(run: Run, more: str) -> None:
    assert shell(run, f"{COMMAND} {more} 2>&1").count(ERROR) == 1


def test_once_in_the_log_of_a_job_of_github(run: Run) -> None:
    """It has what comes by two pipes; what goes into a file is not in it."""
    outcome = run(*CHECK, env={"GITHUB_ACTIONS": "true"})
    assert (outcome.out.count(TOLD), outcome.err.count(TOLD)) == (1, 0)
    assert shell(run, f"{COMMAND} > out.txt", GITHUB_ACTIONS="true").count(ERROR) == 1


def test_a_stream_that_is_closed_is_no_place(run: Run) -> None:
    outcome = run("-c", f"{COMMAND} 2>&-", program=("bash",))
    assert (outcome.code, outcome.out.count(TOLD)) == (1, 1)
