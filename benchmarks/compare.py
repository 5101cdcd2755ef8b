"""lossctl against polars, duckdb, pandas, scikit-learn and NumPy, as whole processes in turn.

    python benchmarks/compare.py [--rows 5000000] [--runs 5] [--write]

Makes its files in a temporary folder (some 4 GB), stops where two numbers disagree, and prints a
Markdown table a contest; --write puts them into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import datetime
import math
import os
import platform
import statistics
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

# Neither NumPy nor pandas: the peak memory of a child starts with what its parent holds.
from contests import Contest, Cost, Results, bars, contests

import lossctl
from lossctl.tables.text.compiled import PARSER

HERE = Path(__file__).resolve().parent
PAGE = HERE / "README.md"
RESULTS = "## Results\n"
LIBRARIES = ("isal", "numpy", "pandas", "pyarrow", "polars", "duckdb", "scikit-learn")
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
TO_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def run(command: list[str]) -> tuple[Cost, str]:
    """Run a command in this folder; return what it took and what it printed."""
    files = [
        (os.POSIX_SPAWN_OPEN, 1, "stdout", TO_FILE, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, "stderr", TO_FILE, 0o600),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=files)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"\n{' '.join(command)}\nexit code {code}\n{Path('stderr').read_text()}")
    peak = usage.ru_maxrss * RSS_UNIT / 1e6
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak), Path("stdout").read_text()


def note(text: str) -> None:
    """Show on a terminal what is going on, in place of what was."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def checked(contest: Contest, numbers: dict[str, float]) -> None:
    """Stop if contestants disagree, or wrote losses that do not have the mean they printed."""
    for name, number in numbers.items():
        if not math.isclose(number, numbers["lossctl"], rel_tol=contest.tolerance(name)):
            sys.exit(f"\n{contest.title}: {name} says {number}, lossctl {numbers['lossctl']}")
    if not contest.written:
        return
    counts = set()
    for name, number in numbers.items():
        with open(f"{name}.tsv") as lines:
            next(lines)
            total, count = added_up(line.split("\t")[1] for line in lines)
        if not math.isclose(total / count, number, rel_tol=1e-9):
            sys.exit(f"\n{contest.title}: {name} wrote losses with the mean {total / count}")
        counts.add(count)
    if len(counts) != 1:
        sys.exit(f"\n{contest.title}: the files have different numbers of rows: {counts}")


def added_up(cells: Iterator[str]) -> tuple[float, int]:
    """Return the sum of numbers, and how many they are."""
    total, count = 0.0, 0
    for cell in cells:
        total += float(cell)
        count += 1
    return total, count


def held(contest: Contest, runs: int) -> dict[str, Cost]:
    """Hold a contest; return the medians of every contestant."""
    commands = contest.commands()
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(runs * contest.more + 1):
        numbers = {}
        for name, command in commands.items():
            note(f"{contest.title}: {name}, {turn or 'warm-up'}")
            cost, printed = run(command)
            numbers[name] = float(printed)
            if turn:
                costs[name].append(cost)
        if not turn:
            checked(contest, numbers)
    note("")
    return {name: Cost(*map(statistics.median, zip(*costs[name], strict=True))) for name in costs}


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, its columns aligned: the first to the left, others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]
        for line in [head, rule, *rows]
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def costs_table(costs: dict[str, Cost]) -> str:
    """Return the table of a contest."""
    head = ["contestant", "wall s", "CPU s", "peak MB", "lossctl / it"]
    ours = costs["lossctl"].wall
    rows = [
        [name, f"{wall:.3f}", f"{cpu:.3f}", f"{peak:.0f}", f"{ours / wall:.2f}"]
        for name, (wall, cpu, peak) in costs.items()
    ]
    return table(head, rows)


def bars_table(found: Results, in_process: float) -> str:
    """Return the table of what lossctl is held to."""
    rows = [
        [name, f"{most:.3g}", f"{measured:.3g}", "held" if measured <= most else "missed"]
        for name, most, measured in bars(found, in_process)
    ]
    return table(["bar", "at most", "measured", ""], rows)


def circumstances(rows: int, runs: int) -> str:
    """Return when, on what and with what was measured."""
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    text = (
        f"{datetime.date.today()}, {cpu}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, lossctl {lossctl.__version__} "
        f"(text is parsed {PARSER}), "
        f"{versions}; ROWS={rows}, RUNS={runs}."
    )
    return textwrap.fill(text, 79) + "\n"


def sections(rows: int, runs: int) -> Iterator[str]:
    """Measure everything; yield the results as they come."""
    yield circumstances(rows, runs)
    # As pip does on installation: without it an editable install may compile at every start.
    compileall.compile_dir(os.path.dirname(lossctl.__file__), quiet=1)
    note("making files")
    run([sys.executable, str(HERE / "samples.py"), ".", str(rows)])
    found: Results = {}
    for key, contest in contests(rows).items():
        found[key] = held(contest, runs)
        yield f"### {contest.title}\n\n{costs_table(found[key])}"
    files = contests(rows)["npy"].files.split()
    printed = run([sys.executable, str(HERE / "in_process.py"), *files, str(2 * runs)])[1]
    evaluated, added = map(float, printed.split())
    yield f"### The bars, set for ROWS=5000000\n\n{bars_table(found, evaluated / added)}"


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the large files; 1000 up")
    parser.add_argument("--runs", type=int, default=5, help="of every contestant")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md, too")
    options = parser.parse_args()
    if options.rows < 1000 or options.runs < 1:
        parser.error("it takes 1000 rows and one run at least")
    found = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for section in sections(options.rows, options.runs):
            print(section, flush=True)
            found.append(section)
    if options.write:
        page = PAGE.read_text().partition(RESULTS)[0]
        PAGE.write_text(page + "\n".join([RESULTS, *found]))


if __name__ == "__main__":
    main()
