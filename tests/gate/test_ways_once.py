"""What several failures of one check have as their way out is told once."""

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

TWO = CHECK_OF_A.replace('"mae"', '["mae", "mse"]') + 'baseline = "lossctl-baseline.json"\n'


@pytest.fixture(autouse=True)
def baseline(run: Run, write: Write) -> None:
    write({"lossctl.toml": TWO, "p.csv": "y\n1\n2\n1\n", "t.csv": "y\n0\n0\n0\n"})
    assert run("check", "--update-baseline").code == 0


def hints(run: Run, *more: str) -> list[str]:
    outcome = run("check", *more)
    assert outcome.code in (1, 3)
    start = "lossctl: hint: "
    lines = outcome.err.splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_two_losses_that_rose(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n3\n2\n"})
    way = "lossctl check --update-baseline --allow-increase --only a"
    assert hints(run, "--update-baseline") == [f"to write it all the same: {way}"]


def test_fewer_samples_and_a_loss_that_rose(run: Run, write: Write) -> None:
    write({"p.csv": "y\n2\n3\n", "t.csv": "y\n0\n0\n"})
    way = "lossctl check --update-baseline --allow-fewer-rows --allow-increase --only a"
    assert hints(run, "--update-baseline") == [f"to take fewer this once: {way}"]


def test_two_losses_of_another_definition(run: Run, write: Write) -> None:
    write({"p.csv": "y,z\n2,1\n3,1\n2,1\n", "t.csv": "y,z\n0,1\n0,1\n0,1\n"})
    assert len(hints(run)) == 1


def test_each_check_has_its_own(run: Run, write: Write) -> None:
    write({"lossctl.toml": TWO + TWO.replace('"a"', '"b"')})
    assert run("check", "--update-baseline").code == 0
    write({"p.csv": "y\n2\n3\n2\n"})
    found = hints(run, "--update-baseline")
    assert [hint.split()[-1] for hint in found] == ["a", "b"]
