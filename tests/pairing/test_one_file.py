"""One file that holds predictions and targets, columns chosen by name, pattern or number."""

import pandas as pd
import pytest
from conftest import Outcome, Run, Write
from formats import NAMED, Content

FRAME = pd.DataFrame(
    {
        "text": ["x", "y, z", "é", "z", "w"],
        "a": [0.25, 0.5, 0.125, 0.5, 0.125],
        "label": ["b", "a", "c", "a", "c"],
        "b": [0.5, 0.25, 0.125, 0.25, 0.125],
        "c": [0.25, 0.25, 0.75, 0.25, 0.75],
    }
)
LOSSES = "row\tmae\n1\t1.0\n2\t1.0\n3\t0.5\n4\t1.0\n5\t0.5\n"
COLUMNS = ("--pred-cols", "a,b,c", "--target-col", "label")
MAE = ("--loss", "mae", "-f", "tsv")
ONE = "p_a,p_b,t_a,t_b\n0.25,0.75,0,1\n0.5,0.5,1,0\n"
PLAIN = "0.25,0.75,0,1\n0.5,0.5,1,0\n"
TWO = "row\tmae\n1\t0.5\n2\t1.0\n"


@pytest.mark.parametrize(("name", "content"), NAMED.items(), ids=NAMED)
def test_one_file(run: Run, write: Write, name: str, content: Content) -> None:
    write({name: content(FRAME)})
    assert run("eval", name, *COLUMNS, *MAE).without_notes() == Outcome(0, LOSSES, "")


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.csv.gz"])
def test_from_a_pipe(run: Run, write: Write, name: str) -> None:
    write({"stream": NAMED[name](FRAME)})
    command = f"cat stream | lossctl eval - {' '.join(COLUMNS + MAE)}"
    assert run(command, program=("bash", "-c")).without_notes() == Outcome(0, LOSSES, "")


GOOD: dict[str, tuple[str, tuple[str, ...]]] = {
    "names": (ONE, ("--pred-cols", "p_a,p_b", "--target-col", "t_a,t_b")),
    "patterns": (ONE, ("--pred-cols", "p_*", "--target-col", "t_?")),
    "the-rest": (ONE, ("--target-col", "t_a,t_b")),
    "other-order": (ONE, ("--pred-cols", "p_b,p_a", "--target-col", "t_b,t_a")),
    "overlapping-patterns": (ONE, ("--pred-cols", "p_a,p_*", "--target-col", "t_*")),
    "numbers": (PLAIN, ("--pred-cols", "1,2", "--target-col", "3,4")),
    "numbers-the-rest": (PLAIN, ("--target-col", "3,4")),
    "a-name-with-a-star": (
        ONE.replace("p_a", "p*"),
        ("--pred-cols", "p*,p_b", "--target-col", "t_a,t_b"),
    ),
    "true": (
        "p,d\n0.5,True\n1,False\n",
        ("--target-col", "d"),
    ),
}


@pytest.mark.parametrize(("content", "options"), GOOD.values(), ids=GOOD)
def test_columns(run: Run, write: Write, content: str, options: tuple[str, ...]) -> None:
    write({"r.csv": content})
    assert run("eval", "r.csv", *options, *MAE).without_notes() == Outcome(0, TWO, "")


def test_labels_in_a_file_without_header(run: Run, write: Write) -> None:
    write({"r.csv": "0.25,0.75,b\n0.5,0.5,a\n"})
    columns = ("--target-col", "3", "--classes", "a,b", "--no-header")
    assert run("eval", "r.csv", *columns, *MAE).without_notes() == Outcome(0, TWO, "")


def test_rows_paired_by_id_are_the_same(run: Run, write: Write) -> None:
    write({"r.csv": "id,p,d\ny,0.5,1\nx,1,0\n"})
    outcome = run("eval", "r.csv", "--id", "id", "--target-col", "d", *MAE)
    assert outcome == Outcome(0, "row\tid\tmae\n1\ty\t0.5\n2\tx\t1.0\n", "")


def test_columns_of_two_files(run: Run, write: Write) -> None:
    write({"p.csv": ONE, "t.csv": "name,y,z\nrow 1,0,1\nrow 2,1,0\n"})
    options = ("--pred-cols", "p_a,p_b", "--target-col", "y,z")
    assert run("eval", "p.csv", "t.csv", *options, *MAE).without_notes() == Outcome(0, TWO, "")


