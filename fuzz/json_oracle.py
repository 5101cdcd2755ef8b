"""What tables in JSON say, by a parser of its own: the judge of the fuzzers of JSON."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from oracles import ID, MAGICS, Refuse, Rows, Unknown, check_names, lines_of, number

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
TEXT = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
WORD = re.compile(r"true|false|null|NaN|-?Infinity")
NOTHING = {"", "na", "n/a", "<na>", "nan", "null", "none", "inf", "infinity"}
WHOLE = re.compile(r"-?[0-9]+")


class Scalar(NamedTuple):
    """A number, a string, or a word such as null, as it is written."""

    kind: str
    text: str


Pairs = dict[str, Any]


def lines_rows(content: bytes) -> Rows:
    """Return the numbers of JSON Lines."""
    rows = []
    for line in lines_of(content).split(b"\n")[:-1]:
        text = decoded(line)
        value, at = _value(text, 0)
        if _blank(text, at) != len(text):
            raise Refuse("something follows")
        rows.append(value)
    return numbers(rows)


def document_rows(content: bytes) -> Rows:
    """Return the numbers of a file called .json: a document, or JSON Lines of objects."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", *MAGICS)):
        raise Refuse("no text")
    lines = re.split(rb"[\r\n]", content.removeprefix(b"\xef\xbb\xbf"))
    filled = [line.strip(b" \t") for line in lines if line.strip(b" \t")]
    if len(filled) > 1 and all(line.startswith(b"{") for line in filled[:2]):
        try:
            text = decoded(filled[0])
            if _value(text, 0)[1] == len(text):
                return lines_rows(content)
        except Refuse:
            pass
    text = decoded(content.removeprefix(b"\xef\xbb\xbf"))
    value, at = _value(text, 0)
    if _blank(text, at) != len(text):
        raise Refuse("something follows")
    if isinstance(value, list):
        return numbers(value)
    if not isinstance(value, dict):
        raise Refuse("neither an array nor an object")
    if {"data", "schema"} <= set(value) or {"data", "columns"} <= set(value):
        raise Unknown("a layout of pandas, perhaps damaged")
    return numbers(_of_columns(value))


def _of_columns(value: Pairs) -> list[Any]:
    """Return the rows of a data frame in columns, or in rows by their index."""
    parts = list(value.values())
    if not parts or not all(isinstance(part, dict) and part for part in parts):
        raise Refuse("one object")
    inner = list(parts[0])
    if any(list(part) != inner for part in parts):
        raise Refuse("other keys")
    whole = [all(WHOLE.fullmatch(key.strip(" ")) for key in keys) for keys in (inner, value)]
    few_rows = len(parts) <= len(inner) if whole[1] else len(parts) > len(inner)
    if whole[0] == whole[1] or few_rows:
        raise Refuse("rows or columns?")
    return parts if whole[1] else [{c: value[c][key] for c in value} for key in inner]


def numbers(rows: list[Any]) -> Rows:
    """Return rows that are all alike as numbers."""
    if not rows:
        raise Refuse("no rows")
    first = rows[0]
    names = list(first) if isinstance(first, dict) else None
    if names is not None:
        _check_names(names)
    if isinstance(first, list) and (_all(first, list) or _all(first, dict)):
        raise Refuse("no row of cells")
    cells = [_cells(row, first, names) for row in rows]
    sizes = [len(cell) if isinstance(cell, list) else None for cell in cells[0]]
    kinds: list[str | None] = [None] * len(sizes)
    return [_row(row, sizes, kinds) for row in cells]


def _row(row: list[Any], sizes: list[int | None], kinds: list[str | None]) -> list[float]:
    """Return the numbers of a row, its lists spread out; `kinds` are those of columns so far."""
    flat: list[float] = []
    for position, (cell, size) in enumerate(zip(row, sizes, strict=True)):
        if size == 0 or (len(cell) if isinstance(cell, list) else None) != size:
            raise Refuse("a list of another length, or of nothing")
        for part in cell if isinstance(cell, list) else [cell]:
            if not isinstance(part, Scalar) or part.kind == "word":
                raise Refuse("no number")
            if part.text.strip(" ").lstrip("+-").lower() in NOTHING:
                raise Refuse("missing, or infinite")
            if part.kind != (kinds[position] or part.kind):
                raise Refuse("strings and numbers")
            kinds[position] = part.kind
            flat.append(number(part.text.encode("utf-8", "surrogatepass")))
    return flat


def _cells(row: Any, first: Any, names: list[str] | None) -> list[Any]:
    if names is not None:
        if not isinstance(row, dict) or set(row) != set(names):
            raise Refuse("other keys")
        cells = [row[name] for name in names]
    elif isinstance(row, dict) or isinstance(row, list) != isinstance(first, list):
        raise Refuse("rows that are not alike")
    else:
        cells = row if isinstance(row, list) else [row]
        if isinstance(first, list) and len(cells) != len(first):
            raise Refuse("a short or long row")
    if not cells:
        raise Refuse("nothing in it")
    return cells


def _all(cells: list[Any], kind: type) -> bool:
    return all(isinstance(cell, kind) for cell in cells)


def _check_names(names: list[str]) -> None:
    try:
        encoded = [name.encode() for name in names]
    except UnicodeEncodeError:
        raise Refuse("a lone surrogate") from None
    check_names(encoded)
    if any("[" in name for name in names):
        raise Unknown("perhaps the name of a component of a list")
    if any(ID.fullmatch(name) for name in encoded):
        raise Unknown("an id")


def decoded(content: bytes) -> str:
    """Return text; refuse what is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refuse("not UTF-8") from None


def _value(text: str, at: int) -> tuple[Any, int]:
    """Return the value that comes next, and where it ends."""
    at = _blank(text, at)
    mark = text[at : at + 1]
    if mark == "[":
        return _list(text, at + 1)
    if mark == "{":
        return _pairs(text, at + 1)
    for kind, pattern in (("text", TEXT), ("word", WORD), ("number", NUMBER)):
        if match := pattern.match(text, at):
            return Scalar(kind, json.loads(match[0]) if kind == "text" else match[0]), match.end()
    raise Refuse("no value")


def _list(text: str, at: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    at = _blank(text, at)
    if text[at : at + 1] == "]":
        return values, at + 1
    while True:
        value, at = _value(text, at)
        values.append(value)
        at = _blank(text, at)
        if text[at : at + 1] == "]":
            return values, at + 1
        if text[at : at + 1] != ",":
            raise Refuse("no comma")
        at += 1


def _pairs(text: str, at: int) -> tuple[Pairs, int]:
    pairs: Pairs = {}
    at = _blank(text, at)
    if text[at : at + 1] == "}":
        return pairs, at + 1
    while True:
        match = TEXT.match(text, _blank(text, at))
        if not match:
            raise Refuse("no key")
        key, at = str(json.loads(match[0])), _blank(text, match.end())
        if text[at : at + 1] != ":" or key in pairs:
            raise Refuse("no colon, or a key twice")
        pairs[key], at = _value(text, at + 1)
        at = _blank(text, at)
        if text[at : at + 1] == "}":
            return pairs, at + 1
        if text[at : at + 1] != ",":
            raise Refuse("no comma")
        at += 1


def _blank(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in " \t\r\n":
        at += 1
    return at
