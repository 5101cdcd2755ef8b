"""Targets that are in another file than those that a baseline is of: a note says so."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write

from lossctl import cli
from lossctl.commands.check import judging
from lossctl.commands.check.check import Check, evaluate_check
from lossctl.results.report import Report
from lossctl.tables.streams.source import Source

CHECK = ("check", "p.csv", "t.csv", "--name=a", "--loss=mae")
HELD = (*CHECK, "--baseline=lossctl-baseline.json")
NOTE = "lossctl: note: t.csv is another file than the baseline's"


@pytest.fixture
def baseline(run: Run, write: Write, tmp_path: Path) -> Path:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"})
    assert run(*CHECK, "--update-baseline").code == 0
    return tmp_path / "lossctl-baseline.json"


@pytest.mark.usefixtures("baseline")
def test_other_predictions_of_the_same_targets_are_no_news(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n1\n"})
    assert run(*HELD).err == ""


@pytest.mark.usefixtures("baseline")
def test_other_targets_are_told_whether_it_passes_or_fails(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"t.csv": "y\n0\n0.0\n"})
    outcome = run(*HELD, "--junit=out.xml")
    assert (outcome.code, outcome.err) == (0, f"{NOTE}\n")
    assert NOTE.removeprefix("lossctl: ") in (tmp_path / "out.xml").read_text()
    write({"t.csv": "y\n0\n-1\n"})
    outcome = run(*HELD)
    assert (outcome.code, outcome.err.splitlines()[2]) == (1, NOTE)
    (check,) = json.loads(run(*HELD, "--format=json").out)["checks"]
    assert check["notes"] == [NOTE.removeprefix("lossctl: note: ")]
    annotations = run(*HELD, env={"GITHUB_ACTIONS": "true"}).err
    assert "::notice file=p.csv,title=lossctl%3A a::check 'a': t.csv is another file" in annotations


@pytest.mark.usefixtures("baseline")
def test_an_update_tells_it_and_has_the_new_file(run: Run, write: Write) -> None:
    write({"t.csv": "y\n0\n1\n"})
    assert run(*CHECK, "--update-baseline").err.splitlines()[0] == NOTE
    assert run(*HELD).err == ""


@pytest.mark.usefixtures("baseline")
def test_a_file_is_known_by_what_it_holds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").rename(tmp_path / "other.csv")
    assert run("check", "p.csv", "other.csv", *HELD[3:]).err == ""


def test_of_shards_those_are_named_that_are_others(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n3\n4\n"} | {f"t-{one}.csv": f"y\n{one}\n" for one in (1, 2, 3)})
    check = ("check", "p.csv", "t-*.csv", *HELD[3:])
    assert run(*check[:-1], "--update-baseline").code == 0
    assert run(*check).err == ""
    write({"t-1.csv": "y\n1.0\n", "t-3.csv": "y\n3.0\n"})
    said = "lossctl: note: t-1.csv, t-3.csv are other files than the baseline's\n"
    assert run(*check).err == said


@pytest.mark.parametrize(
    "inputs", [None, {}, [], "x", {"t.csv": None}, {"t.csv": 1}, {"t.csv": []}]
)
def test_nothing_is_hashed_or_told_where_a_baseline_has_no_hash(
    baseline: Path, monkeypatch: pytest.MonkeyPatch, inputs: object
) -> None:
    content = json.loads(baseline.read_text())
    content["checks"]["a"]["inputs"] = inputs
    baseline.write_text(json.dumps(content))
    monkeypatch.chdir(baseline.parent)
    hashed: list[Source] = []
    monkeypatch.setattr(Source, "sha256", hashed.append)
    assert cli.run(list(HELD)) == 0
    assert hashed == []


@pytest.mark.usefixtures("baseline")
def test_a_report_of_eval_has_no_hashes_and_a_stream_is_no_file(run: Run, write: Write) -> None:
    run("eval", "p.csv", "t.csv", "--loss=mae", "--output=r.json")
    write({"t.csv": "y\n0\n0.0\n"})
    assert run(*CHECK, "--baseline=r.json").err == ""
    piped = f"cat t.csv | lossctl {' '.join(HELD).replace('t.csv', '-')}"
    assert run("-c", piped, program=("bash",)).err == ""


@pytest.mark.parametrize("stream", ["-", "<(cat t.csv)"])
def test_nothing_is_told_of_a_baseline_that_was_taken_of_a_stream(
    run: Run, write: Write, stream: str
) -> None:
    """It may have held what the file holds."""
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"})
    update = f"lossctl {' '.join(CHECK)} --update-baseline < t.csv".replace("t.csv", stream, 1)
    assert run("-c", update, program=("bash",)).code == 0
    assert run(*HELD).err == ""


@pytest.mark.usefixtures("baseline")
def test_predictions_of_the_baseline_are_not_its_targets(run: Run, write: Write) -> None:
    told = "lossctl: note: t.csv is the predictions of the baseline (swapped, or a copy?)"
    write({"t.csv": "y\n1\n2\n"})
    assert told in run(*HELD).err
    write({"p.csv": "y\n0\n0\n"})
    assert run(*HELD).err == f"{told}\n"


def test_a_baseline_that_does_not_say_which_input_is_which_knows_all_of_them(
    run: Run, write: Write, baseline: Path
) -> None:
    content = json.loads(baseline.read_text())
    assert content["checks"]["a"].pop("targets") == ["t.csv"]
    baseline.write_text(json.dumps(content))
    write({"p.csv": "y\n0\n0\n", "t.csv": "y\n1\n2\n"})
    assert run(*HELD).err == ""
    write({"t.csv": "y\n1\n2.0\n"})
    assert run(*HELD).err == f"{NOTE}\n"


def test_in_one_file_of_both_are_the_targets(run: Run, write: Write, tmp_path: Path) -> None:
    write({"both.csv": "p,target\n1,0\n2,0\n"})
    check = ("check", "both.csv", "--target-col=target", *HELD[3:])
    assert run(*check[:-1], "--update-baseline").code == 0
    entry = json.loads((tmp_path / "lossctl-baseline.json").read_text())["checks"]["a"]
    assert entry["targets"] == list(entry["inputs"]) == ["both.csv"]
    write({"both.csv": "p,target\n1,0\n1,0\n"})
    assert "another file" not in run(*check).err


@pytest.mark.usefixtures("baseline")
def test_what_counts_is_what_was_evaluated_not_what_has_its_name_by_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    evaluate = evaluate_check

    def evaluated(check: Check, *, hashes: bool) -> Report:
        report = evaluate(check, hashes=hashes)
        (tmp_path / "new.csv").write_text("y\n0\n0.0\n")
        (tmp_path / "new.csv").replace(tmp_path / "t.csv")
        return report

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(judging, "evaluate_check", evaluated)
    assert cli.run(list(HELD)) == 0
    assert capsys.readouterr().err == ""
