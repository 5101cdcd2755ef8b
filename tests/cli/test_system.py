"""What the system may do meanwhile: closed streams, signals, no memory, other encodings."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import LOSSCTL, Outcome, Run, Write
from running import start, write_when_read
from samples import BIG, TSV, names

pytestmark = pytest.mark.usefixtures("folder")
EVAL = ("eval", "p.csv", "t.csv", "--loss=mae")
SHELL = ("bash", "-c")


@pytest.mark.parametrize("arguments", ["eval p.csv t.csv --loss=mae", "losses", "--version", "-h"])
def test_closed_stdout(run: Run, arguments: str) -> None:
    outcome = run(f"lossctl {arguments} >&-", program=SHELL)
    assert outcome == Outcome(4, "", "lossctl: error: stdout is closed\n")


def test_closed_stdout_does_not_matter_to_a_file(run: Run, folder: Path) -> None:
    assert run("lossctl " + " ".join(EVAL) + " -o out.tsv >&-", program=SHELL).code == 0
    assert (folder / "out.tsv").read_text() == TSV


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
def test_code_without_stderr(run: Run, stderr: str) -> None:
    assert run(f"lossctl eval bad.csv t.csv --loss=mae {stderr}", program=SHELL).code == 3


def test_dev_stdout_is_written_through(run: Run, folder: Path) -> None:
    (folder / "log").write_text("old\n")
    command = "lossctl " + " ".join(EVAL) + " -q -o /dev/stdout >> log"
    assert run(command, program=SHELL) == Outcome(0, "", "")
    assert (folder / "log").read_text() == "old\n1.5\n"


def test_closed_pipe_is_quiet(run: Run, write: Write) -> None:
    write(BIG)
    command = "lossctl eval big.npy zeros.npy --loss mse --format tsv | head -1"
    outcome = run(f"{command}; exit ${{PIPESTATUS[0]}}", program=SHELL)
    assert outcome == Outcome(141, "row\tmse\n", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_while_it_waits(folder: Path, number: int, code: int) -> None:
    os.mkfifo(folder / "wait.csv")
    (folder / "out.tsv").write_text("old\n")
    before = names(folder)
    with start(folder, "eval", "wait.csv", "t.csv", "--loss=mae", "-o", "out.tsv") as process:
        writer = write_when_read(folder / "wait.csv", process)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        os.close(writer)
    assert (process.returncode, out, err) == (code, b"", b"")
    assert (folder / "out.tsv").read_text() == "old\n"
    assert names(folder) == before


@pytest.mark.parametrize("output", [[], ["-o", "/dev/null"]], ids=["stdout", "device"])
def test_input_that_changes_while_it_is_read(folder: Path, output: list[str]) -> None:
    os.mkfifo(folder / "slow.csv")
    with start(folder, "eval", "p.csv", "slow.csv", "--loss=mae", *output) as process:
        writer = write_when_read(folder / "slow.csv", process)
        with (folder / "p.csv").open("a") as file:
            file.write("3\n")
        os.write(writer, b"y\n0\n0\n")
        os.close(writer)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (4, b"")
    assert err.startswith(
        b"lossctl: error: p.csv: the file changed while it was read\nlossctl: hint: "
    )


def test_out_of_memory(run: Run, folder: Path) -> None:
    components = 1 << 22
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': (1, {components})}}"
    for name in ("p.npy", "t.npy"):
        with (folder / name).open("wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
            file.truncate(file.tell() + 8 * components)
    limit = 1 << 29
    outcome = run(
        *("eval", "p.npy", "t.npy", "--loss=mae"),
        env={"OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert outcome == Outcome(4, "", "lossctl: error: out of memory\n")


FAULT = """
import sys
import lossctl.evaluation.pipeline, lossctl.__main__
def fail(*args): raise RuntimeError("\\x1b[31mboom")
lossctl.evaluation.pipeline.Evaluation.report = fail
sys.argv = ["lossctl", "eval", "p.csv", "t.csv", "--loss=mae"]
lossctl.__main__.main()
"""


def test_fault_of_our_own(run: Run) -> None:
    outcome = run("-c", FAULT, program=(sys.executable,))
    assert (outcome.code, outcome.out) == (5, "")
    assert "RuntimeError: \\x1b[31mboom" in outcome.err
    assert "Traceback" not in outcome.err


ASCII = {
    "PYTHONIOENCODING": {"PYTHONIOENCODING": "ascii"},
    "C-locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("env", ASCII.values(), ids=ASCII)
def test_ascii_stdout(run: Run, write: Write, env: dict[str, str]) -> None:
    write({"big.npy": np.arange(30.0), "zeros.npy": np.zeros(30), "katzé.csv": "katzé\n1\nx\n"})
    outcome = run("eval", "big.npy", "zeros.npy", "--loss=mae", env=env)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.isascii()
    assert outcome.out.startswith("Per-sample loss, 10 of 30 rows\n")
    assert "|... | ...|\n" in outcome.out
    bad = run("eval", "katzé.csv", "t.csv", "--loss=mae", env=env)
    assert (bad.code, bad.out) == (3, "")
    assert bad.err.isascii()


@pytest.mark.parametrize("env", [{}, *ASCII.values()], ids=["UTF-8", *ASCII])
def test_file_name_that_is_not_text(run: Run, folder: Path, env: dict[str, str]) -> None:
    (folder / os.fsdecode(b"p\xff.csv")).write_text("y\n1\n2\n")
    name = b"p\xff.csv"
    for form in ("table", "json", "tsv", "md"):
        assert run("eval", name, "t.csv", "--loss=mae", "--format", form, env=env).code == 0
    missing = run("eval", b"pp\xff.csv", "t.csv", "--loss=mae", env=env)
    message = "lossctl: error: pp\\xff.csv: No such file or directory\n"
    message += "lossctl: hint: did you mean 'p\\xff.csv'?\n"
    assert missing == Outcome(4, "", message)
    assert run("eval", name, "t.csv", "--loss=mae", "-o", b"o\xff.tsv", env=env).code == 0
    assert (folder / os.fsdecode(b"o\xff.tsv")).read_text() == TSV


def wait_until_open(process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a process, past the start of Python itself, has opened a file or has ended."""
    while process.poll() is None:
        with contextlib.suppress(OSError):
            links = [os.readlink(link) for link in Path(f"/proc/{process.pid}/fd").iterdir()]
            if any(link.endswith(name) for link in links):
                return