USAGE: dict[str, tuple[str, tuple[str, ...], str]] = {
    "no-target": (
        ONE,
        ("--pred-cols", "p_*"),
        "where are the targets?",
    ),
    "unknown": (
        ONE,
        ("--pred-cols", "p_A,p_b", "--target-col", "t_*"),
        "--pred-cols: r.csv has no column 'p_A'\nlossctl: hint: did you mean 'p_a'?",
    ),
    "unknown-target": (
        ONE,
        ("--target-col", "target"),
        (
            "--target-col: r.csv has no column 'target'\n"
            "lossctl: hint: it has 'p_a', 'p_b', 't_a', 't_b'"
        ),
    ),
    "pattern-of-none": (
        ONE,
        ("--pred-cols", "q_*", "--target-col", "t_*"),
        "--pred-cols: r.csv has no column 'q_*'",
    ),
    "name-without-header": (
        PLAIN,
        ("--target-col", "label"),
        "--target-col: r.csv has no column 'label'\n"
        "lossctl: hint: its columns have no names: they go by their numbers, 1 to 4",
    ),
    "number-0": (
        PLAIN,
        ("--pred-cols", "0,1", "--target-col", "3,4"),
        "--pred-cols: r.csv has no column '0'\n"
        "lossctl: hint: its columns have no names: they go by their numbers, 1 to 4",
    ),
    "prediction-and-target": (
        ONE,
        ("--pred-cols", "p_a,t_a", "--target-col", "t_*"),
        "--pred-cols: the column 't_a' is something else already",
    ),
    "everything-is-a-target": (
        ONE,
        ("--target-col", "*"),
        "no column is left for the predictions",
    ),
    "id-and-target": (
        ONE,
        ("--id", "t_a", "--target-col", "t_*"),
        "--target-col: the column 't_a' is something else already",
    ),
    "prediction-twice": (
        ONE,
        ("--pred-cols", "p_a,p_b,p_a", "--target-col", "t_*"),
        "--pred-cols: the column 'p_a' is named twice",
    ),
    "target-twice": (
        ONE,
        ("--pred-cols", "p_*", "--target-col", "t_a,t_b,t_b"),
        "--target-col: the column 't_b' is named twice",
    ),
    "empty-name": (ONE, ("--pred-cols", "p_a,", "--target-col", "t_a"), "--pred-cols: r.csv has"),
}


@pytest.mark.parametrize(("content", "options", "message"), USAGE.values(), ids=USAGE)
def test_columns_that_cannot_be(
    run: Run, write: Write, content: str, options: tuple[str, ...], message: str
) -> None:
    write({"r.csv": content})
    outcome = run("eval", "r.csv", *options, *MAE)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"lossctl: error: {message}"), outcome.err


COUNTING = {
    "from-1": ("1,2\n3,4\n", ("--pred-cols", "1", "--target-col", "2", "--loss", "mae")),
    "a-column-left-out": (
        "0,1,2\n0.5,1,1\n",
        ("--pred-cols", "1", "--target-col", "2", "--loss", "bce"),
    ),
}


@pytest.mark.parametrize(("content", "options"), COUNTING.values(), ids=COUNTING)
def test_a_first_row_that_counts_up_is_in_doubt(
    run: Run, write: Write, content: str, options: tuple[str, ...]
) -> None:
    write({"r.csv": content})
    outcome = run("eval", "r.csv", *options)
    assert (outcome.code, outcome.out) == (3, "")
    assert "may be a header or a sample" in outcome.err
    for option in ("--header", "--no-header"):
        assert run("eval", "r.csv", *options, option, "-q").err.count("header") == 0


def test_in_one_file_no_rows_are_to_be_paired(run: Run, write: Write) -> None:
    write({"both.csv": "id,pred,y\n5,1,2\n6,2,3\n7,3,4\n"})
    refused = run("eval", "both.csv", "--loss", "mae", "--target-col", "y")
    assert refused.err.endswith(
        "hint: leave it out: --pred-cols pred; or keep it beside the losses with --id id\n"
    )
    command = ("eval", "both.csv", "--loss", "mae", "--target-col", "y", "-q")
    for way in (("--pred-cols", "pred"), ("--id", "id")):
        assert run(*command, *way).out == "1.0\n"
