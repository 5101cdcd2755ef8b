"""Spans of text by counted newlines: they say what reading from front to end says."""

import os
import signal
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import blocks_of, probabilities

import lossctl
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.records import lines, records
from lossctl.tables.records.cuts import FileCut, HeldCut
from lossctl.tables.records.lines import Lines
from lossctl.tables.records.record_table import RecordTable
from lossctl.tables.records.records import Records
from lossctl.tables.streams.source import Source
from lossctl.tables.table import Table, TableOptions
from lossctl.tables.text import fast
from lossctl.tables.text import text_table as text
from lossctl.tables.text.dialect import Dialect

examples = settings(deadline=None, derandomize=True, database=None, max_examples=200)


def opened(path: Path) -> Table:
    return open_table(Input(str(path)), TableOptions(), "predictions")


def outcome(path: Path, rows: int) -> tuple[object, ...]:
    """Return all that reading a table gives, or all that its error says."""
    try:
        table = opened(path)
        blocks = list(blocks_of(table, rows))
        table.close()
    except lossctl.LossctlError as error:
        return type(error), error.message, error.hint
    values = [block.values.tobytes("C") for block in blocks]
    places = [str(block.place.spot(i)) for block in blocks for i in range(len(block.values))]
    return table.width, table.columns, list(table.warnings()), values, places


cells = st.sampled_from(["1", "0.25", "-3e5", "17.125", '"2"', '"4\n"', "x", "", '"', "1" * 30])
rows_of_text = st.lists(
    st.lists(cells, min_size=1, max_size=2).map(",".join), min_size=1, max_size=30
)
mostly_plain = st.lists(st.sampled_from(["1,2", "0.5,3", "1,2", '"1",2']), min_size=1, max_size=60)


texts = st.tuples(
    st.one_of(rows_of_text, mostly_plain),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n"]),
).map(lambda parts: parts[1].join(parts[0]) + parts[2].replace("\n", parts[1]))


