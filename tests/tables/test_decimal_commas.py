"""Numbers that are texts with decimal commas: all formats of texts are looked at and read alike."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

import lossctl

Columns: TypeAlias = Mapping[str, Sequence[str | float]]
Writer: TypeAlias = Callable[[str, Columns], Path]


def as_text(columns: Columns, path: Path) -> None:
    rows = [columns, *zip(*columns.values(), strict=True)]
    path.write_text("".join(";".join(map(str, row)) + "\n" for row in rows))


def as_parquet(columns: Columns, path: Path) -> None:
    parquet.write_table(pa.table(dict(columns)), path)


def as_feather(columns: Columns, path: Path) -> None:
    feather.write_feather(pa.table(dict(columns)), str(path))


def as_stream(columns: Columns, path: Path) -> None:
    table = pa.table({name: pa.array(cells).dictionary_encode() for name, cells in columns.items()})
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)


def as_json(columns: Columns, path: Path) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    path.write_text(json.dumps(rows))


def as_json_lines(columns: Columns, path: Path) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


WRITERS = {
    "csv": as_text,
    "parquet": as_parquet,
    "feather": as_feather,
    "arrows": as_stream,
    "json": as_json,
    "jsonl": as_json_lines,
}
TYPED = sorted({*WRITERS} - {"csv"})


@pytest.fixture
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Writer:
    """Write columns to a file of the format that a test is about."""
    kind = request.param

    def write(name: str, columns: Columns) -> Path:
        WRITERS[kind](columns, path := tmp_path / f"{name}.{kind}")
        return path

    return write


def loss(predictions: Path, targets: Path, name: str = "mae", **options: Any) -> float:
    evaluated = lossctl.evaluate(predictions, targets, loss=name, decimal=",", **options)
    return evaluated.losses[name].mean


@pytest.mark.parametrize("written", WRITERS, indirect=True)
def test_columns_of_numbers_look_like_no_ids(written: Writer) -> None:
    columns = {"a": ["0,5", "0,25", "0,75"], "b": ["0,1", "0,2", "0,3"]}
    assert loss(written("p", columns), written("y", columns)) == 0


@pytest.mark.parametrize("written", WRITERS, indirect=True)
def test_targets_of_bce_are_probabilities(written: Writer) -> None:
    predictions = written("p", {"p": ["0,25", "0,5"]})
    targets = written("y", {"y": ["0,2", "0,75"]})
    expected = -(0.2 * math.log(0.25) + 0.8 * math.log(0.75) + math.log(0.5)) / 2
    assert loss(predictions, targets, "bce") == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("written", WRITERS, indirect=True)
def test_a_label_is_ignored_among_numbers(written: Writer) -> None:
    predictions = written("p", {"p": ["0,25", "0,5", "0,5"]})
    targets = written("y", {"y": ["0,5", "-100", "0,25"]})
    assert loss(predictions, targets, ignore_label="-100") == 0.25


@pytest.mark.parametrize("written", TYPED, indirect=True)
def test_a_label_is_ignored_among_numbers_that_are_no_texts(written: Writer) -> None:
    predictions = written("p", {"p": ["0,25", "0,5", "0,5"]})
    targets = written("y", {"y": [0.5, -100.0, 0.25]})
    assert loss(predictions, targets, ignore_label="-100") == 0.25


@pytest.mark.parametrize("written", TYPED, indirect=True)
def test_a_label_is_ignored_among_indices(written: Writer) -> None:
    predictions = written("p", {"p": ["0,25", "0,5"], "q": ["0,75", "0,5"]})
    targets = written("y", {"y": ["1", "-100"], "z": [1, -100]})
    for target in "yz":
        found = loss(predictions, targets, "ce", target_col=target, ignore_label="-100")
        assert found == pytest.approx(-math.log(0.75), rel=1e-6)


@pytest.mark.parametrize("written", WRITERS, indirect=True)
def test_a_point_is_no_decimal_comma(written: Writer) -> None:
    predictions = written("p", {"p": ["0,25", "0,5"]})
    targets = written("y", {"y": ["0,5", "0.25"]})
    for options in ({}, {"ignore_label": "-100"}):
        with pytest.raises(lossctl.DataError, match=r"'0\.25' is not a number with a decimal"):
            loss(predictions, targets, **options)
