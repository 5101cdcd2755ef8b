"""lossctl.evaluate of NPY files against reading the same bytes and adding them up, in turn.

python benchmarks/in_process.py PREDICTIONS TARGETS RUNS prints the median seconds of both.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

import lossctl

BLOCK = 1 << 20


def total(path: str) -> float:
    """Return the sum of an NPY file of float64 as the plainest program that reads it in blocks."""
    block = np.empty(BLOCK // 8)
    with open(path, "rb", buffering=0) as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        found = 0.0
        while count := file.readinto(block):
            found += block[: count // 8].sum()
    return found


def seconds(call: Callable[[], object]) -> float:
    """Return the wall time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Measure both in turn, after a turn that does not count."""
    predictions, targets, runs = sys.argv[1:]
    pairs = [
        (
            seconds(lambda: lossctl.evaluate(predictions, targets, loss="ce")),
            seconds(lambda: total(predictions) + total(targets)),
        )
        for _ in range(1 + int(runs))
    ]
    print(*(statistics.median(column) for column in zip(*pairs[1:], strict=True)))


if __name__ == "__main__":
    main()
