"""What a baseline says of a project's checks: stale ones, other definitions, what was written."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
CHECK = """
[[check]]
name = "{name}"
predictions = "{file}"
targets = "t.csv"
loss = "mae"
baseline = "lossctl-baseline.json"
"""
A, B = (CHECK.format(name=name, file="p.csv") for name in "ab")
STALE = (
    "lossctl: note: lossctl-baseline.json has a check that is not in lossctl.toml: 'b'\n"
    "lossctl: hint: if no other file asks for it, delete 'b' in lossctl-baseline.json\n"
)


def test_a_check_that_only_the_baseline_has_is_told(run: Run, write: Write) -> None:
    write({"lossctl.toml": A + B})
    assert run("check", "--update-baseline").code == 0
    assert run("check", "--only=a").err == ""
    write({"lossctl.toml": A})
    assert run("check").err == STALE
    assert STALE in run("check", "--update-baseline").err
    assert run("check", "-q").err == STALE  # else a check that was lost passes without a word


def test_it_stands_wherever_verdicts_do(run: Run, write: Write, folder: Path) -> None:
    write({"lossctl.toml": A.replace('"mae"', '["mae", "mse"]') + B})
    assert run("check", "--update-baseline").code == 0
    write({"lossctl.toml": A})
    said, hint = (line.partition(": ")[2] for line in STALE.replace("lossctl: ", "").splitlines())
    mse = "lossctl-baseline.json has losses that check 'a' does not ask for: mse"
    of_mse = "if no other file asks for it, delete mse of check 'a' in lossctl-baseline.json"
    outcome = run("check", "-fjson", "--junit=x.xml", env={"GITHUB_ACTIONS": "true"})
    assert outcome.code == 0
    file = {"baseline": "lossctl-baseline.json"}
    assert json.loads(outcome.out)["stale"] == [
        {**file, "checks": ["b"], "losses": [], "message": said, "hint": hint},
        {**file, "checks": ["a"], "losses": ["mse"], "message": mse, "hint": of_mse},
    ]
    assert outcome.err.splitlines() == [
        f"::notice file=lossctl.toml,title=lossctl%3A b::{said}%0Ahint: {hint}",
        f"::notice file=lossctl.toml,line=2,title=lossctl%3A a::{mse}%0Ahint: {of_mse}",
    ]
    suite = ElementTree.parse(folder / "x.xml").getroot()[0]
    a, b = suite
    assert (a.get("name"), suite.get("tests"), suite.get("skipped")) == ("a", "2", "1")
    assert f"note: {mse}\nhint: {of_mse}" in str(a.findtext("system-out"))
    assert (b.get("name"), b[0].tag) == ("b", "skipped")
    assert b[0].get("message") == f"note: {said}\nhint: {hint}"
    assert f"- note: {said}; {hint}\n" in run("check", "-fmd").out
    write({"lossctl-baseline.json": "{"})
    assert json.loads(run("check", "-fjson").out)["stale"] == []


def test_the_hint_names_all_checks_that_only_the_baseline_has(run: Run, write: Write) -> None:
    names = "bcdefgh"
    write({"lossctl.toml": A + "".join(CHECK.format(name=n, file="p.csv") for n in names)})
    assert run("check", "--update-baseline").code == 0
    write({"lossctl.toml": A})
    note, hint = run("check").err.splitlines()
    assert note.endswith("has checks that are not in lossctl.toml: 'b', 'c', 'd', 'e', 'f', ...")
    assert hint == (
        "lossctl: hint: if no other file asks for them, delete "
        f"{', '.join(map(repr, names))} in lossctl-baseline.json"
    )


def updated(run: Run, *more: str) -> list[str]:
    outcome = run("check", "--update-baseline", *more)
    assert outcome.code == 0
    return [line.removeprefix("lossctl: note: ") for line in outcome.err.splitlines()]


def test_an_update_says_what_becomes_of_each_number(run: Run, write: Write, folder: Path) -> None:
    file = folder / "lossctl-baseline.json"
    write({"lossctl.toml": A})
    assert updated(run) == [f"{file.name}: written: 1 new (a mae)"]
    assert updated(run) == [f"{file.name}: unchanged"]
    write({"lossctl.toml": A + B})
    assert updated(run) == [f"{file.name}: written: 1 new (b mae), 1 unchanged"]
    write({"p.csv": "y\n1\n1\n"})
    lower = "mae 1.5 -> 1 (-33.3%)"
    assert updated(run, "--only=a") == [lower, f"{file.name}: written: 1 changed"]
    said = f"{file.name}: written: 1 changed, 1 unchanged"
    assert updated(run) == [f"check 'b': {lower}", said]


def test_an_update_that_writes_the_same_numbers_says_so(
    run: Run, write: Write, folder: Path
) -> None:
    write({"lossctl.toml": A})
    updated(run)
    file = folder / "lossctl-baseline.json"
    before = file.read_text()
    write({"p.csv": "y\n1\n2.0\n"})
    assert updated(run) == [f"{file.name}: written, with the same numbers"]
    assert file.read_text() != before
    write({"p.csv": "y\n1.5\n1.5\n1.5\n", "t.csv": "y\n0\n0\n0\n"})
    assert updated(run)[-1] == f"{file.name}: written: 1 changed"


def test_a_missing_baseline_is_written_by_an_update(run: Run, write: Write) -> None:
    write({"lossctl.toml": A.replace("lossctl-baseline", "base")})
    hint = run("check").err.splitlines()[1]
    assert hint == (
        "lossctl: hint: to write today's numbers there add --update-baseline to this command; a "
        "report of lossctl eval --format json will do, too"
    )


def test_skipping_nothing_defines_no_other_number(run: Run, write: Write) -> None:
    write({"lossctl.toml": A})
    assert run("check", "--update-baseline").code == 0
    assert run("check", "--nan=skip").code == 0
    assert run("check", "--nan=skip", "--update-baseline").code == 0
    assert run("check").code == 0


def test_leaving_samples_out_defines_another_number(run: Run, write: Write) -> None:
    write({"lossctl.toml": A + B})
    assert run("check", "--update-baseline").code == 0
    write({"p.csv": "y\n1\n2\nNA\n", "t.csv": "y\n0\n0\n0\n"})
    outcome = run("check", "--nan=skip", "--only=a")
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [
        "lossctl: error: lossctl-baseline.json: its mae of check 'a' was computed in another way: "
        "nan is skip here, not set there",
        "lossctl: hint: to take today's number: lossctl check --nan skip --update-baseline "
        "--allow-increase --only a",
    ]
    renewed = ("--nan=skip", "--only=a", "--update-baseline", "--allow-increase")
    assert run("check", *renewed).code == 0
    assert run("check", "--nan=skip", "--only=a").code == 0
    assert run("check", "--nan=skip", "--only=b").code == 3  # for which the ratchet holds
    write({"p.csv": "y\n1\n2\n1\n"})
    assert run("check", "--only=a").code == 3  # its number left a sample out


def test_an_increase_in_words_has_a_way_out(run: Run, write: Write) -> None:
    write({"lossctl.toml": A + 'max-increase = "1 percent"\n'})
    assert run("check").err.splitlines() == [
        "lossctl: error: lossctl.toml:8: check 'a': max-increase = \"1 percent\" is not a finite "
        "number",
        "lossctl: hint: a number such as 0.01, or a share of the baseline such as 1%",
    ]


def test_the_means_are_there_without_a_list(run: Run, write: Write, folder: Path) -> None:
    write({"lossctl.toml": A.replace("baseline =", "max-loss = 9\n#") + B.replace("p.", "bad.")})
    run("check", "-o", "out.json")
    assert json.loads((folder / "out.json").read_text())["means"] == {"a": {"mae": 1.5}}


def test_a_loss_that_only_the_baseline_has_is_told(run: Run, write: Write) -> None:
    write({"lossctl.toml": A.replace('"mae"', '["mae", "mse"]')})
    assert run("check", "--update-baseline").code == 0
    write({"lossctl.toml": A})
    said = "lossctl-baseline.json has losses that check 'a' does not ask for: mse"
    hint = "if no other file asks for it, delete mse of check 'a' in lossctl-baseline.json"
    assert run("check").err == f"lossctl: note: {said}\nlossctl: hint: {hint}\n"
    assert run("check", "-q").err == run("check").err
