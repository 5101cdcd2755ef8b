"""Wide tables of text: the same numbers and the same errors as narrow ones."""

import numpy as np
import pytest
from conftest import Outcome, Run, Write
from hypothesis import given, settings
from hypothesis import strategies as st

import lossctl
from lossctl.tables.records.cuts import HeldCut
from lossctl.tables.text import fast
from lossctl.tables.text.dialect import DELIMITERS, Dialect

WIDE = 1500
examples = settings(deadline=None, derandomize=True, database=None, max_examples=100)


def numbers(text: str, rows: int, width: int, delimiter: str) -> object:
    found = fast.numbers(HeldCut(text.encode(), rows, 1, 0), width, Dialect(delimiter))
    return None if found is None else found.tolist()


@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS)
def test_wide_rows_are_the_numbers_that_they_say(delimiter: str) -> None:
    rng = np.random.default_rng(3)
    values = np.round(rng.normal(size=(3, WIDE)) * 10.0 ** rng.integers(-9, 9, (3, WIDE)), 12)
    text = "".join(delimiter.join(map(repr, row)) + "\n" for row in values.tolist())
    assert numbers(text, 3, WIDE, delimiter) == values.tolist()


def test_runs_of_spaces_part_wide_rows() -> None:
    line = "  " + "   ".join(f"{i}.5" for i in range(WIDE)) + " \n"
    assert numbers(line * 2, 2, WIDE, " ") == [[i + 0.5 for i in range(WIDE)]] * 2


@examples
@given(data=st.data())
def test_what_is_no_wide_table_of_numbers_is_left_to_the_strict_reader(data: st.DataObject) -> None:
    """A delimiter more here and one less there keep their number, but no row its width."""
    delimiter = data.draw(st.sampled_from([",", "\t", ";", "|", " "]))
    rows = [["1.5"] * WIDE for _ in range(3)]
    odd = data.draw(st.sampled_from(["move", "drop", "empty", "inside", "blank", "space"]))
    row = data.draw(st.integers(0, 2))
    column = data.draw(st.integers(1, WIDE - 2))
    if odd == "move":
        rows[row].append("1.5")
        rows[(row + 1) % 3].pop()
    elif odd == "drop":
        rows[row].pop(column)
    elif odd == "empty":
        rows[row][column] = ""
    elif odd == "inside":
        rows[row][column] = "1.5\n1.5"
    elif odd == "space":
        rows[row][column] = "1. 5"
    else:
        rows[row] = [" "]
    if odd == "empty" and delimiter == " ":
        rows[row].pop(column)
    text = "".join(delimiter.join(cells) + "\n" for cells in rows)
    assert numbers(text, 3, WIDE, delimiter) is None


@pytest.mark.parametrize("loss", ["mae", "mse"])
@pytest.mark.parametrize("width", [3, WIDE])
def test_few_rows_at_once_and_many_have_the_same_losses(
    write: Write, loss: str, width: int
) -> None:
    rng = np.random.default_rng(5)
    predictions, targets = rng.normal(size=(2, 70, width)) * 10.0 ** rng.integers(-6, 6, width)
    folder = write({"p.npy": predictions, "t.npy": targets}).parent
    np.savetxt(folder / "p.csv", predictions, "%.17g", ",")
    np.savetxt(folder / "t.csv", targets, "%.17g", ",")
    terms = np.abs(predictions - targets) if loss == "mae" else (predictions - targets) ** 2 / 2
    means = {
        lossctl.evaluate(folder / f"p.{kind}", folder / f"t.{kind}", loss=loss, block_rows=rows)
        .losses[loss]
        .mean
        for kind in ("csv", "npy")
        for rows in (1, 31, 32, 70)
    }
    assert len(means) == 1
    assert means.pop() == pytest.approx(terms.sum() / 70, rel=1e-12)


def test_a_bad_cell_of_a_wide_table_is_told_at_its_place(run: Run, write: Write) -> None:
    row = ["0.5"] * WIDE
    bad = [*row[:1400], "x", *row[1401:]]
    header = [f"c{i}" for i in range(WIDE)]
    text = "".join(",".join(cells) + "\n" for cells in (header, row, row, bad, row))
    write({"p.csv": text, "t.csv": text.replace("x", "1")})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert outcome == Outcome(
        3, "", "lossctl: error: p.csv:4: column \"c1400\": 'x' is not a number\n"
    )
