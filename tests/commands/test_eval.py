"""The command line from outside: what `lossctl eval` prints, shows and refuses."""

import json
import re

import numpy as np
import pytest
from conftest import PREDICTIONS, Outcome, Run, Write
from samples import TWICE

BY_HAND = {
    "mae": 0.75,  # (1/4 + 1/4 + 1/2 + 1/2) / 2
    "mse": 0.15625,  # (1/16 + 1/16 + 1/4 + 1/4) / 2 / 2
    "ce": 0.49041445983920,  # (ln 4/3 + ln 2) / 2 - 1e-7 * (4/3 + 2) / 2 + small
    "bce": 0.98082891967841,  # the second column says the same again
}
MINIMUM = "-9.99999950583870"  # -ln(1 + 1e-7) = -1e-7 + 5e-15; the last digit is the machine's
BELOW_0 = "the 1e-7 puts the loss of a perfect prediction just below 0"
LEAST = {
    "-q": [MINIMUM],
    "--format=table": [" -1e-07 ", BELOW_0],
    "--digits=full": [MINIMUM, BELOW_0],
    "--format=tsv": [MINIMUM],
    "--format=json": [MINIMUM, BELOW_0],
}


@pytest.fixture
def eight(write: Write) -> None:
    """Eight samples whose absolute errors are 1 to 8 in another order."""
    write({"p.csv": "y\n3\n1\n8\n5\n2\n7\n4\n6\n", "t.csv": "y\n" + "0\n" * 8})


def bare(text: str) -> list[float]:
    return [float(line) for line in text.splitlines()]


def shown_rows(text: str) -> list[list[str]]:
    """Return the cells of the first section of a table, below its heading."""
    return [line.split() for line in text.partition("\n\n")[0].splitlines()[3:]]


@pytest.mark.parametrize(("loss", "mean"), BY_HAND.items(), ids=BY_HAND)
@pytest.mark.usefixtures("pair")
def test_by_hand(run: Run, loss: str, mean: float) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss", loss, "-q")
    warned = f"lossctl: warning: {TWICE}\n" if loss == "bce" else ""
    assert (outcome.code, outcome.err) == (0, warned)
    assert bare(outcome.out) == pytest.approx([mean], rel=1e-13)


