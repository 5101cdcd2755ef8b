"""The mean loss with polars' streaming engine."""

import sys

import polars as pl

predictions, targets, work = sys.argv[1:4]
scan = pl.scan_parquet if predictions.endswith(".parquet") else pl.scan_csv
y, d = scan(predictions), scan(targets)
classes = y.collect_schema().names()
if work == "labels":
    true = pl.coalesce(pl.when(pl.col("label") == name).then(pl.col(name)) for name in classes)
    loss = -(true + 1e-7).log()
else:
    d = d.rename({name: f"d_{name}" for name in classes})
    terms = [
        pl.col(f"d_{name}") * (pl.col(name) + 1e-7).log()
        if work == "onehot"
        else -0.5 * (pl.col(name) - pl.col(f"d_{name}")) ** 2
        for name in classes
    ]
    loss = -pl.sum_horizontal(terms)
both = pl.concat([y, d], how="horizontal")
print(both.select(loss.mean()).collect(engine="streaming").item())
