"""Two files that must not be paired, and labels that are none: what is said of them."""

import pytest
from conftest import Run, Write
from samples import GIVE_ONCE, refuse

ONE_HOT = "cat,dog\n1,0\n0,1\n"
NO_NUMBER = "is not a number"

SKIP = "to leave out samples with a missing value, and count them, pass --nan skip"
LOST = (
    "\nlossctl: hint: no row is ever dropped or repeated: find out which are missing, or "
    "pair with --id"
)
OFF_BY_ONE = (
    "\nlossctl: hint: was a header taken for a sample, or a sample for a header (by "
    "the tool that wrote "
)
OFF_BY_ONE += "the file, too)? If so, say which it is with "
SHAPES = "\nlossctl: hint: targets have as many columns as predictions"
SHARED = "p.csv and t.csv share some column names but not all:"
COUNTS_UP = (
    "the first row of p.csv and of t.csv may be a header or a sample: "
    "it is the numbers from 0 or 1 on"
)
PAIRS = {
    "row-counts": (f"{ONE_HOT}1,0\n0,1\n", ONE_HOT, f"p.csv has 4 rows and t.csv 2{LOST}"),
    "one-row-more": (
        "1,0\n0,1\n1,0\n",
        ONE_HOT,
        f"p.csv has 3 rows and t.csv 2{OFF_BY_ONE}--header, or with --no-targets-header",
    ),
    "one-row-more-without-names": (
        "0.5,0.5\n0,1\n1,0\n",
        "1,0\n0,1\n",
        f"p.csv has 3 rows and t.csv 2{OFF_BY_ONE}--header and --no-targets-header",
    ),
    "one-row-less-without-names": (
        "0.5,0.5\n0,1\n",
        "1,0\n0,1\n1,0\n",
        f"p.csv has 2 rows and t.csv 3{OFF_BY_ONE}--targets-header",
    ),
    "one-row-less-of-two-with-names": (
        "cat,dog\n0,1\n",
        "cat,dog\n1,0\n0,1\n",
        f"p.csv has 1 rows and t.csv 2{OFF_BY_ONE}--no-header and --targets-header",
    ),
    "one-row-less-beside-targets-without-names": (
        "cat,dog\n0,1\n",
        "1,0\n0,1\n",
        f"p.csv has 1 rows and t.csv 2{OFF_BY_ONE}--no-header, or with --targets-header",
    ),
    "one-row-more-of-which-the-first-is-the-header-of-the-other": (
        "0\n0.5\n1\n",
        '"0"\n1\n0\n',
        f"p.csv has 3 rows and t.csv 2{OFF_BY_ONE}--header",
    ),
    "one-row-less-than-another-whose-first-is-its-header": (
        '"0"\n0.5\n1\n',
        "0\n1\n0\n",
        f"p.csv has 2 rows and t.csv 3{OFF_BY_ONE}--targets-header",
    ),
    "one-row-more-where-no-header-matters": (
        "cat,dog\n0,1\n1,0\n",
        "1,0\n",
        f"p.csv has 2 rows and t.csv 1{LOST}",
    ),
    "columns": (
        "a,b,c\n1,0,0\n",
        ONE_HOT,
        f"p.csv has 3 columns and t.csv 2 columns{SHAPES}; say which columns are the predictions "
        "with --pred-cols",
    ),
    "one-that-predicts-the-other": (
        "pred,pred_std\n1,0\n0,1\n",
        "y,pred_std\n1,0\n0,1\n",
        f"{SHARED} 'pred', 'y' stand in one of them only\nlossctl: hint: if 'pred' predicts 'y', "
        "pass --pred-cols pred --target-col y; otherwise name the columns with --pred-cols, "
        "and their targets, in the same order, with --target-col, and pass --columns position",
    ),
    "some-names-in-common": (
        "cat,cow\n1,0\n0,1\n",
        ONE_HOT,
        f"{SHARED} 'cow', 'dog' stand in one of them only\nlossctl: hint: name the columns with "
        "--pred-cols, and their targets, in the same order, with --target-col, and pass "
        "--columns position",
    ),
    "both-count-up": (
        "0,1\n1,0\n",
        "1,2\n0,1\n",
        f"{COUNTS_UP}\nlossctl: hint: pass --header or --no-header, and --targets-header or "
        "--no-targets-header if the targets differ",
    ),
    "overflow": ("0.5\n1e200\n", "0\n0\n", "p.csv:2: the mse of this sample is inf"),
}

BAD_LABELS = {
    "too-high": (
        "0\n2\n",
        ":2: column 1: 2 is not one of the class indices 0 to 1\n"
        "lossctl: hint: the first labels are 0, 2, the columns 'cat', 'dog': say which is which, "
        "in this order, with --classes",
    ),
    "negative": (
        "0\n-1\n",
        ":2: column 1: -1 is not one of the class indices 0 to 1\n"
        "lossctl: hint: if labels are -1 and 1, name the classes: --classes -1,1; if labels are 0 "
        "and 1, and it marks samples that are to be left out, pass --ignore-label -1",
    ),
    "fractional": ("y\n1.5\n0\n", ':2: column "y": 1.5 is not one of the class indices 0 to 1'),
    "unknown": (
        "cat\ndgo\n",
        ":2: column 1: 'dgo' is not a class name\nlossctl: hint: did you mean 'dog'?",
    ),
    "index-after-name": (
        'cat\n"dog"\n1\n',
        ":3: column 1: '1' is not a class name\nlossctl: hint: there is no column for '1': the "
        "classes are 'cat', 'dog'",
    ),
    "empty": (
        'y\ncat\n""\n',
        f':3: column "y": an empty cell is not a class name\nlossctl: hint: {SKIP}',
    ),
    "name-after-index": ("0\ndog\n", f":2: column 1: 'dog' {NO_NUMBER}"),
    "first-unknown": (
        "y\ncow\ncat\n",
        ":2: column \"y\": 'cow' is not a class name\nlossctl: hint: there is no column for 'cow': "
        "the classes are 'cat', 'dog'",
    ),
}


@pytest.mark.parametrize(("p", "t", "message"), PAIRS.values(), ids=PAIRS)
def test_bad_pair(run: Run, write: Write, p: str, t: str, message: str) -> None:
    folder = write({"p.csv": p, "t.csv": t}).parent
    refuse(run, folder, message, "p.csv", "t.csv", "--loss", "mse")


@pytest.mark.parametrize(("labels", "message"), BAD_LABELS.values(), ids=BAD_LABELS)
def test_bad_label(run: Run, write: Write, labels: str, message: str) -> None:
    folder = write({"p.csv": ONE_HOT, "t.csv": labels}).parent
    refuse(run, folder, f"t.csv{message}", "p.csv", "t.csv", "--loss", "ce")


@pytest.mark.parametrize("link", ["", "symlink_to", "hardlink_to"])
def test_same_file_twice(run: Run, write: Write, link: str) -> None:
    path = write({"p.csv": ONE_HOT})
    other = path.with_name("q.csv" if link else "p.csv")
    if link:
        getattr(other, link)(path)
    message = "'p.csv' is given twice, as predictions and as targets"
    if link:
        message = "'p.csv' and 'q.csv', as predictions and targets, are one file"
    refuse(run, path.parent, message + GIVE_ONCE, "p.csv", other.name, "--loss", "mae")


def test_one_pipe_twice(run: Run) -> None:
    command = "printf '1\\n2\\n' | lossctl eval /dev/stdin /dev/stdin --loss mae"
    outcome = run(command, program=("bash", "-c"))
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: '/dev/stdin' is given twice, as ")
