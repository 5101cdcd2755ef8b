"""`lossctl check --list` and `-q`, and a file of checks that lies in a folder above."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Run, Write
from samples import snapshot

A = """
[[check]]
name = "a"
predictions = "p.csv"
targets = "t.csv"
loss = ["mae", "mse"]
max-loss = {mae = 2, mse = 1.0}
min-rows = 2
"""
B = """
[[check]]
name = "b\\u001b[31m"
predictions = "none.csv"
targets = "t.csv"
loss = "mae"
baseline = "base.json"
"""
LIST = """\
2 checks
name        setting              file
─────────────────────────────────────────
a           predictions          p.csv
            targets              t.csv
            loss mae,mse
            max-loss mae=2
            max-loss mse=1.0
            min-rows 2
b\\x1b[31m   predictions          none.csv
            targets              t.csv
            loss mae
            baseline base.json
"""


@pytest.fixture(autouse=True)
def project(folder: Path, write: Write) -> Path:
    """Two checks: a fails, and b cannot be judged."""
    write({"lossctl.toml": A + B})
    return folder


def listed(run: Run, *more: str) -> list[dict[str, Any]]:
    content = json.loads(run("check", "--list", "--format=json", *more).out)
    return list(content["checks"])


# --list.


def test_a_list_of_checks_none_of_which_is_made(run: Run, project: Path) -> None:
    before = snapshot(project)
    assert run("check", "--list") == Outcome(0, LIST, "")
    assert snapshot(project) == before


def test_the_list_for_programs(run: Run) -> None:
    inputs = {"predictions": "p.csv", "targets": "t.csv"}
    limits = ["max-loss mae=2", "max-loss mse=1.0", "min-rows 2"]
    both = listed(run)
    settings = {"settings": {"loss": "mae,mse"}}
    assert both[0] == {"name": "a", "limits": limits} | settings | inputs
    assert both[1]["name"] == "b\x1b[31m"
    assert listed(run, "--only=a") == both[:1]


def test_a_list_has_what_the_command_line_says(run: Run) -> None:
    (one,) = listed(run, "--only=a", "--max-loss=mae=9", "--min-rows=7")
    assert one["limits"] == ["max-loss mse=1.0", "max-loss mae=9", "min-rows 7"]
    (flags,) = listed(run, "p.csv", "t.csv", "--loss=mae", "--warn-loss=1", "--name=x")
    assert flags == {
        **{"name": "x", "limits": ["warn-loss mae=1"], "settings": {"loss": "mae"}},
        **{"predictions": "p.csv", "targets": "t.csv"},
    }


def test_an_increase_over_a_baseline_is_listed(run: Run, write: Write) -> None:
    write({"lossctl.toml": B + 'max-increase = "2%"\n'})
    (one,) = listed(run)
    assert any("2%" in str(limit) for limit in one["limits"])


def test_a_check_without_a_limit_is_listed(run: Run) -> None:
    (one,) = listed(run, "p.csv", "t.csv", "--loss=mae")
    assert one["limits"] == []


MORE = {
    'index = "align"': "index align",
    'missing = "present"': "missing present",
    'pos-label = "spam, or not"': "pos-label spam, or not",
    'target-col = "y true"': "target-col y true",
    "header = false": "no-header",
    "targets-header = true": "targets-header",
    'columns = "position"': "columns position",
    'from = "logits"': "from logits",
    'nan = "skip"': "nan skip",
    'repeated-ids = "first"': "repeated-ids first",
    "worst = 3": "worst 3",
    "allow-fewer-rows = true": "allow-fewer-rows",
    "allow-no-final-newline = true": "allow-no-final-newline",
    "unlimited = true": "unlimited",
    "sum-tolerance = 0.1": "sum-tolerance 0.1",
}
"""Settings, and how the list shows them."""


@pytest.mark.parametrize("columns", [None, 60, 80, 100])
def test_a_list_has_every_setting_that_is_not_the_default(
    run: Run, write: Write, columns: int | None
) -> None:
    more = 'pred-cols = "class_{}"\nper-sample = "rows.csv"\ncomment = "#"\nkey = ""\n'
    names = "*,class_".join(str(number) for number in range(40))
    text = A.replace("max-loss", "warn-loss").replace("mae", "ce").replace("mse", "bce")
    write({"lossctl.toml": text + "\n".join([*MORE, more.format(names)])})
    env = {} if columns is None else {"COLUMNS": str(columns)}
    outcome = run("check", "--list", env=env)
    assert outcome.code == 0, outcome.err
    lines = [line.strip() for line in outcome.out.splitlines()]
    for shown in (*MORE.values(), "comment #"):
        assert any(line == shown or line.endswith(f" {shown}") for line in lines), shown
    assert "per-sample" in outcome.out
    assert max(map(len, lines)) <= (columns or 80)
    assert f"pred-colsclass_{names}target-col" in "".join(outcome.out.split())
    (one,) = listed(run)
    assert one["settings"]["pred-cols"] == f"class_{names}"
    assert one["settings"]["header"] is False
    assert one["settings"]["worst"] == 3


def test_a_list_may_be_written_to_a_file(run: Run, project: Path) -> None:
    assert run("check", "--list", "--output=list.md") == Outcome(0, "", "")
    text = (project / "list.md").read_text()
    assert "| a | predictions | p.csv |\n|  | targets | t.csv |\n" in text
    assert "|  | max-loss mse=1.0 |  |\n" in text


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_limit_is_cut_at_any_width(run: Run, write: Write, columns: int) -> None:
    name = "a-baseline-of-some-length.json"
    text = A.replace('"a"', '"a name that is rather long for a check"').replace("p.csv", "q" * 60)
    write({"lossctl.toml": text + f'baseline = "{name}"\nmax-stderr.mae = 0.000123456789\n'})
    out = run("check", "--list", env={"COLUMNS": str(columns)}).out
    for limit in ("max-loss mse=1.0", "max-stderr mae=0.000123456789", f"baseline {name}"):
        assert limit in out


def test_what_cannot_be_is_refused_in_a_list_as_well(run: Run, write: Write) -> None:
    assert run("check", "--list", "--only=c").code == 2
    assert run("check", "--list", "--init").code == 2
    write({"lossctl.toml": A.replace("max-loss", "max-los")})
    outcome = run("check", "--list")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean max-loss?" in outcome.err


# -q.


def test_quiet_says_only_what_is_wrong(run: Run) -> None:
    loud, quiet = run("check"), run("check", "-q")
    assert loud.out.startswith("2 checks: 1 failed, 1 could not be judged\n")
    assert quiet == Outcome(4, "", loud.err)
    assert quiet.err.startswith("lossctl: error: check 'a': Loss(W) of mse is 1.25, above max-loss")


def test_quiet_says_nothing_if_nothing_is_wrong(run: Run, project: Path) -> None:
    passing = ("check", "--only=a", "--max-loss=mse=2")
    assert run(*passing, "--quiet") == Outcome(0, "", "")
    assert run(*passing, "-q", "--junit=out.xml") == Outcome(0, "", "")
    assert "<testcase" in (project / "out.xml").read_text()
    assert run(*passing, "-q", "--warn-loss=mse=1") == Outcome(
        0, "", "lossctl: warning: Loss(W) of mse is 1.25, above warn-loss 1\n"
    )


@pytest.mark.parametrize("more", ["--format=json", "--format=table", "--output=a.md"])
def test_quiet_leaves_a_report_that_is_asked_for(run: Run, project: Path, more: str) -> None:
    outcome = run("check", "-q", "--only=a", more)
    assert (outcome.code, outcome.out) == (1, run("check", "--only=a", more).out)
    assert (project / "a.md").exists() is (more == "--output=a.md")


def test_a_loss_without_a_limit_beside_one_that_has_one_is_told(run: Run, project: Path) -> None:
    both = ("check", "p.csv", "t.csv", "--loss=mse,mae", "--max-loss=mse=2")
    note = "lossctl: note: check 'p.csv': mae has no limit\n"
    assert run(*both).err == note
    assert run(*both, "-q").err == ""
    assert run(*both[:-1], "--max-loss=mse=2,mae=9").err == ""


def test_a_file_of_checks_that_is_called_nearly_so(run: Run, project: Path) -> None:
    outcome = run("check", "--config=losctl.toml")
    assert outcome == Outcome(
        4,
        "",
        "lossctl: error: losctl.toml: No such file or directory\n"
        "lossctl: hint: did you mean 'lossctl.toml'?\n",
    )


# A file in a folder above.

INSIDE = ("sh", "-c", 'cd "$1" && shift && exec lossctl "$@"', "sh")
NOTHING = "lossctl: error: what is to be checked? There are no PREDS, and no lossctl.toml in this "


@pytest.fixture
def deep(project: Path) -> str:
    (project / "sub" / "deep").mkdir(parents=True)
    (project / "lossctl.toml").write_text(A.replace("1.0", "2"))
    return os.path.join("sub", "deep")


@pytest.mark.parametrize("git", ["folder", "file"])
def test_a_file_above_is_found_up_to_the_repository(
    run: Run, project: Path, deep: str, git: str
) -> None:
    (project / ".git").mkdir() if git == "folder" else (project / ".git").touch()
    outcome = run(deep, "check", "--format=json", "--update-baseline", program=INSIDE)
    above = os.path.join("..", "..", "")
    assert (outcome.code, json.loads(outcome.out)["verdict"]) == (0, "pass")
    assert outcome.err.splitlines()[:2] == [
        f"lossctl: note: the checks are those of {above}lossctl.toml, and paths are relative to it",
        f"lossctl: note: {above}lossctl-baseline.json: written: 2 new (a mae, a mse)",
    ]
    assert (project / "lossctl-baseline.json").exists()
    assert list((project / deep).iterdir()) == []
    here = run("check", "--baseline=lossctl-baseline.json")
    assert (here.code, here.err) == (0, "")


def test_without_a_repository_folders_above_are_not_asked(run: Run, deep: str) -> None:
    outcome = run(deep, "check", program=INSIDE)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(NOTHING)


def test_nothing_above_the_repository_is_found(run: Run, project: Path, deep: str) -> None:
    (project / "sub" / ".git").mkdir()
    assert run(deep, "check", program=INSIDE).err.startswith(NOTHING)
    (project / deep / ".git").mkdir()
    assert run(deep, "check", program=INSIDE).err.startswith(NOTHING)


def test_the_nearest_file_is_taken(run: Run, project: Path, deep: str) -> None:
    (project / ".git").mkdir()
    (project / "sub" / "pyproject.toml").write_text("[tool.other]\n")
    assert "lossctl.toml" in run(deep, "check", "--list", program=INSIDE).err
    (project / "sub" / "pyproject.toml").write_text(A.replace("[[check", "[[tool.lossctl.check"))
    found = run(deep, "check", "--list", program=INSIDE)
    assert found.err.startswith(f"lossctl: note: the checks are those of ..{os.sep}pyproject.toml,")
    (project / "sub" / "lossctl.toml").write_text(A)
    both = run(deep, "check", "--list", program=INSIDE)
    message = f"there is ..{os.sep}lossctl.toml, and ..{os.sep}pyproject.toml has a [tool.lossctl]"
    assert (both.code, both.err.splitlines()[0]) == (
        2,
        f"lossctl: error: {message}: which is meant?",
    )


def test_a_file_that_is_named_is_the_one(run: Run, project: Path, deep: str) -> None:
    (project / ".git").mkdir()
    (project / deep / "own.toml").write_text(A.replace("p.csv", "none.csv"))
    outcome = run(deep, "check", "--config=own.toml", "--list", program=INSIDE)
    assert "none.csv" in outcome.out
    assert outcome.err == ""


def test_the_names_alone_one_a_line(run: Run) -> None:
    assert run("check", "--list", "-q") == Outcome(0, "a\nb\\x1b[31m\n", "")
    assert run("check", "--list", "-q", "--only=a").out == "a\n"


def test_checks_are_chosen_by_patterns_too(run: Run, write: Write) -> None:
    names = ("price", "prime", "a", "p*")
    write({"lossctl.toml": "".join(A.replace('"a"', f'"{name}"') for name in names)})

    def chosen(only: str) -> list[str]:
        return run("check", "--list", "-q", f"--only={only}").out.splitlines()

    assert chosen("pr*") == ["price", "prime"]
    assert chosen("a,*ce") == ["price", "a"]
    assert chosen("p*") == ["p*"]  # which is a name
    assert run("check", "--only=x*").err.startswith("lossctl: error: no check is called 'x*'")
