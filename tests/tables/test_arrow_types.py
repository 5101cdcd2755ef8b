"""Columns of every type that Arrow has: read as what they are, or refused by their type."""

import datetime
import json
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pytest
from conftest import Run, Write
from pyarrow import parquet

import lossctl

Y = [0.5, 0.25]
PARQUET = Path(__file__).with_name("parquet")
"""Of pyarrow 26: a column x with the values that the tests below write themselves, if they can."""


def to_parquet(table: pa.Table, path: Path) -> None:
    parquet.write_table(table, path)


def to_file(table: pa.Table, path: Path) -> None:
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def to_stream(table: pa.Table, path: Path) -> None:
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)


WRITERS = {"parquet": to_parquet, "feather": to_file, "arrows": to_stream}
IPC = ["feather", "arrows"]


@pytest.fixture(params=WRITERS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Path]:
    """Write columns to a file of each format; to Feather what pyarrow writes no Parquet of yet."""

    def write(name: str = "p", **columns: Any) -> Path:
        table, path = pa.table(columns), tmp_path / f"{name}.{request.param}"
        try:
            WRITERS[request.param](table, path)
        except pa.ArrowNotImplementedError:
            path.unlink(missing_ok=True)
            path = tmp_path / f"{name}.feather"
            to_file(table, path)
        return path

    return write


def loss(predictions: Any, targets: Any, **options: Any) -> float:
    return lossctl.evaluate(predictions, targets, loss="mae", **options).losses["mae"].mean


NUMBERS: dict[str, tuple[Any, list[float]]] = {
    "float16": (pa.array(np.array([0.5, 1], "f2")), [0.5, 1]),
    "uint64": (pa.array([2**53, 1], pa.uint64()), [2.0**53, 1]),
    "decimal32": (pa.array([Decimal("0.5"), Decimal("-1.25")], pa.decimal32(5, 2)), [0.5, -1.25]),
    "decimal64": (pa.array([Decimal("0.5"), Decimal("-1.25")], pa.decimal64(12, 2)), [0.5, -1.25]),
    "decimal128": (
        pa.array([Decimal("0.1"), Decimal("-1.25")], pa.decimal128(20, 4)),
        [0.1, -1.25],
    ),
    "decimal256": (pa.array([Decimal("0.1"), Decimal("-7")], pa.decimal256(60, 40)), [0.1, -7]),
    "text": (pa.array(["0.1", " +1e3 "]), [0.1, 1000]),
    "large-text": (pa.array(["0.1", "-2"], pa.large_string()), [0.1, -2]),
    "text-view": (pa.array(["0.1", "-2"], pa.string_view()), [0.1, -2]),
    "words": (pa.array(["0.1", "-2"]).dictionary_encode(), [0.1, -2]),
    "coded": (pa.array([0.5, 1.0]).dictionary_encode(), [0.5, 1]),
    "coded-decimal": (pa.array([Decimal("0.5"), Decimal(2)]).dictionary_encode(), [0.5, 2]),
}


@pytest.mark.parametrize(("array", "values"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(written: Callable[..., Path], array: Any, values: list[float]) -> None:
    path = written(x=array)
    assert loss(path, [0.0, 0.0]) == math.fsum(map(abs, values)) / 2


@pytest.mark.parametrize("name", ["decimal32", "decimal64", "list-view", "text-view"])
def test_what_only_a_newer_pyarrow_writes_to_parquet_is_read(name: str) -> None:
    array, values = NUMBERS.get(name, (LISTS["view"], [0.25, 0.75, 0.5, 0.5]))
    report = lossctl.evaluate(
        PARQUET / f"{name}.parquet", np.zeros((2, len(values) // 2)), loss="mae", pred_cols=["x"]
    )
    assert len(array) == report.n
    assert report.losses["mae"].mean == math.fsum(map(abs, values)) / 2


def refused(*arguments: Any, **options: Any) -> str:
    with pytest.raises(lossctl.DataError) as caught:
        loss(*arguments, **options)
    return caught.value.message.split(": ", 1)[1]


UNREAD: dict[str, tuple[Any, str]] = {
    "duration": (pa.array([1, 2], pa.duration("s")), "duration[s]"),
    "struct": (pa.array([{"a": 1}, {"a": 2}]), "struct<a: int64>"),
    "map": (pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())), "map<string, int64"),
    "binary": (pa.array([b"\xff", b"1"]), "binary"),
    "binary-view": (pa.array([b"\xff", b"1"], pa.binary_view()), "binary_view"),
    "fixed": (pa.array([b"ab", b"cd"], pa.binary(2)), "fixed_size_binary[2]"),
    "coded-binary": (pa.array([b"a", b"b"]).dictionary_encode(), "dictionary<values=binary"),
    "null": (pa.nulls(2), "null"),
    "time": (pa.array([1, 2], pa.time64("us")), "time64[us]"),
    "bool8": (
        pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8())),
        "extension<arrow.bool8>",
    ),
    "lists-of-text": (pa.array([["a"], ["b"]]), "list<"),
    "lists-of-lists": (pa.array([[[1.0]], [[2.0]]]), "list<"),
    "date": (pa.array([datetime.date(2024, 1, 5)] * 2), "date32[day]"),
    "far-date": (pa.array([3 * 10**6, 1], pa.date32()), "date32[day]"),
    "moment": (pa.array([2**62, 1], pa.timestamp("us")), "timestamp[us]"),
}


