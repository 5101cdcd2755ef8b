"""The parser in C++: what it takes, what it leaves to the readers in Python, and that it is there.

Its values are held to the strict reader's in test_tables.py, and by fuzz/plain.py.
"""

import os
import pickle
import random
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from samples import blocks_of

from lossctl.tables.block import Block
from lossctl.tables.cells import ClassIndex
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.records import records
from lossctl.tables.records.cuts import HeldCut
from lossctl.tables.records.record_table import RecordSpan
from lossctl.tables.table import Reading, Selection, TableOptions
from lossctl.tables.text import compiled, fast, native, strict
from lossctl.tables.text.dialect import Dialect
from lossctl.tables.text.strict import Layout

TRIAL = "#include <charconv>\nint main() { double x; std::from_chars(nullptr, nullptr, x); }\n"
ANIMALS = ClassIndex(("cat", "dog"))


def layout_of(width: int, delimiter: str = ",", decimal: str = ".", **selected: Any) -> Layout:
    """Return a layout of numbers, or of what else is selected."""
    selection = Selection(**{"values": range(width), **selected})
    return Layout(Reading("p.csv", selection), Dialect(delimiter, decimal), width)


def read(text: str, layout: Layout) -> Block | None:
    """Return what the native reader makes of a text."""
    content = text.encode("utf-8", "surrogateescape")
    columns = native.Columns.of(layout)
    assert columns is not None
    return native.read(HeldCut(content, content.count(b"\n"), 1, 0), layout, columns)


def test_the_parser_is_there_wherever_a_compiler_can_build_it(tmp_path: Path) -> None:
    (tmp_path / "trial.cpp").write_text(TRIAL)
    trial = [os.environ.get("CXX", "c++"), "-std=c++17", "-c", "trial.cpp"]
    try:
        subprocess.run(trial, cwd=tmp_path, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        assert compiled.plain is None
    else:
        assert compiled.plain is not None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_plain_numbers_words_and_texts_need_no_other_reader(tmp_path: Path, delimiter: str) -> None:
    rows = ["id,p,q,label", "a-7,0.5,-1e-3,dog", "b,1,0.0,cat", "c,7,25.125E2,dog"]
    text = "".join(f"{row}\n" for row in rows).replace(",", delimiter)
    (tmp_path / "p.csv").write_text(text)
    table = open_table(Input(str(tmp_path / "p.csv")), TableOptions(), "predictions")
    table.select(Selection([2, 3, 1], {3: ANIMALS}, {"id": 0}))
    refuse = patch.object(strict, "read", side_effect=AssertionError)
    with refuse, patch.object(fast, "read", side_effect=AssertionError):
        (block,) = blocks_of(table, 10)
    table.close()
    assert block.values.tolist() == [[-0.001, 1.0, 0.5], [0.0, 0.0, 1.0], [2512.5, 1.0, 7.0]]
    assert block.values.flags.f_contiguous
    assert block.beside["id"].tolist() == [b"a-7", b"b", b"c"]
    assert str(block.place.spot(2)).endswith(":4")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_decimal_commas_are_plain(newline: str) -> None:
    block = read(f"0,5;1{newline}-1,25e2;0,0{newline}", layout_of(2, ";", ","))
    assert block is not None
    assert block.values.tolist() == [[0.5, 1.0], [-125.0, 0.0]]


ODD = ["", " 1", "1 ", "+1", "nan", "NA", "inf", "-inf", "-", ".", "e5", ".5", "1e", "1e400", "0x1"]
ODD += ["9007199254740992", "-1e16", '"1"', "1_0", "1,5", "1.5.2", "\0", "\xe9", "\udcff", "1\r1"]


@pytest.mark.parametrize("cell", ODD)
def test_what_is_out_of_the_ordinary_is_left_to_the_readers_in_python(cell: str) -> None:
    for row in ("{},1\n", "1,{}\n"):
        assert read("1,1\n" + row.format(cell), layout_of(2)) is None


@pytest.mark.parametrize("text", ["1\n", "1,2,3\n", "1,2\n\n", "\n1,2\n", "1,2\n3\n4,5,6\n"])
def test_rows_of_another_width_are_left_to_the_readers_in_python(text: str) -> None:
    assert read(text, layout_of(2)) is None


@pytest.mark.parametrize(
    "text",
    ["", '"a"', "\xe9", "a\0", "x" * 257, "1e+20", " 1e300", "12345678901234567.0"],
    ids=["empty", "quoted", "beyond ASCII", "NUL", "long", "float", "spaced float", "large"],
)
def test_texts_that_are_no_plain_ids_are_left_to_the_readers_in_python(text: str) -> None:
    layout = layout_of(2, values=[1], beside={"id": 0})
    assert read("a,1\n", layout) is not None
    assert read(f"{text},1\n", layout) is None


def test_words_that_mean_nothing_or_are_very_many_are_left_to_the_readers_in_python() -> None:
    assert read("cat\nemu\n", layout_of(1, words={0: ANIMALS})) is None
    many = "".join(f"w{row}\n" for row in range(5000))
    assert read(many, layout_of(1, words={0: len})) is None
    assert read(many[:20_000].rpartition("\n")[0] + "\n", layout_of(1, words={0: len})) is not None


def test_a_column_that_is_skipped_may_hold_any_plain_text() -> None:
    block = read("a b,1\n,2\n1e5,3\n", layout_of(2, values=[1]))
    assert block is not None
    assert block.values[:, 0].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"delimiter": "e"}, "delimiter"),
        ({"decimal": "1"}, "decimal"),
        ({"rows": 0}, "no rows"),
        ({"kinds": b"nnn"}, "no place"),
        ({"kinds": b"xn"}, "do not fit"),
        ({"kinds": b"tn"}, "do not fit"),
        ({"places": np.array([0, 2])}, "do not fit"),
        ({"places": np.array([0, -1])}, "do not fit"),
        ({"values": np.empty((2, 1))}, "do not fit"),
    ],
)
def test_nothing_is_written_where_there_is_no_room(change: dict[str, Any], reason: str) -> None:
    given: dict[str, Any] = {"text": b"1,2\n3,4\n", "rows": 2, "delimiter": ",", "decimal": "."}
    given |= {"kinds": b"nn", "places": np.array([0, 1]), "values": np.empty((2, 2))}
    given |= {"spots": np.empty((0, 2, 2), np.intp)}
    assert compiled.plain is not None
    with pytest.raises(ValueError, match=reason):
        compiled.plain.parse(*(given | change).values())


