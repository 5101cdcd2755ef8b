"""What GitHub shows of `lossctl check`: annotations and the summary of a job."""

import json
import os
import re
from pathlib import Path

import pytest
from conftest import Outcome, Run, Write
from gates import look
from test_gate_outputs import NOT_A_NUMBER, check

pytestmark = pytest.mark.usefixtures("folder")
ACTIONS = {"GITHUB_ACTIONS": "true"}
FAILS = "Loss(W) of mae is 1.5, above max-loss 1"


def annotations(outcome: Outcome) -> list[str]:
    return [line for line in outcome.err.splitlines() if line.startswith("::")]


def commands(text: str) -> list[str]:
    """Return the lines in which a runner finds a command, legacy ones included."""
    return [line for line in text.splitlines() if re.match(r"\s*::", line) or "##[" in line]


def test_only_in_actions_and_not_if_unwanted(run: Run, folder: Path, write: Write) -> None:
    write({"lossctl.toml": check("a", "max-loss = 1")})
    summary = {"GITHUB_STEP_SUMMARY": "summary.md"}
    for env in ({}, {"GITHUB_ACTIONS": "false"}, {"GITHUB_ACTIONS": ""}, {"CI": "true"}):
        assert annotations(run("check", env=env | summary)) == []
    assert annotations(run("check", "--no-github", env=ACTIONS | summary)) == []
    assert not (folder / "summary.md").exists()
    outcome = run("check", "--format=json", env=ACTIONS)
    assert annotations(outcome) == [
        f"::error file=lossctl.toml,line=7,title=lossctl%3A a::check 'a': {FAILS}%0A{look()}"
    ]
    assert json.loads(outcome.out)["verdict"] == "fail"
    assert outcome.out == run("check", "--format=json").out


def test_file_and_line_of_bad_data_and_of_warnings(run: Run, write: Write) -> None:
    write({"lossctl.toml": check("w", "warn-loss = 1") + check("b", predictions="bad")})
    assert annotations(run("check", env=ACTIONS)) == [
        f"::error file=bad.csv,line=3,title=lossctl%3A b::check 'b': {NOT_A_NUMBER}%0Ahint: to "
        "leave out samples with a missing value, "
        'and count them, write nan = "skip" (in lossctl.toml:9)',
        "::warning file=lossctl.toml,line=7,title=lossctl%3A w::"
        "check 'w': Loss(W) of mae is 1.5, above warn-loss 1",
    ]


def test_paths_from_the_workspace(run: Run, folder: Path) -> None:
    inside = ("sh", "-c", 'cd deep && exec lossctl "$@"', "sh")
    deep = folder / "deep"
    deep.mkdir()
    toml = check("a", "max-loss = 1") + check("b", predictions="bad")
    (deep / "lossctl.toml").write_text(toml)
    for name in ("p.csv", "t.csv", "bad.csv"):
        (folder / name).rename(deep / name)
    for workspace in (str(folder), f"{folder}/", os.path.join(folder, "deep", "..")):
        env = ACTIONS | {"GITHUB_WORKSPACE": workspace}
        first, second = annotations(run("check", program=inside, env=env))
        assert first.startswith("::error file=deep/lossctl.toml,line=7,")
        assert second.startswith("::error file=deep/bad.csv,line=3,")
    assert annotations(run("check", program=inside, env=ACTIONS))[1].startswith(
        "::error file=bad.csv,"
    )
    nothing = run("check", "", "t.csv", "--loss=mae", "--max-loss=1", env=env)
    assert nothing.code == 4
    assert annotations(nothing) == [
        "::error title=lossctl%3A ::check '': : No such file or directory"
    ]


def test_escapes(run: Run, folder: Path, write: Write) -> None:
    name = "100%,a:b\r\n::error::%0A"
    write({"lossctl.toml": check(name, "max-loss = 1")})
    title = "lossctl%3A 100%25%2Ca%3Ab\\x0d\\x0a%3A%3Aerror%3A%3A%250A"
    said = "check '100%25,a:b\\x0d\\x0a::error::%250A'"
    assert annotations(run("check", env=ACTIONS)) == [
        f"::error file=lossctl.toml,line=7,title={title}::{said}: {FAILS}%0A{look()}"
    ]
    (folder / "b%,:ad.csv").write_text("y\n1\n50%\n")
    outcome = run("check", "b%,:ad.csv", "t.csv", "--loss=mae", "--max-loss=1", env=ACTIONS)
    assert annotations(outcome) == [
        "::error file=b%25%2C%3Aad.csv,line=3,title=lossctl%3A b%25%2C%3Aad.csv::"
        "check 'b%25,:ad.csv': b%25,:ad.csv:3: column \"y\": '50%25' is not a number%0A"
        "hint: it is a percentage: write a share as a decimal number, 12%25 as 0.12"
    ]