@pytest.mark.parametrize(("array", "kind"), UNREAD.values(), ids=UNREAD)
def test_a_type_that_is_no_number_is_refused_by_its_name_where_it_is_read(
    written: Callable[..., Path], array: Any, kind: str
) -> None:
    path = written(x=array, y=Y)
    assert refused(path, Y, pred_cols=["x"]).startswith(f"column 'x': values of type {kind}")
    assert loss(path, [0, 0], pred_cols=["y"]) == 0.375


ONLY_IPC: dict[str, Any] = {
    "month_day_nano_interval": pa.array([(1, 2, 3)] * 2, pa.month_day_nano_interval()),
    "sparse_union": pa.UnionArray.from_sparse(
        pa.array([0, 1], pa.int8()), [pa.array([1.0, 2.0]), pa.array(["a", "b"])]
    ),
    "run_end_encoded": pa.RunEndEncodedArray.from_arrays(
        pa.array([2], pa.int32()), pa.array([1.0])
    ),
}


@pytest.mark.parametrize("form", IPC)
@pytest.mark.parametrize("kind", ONLY_IPC)
def test_a_type_that_parquet_lacks(tmp_path: Path, kind: str, form: str) -> None:
    path = tmp_path / f"p.{form}"
    WRITERS[form](pa.table({"x": ONLY_IPC[kind], "y": Y}), path)
    assert refused(path, Y, pred_cols=["x"]).startswith(f"column 'x': values of type {kind}")
    assert refused([0.0, 0.0], path, target_col=["x"]).startswith("column 'x'")
    assert loss(path, [0, 0], pred_cols=["y"]) == 0.375


def test_an_interval_of_duckdb_is_refused_by_the_command(run: Run, write: Write) -> None:
    array = pa.array([b"\0" * 12] * 2, pa.binary(12))  # so pyarrow reads Parquet's intervals
    to_parquet(pa.table({"i": array}), write({"t.npy": np.zeros(2)}).parent / "p.parquet")
    outcome = run("eval", "p.parquet", "t.npy", "--loss", "mae")
    message = "p.parquet: column 'i': values of type fixed_size_binary[12] are neither"
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(f"lossctl: error: {message}")


# Lists.


LISTS: dict[str, Any] = {
    "list": pa.array([[0.25, 0.75], [0.5, 0.5]]),
    "large": pa.array([[0.25, 0.75], [0.5, 0.5]], pa.large_list(pa.float32())),
    "fixed": pa.array([*np.array([[0.25, 0.75], [0.5, 0.5]], "e")], pa.list_(pa.float16(), 2)),
    "view": pa.array([[0.25, 0.75], [0.5, 0.5]], pa.list_view(pa.float64())),
    "decimal": pa.array([[Decimal("0.25"), Decimal("0.75")], [Decimal("0.50"), Decimal("0.5")]]),
    "slice": pa.array([[9.0, 9], [0.25, 0.75], [0.5, 0.5], [9, 9]]).slice(1, 2),
}


