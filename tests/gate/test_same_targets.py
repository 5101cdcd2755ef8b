"""`check --same-targets`: no check passes whose targets are not those of its baseline."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

pytestmark = pytest.mark.usefixtures("folder")
CHECK = ("check", "p.csv", "t.csv", "--name=a", "--loss=mae")
HELD = (*CHECK, "--baseline=lossctl-baseline.json", "--same-targets")
FILES = {"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"}
OTHER = {"t.csv": "y\n1\n1\n"}
SAID = "t.csv is another file than the baseline's, which same-targets does not let pass"
TOML = CHECK_OF_A + 'baseline = "lossctl-baseline.json"\nsame-targets = true\n'


@pytest.fixture
def baseline(run: Run, write: Write, tmp_path: Path) -> Path:
    write(FILES)
    assert run(*CHECK, "--update-baseline").code == 0
    return tmp_path / "lossctl-baseline.json"


@pytest.mark.usefixtures("baseline")
def test_other_predictions_of_the_same_targets_pass(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n1\n"})
    outcome = run(*HELD)
    assert (outcome.code, outcome.err) == (0, "")
    verdicts = json.loads(run(*HELD, "-fjson").out)["checks"][0]["verdicts"]
    assert ("targets", "pass") in [(one["rule"], one["verdict"]) for one in verdicts]


@pytest.mark.usefixtures("baseline")
def test_other_targets_fail_though_the_loss_fell(run: Run, write: Write) -> None:
    write(OTHER)
    outcome = run(*HELD)
    way = "the same command with --update-baseline --no-same-targets"
    assert outcome.code == 1
    assert outcome.err.splitlines() == [
        f"lossctl: error: {SAID}",
        f"lossctl: hint: to take the numbers of these targets this once: {way}",
        "lossctl: error: 1 check: 1 failed",
    ]
    (check,) = json.loads(run(*HELD, "--format=json").out)["checks"]
    (verdict,) = (one for one in check["verdicts"] if one["rule"] == "targets")
    assert (verdict["verdict"], verdict["message"], check["notes"]) == ("fail", SAID, [])
    assert run(*HELD, "--update-baseline").code == 1
    assert run(*HELD, "--update-baseline", "--no-same-targets").code == 0
    assert run(*HELD).code == 0


@pytest.mark.usefixtures("baseline")
def test_a_file_says_so_of_its_checks(run: Run, write: Write) -> None:
    write(OTHER | {"lossctl.toml": TOML})
    outcome = run("check", "--junit=out.xml", env={"GITHUB_ACTIONS": "true"})
    way = "lossctl check --update-baseline --no-same-targets --only a"
    assert outcome.code == 1
    assert f"::error file=lossctl.toml,line=8,title=lossctl%3A a::check 'a': {SAID}" in outcome.err
    assert f"this once: {way}" in outcome.err
    assert "same-targets" in run("check", "--list").out
    assert run("check", "--no-same-targets").code == 0
    assert run(*way.split()[1:]).code == 0
    assert run("check").code == 0


def test_a_shard_that_is_left_out_is_no_less_another_target(run: Run, write: Write) -> None:
    write({f"p-{one}.csv": f"y\n{one}\n" for one in (1, 2)})
    write({f"t-{one}.csv": f"y\n{one}.5\n" for one in (1, 2)})
    both = ("check", "p-*.csv", "t-*.csv", *HELD[3:-1])
    assert run(*both, "--update-baseline").code == 0
    assert run(*both, "--same-targets").code == 0
    outcome = run("check", "p-1.csv", "t-1.csv", *HELD[3:], "--allow-fewer-rows")
    assert outcome.code == 1
    assert "the baseline is of 2 files of targets, not 1, which same-targets" in outcome.err


@pytest.mark.usefixtures("baseline")
def test_a_report_of_eval_does_not_say_which_targets_it_is_of(run: Run, write: Write) -> None:
    assert run("eval", "p.csv", "t.csv", "--loss=mae", "--output=r.json").code == 0
    outcome = run(*CHECK, "--baseline=r.json", "--same-targets")
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [
        "lossctl: error: r.json does not say which targets it is of, as same-targets demands",
        "lossctl: hint: to have one that does, pass --baseline lossctl-baseline.json, written with "
        "--update-baseline",
    ]
    write({"lossctl.toml": TOML.replace("lossctl-baseline", "r")})
    assert 'write baseline = "lossctl-baseline.json", written with' in run("check").err


@pytest.mark.parametrize("lost", ["targets", "inputs"])
def test_nor_does_a_baseline_without_what_says_so(run: Run, baseline: Path, lost: str) -> None:
    content = json.loads(baseline.read_text())
    del content["checks"]["a"][lost]
    baseline.write_text(json.dumps(content))
    outcome = run(*HELD)
    assert outcome.code == 3
    assert "lossctl-baseline.json does not say which targets it is of" in outcome.err
    way = "to write one that does: the same command with --update-baseline\n"
    assert f"lossctl: hint: {way}" in outcome.err
    assert run(*HELD, "--update-baseline").code == run(*HELD).code == 0


@pytest.mark.usefixtures("baseline")
def test_a_stream_cannot_be_told_to_be_the_same(run: Run) -> None:
    piped = f"cat t.csv | lossctl {' '.join(HELD).replace('t.csv', '-')}"
    for more in ("", " --update-baseline"):
        outcome = run("-c", f"{piped}{more}", program=("bash",))
        assert outcome.code == 3
        assert "same-targets cannot be judged: - is a stream, not a file" in outcome.err


def test_what_cannot_be_compared_is_a_mistake(run: Run, write: Write) -> None:
    write(FILES | {"both.csv": "p,target\n1,0\n2,0\n"})
    alone = run(*CHECK, "--max-loss=2", "--same-targets")
    assert (alone.code, "the same as which? Name a baseline" in alone.err) == (2, True)
    both = ("check", "both.csv", "--target-col=target", *HELD[3:])
    outcome = run(*both)
    assert outcome.code == 2
    assert "the targets lie in one file with the predictions" in outcome.err


@pytest.mark.usefixtures("baseline")
def test_where_targets_are_others_nobody_is_told_to_hold_a_loss_that_fell(
    run: Run, write: Write
) -> None:
    write({"p.csv": "y\n0.5\n1\n"})
    assert "fell by 50% from its baseline: to hold it there" in run(*HELD[:-1]).err
    write(FILES | OTHER)
    outcome = run(*HELD[:-1])
    note = "lossctl: note: t.csv is another file than the baseline's\n"
    assert (outcome.code, outcome.err) == (0, note)


def test_what_could_not_be_evaluated_has_its_verdict(run: Run, write: Write) -> None:
    write(FILES | {"p.csv": "y\n1\nx\n"})
    outcome = run(*HELD)
    assert outcome.code == 3
    verdicts = json.loads(run(*HELD, "-fjson").out)["checks"][0]["verdicts"]
    assert ("targets", "error") in [(one["rule"], one["verdict"]) for one in verdicts]


def test_a_table_has_a_line_for_the_targets_only_where_these_are_others(
    run: Run, write: Write
) -> None:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"})
    check = ("check", "p.csv", "t.csv", "--loss=mae", "--baseline=lossctl-baseline.json")
    assert run(*check, "--update-baseline").code == 0
    passed = run(*check, "--same-targets")
    assert (passed.code, len(passed.out.splitlines())) == (0, 4)
    rules = [
        one["rule"]
        for one in json.loads(run(*check, "--same-targets", "-fjson").out)["checks"][0]["verdicts"]
    ]
    assert {"rows", "targets", "max-increase"} <= {*rules}
    write({"t.csv": "y\n0\n0.0\n"})
    failed = run(*check, "--same-targets")
    assert (failed.code, "targets" in failed.out) == (1, True)