def test_at_most_ten_and_errors_first(run: Run, write: Write) -> None:
    warnings = [check(f"w{number}", "warn-loss = 1") for number in range(5)]
    failures = [check(f"f{number}", "max-loss = 1") for number in range(30)]
    write({"lossctl.toml": "".join(warnings + failures)})
    found = annotations(run("check", env=ACTIONS))
    assert len(found) == 10
    assert all(f"title=lossctl%3A f{number}::" in found[number] for number in range(9))
    assert found[9] == "::error title=lossctl::26 more complaints: the log has them all"
    write({"lossctl.toml": "".join(failures[:4] + warnings + failures[4:6])})
    kinds = [line.split()[0] for line in annotations(run("check", env=ACTIONS))]
    assert kinds == ["::error"] * 6 + ["::warning"] * 4
    assert len(annotations(run("check", "--only=f0", env=ACTIONS))) == 1


def test_warnings_alone_are_never_an_error(run: Run, write: Write) -> None:
    write({"lossctl.toml": "".join(check(f"w{n}", "warn-loss = 1") for n in range(12))})
    outcome = run("check", env=ACTIONS)
    assert outcome.code == 0
    assert {line.split()[0] for line in annotations(outcome)} == {"::warning"}
    assert annotations(outcome)[9].endswith("::3 more complaints: the log has them all")


