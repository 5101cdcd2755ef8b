"""Want of memory is exit code 4, whatever a library makes of it; nothing is left running."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import LOSSCTL, Run, environment
from samples import names

from lossctl.base.errors import explained, is_want_of_memory

MIB = 1 << 20


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair as text over 8 MiB and as NPY, which no model was better at than by chance."""
    folder = tmp_path_factory.mktemp("big")
    rows = np.random.default_rng(0).dirichlet(np.ones(3), 200_000)
    labels = np.arange(len(rows)) % 3
    np.save(folder / "p.npy", rows)
    np.save(folder / "t.npy", labels)
    lines = ["a,b,c", *(f"{x!r},{y!r},{z!r}" for x, y, z in rows.tolist())]
    (folder / "p.csv").write_text("\n".join(lines) + "\n")
    (folder / "t.csv").write_text("l\n" + "".join(f"{label}\n" for label in labels))
    return folder


def limited(folder: Path, mebibytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    limit = mebibytes * MIB
    return subprocess.run(
        [LOSSCTL, *arguments],
        cwd=folder,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("kind", ["csv", "npy"])
@pytest.mark.parametrize("mebibytes", [50, 58, 70, 80, 95, 120, 180, 250, 320, 390])
def test_it_is_enough_or_it_is_told(big: Path, kind: str, mebibytes: int) -> None:
    call = ("check", f"p.{kind}", f"t.{kind}", "--loss", "ce", "--max-loss", "9", "--jobs", "2")
    done = limited(big, mebibytes, *call)
    assert done.returncode in (0, 4), done
    assert ("out of memory" in done.stderr) == (done.returncode == 4)
    assert "Traceback" not in done.stderr


def test_enough_of_it_gives_what_there_is_without_a_limit(big: Path) -> None:
    for kind in ("csv", "npy"):
        done = limited(big, 4096, "eval", f"p.{kind}", f"t.{kind}", "--loss", "ce", "-q")
        free = subprocess.run(
            [LOSSCTL, "eval", f"p.{kind}", f"t.{kind}", "--loss", "ce", "-q"],
            cwd=big, env=environment(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, free.stdout, "")


@pytest.mark.parametrize(("limit", "code"), [("9", 0), ("0.5", 1)])
def test_the_child_says_its_exit_code(big: Path, limit: str, code: int) -> None:
    call = ("check", "p.npy", "t.npy", "--loss", "ce", "--max-loss", limit)
    assert limited(big, 4096, *call).returncode == code
    assert limited(big, 4096, *call[:-1], "nan").returncode == 2
    assert limited(big, 4096, "check", "no.npy", *call[2:]).returncode == 4
    assert limited(big, 4096, "check", "t.npy", *call[2:]).returncode == 3  # one file


ENDING = """
import lossctl.evaluation.pipeline, lossctl.__main__, os, sys
def end(*arguments): {}
lossctl.evaluation.pipeline.Evaluation.report = end
sys.argv = ["lossctl", "eval", "p.npy", "t.npy", "--loss=ce"]
lossctl.__main__.main()
"""
UNDER_A_LIMIT = 'ulimit -v 4000000; exec "$0" "$@"'
WITHOUT_A_WORD = {
    "exit": ("os._exit(1)", "a library ended the process with exit code 1"),
    "passed": ("os._exit(0)", "a library ended the process with exit code 0"),
    "abort": ("os.abort()", "the process was ended by SIGABRT"),
    "segment": ("os.kill(os.getpid(), 11)", "the process was ended by SIGSEGV"),
    "killed": ("os.kill(os.getpid(), 9)", "the process was ended by SIGKILL"),
}


@pytest.mark.parametrize(("how", "told"), WITHOUT_A_WORD.values(), ids=WITHOUT_A_WORD)
def test_whoever_ends_without_a_word_had_no_memory(big: Path, how: str, told: str) -> None:
    done = subprocess.run(
        ["bash", "-c", UNDER_A_LIMIT, sys.executable, "-c", ENDING.format(how)],
        cwd=big, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (4, "")
    assert f"lossctl: error: out of memory: {told}\n" in done.stderr


def waiting(folder: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """Start a call that waits for a FIFO, under a limit; return it and its child."""
    os.mkfifo(folder / "slow.csv")
    (folder / "out.tsv").write_text("old\n")
    process = subprocess.Popen(
        [
            "bash",
            "-c",
            UNDER_A_LIMIT,
            LOSSCTL,
            *["eval", "slow.csv", "t.npy", "--loss=mae", "-o", "out.tsv"],
        ],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = os.open(folder / "slow.csv", os.O_WRONLY)  # until the child opens it
    os.set_inheritable(writer, False)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return process, int(children[0])


def has_ended(process: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_reach_the_child(tmp_path: Path, number: signal.Signals, code: int) -> None:
    np.save(tmp_path / "t.npy", np.zeros(2))
    process, child = waiting(tmp_path)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, b"", b"")
    assert has_ended(child)
    assert names(tmp_path) == {"t.npy", "slow.csv", "out.tsv"}


def test_the_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.zeros(2))
    process, child = waiting(tmp_path)
    process.kill()
    process.communicate(timeout=60)
    assert has_ended(child)
    assert (tmp_path / "out.tsv").read_text() == "old\n"


def test_without_a_limit_there_is_no_child(run: Run) -> None:
    code = "import lossctl.child as c; print(c.memory_is_limited())"
    assert run("-c", code, program=(sys.executable,)).out == "False\n"


NO_MEMORY = [
    MemoryError(),
    ImportError("libopenblas.so: failed to map segment from shared object"),
    ImportError("libarrow.so.2600: cannot allocate memory in static TLS block"),
    RuntimeError("can't start new thread"),
    SystemError("std::bad_alloc"),
]


@pytest.mark.parametrize("error", NO_MEMORY, ids=repr)
def test_what_says_that_there_is_no_memory(error: Exception) -> None:
    assert explained(error).message == "out of memory"
    outer = ImportError("Unable to import required dependencies: numpy")
    outer.__cause__ = error
    assert is_want_of_memory(outer)
    assert explained(outer).exit_code == 4


def test_other_faults_are_still_ours() -> None:
    for error in (ImportError("cannot import name 'x'"), RuntimeError("boom"), KeyError("memory")):
        assert explained(error).exit_code == 5
