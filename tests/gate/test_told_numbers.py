"""The numbers of a verdict as people are told them: alike everywhere, and only what helps."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write
from gates import look

BASE = '{"schema": 1, "losses": [{"loss": "mae", "mean": %s, "signature": "%s", "n": 1}]}'
MAE = ("check", "p.csv", "t.csv", "--loss=mae", "--name=a")
NONE = "where max-increase allows none"
HELD = (*MAE, "--baseline=lossctl-baseline.json")


def ratio(run: Run, write: Write, old: str, new: str) -> None:
    """Write a baseline of one number, then predictions of another.

    One of 0 is that of a copy of the targets, which no update writes.
    """
    write({"p.csv": f"y\n{old if float(old) else 1}\n", "t.csv": "y\n0\n"})
    assert run(*MAE, "--update-baseline").code == 0
    path = write({"p.csv": f"y\n{new}\n"}).with_name("lossctl-baseline.json")
    content = json.loads(path.read_text())
    content["checks"]["a"]["losses"]["mae"]["mean"] = float(old)
    path.write_text(json.dumps(content))


def test_a_baseline_and_the_limit_that_is_the_baseline_look_alike(run: Run, write: Write) -> None:
    ratio(run, write, "13.54905", "14")
    outcome = run(*HELD)
    said = f"Loss(W) of mae is 14: 3.33% above its baseline 13.549, {NONE}"
    assert outcome.err.splitlines()[0] == f"lossctl: error: {said}"
    assert "13.5491" not in outcome.out
    exact = json.loads(run(*HELD, "--format=json").out)["checks"][0]["verdicts"][0]
    assert exact["limit"] > exact["baseline"] == 13.54905


def test_what_is_just_above_its_baseline_does_not_look_like_it(run: Run, write: Write) -> None:
    ratio(run, write, "13.54901", "13.549012")
    said = f"Loss(W) of mae is 13.549012: 1.48e-05% above its baseline 13.54901, {NONE}"
    assert run(*HELD).err.splitlines()[0] == f"lossctl: error: {said}"


INCREASES = {
    ("2", "2.05", "1%"): "2.05: 2.5% above its baseline 2, where max-increase allows 1%",
    ("2", "2.05", "0.01"): "2.05: 0.05 above its baseline 2, where max-increase allows 0.01",
    ("2", "2.0200001", "1%"): "2.0200001: 1.00001% above its baseline 2, where max-increase "
    "allows 1%",
    ("0", "0.25", "1%"): "0.25: 0.25 above its baseline 0, where max-increase allows 1%",
    ("0", "0.25", "0.20"): "0.25: 0.25 above its baseline 0, where max-increase allows 0.2",
}


@pytest.mark.parametrize(("numbers", "said"), INCREASES.items())
def test_an_increase_is_told_beside_what_is_allowed(
    run: Run, write: Write, numbers: tuple[str, str, str], said: str
) -> None:
    old, new, allowed = numbers
    ratio(run, write, old, new)
    outcome = run(*HELD, f"--max-increase={allowed}", "--junit=out.xml", "-fmd")
    assert outcome.code == 1
    assert outcome.err.splitlines()[0] == f"lossctl: error: Loss(W) of mae is {said}"
    assert said in outcome.out
    assert said in (write({}) / "out.xml").read_text()


def test_people_are_told_the_same_digits_everywhere(run: Run, write: Write) -> None:
    folder = write({"p.csv": "y\n0.49714059048194\n", "t.csv": "y\n0\n"}).parent
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"}
    command = (*MAE, "--max-loss=0.1", "--junit=out.xml")
    outcome = run(*command, env=github)
    texts = [outcome.out, outcome.err]
    texts += [(folder / name).read_text() for name in ("out.xml", "summary.md")]
    assert all("0.497141" in text and "0.49714059" not in text for text in texts)
    run(*command, "--digits=full", env=github)
    assert "0.49714059048194" in (folder / "out.xml").read_text()


# What is written though it is higher.


def test_an_increase_that_is_allowed_is_told(run: Run, write: Write, tmp_path: Path) -> None:
    ratio(run, write, "1.25", "1.68")
    outcome = run(*MAE, "--update-baseline", "--allow-increase")
    assert outcome.code == 0
    cells = outcome.out.splitlines()[-1].split()
    assert cells == ["pass", "a", "mae", "update-baseline", "1.68", "1.25", "0.43", "+34.4"]
    assert "lossctl: note: mae 1.25 -> 1.68 (+34.4%)\n" in outcome.err
    written = json.loads((tmp_path / "lossctl-baseline.json").read_text())
    assert written["checks"]["a"]["losses"]["mae"]["mean"] == 1.68
    again = run(*MAE, "--update-baseline", "--allow-increase")
    assert "rose" not in again.err


def test_an_increase_within_the_slack_is_written_where_increases_are_allowed(
    run: Run, write: Write, tmp_path: Path
) -> None:
    ratio(run, write, "1", "1.0000000000000002")
    for more, mean in (((), 1.0), (("--allow-increase",), 1.0000000000000002)):
        assert run(*MAE, "--update-baseline", *more).code == 0
        written = json.loads((tmp_path / "lossctl-baseline.json").read_text())
        assert written["checks"]["a"]["losses"]["mae"]["mean"] == mean


# What helps.


@pytest.mark.parametrize("limits", [("--min-rows=2",), ("--max-stderr=9",), ("--max-sample=0.1",)])
def test_a_check_that_does_not_pass_is_not_told_to_hold_its_loss(
    run: Run, write: Write, limits: tuple[str, ...]
) -> None:
    ratio(run, write, "2", "1")
    assert "mae fell by 50%" in run(*HELD).err
    outcome = run(*HELD, *limits)
    assert outcome.code != 0
    assert "fell" not in outcome.err
    content = json.loads(run(*HELD, *limits, "--format=json").out)
    advice = [line["advice"] or "" for line in content["checks"][0]["verdicts"]]
    assert not any("fell" in one or "baseline" in one for one in advice)


def test_no_warning_of_a_number_that_has_failed(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n", "t.csv": "y\n0\n"})
    outcome = run(*MAE, "--max-loss=1", "--warn-loss=0.5")
    assert outcome.err.splitlines() == [
        "lossctl: error: Loss(W) of mae is 2, above max-loss 1",
        f"lossctl: {look()}",
        "lossctl: error: 1 check: 1 failed",
    ]
    assert [line.split()[0] for line in outcome.out.splitlines()[3:]] == ["fail", "warn"]
    assert "warning" in run(*MAE, "--max-sample=1", "--warn-loss=0.5").err


def test_a_failure_is_in_the_log_of_github_once(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n", "t.csv": "y\n0\n"})
    github = {"GITHUB_ACTIONS": "true"}
    said = "Loss(W) of mae is 2, above max-loss 1"
    outcome = run(*MAE, "--max-loss=1", env=github)
    annotation = f"::error file=p.csv,title=lossctl%3A a::check 'a': {said}%0A{look()}"
    assert outcome.err.splitlines() == [annotation]
    assert outcome.out.splitlines()[0] == "1 check: 1 failed"
    for quiet in (run(*MAE, "--max-loss=1", "--no-github", env=github), run(*MAE, "--max-loss=1")):
        assert quiet.err.splitlines()[0] == f"lossctl: error: {said}"


def test_what_github_does_not_show_is_in_its_log(run: Run, write: Write) -> None:
    checks = [
        f'[[check]]\nname="c{number}"\npredictions="p.csv"\ntargets="t.csv"\nloss="mae"\nmax-loss=1\n'
        for number in range(12)
    ]
    write({"p.csv": "y\n2\n", "t.csv": "y\n0\n", "lossctl.toml": "".join(checks)})
    lines = run("check", env={"GITHUB_ACTIONS": "true"}).err.splitlines()
    told = [line for line in lines if line.startswith("lossctl: error: check 'c")]
    assert len(told) == 3
    assert sum(line.startswith("::error file=") for line in lines) == 9


def test_a_large_increase_has_no_exponent(run: Run, write: Write) -> None:
    write({"p.csv": "y\n25.9\n25.9\n", "t.csv": "y\n0\n0\n", "b.csv": "y\n1\n1\n"})
    update = ("t.csv", "--loss=mae", "--name=a", "--baseline=b.json")
    assert run("check", "b.csv", *update, "--update-baseline").code == 0
    outcome = run("check", "p.csv", *update)
    assert "Loss(W) of mae is 25.9: 2490% above its baseline 1, " in outcome.err
    assert "+2490" in outcome.out.split()
    more = ("--update-baseline", "--allow-increase")
    assert "mae 1 -> 25.9 (+2490%)" in run("check", "p.csv", *update, *more).err
