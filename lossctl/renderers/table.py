"""Any page as tables for people, drawn by rich: coloured on a terminal, folded to its width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from rich import box
from rich.table import Table
from rich.text import Text

from lossctl.base.wording import folded
from lossctl.outputs import terminal
from lossctl.renderers import View
from lossctl.renderers.sections import Page, Section

if TYPE_CHECKING:
    from rich.console import Console

_Padding: TypeAlias = tuple[int, int, int, int]
"""The spaces above a cell, to its right, below it and to its left."""
_WIDE, _DENSE, _TIGHT = (0, 1, 0, 1), (0, 1, 0, 0), (0, 0, 0, 0)
_TRAILING = re.compile(r" +((?:\x1b\[[0-9;]*m)*)$")
"""Spaces at the end of a line, and what ends a colour behind them."""
_LEAST = 12
"""Words are never shortened to fewer characters."""
_TURNED = 3
"""A table of more rows than these is not turned: it would have as many columns."""


def draw(page: Page, view: View) -> str:
    """Return the tables as a person is to see them; the notes are told beside them, on stderr."""
    console = terminal.console(view.color)
    with console.capture() as captured:
        for position, section in enumerate(page.sections):
            console.print("\n" * (position > 0), Text(section.title, "bold"), sep="")
            for number, table in enumerate(_fitting(section, console, view)):
                console.print("\n" * (number > 0), table, sep="", end="")
            for sentence in section.below:
                lines = folded(sentence, view.width)
                console.print(Text("\n".join(lines), "dim"))
    lines = captured.get().splitlines()
    if _is_cut(page, captured.get()):
        said = f"{_dots(view)} in a word stands for what had no room; COLUMNS=200 makes room"
        lines += ["", *folded(said, view.width)]
    return "".join(_TRAILING.sub(r"\1", line) + "\n" for line in lines)


def _is_cut(page: Page, drawn: str) -> bool:
    """Return whether a word of the tables does not stand there whole."""
    words = {
        cell
        for section in page.sections
        for name, *cells in zip(section.header, *section.rows, strict=True)
        if name in section.text_columns
        for cell in cells
    }
    return any(word not in drawn for word in words)


def _dots(view: View) -> str:
    return "..." if view.ascii else "\N{HORIZONTAL ELLIPSIS}"


def _fitting(section: Section, console: Console, view: View) -> list[Table]:
    """Return the table as it fits the width: whole, dense, turned or as several tables."""
    for table in _shapes(section.filled(), view):
        if _fits([table], console, view):
            return [table]
    return _folded(section.filled(), console, view)


def _fits(tables: list[Table], console: Console, view: View) -> bool:
    width = view.width
    return width is None or all(console.measure(table).maximum <= width for table in tables)


def _shapes(section: Section, view: View) -> Iterator[Table]:
    """Yield the table in the forms it may have, the best one first."""
    if view.width is None:
        yield _table(section.pointed(), view)
        return
    half = _shortened(section, view, view.width // 2)
    yield _table(half.pointed(), view)
    yield _table(half.pointed(), view, _DENSE)
    yield _table(half, view, _DENSE)
    if section.spare:
        half = half.without_spare()
        yield _table(half.pointed(), view, _DENSE)
        yield _table(half, view, _DENSE)
    yield _table(half, view, _TIGHT)
    if section.turns and section.gap is None and len(section.rows) <= _TURNED:
        yield _table(half.turned(), view)
    yield _table(_shortest(section, view), view, _TIGHT)


def _folded(section: Section, console: Console, view: View) -> list[Table]:
    """Return several tables: the first begins with the columns of words, where there is room.

    The others go on with it, and say no more again than tells the rows apart, else the very first
    column. Columns that belong together are parted only where they have no room either.
    """
    words, alone = _leading_words(section), [[index] for index in range(len(section.header))]
    together = alone[: len(words)] + section.units(len(words))
    least = section.apart(words)
    short = _shortened(section, view, (view.width or 0) // 2)
    forms = [(short.pointed(), _DENSE), (short, _DENSE), (short, _TIGHT)]
    forms.append((_shortest(section, view), _TIGHT))
    ways = (least, together), (least, alone), ([0], alone)
    for said, units in ways:
        found = [
            _parted(said, units, partial(_columns, form, view, padding, said), console, view)
            for form, padding in forms
        ]
        if fitting := [tables for tables in found if _fits(tables, console, view)]:
            return min(fitting, key=len)
    return found[-1]


def _columns(
    section: Section, view: View, padding: _Padding, said: list[int], columns: list[int]
) -> Table:
    """Return the table with some columns, in the rows that have more there than what is `said`."""
    others = [index for index in columns if index not in said]
    return _table(section.saying(others).columns(columns), view, padding)


def _parted(
    said: list[int],
    units: list[list[int]],
    table: Callable[[list[int]], Table],
    console: Console,
    view: View,
) -> list[Table]:
    """Return tables of as many units of columns as fit, each with the columns that are `said`."""
    tables, shown = list[Table](), list[int]()
    for unit in units:
        more = sorted({*said, *shown, *unit})
        if shown and not _fits([table(more)], console, view):
            tables.append(table(shown))
            more = sorted({*said, *unit})
        shown = more
    return [*tables, table(shown)]


def _leading_words(section: Section) -> list[int]:
    """Return the first columns as far as they hold words; one of a table that has words alone."""
    words = list(takewhile(lambda name: name in section.text_columns, section.header))
    return list(range(len(words) if 0 < len(words) < len(section.header) else 1))


def _shortened(section: Section, view: View, most: int) -> Section:
    """Return the table with words of more characters than these shortened in their middle."""
    dots = _dots(view)
    shorter = set(section.text_columns) - set(section.whole)
    texts = {i for i, name in enumerate(section.header) if name in shorter}
    half = (max(most, _LEAST) - len(dots)) // 2

    def short(text: str) -> str:
        return text if len(text) <= max(most, _LEAST) else text[:half] + dots + text[-half:]

    rows = [[short(c) if i in texts else c for i, c in enumerate(row)] for row in section.rows]
    return section._replace(rows=rows)


def _shortest(section: Section, view: View) -> Section:
    """Return the table with its words as short as they may be and still tell its rows apart."""
    half, short = (_shortened(section, view, most) for most in ((view.width or 0) // 2, _LEAST))
    rows, apart = (len(set(map(tuple, one.rows))) for one in (section, short))
    return short if apart == rows else half


def _table(section: Section, view: View, padding: _Padding = _WIDE) -> Table:
    table = Table(
        padding=padding,
        box=box.ASCII2 if view.ascii else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=view.ascii,
    )
    rows = section.with_gap(_dots(view))
    widths = [
        0 if name in section.text_columns else max(map(len, (name, *cells)))
        for name, *cells in zip(section.header, *rows, strict=True)
    ]
    for name, width in zip(section.header, widths, strict=True):
        style = section.styles.get(name, "")  # of a table that was turned
        table.add_column(_styled(name.rjust(width), style), no_wrap=True)
    for index, row in enumerate(rows):
        first, *others = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        dim = index == section.gap
        style = "dim" if dim else section.styles.get(first, "")
        table.add_row(_styled(first, style), *(_styled(c, "dim" if dim else "") for c in others))
    return table


def _styled(cell: str, style: str) -> Text:
    """Return a cell in a style, which is not that of the spaces behind it."""
    text = Text(cell)
    if cell.strip():
        text.stylize(style)
    return text
