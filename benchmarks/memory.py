"""Peak memory of one column of 10 million rows against 1 million, for every format that streams.

    python benchmarks/memory.py [--rows 10000000] [FORMAT ...]

Makes its files in a temporary folder (some 1.5 GB), runs `lossctl eval` on each as a whole process
and prints the peaks in MB with their ratio. Predictions are of the format, targets NPY; with ids
both are CSV.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

LOSSCTL = str(Path(sys.executable).parent / "lossctl")
Frame = pd.DataFrame
SHARD_ROWS = 500_000


def _text(frame: Frame) -> bytes:
    return frame.to_csv(index=False).encode()


def _jsonl(frame: Frame) -> bytes:
    return frame.to_json(orient="records", lines=True).encode()


def _zst(content: bytes) -> bytes:
    from backports import zstd

    return zstd.compress(content)


def _write_zip(path: Path, frame: Frame) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("y.csv", _text(frame))


def _write_shards(path: Path, frame: Frame) -> None:
    path.mkdir()
    for number in range(len(frame) // SHARD_ROWS):
        part = frame.iloc[number * SHARD_ROWS : (number + 1) * SHARD_ROWS]
        (path / f"part-{number}.csv").write_bytes(_text(part))


FORMATS: dict[str, Callable[[Path, Frame], Any]] = {
    "csv": lambda path, frame: path.write_bytes(_text(frame)),
    "csv.gz": lambda path, frame: path.write_bytes(gzip.compress(_text(frame), 1)),
    "csv.bz2": lambda path, frame: path.write_bytes(bz2.compress(_text(frame), 1)),
    "csv.xz": lambda path, frame: path.write_bytes(lzma.compress(_text(frame), preset=0)),
    "csv.zst": lambda path, frame: path.write_bytes(_zst(_text(frame))),
    "csv.zip": _write_zip,
    "jsonl": lambda path, frame: path.write_bytes(_jsonl(frame)),
    "jsonl.gz": lambda path, frame: path.write_bytes(gzip.compress(_jsonl(frame), 1)),
    "npy": lambda path, frame: np.save(path, frame["y"]),
    "npz": lambda path, frame: np.savez_compressed(path, y=frame["y"]),
    "parquet": lambda path, frame: frame.to_parquet(path, index=False),
    "feather": lambda path, frame: frame.to_feather(path),
    "shards": _write_shards,
    "stdin.csv": lambda path, frame: path.write_bytes(_text(frame)),
    "stdin.npy": lambda path, frame: np.save(path, frame["y"]),
    "id.csv": lambda path, frame: path.write_bytes(_text(frame.reset_index(names="id"))),
}


def make(folder: Path, kind: str, rows: int) -> None:
    """Write predictions of a format, and zeros as targets."""
    frame = Frame({"y": np.random.default_rng(0).random(rows)})
    FORMATS[kind](folder / f"y.{kind}", frame)
    if kind == "id.csv":
        FORMATS[kind](folder / "zeros.csv", frame * 0.0)
    else:
        np.save(folder / "zeros.npy", np.zeros(rows))


def peak(kind: str, rows: int) -> float:
    """Return the peak memory of an evaluation in MB."""
    with TemporaryDirectory() as folder:
        # In a process of its own: a child's peak starts with what its parent held.
        subprocess.run([sys.executable, __file__, "--make", folder, kind, str(rows)], check=True)
        files = [f"y.{kind}", "zeros.csv" if kind == "id.csv" else "zeros.npy"]
        options = ["--id", "id"] if kind == "id.csv" else []
        feed = ""
        if kind.startswith("stdin"):
            feed, files[0] = f"cat {files[0]} | ", "-"
        command = ["/usr/bin/time", "-f", "%M", LOSSCTL, "eval", *files, *options, "-lmae", "-q"]
        done = subprocess.run(
            f"set -o pipefail; {feed}{' '.join(command)}",
            shell=True,
            executable="/bin/bash",
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stderr) / 1024


def main() -> None:
    """Print the peaks of all formats, or of those that are named."""
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("formats", nargs="*", default=list(FORMATS), metavar="FORMAT")
    options = parser.parse_args()
    print(f"{'format':<10} {options.rows // 10:>10} {options.rows:>10} {'ratio':>6}   (peak, MB)")
    for kind in options.formats:
        few, many = peak(kind, options.rows // 10), peak(kind, options.rows)
        print(f"{kind:<10} {few:10.0f} {many:10.0f} {many / few:6.2f}", flush=True)


if __name__ == "__main__":
    main()
