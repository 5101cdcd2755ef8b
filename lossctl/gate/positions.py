"""In which line of a TOML document a key stands, which tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Keys: TypeAlias = tuple[str | int, ...]
"""The keys and, in lists of tables, the indices that lead to a value."""
_TOKEN = re.compile(
    r'''(?s)"""(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|\#[^\n]*|[][{}\n]'''
)
"""Texts and comments, which hide what is in them; brackets and ends of lines."""


class Lines:
    """The lines of a document that tomllib has read without an error."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Keys, int] = {}
        for keys, line in _positions(text):
            self._lines.setdefault(keys, line)

    def of(self, *keys: str | int) -> int:
        """Return the line, from 1, in which a value is set, or else what is around it."""
        while keys and keys not in self._lines:
            if (first := (*keys, 0)) in self._lines:  # of a list of tables
                return self._lines[first]
            keys = keys[:-1]
        return self._lines.get(keys, 1)


def _positions(text: str) -> Iterator[tuple[Keys, int]]:
    table: Keys = ()
    lengths: dict[Keys, int] = {}
    for line, parsed in _statements(text):
        if isinstance(parsed, Heading):
            table = _table(parsed, lengths)
            yield table, line
        else:
            yield from ((keys, line) for keys in _set_by(parsed, table))


class Heading(dict[str, Any]):
    """What tomllib makes of a heading: tables in tables, the innermost of which is empty."""


def _statements(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what each statement says alone, and the line that it begins in."""
    line = 1
    for statement in _texts(text):
        if statement.lstrip()[:1] not in ("", "#"):
            parsed = tomllib.loads(statement)
            yield line, Heading(parsed) if statement.lstrip().startswith("[") else parsed
        line += statement.count("\n")


def _texts(text: str) -> Iterator[str]:
    """Yield the lines of a document; those of one statement, which a bracket holds open, as one."""
    start = depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            yield text[start : token.end()]
            start = token.end()
    yield text[start:]


def _table(heading: Mapping[str, Any], lengths: dict[Keys, int]) -> Keys:
    """Return the keys of the table that a heading begins; count those of lists of tables."""
    keys: Keys = ()
    inner: Any = heading
    while inner:
        ((key, inner),) = inner.items()
        keys += (key,)
        if isinstance(inner, list):
            lengths[keys] = lengths.get(keys, 0) + 1
            inner = inner[0]
        if keys in lengths:
            keys += (lengths[keys] - 1,)
    return keys


def _set_by(parsed: Mapping[str, Any], table: Keys) -> Iterator[Keys]:
    """Yield the keys that a statement in a table sets, and those in tables that it sets."""
    for key, value in parsed.items():
        yield (*table, key)
        if isinstance(value, dict):
            yield from _set_by(value, (*table, key))
