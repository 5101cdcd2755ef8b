"""`lossctl completion`: what the scripts of shells complete."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Outcome, Run, Write

from lossctl.commands import COMMANDS
from lossctl.losses import LOSSES, SCALES, entry
from lossctl.renderers import FORMATS, RESULT_FORMATS

ASK = """
. ./lossctl.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=(old)
_lossctl
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(run: Run, tmp_path: Path) -> str:
    outcome = run("completion", "bash")
    assert (outcome.code, outcome.err) == (0, "")
    (tmp_path / "lossctl.bash").write_text(outcome.out)
    return outcome.out


def completed(folder: Path, *words: str, path: str | None = None) -> list[str]:
    """Return what bash offers for the last of these words."""
    bash = shutil.which("bash") or ""
    done = subprocess.run(
        [bash, "--norc", "-uc", ASK, "bash", "lossctl", *words],
        cwd=folder,
        env={} if path is None else {"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.usefixtures("script")
def test_commands(tmp_path: Path) -> None:
    assert completed(tmp_path, "") == [*COMMANDS, "--help", "--version"]
    assert completed(tmp_path, "ev") == ["eval"]
    assert completed(tmp_path, "--v") == ["--version"]
    assert completed(tmp_path, "x") == []


@pytest.mark.usefixtures("script")
def test_options_of_the_command(tmp_path: Path) -> None:
    assert completed(tmp_path, "check", "p.csv", "--max-") == [
        *("--max-increase", "--max-loss", "--max-sample", "--max-stderr")
    ]
    assert completed(tmp_path, "eval", "p.csv", "--max-") == []
    assert completed(tmp_path, "eval", "--no-h") == ["--no-header"]
    assert completed(tmp_path, "losses", "-") == ["--debug", "--help"]


@pytest.mark.usefixtures("script")
@pytest.mark.parametrize("command", COMMANDS)
def test_all_options_of_the_help_are_there(run: Run, tmp_path: Path, command: str) -> None:
    lines = run(command, "--help").out.splitlines()
    listed = {
        option
        for line in lines
        if line.startswith("  -")
        for name in re.findall(r"--(?:\[no-\])?[a-z-]+", re.split(" {2,}", line.strip())[0])
        for option in ([name.replace("[no-]", ""), name.replace("[no-]", "no-")])
    }
    assert set(completed(tmp_path, command, "--")) == listed


VALUES = {
    "losses": (("eval", "p.csv", "--loss", ""), list(LOSSES)),
    "a loss": (("eval", "p.csv", "--loss", "m"), ["mae", "mse", "msle", "mape"]),
    "scales": (("check", "p.csv", "--from", ""), list(SCALES)),
    "formats": (("eval", "--format", ""), list(FORMATS)),
    "formats of check": (("check", "--format", ""), list(RESULT_FORMATS)),
    "nan": (("eval", "--nan", "s"), ["skip"]),
    "color": (("check", "--color", "a"), ["auto", "always"]),
    "behind a short option": (("eval", "-l", "m"), ["mae", "mse", "msle", "mape"]),
    "behind an equals sign of bash": (("eval", "--loss", "=", "m"), ["mae", "mse", "msle", "mape"]),
    "behind nothing but that": (("eval", "--nan", "="), ["error", "skip"]),
    "behind an equals sign of zsh": (("eval", "--loss=b"), ["--loss=bce", "--loss=brier"]),
    "another of a list": (("eval", "--loss", "ce,b"), ["ce,bce", "ce,brier"]),
    "another of a list of zsh": (("eval", "--loss=ce,b"), ["--loss=ce,bce", "--loss=ce,brier"]),
    "shells": (("completion", ""), ["bash", "zsh", "fish"]),
    "options, not shells": (("completion", "-"), ["--debug", "--help"]),
    "a shell behind an option": (("completion", "--debug", "f"), ["fish"]),
    "an option, not a value": (("eval", "--nan", "--deb"), ["--debug"]),
    "debug": (("eval", "--deb"), ["--debug"]),
    "any word": (("eval", "--id", ""), []),
    "a file": (("eval", "p.csv", "t.c"), []),
    "behind a flag": (("eval", "-q", ""), []),
}


@pytest.mark.usefixtures("script")
@pytest.mark.parametrize(("words", "expected"), VALUES.values(), ids=VALUES)
def test_values(tmp_path: Path, words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(tmp_path, *words) == expected


@pytest.mark.usefixtures("pair", "script")
@pytest.mark.parametrize(
    "option", ["--loss", "--from", "--format", "--nan", "--color", "--columns"]
)
@pytest.mark.parametrize("command", ["eval", "check"])
def test_what_is_offered_is_accepted(run: Run, write: Write, command: str, option: str) -> None:
    folder = write({"bad.csv": "cat,dog\n1,0\n1,x\n"}).parent
    more = ["--max-loss=9"] if command == "check" else []
    more += [] if option == "--loss" else ["--loss=zero-one"]
    words = completed(folder, command, option, "")
    assert words
    codes = {word: run(command, "bad.csv", "t.csv", *more, option, word).code for word in words}
    to_be_told = {name for name in LOSSES if ":" in entry(name).example}  # a parameter, by a hint
    assert codes == {word: 2 if word in to_be_told else 3 for word in words}


def test_no_program_is_started_and_files_are_left_to_bash(script: str, tmp_path: Path) -> None:
    assert completed(tmp_path, "eval", "--loss", "b", path="/nowhere") == ["bce", "brier"]
    assert script.splitlines()[-1] == "complete -o bashdefault -o default -F _lossctl lossctl"


def test_zsh_reads_that_of_bash(run: Run, script: str) -> None:
    head = "#compdef lossctl\nautoload -U +X bashcompinit && bashcompinit\n"
    answer = "_bash_complete -o bashdefault -o default -F _lossctl\n"
    first = f'if [ "${{funcstack[1]}}" = _lossctl ]; then\n  {answer}fi\n'
    assert run("completion", "zsh") == Outcome(0, head + script + first, "")


def test_fish(run: Run) -> None:
    lines = run("completion", "fish").out.splitlines()
    commands, *options = lines
    assert commands == f"complete -c lossctl -n __fish_use_subcommand -f -a '{' '.join(COMMANDS)}'"
    of_eval = "complete -c lossctl -n '__fish_seen_subcommand_from eval' -l"
    assert f"{of_eval} loss -x -a '{' '.join(LOSSES)}'" in options
    assert f"{of_eval} id -r" in options
    assert f"{of_eval} quiet" in options
    assert f"{of_eval.removesuffix('-l')}-s l -x -a '{' '.join(LOSSES)}'" in options
    assert options[-1].endswith("completion' -f -a 'bash zsh fish'")
    assert all(line.startswith("complete -c lossctl -n ") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bahs"], "no shell is called 'bahs'\nlossctl: hint: did you mean bash?"),
        (["tcsh"], "no shell is called 'tcsh'\nlossctl: hint: "),
        ([], "Missing argument 'SHELL'\nlossctl: hint: lossctl completion --help says more"),
    ],
)
def test_other_shells(run: Run, arguments: list[str], said: str) -> None:
    outcome = run("completion", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"lossctl: error: {said}")
