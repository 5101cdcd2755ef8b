"""`--update-baseline --lower-only` writes what is lower, and keeps what max-increase allows."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Run, Write
from gates import CHECK_OF_A

FILE = "lossctl-baseline.json"
HELD = f'[defaults]\nbaseline = "{FILE}"\nmax-increase = "10%"\n'
TOML = HELD + CHECK_OF_A + CHECK_OF_A.replace('"a"', '"b"').replace("p.csv", "q.csv")


@pytest.fixture(autouse=True)
def project(run: Run, write: Write) -> Path:
    """Two checks that are held to 1, and may rise to 1.1."""
    path = write({"lossctl.toml": TOML, "t.csv": "y\n0\n0\n"} | of("p.csv", 1) | of("q.csv", 1))
    assert run("check", "--update-baseline").code == 0
    return path.parent


def of(name: str, mae: float) -> dict[str, str]:
    return {name: f"y\n{mae}\n{mae}\n"}


def lower(run: Run, *more: str) -> Outcome:
    return run("check", "--update-baseline", "--lower-only", *more)


def content(folder: Path) -> dict[str, Any]:
    checks: dict[str, Any] = json.loads((folder / FILE).read_text())["checks"]
    return checks


def test_what_is_lower_is_written_and_the_rest_stays(run: Run, write: Write, project: Path) -> None:
    before = content(project)
    write(of("p.csv", 0.5) | of("q.csv", 1.05))
    assert run("check").code == 0
    assert run("check", "--update-baseline").code == 1
    assert content(project) == before
    outcome = lower(run)
    assert outcome.code == 0
    assert outcome.err.splitlines() == [
        "lossctl: note: check 'a': mae 1 -> 0.5 (-50%)",
        "lossctl: note: check 'b': mae stays 1, though it is 1.05 now (+5%)",
        f"lossctl: note: {FILE}: written: 1 changed, 1 unchanged",
    ]
    after = content(project)
    assert after["a"]["losses"]["mae"]["mean"] == 0.5
    assert after["b"] == before["b"]
    assert run("check").code == 0
    write(of("q.csv", 1.11))
    assert run("check").code == 1


WITHIN = (
    "lossctl: hint: what is higher is within max-increase: to keep its baseline, and write the "
    "rest: the same command with --lower-only"
)


def test_where_a_check_passes_as_it_is_an_update_says_how_it_does(run: Run, write: Write) -> None:
    write(of("p.csv", 0.5) | of("q.csv", 1.05))
    assert run("check").code == 0
    outcome = run("check", "--update-baseline")
    assert (outcome.code, outcome.err.splitlines()[-2]) == (1, WITHIN)
    assert "--only a" not in outcome.err
    assert lower(run).code == 0


@pytest.mark.parametrize(
    ("files", "more"),
    [
        (of("p.csv", 1.05) | of("q.csv", 1.2), []),  # one of them fails a check, too
        (of("p.csv", 1.05) | {"q.csv": "y\n1.05\n"}, []),
        (of("p.csv", 1.05) | {"q.csv": "y\nx\n1\n"}, []),
        (of("q.csv", 1.05), ["--max-loss=1"]),
        (of("q.csv", 1.05), ["--max-increase=1%"]),
    ],
)
def test_where_a_check_fails_as_well_there_is_no_such_way(
    run: Run, write: Write, files: dict[str, str], more: list[str]
) -> None:
    write(dict(files))
    assert run("check", *more).code in (1, 3)
    outcome = run("check", "--update-baseline", *more)
    assert outcome.code in (1, 3)
    assert "--lower-only" not in outcome.err


def test_what_rose_by_more_keeps_all_from_being_written(
    run: Run, write: Write, project: Path
) -> None:
    before = content(project)
    write(of("p.csv", 0.5) | of("q.csv", 1.2))
    outcome = lower(run)
    assert (outcome.code, content(project)) == (1, before)
    first, second, *rest = outcome.err.splitlines()
    said = "Loss(W) of mae is 1.2: 20% above its baseline 1, where update-baseline allows 10%"
    assert first == f"lossctl: error: check 'b': {said}"
    way = "lossctl check --update-baseline --allow-increase --only b"
    assert second == f"lossctl: hint: to write it all the same: {way}"
    assert (
        "lossctl: hint: to write what is lower: "
        + ("lossctl check --update-baseline --lower-only --only a")
        in rest
    )


def test_a_check_without_max_increase_may_not_rise(run: Run, write: Write, project: Path) -> None:
    write({"lossctl.toml": TOML.replace('max-increase = "10%"\n', "")})
    before = content(project)
    write(of("p.csv", 0.5) | of("q.csv", 1.05))
    assert (lower(run).code, content(project)) == (1, before)


def test_other_guards_of_an_update_stay(run: Run, write: Write, project: Path) -> None:
    before = content(project)
    write({"p.csv": "y\n0.5\n", "t.csv": "y\n0\n", "q.csv": "y\n1.05\n"})  # fewer rows
    outcome = lower(run)
    assert (outcome.code, content(project)) == (1, before)
    way = "lossctl check --update-baseline --allow-fewer-rows --allow-increase --only b"
    assert f"hint: to take fewer this once: {way}\n" in outcome.err
    write({"p.csv": "y\n0\n0\n", "t.csv": "y\n0\n0\n", "q.csv": "y\n1.05\n1\n"})  # a copy
    outcome = lower(run)
    assert (outcome.code, content(project)) == (1, before)
    assert "the numbers can hardly be those that were meant: identical" in outcome.err


def test_of_two_losses_each_has_its_own_number(run: Run, write: Write, project: Path) -> None:
    both = TOML.replace('loss = "mae"', 'loss = ["mae", "mse"]')
    write({"lossctl.toml": both})
    assert run("check", "--update-baseline").code == 0
    write({"p.csv": "y\n0\n2\n", "q.csv": "y\n1.01\n1.01\n"})
    before = content(project)
    assert lower(run).code == 1  # mse rose by 100%
    write({"p.csv": "y\n0.7\n1.28\n"})
    assert lower(run).code == 0
    after = content(project)
    assert after["a"]["losses"]["mae"]["mean"] == 0.99
    kept = before["a"]["losses"]["mse"] | {"earlier_inputs": True}
    assert after["a"]["losses"]["mse"] == kept
    assert after["b"] == before["b"]


def test_a_check_that_is_new_is_added(run: Run, write: Write, project: Path) -> None:
    write({"lossctl.toml": TOML + CHECK_OF_A.replace('"a"', '"c"')} | of("p.csv", 1.05))
    assert lower(run).code == 0
    after = content(project)
    means = {name: check["losses"]["mae"]["mean"] for name, check in after.items()}
    assert means == {"a": 1.0, "b": 1.0, "c": 1.05}


def test_the_way_out_without_a_file_can_be_followed(run: Run, write: Write) -> None:
    command = ("check", "p.csv", "t.csv", "--loss=mae", "--name=a", f"--baseline={FILE}")
    write(of("p.csv", 1.2))
    update = (*command, "--update-baseline", "--max-increase=10%")
    outcome = run(*update, "--lower-only")
    assert outcome.code == 1
    way = "the same command with --allow-increase instead of --lower-only"
    assert f"hint: to write it all the same: {way}\n" in outcome.err
    assert run(*update, "--allow-increase").code == 0


@pytest.mark.parametrize("more", [[], ["--update-baseline", "--allow-increase"]])
def test_what_it_does_not_go_with(run: Run, more: list[str]) -> None:
    outcome = run("check", "--lower-only", *more)
    assert (outcome.code, outcome.out) == (2, "")
    assert "--lower-only" in outcome.err