@pytest.mark.parametrize("array", LISTS.values(), ids=LISTS)
def test_a_list_is_its_components(written: Callable[..., Path], array: Any) -> None:
    path = written(probs=array, label=[1, 0])
    report = lossctl.evaluate(path, loss="ce", pred_cols=["probs"], target_col=["label"])
    assert report.losses["ce"].mean == -(math.log(0.75 + 1e-7) + math.log(0.5 + 1e-7)) / 2
    assert loss(path, [0.75, 0.5], pred_cols=["probs[1]"]) == 0
    assert loss(path, [[0, 0], [0, 0]], pred_cols=["probs"], block_rows=1) == 1


def test_lists_of_true_and_false_are_targets(written: Callable[..., Path]) -> None:
    path = written(hot=[[True, False], [False, True]])
    assert loss([[1.0, 0.0], [0.5, 0.5]], path) == 0.5


BAD_LISTS: dict[str, tuple[list[Any], str]] = {
    "null": ([[1, 2], None], 'row 2: column "x": null is not a list of 2 numbers'),
    "null-within": ([[1, 2], [1, None]], 'row 2: column "x[1]": null is not a number'),
    "short": ([[1, 2], [1]], 'row 2: column "x": 1 component where the first list has 2'),
    "long": ([[1, 2], [1, 2, 3]], 'row 2: column "x": 3 components where the first list has 2'),
    "empty": ([[1, 2], []], 'row 2: column "x": 0 components where the first list has 2'),
    "empty-first": ([[], [1, 2]], 'row 1: column "x": 0 components where the first list has 2'),
    "null-first": ([None, [1, 2]], 'row 1: column "x": null is not a list of 2 numbers'),
    "infinite": ([[1, 2], [1, float("inf")]], 'row 2: column "x[1]": inf is not finite'),
}


@pytest.mark.parametrize("block_rows", [1, 1000])
@pytest.mark.parametrize(("lists", "message"), BAD_LISTS.values(), ids=BAD_LISTS)
def test_a_bad_list_is_told_at_its_row(
    written: Callable[..., Path], lists: Any, message: str, block_rows: int
) -> None:
    path = written(x=pa.array(lists, pa.list_(pa.float64())), y=Y)
    assert refused(path, np.zeros((2, 2)), pred_cols=["x"], block_rows=block_rows) == message
    assert loss(path, [0, 0], pred_cols=["y"]) == 0.375


def test_no_list_has_a_component(written: Callable[..., Path]) -> None:
    path = written(x=pa.array([None, []], pa.list_(pa.float64())), y=Y)
    message = "column 'x': there is no list with a component in its first rows"
    assert refused(path, Y, pred_cols=["x"]) == message
    assert loss(path, [0, 0], pred_cols=["y"]) == 0.375


def test_missing_components_leave_their_samples_out(written: Callable[..., Path]) -> None:
    lists = [[1, 2], None, [None, 2], [3, 4]]
    path = written(x=pa.array(lists, pa.list_(pa.int64())))
    report = lossctl.evaluate(path, np.zeros((4, 2)), loss="mae", nan="skip")
    assert (report.losses["mae"].mean, report.n, report.skipped) == (5.0, 2, 2)


def test_lists_of_thousands(written: Callable[..., Path]) -> None:
    values = np.random.default_rng(0).random((50, 3000))
    lists = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), 3000)
    path = written(x=lists.cast(pa.list_(pa.float64())))
    assert loss(path, np.zeros((50, 3000))) == loss(values, np.zeros((50, 3000)))


def test_lists_of_polars(tmp_path: Path) -> None:
    frame = polars.DataFrame(
        {"a": [[0.25, 0.75], [0.5, 0.5]], "b": [[1, 2], [3, 4]]},
        schema={"a": polars.List(polars.Float32), "b": polars.Array(polars.Int16, 2)},
    )
    frame.write_parquet(tmp_path / "p.parquet")
    frame.write_ipc(tmp_path / "p.arrow")
    frame.write_ipc_stream(tmp_path / "p.arrows")
    for name in ("p.parquet", "p.arrow", "p.arrows"):
        assert loss(tmp_path / name, np.zeros((2, 2)), pred_cols=["a"]) == 1
        assert loss(tmp_path / name, np.zeros((2, 2)), pred_cols=["b"]) == 5


# Decimals.


