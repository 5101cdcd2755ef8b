"""The ratchet of a project: several checks, one file or several, and checks that were left out."""

import json
from pathlib import Path

import pytest
from conftest import Outcome, Run, Write
from samples import names, snapshot

FILE = "lossctl-baseline.json"
HELD = (
    f'lossctl: hint: to hold the checks to it, write baseline = "{FILE}" in the defaults of '
    "{}lossctl.toml"
)
CHECK = """
[[check]]
name = "{}"
predictions = "{}"
targets = "t.csv"
loss = "mae"
"""


@pytest.fixture
def project(write: Write) -> Path:
    """Two checks: Loss(W) of a is 1, that of b is 2."""
    files = {"a.csv": "y\n1\n1\n", "b.csv": "y\n2\n2\n", "t.csv": "y\n0\n0\n"}
    write(files)
    return write({"lossctl.toml": CHECK.format("a", "a.csv") + CHECK.format("b", "b.csv")}).parent


def update(run: Run, *more: str) -> Outcome:
    return run("check", "--update-baseline", *more)


def means(folder: Path, name: str = FILE) -> dict[str, float]:
    checks = json.loads((folder / name).read_text())["checks"]
    return {name: check["losses"]["mae"]["mean"] for name, check in checks.items()}


def halve(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.write_text(path.read_text().replace("1", "0.5").replace("2", "1"))


def raise_(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("y\n8\n8\n")


def test_two_checks_of_one_file(run: Run, project: Path) -> None:
    outcome = update(run)
    assert (outcome.code, outcome.err.splitlines()) == (
        0,
        [f"lossctl: note: {FILE}: written: 2 new (a mae, b mae)", HELD.format("")],
    )
    assert means(project) == {"a": 1.0, "b": 2.0}
    halve(project, "a.csv", "b.csv")
    assert update(run).code == 0
    assert means(project) == {"a": 0.5, "b": 1.0}


def test_one_that_failed_keeps_all_from_being_written(run: Run, project: Path) -> None:
    assert update(run).code == 0
    halve(project, "a.csv")
    raise_(project, "b.csv")
    before = snapshot(project)
    outcome = update(run)
    assert (outcome.code, snapshot(project)) == (1, before)
    message = "Loss(W) of mae is 8: 300% above its baseline 2, where update-baseline allows none"
    assert outcome.err.splitlines()[0] == f"lossctl: error: check 'b': {message}"


@pytest.mark.parametrize("more", [[], ["--allow-increase"]], ids=["", "allow-increase"])
def test_and_so_does_one_with_bad_data(run: Run, project: Path, more: list[str]) -> None:
    (project / "b.csv").write_text("y\nnan\n2\n")
    before = snapshot(project)
    assert update(run, *more).code == 3
    assert snapshot(project) == before


def test_only_one_check(run: Run, project: Path) -> None:
    assert update(run, "--only=b").code == 0
    assert means(project) == {"b": 2.0}
    assert update(run).code == 0
    halve(project, "a.csv")
    raise_(project, "b.csv")
    b_before = json.loads((project / FILE).read_text())["checks"]["b"]
    assert update(run, "--only=a").code == 0
    assert means(project) == {"a": 0.5, "b": 2.0}
    assert json.loads((project / FILE).read_text())["checks"]["b"] == b_before
    assert update(run, "--only=b").code == 1


def test_a_check_that_is_gone_is_kept(run: Run, project: Path) -> None:
    assert update(run).code == 0
    (project / "lossctl.toml").write_text(CHECK.format("a", "a.csv"))
    halve(project, "a.csv")
    assert update(run).code == 0
    assert means(project) == {"a": 0.5, "b": 2.0}


def configure(project: Path, a: str, b: str) -> None:
    first = CHECK.format("a", "a.csv") + f'baseline = "{a}"\n'
    (project / "lossctl.toml").write_text(
        first + CHECK.format("b", "b.csv") + f'baseline = "{b}"\n'
    )


def test_two_files(run: Run, project: Path) -> None:
    configure(project, "one.json", "two.json")
    outcome = update(run)
    written = [
        f"lossctl: note: {file}.json: written: 1 new ({name} mae)"
        for file, name in (("one", "a"), ("two", "b"))
    ]
    assert (outcome.code, outcome.err.splitlines()) == (0, written)
    assert means(project, "one.json") == {"a": 1.0}
    assert means(project, "two.json") == {"b": 2.0}
    assert run("check").code == 0
    assert not (project / FILE).exists()
    halve(project, "a.csv")
    raise_(project, "b.csv")
    before = snapshot(project)
    assert update(run).code == 1
    assert snapshot(project) == before


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 1, "checks": {"b": {}}}'])
def test_one_of_two_files_is_damaged(run: Run, project: Path, text: str) -> None:
    configure(project, "one.json", "two.json")
    (project / "two.json").write_text(text)
    before = snapshot(project)
    assert update(run, "--allow-increase").code == 3
    assert snapshot(project) == before


def test_one_of_two_files_is_a_report(run: Run, project: Path) -> None:
    report = run("eval", "b.csv", "t.csv", "--loss=mae", "--format=json").out
    configure(project, "one.json", "two.json")
    (project / "two.json").write_text(report)
    before = snapshot(project)
    assert update(run, "--allow-increase").code == 2
    assert snapshot(project) == before


@pytest.mark.parametrize("again", ["./base.json", "link.json"])
def test_one_file_by_two_names_is_refused(run: Run, project: Path, again: str) -> None:
    (project / "link.json").symlink_to("base.json")
    configure(project, "base.json", again)
    before = names(project)
    outcome = update(run)
    assert outcome.code == 2
    assert "is named for two outputs" in outcome.err
    assert names(project) == before


def test_a_symbolic_link_to_itself_or_to_nothing(run: Run, project: Path) -> None:
    for target in (FILE, "nothing.json"):
        (project / FILE).unlink(missing_ok=True)
        (project / FILE).symlink_to(target)
        outcome = update(run)
        assert outcome.code == 4
        assert (project / FILE).is_symlink()
        assert not (project / "nothing.json").exists()


def test_the_file_is_beside_the_configuration(run: Run, project: Path) -> None:
    (project / "deep").mkdir()
    for name in ("a.csv", "b.csv", "t.csv", "lossctl.toml"):
        (project / name).rename(project / "deep" / name)
    outcome = update(run, "--config=deep/lossctl.toml")
    said = f"lossctl: note: deep/{FILE}: written: 2 new (a mae, b mae)"
    written = [said, HELD.format("deep/")]
    assert (outcome.code, outcome.err.splitlines()) == (0, written)
    assert means(project / "deep") == {"a": 1.0, "b": 2.0}
    assert not (project / FILE).exists()


def test_every_shard_is_hashed_and_stdin_is_not(run: Run, project: Path) -> None:
    with (project / "b.csv").open() as stdin:
        outcome = run(
            *("check", "-", "t.csv", "--loss=mae", "--update-baseline", "--name=piped"), stdin=stdin
        )
    assert outcome.code == 0
    halves = ("check", "a.csv,b.csv", "t.csv,t2.csv", "--loss=mae", "--name=shards")
    (project / "t2.csv").write_text("y\n0\n0\n")
    assert run(*halves, "--update-baseline").code == 0
    checks = json.loads((project / FILE).read_text())["checks"]
    assert checks["piped"]["inputs"]["-"] is None
    hashes = checks["shards"]["inputs"]
    assert list(hashes) == ["a.csv", "b.csv", "t.csv", "t2.csv"]
    assert hashes["t.csv"] == hashes["t2.csv"] == checks["piped"]["inputs"]["t.csv"]
    assert {len(text) for text in hashes.values()} == {64}


def test_reports_are_shown_although_nothing_is_written(run: Run, project: Path) -> None:
    assert update(run).code == 0
    raise_(project, "a.csv")
    outcome = update(run, "--format=json")
    checks = json.loads(outcome.out)["checks"]
    lines = [(line["rule"], line["verdict"]) for check in checks for line in check["verdicts"]]
    rows = ("rows", "pass")
    assert lines == [rows, ("update-baseline", "fail"), rows, ("update-baseline", "pass")]
    assert (outcome.code, json.loads(outcome.out)["exit_code"]) == (1, 1)


def test_what_would_be_lower_is_shown_unwritten_with_the_way_to_write_it(
    run: Run, project: Path
) -> None:
    assert update(run).code == 0
    halve(project, "a.csv")
    raise_(project, "b.csv")
    outcome = update(run)
    words = [line.split()[:4:3] for line in outcome.out.splitlines() if "update-baseline" in line]
    assert words == [["unwritten", "update-baseline"], ["fail", "update-baseline"]]
    way = "lossctl check --update-baseline --only a"
    assert outcome.err.count(f"lossctl: hint: to write what is lower: {way}\n") == 1
    assert "->" not in outcome.err
    written = run(*way.split()[1:])
    assert written.err.splitlines()[0] == "lossctl: note: a 1 -> 0.5 (-50%)".replace("a 1", "mae 1")
    assert means(project) == {"a": 0.5, "b": 2.0}


def test_hints_repeat_what_says_which_files_and_numbers_are_meant(run: Run, project: Path) -> None:
    given = ("--baseline=my base.json", "--config=lossctl.toml", "--decimal=.", "--loss=mae")
    assert update(run, *given).code == 0
    halve(project, "a.csv")
    raise_(project, "b.csv")
    outcome = update(run, *given)
    told = "--baseline 'my base.json' --config lossctl.toml --loss mae --decimal ."
    ways = [line.partition(": lossctl check ")[2] for line in outcome.err.splitlines()]
    assert list(filter(None, ways)) == [
        f"{told} --update-baseline --allow-increase --only b",
        f"{told} --update-baseline --only a",
    ]


def test_the_job_summary_has_stale_checks_and_commands_in_backticks(
    run: Run, project: Path
) -> None:
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "s.md"}
    assert update(run).code == 0
    raise_(project, "a.csv")
    toml = (project / "lossctl.toml").read_text()
    (project / "lossctl.toml").write_text("[[check]]".join(toml.split("[[check]]")[:2]))
    assert run("check", "--update-baseline", f"--baseline={FILE}", env=github).code == 1
    text = (project / "s.md").read_text()
    assert "\n| **fail** | a | mae | update-baseline |" in text
    assert (
        f": `lossctl check --baseline {FILE} --update-baseline --allow-increase --only a`\n" in text
    )
    (note,) = (line for line in text.splitlines() if line.startswith("- note: "))
    assert "json has a check that is not in lossctl.toml: 'b'; if no other file asks" in note
