"""Tables that are too wide: dense, turned or folded, and never with a number or a word broken."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from conftest import Run, RunOnTerminal, Write
from hypothesis import given
from hypothesis import strategies as st
from samples import examples, plain

from lossctl.renderers import FORMATS, View
from lossctl.renderers.sections import Page, Section, number

HEADER = ["name", "rule", "value", "limit", "%"]
ROWS = [
    ["a", "max-loss", "0.5", "12.25", "-"],
    ["bb", "max-loss", "1234.125", "0.001", "+5"],
    ["ccc", "rows", "7", "-", "-1.5"],
    ["d", "rows", "8", "-", "-"],
]
FOUR = Section("T", HEADER, ROWS, text_columns=["name", "rule"])
THREE = FOUR._replace(rows=ROWS[:3])
widths = pytest.mark.parametrize("width", [40, 60, 80])


def drawn(section: Section, width: int | None, **view: Any) -> list[str]:
    text = FORMATS["table"].load()(Page([section]), View(6, width, **view))
    return str(text).splitlines()


def test_the_points_stand_under_one_another_where_there_is_room() -> None:
    wide = [
        "T",
        "name   rule          value    limit      %",
        "──────────────────────────────────────────",
        "a      max-loss      0.5     12.25     -",
        "bb     max-loss   1234.125    0.001   +5",
        "ccc    rows          7        -       -1.5",
        "d      rows          8        -        -",
    ]
    assert drawn(FOUR, None) == drawn(FOUR, 42) == drawn(FOUR, 80) == wide


def test_dense() -> None:
    assert drawn(FOUR, 38) == [
        "T",
        "name  rule         value   limit     %",
        "──────────────────────────────────────",
        "a     max-loss     0.5    12.25    -",
        "bb    max-loss  1234.125   0.001  +5",
        "ccc   rows         7       -      -1.5",
        "d     rows         8       -       -",
    ]


def test_before_a_table_is_turned_its_points_may_stand_anywhere() -> None:
    assert drawn(THREE, 37) == [
        "T",
        "name  rule         value  limit     %",
        "─────────────────────────────────────",
        "a     max-loss       0.5  12.25     -",
        "bb    max-loss  1234.125  0.001    +5",
        "ccc   rows             7      -  -1.5",
    ]
    assert drawn(THREE, 36)[1] == "name rule        value limit    %"


def test_few_rows_are_turned_if_that_is_narrower() -> None:
    two = THREE._replace(rows=THREE.rows[:2])
    assert drawn(two, 27) == [
        "T",
        "name           a         bb",
        "───────────────────────────",
        "rule    max-loss   max-loss",
        "value        0.5   1234.125",
        "limit      12.25      0.001",
        "%              -         +5",
    ]
    assert drawn(two._replace(gap=1), 27)[1].split() == HEADER[:3]


def test_several_tables_go_on_with_the_rows_that_have_more_and_say_which_they_are() -> None:
    assert drawn(FOUR, 30) == [
        "T",
        "name  rule         value",
        "────────────────────────",
        "a     max-loss     0.5",
        "bb    max-loss  1234.125",
        "ccc   rows         7",
        "d     rows         8",
        "",
        "name   limit     %",
        "──────────────────",
        "a     12.25    -",
        "bb     0.001  +5",
        "ccc    -      -1.5",
    ]
    assert [line for line in drawn(FOUR, 20) if line.startswith("name")] == [
        *("name  rule", "name     value", "name   limit     %")
    ]


WIDE = ["verdict", "name", "loss", "rule", "value", "limit", "baseline", "delta"]
TOGETHER = [("value", "limit"), ("baseline", "delta")]
NUMBERS = ["0.16748512", "0.24650919", "0.24650919", "-0.0790240"]


def verdicts(*rows: tuple[str, str, str]) -> Section:
    words = WIDE[:4]
    cells = [["pass", *row, *NUMBERS] for row in rows]
    return Section("T", WIDE, cells, text_columns=words, together=TOGETHER)


def headers(section: Section, width: int) -> list[list[str]]:
    lines = drawn(section, width)
    assert max(map(len, lines)) <= width
    return [above.split() for above, line in pairwise(lines) if set(line) == {"─"}]


ONE = verdicts(("digits", "ce", "max-loss"), ("digits", "mae", "max-loss"), ("digits", "-", "rows"))
ONE = ONE._replace(rows=[*ONE.rows, *verdicts(("digits", "ce", "max-increase")).rows])
SEVERAL = verdicts(*((name, "ce", rule) for name in ("a", "b") for rule in ("max-loss", "rows")))


def test_columns_that_are_read_together_stay_beside_one_another() -> None:
    first, more = [*WIDE[:4], "value", "limit"], ["baseline", "delta"]
    assert headers(ONE, 60) == [first, ["loss", "rule", *more]]
    assert headers(SEVERAL, 60) == [first, ["name", "rule", *more]]
    others = ONE._replace(together=[("limit", "baseline")])
    assert headers(others, 60) == [WIDE[:5], ["loss", "rule", *WIDE[5:]]]


def test_a_table_that_is_folded_says_again_which_row_is_which_as_shortly_as_it_can() -> None:
    assert headers(ONE, 40) == [WIDE[:4], *(["loss", "rule", *two] for two in TOGETHER)]
    assert headers(SEVERAL, 40) == [WIDE[:4], *(["name", "rule", *two] for two in TOGETHER)]


def test_long_names_are_shortened_so_that_each_fold_has_them() -> None:
    names = [f"{kind}-resnet-on-the-test-set" for kind in ("small", "large", "other", "fourth")]
    several = verdicts(*((name, "ce", "rows") for name in names))
    assert headers(several, 40)[1:] == [["name", *two] for two in TOGETHER]


def test_columns_are_parted_where_they_have_no_room_together() -> None:
    assert headers(ONE, 30)[-4:] == [["loss", "rule", name] for name in WIDE[4:]]


def test_a_turned_table_keeps_the_colours_of_its_first_column() -> None:
    two = FOUR._replace(rows=ROWS[:2], styles={"bb": "red"})
    lines = drawn(two, 27, color=True)
    assert lines[3].startswith("rule ")  # it is turned
    assert [re.findall(r"\x1b\[[0-9;]*31m *(\w+)", line) for line in lines[:2]] == [[], ["bb"]]


def test_a_table_that_does_not_turn_keeps_its_first_column_where_it_has_few_rows() -> None:
    two = ONE._replace(rows=ONE.rows[:2], turns=False)
    assert headers(ONE._replace(rows=ONE.rows[:2]), 60) == [["verdict", "pass", "pass"]]
    assert headers(two, 60) == [[*WIDE[:4], "value", "limit"], ["loss", "baseline", "delta"]]


def test_sentences_below_are_folded_between_words() -> None:
    sentence = "mae: sum of absolute differences; mean_absolute_error is x 1/3 of it"
    assert drawn(FOUR._replace(below=[sentence]), None)[-1] == sentence
    lines = drawn(FOUR._replace(below=[sentence]), 40)[-2:]
    assert lines == ["mae: sum of absolute differences;", "  mean_absolute_error is x 1/3 of it"]


@pytest.mark.parametrize("ascii", [False, True])
def test_a_word_that_takes_over_half_is_shortened_in_its_middle(ascii: bool) -> None:  # noqa: A002
    name, dots = "checkpoints/2026-01-31/model-17.csv", "..." if ascii else "…"
    section = Section("T", ["name", "value"], [[name, "0.5"], ["b", "1"]], text_columns=["name"])
    assert name in drawn(section, None, ascii=ascii)[3 + ascii]
    assert name in drawn(section, 80, ascii=ascii)[3 + ascii]
    line = drawn(section, 40, ascii=ascii)[3 + ascii]
    short = line.strip("|").split()[0]
    first, last = short.split(dots)
    assert name.startswith(first)
    assert name.endswith(last)
    assert 18 <= len(short) <= 20
    assert "0.5" in line


@pytest.mark.parametrize("width", [40, 50])
def test_names_that_differ_in_their_middle_are_told_apart(width: int) -> None:
    names = [f"resnet-{kind}-on-the-test-set" for kind in ("small", "large", "other", "fourth")]
    rows = [[name, "max-loss", "0.125", "0.25", "-1.5"] for name in names]
    lines = drawn(FOUR._replace(rows=rows), width)
    shown = {line.split()[0] for line in lines if "max-loss" in line}
    assert len(shown) == len(names)


def test_columns_that_are_empty_are_left_out_and_the_first_stays() -> None:
    rows = [["-", "", "-", "1", "-"], ["-", "-", "-", "2", ""]]
    assert drawn(FOUR._replace(rows=rows), None)[1].split() == ["name", "limit"]
    assert drawn(FOUR._replace(rows=[[*row[:3], "", "-"] for row in rows]), 80)[1] == "name"
    markdown = FORMATS["md"].load()(Page([FOUR._replace(rows=rows)]), View(6))
    assert "| name | limit |\n| :--- | ---: |\n| - | 1 |\n| - | 2 |\n" in markdown


# Whatever the numbers are.

floats = st.floats(allow_nan=False, allow_infinity=False)
cells = st.one_of(floats.map(lambda x: number(x, 6)), st.integers(0, 10**6).map(str), st.just("-"))
words = st.text("abcdefgh-_", min_size=1, max_size=12).filter(lambda text: text != "-")


def tokens(lines: list[str]) -> Counter[str]:
    words = (word for line in lines for word in line.split())
    return Counter(word for word in words if set(word) != {"─"})


@examples
@given(
    st.lists(st.tuples(words, words, cells, cells, cells, cells, cells), min_size=1, max_size=6),
    st.sampled_from([40, 60, 80]),
    st.booleans(),
)
def test_no_number_and_no_word_is_broken(
    rows: list[tuple[str, ...]], width: int, gap: bool
) -> None:
    header = ["loss", "rule", "Loss(W)", "standard-error", "min", "max", "n"]
    left_out = len(rows) // 2 if gap else None
    section = Section("T", header, list(map(list, rows)), left_out, text_columns=header[:2])
    lines = drawn(section, width)
    assert max(map(len, lines)) <= width
    whole, found = tokens(drawn(section, None)[1:]), tokens(lines[1:])
    whole.pop("-", None)  # rows that have nothing else are left out below the first table
    assert whole <= found
    again = {word for row in rows for word in row[:2]} | {
        "loss",
        "rule",
        "…",
        "-",
    }  # of each table below the first one
    assert set(found - whole) <= again


@examples
@given(st.lists(st.tuples(words, cells, cells), min_size=1, max_size=8))
def test_the_points_of_any_column_are_in_one_place(rows: list[tuple[str, ...]]) -> None:
    section = Section("T", ["a", "b", "c"], list(map(list, rows)), text_columns=["a"])
    pointed = section.pointed()
    for before, after in zip(section.rows, pointed.rows, strict=True):
        assert [cell.rstrip(" ") for cell in after] == before
        assert after[0] == before[0]
    for column in (1, 2):
        if any("e" in row[column] for row in section.rows):  # a point says nothing then
            assert [row[column] for row in pointed.rows] == [row[column] for row in section.rows]
            continue
        ends = [
            len(row[column]) - row[column].index(".") for row in pointed.rows if "." in row[column]
        ]
        assert len(set(ends)) <= 1
        integers = [row[column] for row in pointed.rows if "." not in row[column]]
        assert all(len(cell) - len(cell.rstrip(" ")) == max(ends, default=0) for cell in integers)


# The program itself.


@pytest.mark.parametrize("width", [40, 60, 72, 80, 90, 120])
def test_the_verdict_of_a_check_is_the_first_column_at_any_width(
    run: Run, write: Write, width: int
) -> None:
    name = "models/regression/predictions-of-the-week.csv"
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0.25\n0\n", "b.csv": "y\n1\n2.5\n"})
    check = ("t.csv", "--loss=mse", f"--name={name}", "--baseline=b.json")
    assert run("check", "b.csv", *check, "--update-baseline").code == 0
    outcome = run("check", "p.csv", *check, "--max-loss=9", env={"COLUMNS": str(width)})
    lines = outcome.out.splitlines()
    assert max(map(len, lines)) <= width
    assert lines[1].split()[:2] == ["verdict", "name"]
    assert [line.split()[0] for line in lines[3:5]] == ["pass", "pass"]


CLASSES = ["a_class_with_a_long_name", "b", "c"]


@pytest.fixture
def tables(write: Write) -> None:
    rows = [(0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.25, 0.25, 0.5)] * 8
    text = "\n".join(",".join(map(str, row)) for row in rows)
    labels = "\n".join(CLASSES[i % 3] for i in range(24))
    write({"p.csv": f"{','.join(CLASSES)}\n{text}\n", "t.csv": f"label\n{labels}\n"})


EVAL = ("eval", "p.csv", "t.csv", "--loss=ce,mae,mse")


@widths
@pytest.mark.usefixtures("tables")
def test_a_pipe_with_columns_and_a_terminal_show_the_same(
    run: Run, run_on_terminal: RunOnTerminal, width: int
) -> None:
    piped = run(*EVAL, env={"COLUMNS": str(width)})
    shown = run_on_terminal(*EVAL, columns=width)
    assert (piped.code, piped.err) == (0, "")
    assert plain(shown.out) == piped.out
    assert max(map(len, piped.out.splitlines())) <= width
    whole = Counter(re.findall(r"-?\d+\.\d+(?:e[+-]\d+)?", run(*EVAL).out))
    assert whole == Counter(re.findall(r"-?\d+\.\d+(?:e[+-]\d+)?", piped.out))


@pytest.mark.usefixtures("tables")
def test_without_columns_a_pipe_is_never_folded(run: Run) -> None:
    text = run(*EVAL).out
    assert max(map(len, text.splitlines())) > 80
    assert "loss   Loss(W)   standard error" in re.sub(" {3,}", "   ", text)
    for columns in ("", "0", "x"):
        assert run(*EVAL, env={"COLUMNS": columns}).out == text


@widths
@pytest.mark.usefixtures("tables")
def test_formats_for_programs_are_never_folded(run: Run, width: int) -> None:
    for form in ("tsv", "csv", "json", "jsonl", "md"):
        arguments = (*EVAL, "--format", form)
        assert run(*arguments, env={"COLUMNS": str(width)}) == run(*arguments)


@pytest.mark.parametrize("width", [40, 60])
def test_where_a_name_is_cut_a_line_says_so(run: Run, write: Write, width: int) -> None:
    names = [f"a-class-whose-name-is-very-long-{number}" for number in ("one", "two")]
    write(
        {"p.csv": f"{','.join(names)}\n0.5,0.5\n0.5,0.5\n", "t.csv": f"l\n{names[0]}\n{names[1]}\n"}
    )
    worst = ("eval", "p.csv", "t.csv", "--loss", "ce", "--rows", "0", "--worst", "2")
    cut = run(*worst, env={"COLUMNS": str(width)}).out
    assert " ".join(cut.split()).endswith(
        "… in a word stands for what had no room; COLUMNS=200 makes room"
    )
    assert max(map(len, cut.splitlines())) <= width
    for env in ({"COLUMNS": "200"}, {}):
        whole = run(*worst, env=env).out
        assert names[0] in whole
        assert "had no room" not in whole
