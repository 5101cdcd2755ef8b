"""`lossctl.toml`, or [tool.lossctl] in pyproject.toml: the checks of a project."""

import os
import re
import tomllib
from ast import literal_eval
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from lossctl.base.errors import ConfigurationError, ResourceError, UsageError
from lossctl.base.wording import choose, quoted, visible
from lossctl.gate.positions import Keys, Lines

FILE = "lossctl.toml"
"""This file has checks and nothing else."""
PROJECT = "pyproject.toml"
"""This file may have checks, in its table [tool.lossctl]."""
_TOOL = ("tool", "lossctl")
_LONGEST = 1 << 24
"""No file of checks has more characters."""
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
"""At the end of its messages tomllib says where a document is none."""
_KEY = re.compile(r"\s*([\w-]+)\s*=\s*(.*)")
"""A line that sets a key to a value."""
_PERCENT = re.compile(r"([0-9]+\.?[0-9]*)%")
_COMMA = re.compile(r"([0-9]+),([0-9]+)\s*(#.*)?$")
_BARE = re.compile(r"[^\W\d][\w./-]*")
"""A value begins so that should stand in quotation marks."""
_PLAIN = {
    "Illegal character '\\n'": ("a text has no quotation mark at its end", None),
    "Unescaped '\\' in a string": (
        "\\ has a meaning of its own in this text",
        "in single quotation marks it has none, and / parts folders everywhere",
    ),
    "Expected '=' after a key in a key/value pair": (
        "no = stands between a setting and its value",
        'write NAME = VALUE, as in loss = "ce"',
    ),
    "Expected newline or end of document after a statement": (
        "something stands behind what is complete",
        "a line sets one value: a number, or a text in quotation marks",
    ),
    "Unclosed array": (
        "a list has no comma between two values, or no ]",
        'write it as in loss = ["ce", "mae"]',
    ),
    "Unclosed inline table": (
        "limits have no comma between two of them, or no }",
        "write it in one line, as in max-loss = {ce = 0.3, mae = 1.5}",
    ),
    "Expected ']]' at the end of an array declaration": (
        "[[ has no ]] behind it",
        "each check begins with [[check]], in two pairs of brackets",
    ),
    "Expected ']' at the end of a table declaration": (
        "[ has no ] behind it",
        "what holds for all checks begins with [defaults], and each check with [[check]]",
    ),
    "Invalid statement": (
        "this line neither sets a value nor begins a table",
        'write NAME = VALUE, as in loss = "ce", or [[check]] where a check begins',
    ),
    "Invalid initial character for a key part": (
        "a name is missing here",
        "a name has letters, digits, - and _, and {...} stands in one line",
    ),
    "Unterminated string": ("a text has no quotation marks", None),
    'Expected "\'"': ("a text has no quotation mark", None),
    "Found invalid character '\\n'": ("a text has no quotation mark at its end", None),
    "Invalid value": (
        "this is no value of TOML",
        "a value is a number such as 0.5, true, false, or a text in quotation marks",
    ),
}
"""What tomllib says, and what is said here, with the way out."""
_KEYS = re.compile(r"\('[^()]*\)")
"""Messages of tomllib have the keys of a table so."""


class Part(NamedTuple):
    """A table of a file of checks."""

    file: str
    lines: Lines
    keys: Keys
    """These lead to it."""
    title: str
    """Messages call it so."""
    settings: dict[str, Any]
    """What it says, not looked at yet; numbers are texts as written."""

    @property
    def line(self) -> int:
        """It begins in this line of the file, from 1."""
        return self.lines.of(*self.keys)

    def line_of(self, *keys: str) -> int:
        """Return the line, from 1, in which it sets something by a key, or by keys in one."""
        return self.lines.of(*self.keys, *keys)

    def error(self, reason: str, hint: str | None = None, key: str = "") -> ConfigurationError:
        """Return the error that something is wrong with it, or with what it sets by a key."""
        line = self.line_of(key) if key in self.settings else self.line
        return ConfigurationError(f"{self.title}{reason}", hint, file=visible(self.file), line=line)


class Configuration(NamedTuple):
    """What a file of checks says."""

    path: str
    defaults: Part
    checks: list[Part]

    @property
    def folder(self) -> str:
        """The folder that its paths are relative to."""
        return os.path.dirname(self.path)


def present(folder: str = "") -> list[str]:
    """Return the files of a folder, this one as a rule, that have checks."""
    own, project = os.path.join(folder, FILE), os.path.join(folder, PROJECT)
    files = [own] if os.path.lexists(own) else []
    if os.path.lexists(project) and _table_of(project, text_of(project)) is not None:
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
            both = f"there is {visible(files[0])}, and {visible(files[1])} has a [tool.lossctl]"
            raise UsageError(f"{both}: which is meant?", "keep one, or name it: --config")
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
    """Return what a file says; raise ConfigurationError for what is no configuration."""
    return parsed(path, text_of(path))


