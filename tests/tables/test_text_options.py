"""Text files that need to be told about: encodings, comments, decimal commas, true and false."""

import json

import numpy as np
import pytest
from conftest import Content, Outcome, Run, Write
from samples import refuse

import lossctl

MAE = ("--loss", "mae")
TABLE = "a,b\n3,1\n1,0\n"
ZEROS = np.zeros((2, 2))
SUM = "2.5\n"

ENCODINGS = {
    "utf-16": ("ä,b\n3,1\n1,0\n".encode("utf-16"), "utf-16"),
    "utf-16-le-with-BOM": (b"\xff\xfe" + TABLE.encode("utf-16-le"), "utf-16"),
    "latin-1": ("ä,b\n3,1\n1,0\n".encode("latin-1"), "latin-1"),
    "cp1252": ("€,b\r\n3,1\r\n1,0\r\n".encode("cp1252"), "cp1252"),
    "shift-jis": ("猫,b\n3,1\n1,0\n".encode("shift_jis"), "shift_jis"),
    "utf-8": (TABLE.encode(), "utf8"),
}


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_encoding(run: Run, write: Write, content: bytes, encoding: str) -> None:
    write({"p.csv": content, "t.npy": ZEROS})
    outcome = run("eval", "p.csv", "t.npy", *MAE, "-q", "--encoding", encoding)
    assert outcome == Outcome(0, SUM, "")


def test_wrong_encoding(run: Run, write: Write) -> None:
    folder = write({"p.csv": b"a,b\n3,1\n\xff,0\n", "t.npy": ZEROS}).parent
    message = "p.csv: not utf-8: invalid start byte at byte 8"
    refuse(run, folder, message, "p.csv", "t.npy", *MAE, "--encoding", "utf-8")


def test_unknown_encoding(run: Run, write: Write) -> None:
    write({"p.csv": TABLE, "t.npy": ZEROS})
    for name in ("klingon", "base64", "hex", ""):
        outcome = run("eval", "p.csv", "t.npy", *MAE, "--encoding", name)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith(
            f"lossctl: error: --encoding: no encoding is called '{name}'\nlossctl: hint: such as "
        )


OFFSETS = {
    "LF": (b"a,b\n3,1\n1,x\xff\n", 3, 11),
    "CRLF": (b"a,b\r\n3,1\r\n1,x\xff\r\n", 3, 13),
    "BOM": (b"\xef\xbb\xbfa,b\n3,1\n1,x\xff\n", 3, 14),
    "comment": (b"# n\na,b\n3,1\n1,x\xff\n", 4, 15),
    "same-cell-above": (b"a,b\n3,1\n1,\xff\n", 3, 10),
}


@pytest.mark.parametrize(("content", "line", "offset"), OFFSETS.values(), ids=OFFSETS)
def test_invalid_utf8_is_located(
    run: Run, write: Write, content: bytes, line: int, offset: int
) -> None:
    write({"p.csv": content, "t.npy": ZEROS})
    outcome = run("eval", "p.csv", "t.npy", *MAE, "--comment", "#")
    assert content[offset] == 0xFF
    assert (outcome.code, outcome.out) == (3, "")
    where = f'lossctl: error: p.csv:{line}: column "b": '
    assert outcome.err.startswith(where)
    assert f"is not UTF-8: byte 0xff at offset {offset}\nlossctl: hint: " in outcome.err


COMMENTS = {
    "one": "# n\na,b\n3,1\n1,0\n",
    "several-with-quotes": "# it's\n# \"open\n#\na,b\n3,1\n1,0\n",
    "CRLF": "# n\r\na,b\r\n3,1\r\n1,0\r\n",
    "CR": "# n\ra,b\r3,1\r1,0\r",
    "without-a-header": "# n\n3,1\n1,0\n",
    "none": TABLE,
    "BOM": "\ufeff# n\na,b\n3,1\n1,0\n",
}


@pytest.mark.parametrize("content", COMMENTS.values(), ids=COMMENTS)
def test_comments_above_the_first_row(run: Run, write: Write, content: str) -> None:
    write({"p.csv": content, "t.npy": ZEROS})
    assert run("eval", "p.csv", "t.npy", *MAE, "-q", "--comment", "#") == Outcome(0, SUM, "")


