"""Below its table `check` says which losses others make another number of, such as half mse."""

import pytest
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
SAID = (
    "1/2 sum of squares over 1 component; scikit-learn's mean_squared_error is 2 times Loss(W), 2.5"
)
CHECK = """
[[check]]
name = "{}"
predictions = "p.csv"
targets = "t.csv"
loss = {}
max-loss = {}
"""
BOTH = ("check", "p.csv", "t.csv", "--loss=mae,mse")


def test_mse_that_is_judged_is_said_to_be_half(run: Run) -> None:
    outcome = run(*BOTH, "--max-loss=mae=2,mse=2")
    assert outcome.out.splitlines()[-1] == f"mse: {SAID}"
    assert "mean_absolute_error" not in outcome.out
    assert f"mse: {SAID}" in run(*BOTH, "--max-loss=mse=2", "-fmd").out.replace("\\", "")
    assert "squared_error" not in run(*BOTH, "--max-loss=mae=2").out
    assert "squared_error" not in run("check", "--help").out


def test_it_is_told_once_and_no_program(run: Run, write: Write) -> None:
    checks = CHECK.format("a", "'mae'", 2) + "".join(
        CHECK.format(name, "'mse'", 2) for name in "bc"
    )
    write({"lossctl.toml": checks})
    outcome = run("check")
    assert outcome.out.splitlines()[-1] == f"mse of b: {SAID}"
    assert outcome.out.count("squared_error") == 1
    assert outcome.err == ""
    assert run("check", "--junit=out.xml", "-q").out == ""
    assert "squared_error" not in run("cat", "out.xml", program=("env",)).out


def test_of_several_components_the_mae_is_another_one_too(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n1,2\n2,3\n", "t.csv": "a,b\n0,0\n0,0\n"})
    outcome = run("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=9")
    assert "scikit-learn's mean_absolute_error is 1/2 of Loss(W), 2" in outcome.out
