"""The installed command, run in a temporary folder with an environment that says nothing."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

LOSSCTL = str(Path(sys.executable).parent / "lossctl")
Content = str | bytes | NDArray[Any]
PREDICTIONS = "cat,dog\n0.25,0.75\n0.5,0.5\n"
TARGETS = "cat,dog\n0,1\n1,0\n"

SLOW = {
    *("test_completion", "test_gate_faults", "test_gate_signals", "test_many_checks"),  # commands
    *("test_no_memory", "test_system", "test_processes", "test_window"),  # the process, engines
    *("test_archive", "test_bad_archives", "test_compression", "test_kinds", "test_lines"),  # bytes
    *("test_docs", "test_house", "test_color", "test_outputs", "test_progress"),
    "test_native",  # there is no compiler beside the oldest versions
}
"""Files whose tests are marked slow: `make test-oldest` leaves them out."""

pytest.register_assert_rewrite("oracle", "samples")  # their asserts say what differs, too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow files."""
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker("slow")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    def without_notes(self) -> "Outcome":
        """Return the same without the notes that say what others make of a loss."""
        lines = self.err.splitlines(keepends=True)
        said = [line for line in lines if " Loss(W), " not in line or "note: " not in line]
        return replace(self, err="".join(said))


class Run(Protocol):
    """Run `lossctl` with arguments; `env` is all that its environment says beyond the basics."""

    def __call__(
        self, *args: str | bytes, env: Mapping[str, str] | None = None, **options: Any
    ) -> Outcome: ...


class RunOnTerminal(Protocol):
    """Run `lossctl` with stdout on a pseudo-terminal of so many columns."""

    def __call__(
        self, *args: str, env: Mapping[str, str] | None = None, columns: int = 120
    ) -> Outcome: ...


class Write(Protocol):
    """Write files of text, bytes or arrays (as NPY); return the path of the last one."""

    def __call__(self, files: Mapping[str, Content]) -> Path: ...


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment without colours, continuous integration, terminal or locale."""
    path = os.pathsep.join((os.path.dirname(LOSSCTL), os.environ.get("PATH", os.defpath)))
    return {"PATH": path, "LC_ALL": "C.UTF-8", **(extra or {})}


def npy(array: NDArray[Any]) -> bytes:
    """Return an array as the bytes of an NPY file, pickled where it holds objects."""
    stream = BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(files: Mapping[str, Content]) -> Path:
        path = tmp_path
        for name, content in files.items():
            path = tmp_path / name
            if isinstance(content, np.ndarray):
                np.save(path, content, allow_pickle=True)
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def pair(write: Write) -> None:
    """Two samples whose losses are known by hand."""
    write({"p.csv": PREDICTIONS, "t.csv": TARGETS})


@pytest.fixture
def folder(write: Write) -> Path:
    """A folder with a good pair and a bad file."""
    files = {"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n", "bad.csv": "y\n1\nn/a\n"}
    return write(files).parent


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path for the tables of one module, each over the last."""
    return tmp_path_factory.mktemp("tables") / "table.csv"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(
        *args: str | bytes,
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = (LOSSCTL,),
        **options: Any,
    ) -> Outcome:
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        done = subprocess.run(
            [*program, *args],
            cwd=tmp_path,
            env=environment(env),
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            **(streams | options),
        )
        texts: tuple[Any, Any] = (done.stdout or b"", done.stderr)
        return Outcome(done.returncode, *(text.decode("utf-8", "replace") for text in texts))

    return run


def _read_terminal(leader: int) -> bytes:
    """Return what was written to a pseudo-terminal until its last writer closed it."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(leader, 1 << 16)
        except OSError:  # Linux says EIO where others end the file
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


@pytest.fixture
def run_on_terminal(tmp_path: Path) -> RunOnTerminal:
    def run(*args: str, env: Mapping[str, str] | None = None, columns: int = 120) -> Outcome:
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen(
            [LOSSCTL, *args],
            cwd=tmp_path,
            env=environment({"TERM": "xterm-256color", **(env or {})}),
            stdin=subprocess.DEVNULL,
            stdout=follower,
            stderr=subprocess.PIPE,
        ) as process:
            os.close(follower)
            out = _read_terminal(leader).decode().replace("\r\n", "\n")
            err = process.communicate(timeout=60)[1].decode()
        os.close(leader)
        return Outcome(process.returncode, out, err)

    return run