def test_a_comment_is_never_passed_over_unasked(run: Run, write: Write) -> None:
    folder = write({"p.csv": "# n\n3,1\n1,0\n", "t.npy": ZEROS}).parent
    message = (
        "p.csv:1: the first line starts with '#': is it a comment, or the header?\n"
        "lossctl: hint: pass "
        "--comment '#' to pass over such lines (and --classes A,B to name the columns), or "
        "--header if the first name does start with it"
    )
    refuse(run, folder, message, "p.csv", "t.npy", *MAE)
    write({"p.csv": "#a,b\n3,1\n1,0\n"})
    assert run("eval", "p.csv", "t.npy", *MAE, "-q", "--header") == Outcome(0, SUM, "")


def test_a_comment_below_the_first_row_is_an_error(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n3,1\n# n,x\n1,0\n", "t.npy": ZEROS})
    outcome = run("eval", "p.csv", "t.npy", *MAE, "--comment", "#")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.csv:3: column \"a\": '# n' is not a number\n")


DECIMALS = {
    "semicolon": ("a;b\n2,5;1,5\n1;0\n", []),
    "semicolon-without-header": ("2,5;1,5\n1;0\n", []),
    "tab": ("a\tb\n2,5\t1,5\n1\t0\n", []),
    "spaces": ("2,5  1,5\n1 0\n", []),
    "quoted": ('"a";"b"\n"2,5";"1,5"\n"1";"0"\n', []),
    "told": ("2,5|1,5\n1|0\n", ["--delimiter", "|"]),
}


@pytest.mark.parametrize(("content", "options"), DECIMALS.values(), ids=DECIMALS)
def test_decimal_comma(run: Run, write: Write, content: str, options: list[str]) -> None:
    write({"p.csv": content, "t.npy": ZEROS})
    outcome = run("eval", "p.csv", "t.npy", *MAE, "-q", "--decimal", ",", *options)
    assert outcome == Outcome(0, SUM, "")


@pytest.mark.parametrize("cell", ["2.5", "1.000,5", "1,000,5", ","])
def test_no_decimal_comma(run: Run, write: Write, cell: str) -> None:
    folder = write({"p.csv": f"a;b\n0;0\n{cell};0\n", "t.npy": ZEROS}).parent
    message = f"p.csv:3: column \"a\": '{cell}' is not a number with a decimal comma"
    if cell == "2.5":
        message += (
            "\nlossctl: hint: if only the targets have decimal points, pass --targets-decimal . "
            "too; if only the predictions have them, pass --targets-decimal , alone"
        )
    elif "." in cell:
        message += (
            "\nlossctl: hint: where --decimal , is passed a point is never dropped: "
            "write no thousands separator"
        )
    refuse(run, folder, message, "p.csv", "t.npy", *MAE, "--decimal", ",")


def test_a_comma_cannot_be_both(run: Run, write: Write) -> None:
    write({"p.csv": TABLE, "t.npy": ZEROS})
    outcome = run("eval", "p.csv", "t.npy", *MAE, "--decimal", ",", "--delimiter", ",")
    assert outcome == Outcome(2, "", "lossctl: error: --decimal is . or , and not the delimiter\n")


BOOLEANS: dict[str, Content] = {
    "pandas": "cat,dog\nTrue,False\nFalse,True\n",
    "R": "cat,dog\nTRUE,FALSE\nFALSE,TRUE\n",
    "lower-case": "cat,dog\ntrue,false\nfalse,true\n",
    "NPY": np.array([[True, False], [False, True]]),
    "one-column-boolean": "cat,dog\n1,False\n0,True\n",
}


@pytest.mark.parametrize("targets", BOOLEANS.values(), ids=BOOLEANS)
def test_boolean_targets_are_0_and_1(run: Run, write: Write, targets: Content) -> None:
    name = "t.csv" if isinstance(targets, str) else "t.npy"
    write({"p.csv": "cat,dog\n0.75,0.25\n0.5,0.5\n", name: targets})
    assert run("eval", "p.csv", name, *MAE, "-q") == Outcome(0, "0.75\n", "")


