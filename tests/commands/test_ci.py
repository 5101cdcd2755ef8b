"""The gate where people meet it: the Action, the hook for pre-commit and what docs/ci.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from conftest import environment
from pipelines import (
    ACTION,
    CHECK,
    INPUTS,
    INSTALL,
    LABELS,
    PREDS,
    ROOT,
    STEPS,
    Runner,
    bash,
    shell,
    spoil,
    worsen,
)

from lossctl.gate.rules import RULES
from lossctl.losses import LOSSES

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
DOCS = (ROOT / "docs/ci.md").read_text()
DIGITS = {"predictions": PREDS, "targets": LABELS, "loss": "ce"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)


def loaded(about: str) -> Any:
    """Return the YAML block of the documentation that has some text."""
    (block,) = (block for block in blocks("yaml") if about in block)
    return yaml.safe_load(block)


(TOML,) = blocks("toml")
SHELL = blocks("sh")
PIPELINE = loaded("artifacts:")["losses"]
GITLAB = "\n".join(PIPELINE["script"])
GATES = [block for block in [GITLAB, *SHELL] if "--update" not in block]
USES = [
    step
    for step in loaded("uses: OWNER/lossctl")["jobs"]["losses"]["steps"]
    if "lossctl" in step["uses"]
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a RUNNER_TEMP where the Action has installed lossctl, from a folder full of traps."""
    temporary = tmp_path_factory.mktemp("runner temp")
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "pip.py").write_text("raise SystemExit('a file of the user was imported')")
    outcome = Runner(temporary, workspace).run(INSTALL, os.environ)
    assert (outcome.code, outcome.err.count("ERROR")) == (0, 0), outcome.err
    assert {path.name for path in workspace.iterdir()} == {"pip.py"}
    return temporary


@pytest.fixture
def runner(installed: Path, tmp_path: Path) -> Runner:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    (tmp_path / "numpy.py").write_text("raise SystemExit('a file of the user was imported')")
    return Runner(installed, tmp_path)


