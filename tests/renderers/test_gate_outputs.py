"""What CI shows of `lossctl check`: tables, JSON and JUnit."""

import json
import math
import os
from pathlib import Path
from typing import Any, NoReturn

import junit_rules
import pytest
from conftest import Run, Write
from gates import look
from junitparser import Error, Failure, JUnitXml

from lossctl.gate.judgement import verdict_on
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict
from lossctl.renderers import FORMATS, View, junit
from lossctl.renderers.verdicts import VerdictsShown

pytestmark = pytest.mark.usefixtures("folder")
CHECK = """
[[check]]
name = {name}
predictions = "{predictions}.csv"
targets = "t.csv"
loss = "mae"
{limits}
"""
SEVENTH = 1 / 7


def check(name: str, limits: str = "max-loss = 9", predictions: str = "p") -> str:
    quoted = json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")
    return CHECK.format(name=quoted, limits=limits, predictions=predictions)


MIXED = (
    check("good", "max-loss = 9\nmax-sample = 9")
    + check("warns", "warn-loss = 1e-3", "sevenths")
    + check("fails", "max-loss = 0.1\nmin-rows = 9", "sevenths")
    + check("broken", predictions="bad")
    + check("gone", predictions="no_ne")
)
COUNTS = "5 checks: 1 passed, 1 passed with a warning, 1 failed, 2 could not be judged"
ALIGNED = "| :--- | :--- | :--- | :--- | ---: | ---: |"
NOT_A_NUMBER = "bad.csv:3: column \"y\": 'n/a' is not a number"
LOOK = look(predictions="sevenths.csv")
HINT = "hint: to leave out samples with a missing value, and count them, write "
HINT += 'nan = "skip" (in lossctl.toml:25)'


@pytest.fixture(autouse=True)
def mixed(write: Write) -> None:
    write({"sevenths.csv": f"y\n{SEVENTH!r}\n{SEVENTH!r}\n", "lossctl.toml": MIXED})


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def test_mixed_checks_as_a_table(run: Run) -> None:
    outcome = run("check")
    title, header, _, *lines = outcome.out.splitlines()
    assert (outcome.code, title) == (4, COUNTS)
    assert header.split() == ["verdict", "name", "loss", "rule", "value", "limit"]
    assert [line.split() for line in lines] == [
        ["pass", "good", "mae", "max-loss", "1.5", "9"],
        ["pass", "good", "mae", "max-sample", "2", "9"],
        ["warn", "warns", "mae", "warn-loss", "0.142857", "0.001"],
        ["fail", "fails", "-", "min-rows", "2", "9"],
        ["fail", "fails", "mae", "max-loss", "0.142857", "0.1"],
        ["error", "broken", "mae", "max-loss", "-", "9"],
        ["error", "gone", "mae", "max-loss", "-", "9"],
    ]
    assert COUNTS in outcome.err.splitlines()[-1]


def test_mixed_checks_as_markdown(run: Run) -> None:
    title, _, _, aligned, *lines = run("check", "--format=md").out.splitlines()
    assert (title, aligned) == (f"### {COUNTS}", ALIGNED)
    assert "| **fail** | fails | mae | max-loss | 0.142857 | 0.1 |" in lines
    assert lines[7:] == [
        "",
        "- **warns**: warning: Loss(W) of mae is 0.142857, above warn-loss 0.001",
        "- **fails**: the number of samples is 2, below min-rows 9",
        "- **fails**: Loss(W) of mae is 0.142857, above max-loss 0.1",
        f"- **fails**: {LOOK.replace('lossctl', '`lossctl').replace(' 10', ' 10`')}",
        f"- **broken**: {NOT_A_NUMBER}",
        f"- **broken**: {HINT}",
        "- **gone**: no\\_ne.csv: No such file or directory (named in lossctl.toml:34)",
    ]


def test_mixed_checks_as_json(run: Run) -> None:
    outcome = run("check", "--format=json")
    content = json.loads(outcome.out, parse_constant=refuse)
    assert (content["verdict"], content["exit_code"], outcome.code) == ("error", 4, 4)
    found = {check["name"]: check for check in content["checks"]}
    words = {name: check["verdict"] for name, check in found.items()}
    assert words == {
        **{"good": "pass", "warns": "warn", "fails": "fail"},
        **{"broken": "error", "gone": "error"},
    }
    line: dict[str, Any] = found["fails"]["verdicts"][1]
    assert line.pop("message") == f"Loss(W) of mae is {SEVENTH!r}, above max-loss 0.1"
    assert line == {
        **{"rule": "max-loss", "loss": "mae", "value": SEVENTH, "limit": 0.1},
        **{"baseline": None, "delta": None, "verdict": "fail", "note": None},
        **{"delta_percent": None, "advice": LOOK.removeprefix("hint: ")},
    }
    assert found["fails"]["report"]["losses"][0]["mean"] == SEVENTH
    assert [error["exit_code"] for name in found for error in found[name]["errors"]] == [3, 4]
    assert found["broken"]["report"] is None


