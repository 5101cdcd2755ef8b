"""Any page as Markdown, for pull requests."""

from __future__ import annotations

import re

from lossctl.base.decimals import is_number
from lossctl.renderers import View
from lossctl.renderers.sections import Page, Section

_COMMAND = re.compile(r"(?:(?<=: )|(?<=then ))(lossctl (?:check|eval) [^`;]*[^`;. ])")
"""A hint ends with a command so, or a sentence goes on behind a semicolon."""


def draw(page: Page, view: View) -> str:
    """Return the tables, the most important one first, and the notes as a list below them."""
    ordered = sorted(page.sections, key=lambda section: -section.importance)
    blocks = list(map(_table, ordered))
    if page.notes:
        named = ((text, about and f"**{_escaped(about)}**: ") for about, text in page.notes)
        blocks.append("".join(item(*one) for one in named))
    return "\n".join(blocks)


def item(text: str, about: str = "") -> str:
    """Return an item of a list, in which commands to be typed stand in backticks."""
    parts = _COMMAND.split(text)  # what is between commands, and these
    shown = [f"`{one}`" if number % 2 else _escaped(one) for number, one in enumerate(parts)]
    return f"- {about}{''.join(shown)}\n"


def _table(section: Section) -> str:
    section = section.filled()
    aligned = [":---" if name in section.text_columns else "---:" for name in section.header]
    rows = [
        [_emphasised(first, section), *map(_escaped, others)]
        for first, *others in section.with_gap("...")
    ]
    lines = [_line(cells) for cells in [list(map(_escaped, section.header)), aligned, *rows]]
    below = "".join(f"\n{_escaped(sentence)}\n" for sentence in section.below)
    return f"### {_escaped(section.title)}\n\n" + "".join(lines) + below


def _emphasised(first: str, section: Section) -> str:
    """Return the first cell of a row, bold where that is its style."""
    is_bold = "bold" in section.styles.get(first, "")
    return f"**{_escaped(first)}**" if is_bold else _escaped(first)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _escaped(text: str) -> str:
    """Return a text that is shown as it stands: ids and names come from files."""
    return re.sub(r"([\\`*_{}\[\]<>|~&#!])", r"\\\1", text) if not is_number(text) else text