@pytest.fixture
def recorder(tmp_path: Path) -> Runner:
    """A runner whose Python, also that of the environment, prints what it was called with."""
    python = tmp_path / "lossctl-venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    python.chmod(0o755)
    return Runner(tmp_path, tmp_path, str(python))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone of a repository with sample data, and the lossctl.toml and baseline of the docs.

    The repository has them all, too.
    """
    origin = tmp_path / "origin"
    shutil.copytree(ROOT / "sample_data", origin / "sample_data")
    (origin / "lossctl.toml").write_text(TOML)
    commands = "git init -q -b main; git add .; git commit -q -m base; git clone -q . ../project"
    commands = f"{commands}; git config receive.denyCurrentBranch ignore; cd ../project"
    push = "git push -q origin main"
    outcome = bash(f"{commands}; {SHELL[0]}{push}", origin, shell(tmp_path))
    assert outcome.code == 0, outcome.err
    return tmp_path / "project"


def test_the_action_is_pinned_described_and_has_no_expression_in_its_shell() -> None:
    pinned = [step["uses"] for step in STEPS if "uses" in step]
    assert pinned
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses) for uses in pinned)
    assert all("${{" not in step["run"] for step in (INSTALL, CHECK))
    assert all(step["run"].startswith("set -euo pipefail\n") for step in (INSTALL, CHECK))
    assert all(step["shell"] == "bash" for step in (INSTALL, CHECK))
    for given in ACTION["inputs"].values():
        assert given["description"].strip()
        assert not given.get("required")


def test_every_input_of_the_action_is_used_and_no_other() -> None:
    assert set(re.findall(r"\$\{\{ *inputs\.([\w-]+) *\}\}", json.dumps(STEPS))) == set(INPUTS)
    for step in (INSTALL, CHECK):
        assert all(re.search(rf"\${{?{name}\b", step["run"]) for name in step["env"])


@pytest.mark.parametrize("limit", [*RULES, "min-rows", "baseline", "max-increase"])
def test_every_limit_has_its_three_lines_in_the_action(limit: str) -> None:
    variable = f"LOSSCTL_{limit.upper().replace('-', '_')}"
    assert limit in ACTION["inputs"], f"action.yml: describe {limit} below inputs"
    assert variable in CHECK["env"], f"action.yml: set {variable} in env of the step Check"
    assert f'option --{limit} "${variable}"' in CHECK["run"], f"action.yml: run lacks --{limit}"


def test_the_action_lists_no_losses_by_hand() -> None:
    words = set(re.findall(r"\w+", ACTION["inputs"]["loss"]["description"]))
    assert words & set(LOSSES) == set()


def test_the_action_leaves_the_python_of_the_job_alone() -> None:
    (setup,) = (step for step in STEPS if "uses" in step)
    assert setup["id"] == "python"
    assert setup["with"] == {
        "python-version": "${{ inputs.python-version }}",
        "update-environment": False,
    }


def test_empty_inputs_are_not_passed(recorder: Runner) -> None:
    assert recorder.check().out.split("\0") == ["-I", "-m", "lossctl", "check", ""]


@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`; exit 0", "-a b", "'\"*\\n ", "--"]
)
def test_inputs_reach_the_command_as_they_are(recorder: Runner, value: str) -> None:
    no_options = {"predictions", "targets", "args", "working-directory", "python-version", "extras"}
    options = set(INPUTS) - no_options
    given = dict.fromkeys(options, value)
    args = f"{value}\n\n--worst=3\n"
    outcome = recorder.check(predictions=value, targets=value, args=args, **given)
    passed = outcome.out.split("\0")[4:]
    assert sorted(passed[: len(options)]) == sorted(f"--{name}={value}" for name in options)
    assert passed[len(options) :] == [value, "--worst=3", "--", value, value, ""]
    assert not (recorder.workspace / "pwned").exists()


@pytest.mark.parametrize(("extras", "end"), [("", ""), ("$(touch pwned)", "[$(touch pwned)]")])
def test_extras_are_those_of_the_checkout(recorder: Runner, extras: str, end: str) -> None:
    outcome = recorder.run(INSTALL, environment(), extras=extras)
    assert outcome.out.split("\0")[-2:] == [f"{ROOT}{end}", ""]
    assert not (recorder.workspace / "pwned").exists()


def test_only_has_a_name_a_line(recorder: Runner) -> None:
    outcome = recorder.check(only="a b\nc,d\n")
    assert outcome.out.split("\0")[4:] == ["--only=a b", "--only=c,d", ""]


def test_targets_alone_are_refused(recorder: Runner) -> None:
    outcome = recorder.check(targets=LABELS, max_loss="1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "lossctl: error: targets are given, but no predictions\n"


def test_the_action_installs_its_own_checkout_apart(installed: Path) -> None:
    code = "import lossctl, pyarrow; print(lossctl.__file__, pyarrow.__file__)"
    command = [str(installed / "lossctl-venv/bin/python"), "-I", "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert found.count(f"{installed}/lossctl-venv/lib/") == 2


def test_without_predictions_the_action_makes_the_checks_of_the_project(runner: Runner) -> None:
    (runner.workspace / "lossctl.toml").write_text(TOML)
    assert runner.check().code == 4  # no baseline yet
    assert runner.check(args="--update-baseline").code == 0
    assert runner.check().code == 0
    assert runner.check(only="diabetes", max_loss="1").code == 1
    worsen(runner.workspace)
    outcome = runner.check()
    line = TOML.splitlines().index("max-loss = 0.2") + 1
    assert outcome.code == 1
    assert f"::error file=lossctl.toml,line={line},title=lossctl%3A digits::" in outcome.err
    assert "above max-loss 0.2\n" in runner.summary.read_text()
    spoil(runner.workspace)
    assert runner.check().code == 3
    assert runner.check(only="diabetes").code == 0


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"max_loss": "0.35"}, 0),
        ({"max_loss": "0.16", "warn_loss": "0.1"}, 1),
        ({"loss": "ce,mse", "max_loss": "ce=0.35,mse=0.03"}, 1),
        ({"max_stderr": "0.01"}, 1),
        ({"max_sample": "8"}, 1),
        ({"min_rows": "900"}, 1),
        ({"baseline": "none.json", "max_increase": "2%"}, 4),
        ({"max_loss": "0.35", "targets": "none.csv"}, 4),
        ({"max_loss": "0.35", "config": "lossctl.toml"}, 2),
        ({}, 2),
        ({"max_loss": " "}, 2),
        ({"max_loss": "0.35", "args": "--worst"}, 2),
        ({"max_loss": "0.35", "args": "--worst 3"}, 2),
        ({"predictions": "", "targets": ""}, 2),
    ],
)
def test_the_step_ends_as_lossctl_does(runner: Runner, inputs: dict[str, str], code: int) -> None:
    outcome = runner.check(**(DIGITS | inputs))
    assert outcome.code == code
    assert (outcome.err == "") == (code == 0)


def test_the_action_shows_what_is_wrong_everywhere(runner: Runner) -> None:
    digits = {"predictions": "preds.csv", "targets": "labels.csv", "loss": "ce"}
    spoil(runner.workspace)
    folder = "sample_data/digits"
    outcome = runner.check(**digits, max_loss="1", working_directory=folder, junit="j.xml")
    assert outcome.code == 3
    assert outcome.err.startswith(f"::error file={PREDS},line=2,title=lossctl%3A preds.csv::")
    assert "could not be judged" in runner.summary.read_text()
    assert "'nan' is not a number" in (runner.workspace / folder / "j.xml").read_text()


@pytest.mark.parametrize(
    "name",
    ["$(touch pwned)", "a b.csv", "; exit 0", "-p.csv", "--max-loss=9", "'\"`touch pwned`", "*"],
)
def test_files_may_have_any_name(runner: Runner, name: str) -> None:
    targets = f"{name} of targets"
    shutil.copy(ROOT / PREDS, runner.workspace / name)
    shutil.copy(ROOT / LABELS, runner.workspace / targets)
    given = {"predictions": name, "targets": targets, "loss": "ce"}
    passing = runner.check(**given, max_loss="0.35", args="--format=json")
    assert passing.code == 0
    assert json.loads(passing.out)["checks"][0]["name"] == name
    assert runner.check(**given, max_loss="0.1").code == 1
    assert not (runner.workspace / "pwned").exists()


@pytest.mark.parametrize("step", USES)
def test_the_documented_uses_of_the_action_pass(runner: Runner, step: dict[str, Any]) -> None:
    (runner.workspace / "lossctl.toml").write_text(TOML)
    assert runner.check(args="--update-baseline").code == 0
    given = {name: str(value) for name, value in step.get("with", {}).items()}
    assert set(given) <= set(INPUTS)
    assert runner.check(**given).code == 0
    worsen(runner.workspace)
    assert runner.check(**given).code == 1


def test_the_hook_runs_all_checks_whatever_was_changed(project: Path) -> None:
    (hook,) = HOOKS
    assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("python", False, True)
    assert bash(hook["entry"], project, environment()).code == 0
    worsen(project)
    assert bash(hook["entry"], project, environment()).code == 1
    (documented,) = loaded("repos:")["repos"]
    assert [use["id"] for use in documented["hooks"]] == [hook["id"]]


@pytest.mark.parametrize("script", GATES)
def test_documented_gates_pass_and_stop_what_is_worse(project: Path, script: str) -> None:
    env = shell(project.parent)
    outcome = bash(script, project, env)
    assert (outcome.code, outcome.err) == (0, "")
    worsen(project)
    assert bash(script, project, env).code == 1
    spoil(project)
    assert bash(script, project, env).code == 3


@pytest.mark.parametrize("script", [script for script in GATES if "pip" in script])
def test_documented_gates_install_lossctl_and_write_junit(project: Path, script: str) -> None:
    assert bash(script, project, shell(project.parent)).code == 0
    installed = (project.parent / "pip.txt").read_text()
    assert installed == "install\nlossctl[all] @ git+https://github.com/OWNER/lossctl@SHA\n"
    report = PIPELINE["artifacts"]["reports"]["junit"]
    assert PIPELINE["artifacts"]["when"] == "always"
    assert (project / report).read_text().count("<testcase") == 2


def test_the_documented_ratchet_goes_up_only_where_it_is_asked_to(project: Path) -> None:
    env, baseline = shell(project.parent), project / "lossctl-baseline.json"
    best = (project / PREDS).read_text()
    header, before = best.splitlines()[0], baseline.read_text()
    former = np.load(project / "sample_data/digits/epochs/epoch_19.npy")
    np.savetxt(project / PREDS, former, delimiter=",", header=header, comments="")
    assert bash("lossctl check", project, env).code == 1
    assert bash(SHELL[0], project, env).code == 1
    assert baseline.read_text() == before
    assert bash(SHELL[1], project, env).code == 0
    assert baseline.read_text() != before
    assert (
        bash("lossctl check; git diff --quiet HEAD lossctl-baseline.json", project, env).code == 0
    )
    (project / PREDS).write_text(best)
    assert bash("lossctl check --update-baseline", project, env).code == 0
    assert baseline.read_text() == before
    worsen(project)
    assert bash(SHELL[1], project, env).code == 1
    assert baseline.read_text() == before


GH = """#!/bin/sh
case "$1 $2" in
  "pr list") wc -l < "$GH_LOG" ;;
  "pr create") echo "$@" >> "$GH_LOG" ;;
