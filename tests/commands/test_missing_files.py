"""A file that a check of a file names, and that is not there: the line that names it is told."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
DEFAULTS = '[defaults]\nloss = "mae"\nmax-loss = 2\n'
CHECK = """
[[check]]
name = "{name}"
predictions = "{predictions}"
targets = "{targets}"
"""


def check(name: str = "a", predictions: str = "p.csv", targets: str = "t.csv") -> str:
    return CHECK.format(name=name, predictions=predictions, targets=targets)


@pytest.mark.parametrize(
    "case",
    [
        (check(predictions="no.csv"), 4, "no.csv: No such file or directory|7"),
        (check(targets="no.csv"), 4, "no.csv: No such file or directory|8"),
        (check(targets="no/"), 4, "no/: No such file or directory|8"),
        (check(predictions="p.csv,no.csv"), 4, "no.csv: No such file or directory|7"),
        (check(targets="t-*.csv"), 3, "t-*.csv: no file there|8"),
        (check() + 'baseline = "no.json"', 4, "no.json: No such file or directory|9"),
        (check() + 'per-sample = "no/r.tsv"', 4, "no/r.tsv: No such file or directory|9"),
    ],
)
def test_the_line_that_names_it_is_told_everywhere(
    run: Run, write: Write, folder: Path, case: tuple[str, int, str]
) -> None:
    checks, code, said = case
    write({"lossctl.toml": DEFAULTS + checks})
    reason, _, line = said.partition("|")
    told = f"{reason} (named in lossctl.toml:{line})"
    outcome = run("check", "--junit=out.xml")
    assert (outcome.code, outcome.err.splitlines()[0]) == (code, f"lossctl: error: {told}")
    assert f'message="{told}"' in (folder / "out.xml").read_text()
    outcome = run("check", env={"GITHUB_ACTIONS": "true"})
    place = f"::error file=lossctl.toml,line={line},title=lossctl%3A a::"
    assert any(one.startswith(f"{place}check 'a': {told}") for one in outcome.err.splitlines())
    errors = json.loads(run("check", "--format=json").out)["checks"][0]["errors"]
    assert [error["message"] for error in errors] == [reason]


def test_defaults_name_it_for_all_checks_and_a_check_for_itself(run: Run, write: Write) -> None:
    named = check(targets="no.csv")
    others = [check(name).replace('targets = "t.csv"\n', "") for name in "bc"]
    write({"lossctl.toml": DEFAULTS + 'targets = "no.csv"\n' + named + "".join(others)})
    said = "checks 'a', 'b', 'c': no.csv: No such file or directory (named in lossctl.toml:9, 4)"
    assert run("check").err.splitlines()[0] == f"lossctl: error: {said}"


def test_the_command_line_names_it_nowhere(run: Run, write: Write) -> None:
    write({"lossctl.toml": DEFAULTS + check() + 'baseline = "no.json"\n'})
    said = "lossctl: error: other.json: No such file or directory"
    assert run("check", "--baseline=other.json").err.splitlines()[0] == said
    said = "lossctl: error: no.csv: No such file or directory"
    assert run("check", "no.csv", "t.csv", "--loss=mae", "--max-loss=2").err.startswith(said + "\n")


def test_from_a_folder_below_the_paths_are_those_of_there(
    run: Run, write: Write, folder: Path
) -> None:
    (folder / ".git").mkdir()
    write({"lossctl.toml": DEFAULTS + check(targets="no.csv")})
    (folder / "sub").mkdir()
    outcome = run("-c", "cd sub && lossctl check", program=("bash",))
    said = "lossctl: error: ../no.csv: No such file or directory (named in ../lossctl.toml:8)"
    assert said in outcome.err.splitlines()
