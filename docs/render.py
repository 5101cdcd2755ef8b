"""Run the commands of the console blocks in the documentation and write what they print below.

`python docs/render.py` rewrites the files; the tests compare them with what it would write.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("README.md", "docs/cli.md", "docs/ci.md")


def rendered(text: str) -> str:
    """Return `text` with the output of every command in its console blocks."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sample_data").symlink_to(ROOT / "sample_data")
        return re.sub(
            r"(?<=^```console\n).*?(?=^```$)",
            lambda block: "".join(_with_output(line, folder) for line in _commands(block[0])),
            text,
            flags=re.MULTILINE | re.DOTALL,
        )


def _commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def _with_output(command: str, folder: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return f"$ {command}\n{done.stdout}"


def main() -> None:
    """Rewrite the documentation."""
    for name in FILES:
        file = ROOT / name
        file.write_text(rendered(file.read_text()))


if __name__ == "__main__":
    main()