esac
"""


def test_the_documented_nightly_job_survives_its_open_pull_request(project: Path) -> None:
    script = loaded("cron:")["jobs"]["losses"]["steps"][-1]["run"]
    gh, log = project.parent / "gh-bin/gh", project.parent / "gh.txt"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    log.touch()
    env = dict(shell(project.parent))
    env |= {"PATH": f"{gh.parent}:{env['PATH']}", "GH_LOG": str(log)}
    script = f"set -e\ngit switch -q --detach origin/main\n{script}"
    assert bash(script, project, env).code == 0
    assert log.read_text() == ""  # nothing was lower
    baseline = project / "lossctl-baseline.json"
    for mean in (9.0, 8.0):  # of two nights, in one checkout
        bash("git switch -q main", project, env)
        content = json.loads(baseline.read_text())
        content["checks"]["digits"]["losses"]["ce"]["mean"] = mean
        baseline.write_text(json.dumps(content))
        higher = "git commit -qam higher; git push -q origin main"
        assert bash(higher, project, env).code == 0
        outcome = bash(script, project, env)
        assert outcome.code == 0, outcome.err
    assert log.read_text().count("pr create --fill --head losses-tonight") == 1
    pushed = "git show origin/losses-tonight:lossctl-baseline.json"
    assert (
        json.loads(bash(pushed, project, env).out)["checks"]["digits"]["losses"]["ce"]["mean"] < 1
    )
