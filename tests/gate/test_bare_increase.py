"""An increase that is no share of the baseline is shown with the share that it is."""

import json

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

pytestmark = pytest.mark.usefixtures("folder")
HELD = ("check", "p.csv", "t.csv", "--name=a", "--loss=mae", "--baseline=b.json")
TOML = CHECK_OF_A + 'baseline = "b.json"\nmax-increase = {}\n'


@pytest.fixture(autouse=True)
def baseline(run: Run, write: Write) -> None:
    """A baseline of 0.08."""
    write({"p.csv": "y\n0.08\n0.08\n", "t.csv": "y\n0\n0\n"})
    assert run(*HELD, "--update-baseline").code == 0


def test_the_table_shows_the_share(run: Run) -> None:
    assert "max-increase +0.02 (25%)" in run(*HELD, "--max-increase=0.02").out
    assert "max-increase +0.02 (25%)" in run(*HELD, "--max-increase=0.02", "-fmd").out.replace(
        "\\", ""
    )
    assert "(" not in run(*HELD, "--max-increase=2%").out
    for width in (40, 60, 72, 80):
        narrow = run(*HELD, "--max-increase=0.02", env={"COLUMNS": str(width)}).out
        assert "\nmax-increase +0.02 (25%) over the" in narrow
        assert "\N{HORIZONTAL ELLIPSIS}" not in narrow
    *_, share = narrow.splitlines()
    assert share == "max-increase +0.02 (25%) over the baseline of mae"
    assert narrow.count("verdict ") == narrow.count("name ") == 1  # a line a limit
    (check,) = json.loads(run(*HELD, "--max-increase=0.02", "-fjson").out)["checks"]
    assert check["verdicts"][0]["rule"] == "max-increase"


def test_the_list_shows_it_where_there_is_a_baseline(run: Run, write: Write) -> None:
    write({"lossctl.toml": TOML.format(0.02)})
    assert "max-increase mae=+0.02 (25%)" in run("check", "--list").out
    (check,) = json.loads(run("check", "--list", "-fjson").out)["checks"]
    assert "max-increase mae=0.02" in check["limits"]
    write({"b.json": "{"})
    outcome = run("check", "--list")
    assert (outcome.code, "max-increase mae=0.02\n" in outcome.out) == (0, True)
    write({"lossctl.toml": TOML.format("'2%'")})
    assert "max-increase mae=2%\n" in run("check", "--list").out


def test_of_a_baseline_of_0_there_is_no_share(run: Run, write: Write) -> None:
    path = write({"p.csv": "y\n0.01\n0.01\n"}).with_name("b.json")
    content = json.loads(path.read_text())
    content["checks"]["a"]["losses"]["mae"]["mean"] = 0
    path.write_text(json.dumps(content))
    assert "max-increase +0.02 " in run(*HELD, "--max-increase=0.02").out
