"""The mean loss with SQL in duckdb."""

import sys

import duckdb

predictions, targets, work = sys.argv[1:4]
classes = [column[0] for column in duckdb.sql(f"FROM '{predictions}' LIMIT 0").description]
if work == "labels":
    cases = " ".join(f"WHEN '{name}' THEN y.{name}" for name in classes)
    loss = f"-ln(CASE d.label {cases} END + 1e-7)"
elif work == "onehot":
    loss = "-(" + " + ".join(f"d.{name} * ln(y.{name} + 1e-7)" for name in classes) + ")"
else:
    loss = "0.5 * (" + " + ".join(f"(y.{name} - d.{name}) ** 2" for name in classes) + ")"
query = f"SELECT avg({loss}) FROM '{predictions}' y POSITIONAL JOIN '{targets}' d"
print(duckdb.sql(query).fetchall()[0][0])
