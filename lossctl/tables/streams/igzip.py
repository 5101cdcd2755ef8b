"""igzip, which decompresses gzip in two thirds of zlib's time: the extra `fast` installs it."""

from __future__ import annotations

from isal import igzip_lib

_RESERVED = 0xE0
"""Bits of a header's flags that mean nothing: zlib refuses them, igzip does not look at them."""


class Unsound(Exception):
    """Something is not as it should be: zlib is to say what."""


class Igzip:
    """The decoder of one member."""

    def __init__(self) -> None:
        self._igzip = igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_GZIP)
        self._begun = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to `max_length` decoded bytes; raise Unsound for a damaged member."""
        if not self._begun and (len(data) < 4 or data[3] & _RESERVED):
            raise Unsound
        self._begun = True
        try:
            output: bytes = self._igzip.decompress(data, max_length)
        except igzip_lib.error:  # type: ignore[misc]  # its stub takes the class for an error
            raise Unsound from None
        return output

    @property
    def eof(self) -> bool:
        """Whether the member was decoded to its end, and its checksum is right."""
        return bool(self._igzip.eof)

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out until something is put in."""
        return bool(self._igzip.needs_input)

    @property
    def unused_data(self) -> bytes:
        """What was put in but lies behind the end of the member."""
        return bytes(self._igzip.unused_data)
