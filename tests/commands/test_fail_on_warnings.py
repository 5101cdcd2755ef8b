"""`lossctl check --fail-on-warnings`: no check passes whose evaluation has a warning."""

import json
from pathlib import Path

import pytest
from checks import CHECK
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
FILES = ("p.csv", "t.csv", "--loss=mae", "--max-loss=2")
WARNED = {"p.csv": "y,z\n" + "1.5,1\n" * 3, "t.csv": "y,z\n" + "1.5,0\n" * 3}
TOML = f"\n[defaults]\nfail-on-warnings = true\n{CHECK}"
SAID = "1 warning, where fail-on-warnings allows none: same-components"


def test_a_warning_fails_a_check_only_where_that_is_asked_for(run: Run, write: Write) -> None:
    write(dict(WARNED))
    assert run("check", *FILES).code == 0
    outcome = run("check", *FILES, "--fail-on-warnings")
    assert outcome.code == 1
    assert f"lossctl: error: {SAID}\n" in outcome.err
    assert "lossctl: warning: " in outcome.err
    assert ["fail", "p.csv", "-", "warnings", "1", "0"] in map(str.split, outcome.out.splitlines())


def test_it_may_be_the_only_limit(run: Run, write: Write) -> None:
    assert run("check", *FILES[:3], "--fail-on-warnings").code == 0
    write(dict(WARNED))
    assert run("check", *FILES[:3], "--fail-on-warnings").code == 1


def test_it_is_told_wherever_verdicts_are(run: Run, write: Write, tmp_path: Path) -> None:
    write(WARNED | {"lossctl.toml": TOML})
    actions = {"GITHUB_ACTIONS": "true"}
    outcome = run("check", "--junit=out.xml", "--format=json", env=actions)
    assert outcome.code == 1
    first, second = (line for line in outcome.err.splitlines() if line.startswith("::"))
    assert first == f"::error file=lossctl.toml,line=3,title=lossctl%3A a::check 'a': {SAID}"
    assert second.startswith("::warning ")
    assert f'message="{SAID}"' in (tmp_path / "out.xml").read_text()
    verdict = json.loads(outcome.out)["checks"][0]["verdicts"][0]
    del verdict["baseline"], verdict["delta"], verdict["delta_percent"], verdict["advice"]
    assert verdict == {
        "rule": "warnings",
        "loss": None,
        "value": 1,
        "limit": 0,
        "verdict": "fail",
        "message": SAID,
        "note": "same-components",
    }


def test_one_check_may_have_warnings_all_the_same(run: Run, write: Write) -> None:
    write(WARNED | {"lossctl.toml": f"{TOML}fail-on-warnings = false\n"})
    assert run("check").code == 0


LEFT_OUT = "lossctl: note: 1 row left out for a missing value (1 without a prediction): 1 evaluated"


