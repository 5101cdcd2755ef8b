"""The help of commands: options in groups, a line each, then exit codes and settings."""

import re

import pytest
from conftest import Outcome, Run

from lossctl.base.errors import UsageError
from lossctl.commands import COMMANDS
from lossctl.commands.help import command_of

ENDS = ["Exit codes", "Environment"]
GROUPS = {
    "eval": ["Arguments", "What is computed", "Columns", "Rows", "Files", "Output", "Other", *ENDS],
    "check": [
        *("Arguments", "What is computed", "Limits", "Checks", "Columns", "Rows", "Files"),
        *("Output", "Other", *ENDS),
    ],
    "grad": ["Arguments", "What is computed", "Columns", "Rows", "Files", "Output", "Other", *ENDS],
    "losses": ["Arguments", "Other"],
    "completion": ["Arguments", "Other"],
}
HOMES = {
    "eval": {"--loss": "What is computed", "--id": "Rows", "--rows": "Output", "--key": "Files"},
    "check": {"--max-loss": "Limits", "--list": "Checks", "--worst": "Output", "--nan": "Rows"},
}


def groups(text: str) -> dict[str, list[str]]:
    """Return the lines of each group, by its title."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in text.splitlines():
        if re.fullmatch("[A-Z][a-z ]+:", line):
            title = line[:-1]
        elif title and line:
            found.setdefault(title, []).append(line)
    return found


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_groups_in_their_order(run: Run, command: str, option: str) -> None:
    outcome = run(command, option)
    assert (outcome.code, outcome.err) == (0, "")
    assert list(groups(outcome.out)) == GROUPS[command]
    assert outcome.out.startswith(f"Usage: lossctl {command} ")
    assert max(map(len, outcome.out.splitlines())) <= 100


@pytest.mark.parametrize("command", HOMES)
def test_an_option_is_in_its_group_and_on_one_line(run: Run, command: str) -> None:
    found = groups(run(command, "--help").out)
    for option, group in HOMES[command].items():
        assert any(re.match(rf"  (?:-\w, )?{option}\b", line) for line in found[group]), option
    lines = [line for title in GROUPS[command] for line in found[title]]
    assert all(re.match(r"  \S.* {2,}\S", line) for line in lines)
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize("command", [["--help"], ["eval", "--help"]], ids=" ".join)
def test_examples_fit_a_narrow_terminal(run: Run, command: list[str]) -> None:
    outcome = run(*command, env={"COLUMNS": "60"})
    examples = [line for line in outcome.out.splitlines() if line.startswith("  lossctl ")]
    assert len(examples) >= 3
    assert max(map(len, examples)) <= 60


def test_what_has_to_be_given_says_so(run: Run) -> None:
    found = groups(run("eval", "--help").out)
    assert [line.split()[0] for line in found["Arguments"] if "(required)" in line] == ["PREDS"]
    (loss,) = (line for line in found["What is computed"] if "(required)" in line)
    assert loss.split()[:3] == ["-l,", "--loss", "NAME"]
    assert run("check", "--help").out.count("--[no-]header ") == 1


def test_the_codes_and_settings_are_told(run: Run) -> None:
    found = groups(run("eval", "--help").out)
    codes = {int(code) for line in found["Exit codes"] for code in re.findall(r"\d+", line[:18])}
    assert codes == {0, 1, 2, 3, 4, 5, 130, 141, 143}
    text = "\n".join(found["Environment"])
    assert all(name in text for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TMPDIR"))


def test_all_commands_are_listed(run: Run) -> None:
    outcome = run("--help")
    assert [line.split()[0] for line in groups(outcome.out)["Commands"]] == list(COMMANDS)
    assert run() == Outcome(2, "", outcome.out)


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}, {"GITHUB_ACTIONS": "true"}], ids=str)
def test_help_is_plain_text(run: Run, env: dict[str, str]) -> None:
    assert run("eval", "--help", env=env) == run("eval", "--help")
    assert "\x1b" not in run("eval", "--help", env=env).out


SLIPS = {
    ("eval", "p.csv", "t.csv", "--loss=mea"): "did you mean mae or mse?",
    ("eval", "p.csv", "t.csv", "--loss=mae", "--fromat=md"): "did you mean --format?",
    ("eval", "p.csv", "t.csv", "--loss=mae", "--format=jso"): "did you mean json?",
    ("chek",): "did you mean check?",
    ("check", "p.csv", "t.csv", "--max-los=1"): "did you mean --max-loss?",
}


@pytest.mark.parametrize(("arguments", "hint"), SLIPS.items(), ids=str)
@pytest.mark.usefixtures("folder")
def test_what_may_have_been_meant(run: Run, arguments: tuple[str, ...], hint: str) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[1:] == [f"lossctl: hint: {hint}"]


@pytest.mark.parametrize(("command", "missing"), [("eval", "PREDS"), ("completion", "SHELL")])
def test_an_argument_that_the_parser_takes_for_none_is_missing(command: str, missing: str) -> None:
    parsed = command_of(command)
    with parsed.make_context(command, [], resilient_parsing=True) as context:
        context.params = dict.fromkeys(context.params)
        with pytest.raises(UsageError) as refused:
            parsed.invoke(context)
    assert str(refused.value) == f"Missing argument '{missing}'"
    assert refused.value.hint == f"{command} --help says more"