@examples
@given(texts, st.integers(1, 70), st.integers(1, 40), st.integers(1, 20))
def test_spans_give_what_reading_from_front_to_end_gives(
    tmp_path_factory: pytest.TempPathFactory, content: str, head: int, chunk: int, rows: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "p.csv"
    path.write_bytes(content.encode())
    with patch.object(records, "CHUNK", head):
        with patch.object(Records, "hand_over", lambda records: None):
            expected = outcome(path, rows)
        with patch.object(lines, "_CHUNK", chunk):
            assert outcome(path, rows) == expected


def cuts_of(path: Path, rows: int) -> list[type]:
    table = opened(path)
    assert isinstance(table, RecordTable)
    found = [type(span.cut) for span in iter(lambda: table.take(rows), None)]
    table.close()
    return found


@pytest.mark.parametrize("header", ["a,b", '"a","b"'])
def test_a_large_file_is_read_by_spans_and_its_tail_from_front_to_end(
    tmp_path: Path, header: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"{header}\n" + "0.25,0.75\n" * 1003)
    with patch.object(records, "CHUNK", 100):
        assert cuts_of(path, 100) == [FileCut] * 10 + [HeldCut]


def test_a_quotation_mark_ends_the_spans_before_its_chunk(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("0.25,0.75\n" * 50 + '"0.25",0.75\n' + "0.25,0.75\n" * 50)
    with patch.object(records, "CHUNK", 100), patch.object(lines, "_CHUNK", 100):
        found = cuts_of(path, 10)
    assert found == [FileCut] * 5 + [HeldCut] * 6


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("block_rows", [1, 7, 64, 1000, None])
def test_the_same_bits_in_any_partition(
    tmp_path: Path, newline: str, jobs: int, block_rows: int | None
) -> None:
    y = probabilities(700, 3)
    d = np.eye(3)[np.arange(700) % 3]
    names = ["p.csv", "t.csv"]
    for name, values in zip(names, (y, d), strict=True):
        rows = [",".join(map(repr, row)) for row in values.tolist()]
        (tmp_path / name).write_text(newline.join(["a,b,c", *rows, ""]), newline="")
    expected = lossctl.evaluate(y, d, loss="ce,mse,mae")
    with patch.object(records, "CHUNK", 256), patch.object(text, "SMALL", 0):
        report = lossctl.evaluate(
            *(str(tmp_path / name) for name in names),
            loss="ce,mse,mae",
            jobs=jobs,
            block_rows=block_rows,
        )
    assert [(loss.mean, loss.stderr) for loss in report.losses.values()] == [
        (loss.mean, loss.stderr) for loss in expected.losses.values()
    ]


@pytest.mark.parametrize("block_rows", [1, 3, 50, 1000])
@pytest.mark.parametrize("jobs", [1, 3])
def test_the_first_bad_line_is_named(tmp_path: Path, block_rows: int, jobs: int) -> None:
    rows = ["0.25,0.75"] * 500
    rows[300], rows[400] = "0.25,n/a", "x,0.75"
    (tmp_path / "p.csv").write_text("\n".join(["a,b", *rows, ""]))
    (tmp_path / "t.csv").write_text("a,b\n" + "0,1\n" * 500)
    files = str(tmp_path / "p.csv"), str(tmp_path / "t.csv")
    with (
        patch.object(records, "CHUNK", 64),
        patch.object(lines, "_CHUNK", 64),
        pytest.raises(lossctl.DataError) as caught,
    ):
        lossctl.evaluate(*files, loss="mse", block_rows=block_rows, jobs=jobs)
    assert caught.value.message.endswith("p.csv:302: column \"b\": 'n/a' is not a number")


def test_a_file_that_changes_behind_its_count_is_not_evaluated(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("0.25,0.75\n" * 100)
    with patch.object(records, "CHUNK", 100):
        table = opened(path)
        span = table.take(50)
        assert span is not None
        path.write_text("0.75,0.25\n" * 100)
        os.utime(path, (1, 1))
        with pytest.raises(lossctl.ResourceError, match="changed while it was read"):
            span.load(50)
        with pytest.raises(lossctl.ResourceError, match="changed while it was read"):
            table.close()


def test_a_line_without_end_is_left_to_the_reader_that_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("1,2\n" * 10 + "1" * 1000 + ",2\n" * 2)
    source = Source(str(path))
    with patch.object(lines, "_CHUNK", 50), patch.object(lines, "_LONGEST", 100):
        found = Lines(source, 0, 1, quotes=True)
        cut = found.take(5)
        assert cut is not None
        assert (cut.offset, cut.size, cut.records, cut.line) == (0, 20, 5, 1)
        assert found.take(6) is None
    assert (found.offset, found.line) == (20, 6)
    source.close()


@pytest.mark.parametrize("shard", [0, 1, 2, 3])
@pytest.mark.parametrize("content", ["0.75,0.25\n" * 103, "0.25,0.75\n" * 104])
def test_a_shard_that_changes_behind_its_spans_is_not_evaluated(
    tmp_path: Path, shard: int, content: str
) -> None:
    for number in range(4):
        (tmp_path / f"p-{number}.csv").write_text("0.25,0.75\n" * 103)
    targets = np.tile([0.0, 1.0], (412, 1))
    changed = tmp_path / f"p-{shard}.csv"
    read = Source.read

    def read_late(source: Source, size: int) -> bytes:
        if source.path == str(changed) and os.lseek(source.descriptor, 0, os.SEEK_CUR) > 500:
            changed.write_text(content)
            os.utime(changed, (1, 1))
        return read(source, size)

    with (
        patch.object(records, "CHUNK", 64),
        patch.object(Source, "read", read_late),
        pytest.raises(lossctl.ResourceError, match="changed while it was read"),
    ):
        lossctl.evaluate(str(tmp_path), targets, loss="mse", block_rows=10, jobs=1)


def held(content: bytes) -> HeldCut:
    return HeldCut(content, content.count(b"\n"), 1, 0)


@pytest.mark.parametrize("piece", range(1, 14))
def test_the_screen_sees_what_lies_across_pieces(piece: int) -> None:
    with patch.object(fast, "_PIECE", piece):
        values = fast.numbers(held(b"1e+2,-3.5E+1\n.25,6e-7\n"), 2, Dialect(","))
        assert values is not None
        assert values.tolist() == [[100.0, -35.0], [0.25, 6e-7]]
        for bad in (b"1,+2\n", b"1,e +2\n", b"1,True\n", b"1,2\0\n", b"1,2\r\n"):
            assert fast.numbers(held(bad), 2, Dialect(",")) is None


def read_until_interrupted(cut: HeldCut, seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    while True:
        assert fast.numbers(cut, 2, Dialect(",")) is not None


def test_an_interrupt_while_pandas_reads_is_no_reason_to_read_strictly() -> None:
    cut = held(b"0.25,0.75\n" * 20_000)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for microseconds in range(200, 8000, 200):
            with pytest.raises(KeyboardInterrupt):
                read_until_interrupted(cut, microseconds / 1e6)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
