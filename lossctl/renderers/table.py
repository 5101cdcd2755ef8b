"""Any page as tables for people, drawn by rich: coloured on a terminal, else whole and plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich import box
from rich.table import Table
from rich.text import Text

from lossctl.outputs import terminal
from lossctl.renderers import View
from lossctl.renderers.sections import Page, Section

if TYPE_CHECKING:
    from rich.console import Console


def draw(page: Page, view: View) -> str:
    """Return the tables as a person is to see them; the notes are told beside them, on stderr."""
    console = terminal.console(view.color)
    with console.capture() as captured:
        for position, section in enumerate(page.sections):
            console.print("\n" * (position > 0), Text(section.title, "bold"), sep="")
            for number, table in enumerate(_fitting(section, console, view)):
                console.print("\n" * (number > 0), table, sep="", end="")
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def _fitting(section: Section, console: Console, view: View) -> list[Table]:
    """Return the table; dense, turned, or even a row at a time, where the terminal is too narrow.

    A table that is still too wide goes beyond the edge: the terminal wraps it, digits stay whole.
    """

    def fits(table: Table) -> bool:
        return view.width is None or console.measure(table).maximum <= view.width

    table = _table(section, view)
    if fits(table) or not section.turnable:
        return [table]
    for narrower in (_table(section, view, dense=True), _table(section.turned(), view)):
        if fits(narrower):
            return [narrower]
    return [_table(section._replace(rows=[row]).turned(), view) for row in section.rows]


def _table(section: Section, view: View, dense: bool = False) -> Table:
    table = Table(
        padding=(0, 1, 0, 0) if dense else (0, 1),
        box=box.ASCII2 if view.ascii else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=view.ascii,
    )
    for name in section.header:
        side: Literal["left", "right"] = "left" if name in section.text_columns else "right"
        table.add_column(Text(name), justify=side, no_wrap=True)
    for index, cells in enumerate(section.rows):
        if section.gap and index == section.gap[0]:
            _add_gap(table, section.gap[1], view)
        style = section.styles.get(cells[-1], "")
        table.add_row(*map(Text, cells[:-1]), Text(cells[-1], style))
    if section.gap and section.gap[0] == len(section.rows):
        _add_gap(table, section.gap[1], view)
    return table


def _add_gap(table: Table, text: str, view: View) -> None:
    table.add_row(Text("..." if view.ascii else "\N{HORIZONTAL ELLIPSIS}"), Text(text, "dim"))