def test_interrupt_at_any_moment(run: Run, write: Write, folder: Path) -> None:
    write(BIG)
    arguments = ("eval", "big.npy", "zeros.npy", "--loss=mae", "-o", "out.tsv")
    begun = time.monotonic()
    assert run(*arguments).code == 0
    duration = time.monotonic() - begun  # some 300 ms
    whole = (folder / "out.tsv").read_text()
    before = names(folder)
    found = set()
    for moment in range(30):
        (folder / "out.tsv").write_text("old\n")
        with start(folder, *arguments) as process:
            wait_until_open(process, "big.npy")
            time.sleep(duration * moment / 60)
            process.send_signal(signal.SIGINT)
            err = process.communicate(timeout=60)[1]
        assert err == b""
        found.add((process.returncode, (folder / "out.tsv").read_text() == whole))
        assert (folder / "out.tsv").read_text() in ("old\n", whole)
        assert names(folder) == before
    # The signal kills a process that has nothing left to do but to end.
    assert {code for code, _ in found} <= {0, 130, -signal.SIGINT}
    assert (0, False) not in found


def test_a_warning_never_goes_to_stdout(run: Run, write: Write) -> None:
    write({"p.csv": ".5\n.25", "t.csv": "1\n0\n"})
    command = f"exec {LOSSCTL} eval p.csv t.csv -l mae -q 2>&-"
    outcome = run("-c", command, program=("sh",))
    assert (outcome.code, outcome.out) == (0, "0.375\n")
