"""What `compare.py` runs: contests of lossctl and its peers, and the bars lossctl is held to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

LOSSCTL = str(Path(sys.executable).with_name("lossctl"))
SCRIPTS = Path(__file__).resolve().parent / "peers"
PEERS = {
    "polars": "with_polars.py",
    "duckdb": "with_duckdb.py",
    "pandas + NumPy": "with_pandas.py",
    "pyarrow + NumPy": "with_pyarrow.py",
    "pandas + scikit-learn": "with_sklearn.py",
    "NumPy": "with_numpy.py",
    "NumPy, savetxt": "with_numpy.py",
    "pandas, to_csv": "with_pandas.py",
}
TABLES = ("polars", "duckdb", "pyarrow + NumPy", "pandas + NumPy", "pandas + scikit-learn")
ONE_JOB = "lossctl --jobs 1"


class Cost(NamedTuple):
    """What a run took: seconds, seconds of all cores together, and megabytes."""

    wall: float
    cpu: float
    peak: float


Results = dict[str, dict[str, Cost]]
"""By contest and contestant."""


class Contest(NamedTuple):
    """Predictions and targets, the work to do on them, and who does it beside lossctl."""

    title: str
    files: str
    work: str  # onehot, labels or mse
    peers: tuple[str, ...]
    written: bool = False  # every loss, as TSV, to CONTESTANT.tsv
    more: int = 1  # times as many runs, where they are short
    options: tuple[str, ...] = ()  # of lossctl

    def commands(self) -> dict[str, list[str]]:
        """Return the command of every contestant."""
        files = self.files.split()
        loss = "mse" if self.work == "mse" else "ce"
        found = {}
        for name in ("lossctl", *self.peers):
            output = [f"{name}.tsv"] if self.written else []
            if name in PEERS:
                found[name] = [sys.executable, str(SCRIPTS / PEERS[name]), *files, self.work]
                found[name] += output
            else:
                found[name] = [LOSSCTL, "eval", *files, "--loss", loss, "-q", *self.options]
                found[name] += name.split()[1:]
                found[name] += ["--per-sample", *output] if output else []
        return found

    def tolerance(self, name: str) -> float:
        """Return how far a number may be from lossctl's; log_loss has another epsilon."""
        return 1e-4 if "scikit-learn" in name and self.work != "mse" else 1e-9


def contests(rows: int) -> dict[str, Contest]:
    """Return all contests by a short name, for the files that `samples.py` makes of `rows`."""
    large, medium, column = f"{rows:,} x 10", f"{rows // 5:,} x 10", f"{2 * rows:,} x 1"
    one_hot = "{0}/probs.{1} {0}/onehot.{1}".format
    labels = "{0}/probs.csv {0}/labels.csv".format
    truth = "column/predictions.csv column/truth.csv"
    writers = ("NumPy, savetxt", "pandas, to_csv")
    npy = one_hot("large", "npy")
    medium_gz = one_hot("medium", "csv.gz")
    return {
        "csv": Contest(
            f"CSV, one-hot, {large}", one_hot("large", "csv"), "onehot", (ONE_JOB, *TABLES)
        ),
        "medium": Contest(f"CSV, one-hot, {medium}", one_hot("medium", "csv"), "onehot", TABLES),
        "labels": Contest(f"CSV, labels, {large}", labels("large"), "labels", TABLES),
        "few labels": Contest(f"CSV, labels, {medium}", labels("medium"), "labels", TABLES),
        "column": Contest(f"CSV, regression, {column}", truth, "mse", TABLES),
        "ids": Contest(
            f"CSV with ids, one-hot, {medium}",
            "{0}/probs-ids.csv {0}/onehot-ids.csv".format("medium"),
            "onehot",
            (ONE_JOB,),
            options=("--id", "id"),
        ),
        "npy": Contest(f"NPY, one-hot, {large}", npy, "onehot", ("NumPy",)),
        "tsv": Contest(f"TSV of every loss, from NPY, {large}", npy, "onehot", writers, True),
        "parquet": Contest(
            f"Parquet, one-hot, {large}", one_hot("large", "parquet"), "onehot", TABLES
        ),
        "gz": Contest(f"CSV in gzip, one-hot, {medium}", medium_gz, "onehot", TABLES),
        "tiny": Contest("CSV, one-hot, 100 x 10", one_hot("tiny", "csv"), "onehot", TABLES, more=3),
    }


def bars(found: Results, in_process: float) -> list[tuple[str, float, float]]:
    """Return what is measured, by how much at most, and how much it is."""

    def wall(contest: str, *peers: str) -> float:
        fastest = min(found[contest][peer].wall for peer in peers)
        return found[contest]["lossctl"].wall / fastest

    large = found["csv"]["lossctl"]
    cpu = large.cpu / found["csv"]["polars"].cpu
    return [
        ("CSV: wall / polars", 0.62, wall("csv", "polars")),
        ("CSV: wall / duckdb", 0.35, wall("csv", "duckdb")),
        ("CSV: wall / pandas + NumPy", 0.3, wall("csv", "pandas + NumPy")),
        ("CSV: wall / pandas + scikit-learn", 0.15, wall("csv", "pandas + scikit-learn")),
        ("CSV: wall / its own with --jobs 1", 0.8, wall("csv", ONE_JOB)),
        ("CSV: CPU / polars", 0.65, cpu),
        ("CSV: peak memory, MB", 100, large.peak),
        ("CSV of a fifth: wall / polars", 0.85, wall("medium", "polars")),
        ("Labels: wall / polars", 0.88, wall("labels", "polars")),
        ("Regression: wall / polars", 1.05, wall("column", "polars")),
        ("Regression: wall / duckdb", 0.7, wall("column", "duckdb")),
        ("gzip: wall / polars", 0.9, wall("gz", "polars")),
        ("Parquet: wall / polars or duckdb", 1.25, wall("parquet", "polars", "duckdb")),
        ("NPY: wall / NumPy", 0.6, wall("npy", "NumPy")),
        ("NPY: evaluate() / reading and adding up", 2, in_process),
        ("CSV of 100 rows: wall / scikit-learn", 0.25, wall("tiny", "pandas + scikit-learn")),
        ("TSV: wall / NumPy's savetxt", 0.5, wall("tsv", "NumPy, savetxt")),
    ]
