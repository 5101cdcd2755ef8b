"""`lossctl.toml`, or [tool.lossctl] in pyproject.toml: the checks of a project."""

from __future__ import annotations

import os
import re
import tomllib
from typing import Any, NamedTuple

from lossctl.base.errors import ResourceError, UsageError
from lossctl.base.wording import choose, visible

FILE = "lossctl.toml"
"""This file has checks and nothing else."""
PROJECT = "pyproject.toml"
"""This file may have checks, in its table [tool.lossctl]."""
_LONGEST = 1 << 24
"""No file of checks has more characters."""
_HEADING = re.compile(r"\s*\[\[\s*(?:tool\s*\.\s*lossctl\s*\.\s*)?check\s*\]\]")
"""A line like this begins a check."""


class Configuration(NamedTuple):
    """What a file of checks says: settings not looked at yet, numbers as texts as written."""

    path: str
    defaults: dict[str, Any]
    checks: list[dict[str, Any]]
    lines: list[int]
    """Each check begins in this line of the file, from 1."""

    @property
    def folder(self) -> str:
        """The folder that its paths are relative to."""
        return os.path.dirname(self.path)


def present(folder: str = "") -> list[str]:
    """Return the files of a folder, this one as a rule, that have checks."""
    own, project = os.path.join(folder, FILE), os.path.join(folder, PROJECT)
    files = [own] if os.path.lexists(own) else []
    if os.path.lexists(project) and _table_of(project, _text(project)) is not None:
        files.append(project)
    return files


def find() -> str:
    """Return the path of the one file in this folder or, up to the repository's, the next above.

    Raises UsageError if there is none, or two in one folder.
    """
    folders = _up_to_the_repository()
    for folder in folders:
        files = present(folder)
        if len(files) > 1:
            both = " and ".join(map(visible, files))
            raise UsageError(f"both {both} have checks", "keep one, or name it: --config")
        if files:
            return files[0]
    raise UsageError(
        f"what is to be checked? There are no PREDS, and no {FILE} in this folder"
        f"{' or above it' if len(folders) > 1 else ''}",
        "lossctl check --init writes one",
    )


def _up_to_the_repository() -> list[str]:
    """Return this folder, "", and those above it up to that of the repository, if it is in one."""
    folders, here = [""], os.getcwd()
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return [""]
        here = above
        folders.append(os.path.join(folders[-1], os.pardir))
    return folders


def read(path: str) -> Configuration:
    """Return what a file says; raise UsageError for what is no configuration."""
    text, shown = _text(path), visible(path)
    table = _table_of(path, text)
    if not isinstance(table, dict):
        raise UsageError(f"{shown}: has no table [tool.lossctl]")
    for key in table:
        if key not in ("defaults", "check"):
            message, hint = choose("table", key, ["defaults", "check"])
            raise UsageError(f"{shown}: {message}", hint)
    defaults, checks = table.get("defaults", {}), table.get("check", [])
    if not isinstance(defaults, dict):
        raise UsageError(f"{shown}: defaults is a table: [defaults]")
    if not (isinstance(checks, list) and all(isinstance(check, dict) for check in checks)):
        raise UsageError(f"{shown}: check is a list of tables: [[check]]")
    if not checks:
        raise UsageError(
            f"{shown}: there is no [[check]] in it", "give it one: name, predictions, targets, loss"
        )
    return Configuration(path, defaults, checks, _lines(text, len(checks)))


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read(_LONGEST + 1)
    except UnicodeDecodeError:
        raise UsageError(f"{visible(path)}: is not UTF-8") from None
    except OSError as error:
        raise ResourceError(f"{visible(path)}: {error.strerror}") from None
    if len(text) > _LONGEST:
        raise UsageError(f"{visible(path)}: is longer than {_LONGEST} characters")
    return text


def _table_of(path: str, text: str) -> object:
    """Return the table of lossctl; None for a pyproject.toml without one."""
    try:
        content = tomllib.loads(text, parse_float=lambda number: number.replace("_", ""))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{visible(path)}: {visible(str(error))}") from None
    if os.path.basename(path) != PROJECT:
        return content
    tools = content.get("tool")
    return tools.get("lossctl") if isinstance(tools, dict) else None


def _lines(text: str, count: int) -> list[int]:
    """Return the lines of the checks' headings; the first line for what is written otherwise."""
    headings = [number for number, line in enumerate(text.split("\n"), 1) if _HEADING.match(line)]
    return headings if len(headings) == count else [1] * count
