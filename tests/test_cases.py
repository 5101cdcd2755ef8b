"""Files as tools write them, a folder each in `cases/`: what the user types, and what comes of it.

`case.toml` in the folder says why (and which tool wrote the files), and has a `[[run]]` for each
command: its exit code, its value (what it prints, where that is a number), and texts that stderr
must hold (`says`) or must not hold (`silent`). They run in a copy of the folder, in their order.
"""

import math
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import environment

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/case.toml")))
def test_the_files_of_a_case_give_the_right_number_or_the_right_error(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "case"
    shutil.copytree(CASES / name, folder)
    case = tomllib.loads((folder / "case.toml").read_text())
    assert case["run"], "a case without a command shows nothing"
    for run in case["run"]:
        _hold(run, folder)


def _hold(run: dict[str, Any], folder: Path) -> None:
    assert set(run) <= {"command", "exit", "value", "says", "silent"}, "a key with a typo"
    done = subprocess.run(
        ["bash", "-c", run["command"]],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = f"$ {run['command']}\n{done.stdout}{done.stderr}[exit {done.returncode}]"
    assert done.returncode == run["exit"], told
    assert "Traceback" not in done.stderr, told
    assert ("value" in run) == (run["exit"] == 0 and "-q" in run["command"].split()), told
    if "value" in run:
        assert math.isclose(float(done.stdout), run["value"], rel_tol=1e-12), told
    err = re.sub(r"\s+", " ", done.stderr)
    for text in run.get("says", []):
        assert text in err, told
    for text in run.get("silent", []):
        assert text not in err, told
    if run["exit"] not in (0, 1):
        assert run.get("says"), "say in the case what the error says"
    if not run.get("says") and run["exit"] == 0:
        assert not err, told  # a warning that no case expects is a change
