"""A check whose baseline is written, and what the file then says."""

import json
from pathlib import Path
from typing import Any

from conftest import Outcome, Run

FILE = "lossctl-baseline.json"
CHECK = ("check", "p.csv", "t.csv", "--loss=mae")  # of 1 and 2: Loss(W) is 1.5
LOWER, HIGHER = "y\n1\n1\n", "y\n2\n2\n"


def update(run: Run, *more: str, **options: Any) -> Outcome:
    return run(*CHECK, "--update-baseline", *more, **options)


def content(folder: Path, name: str = FILE) -> Any:
    return json.loads((folder / name).read_text())


def means(folder: Path, name: str = FILE) -> dict[str, dict[str, float]]:
    checks = content(folder, name)["checks"]
    return {
        name: {loss: entry["mean"] for loss, entry in check["losses"].items()}
        for name, check in checks.items()
    }
