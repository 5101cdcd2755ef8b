"""Install a wheel and an sdist in every Python that is here, and evaluate: `make dist` calls it.

`python tests/installed.py UV DISTRIBUTION...`: each is installed in an environment of its own, away
from this repository, in each Python from 3.11 to 3.14 on the PATH or among those of pyenv.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

DIGITS = Path(__file__).resolve().parents[1] / "sample_data/digits"
LOSS = "0.167485482236199"
"""The first digits of Loss(W), of which the last one may be that of another logarithm."""
COMPILED = "in C++"
"""What --version says where the parser was built, without which no wheel is to leave this place."""
VERSIONS = [f"3.{minor}" for minor in range(11, 15)]


def output(*command: str | Path, folder: str | None = None) -> str | None:
    """Return what a command prints; None if there is no such command, or it fails."""
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return str(done.stdout).strip()


def interpreter(version: str) -> str | None:
    """Return the path of a Python; a shim of pyenv only says where it is if it is chosen."""
    name = f"python{version}"
    here = output("sh", "-c", f"{name} -c 'import sys; print(sys.executable)' 2>/dev/null")
    if here is None and (known := output("pyenv", "whence", name)):
        return f"{output('pyenv', 'prefix', known.split()[-1])}/bin/{name}"
    return here


def evaluated(uv: str, python: str, distribution: Path) -> tuple[str | None, str]:
    """Return the Loss(W) that a distribution prints in a Python, and what it says of itself.

    None and nothing if that fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, "environment")
        output(uv, "venv", "--quiet", "--python", python, new, folder=folder)
        output(uv, "pip", "install", "--quiet", "--python", new, distribution, folder=folder)
        files = DIGITS / "preds.csv", DIGITS / "targets.csv"
        command = new / "bin/lossctl"
        loss = output(command, "eval", *files, "--loss", "ce", "-q", folder=folder)
        return loss, output(command, "--version", folder=folder) or ""


def main(uv: str, *distributions: str) -> int:
    """Print what became of each distribution in each Python; return 1 if any is wrong."""
    passed = failed = 0
    for version in VERSIONS:
        python = interpreter(version)
        if python is None:
            print(f"Python {version} is not here")
            continue
        for path in map(Path, distributions):
            loss, about = evaluated(str(Path(uv).absolute()), python, path.absolute())
            right = (loss or "").startswith(LOSS) and COMPILED in about
            said = "as it should be" if right else f"not {LOSS}... and {COMPILED}"
            print(f"Python {version}, {path.name}: Loss(W) is {loss}, {about}: {said}")
            passed, failed = passed + right, failed + (not right)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or not passed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
