"""Where results go and what the system may do meanwhile: files, pipes, signals, no space."""

import errno
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import LOSSCTL, Outcome, Run, Write, environment

EVAL = ("eval", "p.csv", "t.csv", "--loss=mae")
TSV = "row\tmae\n1\t1.0\n2\t2.0\n"
NO_SPACE = os.strerror(errno.ENOSPC)


@pytest.fixture(autouse=True)
def folder(write: Write) -> Path:
    """A folder with a good pair and a bad file."""
    files = {"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n", "bad.csv": "y\n1\nn/a\n"}
    return write(files).parent


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


FILES = {
    "out.tsv": TSV,
    "out.csv": TSV.replace("\t", ","),
    "OUT.TSV": TSV,
    "out.jsonl": '{"row": 1, "mae": 1.0}\n{"row": 2, "mae": 2.0}\n',
}


@pytest.mark.parametrize(("name", "text"), FILES.items(), ids=FILES)
@pytest.mark.parametrize("option", ["-o", "--per-sample"])
def test_format_by_extension(run: Run, folder: Path, option: str, name: str, text: str) -> None:
    outcome = run(*EVAL, option, name)
    assert (outcome.code, outcome.err) == (0, "")
    assert (folder / name).read_text() == text
    assert bool(outcome.out) is (option == "--per-sample")


def test_json_md_and_unknown_extensions(run: Run, folder: Path) -> None:
    for name in ("out.json", "out.md", "out", "out.txt"):
        assert run(*EVAL, "-o", name) == Outcome(0, "", "")
    assert json.loads((folder / "out.json").read_text())["n"] == 2
    assert (folder / "out.md").read_text().startswith("### Loss(W)\n")
    refused = run(*EVAL, "-o", "out.dat")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("lossctl: --output 'out.dat': no format has this extension\n")
    for name in ("out.txt", "out"):
        assert (folder / name).read_text() == run(*EVAL).out
    assert (folder / "out.txt").read_text() == run(
        *EVAL, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}
    ).out


def test_format_option_outranks_the_extension(run: Run, folder: Path) -> None:
    assert run(*EVAL, "-o", "out.json", "--format=tsv") == Outcome(0, "", "")
    assert (folder / "out.json").read_text() == TSV
    assert run(*EVAL, "-q", "-o", "bare.txt") == Outcome(0, "", "")
    assert (folder / "bare.txt").read_text() == "1.5\n"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_mode_of_a_new_file_by_umask(run: Run, folder: Path, umask: int, mode: int) -> None:
    assert run(*EVAL, "-o", "out.tsv", umask=umask).code == 0
    assert stat.S_IMODE((folder / "out.tsv").stat().st_mode) == mode


def test_existing_file_is_replaced_whole(run: Run, folder: Path) -> None:
    path = folder / "out.tsv"
    path.write_text("old\n" * 1000)
    path.chmod(0o604)
    with path.open() as reader:
        assert run(*EVAL, "-o", "out.tsv").code == 0
        assert reader.read() == "old\n" * 1000
    assert path.read_text() == TSV
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize("exists", [True, False], ids=["file", "dangling"])
def test_symlink_is_followed(run: Run, folder: Path, exists: bool) -> None:
    (folder / "there").mkdir()
    target = folder / "there" / "real.tsv"
    if exists:
        target.write_text("old\n")
    (folder / "out.tsv").symlink_to("there/real.tsv")
    assert run(*EVAL, "-o", "out.tsv").code == 0
    assert (folder / "out.tsv").is_symlink()
    assert target.read_text() == TSV
    assert names(folder / "there") == {"real.tsv"}


FAILURES = {
    "bad-data": (["bad.csv", "t.csv"], 3),
    "row-counts": (["p.csv", "long.csv"], 3),
    "missing-input": (["none.csv", "t.csv"], 4),
    "other-output-fails": (["p.csv", "t.csv", "--per-sample=/dev/full"], 4),
}


