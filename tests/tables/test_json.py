"""Documents in JSON, and what cells of JSON hold: lists, and numbers that are strings."""

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from conftest import Run, Write
from hypothesis import given
from hypothesis import strategies as st
from samples import blocks_of, examples

import lossctl
from lossctl.tables.inputs import Input
from lossctl.tables.json import document, elements
from lossctl.tables.opening import open_table
from lossctl.tables.table import TableOptions

MAE = ("--loss", "mae")
ROWS = [{"a": i / 7, "b": [i, -i], "c": f"{i}.5"} for i in range(9)]
VALUES = [[i / 7, i, -i, i + 0.5] for i in range(9)]


def lines(rows: list[object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def read(path: Path, rows: int = 100) -> list[list[float]]:
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    found = [row for block in blocks_of(table, rows) for row in block.values.tolist()]
    table.close()
    return found


TEXTS: dict[str, Callable[[list[object]], str]] = {
    "lines.jsonl": lines,
    "lines.json": lines,
    "compact.json": json.dumps,
    "pretty.json": lambda rows: json.dumps(rows, indent=3),
    "a-row-a-line.json": lambda rows: json.dumps(rows).replace("}, {", "},\n{"),
    "pretty": lambda rows: json.dumps(rows, indent=1),
    "compact": json.dumps,
}


@pytest.mark.parametrize(("name", "text"), TEXTS.items(), ids=TEXTS)
def test_every_layout_has_the_same_rows_in_blocks_of_any_size(
    write: Write, name: str, text: Callable[[list[object]], str]
) -> None:
    path = write({name: text(list(ROWS))})
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    assert table.columns == ("a", "b[0]", "b[1]", "c")
    assert table.lists == {"b": range(1, 3)}
    table.close()
    for rows in (1, 2, 8, 9, 10):
        assert read(path, rows) == VALUES


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("text", [json.dumps, TEXTS["pretty.json"]])
def test_a_chunk_may_end_anywhere(
    write: Write, chunk: int, text: Callable[[list[object]], str]
) -> None:
    rows = [
        [0.125, -1e-300, '\\"]},\u00e9\U0001f600', None],
        [1e22, 12345678901, "", True],
        [-0.0, 0.1, "\ud83d", False],
    ]
    path = write({"p.json": text([*rows])})
    with patch.object(elements, "_CHUNK", chunk), path.open("rb") as file:
        taken = list(elements.elements(elements.Text("p.json", file.read)))
    plain = [json.loads(json.dumps(element.value)) for element in taken]
    assert [[*map(float, row[:2]), row[2]] for row in plain] == [row[:3] for row in rows]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)


@examples
@given(
    st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1),
    st.integers(1, 40),
    st.sampled_from([None, 1, "\t"]),
)
def test_numbers_are_rounded_once_wherever_a_chunk_ends(
    rows: list[list[float]], chunk: int, indent: int | str | None
) -> None:
    text = json.dumps(rows, indent=indent).encode()
    parts = iter([text[i : i + chunk] for i in range(0, len(text), chunk)])
    taken = list(elements.elements(elements.Text("p", lambda size: next(parts, b""))))
    assert [list(map(float, element.value)) for element in taken] == rows
    if indent is not None:
        assert [element.line for element in taken] == [2 + 4 * i for i in range(len(rows))]


