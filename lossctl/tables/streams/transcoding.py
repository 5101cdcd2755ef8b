"""Text in another encoding, as UTF-8."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from lossctl.base.errors import DataError, UsageError
from lossctl.base.wording import quoted
from lossctl.tables.streams.stream import Stream

if TYPE_CHECKING:
    from lossctl.tables.streams.source import Source


def check_encoding(name: str) -> str:
    """Return the name of a text encoding that Python knows; raise UsageError for another."""
    try:
        codec = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        raise UsageError(
            f"--encoding: no encoding is called {quoted(name)}",
            "such as utf-16, latin-1, cp1252, shift_jis",
        ) from None
    return codec.name


def as_utf_8(encoding: str) -> str:
    """Return the command that rewrites a file of an encoding as one that needs no option."""
    known = encoding.upper().replace("-LE", "LE").replace("-BE", "BE")  # as iconv calls it
    return f"iconv -f {known} -t UTF-8 FILE > NEW"


def _way_of_others(encoding: str) -> str:
    """Return the hint for a file that is not of the encoding that another one may have."""
    return (
        f"--encoding is that of all files: if another one is {encoding}, and this one is not, "
        f"rewrite that: {as_utf_8(encoding)}"
    )


class Transcoded:
    """The text of a stream in UTF-8; raises DataError at the first byte that is no text."""

    size: int | None = None

    def __init__(self, stream: Stream, encoding: str) -> None:
        self.name = stream.name
        self._stream = stream
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._offset = 0

    @property
    def source(self) -> Source:
        """The file that its bytes are from."""
        return self._stream.source

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of UTF-8; b"" at the end."""
        while True:
            held = len(self._decoder.getstate()[0])
            part = self._stream.read(max(size // 4, 1))
            try:
                content = self._decoder.decode(part, final=not part).encode()
            except UnicodeError as error:
                start = self._offset - held + getattr(error, "start", 0)
                reason = getattr(error, "reason", error)
                told = f"not {self._encoding}: {reason} at byte {start}"
                hint = None if self._encoding == "utf-8" else _way_of_others(self._encoding)
                raise DataError(told, hint, file=self.name) from None
            self._offset += len(part)
            if content or not part:
                return content

    def progress(self) -> float | None:
        """Return what part of the file was read."""
        return self._stream.progress()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
