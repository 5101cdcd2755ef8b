"""The line about progress: on a terminal, after a second, and then nothing is left of it."""

import errno
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import ioctl
from io import BytesIO, StringIO
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ
from typing import IO, Any

import numpy as np
import pytest
from conftest import LOSSCTL, Run, Write, environment, npy
from formats import NAMED, NUMBERS, Content
from samples import BIG, blocks_of, probabilities
from test_terminal import plain

from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.outputs import progress
from lossctl.outputs.progress import ProgressLine
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.table import TableOptions

CLEAR = "\r\x1b[2K"
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
LAST = f"\n{SHOW}\r\x1b[1A\x1b[2K"
"""What rich ends with: down, and up again to clear the line."""
BLOCK = 1 << 16
ROWS = 8 * BLOCK
AT_ONCE = """
import lossctl.outputs.progress
lossctl.outputs.progress.DELAY = lossctl.outputs.progress.INTERVAL = 0
from lossctl.__main__ import main
main()
"""
NOW = (sys.executable, "-c", AT_ONCE)


class Screen:
    """A pseudo-terminal with what was written to it, and the process that wrote it."""

    def __init__(self, leader: int, process: subprocess.Popen[bytes]) -> None:
        self.leader, self.process, self.seen = leader, process, b""

    def read(self) -> bool:
        """Read what came; return whether there may be more."""
        try:
            part = os.read(self.leader, 1 << 16)
        except OSError:  # Linux says EIO where others end the file
            part = b""
        self.seen += part
        return bool(part)

    def until(self, text: str) -> None:
        """Wait until it shows a text."""
        while text.encode() not in self.seen:
            assert self.read(), self.seen

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what is left on the screen."""
        while self.read():
            pass
        text = self.seen.decode().replace("\r\n", "\n")
        assert text.count(HIDE + SHOW) == text.count(HIDE)  # hidden for no time
        cleared = f"[^\n]*({re.escape(CLEAR)}|{re.escape(LAST)})"
        return self.process.wait(60), plain(re.sub(cleared, "", text))

    def lines(self) -> list[str]:
        """Return what was drawn over itself."""
        return drawn(self.seen.decode())


def drawn(text: str) -> list[str]:
    """Return the lines that were drawn over themselves."""
    return [plain(line.partition(LAST)[0]) for line in text.replace("\r\n", "\n").split(CLEAR)[1:]]


@contextmanager
def screen(
    folder: Path,
    *arguments: str,
    program: tuple[str, ...] = NOW,
    env: Mapping[str, str] | None = None,
    columns: int = 80,
    **streams: Any,
) -> Iterator[Screen]:
    """Run with stderr, and what else is not redirected, on a pseudo-terminal."""
    leader, follower = pty.openpty()
    ioctl(follower, TIOCSWINSZ, pack("HHHH", 24, columns, 0, 0))
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": follower} | streams
    process = subprocess.Popen[bytes](
        [*program, *arguments],
        cwd=folder,
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        stderr=follower,
        **given,
    )
    with process:
        os.close(follower)
        try:
            yield Screen(leader, process)
        finally:
            process.kill()
            os.close(leader)


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
    assert left.startswith("Per-sample loss\n")


def test_percentages(big: Path) -> None:
    with screen(big, *EVAL) as shown:
        code, left = shown.end()
    lines = shown.lines()
    assert code == 0
    assert left.startswith("Per-sample loss\n")
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
    assert left.startswith(
        f"lossctl: stdin: row {4 * BLOCK + 1}: column 1: nan is not finite\nhint"
    )


def test_full_disk_and_closed_pipe(big: Path) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        screen(big, *EVAL, "--format=tsv", stdout=full) as shown,
    ):
        assert shown.end() == (4, f"lossctl: stdout: {os.strerror(errno.ENOSPC)}\n")
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


def line(
    rows: int, part: float | None, seconds: float, width: int = 80, name: str = "p.npy"
) -> str:
    """Return what is drawn after some seconds."""
    size, stderr = os.terminal_size((width, 24)), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "get_terminal_size", lambda _: size)
        patch.setattr(sys, "stderr", stderr)
        clock = Clock(patch)
        with ProgressLine(name, lambda: (rows, part), color=False) as told:
            clock.time += seconds
            told()
    lines = set(drawn(stderr.getvalue()))
    assert len(lines) == 1, lines
    return lines.pop().rstrip()


def test_numbers() -> None:
    assert line(0, 0.0, 2).split() == ["p.npy", "0%", "0", "rows/s", "-:--:--"]
    assert line(20, 0.25, 2).endswith(" 25%    10 rows/s 0:00:06")
    assert line(1, 1 / 4, 3600).endswith(" 25% 0.000278 rows/s 3:00:00")
    assert line(43_210_000, 0.999999, 10).endswith(" 99% 4.32M rows/s 0:00:01")
    assert line(9996 * 10**5, None, 1) == "p.npy 1G rows    1G rows/s"
    assert line(950, None, 1) == "p.npy 950 rows   950 rows/s"


def test_a_name_is_never_obeyed() -> None:
    assert line(1, None, 1, name="\x1b]0;x\x07\r").startswith("\\x1b]0;x\\x07\\x0d 1 rows ")
    assert line(1, None, 1, name="[red]{task}:x:").startswith("[red]{task}:x: 1 rows ")


@pytest.mark.parametrize("width", [1, 2, 10, 39, 40, 41, 59, 60, 61, 80, 120])
@pytest.mark.parametrize("name", ["x" * 300, "猫" * 300, "a\u0301" * 300, "x y" * 99, "p.npy", ""])
def test_width(name: str, width: int) -> None:
    from rich.cells import cell_len

    for part in (None, 0.0, 0.5, 1.0):
        shown = line(10**6, part, 3, width, name)
        assert cell_len(shown) <= width
        assert ("333k rows/s" in shown) is (width >= 40)
        assert (re.search(r"%.*-:--:--|%.*\d:\d\d:\d\d", shown) is not None) is (
            part is not None and width >= 40
        )


class Clock:
    """A time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 100.0
        monkeypatch.setattr(progress, "monotonic", lambda: self.time)