CELLS = {
    "line": '"1\n::error::pwned"',
    "carriage return": '"1\r::error::pwned"',
    "separator": "\u2028::error::pwned",
    "start": "::error::pwned",
    "legacy": "###[add-mask]1",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
@pytest.mark.parametrize("place", ["cell", "header", "id", "name"])
def test_data_starts_no_command(run: Run, write: Write, cell: str, place: str) -> None:
    files = {
        "cell": {"p.csv": f"y\n1\n{cell}\n"},
        "header": {"p.csv": f"{cell},{cell}\n1,x\n2,3\n", "t.csv": "y\n0\n0\n"},
        "id": {"p.csv": f"id,y\n{cell},1\nb,2\n", "t.csv": f"id,y\n{cell},0\nb,0\n"},
        "name": {},
    }
    write({"q.csv": "y\n1\n2\n"} | files[place])
    name = cell.strip('"') if place == "name" else "a"
    extra = ("--id=id", "--worst=2") if place == "id" else ()
    command = ("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=1", f"--name={name}")
    for form in {"id": ("table", "json"), "name": ("table", "json", "md")}.get(place, ("table",)):
        outcome = run(*command, *extra, f"--format={form}", env=ACTIONS)
        assert outcome.code == (3 if place in ("cell", "header") else 1)
        assert commands(outcome.out) == []
        assert commands(outcome.err) == annotations(outcome)
        assert all(re.match("::error (file=|title=lossctl)", line) for line in annotations(outcome))
        assert len(annotations(outcome)) == 1
        if form == "json":
            assert json.loads(outcome.out)["checks"][0]["name"] == name


def test_outside_of_actions_nothing_is_changed(run: Run) -> None:
    command = ("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=1", "--name=::##[a]")
    assert "\nfail      ::##[a]   mae" in run(*command).out
    assert run(*command, "-o", "out.txt", env=ACTIONS).code == 1
    assert "\nfail      ::##\\u005ba]   mae" in run(*command, env=ACTIONS).out


def test_the_summary_is_appended_to(run: Run, folder: Path, write: Write) -> None:
    write({"lossctl.toml": check("a_b", "max-loss = 1"), "summary.md": "### Other step\n"})
    env = ACTIONS | {"GITHUB_STEP_SUMMARY": "summary.md"}
    markdown = run("check", "--format=md").out
    for count in (1, 2):
        assert run("check", env=env).code == 1
        assert (folder / "summary.md").read_text() == "### Other step\n" + markdown * count
    assert "- **a\\_b**: " in markdown


def test_a_summary_that_cannot_be_written(run: Run, folder: Path, write: Write) -> None:
    write({"lossctl.toml": check("a")})
    env = ACTIONS | {"GITHUB_STEP_SUMMARY": "none/summary.md"}
    message = (
        "lossctl: error: none/summary.md: No such file or directory\n"
        "lossctl: hint: that folder does not exist; to make it: mkdir -p none\n"
    )
    outcome = run("check", "-o", "out.json", env=env)
    assert outcome == Outcome(4, "", message)
    assert not (folder / "out.json").exists()


MAE = ("p.csv", "t.csv", "--loss=mae")  # Loss(W) is 1.5


def test_warnings_about_the_data_reach_whoever_reads_the_verdict(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n1\n2\n"})
    arguments = ("check", *MAE, "--max-loss=2")
    said = "warning: the targets are the predictions, value for value: is one a copy?"
    assert f"- **p.csv**: {said}" in run(*arguments, "--format=md").out
    assert "::warning" in run(*arguments, env={"GITHUB_ACTIONS": "true"}).err


def test_an_output_that_is_named_and_is_the_log_has_no_command(run: Run) -> None:
    actions = {"GITHUB_ACTIONS": "true"}
    for output in ("/dev/stdout", "/dev/stderr"):
        outcome = run("check", *MAE, "--max-loss=2", "--name=##[error]x", "-o", output, env=actions)
        assert (outcome.code, commands(outcome.out + outcome.err)) == (0, [])
        assert "##\\u005berror]x" in outcome.out + outcome.err


@pytest.mark.parametrize("form", ["table", "md", "json"])
def test_a_list_of_checks_has_no_command(run: Run, form: str) -> None:
    for name in ("::error::x", "##[error]x"):
        arguments = ("check", *MAE, "--max-loss=2", f"--name={name}", "--list", f"-f{form}")
        outcome = run(*arguments, env=ACTIONS)
        assert (outcome.code, commands(outcome.out), outcome.err) == (0, [], "")
        assert "error" in outcome.out


def test_notes_come_last_and_are_no_warnings(run: Run, write: Write) -> None:
    write({"base.json": run("eval", *MAE, "--format=json").out, "p.csv": "y\n0\n1\n"})
    fallen = [check(f"n{number}", "baseline = 'base.json'") for number in range(12)]
    others = [check("w", "warn-loss = 0.1"), check("f", "max-loss = 0.1")]
    write({"lossctl.toml": "".join([*fallen[:3], *others])})
    outcome = run("check", env=ACTIONS)
    kinds = [line.split()[0] for line in annotations(outcome)]
    assert (outcome.code, kinds) == (1, ["::error", "::warning", *["::notice"] * 3])
    write({"lossctl.toml": "".join(fallen)})
    outcome = run("check", env=ACTIONS)
    assert (outcome.code, len(annotations(outcome))) == (0, 10)
    assert annotations(outcome)[0].startswith(
        "::notice file=lossctl.toml,line=2,title=lossctl%3A n0"
    )
    assert annotations(outcome)[9].startswith("::notice title=lossctl::3 more complaints")


def test_a_message_says_which_check_as_a_log_shows_no_titles(run: Run, write: Write) -> None:
    write({"lossctl.toml": check("price", "max-loss = 1") + check("other", "max-loss = 9")})
    (failed,) = annotations(run("check", env=ACTIONS))
    assert failed.endswith(f"::check 'price': {FAILS}%0A{look()}")


def test_a_mistake_is_of_no_check(run: Run, write: Write) -> None:
    write({"lossctl.toml": check("price", "max-los = 1")})
    (mistake,) = annotations(run("check", env=ACTIONS))
    assert "::lossctl.toml:7: check 'price': no setting is called 'max-los'" in mistake


def test_one_cause_is_told_once_with_all_checks_that_it_is_of(
    run: Run, folder: Path, write: Write
) -> None:
    checks = "".join(check(name, "baseline = 'base.json'") for name in "abc")
    write({"lossctl.toml": checks.replace('"mae"', '"mae,mse"')})
    summary = {"GITHUB_STEP_SUMMARY": "summary.md"}
    outcome = run("check", "--junit=out.xml", env=ACTIONS | summary)
    said = "base.json: No such file or directory"
    (annotation,) = annotations(outcome)
    named = "(named in lossctl.toml:7, 14, 21)"
    whose = "title=lossctl%3A a%2C b%2C c::checks 'a', 'b', 'c': "
    assert f"line=7,{whose}{said} {named}%0Ahint: " in annotation
    text = (folder / "summary.md").read_text()
    assert text.count(said) == 1
    assert "\n- **a, b, c**: hint: to write today's numbers there" in text
    for line in (7, 14, 21):
        alone = f'message="{said} (named in lossctl.toml:{line})"'
        assert (folder / "out.xml").read_text().count(alone) == 1
    plain = run("check").err
    assert plain.startswith(
        f"lossctl: error: checks 'a', 'b', 'c': {said} {named}\nlossctl: hint: "
    )
    assert plain.count(said) == 1


def test_failures_that_look_alike_are_told_of_each_check(run: Run, write: Write) -> None:
    write({"lossctl.toml": check("a", "max-loss = 1") + check("b", "max-loss = 1")})
    assert run("check").err.count(FAILS) == len(annotations(run("check", env=ACTIONS))) == 2
