"""What is shown unasked: ten rows, the three worst where others are left out, what a loss is."""

import json
import re

import numpy as np
import pytest
from conftest import Run, Write

EVAL = ("eval", "p.npy", "t.npy", "--loss=mae")


@pytest.fixture(autouse=True)
def numbers(write: Write) -> None:
    """The absolute errors are 1.5, 2.5, ..., 20.5; the eleven first ones are in other files."""
    y = np.arange(20) + 1.5
    write({"p.npy": y, "t.npy": np.zeros(20), "p11.npy": y[:11], "t11.npy": np.zeros(11)})
    write({"p10.npy": y[:10], "t10.npy": np.zeros(10)})


def sections(text: str) -> dict[str, list[list[str]]]:
    """Return the lines below the rule of each table, by its title."""
    found = {}
    for block in text.split("\n\n"):
        title, _, rule, *lines = block.splitlines()
        assert set(rule) == {"─"}
        found[title] = [line.split() for line in lines]
    return found


def test_five_first_and_five_last_rows_and_the_three_worst(run: Run) -> None:
    outcome = run(*EVAL)
    found = sections(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert list(found) == ["Per-sample loss, 10 of 20 rows", "Highest mae", "Loss(W)"]
    first, last = range(1, 6), range(16, 21)
    assert found["Per-sample loss, 10 of 20 rows"] == [
        *([str(row), f"{row + 0.5}"] for row in first),
        ["…", "…"],
        *([str(row), f"{row + 0.5}"] for row in last),
    ]
    worst = [[str(row), f"{row + 0.5}", "0", f"{row + 0.5}"] for row in (20, 19, 18)]
    assert found["Highest mae"] == worst


def test_where_no_row_is_left_out_the_worst_are_seen_anyway(run: Run) -> None:
    ten = sections(run("eval", "p10.npy", "t10.npy", "--loss=mae").out)
    assert list(ten) == ["Per-sample loss", "Loss(W)"]
    assert [row[0] for row in ten["Per-sample loss"]] == list(map(str, range(1, 11)))
    eleven = sections(run("eval", "p11.npy", "t11.npy", "--loss=mae").out)
    shown = "Per-sample loss, 10 of 11 rows"
    assert list(eleven) == [shown, "Highest mae", "Loss(W)"]
    assert [row[0] for row in eleven[shown]] == [*"12345", "…", *("7", "8", "9", "10", "11")]
    assert eleven[shown][5] == ["…", "…"]


@pytest.mark.parametrize(
    ("options", "titles", "worst"),
    [
        (["--rows=all"], ["Per-sample loss", "Loss(W)"], 0),
        (["--rows=0"], ["Loss(W)"], 0),
        (["--rows=20"], ["Per-sample loss", "Loss(W)"], 0),
        (["--rows=4"], ["Per-sample loss, 4 of 20 rows", "Highest mae", "Loss(W)"], 3),
        (["--worst=0"], ["Per-sample loss, 10 of 20 rows", "Loss(W)"], 0),
        (["--worst=5"], ["Per-sample loss, 10 of 20 rows", "Highest mae", "Loss(W)"], 5),
        (["--worst=2", "--rows=all"], ["Per-sample loss", "Highest mae", "Loss(W)"], 2),
        (["--worst=2", "--rows=0"], ["Highest mae", "Loss(W)"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_what_is_asked_for(run: Run, options: list[str], titles: list[str], worst: int) -> None:
    found = sections(run(*EVAL, *options).out)
    assert list(found) == titles
    assert len(found.get("Highest mae", [])) == worst


def test_markdown_has_the_same(run: Run) -> None:
    text = run(*EVAL, "--format=md").out
    assert re.findall("^### (.*)", text, re.MULTILINE) == [
        *("Loss(W)", "Highest mae", "Per-sample loss, 10 of 20 rows")
    ]
    assert "| 20 | 20.5 | 0 | 20.5 |\n| 19 | 19.5 | 0 | 19.5 |\n| 18 | 18.5 | 0 | 18.5 |\n" in text
    assert "| 5 | 5.5 |\n| ... | ... |\n| 16 | 16.5 |\n" in text


def test_programs_are_given_the_worst_only_if_they_ask(run: Run) -> None:
    assert "worst" not in json.loads(run(*EVAL, "--format=json").out)
    assert len(json.loads(run(*EVAL, "--format=json", "--worst=3").out)["worst"]) == 3
    for form in ("tsv", "csv", "jsonl"):
        assert len(run(*EVAL, "--format", form).out.splitlines()) == 20 + (form != "jsonl")
    assert run(*EVAL, "-q").out == "11.0\n"


def test_six_digits_in_files_as_well_and_all_on_request(run: Run, write: Write) -> None:
    write({"p.npy": np.array([1 / 3, 2e-5 / 3, 1e9 / 7]), "t.npy": np.zeros(3)})
    folder = write({})
    for name, pattern in (("a.txt", " {0}\n"), ("a.md", "| {0} |\n")):
        for digits, cells in (
            ([], ("0.333333", "6.66667e-06", "1.42857e+08")),
            (["--digits=2"], ("0.33", "6.7e-06", "1.4e+08")),
            (["--digits=full"], (repr(1 / 3), repr(2e-5 / 3), repr(1e9 / 7))),
        ):
            assert run(*EVAL, "-o", name, *digits).out == ""
            text = re.sub(" +\n", "\n", (folder / name).read_text())
            assert all(pattern.format(cell) in text for cell in cells), text
    assert run(*EVAL, "-q").out == f"{(1 / 3 + 2e-5 / 3 + 1e9 / 7) / 3!r}\n"
    assert f"1\t{1 / 3!r}\n" in run(*EVAL, "-ftsv").out


def test_the_column_of_skipped_rows_is_there_if_there_are_some(run: Run, write: Write) -> None:
    write({"p.npy": np.array([1.0, np.nan, 2.0])})
    write({"t.npy": np.zeros(3)})
    header = run(*EVAL, "--nan=skip").out.partition("\n\nLoss(W)\n")[2].splitlines()
    names = [*("loss", "Loss(W)", "standard", "error", "min", "max", "n", "skipped", "k")]
    assert (header[0].split(), header[2].split()[-3:]) == (names, ["2", "1", "1"])
    write({"p.npy": np.ones(3)})
    assert "skipped" not in run(*EVAL, "--nan=skip").out


def test_one_sample_has_no_column_for_its_standard_error(run: Run, write: Write) -> None:
    write({"p.npy": np.array([1.0]), "t.npy": np.zeros(1)})
    assert "standard error" not in run(*EVAL).out
    assert "standard error" in run("eval", "p10.npy", "t10.npy", "--loss=mae").out


@pytest.mark.parametrize("format_", ["tsv", "csv", "jsonl"])
def test_no_other_rows_beside_the_worst_are_rows_of_the_worst_alone(run: Run, format_: str) -> None:
    alone = run(*EVAL, "--worst", "2", "-f", format_)
    beside = run(*EVAL, "--worst", "2", "--rows", "0", "-f", format_)
    assert (beside.code, beside.out) == (0, alone.out)
    refused = run(*EVAL, "--worst", "2", "--rows", "1", "-f", format_)
    assert (refused.code, refused.out) == (2, "")
