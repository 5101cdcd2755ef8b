"""The line about progress: on a terminal, after a second, and then nothing is left of it."""

import errno
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from conftest import LOSSCTL, Run, Write, npy
from samples import BIG
from screens import CLEAR, NOW, Screen, screen

BLOCK = 1 << 16
ROWS = 8 * BLOCK


@pytest.fixture
def big(write: Write) -> Path:
    """Samples in two blocks."""
    return write(BIG).parent


def feed(screen: Screen, blocks: int) -> IO[bytes]:
    """Feed so many blocks of zeros of an array of ROWS; return where the rest is to go."""
    stdin = screen.process.stdin
    assert stdin is not None
    stdin.write(npy(np.zeros(ROWS))[: -8 * ROWS] + bytes(8 * BLOCK * blocks))
    stdin.flush()
    return stdin


FED = ("eval", "-", "t.npy", "--loss=mae", "--jobs=1")
EVAL = ("eval", "big.npy", "zeros.npy", "--loss=mae")


@pytest.fixture
def fed(write: Write) -> Path:
    """The folder with the targets of what is fed."""
    return write({"t.npy": np.zeros(ROWS)}).parent


def test_it_appears_while_one_waits_and_leaves_nothing(write: Write) -> None:
    folder = write({"t.csv": "0\n"}).parent
    arguments = ("eval", "-", "--pred-cols=p", "--target-col=t", "--loss=mae")
    with screen(folder, *arguments, program=(LOSSCTL,), stdin=subprocess.PIPE) as shown:
        stdin = shown.process.stdin
        assert stdin is not None
        stdin.write(b"p,t\n")
        while not select.select([shown.leader], [], [], 0.02)[0]:  # as long as it takes
            stdin.write(b"0.5,1\n" * 200_000)
        shown.until("rows/s")
        stdin.close()
        code, left = shown.end()
    assert code == 0
    assert re.fullmatch(r"stdin [\d.]+[kM]? rows +[\d.]+[kM]? rows/s *", shown.lines()[0])
    assert re.match(r"Per-sample loss, 10 of \d+00000 rows\n", left)


def test_percentages(big: Path) -> None:
    with screen(big, *EVAL) as shown:
        code, left = shown.end()
    lines = shown.lines()
    assert code == 0
    assert left.startswith("Per-sample loss, 10 of 100000 rows\n")
    found = [
        re.fullmatch(r"big\.npy ([━╸╺]+) +(\d+)%( .+ rows/s)? (\d:\d\d:\d\d)", x) for x in lines
    ]
    percents = [int(match[2]) for match in found if match]
    assert len(percents) == len(lines) > 1
    assert percents == sorted(percents)
    assert percents[-1] == 100


@pytest.mark.parametrize("columns", [10, 20, 40, 60, 200])
def test_it_never_wraps(big: Path, columns: int) -> None:
    with screen(big, *EVAL, columns=columns) as shown:
        assert shown.end()[0] == 0
    assert "100%" in shown.lines()[-1]
    assert max(map(len, shown.lines())) <= columns
    assert shown.seen.count(b"\x1b[1A") == 1  # one line was there to clear


HIDDEN: dict[str, tuple[list[str], dict[str, str]]] = {
    "quiet": (["-q"], {}),
    "dumb": ([], {"TERM": "dumb"}),
    "dumb-FORCE_COLOR": ([], {"TERM": "dumb", "FORCE_COLOR": "1"}),
    "tsv": (["--format=tsv"], {}),
    "per-sample-to-stdout": (["--per-sample=/dev/stdout"], {}),
    "per-sample-to-stderr": (["--per-sample=/dev/stderr"], {}),
}


@pytest.mark.parametrize(("options", "env"), HIDDEN.values(), ids=HIDDEN)
def test_nothing_where_it_is_not_wanted(big: Path, options: list[str], env: dict[str, str]) -> None:
    with screen(big, *EVAL, *options, env=env) as shown:
        assert shown.end()[0] == 0
    assert CLEAR.encode() not in shown.seen


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}], ids=["plain", "FORCE_COLOR"])
def test_nothing_in_a_pipe(run: Run, big: Path, env: dict[str, str]) -> None:
    outcome = run(*EVAL, program=NOW, env={"TERM": "xterm", **env})
    assert (outcome.code, outcome.err) == (0, "")
    assert CLEAR not in outcome.out


@pytest.mark.parametrize("options", [["--format=tsv"], ["--per-sample=rows.tsv"], []])
def test_stdout_is_what_it_is_without(run: Run, big: Path, options: list[str]) -> None:
    with (big / "out").open("wb") as out, screen(big, *EVAL, *options, stdout=out) as shown:
        assert shown.end() == (0, "")
    assert "100%" in shown.lines()[-1]
    assert (big / "out").read_text() == run(*EVAL, *options).out