@pytest.mark.parametrize("spot", [(-1, 1), (0, 5), (3, 3), (2**62, 2**62), (0, -1)])
def test_no_text_is_taken_from_outside_of_its_buffer(spot: tuple[int, int]) -> None:
    assert compiled.plain is not None
    with pytest.raises(ValueError, match="outside"):
        compiled.plain.gather(b"abcde"[:5], np.array([spot], np.intp), np.empty(1, "S4"))


@pytest.mark.parametrize("wanted", [1, 2, 127, 128, 129, 300, 499, 500, 501])
def test_lines_are_counted_alike_with_the_parser_and_without_it(wanted: int) -> None:
    rng = random.Random(wanted)
    text = b"".join(b"x" * rng.randrange(5) + b"\n" for _ in range(500)) + b"tail"
    ends = [at + 1 for at, byte in enumerate(text) if byte == ord("\n")]
    found = min(wanted, 500), ends[min(wanted, 500) - 1]
    assert compiled.first_lines(text, wanted) == found
    assert compiled.first_lines(b"no line" * 100, wanted) == (0, 0)
    with patch.object(compiled, "plain", None), patch.object(compiled, "_PIECE", 7):
        assert compiled.first_lines(text, wanted) == found
        assert compiled.first_lines(b"no line" * 100, wanted) == (0, 0)


def test_rows_of_a_file_are_read_once_and_travel_as_where_they_lie(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n" + "0.25,0.75\n" * 5000)
    with patch.object(records, "CHUNK", 1000):
        table = open_table(Input(str(path)), TableOptions(), "predictions")
        span = table.take(4000)
    assert isinstance(span, RecordSpan)
    sent = pickle.dumps(span)
    assert len(sent) < 4000
    with patch.object(type(table.stream), "read_at", side_effect=AssertionError):
        here = span.load(4000)
    there = pickle.loads(sent).load(4000)
    table.close()
    assert there.values.tobytes() == here.values.tobytes()


def numbers() -> list[str]:
    """Return numbers that are near a point halfway between two floats, or on it, and others."""
    rng = random.Random(7)
    halves = [2 * rng.randrange(2**52, 2**53) + 1 for _ in range(2000)]
    ties = [Decimal(half) / 2**shift for half in halves for shift in (1, 5, 20, 40, 54, 60)]
    near = [f"{tie:.{places}f}" for tie in ties for places in (0, 10, 16, 18, 19, 25)]
    others = [repr(rng.random() ** rng.choice([1, 3, 9])) for _ in range(5000)]
    others += [f"{rng.gauss(0, 1e4):.{rng.randrange(20)}f}" for _ in range(5000)]
    zeros = ["-0", "-0.0", "0.0000", "007.50", "5.", "0." + "0" * 40 + "1", "0." + "9" * 30]
    return [text for text in near + others + zeros if abs(float(text)) < 2**53]


@pytest.mark.parametrize("point", [".", ","])
def test_numbers_are_those_that_python_reads_to_the_last_bit(point: str) -> None:
    texts = numbers()
    block = read(
        "".join(f"{text};1\n" for text in texts).replace(".", point), layout_of(2, ";", point)
    )
    assert block is not None
    expected = np.array([float(text) for text in texts])
    assert block.values[:, 0].tobytes() == expected.tobytes()
