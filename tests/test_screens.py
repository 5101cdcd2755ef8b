"""What people see is what `screens/` keeps, and nothing in it is broken by the width."""

import re

import pytest
from shown import SCREENS, WIDTHS, Screen, screens

ALL = list(screens())
COLOR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("screen", ALL, ids=lambda screen: screen.path.stem)
def test_what_is_seen_is_as_it_was(screen: Screen) -> None:
    assert screen.shown() == screen.path.read_text(encoding="utf-8"), "intended? make screens"


def test_no_file_is_left_over() -> None:
    kept = {path.name for path in SCREENS.iterdir()} - {"baseline.json"}
    assert kept == {screen.path.name for screen in ALL}


@pytest.mark.parametrize("name", ["classes", "regression", "check"])
@pytest.mark.parametrize("width", WIDTHS)
def test_tables_fit_the_width_and_break_no_word(name: str, width: int) -> None:
    screen = Screen(name, width, color=False, ascii=False).path.read_text(encoding="utf-8")
    widest = Screen(name, max(WIDTHS), color=False, ascii=False).path.read_text(encoding="utf-8")
    table = [line for line in screen.splitlines() if not line.startswith("lossctl: ")]
    assert max(map(len, table)) <= width
    words = set(re.findall(r"[\w.'+-]+", screen))
    missing = set(re.findall(r"[\w.'+-]+", widest)) - words
    assert missing <= (column(widest, "delta") if name == "check" else set())


def column(screen: str, title: str) -> set[str]:
    """Return the cells of a column, which is left out where the table has room without it."""
    rows = [re.split(" {2,}", line.strip()) for line in screen.splitlines()]
    header = next(row for row in rows if title in row)
    return {row[header.index(title)] for row in rows if len(row) == len(header)}


def test_colour_is_all_that_it_changes() -> None:
    for screen in ALL:
        if screen.color:
            plain = screen._replace(color=False).path.read_text(encoding="utf-8")
            assert COLOR.sub("", screen.path.read_text(encoding="utf-8")) == plain
