"""Dates, UUIDs, periods and decimal numbers in memory are what the same are in Parquet."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lossctl

UTC = datetime.UTC
DAYS = [datetime.date(2024, 3, day) for day in (30, 31)]
MOMENTS = [datetime.datetime(2024, 3, 31, hour, 30) for hour in (0, 3)]
IDS: dict[str, tuple[Any, list[str]]] = {
    "datetimes": (pd.Series(MOMENTS), ["2024-03-31T00:30:00", "2024-03-31T03:30:00"]),
    "nanoseconds": (
        pd.Series(pd.date_range("2024-01-01", periods=2, freq="ns")),
        ["2024-01-01T00:00:00", "2024-01-01T00:00:00.000000001"],
    ),
    "time zones": (
        pd.Series(MOMENTS).dt.tz_localize("Europe/Berlin"),
        ["2024-03-31T00:30:00+01:00", "2024-03-31T03:30:00+02:00"],
    ),
    "objects": (
        pd.Series([m.replace(tzinfo=UTC, microsecond=5) for m in MOMENTS], dtype=object),
        ["2024-03-31T00:30:00.000005+00:00", "2024-03-31T03:30:00.000005+00:00"],
    ),
    "categories": (pd.Series(MOMENTS, dtype="category"), [m.isoformat() for m in MOMENTS]),
    "dates": (pd.Series(DAYS), ["2024-03-30", "2024-03-31"]),
    "dates of arrow": (pd.Series(DAYS).astype("date32[pyarrow]"), ["2024-03-30", "2024-03-31"]),
    "uuids": (pd.Series([UUID(int=1), UUID(int=2)]), [str(UUID(int=1)), str(UUID(int=2))]),
    "decimals": (pd.Series([Decimal("1.5"), Decimal("2.25")]), ["1.50", "2.25"]),
    "whole decimals": (pd.Series([Decimal("1.0"), Decimal("12")]), ["1", "12"]),
}
Y, D = [1.0, 2.0], [3.0, 7.0]
LOSSES = [2.0, 5.0]


def ids_of(y: Any, d: Any, **options: Any) -> list[str]:
    given: dict[str, Any] = {"id": "key", "samples": True, "block_rows": 1} | options
    samples = lossctl.evaluate(y, d, loss="mae", **given).samples
    assert samples["mae"].tolist() == LOSSES
    return [text.decode() for text in samples.beside["id"].tolist()]


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet; pandas leaves UUIDs to pyarrow, which knows them only of late."""
    if isinstance(frame["key"].iloc[0], UUID):
        cells = pa.array([key.bytes for key in frame["key"]], pa.binary(16))
        keys = pa.ExtensionArray.from_storage(pa.uuid(), cells)
        pq.write_table(pa.table({"key": keys, "v": frame["v"]}), path)
    else:
        frame.to_parquet(path)


every_kind = pytest.mark.parametrize(("keys", "texts"), IDS.values(), ids=IDS)


@every_kind
def test_ids_are_the_texts_that_parquet_has(keys: Any, texts: list[str], tmp_path: Path) -> None:
    y, d = pd.DataFrame({"key": keys, "v": Y}), pd.DataFrame({"key": keys, "v": D})
    write(y, tmp_path / "y.parquet")
    write(d, tmp_path / "d.parquet")
    files = str(tmp_path / "y.parquet"), str(tmp_path / "d.parquet")
    for given in ((y, d), (y, d[::-1]), files, (y, files[1]), (files[0], d[::-1])):
        assert ids_of(*given) == texts
    indexed = y.set_index("key"), d.set_index("key")[::-1]
    for given in (indexed, (y, indexed[1]), (indexed[0], files[1])):
        assert ids_of(*given) == texts
    if not isinstance(keys[0], Decimal):  # labels, unlike a column, have no decimal places
        assert ids_of(*indexed, id=None, index="align") == texts


@pytest.mark.parametrize("make", [polars.from_arrow, pa.table], ids=["polars", "pyarrow"])
@pytest.mark.parametrize("kind", [kind for kind in IDS if kind not in ("categories", "uuids")])
def test_ids_of_other_data_frames(make: Any, kind: str, tmp_path: Path) -> None:
    keys, texts = IDS[kind]
    y = make(pa.table({"key": pa.array(keys, from_pandas=True), "v": Y}))
    d = pd.DataFrame({"key": keys, "v": D})
    d.to_parquet(tmp_path / "d.parquet")
    assert ids_of(y, d) == ids_of(y, str(tmp_path / "d.parquet")) == texts


