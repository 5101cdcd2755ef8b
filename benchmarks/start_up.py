"""Start-up of lossctl against a minimal Typer app, whole processes in turn: medians and ratios.

The minimal app has two commands; the one that runs imports numpy, rich.table and rich.console and
prints a line. Run it with `make bench`.
"""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 21
MINIMAL = """
import typer
app = typer.Typer()

@app.command()
def one(path: str) -> None:
    import numpy, rich.console, rich.table
    print(path)

@app.command()
def two(path: str) -> None:
    print(path)

app()
"""


def seconds(command: list[str]) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def compare(title: str, ours: list[str], theirs: list[str]) -> None:
    """Print the medians of both commands and their ratio, run by run."""
    seconds(ours)
    seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{title:<22} lossctl {mine * 1e3:4.0f} ms   minimal {other * 1e3:4.0f} ms   {ratio:.2f}")


def main() -> None:
    """Compare --help and the evaluation of a CSV of 100 rows."""
    import lossctl

    # As pip does on installation: without it an editable install may compile at every start.
    compileall.compile_dir(Path(lossctl.__file__).parent, quiet=1)
    command = str(Path(sys.executable).with_name("lossctl"))
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder, "minimal.py")
        app.write_text(MINIMAL)
        rows = [f"0.{i % 90 + 10},0.{99 - (i % 90 + 10)}1" for i in range(100)]
        predictions, targets = Path(folder, "preds.csv"), Path(folder, "targets.csv")
        predictions.write_text("a,b\n" + "\n".join(rows) + "\n")
        targets.write_text("a,b\n" + "1,0\n" * 100)
        minimal = [sys.executable, str(app)]
        compare("--help", [command, "--help"], [*minimal, "--help"])
        evaluation = [command, "eval", str(predictions), str(targets), "--loss", "mse"]
        compare("eval of 100 rows", evaluation, [*minimal, "one", "x"])


if __name__ == "__main__":
    main()
