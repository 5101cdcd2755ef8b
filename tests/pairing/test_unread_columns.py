"""Columns of both tables that nobody reads do not matter, whatever they hold."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars
import pyarrow as pa
import pytest
from pyarrow import parquet

import lossctl

ODD = {
    "when": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"]),
    "meta": [{"a": 1}, {"b": 2}, {"c": 3}],
    "bytes": [b"a", b"\xff", b"c"],
    "text and none": ["a", None, "c"],
    "ragged": [[1, 2], [3], [4, 5, 6]],
    "lists": [[1, 2], [3, 4], [5, 6]],
}
P, Y = [0.5, 0.25, 1.0], [1.0, 0.25, 0.5]
READ: dict[str, Any] = {"pred_cols": "p", "target_col": "y"}


def mae(predictions: Any, targets: Any, **options: Any) -> float:
    return lossctl.evaluate(predictions, targets, loss="mae", **READ, **options).losses["mae"].mean


@pytest.mark.parametrize("odd", ODD)
def test_in_data_frames(odd: str) -> None:
    first, second = ({"p": P, "y": Y, name: ODD[odd]} for name in ("odd", "odd"))
    assert mae(pd.DataFrame(first), pd.DataFrame(second)) == pytest.approx(1 / 3)


def test_in_data_frames_of_polars() -> None:
    frame = polars.DataFrame({"p": P, "y": Y, "odd": [{"a": 1}, {"a": 2}, {"a": 3}]})
    assert mae(frame, frame.clone()) == pytest.approx(1 / 3)


STRUCTURES = pa.array([{"a": 1}, {"a": 2}, {"a": 3}])
ARROW = {
    "structures": STRUCTURES,
    "maps": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64())),
    "bytes": pa.array([b"a", b"\xff", None]),
    "ragged": pa.array([[1, 2], [3], None]),
    "texts": pa.array([["a"], ["b"], None]),
    "nulls": pa.nulls(3),
    "durations": pa.array([1, 2, None], pa.duration("s")),
    "far dates": pa.array([10**7, 10**8, 10**9], pa.date32()),
}


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
@pytest.mark.parametrize("odd", ARROW)
def test_in_files(tmp_path: Path, odd: str, kind: str) -> None:
    table = pa.table({"p": P, "y": Y, "odd": ARROW[odd]})
    paths = [tmp_path / f"{name}.{kind}" for name in "py"]
    for path in paths:
        if kind == "parquet":
            parquet.write_table(table, path)
        else:
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
    assert mae(*paths) == pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", ["jsonl", "json"])
@pytest.mark.parametrize("odd", [[{"a": 1}, {"b": [2]}, {}], [[1, 2], [3], []], [[[1]], [[2]], 3]])
def test_in_json(tmp_path: Path, odd: list[Any], kind: str) -> None:
    rows = [{"p": p, "y": y, "odd": cell} for p, y, cell in zip(P, Y, odd, strict=True)]
    text = json.dumps(rows) if kind == "json" else "".join(f"{json.dumps(row)}\n" for row in rows)
    paths = [tmp_path / f"{name}.{kind}" for name in "py"]
    for path in paths:
        path.write_text(text)
    assert mae(*paths) == pytest.approx(1 / 3)


def test_in_text(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in "py"]
    for path in paths:
        path.write_text('p,y,odd\n0.5,1,"[1, 2]"\n0.25,0.25,"[3]"\n1,0.5,x\n')
    assert mae(*paths) == pytest.approx(1 / 3)


def test_an_id_beside_them_is_looked_at() -> None:
    frame = pd.DataFrame({"id": [{}, {}, {}], "p": [0.5, 1, 0.5], "y": [1.0, 1, 1]})
    assert mae(frame, frame.copy()) == pytest.approx(1 / 3)
    frame["sample_id"] = ["a", "b", "a"]
    with pytest.raises(lossctl.DataError, match="row 1 and predictions: row 3 are one sample"):
        mae(frame, frame.copy())
