"""What must not be evaluated, with what is said of it; and odd files that are good."""

import gzip
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from conftest import Content, Run, Write, npy
from samples import NOT_EXACT, refuse

import lossctl

ONE_HOT = "cat,dog\n1,0\n0,1\n"
NO_NUMBER = "is not a number"
POINT = (
    "\nlossctl: hint: write numbers with a decimal point and no thousands separator, or "
    "pass --decimal , "
)
POINT += (
    "(targets in a file of their own: with --targets-decimal . if they have points, or "
    "--targets-decimal , alone if only they have commas)"
)
GROUPED = "\nlossctl: hint: write numbers with a decimal point and no thousands separator"
SKIP = "\nlossctl: hint: to leave out samples with a missing value, and count them, pass --nan skip"
LOGARITHMS = (
    "\nlossctl: hint: -inf is a value of log-probabilities and of logits alone: if predictions are "
)
LOGARITHMS += "that, pass --from log-probs or --from logits"
LATIN = (
    "\nlossctl: hint: if the text is in another encoding, name it: --encoding latin-1; where there "
    "is another file, in UTF-8, rewrite this one instead: iconv -f LATIN1 -t UTF-8 FILE > NEW"
)

MISSING = ["n/a", "None", "nan", "NA", "null", "NaN", "<NA>", ".", ".B", "._", "-nan", "-NaN"]
MISSING += ["-nan(ind)", "1.#QNAN", "-1.#IND00", "\\N", "#N/A", "#NA", "#N/A N/A", "#NV", "#N/D"]
MISSING += ["missing", "<missing>", "NULL"]
NO_NUMBERS = ["1+2j", '1"5', "1.5abc", "2024-01-31", "1e", "+-1", "--1", "1..2", "'1'"]
NO_NUMBERS += [".ab", "nano", "1 2", "12:30", "?", "-", "USD 5"]
FORMULAS = ["#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
FORMULAS += ["#GETTING_DATA", "#\xa1DIV/0!", "#\xbfNOMBRE?", "#WERT!", "#BEZUG!", "Err:502", "####"]
CELLS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", f"an empty cell {NO_NUMBER}{SKIP}"),
    "blank": ("  ", f"an empty cell {NO_NUMBER}{SKIP}"),
    "1e400": ("1e400", "'1e400' is too large for a 64-bit float"),
    "-inf": ("-inf", f"'-inf' {NO_NUMBER}{LOGARITHMS}"),
    "1,000": (
        '"1,000"',
        f"'1,000' {NO_NUMBER}\n"
        f"lossctl: hint: is it 1.000 or 1000? Write numbers with a decimal point and "
        "no thousands separator",
    ),
    "True": ("True", f"'True' {NO_NUMBER}\nlossctl: hint: write 1 for true and 0 for false"),
    "2^53+1": ("9007199254740993", f"'9007199254740993' {NOT_EXACT}"),
    "no-break-space": (
        "\xa01",
        (
            f"'\\xa01' {NO_NUMBER}\n"
            f"lossctl: hint: it has a character U+00A0, no-break space: remove it"
        ),
    ),
    "zero-width": (
        "1\ufeff",
        f"'1\\ufeff' {NO_NUMBER}\n"
        f"lossctl: hint: it has a character U+FEFF, zero width no-break space: "
        "remove it",
    ),
    "minus": (
        "\u22121",
        (
            f"'\u22121' {NO_NUMBER}\n"
            f"lossctl: hint: it has a character U+2212, minus sign: write minus as -"
        ),
    ),
    "arabic": (
        "\u0661\u0662",
        f"'\u0661\u0662' {NO_NUMBER}\n"
        f"lossctl: hint: it has a character U+0661, arabic-indic digit one: "
        "write digits as 0 to 9",
    ),
    "full-width": (
        "\uff11",
        f"'\uff11' {NO_NUMBER}\nlossctl: hint: it has a character U+FF11, fullwidth digit one: "
        "write digits as 0 to 9",
    ),
    "euro": (
        "5 \u20ac",
        f"'5 \u20ac' {NO_NUMBER}\n"
        f"lossctl: hint: it has a character U+20AC, euro sign: write the number "
        "without its currency",
    ),
    "dollar": (
        '"$1,200.50"',
        f"'$1,200.50' {NO_NUMBER}\n"
        f"lossctl: hint: it has a character U+0024, dollar sign: write the number "
        "without its currency",
    ),
    "percent": (
        "12%",
        f"'12%' {NO_NUMBER}\n"
        f"lossctl: hint: it is a percentage: write a share as a decimal number, 12% as "
        "0.12",
    ),
    "hexadecimal": (
        "0x10",
        f"'0x10' {NO_NUMBER}\nlossctl: hint: it is hexadecimal: write it in decimals",
    ),
    "accounting": (
        "(1.5)",
        (
            f"'(1.5)' {NO_NUMBER}\n"
            f"lossctl: hint: accountants write negative numbers so: write -1.5 for (1.5)"
        ),
    ),
    "fortran": (
        "1d5",
        f"'1d5' {NO_NUMBER}\nlossctl: hint: Fortran writes exponents so: write 1.5e3 for 1.5d3",
    ),
    "1_000": ("1_000", f"'1_000' {NO_NUMBER}{GROUPED}"),
    "1'000": ("1'000", f"'1'000' {NO_NUMBER}{GROUPED}"),
    "1 000": ("1 000", f"'1 000' {NO_NUMBER}{GROUPED}"),
    "1.000,5": ('"1.000,5"', f"'1.000,5' {NO_NUMBER}{GROUPED}"),
    "1,000.5": ('"1,000.5"', f"'1,000.5' {NO_NUMBER}{GROUPED}"),
    "1,000,000": ('"1,000,000"', f"'1,000,000' {NO_NUMBER}{GROUPED}"),
    "1,5": ('"1,5"', f"'1,5' {NO_NUMBER}{POINT}"),
    "0,125": ('"0,125"', f"'0,125' {NO_NUMBER}{POINT}"),
    "stray-CR": ("1\r2", f"'1\\x0d2' {NO_NUMBER}"),
    "NUL": ("1\0", f"'1\\x00' {NO_NUMBER}"),
    "ctrl-Z": ("1\x1a", f"'1\\x1a' {NO_NUMBER}"),
    "escape": ("\x1b[31m1", f"'\\x1b[31m1' {NO_NUMBER}"),
    "right-to-left": ("\u202e1", f"'\\u202e1' {NO_NUMBER}"),
    "invalid-UTF-8": (b"\xff1", f"'\\xff1' is not UTF-8: byte 0xff at offset 14{LATIN}"),
    "20,000-digits-and-a-letter": ("1" * 20_000 + "a", f"'{'1' * 60}...' {NO_NUMBER}"),
    "4,400-zeros-and-2^53+1": ("0" * 4400 + "9007199254740993", f"'{'0' * 60}...' {NOT_EXACT}"),
    "very-long": ("x" * 1000, f"'{'x' * 60}...' {NO_NUMBER}"),
}