@pytest.mark.parametrize(("arguments", "code"), FAILURES.values(), ids=FAILURES)
def test_old_file_survives_a_failure(
    run: Run, folder: Path, arguments: list[str], code: int
) -> None:
    (folder / "long.csv").write_text("y\n" + "0\n" * 9)
    (folder / "old.tsv").write_text("old\n")
    before = names(folder)
    for output in ("old.tsv", "new.tsv"):
        assert run("eval", *arguments, "--loss=mae", "-o", output).code == code
    assert (folder / "old.tsv").read_text() == "old\n"
    assert names(folder) == before


def test_fifo_is_written_through(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "out.tsv")
    with subprocess.Popen(["cat", "out.tsv"], cwd=folder, stdout=subprocess.PIPE) as reader:
        assert run(*EVAL, "-o", "out.tsv") == Outcome(0, "", "")
        assert reader.communicate(timeout=60)[0].decode() == TSV
    assert stat.S_ISFIFO((folder / "out.tsv").stat().st_mode)


def test_dev_null_is_written_through(run: Run) -> None:
    assert run(*EVAL, "-o", "/dev/null", "--format=tsv") == Outcome(0, "", "")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("option", ["-o", "--per-sample"])
@pytest.mark.parametrize("link", ["", "hardlink_to", "symlink_to"])
def test_output_that_is_an_input_is_refused(run: Run, folder: Path, option: str, link: str) -> None:
    name = "link.csv" if link else "./p.csv"
    if link:
        getattr(folder / name, link)(folder / "p.csv")
    outcome = run(*EVAL, option, name)
    message = f"lossctl: {name}: is an input, and would be overwritten\n"
    assert outcome == Outcome(2, "", message)
    assert (folder / "p.csv").read_text() == "y\n1\n2\n"


def test_one_file_for_two_outputs_is_refused(run: Run, folder: Path) -> None:
    outcome = run(*EVAL, "-o", "out.tsv", "--per-sample", "./out.tsv")
    assert outcome == Outcome(2, "", "lossctl: ./out.tsv: is named for two outputs\n")
    assert "out.tsv" not in names(folder)


def write_big(write: Write) -> None:
    write({"big.npy": np.arange(100_000.0), "zeros.npy": np.zeros(100_000)})


@pytest.mark.parametrize(
    "files", [("p.csv", "t.csv"), ("big.npy", "zeros.npy")], ids=["small", "streamed"]
)
def test_no_space(run: Run, write: Write, files: tuple[str, str]) -> None:
    write_big(write)
    arguments = ("eval", *files, "--loss=mae", "--format=tsv")
    assert run(*arguments, "-o", "/dev/full") == Outcome(4, "", f"lossctl: /dev/full: {NO_SPACE}\n")
    with Path("/dev/full").open("wb") as full:
        assert run(*arguments, stdout=full) == Outcome(4, "", f"lossctl: stdout: {NO_SPACE}\n")


def test_error_of_one_output_is_not_blamed_on_another(run: Run) -> None:
    outcome = run(*EVAL, "-o", "/dev/null", "--per-sample=/dev/full")
    assert outcome == Outcome(4, "", f"lossctl: /dev/full: {NO_SPACE}\n")


SHELL = ("bash", "-c")


@pytest.mark.parametrize("arguments", ["eval p.csv t.csv --loss=mae", "losses", "--version", "-h"])
def test_closed_stdout(run: Run, arguments: str) -> None:
    outcome = run(f"lossctl {arguments} >&-", program=SHELL)
    assert outcome == Outcome(4, "", "lossctl: stdout is closed\n")


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
    write_big(write)
    command = "lossctl eval big.npy zeros.npy --loss mse --format tsv | head -1"
    outcome = run(f"{command}; exit ${{PIPESTATUS[0]}}", program=SHELL)
    assert outcome == Outcome(141, "row\tmse\n", "")


def lay_traps(folder: Path) -> None:
    (folder / "directory").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")


