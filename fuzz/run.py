"""Fuzz one reader of lossctl in this process: `python fuzz/run.py READER --minutes 10`.

READER is a name of READERS. Inputs are made from a seed and a count, so that `--seed S --first I
--inputs 1` makes one of them again. Each is evaluated in several ways that must give one outcome. A
finding is an exception that is not a LossctlError, a crash, over 5 s, over 1 GB, a number other
than the oracle's (for what has checksums: than that of the undamaged file), a refusal of what is
good, or a file accepted that is not. Findings are kept in --keep. Not run in CI.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import os
import random
import resource
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from arrays import (
    compressed_case,
    feather_case,
    npy_case,
    parquet_case,
    stream_case,
    zip_case,
)
from ids import align_case
from text import READERS as TEXT_READERS
from text import Case, csv_case, json_case, jsonl_case
from workbooks import xlsx_case

import lossctl
from lossctl.tables.text import fast, native
from lossctl.tables.text import text_table as text_module

SECONDS = 5
MEMORY = 1 << 30


READERS: dict[str, Callable[[random.Random], Case]] = {
    "csv": csv_case,
    "jsonl": jsonl_case,
    "json": json_case,
    "npy": npy_case,
    "zip": zip_case,
    "xlsx": xlsx_case,
    "compressed": compressed_case,
    "parquet": parquet_case,
    "feather": feather_case,
    "stream": stream_case,
    "align": align_case,
}


# Running them.


def outcome(case: Case, way: dict[str, Any], folder: Path) -> float | str:
    """Return the number, or the message of the refusal; other exceptions are findings."""
    options = dict(way)
    reader, pipe = options.pop("reader", "strict"), options.pop("pipe", False)
    p, t = str(folder / options.pop("p", next(iter(case.files)))), options.pop("t")
    targets = str(folder / t) if isinstance(t, str) else None if t is None else np.array(t)
    reading = -1
    if pipe:
        reading, writing = os.pipe()
        os.write(writing, next(iter(case.files.values()))[:60_000])
        os.close(writing)
        if p.endswith((".gz", ".bz2", ".xz", ".zst", ".npy")):
            p = f"/dev/fd/{reading}"
    try:
        with ExitStack() as patches:
            patches.enter_context(patch.object(text_module, "SMALL", 0))
            for module in (native, fast)[: TEXT_READERS.index(reader)]:
                patches.enter_context(patch.object(module, "read", lambda *_: None))
            return lossctl.evaluate(p, targets, loss="mae", **options).losses["mae"].mean
    except lossctl.LossctlError as error:
        return error.message.replace(f"/dev/fd/{reading}", next(iter(case.files)))
    finally:
        if reading >= 0:
            os.close(reading)


def verdict(case: Case, folder: Path) -> tuple[str, str]:
    """Return accepted, refused or limit, and what is wrong if anything is."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    found = []
    for way in case.ways:
        began = time.process_time()
        found.append(outcome(case, way, folder))
        took = time.process_time() - began
        if took > SECONDS:
            return "refused", f"took {took:.1f} s"
    numbers = {x for x in found if isinstance(x, float)}
    status = "accepted" if numbers else "refused"
    one = len(set(found)) == 1 if case.messages or numbers else True
    if not one:
        return status, f"several outcomes: {found}"
    if (
        case.allowed is None
        or (not numbers and case.refusal)
        or (numbers and numbers <= case.allowed)
    ):
        return status, ""
    if numbers and case.unseen(numbers):
        return "limit", ""
    return status, f"{found[0]!r}, but the oracle says {case.allowed or 'refuse'}"


def work(reader: str, seed: int, first: int, folder: Path, shared: Any) -> None:
    """Try inputs until killed; `shared` counts them: next, accepted, refused, limits, findings."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    faulthandler.enable()
    index = first
    while shared[5] == 0 or index < shared[5]:
        case = READERS[reader](random.Random(f"{reader}/{seed}/{index}"))
        try:
            status, wrong = verdict(case, folder)
        except Exception:
            status, wrong = "refused", traceback.format_exc()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if memory > MEMORY:
            wrong = wrong or f"{memory >> 20} MB"
        if wrong:
            print(f"FOUND {reader} --seed {seed} --first {index} --inputs 1: {wrong}", flush=True)
            shutil.copytree(folder, folder.parent / "found" / f"{reader}-{seed}-{index}")
            shared[4] += 1
        shared[{"accepted": 1, "refused": 2, "limit": 3}[status]] += 1
        for name in case.files:
            (folder / name).unlink()
        index += 1
        shared[0] = index
        if memory > MEMORY:
            return


def main() -> None:
    """Run one fuzzer; start its worker again where it crashed or hung."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("/tmp/lossctl-fuzz"))
    options = parser.parse_args()
    (options.keep / "found").mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("fork")
    shared = context.Array("q", [options.first, 0, 0, 0, 0, 0], lock=False)
    shared[5] = options.first + options.inputs if options.inputs else 0
    end = time.monotonic() + 60 * options.minutes
    while time.monotonic() < end and not (shared[5] and shared[0] >= shared[5]):
        folder = options.keep / f"{options.reader}-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        child = context.Process(
            target=work, args=(options.reader, options.seed, shared[0], folder, shared)
        )
        child.start()
        last, since = shared[0], time.monotonic()
        while child.is_alive() and time.monotonic() < end:
            child.join(0.2)
            if shared[0] != last:
                last, since = shared[0], time.monotonic()
            if time.monotonic() - since > 4 * SECONDS:
                break
        crashed = not child.is_alive() and child.exitcode != 0
        if child.is_alive():
            crashed = time.monotonic() - since > 4 * SECONDS
            child.kill()
            child.join()
        if crashed:
            name = f"{options.reader}-{options.seed}-{shared[0]}"
            print(f"FOUND {name}: crashed or hung (exit {child.exitcode})", flush=True)
            shutil.copytree(folder, options.keep / "found" / name, dirs_exist_ok=True)
            shared[4] += 1
            shared[0] += 1
        shutil.rmtree(folder, ignore_errors=True)
    tried = shared[0] - options.first
    accepted, refused, limits, findings = list(shared)[1:5]
    print(
        f"{options.reader}: {tried} inputs tried, {accepted} accepted, {refused} refused, "
        f"{limits} altered where nothing could tell, {findings} findings"
    )


if __name__ == "__main__":
    main()