def zipped(text: str) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("p.csv", text)
    return stream.getvalue()


OPEN = "3: a quotation mark is out of place (unexpected end of data)"
REMOVE = (
    "a comment line is no row: remove it, or pass --comment '#' where it is above the first row"
)
ROW_NAMES = (
    "R writes row names so: write.table(..., row.names = FALSE) leaves them out, and "
    "col.names = NA gives them a column"
)
CONTRADICTS = "\nlossctl: hint: its content contradicts its name"
COMMENT = f"2: column \"a\": '# x' {NO_NUMBER}\nlossctl: hint: {REMOVE}"
SHORT_COMMENT = f"3: a short row: 1 cell where there should be 2\nlossctl: hint: {REMOVE}"
INDEX = (
    "\nlossctl: hint: pandas writes such a column for its index: if the rows of both tables stand "
    "in the same order, use to_csv(..., index=False), or leave it out: --pred-cols a,b"
)
CHOOSE = "\nlossctl: hint: pass --delimiter comma (or semicolon)"
MIXED = f"1: column 2: 'dog' {NO_NUMBER}, but others in the first line are"
STRUCTURES: dict[str, tuple[str | bytes, str]] = {
    "short-row": ("a,b\n1,0\n0\n", "3: a short row: 1 cell where there should be 2"),
    "long-row": ("a,b\n1,0\n0,1,2\n", "3: a long row: 3 cells where there should be 2"),
    "every-row-long": (
        "a,b\n1,0,0\n0,1,0\n",
        "2: the header is one name short: it has 2 names, but this row has 3 cells\n"
        "lossctl: hint: a cell "
        f"with a delimiter in it needs quotation marks; {ROW_NAMES}",
    ),
    "every-row-longer": (
        "a,b\n1,0,0,1\n0,1,0,1\n",
        "2: a long row: 4 cells where there should be 2",
    ),
    "trailing-delimiter": (
        "a,b\n1,0,\n0,1,\n",
        (
            "2: a long row: 3 cells where there should be 2\n"
            "lossctl: hint: the line ends with a delimiter"
        ),
    ),
    "blank-line-inside": ("a,b\n1,0\n\n0,1\n", "3: a blank line"),
    "blank-line-at-end": ("a,b\n1,0\n0,1\n\n", "4: a blank line"),
    "blank-line-first": ("\n1,0\n0,1\n", "1: a blank line"),
    "comment": ("a,b\n# x,y\n0,1\n", COMMENT),
    "comment-short": ("a,b\n1,0\n# x\n", SHORT_COMMENT),
    "open-quote": ('a,b\n1,0\n"0,1\n0,1\n', OPEN),
    "UTF-16": (
        "a,b\n1,0\n0,1\n".encode("utf-16"),
        " the file is UTF-16, not UTF-8\nlossctl: hint: pass --encoding utf-16; where there "
        "is another file, in UTF-8, rewrite this one instead: iconv -f UTF-16 -t UTF-8 FILE > NEW",
    ),
    "gzip": (
        gzip.compress(ONE_HOT.encode()),
        f" the file is compressed (gzip), not text{CONTRADICTS}: it should end in .gz",
    ),
    "zip": (
        zipped(ONE_HOT),
        f" the file is a zip archive, not text{CONTRADICTS}: it should end in .zip",
    ),
    "NPY": (
        npy(np.eye(2)),
        f" the file is NPY, not text{CONTRADICTS}; if that is wrong pass --format-in npy",
    ),
    "empty": (
        "",
        " the file is empty"
        "\nlossctl: hint: it has 0 bytes: look at what should have written or downloaded it",
    ),
    "BOM-only": (b"\xef\xbb\xbf", " the file is empty"),
    "newlines-only": ("\n\n\n", "1: a blank line"),
    "header-only": ("a,b\n", " there is no row below the header"),
    "duplicate-header": ("a,a\n1,0\n0,1\n", "1: columns 1 and 2 are both called 'a'"),
    "blank-header": (",a,b\n0,1,0\n1,0,1\n", f" column 1 has no name{INDEX}"),
    "padded-header": ("a, b\n1,0\n0,1\n", "1: column 2: ' b' has spaces around the name"),
    "two-delimiters": ("1,0;2\n0,1;2\n", f"1: the delimiter may be comma or semicolon{CHOOSE}"),
    "mixed-first-row": (
        "1,dog\n1,0\n0,1\n",
        f"{MIXED}\n"
        f"lossctl: hint: if the first line names the columns, pass --header; if it is a sample, "
        "--no-header",
    ),
    "decimal-comma": ("a;b\n1,5;0\n0;1\n", f"2: column \"a\": '1,5' {NO_NUMBER}{POINT}"),
}