def test_not_before_a_second_and_not_too_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, drawn = Clock(monkeypatch), []
    with ProgressLine("p.npy", lambda: (1, 0.5), color=False) as told:
        for tick in range(300):
            clock.time = 100 + tick / 100
            told()
            drawn.append(bool(capsys.readouterr().err))
    assert not any(drawn[:100])
    assert drawn[100]
    assert 19 <= sum(drawn) <= 20
    assert capsys.readouterr().err.endswith(LAST)
    with ProgressLine("p.npy", lambda: (1, 0.5), color=False) as told:
        told()
    assert capsys.readouterr().err == ""


def test_a_terminal_that_is_gone_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(BytesIO):
        def write(self, text: Any) -> int:
            raise OSError(errno.EIO, "gone")

    clock = Clock(monkeypatch)
    monkeypatch.setattr(sys, "stderr", Gone())
    with ProgressLine("p.npy", lambda: (1, 0.5), color=False) as told:
        for _ in range(3):
            clock.time += 2
            told()


def test_a_signal_while_it_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    def interrupted(self: Console, show: bool = True) -> bool:
        monkeypatch.undo()
        self.show_cursor(show)
        raise KeyboardInterrupt

    clock = Clock(monkeypatch)
    monkeypatch.setattr(Console, "show_cursor", interrupted)
    told = ProgressLine("p.npy", lambda: (1, 0.5), color=False)
    clock.time += 2
    with pytest.raises(KeyboardInterrupt), told:
        told()
    assert capsys.readouterr().err.endswith(SHOW)


def test_what_takes_less_than_a_second_imports_nothing_for_it(big: Path) -> None:
    code = (
        "import sys, lossctl.outputs.progress; lossctl.outputs.progress.DELAY = 1e9\n"
        "import lossctl.__main__\n"
        "lossctl.__main__.main.__globals__['_flushed'] = lambda code: 'rich' in sys.modules\n"
        "lossctl.__main__.main()"
    )
    for form, rich in (("json", 0), ("table", 1)):
        with screen(big, *EVAL, "-f", form, program=(sys.executable, "-c", code)) as shown:
            assert shown.end()[0] == rich


EVERY = NAMED | NUMBERS


@pytest.mark.parametrize(("name", "content"), EVERY.items(), ids=EVERY)
def test_every_table_knows_how_far_it_was_taken(write: Write, name: str, content: Content) -> None:
    import pandas as pd

    path = write({name: content(pd.DataFrame(probabilities(11, 3), columns=["a", "b", "c"]))})
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    parts = [part for _ in blocks_of(table, 1) if (part := table.progress()) is not None]
    table.close()
    assert len(parts) == 11
    assert parts == sorted(parts)
    assert parts[-1] == 1
    if ".npy" in name or "npz" in name or ".p" in name or name in ("x.csv", "x.jsonl", "x.tsv"):
        assert parts == pytest.approx(np.arange(1, 12) / 11, abs=0.1)


def test_shards(write: Write) -> None:
    folder = write({f"s-{i}.npy": np.zeros(2) for i in range(4)} | {"t.csv": "0\n" * 8}).parent
    files = sorted(folder.glob("s-*.npy"))
    table = open_table(Input(files), TableOptions(), "predictions")
    parts = [table.progress() for _ in blocks_of(table, 1)]
    assert parts == [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0]


def progress_of(predictions: object, targets: object, **options: Any) -> list[tuple[int, Any]]:
    evaluation = Evaluation(predictions, targets, Options(loss="mae", jobs=1, **options))
    found: list[tuple[int, Any]] = []
    for _ in evaluation.samples(lambda: found.append(evaluation.progress())):
        pass
    return found


def test_rows_left_out_count(write: Write) -> None:
    p = write({"t.csv": "y\n0\n0\n0\n0\n", "p.csv": "y\n1\nNA\n1\n1\n"})
    rows = [rows for rows, _ in progress_of(p, p.with_name("t.csv"), nan="skip", block_rows=1)]
    assert rows == [1, 2, 3, 4]


def test_ids_in_another_order(write: Write) -> None:
    ids = range(40)
    p = write(
        {
            "t.csv": "id,y\n" + "".join(f"{i},0\n" for i in reversed(ids)),
            "p.csv": "id,y\n" + "".join(f"{i},1\n" for i in ids),
        }
    )
    found = progress_of(p, p.with_name("t.csv"), id="id", block_rows=4)
    parts = [part for _, part in found]
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert len({part for rows, part in found if not rows}) >= 9  # while the targets are read
    assert found[-1][0] == 40


def test_what_one_table_does_not_know_the_other_does(fed: Path) -> None:
    read, write = os.pipe()
    os.write(write, b"0\n0\n0\n0\n")
    os.close(write)
    found = progress_of(f"/dev/fd/{read}", np.zeros(4), block_rows=1)
    os.close(read)
    assert [part for _, part in found] == [0.5, 0.5, 0.75, 1.0]  # two are taken at once
