"""The command line from outside: what `lossctl eval` prints, shows and refuses."""

import json
import re
import sys
from collections import Counter

import numpy as np
import pytest
from conftest import Outcome, Run, RunOnTerminal, Write

PREDICTIONS = "cat,dog\n0.25,0.75\n0.5,0.5\n"
TARGETS = "cat,dog\n0,1\n1,0\n"
BY_HAND = {
    "mae": 0.75,  # (1/4 + 1/4 + 1/2 + 1/2) / 2
    "mse": 0.15625,  # (1/16 + 1/16 + 1/4 + 1/4) / 2 / 2
    "ce": 0.49041445983920,  # (ln 4/3 + ln 2) / 2 - 1e-7 * (4/3 + 2) / 2 + small
    "bce": 0.98082891967841,  # the second column says the same again
}
MINIMUM = "-9.99999950583870"  # -ln(1 + 1e-7) = -1e-7 + 5e-15; the last digit is the machine's


@pytest.fixture
def pair(write: Write) -> None:
    write({"p.csv": PREDICTIONS, "t.csv": TARGETS})


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
    assert (outcome.code, outcome.err) == (0, "")
    assert bare(outcome.out) == pytest.approx([mean], rel=1e-13)


def test_one_column_of_probabilities(run: Run, write: Write) -> None:
    write({"p.csv": "0.75\n0.5\n", "t.csv": "1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "bce", "-q")
    assert (outcome.code, outcome.err) == (0, "")
    assert bare(outcome.out) == pytest.approx([BY_HAND["ce"]], rel=1e-13)


@pytest.mark.parametrize("view", ["-q", "--format=table", "--format=tsv", "--format=json"])
@pytest.mark.parametrize("targets", ["1,0\n0,1\n", "0\n1\n"], ids=["rows", "labels"])
def test_perfect_prediction_is_below_zero(run: Run, write: Write, targets: str, view: str) -> None:
    write({"p.csv": "cat,dog\n1,0\n0,1\n", "t.csv": targets})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce", view)
    assert (outcome.code, "is one a copy?" in outcome.err) == (0, "," in targets)
    assert MINIMUM in outcome.out
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
  2   1.0     0.25

Loss(W)
loss   n   Loss(W)   standard error      min    max
───────────────────────────────────────────────────
mae    2      0.75             0.25      0.5    1.0
mse    2   0.15625          0.09375   0.0625   0.25
"""
MARKDOWN = """\
### Loss(W)

| loss | n | Loss(W) | standard error | min | max |
| :--- | ---: | ---: | ---: | ---: | ---: |
| mae | 2 | 0.75 | 0.25 | 0.5 | 1 |
| mse | 2 | 0.15625 | 0.09375 | 0.0625 | 0.25 |

### Per-sample loss

| row | mae | mse |
| ---: | ---: | ---: |
| 1 | 0.5 | 0.0625 |
| 2 | 1 | 0.25 |
"""
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
    assert (outcome.code, outcome.err, outcome.out) == (0, "", text)


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
        "predictions": {"path": "p.csv"},
        "targets": {"path": "t.csv"},
        "skipped": 0,
        "at_guard": {"ce": 0},
        "warnings": [],
    }
    spread = {"std": pytest.approx(0.09375 * 2**0.5, rel=1e-15), "stderr": 0.09375}
    extremes = {"min": 0.0625, "max": 0.25}
    assert (
        losses[0] == {"loss": "mse", "mean": 0.15625, "total": 0.3125, "n": 2} | spread | extremes
    )
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
    "table-all": (["--loss=ce"], r" 0\.490414459839\d+ "),
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


ORDER = [["1", "3.0"], ["2", "1.0"], ["3", "8.0"], ["4", "5.0"]]
ORDER += [["5", "2.0"], ["6", "7.0"], ["7", "4.0"], ["8", "6.0"]]
ROWS = {
    "2": [ORDER[0], ["…", "6", "rows", "between"], ORDER[7]],
    "5": [*ORDER[:3], ["…", "3", "rows", "between"], *ORDER[6:]],
    "8": ORDER,
    "all": ORDER,
}


@pytest.mark.parametrize(("rows", "expected"), ROWS.items(), ids=ROWS)
@pytest.mark.usefixtures("eight")
def test_rows(run: Run, rows: str, expected: list[list[str]]) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--rows", rows)
    assert (outcome.code, outcome.err) == (0, "")
    assert shown_rows(outcome.out) == expected


@pytest.mark.usefixtures("eight")
def test_no_rows(run: Run) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--rows=0")
    assert outcome.out.startswith("Loss(W)\n")
    assert "Per-sample" not in outcome.out


def test_people_see_a_thousand_rows_at_most(run: Run, write: Write) -> None:
    write({"p.npy": np.arange(2345.0), "t.npy": np.zeros(2345)})
    outcome = run("eval", "p.npy", "t.npy", "--loss=mae", "--rows=all")
    rows = shown_rows(outcome.out)
    assert [rows[499], rows[501]] == [["500", "499.0"], ["1846", "1845.0"]]
    assert rows[500] == ["…", "1,345", "rows", "between"]
    assert len(rows) == 1001


@pytest.mark.parametrize("name", ["table", "tsv"])
@pytest.mark.usefixtures("eight")
def test_worst(run: Run, name: str) -> None:
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--worst=3", "-f", name)
    lines = [line.split() for line in outcome.out.splitlines()]
    start = len(lines) - 1 - lines[::-1].index(["row", "mae"])
    rows = [cells for cells in lines[start : start + 5] if cells[:1] and cells[0].isdigit()]
    assert rows == [["3", "8.0"], ["6", "7.0"], ["8", "6.0"]]


EVAL = ("eval", "p.csv", "t.csv", "--loss=mae,ce,mse,bce")
ESCAPE = "\x1b"


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.usefixtures("pair")
def test_terminal_shows_six_digits_in_colour(run_on_terminal: RunOnTerminal) -> None:
    outcome = run_on_terminal(*EVAL)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{ESCAPE}[1m" in outcome.out
    assert "0.490414 " in plain(outcome.out)
    assert ESCAPE not in plain(outcome.out)


@pytest.mark.parametrize("columns", [20, 40, 60])
@pytest.mark.usefixtures("pair")
def test_narrow_terminal_loses_no_digit(run_on_terminal: RunOnTerminal, columns: int) -> None:
    wide = plain(run_on_terminal(*EVAL, columns=200).out)
    narrow = plain(run_on_terminal(*EVAL, columns=columns).out)
    digits = [Counter(re.sub(r"[^0-9.e-]", "", text)) for text in (wide, narrow)]
    assert digits[0] == digits[1], narrow


NO_COLOUR: dict[str, tuple[list[str], dict[str, str]]] = {
    "NO_COLOR": ([], {"NO_COLOR": "1"}),
    "NO_COLOR-and-FORCE_COLOR": ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    "TERM": ([], {"TERM": "dumb"}),
    "option": (["--no-color"], {}),
    "option-and-FORCE_COLOR": (["--no-color"], {"FORCE_COLOR": "1"}),
    "tsv": (["--format=tsv"], {}),
    "quiet": (["-q"], {}),
}


@pytest.mark.parametrize(("options", "env"), NO_COLOUR.values(), ids=NO_COLOUR)
@pytest.mark.usefixtures("pair")
def test_no_colour_on_a_terminal(
    run_on_terminal: RunOnTerminal, options: list[str], env: dict[str, str]
) -> None:
    outcome = run_on_terminal(*EVAL, *options, env=env)
    assert (outcome.code, outcome.err) == (0, "")
    assert "0." in outcome.out
    assert ESCAPE not in outcome.out


@pytest.mark.usefixtures("pair")
def test_force_color_in_a_pipe(run: Run) -> None:
    coloured, without = run(*EVAL, env={"FORCE_COLOR": "1"}), run(*EVAL)
    assert ESCAPE in coloured.out
    assert plain(coloured.out) == without.out


IN_CI = {
    "table": (*EVAL,),
    "md": (*EVAL, "--format=md"),
    "help": ("--help",),
    "eval-help": ("eval", "--help"),
    "losses": ("losses",),
    "usage-error": ("eval", "p.csv", "--worst=x"),
    "data-error": ("eval", "p.csv", "p.csv", "--loss=mae"),
}


@pytest.mark.parametrize("arguments", IN_CI.values(), ids=IN_CI)
@pytest.mark.usefixtures("pair")
def test_github_turns_no_colour_on(run: Run, arguments: tuple[str, ...]) -> None:
    there = run(*arguments, env={"GITHUB_ACTIONS": "true", "CI": "true", "COLUMNS": "20"})
    assert ESCAPE not in there.out + there.err
    if "help" not in arguments[-1]:
        assert there == run(*arguments)


def test_version(run: Run) -> None:
    outcome = run("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert re.fullmatch(r"lossctl \d+\.\d+\.\d+\n", outcome.out)
    assert run("-m", "lossctl", "--version", program=(sys.executable,)) == outcome


@pytest.mark.parametrize("arguments", [[], ["eval"], ["losses"]], ids=["lossctl", "eval", "losses"])
def test_help(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments, "-h")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(" ".join(["Usage: lossctl", *arguments]))
    assert outcome == run(*arguments, "--help")
    assert outcome == run("-m", "lossctl", *arguments, "-h", program=(sys.executable,))


CLASSES = ["--classes", "a,b,c"]
USAGE = {
    "command": (["evil"], "no command is called 'evil'\nhint: did you mean eval?"),
    "loss": (["--loss=bcee"], "no loss is called 'bcee'\nhint: did you mean bce?"),
    "no-such-loss": (["--loss=zzz"], "no loss is called 'zzz'\nhint: one of: mae, mse, ce, bce"),
    "format": (["-f", "jsn"], "no format is called 'jsn'\nhint: did you mean json?"),
    "delimiter": (["--delimiter=tba"], "no delimiter is called 'tba'\nhint: did you mean tab?"),
    "digits-0": (["--digits=0"], "--digits '0': a number from 1 to 17, or full"),
    "digits-18": (["--digits=18"], "--digits '18': a number from 1 to 17, or full"),
    "digits-of-json": (
        ["--digits=3", "--format=json"],
        "--digits: json is for programs; its numbers are never rounded",
    ),
    "rows": (["--rows=-1"], "--rows '-1': a number from 0 to 1000, or all"),
    "quiet-format": (
        ["-q", "-f", "md"],
        "-q prints bare numbers: it goes with no --format, --rows or --worst",
    ),
    "per-sample-json": (
        ["--per-sample=rows.json"],
        "--per-sample 'rows.json': json has no rows for each sample\n"
        "hint: name a file that ends in .tsv, .csv or .jsonl",
    ),
    "classes": (CLASSES, "--classes names 3 columns, but p.csv has 2"),
    "classes-and-header": (
        ["--classes=dog,cat"],
        "--classes names other columns than the header of p.csv\n"
        "hint: it is for files without a header",
    ),
    "escape": (
        ["--loss=\x1b[31m"],
        "no loss is called '\\x1b[31m'\nhint: one of: mae, mse, ce, bce",
    ),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE)
@pytest.mark.usefixtures("pair")
def test_usage_error(run: Run, options: list[str], message: str) -> None:
    arguments = (
        options if options == ["evil"] else ["eval", "p.csv", "t.csv", "-l", "mae", *options]
    )
    outcome = run(*arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"lossctl: {message}\n")


PARSING = {
    "option": (["eval", "p.csv", "t.csv", "--los", "mae"], "--loss"),
    "version": (["--verison"], "--version"),
    "no-command": ([], "Missing command"),
    "no-targets": (["eval", "p.csv", "--loss=mae"], "TARGETS"),
    "no-loss": (["eval", "p.csv", "t.csv"], "--loss"),
    "no-value": (["eval", "p.csv", "t.csv", "--loss"], "--loss"),
    "one-more": (["eval", "p.csv", "t.csv", "u.csv", "--loss=mae"], "u.csv"),
    "no-integer": (["eval", "p.csv", "t.csv", "--loss=mae", "--worst=x"], "--worst"),
    "out-of-range": (["eval", "p.csv", "t.csv", "--loss=mae", "--jobs=0"], "--jobs"),
    "nan": (["eval", "p.csv", "t.csv", "--loss=ce", "--sum-tolerance=nan"], "--sum-tolerance"),
}


@pytest.mark.parametrize(("arguments", "named"), PARSING.values(), ids=PARSING)
@pytest.mark.usefixtures("pair")
def test_usage_error_in_our_form(run: Run, arguments: list[str], named: str) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("lossctl: ")
    assert named in outcome.err
    assert "Traceback" not in outcome.err


def test_ce_of_one_column_points_to_bce(run: Run, write: Write) -> None:
    write({"p.csv": "0.9\n0.2\n", "t.csv": "1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce")
    message = "ce needs a column for each class, but p.csv has one column"
    hint = "for the probability of one class use --loss bce; is it the predictions, and the "
    hint += "delimiter right?"
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"lossctl: {message}\nhint: {hint}\n"


HEADERS = {
    "escape": ("\x1b[31mred", "\\x1b[31mred"),
    "markup": ("[red]", "[red]"),
    "closing-markup": ("[/foo]", "[/foo]"),
    "bidi": ("\u202egnp", "\\u202egnp"),
    "C1": ("\x9b31m", "\\x9b31m"),
    "bell": ("\x07", "\\x07"),
}


@pytest.mark.parametrize(("header", "shown"), HEADERS.values(), ids=HEADERS)
def test_header_text_is_shown_never_obeyed(run: Run, write: Write, header: str, shown: str) -> None:
    write({"p.csv": f"a,{header}\n1,x\n", "t.csv": "1,0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", env={"FORCE_COLOR": "1"})
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == f"lossctl: p.csv:2: column \"{shown}\": 'x' is not a number\n"


ERRORS = {
    "data": EVAL,
    "file": ("eval", "none.csv", "t.csv", "--loss=mae"),
    "usage": ("evil",),
}


@pytest.mark.parametrize("arguments", ERRORS.values(), ids=ERRORS)
def test_traceback_only_with_debug(run: Run, write: Write, arguments: tuple[str, ...]) -> None:
    write({"p.csv": "a,b\n1,x\n", "t.csv": "1,0\n"})
    quiet, loud = run(*arguments), run("--debug", *arguments)
    assert quiet.code == loud.code > 0
    assert "Traceback" not in quiet.err
    assert loud.err.startswith("Traceback")
    assert loud.err.endswith(quiet.err)
