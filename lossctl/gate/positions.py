"""In which line of a TOML document a key stands, which tomllib does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Keys: TypeAlias = tuple[str | int, ...]
"""The keys and, in lists of tables, the indices that lead to a value."""
_ENDS = "]", '"""', "'''"
"""One of these stands in the last line of a statement that has several."""


class Lines:
    """The lines of a document that tomllib has read without an error."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Keys, int] = {}
        for keys, line in _positions(text):
            self._lines.setdefault(keys, line)

    def of(self, *keys: str | int) -> int:
        """Return the line, from 1, in which a value is set, or else what is around it."""
        while keys and keys not in self._lines:
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
    """Yield what each statement says alone, and the line that it begins in.

    A statement is over with the first line up to which tomllib can read it.
    """
    statement: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), 1):
        if not statement:
            if line.lstrip()[:1] in ("", "#"):
                continue
            first = number
        statement.append(line)
        if number > first and not any(end in line for end in _ENDS):
            continue
        try:
            parsed = tomllib.loads("\n".join([*statement, ""]))
        except ValueError:
            continue
        yield first, Heading(parsed) if statement[0].lstrip().startswith("[") else parsed
        statement = []


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
