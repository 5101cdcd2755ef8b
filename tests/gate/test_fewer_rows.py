"""The verdict on rows: no fewer samples than in the baseline, unless that is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
from baselines import CHECK, entry, judged, ratchet, report
from conftest import Run, Write
from ratchets import FILE, content, update
from samples import snapshot

pytestmark = pytest.mark.usefixtures("folder")
THREE = {"p.csv": "y\n1\n2\n3\n", "t.csv": "y\n0\n0\n0\n"}
TWO = {"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"}
FEWER = "2 samples, fewer than the 3 of the baseline"
TAKE = "to take fewer this once: the same command with"
HINT = f"{TAKE} --update-baseline --allow-fewer-rows"
HELD = (*CHECK, f"--baseline={FILE}")


@pytest.fixture
def three(run: Run, write: Write) -> None:
    """A baseline of three samples, whose mae is 2, and two samples now, whose mae is 1.5."""
    write(THREE)
    assert update(run).code == 0
    write(TWO)


def rows_of(out: str) -> dict[str, Any]:
    """Return the one verdict on rows that a report of check in JSON has."""
    found = [v for check in json.loads(out)["checks"] for v in check["verdicts"]]
    (rows,) = (verdict for verdict in found if verdict["rule"] == "rows")
    return dict(rows)


@pytest.mark.usefixtures("three")
def test_fewer_samples_fail_though_the_loss_fell(run: Run) -> None:
    outcome = run(*HELD)
    assert outcome.code == 1
    assert outcome.err.splitlines()[:2] == [f"lossctl: error: {FEWER}", f"lossctl: hint: {HINT}"]
    assert outcome.err.splitlines()[-1] == "lossctl: error: 1 check: 1 failed"
    header, _, loss, rows = (line.split() for line in outcome.out.splitlines()[1:])
    assert header[-5:] == ["value", "limit", "baseline", "delta", "%"]
    assert loss == ["pass", "p.csv", "mae", "max-increase", "1.5", "2", "2", "-0.5", "-25"]
    assert rows == ["fail", "p.csv", "-", "rows", "2", "3", "3", "-1", "-33.3"]


@pytest.mark.usefixtures("three")
def test_the_verdict_in_json(run: Run) -> None:
    outcome = run(*HELD, "--format=json")
    rows = rows_of(outcome.out)
    assert rows.pop("delta_percent") == pytest.approx(-100 / 3)
    assert rows == {
        **{"rule": "rows", "loss": None, "value": 2, "limit": 3, "baseline": 3, "delta": -1},
        **{"verdict": "fail", "message": FEWER, "note": None, "advice": HINT},
    }
    assert json.loads(outcome.out)["verdict"] == "fail"


@pytest.mark.usefixtures("three")
def test_everybody_is_told(run: Run, folder: Path) -> None:
    outcome = run(*HELD, "--junit=out.xml", "-fmd", env={"GITHUB_ACTIONS": "true"})
    told = "::error file=p.csv,title=lossctl%3A p.csv"
    assert f"{told}::check 'p.csv': {FEWER}%0Ahint: {HINT}\n" in outcome.err
    assert f"- **p.csv**: {FEWER}\n" in outcome.out
    text = (folder / "out.xml").read_text()
    assert f'<failure message="{FEWER}" type="fail">{FEWER}\nhint: {HINT}</failure>' in text


@pytest.mark.usefixtures("three")
def test_fewer_may_be_allowed_on_the_command_line_and_in_the_file(run: Run, write: Write) -> None:
    outcome = run(*HELD, "--allow-fewer-rows", "--format=json")
    rows = rows_of(outcome.out)
    assert (outcome.code, rows["verdict"], rows["value"], rows["baseline"]) == (0, "pass", 2, 3)
    assert "lossctl: error: error" not in outcome.err
    check = "[[check]]\nname='p.csv'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\n"
    write({"lossctl.toml": f"{check}baseline='{FILE}'\n"})
    assert run("check").code == 1
    assert run("check", "--allow-fewer-rows").code == 0
    write({"lossctl.toml": f"{check}baseline='{FILE}'\nallow-fewer-rows=true\n"})
    assert run("check").code == 0


@pytest.mark.usefixtures("three")
def test_a_baseline_takes_no_fewer_unless_that_is_allowed(run: Run, folder: Path) -> None:
    before = snapshot(folder)
    for more in ((), ("--allow-increase",)):
        outcome = update(run, *more)
        assert (outcome.code, snapshot(folder)) == (1, before)
        assert outcome.err.splitlines()[:2] == [
            f"lossctl: error: {FEWER}",
            f"lossctl: hint: {TAKE} --allow-fewer-rows",
        ]
        assert "lossctl: note: no baseline was written" in outcome.err
    assert update(run, "--allow-fewer-rows").code == 0
    assert content(folder)["checks"]["p.csv"]["losses"]["mae"]["n"] == 2


def test_as_many_or_more_pass(run: Run, write: Write) -> None:
    assert update(run).code == 0
    more = THREE | {"p.csv": "y\n1\n2\n1.5\n"}
    for files, delta, word in ((TWO, 0, "pass"), (more, 1, "warn")):
        write(files)
        outcome = run(*HELD, "--format=json")
        rows = rows_of(outcome.out)
        assert (outcome.code, rows["verdict"], rows["delta"]) == (0, word, delta)
        assert update(run, f"--baseline={FILE}").code == 0


def one_left_out(run: Run, write: Write, policy: str, extra: dict[str, str]) -> None:
    """Write a baseline of two samples of which none was left out, then rows of which one is."""
    write({"p.csv": "id,y\na,1\nb,2\n", "t.csv": "id,y\na,0\nb,0\n"})
    assert update(run, policy, "--id=id").code == 0
    write(extra)


LEFT_OUT = {
    "--nan=skip": {"p.csv": "id,y\na,1\nb,2\nc,NA\n", "t.csv": "id,y\na,0\nb,0\nc,0\n"},
    "--missing=present": {"p.csv": "id,y\na,1\nb,2\nc,9\n"},
    "--repeated-ids=first": {"p.csv": "id,y\na,1\nb,2\na,1\n"},
}


@pytest.mark.parametrize(("policy", "files"), LEFT_OUT.items(), ids=LEFT_OUT)
def test_new_rows_do_not_hide_that_others_are_left_out(
    run: Run, write: Write, policy: str, files: dict[str, str]
) -> None:
    one_left_out(run, write, policy, files)
    held = (*HELD, policy, "--id=id")
    outcome = run(*held)
    assert outcome.code == 1
    said, way = "1 row left out, more than the 0 of the baseline", "--allow-fewer-rows"
    hint = f"to leave out so many this once: the same command with --update-baseline {way}"
    assert f"lossctl: error: {said}\nlossctl: hint: {hint}\n" in outcome.err
    row = next(line.split() for line in outcome.out.splitlines() if "left-out" in line)
    assert row == ["fail", "p.csv", "-", "left-out", "1", "0", "0", "1", "-"]
    assert update(run, policy, "--id=id").code == 1
    allowed = run(*held, way)
    assert (allowed.code, f"note: {said}, which allow-fewer-rows lets pass\n" in allowed.err) == (
        *(0, True),
    )
    assert update(run, policy, "--id=id", way).code == run(*held).code == 0


def test_samples_that_are_kept_are_not_left_out_and_fewer_left_out_pass(
    run: Run, write: Write
) -> None:
    one_left_out(run, write, "--repeated-ids=keep", {})
    write(LEFT_OUT["--repeated-ids=first"])
    assert "left-out" not in run(*HELD, "--repeated-ids=keep", "--id=id").out
    one_left_out(run, write, "--nan=skip", LEFT_OUT["--nan=skip"])
    assert update(run, "--nan=skip", "--id=id", "--allow-fewer-rows").code == 0
    one = {name: text.replace("c,NA", "c,1.5") for name, text in LEFT_OUT["--nan=skip"].items()}
    write(one)
    outcome = run(*HELD, "--nan=skip", "--id=id", "--format=json")
    assert (outcome.code, "left-out" in outcome.out) == (0, True)


def test_samples_left_out_are_no_samples(run: Run, write: Write) -> None:
    write(THREE)
    assert update(run, "--nan=skip").code == 0
    write({"p.csv": "y\n1\nNA\n2\n"})
    outcome = run(*HELD, "--nan=skip")
    assert outcome.code == 1
    assert f"lossctl: error: {FEWER}" in outcome.err


@pytest.mark.parametrize("more", [(), ("--max-increase=1%",)])
def test_the_hint_has_all_that_an_update_needs(run: Run, write: Write, more: Any) -> None:
    write(THREE)
    assert update(run).code == 0
    write({"p.csv": "y\n3\n4\n", "t.csv": "y\n0\n0\n"})
    outcome = run(*HELD, *more)
    assert f"hint: {TAKE} --update-baseline --allow-fewer-rows --allow-increase\n" in outcome.err
    refused = update(run)
    assert f"hint: {TAKE} --allow-fewer-rows --allow-increase\n" in refused.err
    assert update(run, "--allow-fewer-rows", "--allow-increase").code == run(*HELD).code == 0


@pytest.mark.usefixtures("three")
def test_one_cause_is_told_once_and_the_hint_names_the_limit_that_is_in_the_way(run: Run) -> None:
    outcome = run(*HELD, "--min-rows=3")
    way = "choose another min-rows, then the same command with --update-baseline"
    assert outcome.err.splitlines() == [
        f"lossctl: error: {FEWER}",
        f"lossctl: hint: to take fewer this once: {way} --allow-fewer-rows",
        "lossctl: error: 1 check: 1 failed",
    ]


def test_a_loss_that_is_not_asked_for_holds_no_check_to_samples(run: Run, write: Write) -> None:
    write(THREE)
    assert update(run, "--loss=mae,mse").code == 0
    write(TWO)
    assert update(run, "--allow-fewer-rows").code == run(*HELD).code == 0


def test_another_definition_is_shown_with_both_numbers(run: Run, write: Write) -> None:
    assert update(run).code == 0
    write({"p.csv": "y,z\n1,1\n2,2\n", "t.csv": "y,z\n0,0\n0,0\n"})
    hint = "to take today's number: the same command with --update-baseline --allow-increase"
    assert f"lossctl: hint: {hint}\n" in run(*HELD).err
    told = update(run, "--allow-increase").err
    assert "lossctl: note: mae 1.5 -> 3, computed in another way\n" in told


REPORTS = {
    "report of eval": report(entry(loss="mae", n=3)),
    "most of several": ratchet({"mae": entry(n=2), "mse": entry(n=3, signature="lossctl|0|mse")}),
}


@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_any_baseline_that_says_of_how_many_it_is(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 1
    assert outcome.err.startswith(f"lossctl: error: {FEWER}\n")


def test_one_whose_n_was_taken_out_by_hand_is_refused(run: Run, folder: Path) -> None:
    assert update(run).code == 0
    baseline = content(folder)
    del baseline["checks"]["p.csv"]["losses"]["mae"]["n"]
    (folder / FILE).write_text(json.dumps(baseline))
    outcome = run(*HELD)
    assert outcome.code == 3
    assert f"lossctl: error: {FILE}: is damaged: 'n' is missing\n" in outcome.err
    (folder / FILE).unlink()
    assert update(run).code == run(*HELD).code == 0


def test_a_damaged_baseline_is_told_once(run: Run, write: Write) -> None:
    write({"base.json": "{"})
    outcome = judged(run, "--format=json")
    (verdict,) = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert (outcome.code, verdict["rule"], verdict["verdict"]) == (3, "max-increase", "error")
    assert outcome.err.count("lossctl: error: base.json: is no JSON") == 1


@pytest.mark.usefixtures("three")
def test_where_fewer_are_allowed_it_is_told_and_nothing_is_to_be_held_there(run: Run) -> None:
    outcome = run(*HELD, "--allow-fewer-rows")
    said = f"{FEWER}, which allow-fewer-rows lets pass"
    assert (outcome.code, outcome.err) == (0, f"lossctl: note: {said}\n")


def test_more_samples_are_a_warning_of_the_check_told_once(run: Run, write: Write) -> None:
    assert update(run, "--loss=mae,mse").code == 0
    write(THREE)
    outcome = run(*HELD, "--loss=mae,mse", "--max-increase=900%", "--format=json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["verdict"] == "warn"
    said = "3 samples, more than the 2 of the baseline"
    assert outcome.err.count(said) == 1
    assert f"lossctl: warning: {said}\n" in outcome.err