BAD: dict[str, tuple[str, str]] = {
    "text": ('[1,\n2,\n"x"]', "p.json:3: row 3: column 1: 'x' is text, not a number"),
    "other-key": ('[{"a": 1},\n{"b": 1}]', "p.json:2: row 2: no value called 'a'"),
    "short": ("[[1, 2],\n[1]]", "p.json:2: row 2: 1 values where there should be 2"),
    "mixed": ("[[1, 2],\n3]", "p.json:2: row 2: not an array, as the first row is"),
    "list": (
        '[{"a": [1, 2]}, {"a": [1]}]',
        'p.json:1: row 2: column "a": a list of 1 component, but the first one has 2',
    ),
    "no-list": (
        '[{"a": [1, 2]}, {"a": 1}]',
        'p.json:1: row 2: column "a": no list, but the first one has 2',
    ),
    "string": (
        '["1", 2]',
        "p.json:1: row 2: column 1: '2' is no string, as the first value of the column is",
    ),
    "true": ("[1, true]", "p.json:1: row 2: column 1: 'true' is not a number"),
    "padded": ('[{"a ": [1, 2]}]', "p.json:1: row 1: column 1: 'a ' has spaces around the name"),
    "nameless": ('[{"": [1, 2]}]', "p.json:1: row 1: column 1: a list or an object has no name"),
    "two-names": (
        '[{"a": [1, 2], "a[0]": 1}]',
        "p.json:1: row 1: columns 1 and 3 are both called 'a[0]'",
    ),
    "cut": ("[1,\n2,\n ", "p.json:3: the document ends too early, at column 2"),
    "cut-string": ('[1,\n"2', "p.json:2: the document ends too early, at column 3"),
    "comma": ("[1,\n2,]", "p.json:2: not JSON (Expecting value), at column 3"),
    "no-comma": ("[1\n2]", "p.json:2: not JSON (Expecting ',' delimiter), at column 1"),
    "word": ("[1, nul]", "p.json:1: not JSON (Expecting value), at column 5"),
    "tail": ("[1, 2]\n\n  ]", "p.json:3: something follows the end of the document, at column 3"),
    "twice": ('[{"a": 1},\n {"a": 1, "a": 2}]', "p.json:2: the key 'a' is there twice"),
    "deep": ("[" * 99_999, "p.json:1: not a row of cells: it is nested too deeply"),
    "no-rows": (" [\n] ", "p.json: there is no row in it"),
    "no-cells": ("[[]]", "p.json:1: row 1: there is nothing in it"),
    "cube": ("[[[1], [2]]]", "p.json:1: row 1: an array of arrays is no row of cells"),
    "objects": ("[[{}, {}]]", "p.json:1: row 1: an array of objects is no row of cells"),
    "empty": (" \n", "p.json: the file is empty"),
    "number": ("1\n2\n", "p.json:1: neither an array of rows nor an object in JSON, at column 1"),
    "two": ("[1, 2] [3]", "p.json:1: something follows the end of the document, at column 8"),
    "object": ('{"a": 1}', "p.json: one JSON object, not an array of rows"),
    "objects-and-more": ('{"a": 1}\n5', "p.json:2: something follows the end of the document"),
    "columns-cut": ('{"a": {"0": 1, "1": 2}', "p.json:1: the document ends too early"),
    "split": ('{"columns": ["a"], "data": [[1, 2]]}', "p.json: a row of its data has not as many"),
    "split-index": (
        '{"columns": ["a"], "index": [0], "data": [[1], [2]]}',
        "p.json: its index has not as many labels as there are rows, 2",
    ),
    "split-names": ('{"columns": [["a", "b"]], "data": [[1]]}', "p.json: the names of its columns"),
    "table": (
        '{"schema": {"fields": [{"name": "a"}]}, "data": [{"b": 1}]}',
        "p.json: a row of its data has other columns than its schema",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_in_a_document_is_told_where_it_is(
    write: Write, text: str, message: str
) -> None:
    path = write({"p.json": text})
    for rows in (1, 2, 100):
        with pytest.raises(lossctl.DataError) as refused:
            read(path, rows)
        assert f"{path.parent}/{message}" in str(refused.value)


def test_the_first_of_several_faults_is_told_whatever_the_block(write: Write) -> None:
    path = write({"p.json": '[1, 2, "x", 4, nul', "t.npy": np.zeros(9)}).with_name("p.json")
    for rows in (1, 2, 3, 4, 100):
        with pytest.raises(lossctl.DataError, match="row 3: column 1: 'x' is text"):
            lossctl.evaluate(path, np.zeros(9), loss="mae", block_rows=rows)


def test_bytes_that_are_not_utf8_are_told_by_their_offset(run: Run, write: Write) -> None:
    write({"p.json": b'["a",\n"\xe4"]', "t.npy": np.zeros(2)})
    outcome = run("eval", "p.json", "t.npy", *MAE)
    assert outcome.code == 3
    assert (
        "p.json: not UTF-8: byte 0xe4 at offset 7\nlossctl: hint: if the text is in" in outcome.err
    )


def test_a_document_beyond_the_limit_is_refused_with_the_way_out(write: Write) -> None:
    text = json.dumps(list(range(200)))
    with patch.object(elements, "LARGEST", 600), patch.object(document, "LARGEST", 600):
        for name in ("p.json", "p.json.gz"):
            import gzip

            path = write({name: gzip.compress(text.encode()) if name.endswith("z") else text})
            with pytest.raises(lossctl.DataError, match="JSON document of over 0 MiB") as refused:
                lossctl.evaluate(path, np.zeros(200), loss="mae")
            assert refused.value.hint is not None
            assert "jq -c '.[]'" in refused.value.hint
        assert len(read(write({"p.json": json.dumps([0] * 100)}))) == 100


def test_a_long_row_is_a_row(write: Write) -> None:
    row = [i / 3 for i in range(100_000)]
    assert read(write({"p.json": json.dumps([row, row])})) == [row, row]


def test_rows_of_a_document_are_taken_as_they_come(write: Write) -> None:
    path = write({"p.json": json.dumps([[0.5] * 10] * 30_000)})
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    assert table.take(1)
    assert table.progress() is not None
    assert 0 < (table.progress() or 0) < 0.5
    table.close()


KINDS: dict[str, tuple[list[object], list[list[float]] | None]] = {
    "strings": ([{"a": "1"}, {"a": " 2.5 "}], [[1.0], [2.5]]),
    "in-lists": ([{"a": ["1", "2"]}, {"a": ["3", "4"]}], [[1, 2], [3, 4]]),
    "arrays": ([["1", 2], ["3", 4]], [[1, 2], [3, 4]]),
    "lists-in-arrays": ([[[1, 2], 3], [[4, 5], 6]], [[1, 2, 3], [4, 5, 6]]),
    "values": (["1", "2"], [[1], [2]]),
    "then-a-number": ([{"a": "1"}, {"a": 2}], None),
    "then-a-string": ([{"a": 1}, {"a": "2"}], None),
    "in-a-list": ([{"a": [1, "2"]}], None),
    "words": ([{"a": "1"}, {"a": "x"}], None),
}


@pytest.mark.parametrize(("name", "kind"), list(product(["p.jsonl", "p.json"], KINDS)))
def test_strings_are_numbers_where_all_of_a_column_are(write: Write, name: str, kind: str) -> None:
    rows, values = KINDS[kind]
    path = write({name: lines(rows) if name.endswith("l") else json.dumps(rows)})
    for size in (1, 2):
        if values is not None:
            assert read(path, size) == values
            continue
        with pytest.raises(lossctl.DataError, match=r"is no string|is text|is not a number"):
            read(path, size)


@pytest.mark.parametrize("missing", [None, "NaN", "", "null", float("nan")])
def test_what_is_missing_at_first_decides_nothing(write: Write, missing: object) -> None:
    for number in ("0.5", 0.5):
        content = lines([{"a": missing}, {"a": number}, {"a": missing}])
        path = write({"p.jsonl": content})
        report = lossctl.evaluate(path, np.zeros(3), loss="mae", nan="skip")
        assert (report.losses["mae"].mean, report.skipped) == (0.5, 2)


def test_labels_that_are_strings_of_digits(write: Write) -> None:
    rows = [{"p": [0.9, 0.1], "label": "0"}, {"p": [0.2, 0.8], "label": "1"}]
    named = [{"0": 0.9, "1": 0.1, "label": "1"}]
    path = write({"p.jsonl": lines(list(rows)), "named.jsonl": lines(list(named))})
    one = lossctl.evaluate(path.with_name("p.jsonl"), pred_cols="p", target_col="label", loss="ce")
    assert one.losses["ce"].mean == pytest.approx(0.1642519154304695, rel=1e-14)
    other = lossctl.evaluate(path, pred_cols="0,1", target_col="label", loss="ce")
    assert other.losses["ce"].mean == pytest.approx(2.3025840929945457, rel=1e-14)


DOUBTS: dict[str, tuple[str, str, int]] = {
    "numbers": ("[0.5, 1]", "one array: a sample, or an array of samples?", 2),
    "strings": ('["0.5", "1"]', "one array: a sample, or an array of samples?", 2),
    "object-of-lists": ('{"a": [0.5, 1]}', "one object: a sample, or columns?", 0),
    "series": ('{"0": 0.5, "1": 1}', "one object: a sample, or columns?", 0),
}


@pytest.mark.parametrize(("text", "message", "samples"), DOUBTS.values(), ids=DOUBTS)
def test_one_line_under_another_name_is_asked_about(
    write: Write, text: str, message: str, samples: int
) -> None:
    path = write({"p": text + "\n"})
    with pytest.raises(lossctl.DataError, match=message.replace("?", "[?]")) as refused:
        lossctl.evaluate(path, np.zeros((1, 2)), loss="mae")
    assert 'format_in="jsonl"' in str(refused.value.hint)
    as_line = lossctl.evaluate(path, np.zeros((1, 2)), loss="mae", format_in="jsonl,npy")
    assert (as_line.n, as_line.k) == (1, 2)
    if samples:
        as_document = lossctl.evaluate(path, np.zeros(samples), loss="mae", format_in="json,npy")
        assert (as_document.n, as_document.k) == (samples, 1)


CERTAIN = {
    '{"a": 0.5, "b": 1}': (1, 2),
    "[0.5, 1]\n[1, 2]": (2, 2),
    '{"a": 0.5}\n{"a": 1}': (2, 1),
    "[[0.5, 1]]": (1, 2),
    "[[0.5], [1]]": (2, 1),
    "[[0.5, 1], 2]": (1, 3),
    "[1, [0.5, 1]]": (1, 3),
    '[{"a": 0.5}]': (1, 1),
    "[\n0.5,\n1\n]": (2, 1),
    "[0.5]": (1, 1),
    '{"a": {"0": 1, "1": 2, "2": 3}}': (3, 1),
    '{"columns": ["a", "b"], "data": [[1, 2]]}': (1, 2),
}


@pytest.mark.parametrize(("text", "shape"), CERTAIN.items(), ids=CERTAIN)
def test_what_is_certain_under_another_name(
    write: Write, text: str, shape: tuple[int, int]
) -> None:
    path = write({"p": text + "\n"})
    report = lossctl.evaluate(path, np.zeros(shape), loss="mae")
    assert (report.n, report.k) == shape


def test_a_gate_asks_for_no_newline_behind_a_document(run: Run, write: Write) -> None:
    write({"p.json": "[0.5]", "lines.json": '{"a": 0.5}\n{"a": 0.5}', "t.npy": np.zeros(1)})
    gate = ("t.npy", *MAE, "--max-loss", "1")
    assert run("check", "p.json", *gate).code == 0
    write({"t.npy": np.zeros(2)})
    outcome = run("check", "lines.json", *gate)
    assert outcome.code == 3
    assert "--allow-no-final-newline" in outcome.err


def test_lists_in_columns_of_a_document(write: Write) -> None:
    path = write({"p.json": '{"p": {"0": [1, 2], "1": [3, 4]}}'})
    assert read(path) == [[1, 2], [3, 4]]
