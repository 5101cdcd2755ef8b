"""Many checks of one call: those that failed hold nothing that a later one needs."""

import resource
from functools import partial

import pytest
from conftest import Run, Write

COUNT = 40
CHECK = """
[[check]]
name = "{number}"
predictions = "{number}"
targets = "t.csv"
loss = "ce"
max-loss = 1
"""
HEADERS = {"looks like an id": ("id,b", "id,b"), "has other columns than": ("a,b", "a,c")}
"""Why a check fails -> the headers of its shards."""


def few_files(most: int = 64) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["quiet", "debug"])
@pytest.mark.parametrize("why", HEADERS)
def test_checks_that_failed_hold_no_file(
    run: Run, write: Write, why: str, options: tuple[str, ...]
) -> None:
    checks = "".join(CHECK.format(number=number) for number in range(COUNT))
    folder = write({"lossctl.toml": checks, "t.csv": "a,b\n0,1\n0,1\n"}).parent
    for number in range(COUNT):
        (folder / f"{number}").mkdir()
        for shard, header in enumerate(HEADERS[why]):
            (folder / f"{number}/{shard}.csv").write_text(f"{header}\n0.5,0.5\n")
    outcome = run(*options, "check", preexec_fn=few_files)
    assert outcome.code == 3
    told = [line for line in outcome.err.splitlines() if line.startswith("lossctl: error: check '")]
    assert [why in line for line in told] == [True] * COUNT
    assert outcome.err.endswith(f"\nlossctl: error: {COUNT} checks: {COUNT} could not be judged\n")


def test_checks_by_id_that_failed_hold_no_file(run: Run, write: Write) -> None:
    checks = "".join(CHECK.format(number=f"{number}.csv") + 'id = "id"' for number in range(COUNT))
    bad = "id,a,b\n1,0.5,0.5\n3,0.5,0.5\n2,0.5,x\n"
    files = {f"{number}.csv": bad for number in range(COUNT)}
    write({"lossctl.toml": checks, "t.csv": "id,a,b\n2,1,0\n1,1,0\n3,1,0\n", **files})
    outcome = run("check", preexec_fn=partial(few_files, 24))
    assert outcome.code == 3
    assert outcome.err.count("'x' is not a number") == COUNT
    assert "Exception ignored" not in outcome.err


def test_debug_shows_where_the_first_error_came_from(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n1,x\n", "t.csv": "1,0\n"})
    outcome = run("--debug", "check", "p.csv", "t.csv", "--loss=mse", "--max-loss=1")
    first, second = outcome.err.split(
        "\nThe above exception was the direct cause of the following exception:\n"
    )
    assert ", in evaluate_check\n" in first
    assert "DataError: p.csv:2: column" in first
    assert "ChecksFailed: 1 check: 1 could not be judged\n" in second
