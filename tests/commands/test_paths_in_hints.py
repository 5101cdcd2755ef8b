"""A hint that names a path or a pattern is right where the path was written."""

import shlex
from pathlib import Path

import pytest
from conftest import Run, Write

SHARDS = {
    "a stranger": (["P/preds.csv", "P/preds.csv.bak"], "P"),
    "a stranger of a pattern": (["P/preds.csv", "P/preds.csv.bak"], "P/preds*"),
    "another format": (["P/a-0.csv", "P/a-1.csv", "P/config.json"], "P"),
    "partitions": (["P/day=1/a.csv", "P/day=2/a.csv"], "P"),
    "folders": (["P/one/a.csv", "P/two/a.csv"], "P"),
    "one of two tables": (["P/a-0-of-1.csv", "P/b-0-of-1.csv"], "P"),
}


def write_shards(folder: Path, files: list[str]) -> None:
    """Write shards with a row each, and two files of targets."""
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"a": 1}\n' if path.suffix == ".json" else "y\n0.5\n")
    for rows in (1, 2):
        (folder / f"t{rows}.csv").write_text("y\n" + "0.5\n" * rows)


def named_in(err: str) -> str:
    """Return the path or pattern in a hint, as a shell takes it."""
    (hint,) = (line for line in err.splitlines() if line.startswith("lossctl: hint: "))
    (path,) = (word for word in shlex.split(hint) if "P/" in word)
    return path


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize(("files", "given"), SHARDS.values(), ids=SHARDS)
def test_in_a_file_of_checks(
    run: Run, write: Write, files: list[str], given: str, absolute: bool
) -> None:
    folder = write({"here": ""}).parent
    write_shards(folder / "sub[1]", files)
    config = f"{folder if absolute else '.'}/sub[1]/lossctl.toml"

    def write_check(predictions: str, rows: int) -> None:
        lines = [f"predictions = '{predictions}'", f"targets = 't{rows}.csv'", "loss = 'mae'"]
        text = "\n".join(["[[check]]", "name = 'c'", *lines, "max-loss = 0", ""])
        Path(folder, "sub[1]", "lossctl.toml").write_text(text)

    write_check(given, 1)
    outcome = run("check", "--config", config)
    assert outcome.code == 3
    codes = set()
    for rows in (1, 2):
        write_check(named_in(outcome.err), rows)
        codes.add(run("check", "--config", config, "--allow-doubts").code)
    assert codes == {0, 3}  # one of the targets has as many rows


@pytest.mark.parametrize(("files", "given"), SHARDS.values(), ids=SHARDS)
def test_on_the_command_line(run: Run, write: Write, files: list[str], given: str) -> None:
    folder = write({"here": ""}).parent
    write_shards(folder / "sub[1]", files)
    pairs = [(f"sub[1]/t{rows}.csv", "--loss", "mae") for rows in (1, 2)]
    outcome = run("eval", f"sub[1]/{given}", *pairs[0])
    assert outcome.code == 3
    hinted = named_in(outcome.err)
    assert {run("eval", hinted, *pair).code for pair in pairs} == {0, 3}
