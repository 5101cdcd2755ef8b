"""What the line about progress says, and when it is drawn."""

import errno
import os
import re
import sys
from io import BytesIO, StringIO
from typing import Any

import pytest
from screens import LAST, SHOW, drawn

from lossctl.outputs import progress
from lossctl.outputs.progress import ProgressLine


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
