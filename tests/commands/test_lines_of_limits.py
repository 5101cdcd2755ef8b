"""A limit of a file of checks that is for one loss is told with the line that it stands in."""

import pytest
from conftest import Run, Write

CHECK = '[[check]]\nname = "a"\npredictions = "p.csv"\ntargets = "t.csv"\nloss = "mae,mse"\n'
FILES = {"p.csv": "y\n2\n0\n", "t.csv": "y\n1\n1\n"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"[defaults]\n\nmax-loss = {{mae = 0.1}}\n{CHECK}max-loss = {{mse = 0.2}}\n", [3, 9]),
        (f'[defaults]\n\nmax-loss = "mae=0.1"\n{CHECK}max-loss = "mse=0.2"\n', [3, 9]),
        (f"[defaults]\nmax-loss = {{mae = 9}}\n{CHECK}max-loss = {{mae = 0.1, mse = 0.2}}", [8, 8]),
        (f"[defaults.max-loss]\n\nmae = 0.1\nmse = 0.1\n{CHECK}", [3, 4]),
        (f"[defaults]\nmax-loss.mae = 0.1\nmax-loss.mse = 0.1\n{CHECK}", [2, 3]),
        (f"{CHECK}[check.max-loss]\nmae = 0.1\nmse = 0.1\n", [7, 8]),
        ("[defaults]\nmax-loss = {mae = 9}\nloss='mae'\n" + CHECK[:-17] + "max-loss = 0.1", [8]),
    ],
)
def test_the_annotation_is_at_the_limit(
    run: Run, write: Write, text: str, lines: list[int]
) -> None:
    write(FILES | {"lossctl.toml": text})
    outcome = run("check", env={"GITHUB_ACTIONS": "true"})
    assert outcome.code == 1
    errors = [line for line in outcome.err.splitlines() if line.startswith("::error ")]
    assert [int(line.partition("line=")[2].partition(",")[0]) for line in errors] == lines


@pytest.mark.parametrize(
    ("defaults", "line"),
    [
        ("[defaults]\n\nmax-loss = {mae = -1}\n", 3),
        ("[defaults]\n\nmax-loss = {ce = 1}\n", 3),
        ('[defaults]\n\nmax-loss = {mae = "1%"}\n', 3),
        ("[defaults.max-loss]\n\nmae = -1\n", 3),
        ('[defaults]\nbaseline = "b.json"\nmax-increase.mae = -1\n', 3),
        ("[defaults]\n\nmax-loss = {mae = 1, mse = -1}\n", None),
    ],
)
def test_a_mistake_is_told_at_the_limit_that_is_one(
    run: Run, write: Write, defaults: str, line: int | None
) -> None:
    own = "max-loss = {mse = 0.2}\nmax-increase = {mse = 1}\nbaseline = 'b.json'\n"
    write(FILES | {"lossctl.toml": f"{defaults}{CHECK}{own}"})
    outcome = run("check", "--list")
    if line is None:
        assert outcome.code == 0
    else:
        assert outcome.code == 2
        assert outcome.err.startswith(f"lossctl: error: lossctl.toml:{line}: check 'a': ")
