"""Lists in cells of text: the same columns for every block size, in pipes, and in shards."""

import pytest
from conftest import Run, Write

import lossctl
from lossctl.tables.text.bracketed import components

ROWS = [([0.75, 0.25], 0), ([0.5, 0.5], 1), ([0.125, 0.875], 1)]
PLAIN = "a,b,y\n" + "".join(f"{p[0]},{p[1]},{y}\n" for p, y in ROWS)
LISTS = "probs,y\n" + "".join(f'"{p}",{y}\n' for p, y in ROWS)
ARRAYS = "probs,y\n" + "".join(f'"[{p[0]}\n  {p[1]}]",{y}\n' for p, y in ROWS)
OPTIONS = ("--target-col", "y", "--loss", "ce")


@pytest.mark.parametrize("content", [LISTS, ARRAYS], ids=["lists", "arrays-over-lines"])
def test_lists_are_the_columns_that_they_say(write: Write, content: str) -> None:
    folder = write({"plain.csv": PLAIN, "lists.csv": content}).parent
    plain = lossctl.evaluate(folder / "plain.csv", target_col="y", pred_cols="a,b", loss="ce")
    for rows in (1, 2, 3, None):
        found = lossctl.evaluate(
            folder / "lists.csv", target_col="y", pred_cols="probs", loss="ce", block_rows=rows
        )
        assert found.losses["ce"].mean == plain.losses["ce"].mean


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_the_first_bad_list_is_told_whatever_the_block(write: Write, rows: int) -> None:
    folder = write({"p.csv": ARRAYS + '"[0.5 0.25 0.25]",0\n"[x]",1\n'}).parent
    with pytest.raises(lossctl.DataError) as told:
        lossctl.evaluate(
            folder / "p.csv", target_col="y", pred_cols="probs", loss="ce", block_rows=rows
        )
    error = told.value
    assert (error.line, error.column, error.value) == (8, "probs", "[0.5 0.25 0.25]")
    assert error.message.endswith("a list of 3 where the first row has one of 2")


def test_lists_in_a_pipe_and_in_shards(run: Run, write: Write) -> None:
    head, *rows = LISTS.splitlines(keepends=True)
    folder = write({"p.csv": LISTS}).parent
    (folder / "d").mkdir()
    write({"d/part-0.csv": head + rows[0], "d/part-1.csv": head + "".join(rows[1:])})
    whole = run("eval", "p.csv", "--pred-cols", "probs", *OPTIONS, "-q")
    assert whole.code == 0
    assert run("eval", "d", "--pred-cols", "probs", *OPTIONS, "-q") == whole
    with (folder / "p.csv").open() as file:
        assert run("eval", "-", "--pred-cols", "probs", *OPTIONS, "-q", stdin=file) == whole


def test_shards_whose_lists_differ_are_refused(run: Run, write: Write) -> None:
    (write({"x": ""}).parent / "d").mkdir()
    write({"d/part-0.csv": 'p,y\n"[0.5, 0.5]",0\n', "d/part-1.csv": 'p,y\n"[0.5, 0.25, 0.25]",0\n'})
    outcome = run("eval", "d", "--pred-cols", "p", *OPTIONS)
    assert (outcome.code, outcome.out) == (3, "")
    assert "has other columns" in outcome.err


def test_a_component_and_a_column_of_one_name_are_refused(run: Run, write: Write) -> None:
    write({"p.csv": 'p,p[0],y\n"[0.5, 0.5]",1,0\n'})
    outcome = run("eval", "p.csv", "--pred-cols", "p", *OPTIONS)
    assert (outcome.code, outcome.out) == (3, "")
    assert "are both called 'p[0]'" in outcome.err


LISTS_AND_NONE: dict[str, tuple[str, str, list[str] | None]] = {
    "python": ("[0.1, 0.9]", ".", ["0.1", "0.9"]),
    "numpy": ("[0.1 0.9]", ".", ["0.1", "0.9"]),
    "numpy-over-lines": ("[1.e-05\n  2. ]", ".", ["1.e-05", "2."]),
    "json": ("[0.1,0.9]", ".", ["0.1", "0.9"]),
    "padded": (" [ 1 ,\t2 ] ", ".", ["1", "2"]),
    "numpy-scalars": ("[np.float32(0.5), np.float64(1e-3)]", ".", ["0.5", "1e-3"]),
    "points-beside-decimal-commas": ("[0.1, 0.9]", ",", ["0.1", "0.9"]),
    "one": ("[3]", ".", ["3"]),
    "empty": ("[]", ".", []),
    "an-empty-component": ("[1,,2]", ".", ["1", "", "2"]),
    "a-decimal-comma-perhaps": ("[0,1]", ",", None),
    "nested": ("[[1, 2]]", ".", None),
    "open": ("[1, 2", ".", None),
    "behind": ("[1, 2]3", ".", None),
    "a-number": ("1", ".", None),
}


@pytest.mark.parametrize(
    ("text", "decimal", "expected"), LISTS_AND_NONE.values(), ids=LISTS_AND_NONE
)
def test_components(text: str, decimal: str, expected: list[str] | None) -> None:
    assert components(text, decimal) == expected
