"""The column of ids is in one file alone: what is wrong are the files, not the option."""

import numpy as np
import pytest
from conftest import Content, Outcome, Run, Write

BY_ID = ("--loss", "mae", "-q", "--id", "id")
WITH = {"p": "id,pred\na,1\nb,2.5\nc,3\n", "t": "id,y\nc,3\na,1\nb,2\n"}
ORDER = "or, if the rows of both tables stand in the same order, leave --id out"
SIDES = {
    "predictions": ("p.csv", "t.csv", "p.csv"),
    "targets": ("p.csv", "t.csv", "t.csv"),
    "array": ("p.npy", "t.csv", "p.npy"),
}


@pytest.mark.parametrize(("predictions", "targets", "bare"), SIDES.values(), ids=SIDES)
def test_a_file_that_lost_them_is_bad_data(
    run: Run, write: Write, predictions: str, targets: str, bare: str
) -> None:
    values = "v\n1\n2.5\n3\n"
    lost: Content = np.array([1, 2.5, 3]) if bare.endswith("npy") else values
    write({"p.csv": WITH["p"], "t.csv": WITH["t"]} | {bare: lost})
    outcome = run("eval", predictions, targets, *BY_ID)
    other = targets if bare == predictions else predictions
    message = f"lossctl: error: {bare}: no column is called 'id', though {other} has one, by which"
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(message)
    assert f"hint: write {bare} with it" in outcome.err
    assert outcome.err.endswith(f"; {ORDER}\n")


def test_a_file_that_calls_them_otherwise(run: Run, write: Write) -> None:
    write({"p.csv": WITH["p"].replace("id", "ID"), "t.csv": WITH["t"]})
    outcome = run("eval", "p.csv", "t.csv", *BY_ID)
    assert outcome.code == 3
    assert outcome.err.splitlines()[1] == (
        f"lossctl: hint: if 'ID' is that, call it 'id' there, too; {ORDER}"
    )
    write({"p.csv": WITH["p"]})
    assert run("eval", "p.csv", "t.csv", *BY_ID) == Outcome(0, f"{0.5 / 3!r}\n", "")


def test_where_neither_has_them_the_option_is_wrong(run: Run, write: Write) -> None:
    write({"p.csv": WITH["p"], "t.csv": WITH["t"]})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--id", "key")
    assert (outcome.code, "hint: it has 'id', 'pred'" in outcome.err) == (2, True)
