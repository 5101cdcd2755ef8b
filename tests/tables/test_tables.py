"""Reading: the fast reader against the strict one, records, headers and delimiters."""

import itertools
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import READERS, blocks_of, reading_by

import lossctl
from lossctl.tables.cells import number
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.records import records
from lossctl.tables.records.cuts import HeldCut
from lossctl.tables.streams.source import Source
from lossctl.tables.table import TableOptions
from lossctl.tables.text import fast
from lossctl.tables.text.dialect import DELIMITERS, Dialect

examples = settings(deadline=None, derandomize=True, database=None, max_examples=300)

Outcome = tuple[object, ...]


def held(content: bytes) -> HeldCut:
    return HeldCut(content, content.count(b"\n"), 1, 0)


def outcome(path: Path, options: TableOptions, rows: int, reader: str = "strict") -> Outcome:
    """Return all that reading a table gives, or all that its error says."""
    with reading_by(reader):
        try:
            table = open_table(Input(str(path)), options, "predictions")
            blocks = list(blocks_of(table, rows))
            table.close()
        except lossctl.LossctlError as error:
            return type(error), error.message, error.hint
    values = [(block.values.shape, block.values.tobytes("C")) for block in blocks]
    places = [str(block.place.spot(i)) for block in blocks for i in range(len(block.values))]
    return table.width, table.columns, table.warnings(), values, places


# The fast reader and the strict one.

