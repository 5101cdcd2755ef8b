"""Whether a text in JSON is a document or JSON Lines."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.tables.cells import BadCell
from lossctl.tables.json.document import JsonDocument, open_document
from lossctl.tables.json.elements import Text, elements
from lossctl.tables.json.layouts import is_layout, is_record
from lossctl.tables.json.lines import JsonLinesTable
from lossctl.tables.json.parsing import parsed_line
from lossctl.tables.place import Spot
from lossctl.tables.records.records import LONGEST_RECORD
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled
from lossctl.tables.table import TableOptions

_BOM = b"\xef\xbb\xbf"
_FIRST_PART = 1 << 16
_LINES = re.compile(rb"[ \t\r\n]*+([^\r\n]*+)[ \t\r\n]*+([^ \t\r\n]?)")
_EITHER = (
    "pass --format-in jsonl if it is one sample, or --format-in json if it is an array of samples"
)
_IF_A_SAMPLE = (
    "pass --format-in jsonl if it is one sample; if not, --format-in json says what makes it rows"
)


class Start(NamedTuple):
    """How a text starts."""

    line: bytes
    """The first line that is not blank; up to where it was looked at, if that is not its end."""
    follows: bytes
    """The first character of what is not blank behind it; b"" for nothing."""


def open_json(stream: Stream, options: TableOptions) -> JsonDocument | JsonLinesTable:
    """Return the table in a file that is called a document; it may be JSON Lines, too.

    Raises DataError where it may be several documents, and for what is no table.
    """
    start, stream = _start(stream)
    if start.follows and _is_whole(start.line):
        if start.line[:1] == b"{" and start.follows == b"{":
            return JsonLinesTable(stream, options)
        if start.line[:1] == b"[" and start.follows == b"[":
            raise Spot(stream.name, line=1).error(
                "an array a line: several documents, or a sample a line?",
                "pass --format-in jsonl if a line is a sample; if it is an array of samples, make "
                "it JSON Lines: jq -c '.[]' FILE > FILE.jsonl",
            )
    return open_document(stream, options)


def open_either(stream: Stream, options: TableOptions) -> JsonDocument | JsonLinesTable:
    """Return the table in a text whose name does not say whether it is a document.

    Raises DataError where it may be read as either, with different results.
    """
    start, stream = _start(stream)
    if start.follows or start.line[:1] == b"{":
        lines = _is_whole(start.line) and (start.follows or _is_sample(start.line, stream.name))
    else:
        lines = _is_row(start.line, stream.name)
    return JsonLinesTable(stream, options) if lines else open_document(stream, options)


def _start(stream: Stream) -> tuple[Start, Stream]:
    """Return how a stream starts, and the stream with that still to be read."""
    regular = stream if isinstance(stream, Source) and stream.size is not None else None
    size, head = _FIRST_PART, b""
    while True:
        head = regular.head(size) if regular else head + filled(stream, size - len(head))
        match = _LINES.match(head.removeprefix(_BOM))
        found = Start(*match.groups()) if match else Start(b"", b"")
        if found.follows or len(head) < size or size > LONGEST_RECORD:
            return found, regular or Rewound(head, stream)
        size *= 2


def _is_sample(line: bytes, name: str) -> bool:
    """Return whether a text of one line, an object, is a sample; raise DataError in doubt."""
    document = parsed_line(line)
    if isinstance(document, dict) and document and not is_layout(document):
        if is_record(document):
            return True
        lists = any(isinstance(value, list) for value in document.values())
        if lists or not any(isinstance(value, dict) for value in document.values()):
            raise Spot(name, line=1).error("one object: a sample, or columns?", _IF_A_SAMPLE)
        return True
    return False


def _is_row(line: bytes, name: str) -> bool:
    """Return whether a text of one line, an array, is a sample; raise DataError in doubt."""
    try:
        first, *others = islice(elements(Text(name, BytesIO(line).read)), 2)
    except (ValueError, DataError):  # empty, or no JSON: the reader of documents says it
        return False
    if isinstance(first.value, dict):
        return False
    if others and isinstance(first.value, list) != isinstance(others[0].value, list):
        return True
    if others and not isinstance(first.value, list):
        raise Spot(name, line=1).error("one array: a sample, or an array of samples?", _EITHER)
    return not isinstance(first.value, list)


def _is_whole(line: bytes) -> bool:
    """Return whether a line is an object or an array, which is not cut off."""
    try:
        return line.rstrip().endswith((b"}", b"]")) and parsed_line(line) is not None
    except BadCell:
        return False
