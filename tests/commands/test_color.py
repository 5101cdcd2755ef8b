"""Where there is colour: `--color`, the environment, terminals; of tables and of messages."""

import re

import pytest
from conftest import Run, RunOnTerminal, Write
from samples import plain

pytestmark = pytest.mark.usefixtures("folder")
EVAL = ("eval", "p.csv", "t.csv", "--loss=mae")
CHECK = ("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=9")
ESCAPE = "\x1b"
WHEN: dict[str, tuple[list[str], dict[str, str], bool]] = {
    "nothing": ([], {}, False),
    "auto": (["--color=auto"], {}, False),
    "always": (["--color=always"], {}, True),
    "never": (["--color=never"], {"FORCE_COLOR": "1"}, False),
    "no-color": (["--no-color"], {"CLICOLOR_FORCE": "1"}, False),
    "never twice": (["--color=never", "--no-color"], {"FORCE_COLOR": "1"}, False),
    "FORCE_COLOR": ([], {"FORCE_COLOR": "1"}, True),
    "CLICOLOR_FORCE": ([], {"CLICOLOR_FORCE": "1"}, True),
    "CLICOLOR_FORCE=0": ([], {"CLICOLOR_FORCE": "0"}, False),
    "auto and FORCE_COLOR": (["--color=auto"], {"FORCE_COLOR": "1"}, True),
    "NO_COLOR": ([], {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    "always and NO_COLOR": (["--color=always"], {"NO_COLOR": "1"}, True),
    "always and TERM": (["--color=always"], {"TERM": "dumb"}, True),
}
every_when = pytest.mark.parametrize(("options", "env", "colour"), WHEN.values(), ids=WHEN)


@every_when
@pytest.mark.parametrize("command", [EVAL, CHECK], ids=["eval", "check"])
def test_tables_in_a_pipe(
    run: Run, command: tuple[str, ...], options: list[str], env: dict[str, str], colour: bool
) -> None:
    outcome = run(*command, *options, env=env)
    assert (outcome.code, ESCAPE in outcome.out) == (0, colour)
    assert plain(outcome.out) == run(*command).out


@every_when
def test_messages_in_a_pipe(
    run: Run, options: list[str], env: dict[str, str], colour: bool
) -> None:
    arguments = ("eval", "bad.csv", "t.csv", "--loss=mae")
    outcome = run(*arguments, *options, env=env)
    assert (outcome.code, ESCAPE in outcome.err) == (3, colour)
    assert plain(outcome.err) == run(*arguments).err
    assert run(*arguments).err.startswith("lossctl: error: bad.csv:3: ")


def test_each_kind_of_message_has_its_colour(run: Run, write: Write) -> None:
    base = '{"schema": 1, "checks": {"p.csv": {"losses": {"mae": {"mean": 9, "n": 2, "signature": "'
    base += "lossctl|0|mae|eps=none|reduction=sum-components,mean-samples|k=1|paired=position"
    write({"base.json": base + '"}}}}}', "p.csv": "y\n1\n2"})
    always = "--color=always"
    check = (*CHECK, "--baseline=base.json", "--warn-loss=1", "--allow-no-final-newline", always)
    err = run(*check).err + run(*EVAL, "--per-sample=a.md", always).err
    found = dict(
        re.findall(("lossctl: \x1b\\[([0-9;]+)m(error|warning|hint|note):\x1b\\[0m "), err)
    )
    assert {word: code for code, word in found.items()} == {
        **{"error": "1;31", "warning": "1;33", "hint": "1;36", "note": "1"}
    }
    words = plain(err).splitlines()
    assert all(re.match("lossctl: (error|warning|hint|note): ", line) for line in words)


def test_what_programs_read_is_never_coloured(run: Run) -> None:
    for form in ("tsv", "csv", "json", "jsonl", "md"):
        arguments = (*EVAL, "--format", form)
        assert run(*arguments, "--color=always") == run(*arguments)
    assert run(*EVAL, "-q", "--color=always").out == "1.5\n"
    for form in ("json", "md"):
        assert ESCAPE not in run(*CHECK, "--format", form, "--color=always").out


def test_a_file_is_not_coloured_by_the_environment(run: Run, write: Write) -> None:
    for command in (EVAL, CHECK):
        assert run(*command, "-o", "out.txt", env={"FORCE_COLOR": "1"}).out == ""
        assert (write({}) / "out.txt").read_text() == run(*command).out


def test_on_a_terminal(run_on_terminal: RunOnTerminal) -> None:
    assert ESCAPE in run_on_terminal(*CHECK).out
    assert ESCAPE in run_on_terminal(*CHECK, "--color=auto").out
    assert ESCAPE not in run_on_terminal(*CHECK, "--color=never").out
    assert ESCAPE not in run_on_terminal(*CHECK, env={"TERM": "dumb"}).out
    assert ESCAPE in run_on_terminal(*CHECK, "--color=always", env={"TERM": "dumb"}).out


def test_verdicts_have_their_colours(run: Run) -> None:
    for limit, style in (("--max-loss=9", "32"), ("--warn-loss=1", "33"), ("--max-loss=1", "1;31")):
        out = run(*CHECK[:4], limit, "--color=always").out
        word = {"32": "pass", "33": "warn", "1;31": "fail"}[style]
        assert f"{ESCAPE}[{style}m{word}{ESCAPE}[0m" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--color=sometimes"], "--color 'sometimes': one of auto, always, never"),
        (["--color=always", "--no-color"], "--color and --no-color: choose one"),
        (["--color=auto", "--no-color"], "--color and --no-color: choose one"),
    ],
)
@pytest.mark.parametrize("command", [EVAL, CHECK], ids=["eval", "check"])
def test_what_cannot_be(run: Run, command: tuple[str, ...], options: list[str], said: str) -> None:
    outcome = run(*command, *options)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"lossctl: error: {said}\n")


def test_a_setting_of_the_file(run: Run, write: Write) -> None:
    check = "[[check]]\nname='a'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\nmax-loss=9\n"
    write({"lossctl.toml": "[defaults]\ncolor = 'always'\n" + check})
    assert ESCAPE in run("check").out
    assert ESCAPE not in run("check", "--color=never").out
