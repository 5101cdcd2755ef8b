"""Make the files of the benchmark: `python benchmarks/samples.py FOLDER ROWS`.

Probabilities of ten classes with one-hot targets and labels, in three sizes: `large` of ROWS rows,
`medium` of a fifth, `tiny` of 100; and `column`, one column of a regression with twice ROWS rows.
A ROWS always gives the same files.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

CLASSES = [f"c{j}" for j in range(10)]


def classified(rows: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return softmax probabilities, one-hot targets and labels of a fairly good classifier."""
    rng = np.random.default_rng(rows)
    labels = rng.integers(len(CLASSES), size=rows)
    scores = rng.normal(scale=1.5, size=(rows, len(CLASSES)))
    scores[np.arange(rows), labels] += 2
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    one_hot = np.eye(len(CLASSES), dtype=np.int64)[labels]
    return (
        pl.DataFrame(scores, schema=CLASSES),
        pl.DataFrame(one_hot, schema=CLASSES),
        pl.DataFrame({"label": np.array(CLASSES)[labels]}),
    )


def regression(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return predictions and the truth, one column each."""
    rng = np.random.default_rng(rows)
    truth = rng.normal(size=rows)
    predictions = truth + rng.normal(scale=0.1, size=rows)
    return pl.DataFrame({"y": predictions}), pl.DataFrame({"y": truth})


def write_csv(folder: Path, **tables: pl.DataFrame) -> None:
    """Write tables to NAME.csv, with as many digits as it takes to read the same numbers again."""
    folder.mkdir()
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")


def compress(path: Path) -> None:
    """Write PATH.gz as gzip does."""
    with path.open("rb") as plain, gzip.open(f"{path}.gz", "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed)


def main() -> None:
    """Write all files."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    for name, size in {"tiny": 100, "medium": rows // 5, "large": rows}.items():
        probs, one_hot, labels = classified(size)
        write_csv(folder / name, probs=probs, onehot=one_hot, labels=labels)
    for name, table in {"probs": probs, "onehot": one_hot}.items():  # those of `large`
        path = folder / "large" / name
        np.save(path, np.ascontiguousarray(table.to_numpy(), dtype=np.float64))
        pq.write_table(table.to_arrow(), path.with_suffix(".parquet"))
        compress(folder / "medium" / f"{name}.csv")
    for name in ("probs", "onehot"):  # those of `medium`, in one order
        table = pl.read_csv(folder / "medium" / f"{name}.csv").with_row_index("id", 10**6)
        table.write_csv(folder / "medium" / f"{name}-ids.csv")
    predictions, truth = regression(2 * rows)
    write_csv(folder / "column", predictions=predictions, truth=truth)


if __name__ == "__main__":
    main()