def test_what_was_asked_for_is_a_note_and_no_annotation(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\nNA\n", "lossctl.toml": f'{TOML}nan = "skip"\n'})
    outcome = run("check", env={"GITHUB_ACTIONS": "true"})
    assert (outcome.code, outcome.err.splitlines()) == (0, [LEFT_OUT])
    (warning,) = json.loads(run("check", "--format=json").out)["checks"][0]["report"]["warnings"]
    assert (warning["code"], warning["count"]) == ("skipped", 1)


def test_an_end_without_a_newline_that_is_allowed_is_no_warning(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n2", "t.csv": "y\n1\n3\n"})
    assert run("check", *FILES, "--fail-on-warnings").code == 3
    allowed = run("check", *FILES, "--fail-on-warnings", "--allow-no-final-newline")
    assert allowed.code == 0
    assert allowed.err.startswith("lossctl: note: p.csv: no newline at the end")


def test_an_update_is_held_to_it(run: Run, write: Write, tmp_path: Path) -> None:
    write(dict(WARNED))
    assert run("check", *FILES, "--fail-on-warnings", "--update-baseline").code == 1
    assert not (tmp_path / "lossctl-baseline.json").exists()


def test_what_cannot_be_judged_has_a_verdict_all_the_same(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\nx\n"})
    outcome = run("check", *FILES, "--fail-on-warnings")
    assert outcome.code == 3
    verdicts = json.loads(run("check", *FILES, "--fail-on-warnings", "-fjson").out)["checks"][0]
    found = {one["rule"]: one["verdict"] for one in verdicts["verdicts"]}
    assert found["warnings"] == "error"
    assert "warnings" not in outcome.out


def test_a_check_that_passes_with_a_warning_is_counted_as_one(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write(dict(WARNED))
    outcome = run("check", *FILES, "--junit=out.xml")
    assert (outcome.code, outcome.out.splitlines()[0]) == (0, "1 check: 1 passed with a warning")
    assert 'errors="0" failures="0"' in (tmp_path / "out.xml").read_text().replace("\n", " ")
    content = json.loads(run("check", *FILES, "--format=json").out)
    assert (content["verdict"], content["exit_code"]) == ("pass", 0)
    assert [one["verdict"] for one in content["checks"][0]["verdicts"]] == ["pass"]


def test_nobody_is_told_to_hold_a_number_that_there_is_a_warning_about(
    run: Run, write: Write
) -> None:
    held = ("check", *FILES, "--baseline=b.json")
    assert run(*held, "--update-baseline").code == 0
    write({"p.csv": "y\n0.5\n1\n"})
    assert "fell by 50% from its baseline: to hold it there" in run(*held).err
    write({"p.csv": "y\n0\n0\n", "t.csv": "y\n0\n0\n"})
    outcome = run(*held, "--allow-doubts")
    assert outcome.code == 0
    assert "fell by" not in outcome.err
    assert outcome.err.count("lossctl: warning: ") == 1


def test_what_an_option_has_done_is_no_warning_of_a_check(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\nNA\n"})
    outcome = run("check", *FILES, "--nan=skip")
    assert outcome.out.splitlines()[0] == "1 check: 1 passed"


def test_the_first_file_of_checks_mentions_it(run: Run, write: Write, tmp_path: Path) -> None:
    write({"preds.csv": "y\n2\n0\n", "targets.csv": "y\n1\n1\n"})
    assert run("check", "--init").code == 0
    assert "\n# fail-on-warnings = true " in (tmp_path / "lossctl.toml").read_text()


def held(run: Run, *more: str) -> tuple[int, list[str]]:
    """Return the exit code and what is told of a check that no warning may pass."""
    outcome = run("check", "p.csv", "t.csv", "--loss=mae", "--fail-on-warnings", *more)
    return outcome.code, outcome.err.splitlines()


def said(*what: str) -> str:
    count = f"{len(what)} warning{'s' * (len(what) > 1)}"
    return f"lossctl: error: {count}, where fail-on-warnings allows none: {', '.join(what)}"


def test_a_loss_above_its_warn_loss_is_a_warning(run: Run, write: Write) -> None:
    assert held(run, "--warn-loss=1.5") == (0, [])
    code, told = held(run, "--warn-loss=1.4")
    assert (code, told[0]) == (1, said("warn-loss of mae"))
    assert told[1] == "lossctl: warning: Loss(W) of mae is 1.5, above warn-loss 1.4"
    code, told = held(run, "--warn-loss=1.3", "--max-loss=1.4")
    assert (code, told[0]) == (1, "lossctl: error: Loss(W) of mae is 1.5, above max-loss 1.4")
    assert "fail-on-warnings" not in " ".join(told)


def test_more_samples_than_the_baseline_are_a_warning_until_it_is_updated(
    run: Run, write: Write
) -> None:
    baseline = ("--baseline=b.json",)
    assert held(run, *baseline, "--update-baseline")[0] == 0
    write({"p.csv": "y\n1\n2\n1.5\n", "t.csv": "y\n0\n0\n0\n"})
    code, told = held(run, *baseline)
    assert (code, told[0]) == (1, said("rows"))
    assert "lossctl: warning: 3 samples, more than the 2 of the baseline" in told
    way = "lossctl: hint: to be held to the numbers of these: the same command with"
    assert f"{way} --update-baseline" in told
    assert held(run, *baseline, "--update-baseline")[0] == 0
    assert held(run, *baseline) == (0, [])


def test_an_increase_that_looks_like_a_slip_is_a_warning(run: Run) -> None:
    baseline = ("--baseline=b.json",)
    assert held(run, *baseline, "--update-baseline")[0] == 0
    code, told = held(run, *baseline, "--max-increase=10")
    assert (code, told[0]) == (1, said("max-increase of mae"))
