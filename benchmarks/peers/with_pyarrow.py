"""The mean loss with pyarrow's readers and NumPy, files read whole."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

predictions, targets, work = sys.argv[1:4]


def columns(path: str) -> pa.Table:
    """Read a table whole; `.gz` is decompressed on the way."""
    return parquet.read_table(path) if path.endswith(".parquet") else csv.read_csv(path)


y, d = columns(predictions), columns(targets)
values = [column.to_numpy() for column in y.columns]
if work == "labels":
    classes = pc.index_in(d["label"], pa.array(y.column_names)).to_numpy()
    true = np.column_stack(values)[np.arange(len(classes)), classes]
    losses = -np.log(true + 1e-7)
else:
    losses = np.zeros(len(y))
    for p, t in zip(values, (column.to_numpy() for column in d.columns), strict=True):
        losses += -t * np.log(p + 1e-7) if work == "onehot" else 0.5 * (p - t) ** 2
print(float(losses.mean()))