@pytest.mark.parametrize("scale", [-3, 0, 1, 17, 22, 23, 37])
@pytest.mark.parametrize("width", [128, 256])
def test_a_decimal_is_rounded_once(tmp_path: Path, scale: int, width: int) -> None:
    """Against exact fractions; the digits lie around halves of the last bit of float64."""
    halves = [(2**54 + odd) * 10**more for odd in (1, 3, -1) for more in (0, 5)]
    wholes = [0, 1, -1, 123456789, *halves, *[h + 1 for h in halves], *[1 - h for h in halves]]
    if scale <= 0:  # integers that float64 lacks are refused, as they are elsewhere
        wholes = [w for w in wholes if int(float(w * 10**-scale)) == w * 10**-scale]
    kind = (pa.decimal128 if width == 128 else pa.decimal256)(38, scale)
    content = b"".join(w.to_bytes(width // 8, "little", signed=True) for w in wholes)
    array = pa.Array.from_buffers(kind, len(wholes), [None, pa.py_buffer(content)])
    nearest = [float(Fraction(w) / Fraction(10) ** scale) for w in wholes]
    for form in IPC if scale < 0 else WRITERS:  # Parquet has no such scale
        path = tmp_path / f"p.{form}"
        WRITERS[form](pa.table({"x": array}), path)
        assert lossctl.evaluate(path, nearest, loss="mae").losses["mae"].max == 0


def test_an_integer_that_float64_lacks(written: Callable[..., Path]) -> None:
    array = pa.array([Decimal(1), Decimal(2**53 + 1)], pa.decimal128(20, 0))
    message = (
        f'row 2: column "x": {2**53 + 1} is an integer that a 64-bit float cannot hold exactly'
    )
    assert refused(written(x=array), Y) == message


def test_decimals_are_labels_and_ids(written: Callable[..., Path], write: Write) -> None:
    labels = pa.array([Decimal("1.00"), Decimal("0.00")], pa.decimal128(5, 2))
    assert lossctl.evaluate([[0.5, 0.5], [1, 0]], written(x=labels), loss="ce").n == 2
    keys = pa.array([Decimal(10), Decimal("2.50")], pa.decimal128(5, 2))
    path, other = written(key=keys, y=[1.0, 2.0]), write({"t.csv": "key,y\n2.50,2\n10,1\n"})
    assert loss(path, other, id="key") == 0


# Texts.


def test_a_text_that_is_no_number_is_told_at_its_row(written: Callable[..., Path]) -> None:
    path = written(x=["0.5", "0.5", "half", "x"])
    assert refused(path, [1] * 4) == "row 3: column \"x\": 'half' is not a number"
    path = written(x=["0.5", "", "1", "NA"])
    assert refused(path, [1] * 4) == 'row 2: column "x": an empty cell is not a number'
    report = lossctl.evaluate(path, [0.0] * 4, loss="mae", nan="skip")
    assert (report.losses["mae"].mean, report.n, report.skipped) == (0.75, 2, 2)


@pytest.mark.parametrize("form", IPC)
def test_words_among_nulls(tmp_path: Path, form: str) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, None, 1, 2]), pa.array(["1", None, "2.5"]))
    path = tmp_path / f"p.{form}"
    WRITERS[form](pa.table({"x": words}), path)
    assert refused(path, [1] * 4) == 'row 2: column "x": null is not a number'
    report = lossctl.evaluate(path, [0.0] * 4, loss="mae", nan="skip")
    assert (report.losses["mae"].mean, report.n, report.skipped) == (1.75, 2, 2)


def test_labels_of_many_words(written: Callable[..., Path]) -> None:
    names = [f"class {i}" for i in range(40)]
    labels = [names[i * 7 % 40] for i in range(500)]
    path = written(label=pa.array(labels).dictionary_encode())
    predictions = pd.DataFrame(np.full((500, 40), 1 / 40), columns=names)
    assert lossctl.evaluate(predictions, path, loss="ce").n == 500


# Dates.


MOMENTS: dict[str, tuple[Any, list[str]]] = {
    "date32": (pa.array([0, 19727], pa.date32()), ["1970-01-01", "2024-01-05"]),
    "date64": (pa.array([0, 19727 * 86400_000], pa.date64()), ["1970-01-01", "2024-01-05"]),
    "s": (pa.array([0, -1], pa.timestamp("s")), ["1970-01-01T00:00:00", "1969-12-31T23:59:59"]),
    "ms": (
        pa.array([1, 10**12], pa.timestamp("ms")),
        ["1970-01-01T00:00:00.001000", "2001-09-09T01:46:40"],
    ),
    "ns": (
        pa.array([1, 1000], pa.timestamp("ns")),
        ["1970-01-01T00:00:00.000000001", "1970-01-01T00:00:00.000001"],
    ),
    "utc": (
        pa.array([0, 1], pa.timestamp("us", "UTC")),
        ["1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00.000001+00:00"],
    ),
    "zone": (
        pa.array([0, 1_719_792_000_000_000], pa.timestamp("us", "Europe/Berlin")),
        ["1970-01-01T01:00:00+01:00", "2024-07-01T02:00:00+02:00"],
    ),
    "uuid": (
        pa.array([bytes(16), bytes(15) + b"\1"], pa.uuid()),
        ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001"],
    ),
}


