"""Stand-ins for what runs lossctl in CI: the runner of GitHub's Actions, and a plain shell."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from conftest import Outcome, environment

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
INSTALL, CHECK = (step for step in STEPS if "run" in step)
INPUTS: dict[str, str] = {name: given["default"] for name, given in ACTION["inputs"].items()}
PREDS, LABELS = "sample_data/digits/preds.csv", "sample_data/digits/labels.csv"


def bash(script: str, folder: Path, env: Mapping[str, str]) -> Outcome:
    """Run a script as a runner of GitHub or GitLab does: a command that fails ends it."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


class Runner:
    """What GitHub does with the Action: it fills in expressions and runs the shell of steps."""

    def __init__(self, temporary: Path, workspace: Path, python: str = sys.executable) -> None:
        self.workspace = workspace
        self.summary = workspace / "summary.md"
        self._python = python
        self._env = {
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(workspace),
        }

    def run(self, step: Mapping[str, Any], base: Mapping[str, str], **inputs: str) -> Outcome:
        values = {f"inputs.{name}": value for name, value in (INPUTS | inputs).items()}
        values["steps.python.outputs.python-path"] = self._python

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ *(\S+) *\}\}", lambda found: values[found[1]], text)

        given = {name: filled(text) for name, text in step["env"].items()}
        folder = self.workspace / filled(step.get("working-directory", "."))
        return bash(step["run"], folder, {**base, **self._env, **given})

    def check(self, **inputs: str) -> Outcome:
        """Run the last step; names of inputs may have underscores."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return self.run(CHECK, environment({"PYTHONPATH": str(self.workspace)}), **given)


def shell(folder: Path) -> dict[str, str]:
    """Return an environment where git knows who it is, and `pip` only writes down its arguments."""
    stub = folder / "bin/pip"
    stub.parent.mkdir(exist_ok=True)
    stub.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shlex.quote(str(folder / "pip.txt"))}\n')
    stub.chmod(0o755)
    (folder / ".gitconfig").write_text("[user]\nname = Somebody\nemail = somebody@example.com\n")
    env = environment({"HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"})
    return {**env, "PATH": f"{stub.parent}{os.pathsep}{env['PATH']}"}


def worsen(folder: Path) -> None:
    """Make the predictions of the digits so bad that no limit admits them, yet valid."""
    path = folder / PREDS
    header, *rows = path.read_text().splitlines(keepends=True)
    path.write_text(header + "".join(reversed(rows)))


def spoil(folder: Path) -> None:
    """Make one number of the digits NaN."""
    path = folder / PREDS
    path.write_text(re.sub(r"(?<=\n)[^,]+", "nan", path.read_text(), count=1))
