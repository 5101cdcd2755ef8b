"""What people see in a terminal, kept as text: `make screens` writes it anew, a test compares.

Each file in `screens/` is what one command prints, at a width, with or without colour (of which the
escape sequences are kept) and Unicode; stdout first, then stderr.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SCREENS = Path(__file__).parent / "screens"
WIDTHS = (40, 60, 80, 120)
DIGITS = "sample_data/digits/preds.csv sample_data/digits/labels.csv"
COMMANDS = {
    "classes": f"lossctl eval {DIGITS} --loss ce,mae",
    "regression": "lossctl eval sample_data/diabetes/preds.csv sample_data/diabetes/targets.csv "
    "--loss mse",
    "check": f"lossctl check {DIGITS} --loss ce,mae --max-loss ce=0.1,mae=0.5 --max-stderr ce=1 "
    "--min-rows 1000 --baseline tests/screens/baseline.json --name digits",
    "error": "lossctl eval sample_data/digits/preds.csv sample_data/diabetes/targets.csv --loss ce",
    "help": "lossctl eval --help",
    "losses": "lossctl losses",
}


class Screen(NamedTuple):
    """A command at a width, and how it is shown."""

    name: str
    width: int
    color: bool
    ascii: bool

    @property
    def path(self) -> Path:
        """The file that keeps it."""
        kind = "-color" * self.color + "-ascii" * self.ascii
        return SCREENS / f"{self.name}-{self.width}{kind}.txt"

    def shown(self) -> str:
        """Return what is seen."""
        env = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": str(self.width),
            "PYTHONIOENCODING": "ascii" if self.ascii else "utf-8",
        }
        env |= {"FORCE_COLOR": "1"} if self.color else {}
        done = subprocess.run(
            COMMANDS[self.name].split(),
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout + done.stderr


def screens() -> Iterator[Screen]:
    """Yield all that is kept: colour and ASCII at one width, as these do not change with it."""
    for name, width in product(COMMANDS, WIDTHS):
        yield Screen(name, width, color=False, ascii=False)
    for name in COMMANDS:
        yield Screen(name, 80, color=True, ascii=False)
        yield Screen(name, 80, color=False, ascii=True)


if __name__ == "__main__":
    for screen in screens():
        screen.path.write_text(screen.shown(), encoding="utf-8")