def test_booleans_mixed_with_numbers(run: Run, write: Write) -> None:
    content = "cat,dog\nTrue,False\n0,True\n"
    folder = write({"p.csv": "cat,dog\n0.75,0.25\n0.5,0.5\n", "t.csv": content}).parent
    message = "t.csv:3: column \"cat\": '0' is neither true nor false, as the first row is"
    refuse(run, folder, message, "p.csv", "t.csv", *MAE)


def test_one_boolean_column_is_a_label_or_a_target(run: Run, write: Write) -> None:
    write({"t.csv": "y\nTrue\nFalse\n", "one.csv": "0.75\n0.25\n", "two.csv": ".25,.75\n.75,.25\n"})
    assert run("eval", "one.csv", "t.csv", "--loss", "mse", "-q").out == "0.03125\n"
    two = run("eval", "two.csv", "t.csv", "--loss", "mae", "-f", "json")
    assert json.loads(two.out)["losses"][0]["mean"] == 0.5


@pytest.mark.parametrize("rows", [1000, 65536, 262144, 400_000])
def test_text_far_below_gives_one_error_for_every_block(write: Write, rows: int) -> None:

    lines = ["0.5\n"] * 400_000
    lines[300_000] = "half\n"
    path = write({"p.csv": "".join(lines), "t.npy": np.zeros(400_000)}).parent / "p.csv"
    with pytest.raises(lossctl.DataError) as caught:
        lossctl.evaluate(path, path.with_name("t.npy"), loss="mae", block_rows=rows)
    assert caught.value.message == f"{path}:300001: column 1: 'half' is not a number"


def test_a_line_of_over_16_mib(run: Run, write: Write) -> None:
    write({"p.csv": "1\n" + "2" * ((16 << 20) + 10) + "\n", "t.npy": np.zeros(2)})
    outcome = run("eval", "p.csv", "t.npy", *MAE)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.csv:2: a line of over 16 MiB\nlossctl: hint: ")


def test_a_mark_of_comments_need_be_no_text(run: Run, write: Write) -> None:
    write({"p.csv": "5\n", "t.csv": "4\n"})
    assert run("eval", "p.csv", "t.csv", "-l", "mae", "-q", "--comment", b"\xff").out == "1.0\n"


@pytest.mark.parametrize("names", ["[NULL],cat", "[0],[1]", "{'a'},b"])
def test_a_header_that_begins_as_json_does(run: Run, write: Write, names: str) -> None:
    write({"p.csv": f"{names}\n3,1\n1,0\n", "t.npy": ZEROS})
    for options in ([], ["--no-header"]):
        outcome = run("eval", "p.csv", "t.npy", *MAE, *options)
        assert outcome.err.startswith("lossctl: error: p.csv:1: this is JSON, not a row of cells\n")
        assert outcome.err.endswith("; if this line names columns, pass --header\n")
    assert run("eval", "p.csv", "t.npy", *MAE, "-q", "--header") == Outcome(0, SUM, "")


def test_what_is_said_of_a_comma_is_right_where_both_are_in_one_file(
    run: Run, write: Write
) -> None:
    write({"both.csv": 'p,y\n0.5,"0,5"\n'})
    outcome = run("eval", "both.csv", "--pred-cols", "p", "--target-col", "y", *MAE)
    assert outcome.code == 3
    assert "--decimal , (targets in a file of their own: with --targets-decimal ." in outcome.err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_where_one_file_alone_has_an_encoding_it_is_rewritten(
    encoding: str, run: Run, write: Write
) -> None:
    write({"p.csv": "p\n1\n3\n", "t.csv": "y\n1\n2\n".encode(encoding)})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae")
    called = encoding.upper().replace("-LE", "LE")
    way = f"iconv -f {called} -t UTF-8 FILE > NEW"
    assert f"pass --encoding {encoding}" in refused.err
    assert f"in UTF-8, rewrite this one instead: {way}" in refused.err
    if encoding == "utf-16":
        both = run("eval", "p.csv", "t.csv", "--loss", "mae", "--encoding", encoding)
        assert "p.csv: not utf-16" in both.err
        assert f"and this one is not, rewrite that: {way}" in both.err
    command = way.replace("FILE", "t.csv").replace("NEW", "u.csv")
    assert run("-c", command, program=("sh",)).code == 0
    assert run("eval", "p.csv", "u.csv", "--loss", "mae", "-q").out == "0.5\n"