def test_periods_are_their_texts() -> None:
    keys = pd.period_range("2024-01", periods=2, freq="M")
    y, d = pd.DataFrame({"key": keys, "v": Y}), pd.DataFrame({"key": keys, "v": D})
    assert ids_of(y, d[::-1]) == ids_of(y.set_index("key"), d) == ["2024-01", "2024-02"]


@every_kind
def test_the_frame_of_losses_has_what_was_given(keys: Any, texts: list[str]) -> None:
    y, d = pd.DataFrame({"key": keys, "v": Y}), pd.DataFrame({"key": keys, "v": D})
    report = lossctl.evaluate(y, d[::-1], loss="mae", id="key", samples=True)
    frame = report.samples.to_frame()
    assert frame["key"].dtype == y["key"].dtype
    assert d.merge(frame, on="key")["mae"].tolist() == LOSSES


@pytest.mark.parametrize("none", [pd.NaT, None])
@pytest.mark.parametrize("kind", ["datetimes", "time zones", "dates", "uuids", "decimals"])
def test_a_missing_one_is_no_id_and_matters_where_it_is_read(kind: str, none: Any) -> None:
    keys = IDS[kind][0].copy()
    keys[1] = none
    y = pd.DataFrame({"key": keys, "v": Y})
    with pytest.raises(lossctl.DataError, match=r"row 2: column .key.: an empty cell is no id"):
        lossctl.evaluate(y, y, loss="mae", id="key")
    assert lossctl.evaluate(y, y, loss="mae", pred_cols="v", target_col="v").n == 2


@pytest.mark.parametrize("kind", ["datetimes", "time zones", "dates", "uuids"])
def test_they_are_no_numbers(kind: str) -> None:
    y = pd.DataFrame({"key": IDS[kind][0], "v": Y})
    with pytest.raises(lossctl.DataError, match="column 'key': element") as refused:
        lossctl.evaluate(y, y, loss="mae", pred_cols="key", target_col="v")
    way = 'if both tables have this column, it can pair the rows: id="key"'
    assert refused.value.hint == way


NUMBERS: dict[str, tuple[list[Any], list[float]]] = {
    "places": ([Decimal("0.1"), Decimal("1.25")], [0.1, 1.25]),
    "rounded once": ([Decimal("9007199254740993.5"), Decimal("1")], [9007199254740994.0, 1.0]),
    "whole": ([Decimal("7"), Decimal("1E+3")], [7.0, 1000.0]),
    "beside others": ([Decimal("0.5"), 2], [0.5, 2.0]),
}


@pytest.mark.parametrize(("given", "values"), NUMBERS.values(), ids=NUMBERS)
def test_decimals_are_numbers(given: list[Any], values: list[float]) -> None:
    frame = pd.DataFrame({"v": pd.Series(given, dtype=object)})
    cells = pd.DataFrame({"v": pd.Series([given, given], dtype=object)})
    for y, d in ((frame, values), (given, values), (cells, [values, values])):
        assert lossctl.evaluate(y, d, loss="mae").losses["mae"].max == 0.0


@pytest.mark.parametrize("missing", [None, Decimal("NaN"), Decimal("sNaN"), pd.NA])
def test_a_missing_decimal_is_left_out_where_that_is_asked_for(missing: Any) -> None:
    y = pd.DataFrame({"v": pd.Series([Decimal("0.5"), missing], dtype=object)})
    assert lossctl.evaluate(y, [1.5, 1.0], loss="mae", nan="skip").losses["mae"].total == 1.0
    with pytest.raises(lossctl.DataError, match="row 2"):
        lossctl.evaluate(y, [1.5, 1.0], loss="mae")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("9007199254740993", "cannot hold exactly"),
        ("1E+400", "not finite|too large"),
        ("1E+999999", "not finite"),
        ("Infinity", "not finite"),
    ],
)
def test_a_decimal_that_float64_lacks_is_refused(value: str, reason: str) -> None:
    for y in ([Decimal(value)], pd.DataFrame({"v": [Decimal(value)]})):
        with pytest.raises(lossctl.DataError, match=reason):
            lossctl.evaluate(y, [1.0], loss="mae")