@pytest.mark.parametrize(("array", "texts"), MOMENTS.values(), ids=MOMENTS)
def test_dates_are_ids_as_their_iso_text(
    written: Callable[..., Path], write: Write, array: Any, texts: list[str]
) -> None:
    rows = "".join(f"{text},{y}\n" for text, y in reversed(list(zip(texts, [1, 2], strict=True))))
    targets = write({"t.csv": f"when,y\n{rows}"})
    assert loss(written(when=array, y=[1.0, 2.0]), targets, id="when") == 0


def test_the_iso_text_of_pandas_is_the_same() -> None:
    from lossctl.tables.arrow.schema import Kind
    from lossctl.tables.arrow.texts import text_of, values_of

    rng = np.random.default_rng(0)
    # Older pandas takes its zones from pytz, which knows no summer time from 2038 on.
    most = 2_000_000_000 if pd.__version__ < "3" else 8_000_000_000
    for unit, size in {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}.items():
        seconds = rng.integers(-most, most, 200)
        rest = rng.integers(0, size, 200) // rng.choice([1, 1000, 10**9], 200) * 1000 % size
        array = pa.array(seconds * size + rest, pa.timestamp(unit, "America/New_York"))
        text = text_of(Kind.MOMENT, array.type)
        found = [text(value) for value in values_of(array, Kind.MOMENT)]
        assert found == [moment.isoformat() for moment in array.to_pandas()]


FAR: dict[str, Any] = {
    "date32": pa.array([0, 3 * 10**6], pa.date32()),
    "before": pa.array([0, -(10**6)], pa.date32()),
    "timestamp": pa.array([0, 2**55], pa.timestamp("ms")),
}


@pytest.mark.parametrize("array", FAR.values(), ids=FAR)
def test_a_date_that_no_calendar_has_is_told_at_its_row(
    written: Callable[..., Path], array: Any
) -> None:
    message = 'row 2: column "when": a date that is not in the years 1 to 9999 is no id'
    targets = written("t", when=array, y=[1.0, 2.0])
    assert refused(written(when=array, y=[1.0, 2.0]), targets, id="when") == message


# An index.


def frame() -> pd.DataFrame:
    index = pd.Index([17, 4, 9], name="gdb_idx")
    return pd.DataFrame({"y": [1.0, 2.0, 4.0]}, index)


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_named_index_is_no_component(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"p.{kind}"
    WRITERS[kind](pa.Table.from_pandas(frame()), path)
    assert loss(path, [0, 0, 0]) == pytest.approx(7 / 3, rel=1e-15)
    assert loss(path, [0, 0, 0], pred_cols=["gdb_idx"]) == 10
    targets = tmp_path / f"t.{kind}"
    WRITERS[kind](pa.Table.from_pandas(frame()[::-1]), targets)
    assert loss(path, targets, id="gdb_idx") == 0


def test_a_named_index_of_several_shards(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    for number in range(2):
        shard = frame()
        shard.index += 100 * number  # or they would be the same samples twice
        shard.to_parquet(tmp_path / f"p/part-{number}.parquet")
    np.save(tmp_path / "t.npy", np.zeros(6))
    outcome = run("eval", "p", "t.npy", "--loss", "mae", "-f", "json")
    assert json.loads(outcome.out)["k"] == 1


def test_a_note_of_pandas_that_is_damaged_names_no_index(tmp_path: Path) -> None:
    for note in (b"{", b'{"index_columns": 3}', b"[]", b'{"index_columns": ["none"]}'):
        table = pa.table({"y": Y}).replace_schema_metadata({b"pandas": note})
        to_file(table, tmp_path / "p.feather")
        assert loss(tmp_path / "p.feather", [0, 0]) == 0.375