TRAPS = {
    "missing": ("none.csv", "No such file or directory"),
    "directory": ("directory", "is a directory, not a file"),
    "below-a-file": ("p.csv/x.csv", "Not a directory"),
    "loop": ("loop.csv", "Too many levels of symbolic links"),
    "missing-NPY": ("none.npy", "No such file or directory"),
    "name-too-long": ("x" * 300, "File name too long"),
    "terminal-escape": ("\x1b[31m.csv", "No such file or directory"),
}


@pytest.mark.parametrize(("name", "message"), TRAPS.values(), ids=TRAPS)
def test_input_that_cannot_be_read(run: Run, folder: Path, name: str, message: str) -> None:
    lay_traps(folder)
    shown = name.replace("\x1b", "\\x1b")
    expected = Outcome(4, "", f"lossctl: {shown}: {message}\n")
    assert run("eval", name, "t.csv", "--loss=mae") == expected
    assert run("eval", "t.csv", name, "--loss=mae") == expected


TRAPPED = {
    "no-folder": ("none/out.tsv", "No such file or directory"),
    "directory": ("directory", "Is a directory"),
    "below-a-file": ("p.csv/out.tsv", "Not a directory"),
    "loop": ("loop.csv", "Too many levels of symbolic links"),
}


@pytest.mark.parametrize(("name", "message"), TRAPPED.values(), ids=TRAPPED)
def test_output_that_cannot_be_written(run: Run, folder: Path, name: str, message: str) -> None:
    lay_traps(folder)
    before = names(folder)
    assert run(*EVAL, "-o", name) == Outcome(4, "", f"lossctl: {name}: {message}\n")
    assert names(folder) == before


def write_when_read(path: Path, process: subprocess.Popen[bytes]) -> int:
    """Open a FIFO for writing as soon as the process reads from it."""
    while process.poll() is None:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("the process ended before it read")


HEEDING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it
os.execv(sys.argv[1], sys.argv[1:])
"""


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING, LOSSCTL, *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


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
    assert err.startswith(b"lossctl: p.csv: the file changed while it was read\nhint: ")


def test_out_of_memory(run: Run, folder: Path) -> None:
    components = 10**9
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': (1, {components})}}"
    for name in ("p.npy", "t.npy"):
        with (folder / name).open("wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
            file.truncate(file.tell() + 8 * components)
    limit = 2 << 30
    outcome = run(
        *("eval", "p.npy", "t.npy", "--loss=mae"),
        env={"OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert outcome == Outcome(4, "", "lossctl: out of memory\n")


FAULT = """
import sys
import lossctl.evaluation, lossctl.cli
def fail(*args): raise RuntimeError("\\x1b[31mboom")
lossctl.evaluation.Evaluation.report = fail
sys.argv = ["lossctl", "eval", "p.csv", "t.csv", "--loss=mae"]
lossctl.cli.main()
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
    assert "10 rows between" in outcome.out
    bad = run("eval", "katzé.csv", "t.csv", "--loss=mae", env=env)
    assert (bad.code, bad.out) == (3, "")
    assert bad.err.isascii()


@pytest.mark.parametrize("env", [{}, *ASCII.values()], ids=["UTF-8", *ASCII])
def test_file_name_that_is_not_text(run: Run, folder: Path, env: dict[str, str]) -> None:
    (folder / os.fsdecode(b"p\xff.csv")).write_text("y\n1\n2\n")
    name = b"p\xff.csv"
    for form in ("table", "json", "tsv", "md"):
        assert run("eval", name, "t.csv", "--loss=mae", "--format", form, env=env).code == 0
    missing = run("eval", b"q\xff.csv", "t.csv", "--loss=mae", env=env)
    message = "lossctl: q\\xff.csv: No such file or directory\n"
    assert missing == Outcome(4, "", message)
    assert run("eval", name, "t.csv", "--loss=mae", "-o", b"o\xff.tsv", env=env).code == 0
    assert (folder / os.fsdecode(b"o\xff.tsv")).read_text() == TSV