def parsed(path: str, text: str) -> Configuration:
    """Return what a file with this text says; raise ConfigurationError as `read` does."""
    table = _table_of(path, text)
    if not isinstance(table, dict):
        raise ConfigurationError("has no table [tool.lossctl]", file=visible(path))
    lines, root = Lines(text), _TOOL if _is_project(path) else ()
    whole = Part(path, lines, root, "", table)
    for key in table:
        if key not in ("defaults", "check"):
            message, hint = choose("table", key, ["defaults", "check"])
            raise whole.error(message, hint, key)
    defaults, checks = table.get("defaults", {}), table.get("check", [])
    if not isinstance(defaults, dict):
        raise whole.error("defaults is a table: [defaults]", key="defaults")
    if not (isinstance(checks, list) and all(isinstance(check, dict) for check in checks)):
        raise whole.error("check is a list of tables: [[check]]", key="check")
    if not checks:
        hint = "give it one: name, predictions, targets, loss"
        raise whole.error("there is no [[check]] in it", hint)
    first = Part(path, lines, (*root, "defaults"), "[defaults]: ", defaults)
    return Configuration(path, first, list(_checks(path, lines, root, checks)))


def _checks(path: str, lines: Lines, root: Keys, checks: list[dict[str, Any]]) -> Iterator[Part]:
    for index, check in enumerate(checks):
        name = check.get("name")
        title = f"check {quoted(name)}: " if name and isinstance(name, str) else "[[check]]: "
        yield Part(path, lines, (*root, "check", index), title, check)


def text_of(path: str) -> str:
    """Return what a file of checks holds; raise LossctlError where it is no text."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read(_LONGEST + 1)
    except UnicodeDecodeError:
        raise ConfigurationError("is not UTF-8", file=visible(path)) from None
    except OSError as error:
        from lossctl.tables.streams.source import near

        hint = near(path) if isinstance(error, FileNotFoundError) else None
        raise ResourceError(f"{visible(path)}: {error.strerror}", hint) from None
    if len(text) > _LONGEST:
        raise ConfigurationError(f"is longer than {_LONGEST} characters", file=visible(path))
    return text


def _is_project(path: str) -> bool:
    return os.path.basename(path) == PROJECT


def _table_of(path: str, text: str) -> object:
    """Return the table of lossctl; None for a pyproject.toml without one."""
    try:
        content = tomllib.loads(text, parse_float=lambda number: number.replace("_", ""))
    except (ValueError, RecursionError) as error:
        raise _of_parser(path, text, str(error)) from None
    if not _is_project(path):
        return content
    tools = content.get("tool")
    return tools.get("lossctl") if isinstance(tools, dict) else None


def _of_parser(path: str, text: str, message: str) -> ConfigurationError:
    """Return the error that a text is no TOML, at the line that its parser tells."""
    if (place := _PLACE.search(message)) is None:
        return ConfigurationError(visible(message), file=visible(path))
    lines = text.splitlines() or [""]
    number, column = int(place["line"] or len(lines)), place["column"]
    written = lines[number - 1] if number <= len(lines) else ""
    reason, hint = _in_plain_words(message[: place.start()], written)
    reason += f" (column {column})" if column else " at its end"
    return ConfigurationError(visible(reason), hint, file=visible(path), line=number)


def _in_plain_words(message: str, line: str) -> tuple[str, str | None]:
    """Return what the parser of TOML has against a line, and the way out, if that is known."""
    found = _KEY.match(line)
    key, value = found.groups() if found else ("", "")
    if message == "Cannot overwrite a value" and key:
        return f"{key} is set twice", None
    if percent := _PERCENT.match(value):
        share = f'"{percent[0]}"' if key == "max-increase" else Decimal(percent[1]).scaleb(-2)
        return f"{percent[0]} is no number of TOML", f"write {key} = {share}"
    if comma := _COMMA.match(value):
        whole, rest = comma[1], comma[2]
        hint = f"write {key} = {whole}.{rest}"
        if len(rest) == len("000") and whole != "0":  # of thousands, as a rule
            hint = f"write {key} = {whole}{rest}; a decimal point is a point"
        return f"{whole},{rest} is no number of TOML", hint
    if message == "Invalid value" and (bare := _BARE.match(value)):
        lower = bare[0].lower()
        meant = lower if lower in ("true", "false") else f'"{bare[0]}"'
        return f"{bare[0]} is no value of TOML", f"write {key} = {meant}"
    if message in _PLAIN:
        return _PLAIN[message]
    message = _KEYS.sub(lambda keys: f"[{'.'.join(literal_eval(keys[0]))}]", message)
    is_check = re.search(r"\bcheck\] twice", message)
    return (
        message,
        "each check begins with [[check]], in two pairs of brackets" if is_check else None,
    )
