"""Any page as Markdown, for pull requests."""

from __future__ import annotations

import re

from lossctl.base.decimals import is_number
from lossctl.renderers import View
from lossctl.renderers.sections import Page, Section


def draw(page: Page, view: View) -> str:
    """Return the tables, the most important one first, and the notes as a list below them."""
    ordered = sorted(page.sections, key=lambda section: -section.importance)
    blocks = list(map(_table, ordered))
    if page.notes:
        blocks.append(
            "".join(f"- **{_escaped(about)}**: {_escaped(text)}\n" for about, text in page.notes)
        )
    return "\n".join(blocks)


def _table(section: Section) -> str:
    section = section.filled()
    aligned = [":---" if name in section.text_columns else "---:" for name in section.header]
    lines = [_line(cells) for cells in [section.header, aligned, *section.with_gap("...")]]
    below = "".join(f"\n{_escaped(sentence)}\n" for sentence in section.below)
    return f"### {_escaped(section.title)}\n\n" + "".join(lines) + below


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(map(_escaped, cells)) + " |\n"


def _escaped(text: str) -> str:
    """Return a text that is shown as it stands: ids and names come from files."""
    return re.sub(r"([\\`*_{}\[\]<>|~&#!])", r"\\\1", text) if not is_number(text) else text