def refuse_cell(run: Run, write: Write, cell: str | bytes, message: str) -> None:
    content = b"cat,dog\n0,1\n1,%b\n" % (cell.encode() if isinstance(cell, str) else cell)
    folder = write({"p.csv": content, "t.csv": ONE_HOT}).parent
    refuse(run, folder, f'p.csv:3: column "dog": {message}', "p.csv", "t.csv", "--loss", "mae")


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_not_a_number(run: Run, write: Write, cell: str) -> None:
    refuse_cell(run, write, cell, f"'{cell}' {NO_NUMBER}")


@pytest.mark.parametrize("cell", MISSING)
def test_missing_value(run: Run, write: Write, cell: str) -> None:
    refuse_cell(run, write, cell, f"'{cell}' {NO_NUMBER}{SKIP}")


@pytest.mark.parametrize("cell", FORMULAS)
def test_an_error_of_a_spreadsheet(run: Run, write: Write, cell: str) -> None:
    message = (
        f"'{cell}' is an error of a spreadsheet, not a number\n"
        f"lossctl: hint: mend its formula, or empty "
    )
    message += "the cell, and leave its sample out with --nan skip, which counts it"
    refuse_cell(run, write, cell, message)


@pytest.mark.parametrize(("cell", "message"), CELLS.values(), ids=CELLS)
def test_bad_cell(run: Run, write: Write, cell: str | bytes, message: str) -> None:
    refuse_cell(run, write, cell, message)


@pytest.mark.parametrize(("content", "message"), STRUCTURES.values(), ids=STRUCTURES)
def test_bad_structure(run: Run, write: Write, content: str | bytes, message: str) -> None:
    folder = write({"p.csv": content, "t.csv": "1,0\n0,1\n"}).parent
    refuse(run, folder, f"p.csv:{message}", "p.csv", "t.csv", "--loss", "mae")