@pytest.mark.parametrize("options", [["-o", "out.tsv"], ["-o", "/dev/null", "--format=tsv"]])
def test_rows_to_a_file(big: Path, options: list[str]) -> None:
    (big / "out.tsv").write_text("row\tmae\n1\t0.0\n2\t1.0\n")
    with screen(big, *EVAL, *options) as shown:
        assert shown.end() == (0, "")
    assert "100%" in shown.lines()[-1]
    assert (big / "out.tsv").read_text().startswith("row\tmae\n1\t0.0\n2\t1.0\n")


COLOURS: dict[str, tuple[list[str], dict[str, str], bool]] = {
    "default": ([], {}, True),
    "NO_COLOR": ([], {"NO_COLOR": "1"}, False),
    "NO_COLOR-and-FORCE_COLOR": ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    "option": (["--no-color"], {}, False),
}


@pytest.mark.parametrize(("options", "env", "coloured"), COLOURS.values(), ids=COLOURS)
def test_colour(big: Path, options: list[str], env: dict[str, str], coloured: bool) -> None:
    with screen(big, *EVAL, *options, env=env, stdout=subprocess.DEVNULL) as shown:
        assert shown.end() == (0, "")
    assert (b"\x1b[36m" in shown.seen) is coloured
    assert (re.search(rb"\x1b\[[\d;]*m", shown.seen) is not None) is coloured


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_clears_it(fed: Path, number: int, code: int) -> None:
    with screen(fed, *FED, stdin=subprocess.PIPE) as shown:
        stdin = feed(shown, 4)
        shown.until("%")
        shown.process.send_signal(number)
        assert shown.end() == (code, "")
        stdin.close()


def test_an_error_is_told_where_it_was(fed: Path) -> None:
    with screen(fed, *FED, stdin=subprocess.PIPE) as shown:
        stdin = feed(shown, 4)
        shown.until("%")
        stdin.write(np.full(BLOCK, np.nan).tobytes())  # it reads no further
        stdin.close()
        code, left = shown.end()
    assert code == 3
    assert " ".join(left.split()).startswith(
        f"lossctl: error: stdin: row {4 * BLOCK + 1}: column 1: nan is a missing value, not a "
        "number lossctl: hint: "
    )


def test_full_disk_and_closed_pipe(big: Path) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        screen(big, *EVAL, "--format=tsv", stdout=full) as shown,
    ):
        assert shown.end() == (4, f"lossctl: error: stdout: {os.strerror(errno.ENOSPC)}\n")
    reader, writer = os.pipe()
    os.close(reader)
    with screen(big, *EVAL, "--format=tsv", stdout=writer) as shown:
        os.close(writer)
        assert shown.end() == (141, "")


NAMES = {
    "markup": ("[red]x [bold].npy", "[red]x [bold].npy"),
    "escape": ("\x1b[31m\r.npy", "\\x1b[31m\\x0d.npy"),
    "no-text": (os.fsdecode(b"p\xff.npy"), "p\\xff.npy"),
    "long": ("predictions-of-the-model-of-tuesday.npy", "predictions-of-the-model-of-t…"),
    "folder": ("folder/p.npy", "p.npy"),
}


@pytest.mark.parametrize(("name", "expected"), NAMES.values(), ids=NAMES)
def test_the_name_is_shown_as_it_is(write: Write, name: str, expected: str) -> None:
    (write({"zeros.npy": BIG["zeros.npy"]}).parent / "folder").mkdir()
    folder = write({name: npy(BIG["big.npy"])}).parent
    folder = folder.parent if "/" in name else folder
    with screen(folder, "eval", name, "zeros.npy", "--loss=mae", columns=92) as shown:
        assert shown.end()[0] == 0
    assert shown.lines()[0].startswith(f"{expected} ━")


@pytest.mark.parametrize("columns", [60, 80])
def test_ascii(write: Write, columns: int) -> None:
    folder = write({"käääätzé.npy": BIG["big.npy"], "zeros.npy": BIG["zeros.npy"]}).parent
    env = {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    arguments = ("eval", "käääätzé.npy", "zeros.npy", "--loss=mae")
    with screen(folder, *arguments, env=env, columns=columns) as shown:
        assert shown.end()[0] == 0
    assert shown.seen.isascii()
    lines = shown.lines()
    assert max(map(len, lines)) <= columns
    assert all(re.match(r"k\\xe4[\\xe49tz.npy]+ ---+", line) for line in lines)


_HAS_RICH = "import sys, typer; sys.exit('rich' in sys.modules)"
"""As an old Typer imports it itself."""


def test_what_takes_less_than_a_second_imports_nothing_for_it(big: Path) -> None:
    code = (
        "import sys, lossctl.outputs.progress; lossctl.outputs.progress.DELAY = 1e9\n"
        "import lossctl.__main__\n"
        "lossctl.__main__.main.__globals__['_flushed'] = lambda code: 'rich' in sys.modules\n"
        "lossctl.__main__.main()"
    )
    of_typer = subprocess.run([sys.executable, "-c", _HAS_RICH], check=False).returncode
    for form, rich in (("json", of_typer), ("table", 1)):
        with screen(big, *EVAL, "-f", form, program=(sys.executable, "-c", code)) as shown:
            assert shown.end()[0] == rich
