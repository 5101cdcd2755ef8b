"""Which format a file or a stream is in: by its name, or by its first bytes."""

from __future__ import annotations

import os
from typing import NamedTuple

from lossctl.base.errors import DataError
from lossctl.tables import magics
from lossctl.tables.formats import FORMATS, RECOGNISED, Format
from lossctl.tables.streams.compression import COMPRESSIONS, Compression, Decompressed
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled
from lossctl.tables.table import TableOptions

_TEXT = ("csv", "jsonl", "json", "json or jsonl")
_ZIP = ".zip"
_HEAD = 8


class Content(NamedTuple):
    """A stream, and the format it is in."""

    stream: Stream
    format: Format


def content_of(path: str, options: TableOptions) -> Content:
    """Open a file and recognise its format, decompressed where its name or first bytes say so.

    Raises ResourceError if it cannot be opened and DataError if its content contradicts its name.
    """
    source = Source(path)
    bare, extension = os.path.splitext(path.lower())
    stream: Stream = source
    if extension in COMPRESSIONS:
        stream = Decompressed(source, COMPRESSIONS[extension], options.limited)
    elif extension == _ZIP:
        stream, bare = _only_member(source, options.limited)
    else:
        bare = path
    named = options.format or _by_extension(bare)
    head, stream = _head(stream)
    if named is None and (compression := _compression_by(head)) is not None:
        head, stream = _head(Decompressed(stream, compression, options.limited))
    if options.format and not head.startswith(FORMATS[options.format].magic):
        title = FORMATS[options.format].title
        raise DataError(f"not {title}", "its content contradicts --format-in", file=stream.name)
    if named is None or named in _TEXT:
        named = _by_content(head, stream.name, named, options)
    if named in _TEXT and options.encoding is not None:
        from lossctl.tables.streams.transcoding import Transcoded

        stream = Transcoded(stream, options.encoding)
    return Content(stream, RECOGNISED[named])


def _by_extension(path: str) -> str | None:
    extension = os.path.splitext(path)[1].lower()
    return next((name for name, entry in FORMATS.items() if extension in entry.extensions), None)


def _compression_by(head: bytes) -> Compression | None:
    return next((kind for kind in COMPRESSIONS.values() if head.startswith(kind.magics)), None)


def _by_content(head: bytes, name: str, expected: str | None, options: TableOptions) -> str:
    """Return the format that the first bytes are in; raise DataError if text was expected."""
    recognised = next(
        (name for name, entry in FORMATS.items() if entry.magic and head.startswith(entry.magic)),
        None,
    )
    if recognised is None:
        _refuse_no_text(head, name, options)
        return expected or ("json or jsonl" if head.lstrip().startswith((b"{", b"[")) else "csv")
    if expected is not None:
        raise DataError(
            f"the file is {FORMATS[recognised].title}, not text",
            f"its content contradicts its name; if that is wrong pass --format-in {recognised}",
            file=name,
        )
    return recognised


def _refuse_no_text(head: bytes, name: str, options: TableOptions) -> None:
    if head.startswith(magics.UTF16) and options.encoding is None:
        raise DataError("the file is UTF-16, not UTF-8", "pass --encoding utf-16", file=name)
    if (kind := _compression_by(head)) is not None:
        extension = next(name for name, entry in COMPRESSIONS.items() if entry is kind)
        raise DataError(
            f"the file is compressed ({kind.title}), not text",
            f"its content contradicts its name: it should end in {extension}",
            file=name,
        )


def _head(stream: Stream) -> tuple[bytes, Stream]:
    """Return the first bytes of a stream, and the stream with these still to be read."""
    if isinstance(stream, Source) and stream.size is not None:
        return stream.head(_HEAD), stream
    head = filled(stream, _HEAD)
    return head, Rewound(head, stream)


def _only_member(source: Source, limited: bool) -> tuple[Stream, str]:
    from lossctl.tables.streams.archive import Archive

    archive = Archive(source, limited)
    names = archive.names
    if len(names) != 1:
        raise DataError(
            f"a zip archive of {len(names)} files, not of one",
            "extract the one that is meant, or pass a folder of shards",
            file=archive.name,
        )
    return archive.open(names[0]), names[0]
