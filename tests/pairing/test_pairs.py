"""Files that are easily paired wrongly, and the number or the error that each pair must give."""

import pytest
from conftest import Run, Write

HEADED = "p_true,p_false\n0.9,0.1\n0.8,0.2\n"
PAIRS: dict[str, tuple[dict[str, str], tuple[str, ...], str, int]] = {
    "true-by-name": ({"p.csv": HEADED, "t.csv": "l\nTrue\nTrue\n"}, ("-l", "mae"), "0.3\n", 0),
    "true-is-no-class": (
        {"p.csv": HEADED.replace("true", "yes"), "t.csv": "l\nTrue\nTrue\n"},
        ("-l", "mae"),
        "t.csv:2: column \"l\": 'True' is not a class name",
        3,
    ),
    "logits-below-headers-of-pandas": (
        {"p.csv": "0,1,2\n5,0,0\n0,5,0\n", "t.csv": "0\n0\n1\n"},
        ("-l", "ce", "--from", "logits"),
        "the first row of p.csv and of t.csv may be a header or a sample",
        3,
    ),
    "columns-by-name-but-for-a-prefix": (
        {"p.csv": "p_dog,p_cat\n1,0\n0.75,0.25\n", "t.csv": "cat,dog\n0,1\n0,1\n"},
        ("-l", "mae"),
        "0.25\n",
        0,
    ),
    "another-id": (
        {"p.csv": "id,y,user_id\n1,2,7\n", "t.csv": "id,y,user_id\n1,2,9\n"},
        ("-l", "mae", "--id", "id"),
        "p.csv: the column 'user_id' looks like an id",
        3,
    ),
    "index-of-pandas-read-again": (
        {"p.csv": "Unnamed: 0,a,b\n0,0.5,0.5\n", "t.csv": "0\n"},
        ("-l", "mse"),
        "p.csv: the column 'Unnamed: 0' looks like an id",
        3,
    ),
    "names-that-are-numbers-written-otherwise": (
        {"p.csv": "c_02,c_01\n0.75,0.25\n", "t.csv": "1\n"},
        ("-l", "mae", "--no-targets-header"),
        "1.5\n",
        0,
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair_gives_its_number_or_its_error(
    run: Run, write: Write, pair: tuple[dict[str, str], tuple[str, ...], str, int]
) -> None:
    files, options, expected, code = pair
    write(files)
    outcome = run("eval", "p.csv", "t.csv", *options, "-q")
    assert (outcome.code, outcome.out) == (code, "" if code else expected), outcome.err
    assert not code or outcome.err.startswith(f"lossctl: error: {expected}")
