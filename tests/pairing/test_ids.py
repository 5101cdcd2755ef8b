"""Pairing by id, as the user of the command sees it."""

import json
import re
from pathlib import Path

import pytest
from conftest import Content, Run, Write
from samples import refuse

import lossctl

INPUTS = Path(__file__).resolve().parents[2] / "docs" / "inputs.md"
ODD = 'id,y\n"=1+1",1\n"x\ny",2\n"a,b",3\n"q""q",4\n-5,5\n@c,6\n"t\tb",7\n[red]z|,8\n'
ZEROS = "id,y\n" + "".join(f"{cell},0\n" for cell in ["=1+1", '"x\ny"', '"a,b"', '"q""q"'])
ZEROS += '-5,0\n@c,0\n"t\tb",0\n[red]z|,0\n'
BY_ID = ("p.csv", "t.csv", "--loss", "mae", "--id", "id")
ONCE = (
    "\nlossctl: hint: to leave out rows that repeat a sample, value for value, and count "
    "them, pass "
    "--repeated-ids first"
)
HINT = "\nlossctl: hint: to evaluate the ids in both, and count the others, pass --missing present"
TEXT = "\nlossctl: hint: ids are text: '1' is neither '01' nor '1.0'"


def test_another_order_gives_the_same_number(write: Write, run: Run) -> None:
    write({"p.csv": "id,y\na,1\nb,2\nc,4\n", "t.csv": "id,y\nc,4\na,0\nb,0\n"})
    outcome = run("eval", *BY_ID, "-f", "tsv")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "row\tid\tmae\n1\ta\t1.0\n2\tb\t2.0\n3\tc\t0.0\n"
    (loss,) = json.loads(run("eval", *BY_ID, "-f", "json").out)["losses"]
    assert "paired=id" in loss["signature"].split("|")


DIFFERENT = {"zero": ("01", "1"), "point": ("1.0", "1"), "space": (" 1", "1"), "case": ("A", "a")}


@pytest.mark.parametrize("ids", DIFFERENT.values(), ids=DIFFERENT)
def test_ids_are_text(write: Write, run: Run, ids: tuple[str, str]) -> None:
    folder = write({"p.csv": f"id,y\n{ids[0]},1\n", "t.csv": f"id,y\n{ids[1]},1\n"}).parent
    said = f"1 id only in p.csv: '{ids[0]}'; 1 id only in t.csv: '{ids[1]}'{TEXT}"
    if ids[0] == "1.0":
        said += '; write those of p.csv as integers, in pandas with .astype("Int64"), which '
        said += "missing values do not make floats of"
    refuse(run, folder, said, *BY_ID)


def test_ids_without_partner_are_counted_and_five_are_shown(write: Write, run: Run) -> None:
    ours = "".join(f"p{number},1\n" for number in range(8))
    folder = write({"p.csv": f"id,y\n{ours}u,1\n", "t.csv": "id,y\nu,1\nt,1\n"}).parent
    message = "8 ids only in p.csv: 'p0', 'p1', 'p2', 'p3', 'p4', ...; 1 id only in t.csv: 't'"
    refuse(run, folder, message + HINT, *BY_ID)
    refuse(run, folder, message + HINT, *BY_ID, "--missing", "strict")


def test_present_evaluates_the_common_ids_and_says_so(write: Write, run: Run) -> None:
    write({"p.csv": "id,y\na,1\nb,2\nc,5\n", "t.csv": "id,y\nz,0\nc,0\ny,0\na,0\n"})
    outcome = run("eval", *BY_ID, "--missing", "present", "-f", "json")
    report = json.loads(outcome.out)
    assert (outcome.code, report["n"], report["losses"][0]["mean"]) == (0, 2, 3.0)
    assert report["unpaired"] == {"predictions": 1, "targets": 2}
    assert "missing=present(1,2)" in report["losses"][0]["signature"].split("|")
    assert outcome.err == (
        "lossctl: warning: 1 row of p.csv left out, with an id that "
        "the other table lacks: 2 evaluated\n"
        "lossctl: warning: 2 rows of t.csv left out, with an id that "
        "the other table lacks: 2 evaluated\n"
    )


