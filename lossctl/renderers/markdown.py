"""The tables of a report as Markdown, for pull requests."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lossctl.base.decimals import is_number
from lossctl.renderers import View
from lossctl.renderers.excerpt import Excerpt
from lossctl.renderers.sections import Section, sections
from lossctl.results.report import Report


def render(report: Report, excerpt: Excerpt | None, view: View) -> str:
    """Return the Loss(W) table first, then the samples."""
    return draw(reversed(sections(report, excerpt, view.digits)))


def draw(sections: Iterable[Section]) -> str:
    """Return tables as Markdown."""
    return "\n".join(map(_table, sections))


def _table(section: Section) -> str:
    rows = list(section.rows)
    if section.gap:
        position, text = section.gap
        blank = [""] * (len(section.header) - 2)
        rows.insert(position, ["...", text, *blank])
    aligned = [":---" if name in section.text_columns else "---:" for name in section.header]
    lines = [_line(cells) for cells in [section.header, aligned, *rows]]
    return f"### {escaped(section.title)}\n\n" + "".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |\n"


def escaped(cell: str) -> str:
    """Return a text that is shown as it stands: ids and names come from files."""
    return re.sub(r"([\\`*_{}\[\]<>|~&#!])", r"\\\1", cell) if not is_number(cell) else cell