COPY = "lossctl: warning: the targets are the predictions, value for value: is one a copy?\n"
GOOD = {
    "plain": ("a,b\n3,1\n1,0\n", "2.5"),
    "BOM": ("\ufeffa,b\n3,1\n1,0\n", "2.5"),
    "BOM-without-header": ("\ufeff3,1\n1,0\n", "2.5"),
    "CRLF": ("a,b\r\n3,1\r\n1,0\r\n", "2.5"),
    "CR": ("a,b\r3,1\r1,0\r", "2.5"),
    "quoted": ('"a","b,c"\n"3","1"\n"1",0\n', "2.5"),
    "newline-in-quotes": ('"a\nb",c\n3,1\n1,0\n', "2.5"),
    "plus": ("a,b\n+3,+1e0\n+1,0\n", "2.5"),
    "spaces-around": ("a,b\n 3 ,1 \n1, 0\n", "2.5"),
    "denormal": ("a,b\n5e-324,0\n0,5e-324\n", "5e-324"),
    "too-small": ("a,b\n1e-400,0\n0,-1e-400\n", "0.0"),
    "large-and-exact": ("a,b\n9007199254740994,0\n0,9007199254740994\n", "9007199254740994.0"),
    "spaces": ("a  b\n3   1\n1 0\n", "2.5"),
    "spaces-without-header": ("  3   1\n  1   0\n", "2.5"),
    "pipe": ("a|b\n3|1\n1|0\n", "2.5"),
    "tab": ("a\tb\n3\t1\n1\t0\n", "2.5"),
    "semicolon": ("a;b\n3;1\n1;0\n", "2.5"),
}


@pytest.mark.parametrize(("content", "mean"), GOOD.values(), ids=GOOD)
def test_odd_and_good(run: Run, write: Write, content: str, mean: str) -> None:
    write({"p.csv": content, "t.npy": np.zeros((2, 2))})
    outcome = run("eval", "p.csv", "t.npy", "--loss", "mae", "-q")
    warning = COPY if mean == "0.0" else ""
    assert (outcome.err, outcome.out, outcome.code) == (warning, f"{mean}\n", 0)


def test_no_final_newline(run: Run, write: Write) -> None:
    write({"p.csv": "a,b\n3,1\n1,0", "t.npy": np.zeros((2, 2))})
    outcome = run("eval", "p.csv", "t.npy", "--loss", "mae", "-q")
    warning = "lossctl: warning: p.csv: no newline at the end: is the file complete?\n"
    assert (outcome.err, outcome.out, outcome.code) == (warning, "2.5\n", 0)


WHOLE: dict[str, tuple[Content, Content]] = {
    "header": ("a,b\n12.5,0\n3,10\n", "a,b\n1,0.25\n0,1e2\n"),
    "no-header": ("12.5,0\n3,10\n", "1,0.25\n0,1e2\n"),
    "one-row": ("0.5,0.25\n", "1,10\n"),
    "one-column": ("12.5\n13\n", "y\n14\n15\n"),
    "labels": ("a,b,aa\n.5,.3,.2\n.1,.1,.8\n", "a\naa\n"),
    "CRLF": ("a,b\r\n12,0\r\n3,10\r\n", "1,25\r\n0,10\r\n"),
    "CR": ("a,b\r12,0\r3,10\r", "1,25\r0,10\r"),
    "quotes": ('"a","b"\n"12",0\n3,"10"\n', '"1","25"\n"0","10"\n'),
    "NPY": (np.array([[12.5, 0], [3, 10]]), np.array([[1, 2], [3, 14]])),
}


@pytest.mark.parametrize("which", ["predictions", "targets"])
@pytest.mark.parametrize(("p", "t"), WHOLE.values(), ids=WHOLE)
def test_cut_at_every_byte(write: Write, which: str, p: Content, t: Content) -> None:
    kind = "csv" if isinstance(p, str) else "npy"
    names = {"predictions": f"p.{kind}", "targets": f"t.{kind}"}
    folder = write({names["predictions"]: p, names["targets"]: t}).parent
    paths = [folder / name for name in names.values()]
    whole = lossctl.evaluate(*paths, loss="mae")
    content = (folder / names[which]).read_bytes()
    for size in range(len(content)):
        (folder / names[which]).write_bytes(content[:size])
        try:
            report = lossctl.evaluate(*paths, loss="mae")
        except lossctl.DataError:
            continue
        assert report.n == whole.n, content[:size]
        assert report.warnings or report.losses == whole.losses, content[:size]


def test_numbers_in_groups_of_digits_are_no_header(run: Run, write: Write) -> None:
    write({"p.csv": '"1,234.5"\n900.5\n', "t.csv": '"1,250.0"\n880.5\n'})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "-q")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.csv:1: column 1: '1,234.5' is not a number")