def test_one_column_of_probabilities(run: Run, write: Write) -> None:
    write({"p.csv": "0.75\n0.5\n", "t.csv": "1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "bce", "-q")
    assert (outcome.code, outcome.err) == (0, "")
    assert bare(outcome.out) == pytest.approx([BY_HAND["ce"]], rel=1e-13)


@pytest.mark.parametrize("view", LEAST)
@pytest.mark.parametrize("targets", ["1,0\n0,1\n", "0\n1\n"], ids=["rows", "labels"])
def test_perfect_prediction_is_below_zero(run: Run, write: Write, targets: str, view: str) -> None:
    write({"p.csv": "cat,dog\n1,0\n0,1\n", "t.csv": targets})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce", view)
    assert (outcome.code, "is one a copy?" in outcome.err) == (0, "," in targets)
    assert all(text in outcome.out for text in LEAST[view])
    assert not re.search(r"-0(\.0*)?\s", outcome.out)


@pytest.mark.parametrize(
    "losses",
    [
        ["--loss", "mse", "--loss", "mae", "--loss", "ce"],
        ["--loss", "mse,mae,ce"],
        ["-l", "mse, mae", "-l", "ce,mse"],
    ],
    ids=["flags", "list", "both"],
)
@pytest.mark.usefixtures("pair")
def test_several_losses(run: Run, losses: list[str]) -> None:
    outcome = run("eval", "p.csv", "t.csv", *losses, "-q")
    expected = [BY_HAND[name] for name in ("mse", "mae", "ce")]
    assert (outcome.code, outcome.err) == (0, "")
    assert bare(outcome.out) == pytest.approx(expected, rel=1e-13)


LABELS: dict[str, tuple[str, str, list[str]]] = {
    "names": (PREDICTIONS, "dog\ncat\n", []),
    "names-under-header": (PREDICTIONS, "animal\ndog\ncat\n", []),
    "indices": (PREDICTIONS, "1\n0\n", []),
    "indices-under-header": (PREDICTIONS, "animal\n1\n0\n", []),
    "indices-as-floats": (PREDICTIONS, "1.0\n0.0\n", []),
    "classes": ("0.25,0.75\n0.5,0.5\n", "dog\ncat\n", ["--classes", "cat,dog"]),
    "names-that-are-numbers": ("0.25,0.75\n0.5,0.5\n", "7\n3\n", ["--classes", "3,7"]),
}


@pytest.mark.parametrize(("p", "t", "options"), LABELS.values(), ids=LABELS)
def test_labels(run: Run, write: Write, p: str, t: str, options: list[str]) -> None:
    write({"p.csv": p, "t.csv": t})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce,mae", "-q", *options)
    assert (outcome.code, outcome.err) == (0, "")
    assert bare(outcome.out) == pytest.approx([BY_HAND["ce"], BY_HAND["mae"]], rel=1e-13)


DELIMITERS = [("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), ("pipe", "|"), ("space", " "), (";", ";")]


@pytest.mark.parametrize(("name", "character"), DELIMITERS, ids=ascii)
def test_delimiter(run: Run, write: Write, name: str, character: str) -> None:
    write({"p.csv": PREDICTIONS.replace(",", character), "t.npy": np.eye(2)[::-1]})
    outcome = run("eval", "p.csv", "t.npy", "--loss", "mae", "-q", "--delimiter", name)
    assert outcome == Outcome(0, "0.75\n", "")


def test_columns_in_another_order(run: Run, write: Write) -> None:
    write({"p.csv": PREDICTIONS, "t.csv": "dog,cat\n1,0\n0,1\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "-q")
    warning = "t.csv: columns paired by name, in the predictions' order"
    assert (outcome.code, outcome.out) == (0, "0.75\n")
    assert outcome.err == f"lossctl: warning: {warning}\n"


TABLE = """\
Per-sample loss
row   mae      mse
──────────────────
  1   0.5   0.0625
  2   1     0.25

Loss(W)
loss   Loss(W)   standard error      min    max   n   k
───────────────────────────────────────────────────────
mae    0.75             0.25      0.5      1      2   2
mse    0.15625          0.09375   0.0625   0.25   2   2
mae: sum of absolute differences over 2 components (cat, dog); \
scikit-learn's mean_absolute_error is 1/2 of Loss(W), 0.375
mse: 1/2 sum of squares over 2 components (cat, dog); \
scikit-learn's mean_squared_error is the same, as k is 2
"""
MARKDOWN = """\
### Loss(W)

| loss | Loss(W) | standard error | min | max | n | k |
| :--- | ---: | ---: | ---: | ---: | ---: | ---: |
| mae | 0.75 | 0.25 | 0.5 | 1 | 2 | 2 |
| mse | 0.15625 | 0.09375 | 0.0625 | 0.25 | 2 | 2 |

mae: sum of absolute differences over 2 components (cat, dog); \
scikit-learn's mean\\_absolute\\_error is 1/2 of Loss(W), 0.375

mse: 1/2 sum of squares over 2 components (cat, dog); \
scikit-learn's mean\\_squared\\_error is the same, as k is 2

### Per-sample loss

| row | mae | mse |
| ---: | ---: | ---: |
| 1 | 0.5 | 0.0625 |
| 2 | 1 | 0.25 |
"""
MAE_OF_TWO = (
    "mae: sum of absolute differences over 2 components (cat, dog); scikit-learn's "
    "mean_absolute_error is 1/2 of Loss(W), 0.375"
)
FORMATS = {
    "table": TABLE,
    "md": MARKDOWN,
    "tsv": "row\tmae\tmse\n1\t0.5\t0.0625\n2\t1.0\t0.25\n",
    "csv": "row,mae,mse\n1,0.5,0.0625\n2,1.0,0.25\n",
    "jsonl": '{"row": 1, "mae": 0.5, "mse": 0.0625}\n{"row": 2, "mae": 1.0, "mse": 0.25}\n',
}


@pytest.mark.parametrize(("name", "text"), FORMATS.items(), ids=FORMATS)
@pytest.mark.usefixtures("pair")
def test_format(run: Run, name: str, text: str) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae,mse", "--format", name)
    note = "" if name in ("table", "md") else f"lossctl: note: {MAE_OF_TWO}\n"
    assert (outcome.code, outcome.err, outcome.out) == (0, note, text)


@pytest.mark.parametrize("name", ["tsv", "csv", "jsonl", "json"])
def test_that_mse_is_halved_is_told_once_where_no_table_tells_it(
    run: Run, write: Write, name: str
) -> None:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"})
    evaluated = ("eval", "p.csv", "t.csv", "--loss", "mse,mae")
    note = (
        "1/2 sum of squares over 1 component; scikit-learn's mean_squared_error is 2 times Loss(W)"
    )
    assert run(*evaluated, "-f", name).err == f"lossctl: note: mse: {note}, 2.5\n"
    assert run(*evaluated, "-q").err == run(*evaluated).err == ""
    assert note in run(*evaluated).out


@pytest.mark.usefixtures("pair")
def test_json(run: Run) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mse,ce", "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    report = json.loads(outcome.out)
    losses = report.pop("losses")
    signatures = [loss.pop("signature").split("|") for loss in losses]
    assert report == {
        "schema": 1,
        "lossctl": signatures[0][1],
        "n": 2,
        "k": 2,
        "components": ["cat", "dog"],
        "predictions": {"path": "p.csv"},
        "targets": {"path": "t.csv"},
        "means": {"mse": 0.15625, "ce": pytest.approx(BY_HAND["ce"], rel=1e-13)},
        "skipped": 0,
        "unpaired": {"predictions": 0, "targets": 0},
        "repeated": {"predictions": 0, "targets": 0},
        "at_guard": {"ce": 0},
        "warnings": [],
    }
    spread = {"std": pytest.approx(0.09375 * 2**0.5, rel=1e-15), "stderr": 0.09375}
    extremes = {"min": 0.0625, "max": 0.25}
    counted = {"loss": "mse", "mean": 0.15625, "total": 0.3125, "n": 2}
    told = {"formula": "1/2 sum_j (y_j - d_j)^2", "notes": []}
    told["explanation"] = (
        "1/2 sum of squares over 2 components (cat, dog); scikit-learn's mean_squared_error is "
        "the same, as k is 2"
    )
    peer = {"peer": {"name": "scikit-learn's mean_squared_error", "value": 0.15625}}
    assert losses[0] == counted | spread | extremes | told | peer
    assert losses[1]["explanation"] == (
        "-sum of d ln(p + 1e-7) over 2 classes (cat, dog), in nats; "
        "scikit-learn's log_loss is the same but for the 1e-7"
    )
    assert report["means"] == {loss["loss"]: loss["mean"] for loss in losses}
    assert losses[1].keys() == losses[0].keys()
    assert [part[0::2][:2] for part in signatures] == [["lossctl", "mse"], ["lossctl", "ce"]]
    assert all("n=2" in parts and "paired=position" in parts for parts in signatures)


def test_json_of_one_sample(run: Run, write: Write) -> None:
    write({"p.csv": "cat,dog\n1,0\n", "t.csv": "dog,cat\n1,0"})
    report = json.loads(run("eval", "p.csv", "t.csv", "--loss", "ce", "-f", "json").out)
    assert report["losses"][0]["std"] is report["losses"][0]["stderr"] is None
    assert report["at_guard"] == {"ce": 1}
    assert [warning.keys() for warning in report["warnings"]] == [{"code", "message", "count"}] * 2
    codes = {warning["code"] for warning in report["warnings"]}
    assert codes == {"columns-reordered", "no-final-newline"}


def test_json_has_no_infinity(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1.5e308\n1.5e308\n", "t.csv": "y\n0\n0\n"})
    report = json.loads(run("eval", "p.csv", "t.csv", "--loss", "mae", "-f", "json").out)
    assert (report["losses"][0]["mean"], report["losses"][0]["total"]) == (1.5e308, None)
    assert [warning["code"] for warning in report["warnings"]] == ["overflow"]


DIGITS = {
    "table-6": (["--loss=ce"], r" 0\.490414 "),
    "table-full": (["--loss=ce", "--digits=full"], r" 0\.490414459839\d+ "),
    "table-3": (["--loss=ce", "--digits=3"], r" 0\.49 "),
    "md-6": (["--loss=ce", "--format=md"], r"\| 0\.490414 \|"),
    "md-3": (["--loss=ce", "--format=md", "--digits=2"], r"\| 0\.49 \|"),
    "md-full": (["--loss=ce", "--format=md", "--digits=full"], r"\| 0\.490414459839\d+ \|"),
    "quiet-4": (["--loss=ce", "-q", "--digits=4"], r"^0\.4904\n$"),
}


@pytest.mark.parametrize(("options", "pattern"), DIGITS.values(), ids=DIGITS)
@pytest.mark.usefixtures("pair")
def test_digits(run: Run, options: list[str], pattern: str) -> None:
    outcome = run("eval", "p.csv", "t.csv", *options)
    assert (outcome.code, outcome.err) == (0, "")
    assert re.search(pattern, outcome.out)


ORDER = [["1", "3"], ["2", "1"], ["3", "8"], ["4", "5"]]
ORDER += [["5", "2"], ["6", "7"], ["7", "4"], ["8", "6"]]
ROWS = {
    "2": [ORDER[0], ["…", "…"], ORDER[7]],
    "5": [*ORDER[:3], ["…", "…"], *ORDER[6:]],
    "8": ORDER,
    "all": ORDER,
}


@pytest.mark.parametrize(("rows", "expected"), ROWS.items(), ids=ROWS)
@pytest.mark.usefixtures("eight")
def test_rows(run: Run, rows: str, expected: list[list[str]]) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--rows", rows)
    assert (outcome.code, outcome.err) == (0, "")
    assert shown_rows(outcome.out) == expected
    title = "Per-sample loss" if expected == ORDER else f"Per-sample loss, {rows} of 8 rows"
    assert outcome.out.startswith(f"{title}\n")


@pytest.mark.usefixtures("eight")
def test_no_rows(run: Run) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--rows=0")
    assert outcome.out.startswith("Loss(W)\n")
    assert "Per-sample" not in outcome.out


def test_people_see_a_thousand_rows_at_most(run: Run, write: Write) -> None:
    write({"p.npy": np.arange(2345.0), "t.npy": np.zeros(2345)})
    outcome = run("eval", "p.npy", "t.npy", "--loss=mae", "--rows=all")
    rows = shown_rows(outcome.out)
    assert [rows[499], rows[501]] == [["500", "499"], ["1846", "1845"]]
    assert rows[500] == ["…", "…"]
    assert outcome.out.startswith("Per-sample loss, 1000 of 2345 rows\n")
    assert len(rows) == 1001


@pytest.mark.parametrize("name", ["table", "tsv"])
@pytest.mark.usefixtures("eight")
def test_worst(run: Run, name: str) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--worst=3", "-f", name)
    lines = [line.split() for line in outcome.out.splitlines()]
    start = lines.index(["row", "mae", "target", "prediction"])
    rows = [cells for cells in lines[start : start + 5] if cells[:1] and cells[0].isdigit()]
    zero = "" if name == "table" else ".0"
    worst = [("3", "8"), ("6", "7"), ("8", "6")]
    assert rows == [[row, f"{y}{zero}", f"0{zero}", f"{y}{zero}"] for row, y in worst]


def test_targets_that_are_the_predictions(run: Run, write: Write) -> None:
    write({"p.csv": PREDICTIONS, "t.csv": PREDICTIONS})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "-f", "json")
    message = "the targets are the predictions, value for value: is one a copy?"
    note, warning = outcome.err.splitlines()
    assert note.startswith("lossctl: note: mae: sum of absolute differences over 2 components")
    assert (outcome.code, warning) == (0, f"lossctl: warning: {message}")
    report = json.loads(outcome.out)
    assert report["losses"][0]["mean"] == 0.0
    assert report["warnings"] == [{"code": "identical", "message": message, "count": 1}]
