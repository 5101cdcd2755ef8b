"""`lossctl check`: a check from flags, and what it says."""

import json
from pathlib import Path

import pytest
from checks import judge
from conftest import Run, Write
from gates import look

pytestmark = pytest.mark.usefixtures("folder")
MAE = ("p.csv", "t.csv", "--loss=mae")  # of 1 and 2: Loss(W) is 1.5
HEADER = ["verdict", "name", "loss", "rule", "value", "limit"]


def test_a_limit_that_holds(run: Run) -> None:
    outcome = run("check", *MAE, "--max-loss=1.5")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0] == "1 check: 1 passed"
    names, _, line = outcome.out.splitlines()[1:]
    assert names.split() == HEADER
    assert line.split() == ["pass", "p.csv", "mae", "max-loss", "1.5", "1.5"]


def test_a_limit_that_does_not(run: Run) -> None:
    outcome = run("check", *MAE, "--max-loss=1.4", "--name=small")
    assert outcome.code == 1
    assert outcome.out.splitlines()[-1].split() == [
        *("fail", "small", "mae"),
        *("max-loss", "1.5", "1.4"),
    ]
    assert outcome.err == (
        "lossctl: error: Loss(W) of mae is 1.5, above max-loss 1.4\n"
        f"lossctl: {look()}\n"
        "lossctl: error: 1 check: 1 failed\n"
    )


def test_every_limit_is_judged(run: Run) -> None:
    limits = ("--max-loss=1", "--warn-loss=0.5", "--min-rows=3", "--max-stderr=0.5")
    assert judge(run, *MAE, *limits, "--max-sample=2") == [
        ("p.csv", "min-rows", 2, 3, "fail"),
        ("p.csv", "max-loss", 1.5, 1.0, "fail"),
        ("p.csv", "warn-loss", 1.5, 0.5, "warn"),
        ("p.csv", "max-stderr", 0.5, 0.5, "pass"),
        ("p.csv", "max-sample", 2.0, 2.0, "pass"),
    ]


def test_a_warning_passes(run: Run) -> None:
    outcome = run("check", *MAE, "--warn-loss=1")
    assert (outcome.code, outcome.out.splitlines()[0]) == (0, "1 check: 1 passed with a warning")
    assert outcome.err == "lossctl: warning: Loss(W) of mae is 1.5, above warn-loss 1\n"


@pytest.mark.parametrize("limits", [("--max-loss=mae=1.5,mse=1",), ("--max-loss=mse=1",)])
def test_several_losses(run: Run, limits: tuple[str, ...]) -> None:
    found = judge(run, "p.csv", "t.csv", "--loss=mae,mse", *limits)
    assert found[-1] == ("p.csv", "max-loss", 1.25, 1.0, "fail")
    assert len(found) == limits[0].count(",") + 1


USAGE = {
    "no limit": (MAE, "check 'p.csv' has no limit, so it could not fail"),
    "no increase": ((*MAE, "--max-increase=1"), "--max-increase: over what? Name a baseline"),
    "NaN": ((*MAE, "--max-loss=nan"), "--max-loss 'nan' is not a finite number"),
    "a percentage": (
        (*MAE, "--baseline=b.json", "--max-increase=%"),
        "--max-increase '%' is not a finite number",
    ),
    "ambiguous": ((*MAE, "-lmse", "--max-loss=1"), "--max-loss '1': which loss is it for?"),
    "never warns": ((*MAE, "--max-loss=1", "--warn-loss=2"), "--warn-loss 2 is above --max-loss 1"),
    "no loss": (("p.csv", "t.csv", "--max-loss=1"), "no loss was asked for"),
    "rows": ((*MAE, "--min-rows=0"), "Invalid value for '--min-rows'"),
    "nothing": ((), "what is to be checked? There are no PREDS, and no lossctl.toml"),
    "only": ((*MAE, "--only=a"), "--config and --only are about a file of checks"),
    "name": (("--name=a",), "--name is for PREDS; --only chooses a check of the file"),
    "init": (("--init", "--max-loss=1"), "--init takes options for one check: name its PREDS, too"),
    "init and a name": (
        ("--init", "--name=a"),
        "--init takes options for one check: name its PREDS, too",
    ),
    "no file": ((*MAE, "--max-loss=9", "--config="), "--config and --only are about a file"),
    "increase": ((*MAE, "--allow-increase"), "--allow-increase goes with --update-baseline"),
    "format": ((*MAE, "--max-loss=1", "--format=tsv"), "no format is called 'tsv'"),
    "digits": ((*MAE, "--max-loss=1", "-fjson", "--digits=3"), "--digits: json is for programs"),
    "same file": ((*MAE, "--max-loss=1", "-o", "p.csv"), "p.csv: is an input, and would be over"),
    "extension": (
        (*MAE, "--max-loss=1", "-o", "q.csv"),
        "--output 'q.csv': none of its formats has this extension",
    ),
    "per sample": (
        (*MAE, "--max-loss=1", "--per-sample=a.md"),
        "--per-sample 'a.md': none of its formats has this extension",
    ),
    "junit": ((*MAE, "--max-loss=1", "--junit=p.csv"), "p.csv: is an input, and would be over"),
    "two outputs": ((*MAE, "--max-loss=1", "-oa.md", "--junit=a.md"), "a.md: is named for two"),
}


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_usage(run: Run, folder: Path, arguments: tuple[str, ...], message: str) -> None:
    before = sorted(folder.iterdir())
    outcome = run("check", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"lossctl: error: {message}")
    assert sorted(folder.iterdir()) == before