REFUSED: dict[str, tuple[dict[str, Content], str]] = {
    "none-in-common": (
        {"p.csv": "id,y\na,1\n", "t.csv": "id,y\nb,1\n"},
        "no sample is left: the two tables have no id in common",
    ),
    "twice-in-predictions": (
        {"p.csv": "id,y\na,1\nb,1\na,1\n", "t.csv": "id,y\na,1\nb,1\n"},
        f"p.csv:2 and p.csv:4 have the same id{ONCE}",
    ),
    "twice-in-targets": (
        {"p.csv": "id,y\na,1\nb,1\n", "t.csv": "id,y\na,1\nb,1\nb,1\n"},
        f"t.csv:3 and t.csv:4 have the same id{ONCE}",
    ),
    "twice-in-both": (
        {"p.csv": "id,y\na,1\nb,1\na,1\n", "t.csv": "id,y\na,1\nb,1\na,1\n"},
        f"p.csv:2 and p.csv:4 have the same id{ONCE}",
    ),
    "empty": (
        {"p.csv": "id,y\na,1\n,1\n", "t.csv": "id,y\na,1\n,1\n"},
        'p.csv:3: column "id": an empty cell is no id',
    ),
    "too-long": (
        {"p.csv": f"id,y\n{'x' * 257},1\n", "t.csv": "id,y\na,1\n"},
        'p.csv:2: column "id": an id of 257 bytes is too long: 256 is the most',
    ),
}


