"""JSON text to lists and dictionaries, in which numbers are what is written."""

from __future__ import annotations

import json
import re
from typing import Any

from lossctl.base.wording import quoted
from lossctl.tables.cells import BadCell, is_missing

_INFINITE = {"inf", "infinity"}


class Literal(str):
    """What is no string in JSON: a number or NaN as it is written, true, false, null."""

    __slots__ = ()


def path_of(name: str) -> str:
    """Return how jq names the value of a key, in single quotes on the command line."""
    if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
        return f".{name}"
    return ".NAME" if "'" in name or not name.isprintable() else f".[{json.dumps(name)}]"


def flattening(path: str) -> str:
    """Return the way out for an object in a cell, whose value jq names so."""
    return f"its values become columns with jq -c '. + {path} | del({path})' for each row"


def text_of(value: object) -> str:
    """Return the text of a cell, a `Literal` for what is no string; raise BadCell for no cell."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return Literal(json.dumps(value))
    if isinstance(value, dict):
        raise BadCell("an object is neither a number nor text", flattening(".NAME"))
    kind = "an array"
    if value == []:
        kind = "an empty array"
    elif isinstance(value, list) and any(isinstance(x, dict | list) for x in value):
        kind = f"an array of {'objects' if isinstance(value[0], dict) else 'arrays'}"
    raise BadCell(f"{kind} is neither a number nor text")


def text_or_empty(value: object) -> str:
    """Return the text of a cell; "" for what is no cell."""
    try:
        return text_of(value)
    except BadCell:
        return ""


def says_nothing(cell: object) -> bool:
    """Return whether a cell is neither a string nor a number: missing, or an infinity.

    Spark writes NaN and the infinities as strings among numbers; they are read alike.
    """
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    return is_missing(cell) or cell.strip(" ").lstrip("+-").lower() in _INFINITE


def parsed_line(line: bytes) -> Any:
    """Return a line's value; raise BadCell for what is no JSON."""
    try:
        return DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02x} at offset {error.start} of the line"
        raise BadCell(f"not UTF-8: {byte}") from None
    except json.JSONDecodeError as error:
        raise BadCell(f"not JSON ({error.msg})" if line.strip() else "a blank line") from None
    except RecursionError:
        raise BadCell(TOO_DEEP) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise BadCell(f"the key {quoted(name)} is there twice")
            seen.add(name)
    return values


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Literal, parse_int=Literal, parse_constant=Literal
)
"""Raises JSONDecodeError for what is no JSON, and BadCell for a key that is there twice."""
TOO_DEEP = "not a row of cells: it is nested too deeply"