def test_a_text_that_ends_within_a_line(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n2"})
    outcome = run("check", *MAE, "--max-loss=9", "--per-sample=rows.tsv")
    assert outcome.code == 3
    assert outcome.out.splitlines()[-1].split() == ["error", "p.csv", "mae", "max-loss", "9"]
    assert outcome.err.splitlines() == [
        "lossctl: error: p.csv: no newline at the end: is the file complete?",
        "lossctl: hint: if it is complete, say so with --allow-no-final-newline",
        "lossctl: error: 1 check: 1 could not be judged",
    ]
    assert not (write({}) / "rows.tsv").exists()
    assert run("check", *MAE, "--max-loss=9", "--allow-no-final-newline").code == 0


def test_rows_and_the_worst(run: Run, folder: Path) -> None:
    outcome = run("check", *MAE, "--max-loss=2", "--per-sample=rows.tsv", "--worst=1")
    assert outcome.code == 0
    assert (folder / "rows.tsv").read_text() == "row\tmae\n1\t1.0\n2\t2.0\n"
    assert "Highest mae of p.csv" in outcome.out
    markdown = run("check", *MAE, "--max-loss=2", "--worst=1", "--name=*a*", "--format=md").out
    assert r"### Highest mae of \*a\*" in markdown


def test_what_is_wrong_with_a_file_is_told_once(run: Run, write: Write) -> None:
    write({"base.json": "{"})
    outcome = run("check", "p.csv", "t.csv", "--loss=mae,mse", "--baseline=base.json")
    assert outcome.code == 3
    problem, *rest = outcome.err.splitlines()
    assert problem.startswith("lossctl: error: base.json: is no JSON: ")
    assert problem.count("base.json") == 1
    assert rest[1:] == ["lossctl: error: 1 check: 1 could not be judged"]


def test_a_limit_beyond_float64_cannot_be_judged(run: Run, write: Write) -> None:
    write({"large.csv": "y\n1.7e308\n", "zero.csv": "y\n0\n"})
    base = run("eval", "large.csv", "zero.csv", "--loss=mae", "--format=json").out
    write({"base.json": base})
    outcome = run("check", *MAE, "--baseline=base.json", "--max-increase=1e308")
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        3,
        "lossctl: error: max-increase of mae cannot be judged: 1.5 against inf",
    )


def test_a_path_that_is_empty(run: Run, folder: Path) -> None:
    github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(folder)}
    outcome = run("check", "", "t.csv", "--loss=mae", "--max-loss=1", env=github)
    assert outcome.code == 4
    assert outcome.err.startswith("::error title=lossctl%3A ::")


def test_a_raised_number_is_refused_with_the_way_out(run: Run, write: Write) -> None:
    update = ("check", *MAE, "--update-baseline")
    assert run(*update).code == 0
    before = write({"p.csv": "y\n1\n3\n"}).with_name("lossctl-baseline.json").read_text()
    outcome = run(*update)
    assert outcome.code == 1
    assert (
        outcome.err.splitlines()[1] == "lossctl: hint: to write it all the same: "
        "the same command with --allow-increase"
    )
    assert write({}).joinpath("lossctl-baseline.json").read_text() == before
    assert run(*update, "--allow-increase").code == 0


def test_a_report_of_check_is_no_baseline(run: Run, write: Write) -> None:
    write({"base.json": run("check", *MAE, "--max-loss=2", "--format=json").out})
    outcome = run("check", *MAE, "--baseline=base.json")
    message = "lossctl: error: base.json: is a report of check, which is no baseline"
    assert (outcome.code, outcome.err.splitlines()[0]) == (3, message)


def test_a_check_that_breaks_shows_all_its_limits(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n2\n"})
    given = ("p.csv", "t.csv", "--loss=mae,mse", "--max-loss=mae=9", "--baseline=b.json")
    assert run("check", *given, "--update-baseline").code == 0
    rules = ["max-loss", "max-increase", "max-increase", "rows"]
    for content, word in (("y\n1\n2\n", "pass"), ("y\n1\nn/a\n", "error")):
        write({"p.csv": content})
        told = json.loads(run("check", *given, "--format=json").out)["checks"][0]["verdicts"]
        assert [(one["rule"], one["verdict"]) for one in told] == [(rule, word) for rule in rules]
    updated = run("check", *given, "--update-baseline", "--format=json")
    told = json.loads(updated.out)["checks"][0]["verdicts"]
    assert [one["rule"] for one in told] == ["max-loss", "update-baseline", "update-baseline"]


def test_a_file_takes_the_rows_of_one_check_alone(run: Run, write: Write) -> None:
    one = "[[check]]\nname='{}'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\nmax-loss=9\n"
    write({"lossctl.toml": one.format("a") + one.format("b")})
    outcome = run("check", "--per-sample=ps.csv")
    assert (outcome.code, outcome.err.splitlines()[:2]) == (
        2,
        [
            "lossctl: error: ps.csv: would take the per-sample rows of 2 checks",
            "lossctl: hint: choose one with --only NAME, or give each check a per-sample of its "
            "own in lossctl.toml",
        ],
    )
    assert run("check", "--per-sample=ps.csv", "--only=a").code == 0