@pytest.mark.parametrize(("files", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_even_where_only_common_ids_are_wanted(
    write: Write, run: Run, files: dict[str, Content], message: str
) -> None:
    refuse(run, write(files).parent, message, *BY_ID, "--missing", "present")


def test_null_is_no_id_in_json(write: Write, run: Run) -> None:
    lines = '{"id": "a", "y": 1}\n{"id": null, "y": 1}\n'
    write({"p.jsonl": lines, "t.jsonl": lines})
    outcome = run("eval", "p.jsonl", "t.jsonl", "--loss", "mae", "--id", "id")
    expected = 'lossctl: error: p.jsonl:2: column "id": null is no id\n'
    assert (outcome.code, outcome.out, outcome.err) == (3, "", expected)


@pytest.mark.parametrize("format_", ["table", "tsv", "jsonl"])
def test_an_id_that_is_no_utf8_is_refused_in_files_of_any_size(
    write: Write, run: Run, format_: str
) -> None:
    rows = b"".join(b"n%d,0.%s\n" % (number, b"5" * 200) for number in range(45_000))
    assert len(rows) > 1 << 23  # the fast reader's
    write({"p.csv": b"id,y\n" + rows + b"\xff,1\n", "t.csv": b"id,y\n" + rows + b"\xff,1\n"})
    outcome = run("eval", *BY_ID, "-f", format_)
    assert outcome.code == 3
    assert "p.csv:45002: column \"id\": '\\xff' is not UTF-8" in outcome.err


USAGE = {
    "no-such-column": (
        ["--id", "ID"],
        "--id: p.csv has no column 'ID'\nlossctl: hint: did you mean 'id'?",
    ),
    "missing-without-id": (
        ["--missing", "present"],
        "--missing present needs --id or --index align: rows without ids have no partners",
    ),
    "unknown-policy": (
        ["--id", "id", "--missing", "all"],
        "--missing 'all': one of strict, present",
    ),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE)
def test_usage(write: Write, run: Run, options: list[str], message: str) -> None:
    write({"p.csv": "id,y\na,1\n", "t.csv": "id,y\na,1\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", *options)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"lossctl: error: {message}\n")


def test_the_documentation_states_the_cost_of_another_order(run: Run) -> None:
    words = " ".join(INPUTS.read_text().split())
    assert "In one order this takes flat memory" in words
    assert "for each row 8 bytes a component, twice the longest id, and some 60 bytes" in words
    assert "`--help` says what others cost" not in words
    assert re.search(
        "\n  --id NAME +Pair rows by this column of both files\n", run("eval", "--help").out
    )


# Every output carries the id, and none obeys it.


ROWS = {
    "tsv": 'row\tid\tmae\n1\t\'=1+1\t1.0\n2\t"x\ny"\t2.0\n3\ta,b\t3.0\n4\t"q""q"\t4.0\n'
    '5\t-5\t5.0\n6\t\'@c\t6.0\n7\t"t\tb"\t7.0\n8\t[red]z|\t8.0\n',
    "csv": 'row,id,mae\n1,\'=1+1,1.0\n2,"x\ny",2.0\n3,"a,b",3.0\n4,"q""q",4.0\n'
    "5,-5,5.0\n6,'@c,6.0\n7,t\tb,7.0\n8,[red]z|,8.0\n",
}
SHOWN = {
    "table": ["=1+1", "x\\x0ay", "a,b", 'q"q', "-5", "@c", "t\\x09b", "[red]z|"],
    "md": ["=1+1", "x\\\\x0ay", "a,b", 'q"q', "-5", "@c", "t\\\\x09b", "\\[red\\]z\\|"],
}
RAW = ["=1+1", "x\ny", "a,b", 'q"q', "-5", "@c", "t\tb", "[red]z|"]


@pytest.mark.parametrize("format_", ROWS)
def test_rows_carry_ids_that_no_spreadsheet_obeys(write: Write, run: Run, format_: str) -> None:
    write({"p.csv": ODD, "t.csv": ZEROS})
    assert run("eval", *BY_ID, "-f", format_).out == ROWS[format_]
    run("eval", *BY_ID, "-q", "--per-sample", f"rows.{format_}")
    assert run("eval", *BY_ID, "-o", f"out.{format_}").code == 0


@pytest.mark.parametrize("format_", SHOWN)
def test_tables_show_ids(write: Write, run: Run, format_: str) -> None:
    write({"p.csv": ODD, "t.csv": ZEROS})
    out = run("eval", *BY_ID, "-f", format_, "--worst", "8").out
    for cell in SHOWN[format_]:
        assert out.count(f" {cell} ") == 2  # among the samples, and among the worst


def test_json_carries_ids_as_they_are(write: Write, run: Run) -> None:
    write({"p.csv": ODD, "t.csv": ZEROS})
    lines = run("eval", *BY_ID, "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == RAW
    report = json.loads(run("eval", *BY_ID, "-f", "json", "--worst", "9").out)
    assert [sample["id"] for sample in report["worst"]] == RAW[::-1]


def test_an_id_that_comes_twice_is_an_error_of_the_second_row(write: Write) -> None:
    p = write({"t.csv": "id,y\na,0\nb,0\na,0\n", "p.csv": "id,y\na,0\nb,0\na,0\n"})
    with pytest.raises(lossctl.DataError) as twice:
        lossctl.evaluate(p, p.with_name("t.csv"), id="id", loss="mae")
    error = twice.value
    assert (error.file, error.line) == (str(p), 4)
    assert error.message == str(error) == f"{p}:2 and {p}:4 have the same id"


def test_a_report_names_the_column_of_the_ids(run: Run, write: Write) -> None:
    write({"p.csv": "key,y\na,1\n", "t.csv": "key,y\na,0\n"})
    by_id = json.loads(
        run("eval", "p.csv", "t.csv", "--loss", "mae", "--id", "key", "-f", "json").out
    )
    assert by_id["id_column"] == "key"
    columns = ("--pred-cols", "y", "--target-col", "y")
    plain = run("eval", "p.csv", "t.csv", "--loss", "mae", *columns, "-f", "json")
    assert "id_column" not in json.loads(plain.out)
