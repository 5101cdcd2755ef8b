"""An index that pandas counts rather than keeps is an id like others where it has a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from conftest import Run

import lossctl

COUNTED = pd.RangeIndex(10, 50, 10, name="shop")
Y = pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0]}, COUNTED)
D = pd.DataFrame({"value": [1.0, 3.0, 5.0, 7.0]}, COUNTED)


def written(frame: pd.DataFrame, path: Path) -> str:
    frame.to_parquet(path) if path.suffix == ".parquet" else pyarrow.feather.write_feather(
        pa.Table.from_pandas(frame), path
    )
    return str(path)


OTHERS = {
    "the same": D,
    "in another order": D[::-1],
    "as a column": D.reset_index().sample(frac=1, random_state=1),
    "as labels": D.set_index(pd.Index([10, 20, 30, 40], dtype=object, name="shop")),
}


@pytest.mark.parametrize("suffix", [".parquet", ".feather"])
@pytest.mark.parametrize("targets", OTHERS.values(), ids=OTHERS)
def test_counted_labels_pair_the_rows_in_memory_and_in_files(
    targets: pd.DataFrame, suffix: str, tmp_path: Path, run: Run
) -> None:
    y, d = written(Y, tmp_path / f"y{suffix}"), written(targets, tmp_path / f"d{suffix}")
    for given in ((Y, targets), (y, d), (Y, d), (d, Y), (Y["value"], targets)):
        report = lossctl.evaluate(*given, loss="mae", id="shop", samples=True)
        losses = dict(zip(map(str, report.samples.ids or ()), report.samples["mae"], strict=True))
        assert losses == {"10": 0.0, "20": 1.0, "30": 2.0, "40": 3.0}
    done = run("eval", y, d, "--loss=mae", "--id=shop", "--format=csv")
    assert done.out.splitlines()[:2] == ["row,id,mae", "1,10,0.0"]


def test_losses_join_the_rows_by_counted_labels() -> None:
    frame = lossctl.evaluate(Y, D[::-1], loss="mae", id="shop", samples=True).samples.to_frame()
    assert D.join(frame)["mae"].tolist() == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize("rows", [1, 3])
def test_each_shard_counts_on(rows: int, tmp_path: Path) -> None:
    frames = [Y[:2], Y[2:]]
    for number, frame in enumerate(frames):
        written(frame, tmp_path / f"part-{number}.parquet")
    report = lossctl.evaluate(
        str(tmp_path), D[::-1], loss="mae", id="shop", samples=True, block_rows=rows
    )
    assert list(map(str, report.samples.ids or ())) == ["10", "20", "30", "40"]
    assert report.samples["mae"].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_a_shard_without_those_labels_is_refused(tmp_path: Path) -> None:
    written(Y[:2], tmp_path / "part-0.parquet")
    written(Y[2:].reset_index(drop=True), tmp_path / "part-1.parquet")
    with pytest.raises(lossctl.DataError, match="other columns than"):
        lossctl.evaluate(str(tmp_path), D, loss="mae", id="shop")
    assert lossctl.evaluate(str(tmp_path), D["value"].tolist(), loss="mae").n == 4


def stale(path: Path) -> str:
    """Return a file of fewer rows than its schema says of the index."""
    pyarrow.feather.write_feather(pa.Table.from_pandas(Y).slice(1), path)
    return str(path)


def test_labels_that_were_counted_of_other_rows_are_no_ids(tmp_path: Path) -> None:
    with pytest.raises(lossctl.DataError, match=r"3 rows where the index .* has 4") as refused:
        lossctl.evaluate(stale(tmp_path / "y.feather"), D, loss="mae", id="shop", missing="present")
    assert "reset_index" in (refused.value.hint or "")


def test_a_column_of_that_name_is_the_id(tmp_path: Path) -> None:
    frames = [frame.assign(shop=[4, 3, 2, 1]) for frame in (Y, D)]
    paths = [written(frame, tmp_path / f"{i}.parquet") for i, frame in enumerate(frames)]
    for given in (frames, paths):
        report = lossctl.evaluate(*given, loss="mae", id="shop", samples=True)
        assert list(map(str, report.samples.ids or ())) == ["4", "3", "2", "1"]
        options: dict[str, Any] = {"pred_cols": "shop", "target_col": "shop"}
        assert lossctl.evaluate(*given, loss="mae", **options).k == 1


def test_a_slip_of_the_name_of_an_index_is_told() -> None:
    with pytest.raises(lossctl.UsageError, match="no column 'shp'") as refused:
        lossctl.evaluate(Y, D, loss="mae", id="shp")
    assert refused.value.hint == "did you mean 'shop'?"
