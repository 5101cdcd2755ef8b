"""`lossctl check --init` where there is no check to write says why, file by file."""

import pytest
from conftest import Run, Write

TWO = {"preds.csv": "y\n2\n0\n", "targets.csv": "y\n1\n1\n"}
CHECK = '[[check]]\nname = "a"\npredictions = "{}"\ntargets = "{}"\nloss = "mae"\nmax-loss = 9\n'
UNCALLED = "neither its name nor one of its columns says that it holds predictions or targets"


def notes(run: Run) -> list[str]:
    """Return the notes of a call that finds nothing."""
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    lines = [line.removeprefix("lossctl: ") for line in outcome.err.splitlines()]
    return [line.removeprefix("note: ") for line in lines if line.startswith("note: ")]


def test_it_is_said_which_files_the_checks_cover(run: Run, write: Write) -> None:
    write(TWO | {"lossctl.toml": CHECK.format("preds.csv", "targets.csv")})
    assert notes(run) == ["there are checks already of 'preds.csv' and 'targets.csv'"]


def test_of_each_other_file_it_is_said_why_it_is_no_check(run: Run, write: Write) -> None:
    write(TWO | {"lossctl.toml": CHECK.format("preds.csv", "targets.csv")})
    write({"more.csv": "a,b\n1,2\n", "y_test.csv": "y\n1\n", "z.csv": "p,label\n0.5,\n"})
    write({"lossctl-baseline.json": "{}"})
    assert notes(run)[1:] == [
        "no check of 'y_test.csv': it is called as targets are, and no predictions beside it fit",
        "no check of 'lossctl-baseline.json': " + UNCALLED,
        "no check of 'more.csv': " + UNCALLED,
        "no check of 'z.csv': no sample is left: all 1 have a missing value",
    ]


def test_what_the_checks_write_is_no_file_of_data(run: Run, write: Write) -> None:
    own = 'baseline = "base.json"\nper-sample = "rows.csv"\n'
    write(TWO | {"lossctl.toml": CHECK.format("preds.csv", "targets.csv") + own})
    write({"base.json": "{}", "rows.csv": "row,mae\n1,1\n"})
    assert len(notes(run)) == 1


def test_shards_are_covered_by_the_check_of_all_of_them(run: Run, write: Write) -> None:
    write({f"{what}-{one}.csv": f"y\n{one}\n" for what in ("preds", "y_true") for one in (1, 2)})
    write({"lossctl.toml": CHECK.format("preds-*.csv", "y_true-*.csv")})
    assert notes(run) == ["there are checks already of 'preds-*.csv' and 'y_true-*.csv'"]


@pytest.mark.parametrize("count", [5, 6, 30])
def test_no_more_than_some_files_are_told(run: Run, write: Write, count: int) -> None:
    write({f"{number:02}.csv": "a,b\n1,2\n" for number in range(count)})
    told = notes(run)
    assert told[:5] == [f"no check of '{number:02}.csv': {UNCALLED}" for number in range(5)]
    rest = {5: [], 6: ["no check of 1 more file"], 30: ["no check of 25 more files"]}
    assert told[5:] == rest[count]