plain = st.one_of(
    st.floats(-1e15, 1e15).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(2**60), 2**60).map(str),
    st.from_regex(r"[+-]?[0-9]{1,25}\.[0-9]{0,40}(e[+-]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[+-]?\.?[0-9]{1,3}([eE][+-]?[0-9]{1,2})?", fullmatch=True),
)
odd = st.sampled_from(
    """,NA,nan,inf,-inf,1e400,-1e400,1e-400,5e-324,1_0,0x10,1;5,1|5,--1,1e,.,e5,+,1 2,1.5.2,
    9007199254740993,9007199254740992,18446744073709551617,-0,-0.0,00012,1d5,1.,.5,True,#1,
    ",1"5,"1"5,"","1,5",\xe9,\u0661,\u00a01,\x00,\x1a,\r,\t1,- 1,1e 5,x""".replace(
        "\n    ", ""
    ).split(",")
)
dressed = st.builds(
    lambda cell, dress: dress.format(cell),
    plain,
    st.sampled_from(["{}", " {}", "{}  ", '"{}"', '" {}"', '"{}\n"', "+{}", "{}\t"]),
)
cells = st.one_of(plain, plain, plain, plain, dressed, odd)


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, str]:
    """Return a table that may be damaged, and its delimiter."""
    delimiter = draw(st.sampled_from(sorted(DELIMITERS.values())))
    width = draw(st.integers(1, 4))
    damaged = draw(st.booleans())
    cell = cells if damaged else plain
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=12))
    if damaged and draw(st.booleans()):
        row = draw(st.integers(0, len(rows) - 1))
        rows[row] = draw(st.sampled_from([[], rows[row][1:], [*rows[row], "1"], [*rows[row], ""]]))
    run = st.integers(1, 3) if delimiter == " " else st.just(1)
    lines = [(delimiter * draw(run)).join(row) for row in rows]
    if delimiter == " ":
        lines = [" " * draw(st.integers(0, 2)) + line for line in lines]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    content = newline.join(lines) + draw(st.sampled_from([newline, newline, "", newline * 2]))
    junk = draw(st.sampled_from([b"", b"", b"", b"\xff", b"\xef\xbb\xbf"]))
    at = draw(st.sampled_from([0, len(content) // 2]))
    return content[:at].encode() + junk + content[at:].encode(), delimiter


@settings(examples, max_examples=600)
@given(table=tables(), told=st.booleans(), header=st.sampled_from([None, False]), data=st.data())
def test_all_readers_agree_with_the_strict_one(
    file: Path, table: tuple[bytes, str], told: bool, header: bool | None, data: st.DataObject
) -> None:
    content, delimiter = table
    file.write_bytes(content)
    options = TableOptions(delimiter=delimiter if told else None, header=header)
    rows = data.draw(st.integers(1, 13))
    found = {reader: outcome(file, options, rows, reader) for reader in READERS}
    assert found == dict.fromkeys(READERS, found["strict"])


@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS)
def test_plain_numbers_are_read_fast(delimiter: str) -> None:
    content = f"1{delimiter}-0.25\n1e-3{delimiter}2.5E+2\n".encode()
    values = fast.numbers(held(content), 2, Dialect(delimiter))
    assert values is not None
    assert values.tolist() == [[1.0, -0.25], [0.001, 250.0]]


digit_cells = st.sampled_from([*"0123456789", *"0011", ":", "/", " ", "-", "e", ".", "00"])


@examples
@given(
    st.lists(st.lists(digit_cells, min_size=2, max_size=2), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from(["", ".0", ".5", ",0"]),
    st.sampled_from([".", ","]),
)
def test_cells_of_one_digit_are_read_as_the_strict_reader_reads_them(
    file: Path, rows: list[list[str]], delimiter: str, behind: str, decimal: str
) -> None:
    lines = [delimiter.join(cell + behind for cell in row) for row in rows]
    file.write_text("\n".join(lines) + "\n")
    if decimal == delimiter:
        return
    options = TableOptions(delimiter=delimiter, header=False, decimal=decimal)
    found = {reader: outcome(file, options, 9, reader) for reader in READERS}
    assert found == dict.fromkeys(READERS, found["strict"])


def test_digits_need_no_parser() -> None:
    for content in (b"0,1\n1,0\n", b"0.0,1.0\n1.0,0.0\n"):
        with patch.dict("sys.modules", {"pandas": None}):
            values = fast.numbers(held(content), 2, Dialect(","))
        assert values is not None
        assert values.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def strict_number(cell: str) -> float | None:
    try:
        return number(cell)
    except ValueError:
        return None


@pytest.mark.parametrize("before_and_after", ["{}", "1,{}", "{},1"], ids=["only", "last", "first"])
def test_every_short_cell_is_read_alike_or_left_to_the_strict_reader(before_and_after: str) -> None:
    width = before_and_after.count(",") + 1
    column = before_and_after.split(",").index("{}")
    good = []
    for length in range(5):
        for cell in map("".join, itertools.product("05+-.eE ", repeat=length)):
            strict = strict_number(cell)
            if strict is None or abs(strict) >= 2.0**53:
                content = f"1{',1' * (width - 1)}\n{before_and_after.format(cell)}\n".encode()
                assert fast.numbers(held(content), width, Dialect(",")) is None, repr(cell)
            elif not cell.lstrip().startswith("+"):  # those pandas may misread
                good.append((cell, strict))
    content = "".join(before_and_after.format(cell) + "\n" for cell, _ in good).encode()
    values = fast.numbers(held(content), width, Dialect(","))
    assert values is not None
    assert values[:, column].tobytes() == np.array([value for _, value in good]).tobytes()


@examples
@given(st.lists(st.floats(-(2.0**52), 2.0**52), min_size=1, max_size=30), st.integers(1, 60))
def test_decimals_of_any_length_are_correctly_rounded(values: list[float], digits: int) -> None:
    cells = [f"{value:.{digits}e}" for value in values] + [
        f"{value:.{digits}f}" for value in values
    ]
    found = fast.numbers(held("".join(f"{c}\n" for c in cells).encode()), 1, Dialect(","))
    assert found is not None
    assert found.tobytes() == np.array([float(cell) for cell in cells]).tobytes()


@pytest.mark.parametrize("after", ["", " "], ids=["", "space-after"])
@pytest.mark.parametrize("before", ["", "+", "-", " ", " +", " -"], ids=repr)
def test_signs_and_spaces_do_not_change_a_bit(before: str, after: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.random(1000) * 10.0 ** rng.integers(-30, 3, size=1000)
    cells = [f"{before}{value!r}{after}" for value in values.tolist()]
    found = fast.numbers(held("".join(f"{cell}\n" for cell in cells).encode()), 1, Dialect(","))
    if found is not None:  # else it is left to the strict reader
        assert found[:, 0].tolist() == [float(cell) for cell in cells]


# Records.


def plain_records(content: bytes) -> list[tuple[bytes, int]]:
    """Return each record with the number of its first line, byte by byte."""
    found, quoted, line, first, start = [], False, 1, 1, 0
    if content and not content.endswith(b"\n"):
        content += b"\n"
    for i, byte in enumerate(content):
        quoted ^= byte == ord('"')
        line += byte == ord("\n")
        if byte == ord("\n") and not quoted:
            found.append((content[start : i + 1], first))
            start, first = i + 1, line
    return found + ([(content[start:], first)] if start < len(content) else [])


@examples
@given(
    content=st.lists(st.sampled_from([b"0", b",", b"\n", b"\n", b'"', b"1.5"])).map(b"".join),
    chunk=st.integers(1, 50),
)
def test_records_are_the_same_wherever_chunks_end(file: Path, content: bytes, chunk: int) -> None:
    file.write_bytes(content)
    expected = plain_records(content)
    source = Source(str(file))
    with patch.object(records, "CHUNK", chunk):
        found = records.Records(source)
        cuts = [found.take(1) for _ in expected]
        assert [(cut.content, cut.line) for cut in cuts] == expected
        assert all(cut.records == 1 for cut in cuts)
        assert (found.take(1).content, found.take(1).records) == (b"", 0)
    source.close()
    assert found.final_newline is (not content or content.endswith(b"\n"))


@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_line_ends_are_recognised_wherever_the_first_chunk_ends(file: Path, newline: str) -> None:
    file.write_bytes(f"0.5,1{newline}2,3{newline}".encode())
    found = {}
    for chunk in range(1, 20):
        with patch.object(records, "CHUNK", chunk):
            found[chunk] = outcome(file, TableOptions(), 1)
    assert {chunk for chunk in found if found[chunk] != found[19]} == set()
    assert found[19][0] == 2


def test_lines_inside_quotes_are_counted(file: Path) -> None:
    file.write_text('"a\n\nb",c\n"1",2\n3,4\n3,x\n')
    table = open_table(Input(str(file)), TableOptions(), "predictions")
    with pytest.raises(lossctl.DataError, match=r':6: column "c": .x. is not a number'):
        list(blocks_of(table, 5))
    table.close()
    file.write_text('"a\n\nb",c\n"1",2\n3,4\n')
    _, columns, _, values, places = outcome(file, TableOptions(), 5, "fast")
    assert columns == ("a\n\nb", "c")
    assert values == [((2, 2), np.array([1.0, 2.0, 3.0, 4.0]).tobytes())]
    assert places == [f"{file}:4", f"{file}:5"]


# Headers and delimiters.

HEADERS = {
    "names": ("a,b\n1,2\n", None, ("a", "b"), 1),
    "numbers": ("1,2\n3,4\n", None, None, 2),
    "forced": ("1,2\n3,4\n", True, ("1", "2"), 1),
    "forbidden": ("1,2\n3,4\n", False, None, 2),
    "quoted-names": ('"a","b, c"\n1,2\n', None, ("a", "b, c"), 1),
    "mixed-forced": ("a,2\n3,4\n", True, ("a", "2"), 1),
    "one-column": ("label\n1\n", None, ("label",), 1),
    "bom": ("\ufeffa,b\n1,2\n", None, ("a", "b"), 1),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", HEADERS.values(), ids=HEADERS)
def test_headers(file: Path, case: tuple[str, bool | None, object, int], reader: str) -> None:
    content, header, columns, rows = case
    file.write_text(content, "utf-8")
    _, found, _, _, places = outcome(file, TableOptions(header=header), 9, reader)
    assert found == columns
    assert isinstance(places, list)
    assert len(places) == rows


@pytest.mark.parametrize("name", DELIMITERS)
@pytest.mark.parametrize("told", [True, False], ids=["told", "recognised"])
@pytest.mark.parametrize("first", ["a{}b", "0.5{}1e3"], ids=["header", "numbers"])
def test_delimiters(file: Path, name: str, told: bool, first: str) -> None:
    delimiter = DELIMITERS[name]
    file.write_text(f"{first}\n1{{}}2\n".replace("{}", delimiter))
    found = outcome(file, TableOptions(delimiter=delimiter if told else None), 9, "fast")
    assert found[0] == 2
    assert found[1] == (("a", "b") if first[0] == "a" else None)
