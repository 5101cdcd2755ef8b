"""The elements of an array that is a whole document, one by one, as its text comes in."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lossctl.base.errors import DataError
from lossctl.tables.cells import BadCell
from lossctl.tables.json.parsing import DECODER, TOO_DEEP
from lossctl.tables.oddities import ENCODING
from lossctl.tables.records.records import LONGEST_RECORD

LARGEST = 1 << 28
"""In bytes, of a document; JSON Lines may be of any size."""
COMPLETE = "is the file complete?"
_CHUNK = 1 << 18
_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = 16
"""No number, word or escape that the end of a chunk may cut is understood only from so far on."""
_OPEN = "Unterminated string"
_AS_LINES = "make it JSON Lines, which may be of any size: jq -c '.[]' FILE > FILE.jsonl"
_SEVERAL = {
    "[": "make one table of several arrays: jq -c '.[]' FILE > FILE.jsonl",
    "{": "make JSON Lines of several objects: jq -c . FILE > FILE.jsonl",
}


class Element(NamedTuple):
    """A row of a document, and the line that it starts on, where it is known."""

    value: Any
    line: int | None


def too_large(name: str) -> DataError:
    """Return what is said of a document that is larger than may be."""
    return DataError(f"a JSON document of over {LARGEST >> 20} MiB", _AS_LINES, file=name)


class Text:
    """The text of a document, of which only what is being looked at is in memory."""

    def __init__(self, name: str, read: Callable[[int], bytes]) -> None:
        self._name = name
        self._read = read
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._size = 0
        """Bytes that were read."""
        self._line = self._column = 1
        """Where the text in hand starts."""
        self._here, self._counted = 1, 0
        """The line of a place in the text in hand, up to which newlines were counted."""
        self.held = ""
        self.at = 0
        """What of the text in hand is done with."""
        self.ended = False

    def more(self) -> None:
        """Read on: at least as much as is in hand, so that a long element is not parsed often."""
        self._here, self._counted = self.line(), 0
        done, self.held = self.held[: self.at], self.held[self.at :]
        self._line, self._column = _moved(self._line, self._column, done)
        self.at = 0
        content = self._read(max(_CHUNK, len(self.held)))
        self.ended = not content
        self._size += len(content)
        if self._size > LARGEST:
            raise too_large(self._name)
        try:
            self.held += self._decode(content, final=self.ended)
        except UnicodeDecodeError as error:
            bad = error.object[error.start]
            offset = self._size - len(error.object) + error.start
            reason = f"not UTF-8: byte 0x{bad:02x} at offset {offset}"
            raise DataError(reason, ENCODING, file=self._name) from None

    def next(self) -> str:
        """Pass over blanks; return the character behind them, not passed, "" at the end."""
        while True:
            match = _BLANK.match(self.held, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.held) or self.ended:
                return self.held[self.at : self.at + 1]
            self.more()

    def line(self) -> int:
        """Return the line on which reading is."""
        self._here += self.held.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._here

    def error(self, reason: str, hint: str | None = None, at: int | None = None) -> DataError:
        """Return the error of this reason at a place in the text in hand, or where reading is."""
        before = self.held[: self.at if at is None else at]
        line, column = _moved(self._line, self._column, before)
        return DataError(f"{reason}, at column {column}", hint, file=self._name, line=line)

    def value(self) -> Any:
        """Return the value that comes next, and pass it; raise DataError where there is none."""
        self.next()
        while True:
            try:
                value, end = DECODER.raw_decode(self.held, self.at)
            except json.JSONDecodeError as error:
                near = len(self.held) - error.pos <= _TOKEN or error.msg.startswith(_OPEN)
                if self.ended or not near:
                    raise self._not_json(error) from None
            except RecursionError:
                raise self.error(TOO_DEEP) from None
            except BadCell as bad:
                raise self.error(bad.reason) from None
            else:
                if self.ended or len(self.held) - end > _TOKEN:
                    self.at = end
                    return value
            if len(self.held) - self.at > LONGEST_RECORD:
                raise self.error(f"a row of over {LONGEST_RECORD >> 20} MiB")
            self.more()

    def _not_json(self, error: json.JSONDecodeError) -> DataError:
        if error.pos >= len(self.held.rstrip()) or error.msg.startswith(_OPEN):
            return self.error("the document ends too early", COMPLETE, at=len(self.held))
        return self.error(f"not JSON ({error.msg})", at=error.pos)

    def empty(self) -> DataError:
        """Return what is said of a document that is blank."""
        return DataError("the file is empty", file=self._name)

    def end(self) -> None:
        """Raise DataError if anything but blanks follows."""
        if mark := self.next():
            raise self.error("something follows the end of the document", _SEVERAL.get(mark))


def _moved(line: int, column: int, text: str) -> tuple[int, int]:
    """Return where the text behind `text` starts, which itself starts at this line and column."""
    newlines = text.count("\n")
    if newlines:
        return line + newlines, len(text) - text.rindex("\n")
    return line, column + len(text)


def elements(text: Text) -> Iterator[Element]:
    """Yield the elements of the array that a text is; raise DataError where it is none."""
    if (mark := text.next()) != "[":
        if not mark:
            raise text.empty()
        raise text.error("neither an array of rows nor an object in JSON")
    text.at += 1
    mark = text.next()
    if mark == "]":
        text.at += 1
    while mark != "]":
        text.next()
        line = text.line()
        yield Element(text.value(), line)
        mark = text.next()
        if not mark:
            raise text.error("the document ends too early", COMPLETE)
        if mark not in (",", "]"):
            raise text.error("not JSON (Expecting ',' delimiter)")
        text.at += 1
    text.end()


def whole(text: Text) -> Any:
    """Return what a text is as a whole; raise DataError where it is no JSON."""
    while not text.ended:
        text.more()
    value = text.value()
    text.end()
    return value
