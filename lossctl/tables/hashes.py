"""The SHA-256 of what was read, by the very descriptor that it was read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lossctl.tables.streams.source import Source
    from lossctl.tables.streams.stream import Stream

_PIECE = 1 << 20


def hashes_of(stream: Stream | None) -> dict[str, str | None]:
    """Return the hash of the file below a stream by its path; None of what can be read but once.

    Raises ResourceError if the file changed since it was opened, or another one has its name now.
    """
    return {} if stream is None else {stream.source.path: _sha256(stream.source)}


def _sha256(source: Source) -> str | None:
    if source.size is None:
        return None
    import hashlib

    digest, offset = hashlib.sha256(), 0
    while offset < source.size:
        piece = source.read_at(offset, min(_PIECE, source.size - offset))
        digest.update(piece)
        offset += len(piece)
    source.check_name()
    return digest.hexdigest()
