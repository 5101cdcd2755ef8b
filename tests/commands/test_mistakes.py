"""What cannot be made is shown wherever verdicts would be: no result of an older run stays."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from checks import CHECK
from conftest import Outcome, Run, Write

pytestmark = pytest.mark.usefixtures("folder")
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"}
KEY = "lossctl.toml:8: check 'a': no setting is called 'max-los'"
MISTAKES = {
    "key": (CHECK + "max-los = 1", KEY, 8),
    "value": (
        CHECK.replace("= 2", "= 'x'"),
        "lossctl.toml:7: check 'a': max-loss = \"x\" is not",
        7,
    ),
    "TOML": (CHECK + "x = ?", "lossctl.toml:8: this is no value of TOML (column 5)", 8),
    "no check": ("\n# nothing\n", "lossctl.toml:1: there is no [[check]] in it", 1),
    "no limit": (CHECK.replace("max-loss = 2", ""), "lossctl.toml:2: check 'a' has no limit", 2),
}


def junit_error(folder: Path) -> tuple[str, str]:
    """Return the name of the only test case, and the message of its error."""
    (case,) = ElementTree.parse(folder / "out.xml").iter("testcase")
    (error,) = case.iter("error")
    return case.attrib["name"], error.attrib["message"]


@pytest.mark.parametrize(("text", "message", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_file_is_shown_everywhere(
    run: Run, write: Write, text: str, message: str, line: int
) -> None:
    write({"lossctl.toml": CHECK})
    assert run("check", "--junit=out.xml").code == 0
    folder = write({"lossctl.toml": text}).parent
    outcome = run("check", "--junit=out.xml", "--format=json", env=GITHUB)
    content = json.loads(outcome.out)
    assert (outcome.code, content["exit_code"], content["verdict"]) == (2, 2, "error")
    assert content["checks"][0]["errors"][0]["message"].startswith(message)
    name, error = junit_error(folder)
    assert name == "lossctl.toml"
    assert error.startswith(message)
    assert message.split(":")[1] in (folder / "summary.md").read_text()
    (annotation,) = outcome.err.splitlines()  # the message is in the log once
    assert annotation.startswith(f"::error file=lossctl.toml,line={line},title=lossctl%3A ")
    plain = run("check", "--junit=out.xml")
    assert plain.out == ""
    assert plain.err.startswith(f"lossctl: error: {message}")


def test_outputs_of_the_file_itself_have_its_mistakes(run: Run, write: Write, folder: Path) -> None:
    outputs = "[defaults]\njunit = 'out.xml'\noutput = 'out.json'\nx = 1\n"
    write({"lossctl.toml": outputs + CHECK})
    outcome = run("check")
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        2,
        "lossctl: error: lossctl.toml:4: [defaults]: no setting is called 'x'",
    )
    assert json.loads((folder / "out.json").read_text())["verdict"] == "error"
    assert junit_error(folder)


def test_a_mistake_on_the_command_line_is_shown_likewise(run: Run, folder: Path) -> None:
    arguments = ("p.csv", "t.csv", "--loss=mae", "--max-loss=x", "--junit=out.xml", "-fjson")
    outcome = run("check", *arguments)
    content = json.loads(outcome.out)
    assert (outcome.code, content["verdict"], content["checks"][0]["name"]) == (2, "error", "p.csv")
    assert junit_error(folder)
    nothing = run("check", "--junit=out.xml", "-fjson")
    assert (nothing.code, json.loads(nothing.out)["verdict"]) == (2, "error")
    gone = run("check", "--config=none.toml", "-fjson")
    assert (gone.code, json.loads(gone.out)["exit_code"]) == (4, 4)


@pytest.mark.parametrize("text", [CHECK + "x = 1", CHECK + "x = ?"], ids=["key", "TOML"])
@pytest.mark.parametrize("file", ["lossctl.toml", "p.csv", "t.csv"])
def test_no_mistake_is_written_over_an_input(
    run: Run, write: Write, folder: Path, text: str, file: str
) -> None:
    write({"lossctl.toml": text})
    before = (folder / file).read_bytes()
    assert run("check", f"--junit={file}").code == 2
    assert (folder / file).read_bytes() == before


def test_a_list_writes_no_verdict_on_a_mistake(run: Run, write: Write, folder: Path) -> None:
    write({"lossctl.toml": CHECK + "x = 1", "out.xml": "old"})
    outcome = run("check", "--list", "--junit=out.xml", "-fjson")
    assert (outcome.code, outcome.out) == (2, "")
    assert (folder / "out.xml").read_text() == "old"


# Whose mistake it is.


def mistake(outcome: Outcome) -> list[str]:
    assert (outcome.code, outcome.out) == (2, "")
    return outcome.err.splitlines()


def test_an_option_that_cannot_be_is_not_the_fault_of_the_file(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK})
    assert mistake(run("check", "--max-loss=abc")) == [
        "lossctl: error: --max-loss 'abc' is not a finite number"
    ]
    assert mistake(run("check", "--nan=x")) == ["lossctl: error: --nan 'x': one of error, skip"]
    assert mistake(run("check", "--loss=mea"))[0] == "lossctl: error: no loss is called 'mea'"
    assert mistake(run("check", "--warn-loss=3")) == [
        "lossctl: error: check 'a': --warn-loss 3 is above --max-loss 2: it would never warn"
    ]


def test_a_mistake_of_the_file_is_its_own_beside_an_option(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK + "nan = 'x'"})
    first = mistake(run("check", "--max-loss=3"))[0]
    assert first.startswith("lossctl: error: lossctl.toml:8: check 'a': nan = \"x\"")


def test_the_name_of_a_check_is_no_file(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK})
    assert mistake(run("check", "a")) == [
        "lossctl: error: there is no file 'a'",
        "lossctl: hint: the check of this name is run by --only a",
    ]
    assert run("check", "b").err.startswith("lossctl: error: no loss was asked for")


def test_only_takes_commas_as_loss_does(run: Run, write: Write) -> None:
    names = ("a", "b", "a,c")
    write({"lossctl.toml": "".join(CHECK.replace('"a"', f'"{name}"') for name in names)})

    def made(*only: str) -> list[str]:
        content = json.loads(run("check", "-fjson", *only).out)
        return [check["name"] for check in content["checks"]]

    assert made("--only=a,b") == ["a", "b"]
    assert made("--only=b, a", "--only=a") == ["a", "b"]
    assert made("--only=a,c") == ["a,c"]  # which is a name
    assert mistake(run("check", "--only=a,d"))[0] == "lossctl: error: no check is called 'd'"


# Hints about a check of a file say what to write there.


def test_hints_say_what_to_write_into_the_file(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK.replace("p.csv", "bad.csv")})
    way_out = "to leave out samples with a missing value, and count them, "
    assert run("check").err.splitlines()[1] == (
        f'lossctl: hint: {way_out}write nan = "skip" (in lossctl.toml:2)'
    )
    flags = run("check", "bad.csv", "t.csv", "--loss=mae", "--max-loss=2")
    assert flags.err.splitlines()[1] == f"lossctl: hint: {way_out}pass --nan skip"
    write({"lossctl.toml": CHECK + "nan = 'skip'\n"})
    assert run("check").code == 0


def test_fewer_rows_are_allowed_once_by_the_command_of_the_hint(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK + "baseline = 'base.json'\n"})
    assert run("check", "--update-baseline").code == 0
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    way = "lossctl check --update-baseline --allow-fewer-rows --only a"
    assert f"lossctl: hint: to take fewer this once: {way}\n" in run("check").err
    assert run(*way.split()[1:]).code == 0
    assert run("check").code == 0


NO_TOML = {
    "max-loss = 0,14": ("0,14 is no number of TOML (column 13)", "write max-loss = 0.14"),
    "min-rows = 1,000": (
        "1,000 is no number of TOML (column 13)",
        "write min-rows = 1000; a decimal point is a point",
    ),
    "name = digits": ("digits is no value of TOML (column 8)", 'write name = "digits"'),
    "header = True": ("True is no value of TOML (column 10)", "write header = true"),
    'loss = "ce': ("a text has no quotation mark at its end (column 11)", None),
    'loss: "ce"': (
        "no = stands between a setting and its value (column 5)",
        'write NAME = VALUE, as in loss = "ce"',
    ),
    'loss = ["ce" "mae"]': (
        "a list has no comma between two values, or no ] (column 14)",
        'write it as in loss = ["ce", "mae"]',
    ),
    "max-loss = {ce = 0.3": (
        "limits have no comma between two of them, or no } (column 21)",
        "write it in one line, as in max-loss = {ce = 0.3, mae = 1.5}",
    ),
    "max-loss = {ce = 0.3,": (
        "a name is missing here (column 22)",
        "a name has letters, digits, - and _, and {...} stands in one line",
    ),
    "[[check]": (
        "[[ has no ]] behind it (column 8)",
        "each check begins with [[check]], in two pairs of brackets",
    ),
    "[defaults": (
        "[ has no ] behind it (column 10)",
        "what holds for all checks begins with [defaults], and each check with [[check]]",
    ),
    "= 0.3": (
        "this line neither sets a value nor begins a table (column 1)",
        'write NAME = VALUE, as in loss = "ce", or [[check]] where a check begins',
    ),
    "loss = 'ce": ("a text has no quotation mark at its end", None),
}
UNENDED = {
    'loss = ["ce"': "a list has no comma",
    "loss = 'ce": "a text has",
    'loss = """ce': "a text has",
}


@pytest.mark.parametrize(("line", "said"), UNENDED.items(), ids=UNENDED)
def test_what_has_no_end_is_told_in_plain_words(
    run: Run, write: Write, line: str, said: str
) -> None:
    write({"lossctl.toml": f"[[check]]\n{line}"})
    outcome = run("check")
    assert outcome.code == 2
    assert outcome.err.startswith(f"lossctl: error: lossctl.toml:2: {said}")


@pytest.mark.parametrize(("line", "said"), NO_TOML.items(), ids=NO_TOML)
def test_what_is_no_toml_is_told_in_plain_words(
    run: Run, write: Write, line: str, said: tuple[str, str | None]
) -> None:
    write({"lossctl.toml": f"[[check]]\n{line}\n"})
    message, hint = said
    told = [f"lossctl: error: lossctl.toml:2: {message}"]
    told += [f"lossctl: hint: {hint}"] if hint else []
    outcome = run("check")
    assert (outcome.code, outcome.err.splitlines()) == (2, told)
