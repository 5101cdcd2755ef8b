"""Any page as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from lossctl.renderers import View
from lossctl.renderers.sections import Page, Section


def draw(page: Page, view: View) -> str:
    """Return the tables, and the notes as a list below them; all words are text."""
    notes = "".join(f"<li>{escape(about)}: {escape(text)}</li>" for about, text in page.notes)
    return "".join(map(_table, page.sections)) + (f"<ul>{notes}</ul>" if notes else "")


def _table(section: Section) -> str:
    section = section.filled()
    left = [name in section.text_columns for name in section.header]
    head = _row("th", section.header, left)
    rows = "".join(_row("td", cells, left) for cells in section.with_gap("\N{HORIZONTAL ELLIPSIS}"))
    table = f"<table><caption>{escape(section.title)}</caption>{head}{rows}</table>"
    return table + "".join(f"<p>{escape(sentence)}</p>" for sentence in section.below)


def _row(tag: str, cells: Iterable[str], left: Iterable[bool]) -> str:
    aligned = (f' style="text-align: {"left" if words else "right"}"' for words in left)
    row = (
        f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in zip(cells, aligned, strict=True)
    )
    return f"<tr>{''.join(row)}</tr>"