def test_json_has_no_nan(run: Run, write: Write) -> None:
    write({"lossctl.toml": check("one", "max-stderr = 9\nmax-loss = 9", "one").replace("t.", "o.")})
    write({"one.csv": "y\n3\n", "o.csv": "y\n1\n"})
    outcome = run("check", "--format=json", "--worst=1")
    content = json.loads(outcome.out, parse_constant=refuse)
    values = [line["value"] for line in content["checks"][0]["verdicts"]]
    assert (outcome.code, values) == (3, [2.0, None])


def test_junit(run: Run, folder: Path) -> None:
    assert run("check", "--junit=out.xml").code == 4
    junit_rules.read(folder / "out.xml")
    (suite,) = JUnitXml.fromfile(str(folder / "out.xml"))
    found = {case.name: case for case in suite}
    assert [(case.name, case.classname) for case in suite] == [
        (name, f"lossctl.{name}") for name in ("good", "warns", "fails", "broken", "gone")
    ]
    assert found["good"].result == found["warns"].result == []
    (failure,) = found["fails"].result
    assert isinstance(failure, Failure)
    lines = ["the number of samples is 2, below min-rows 9"]
    lines += ["Loss(W) of mae is 0.142857, above max-loss 0.1", LOOK]
    assert (failure.message, failure.type) == (lines[0], "fail")
    assert (failure.text or "").splitlines() == lines
    (error,) = found["broken"].result
    assert isinstance(error, Error)
    assert (error.message, error.text) == (NOT_A_NUMBER, f"{NOT_A_NUMBER}\n{HINT}")
    assert isinstance(found["gone"].result[0], Error)


HOSTILE = {
    "plain": "plain",
    "]]>": "]]>",
    "<&\"'>": "<&\"'>",
    "\x1b[31m\x01\x7f\x85": "\\x1b[31m\\x01\\x7f\\x85",
    "\\x1b[31m\\x01\\x7f\\x85": "\\x1b[31m\\x01\\x7f\\x85 (2)",  # looks the same
    "a\r\n\tb": "a\\x0d\\x0a\\x09b",
    "a\u2028\ufffe\u202eb": "a\\u2028\\ufffe\\u202eb",
    "\N{GRINNING FACE} é": "\N{GRINNING FACE} é",
    "n" * 10_000: "n" * 10_000,
    "&lt;![CDATA[": "&lt;![CDATA[",
}


@pytest.mark.parametrize("limit", [9, 1])
def test_hostile_names(run: Run, write: Write, limit: int) -> None:
    checks = [check(name, f"max-loss = {limit}") for name in HOSTILE]
    folder = write({"lossctl.toml": "".join(checks)}).parent
    outcome = run("check", "--junit=out.xml", "--format=json")
    assert outcome.code == (limit == 1)
    assert [found["name"] for found in json.loads(outcome.out)["checks"]] == list(HOSTILE)
    (suite,) = junit_rules.read(folder / "out.xml")
    shown = list(HOSTILE.values())
    assert [case.get("name") for case in suite] == shown
    assert [case.get("classname") for case in suite] == [f"lossctl.{name}" for name in shown]
    assert len(list(suite.iter("failure"))) == (len(HOSTILE) if limit == 1 else 0)
    assert len(next(iter(JUnitXml.fromfile(str(folder / "out.xml"))))) == len(HOSTILE)


def test_a_file_name_that_is_not_text(run: Run, folder: Path) -> None:
    name = b"b\xff]]>.csv"
    (folder / "bad.csv").rename(folder / os.fsdecode(name))
    outcome = run(
        *("check", name, "t.csv", "--loss=mae", "--max-loss=9", "--junit=out.xml", "-fjson")
    )
    (suite,) = junit_rules.read(folder / "out.xml")
    assert suite[0].get("name") == "b\\xff]]>.csv"
    assert suite[0][0].get("message") == NOT_A_NUMBER.replace("bad", "b\\xff]]>")
    assert (outcome.code, json.loads(outcome.out)["verdict"]) == (3, "error")


@pytest.mark.parametrize(
    ("seconds", "total"),
    [((0.1, 0.2), "0.3"), ((1e-9, 0.0004), "0.0"), ((12_345.6789, 1e5), "112345.679")],
)
def test_times_are_in_thousandths(folder: Path, seconds: tuple[float, float], total: str) -> None:
    verdict = Verdict("max-loss", "mae", 1.0, 2.0, Outcome.PASS)
    results = [CheckResult(str(time), (verdict,), seconds=time) for time in seconds]
    (folder / "out.xml").write_text(junit.render(results))
    root = junit_rules.read(folder / "out.xml")
    assert root.get("time") == root[0].get("time") == total


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_null(value: float) -> None:
    verdict = verdict_on("max-loss", "mae", value, 2.0)
    text = FORMATS["json"].render(VerdictsShown([CheckResult("a", (verdict,))]), View())
    content = json.loads(text, parse_constant=refuse)
    assert (content["verdict"], content["exit_code"]) == ("error", 3)
    assert content["checks"][0]["verdicts"][0]["value"] is None
