"""First rows that may be a header or a sample, and labels that are names or numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Content, Outcome, Run, Write
from samples import refuse, write_csv

import lossctl

DOUBT = (
    "the first row of p.csv and of t.csv may be a header or a sample: "
    "it is the numbers from 0 or 1 on"
)
DOUBT += (
    "\nlossctl: hint: pass --header if pandas wrote it, which calls columns without names 0, 1, 2 "
    "and so on, or --no-header if it is a sample; and --targets-header or --no-targets-header if "
    "the targets differ"
)
TWO = "0,1\n0.25,0.75\n0.5,0.5\n"
CLASSES = ("--classes", "neg,pos", "--loss", "mae")


@pytest.mark.parametrize("labels", ["0\n1\n0\n", "0\npos\nneg\n"], ids=["indices", "names"])
def test_classes_beside_a_header_of_numbers(run: Run, write: Write, labels: str) -> None:
    folder = write({"p.csv": TWO, "t.csv": labels}).parent
    refuse(run, folder, DOUBT, "p.csv", "t.csv", *CLASSES)
    assert run("eval", "p.csv", "t.csv", *CLASSES, "-q", "--header") == Outcome(0, "0.75\n", "")


def test_a_sample_that_pandas_took_for_a_header(run: Run, write: Write) -> None:
    folder = write({"p.csv": "0.5,0.25,0.25.1\n1,0,0\n", "t.csv": "0\n"}).parent
    message = (
        "p.csv:1: column 3: '0.25.1' is how pandas writes a name that it met before: this line "
        "looks like a sample that it took for a header\nlossctl: hint: make the file anew with "
        "read_csv(..., header=None) and to_csv(..., header=False)"
    )
    refuse(run, folder, message, "p.csv", "t.csv", "--loss", "ce")


def test_quote_in_a_header_cell(run: Run, write: Write) -> None:
    folder = write({"p.csv": 'a"b,c\n0.1,0.9\n0.3,0.7"\n0.5,0.5\n', "t.csv": "1\n"}).parent
    message = "p.csv:1: a quotation mark is out of place"
    refuse(run, folder, message, "p.csv", "t.csv", "--loss", "ce")


NO_TEXT = {
    "invalid-UTF-8": (b"a,b\xff\n1,0\n", "2: 'b\\xff'"),
    "invalid-UTF-8-first": (b"\xffa,b\n1,0\n", "1: '\\xffa'"),
    "invalid-UTF-8-quoted": (b'a,"b\xff"\n1,0\n', "2: 'b\\xff'"),
    "NUL": (b"a,b\0\n1,0\n", "2: 'b\\x00'"),
    "NUL-first": (b"\0,b\n1,0\n", "1: '\\x00'"),
}


@pytest.mark.parametrize("bad", ["p.csv", "t.csv"])
@pytest.mark.parametrize(("content", "column"), NO_TEXT.values(), ids=NO_TEXT)
def test_header_that_is_not_text(
    run: Run, write: Write, content: bytes, column: str, bad: str
) -> None:
    write({"p.csv": "1,0\n", "t.csv": "0,1\n", bad: content})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(f"lossctl: error: {bad}:1: column {column} ")


NUMBERS: dict[str, Content] = {
    "integers": "1\n3\n",
    "floats": "1.0\n3.0\n",
    "plus": "+1\n+3\n",
    "plus-below-a-header": "label\n+1\n+3\n",
    "floats-below-a-header": "label\n1.0\n3.0\n",
    "NPY-floats": np.array([1.0, 3.0]),
    "NPY-integers": np.array([1, 3]),
}


@pytest.mark.parametrize("labels", NUMBERS.values(), ids=NUMBERS)
def test_labels_are_names_however_they_are_written(run: Run, write: Write, labels: Content) -> None:
    name = "t.csv" if isinstance(labels, str) else "t.npy"
    write({"p.csv": "1,2,3\n1,0,0\n0,0.75,0.25\n", name: labels})
    outcome = run("eval", "p.csv", name, "--loss", "ce,mae", "-f", "tsv").without_notes()
    assert (outcome.code, outcome.err) == (0, "")
    assert [line.split("\t")[2] for line in outcome.out.splitlines()] == ["mae", "0.0", "1.5"]


COUNTING = "0,1,2\n1,0,0\n"


def test_no_header_is_obeyed_by_mse(run: Run, write: Write) -> None:
    write({"p.csv": COUNTING, "t.csv": "0,1,2\n0,1,0\n"})
    found = {}
    for option in ("--header", "--no-header"):
        outcome = run("eval", "p.csv", "t.csv", "--loss", "mse", "-f", "json", option)
        assert (outcome.code, outcome.without_notes().err) == (0, "")
        found[option] = json.loads(outcome.out)["n"]
    assert found == {"--header": 1, "--no-header": 2}


@pytest.mark.parametrize("losses", ["ce", "bce", "mse,ce"])
def test_no_header_is_obeyed_by_losses_of_probabilities(
    run: Run, write: Write, losses: str
) -> None:
    write({"p.csv": COUNTING, "t.csv": "0,1,2\n0,1,0\n"})
    assert run("eval", "p.csv", "t.csv", "--loss", losses, "-q").code == 0
    outcome = run("eval", "p.csv", "t.csv", "--loss", losses, "-q", "--no-header")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.csv:1: column 3: 2.0 is not a probability\n")


MIXED = {
    "predictions-have-one": (COUNTING, "0,1,2\n", ["--header", "--no-targets-header"]),
    "targets-have-one": ("0,1,2\n", COUNTING, ["--no-header", "--targets-header"]),
    "targets-settle-both": ("0,1,2\n", COUNTING, ["--targets-header"]),
}


@pytest.mark.parametrize(("p", "t", "options"), MIXED.values(), ids=MIXED)
def test_a_mixed_pair_is_settled(
    run: Run, write: Write, p: str, t: str, options: list[str]
) -> None:
    folder = write({"p.csv": p, "t.csv": t}).parent
    refuse(run, folder, DOUBT, "p.csv", "t.csv", "--loss", "mae")
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "-q", *options)
    assert outcome == Outcome(0, "4.0\n", "")  # 1 + 1 + 2


def test_a_class_name_with_a_quote_loses_no_row(run: Run, write: Write) -> None:
    write({"p.csv": ".5,.5\n.2,.8\n.9,.1\n", "t.csv": 'b\na"\na"\nb\n'})
    outcome = run("eval", "p.csv", "t.csv", "-l", "mae", "--classes", 'a",b')
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "lossctl: error: t.csv:2: a quotation mark is out of place\n"


def test_class_names_beyond_exact_integers_are_not_confused(run: Run, write: Write) -> None:
    write({"p.csv": ".5,.5\n.2,.8\n", "t.csv": "9007199254740992\n9007199254740993\n"})
    classes = "9007199254740992,9007199254740994"
    outcome = run("eval", "p.csv", "t.csv", "-l", "ce", "--classes", classes)
    assert (outcome.code, outcome.out) == (3, "")
    assert "t.csv:2: column 1: '9007199254740993' is not a class name" in outcome.err


@pytest.mark.parametrize("losses", ["mse", "ce"])
def test_no_header_makes_a_first_row_that_counts_up_a_sample(tmp_path: Path, losses: str) -> None:
    files = [write_csv(tmp_path / name, np.array([[0, 1], [1, 0]])) for name in ("y", "d")]
    assert lossctl.evaluate(*files, loss=losses, header=False).n == 2
    files = [write_csv(tmp_path / name, np.array([[0, 1, 2], [1, 0, 0]])) for name in ("y", "d")]
    if losses == "mse":
        assert lossctl.evaluate(*files, loss=losses, header=False).n == 2
    else:
        with pytest.raises(lossctl.DataError, match=r"[12]\.0 is not a probability"):
            lossctl.evaluate(*files, loss=losses, header=False)


@pytest.mark.parametrize(
    ("p", "t"),
    [(".5\n.2\n", "True\nFalse\nTrue\n"), (".5,.5\n.2,.8\n", "True,False\n" * 3)],
    ids=["a-column", "one-hot"],
)
def test_rows_of_true_and_false_are_not_a_header_and_one_row_less(
    run: Run, write: Write, p: str, t: str
) -> None:
    write({"p.csv": p, "t.csv": t})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")
