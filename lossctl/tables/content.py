"""Which format a file or a stream is in: by its name and its first bytes, before it is parsed."""

import os
from typing import NamedTuple

from lossctl.base.errors import DataError, LossctlError
from lossctl.tables import magics
from lossctl.tables.formats import FORMATS, RECOGNISED, Format
from lossctl.tables.heads import SIZE, Head, begins_json, first_members, is_text
from lossctl.tables.kinds import Kind, kind_of
from lossctl.tables.streams.compression import COMPRESSIONS, Decompressed
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Rewound, Stream, filled
from lossctl.tables.table import NoRows, TableOptions

_TEXT = ("csv", "jsonl", "json", "json or jsonl")
_ZIP = ".zip"


class Content(NamedTuple):
    """A stream, and the format it is in."""

    stream: Stream
    format: Format


class _Seen(NamedTuple):
    """A stream nothing of which was read yet, and what is seen of it."""

    stream: Stream
    head: Head
    kind: Kind | None


def content_of(path: str, options: TableOptions) -> Content:
    """Open a file and recognise its format, decompressed where its name or first bytes say so.

    Raises ResourceError if it cannot be opened, and DataError if its content contradicts its name
    or is of a kind that nothing here reads.
    """
    source = Source(path)
    bare, wrapper = os.path.splitext(path.lower())
    if wrapper not in (_ZIP, *COMPRESSIONS):
        bare, wrapper = path.lower(), ""
    seen = _look(source, options, () if wrapper else _expected(bare, options))
    if not (wrapper or _by_extension(bare)):
        wrapper = _wrapper_of(seen)
    if wrapper:
        _require_wrapper(seen, wrapper)
        stream, bare = _unwrapped(seen.stream, source, wrapper, bare, options)
        seen = _look(stream, options, _expected(bare, options))
    name = _format_of(seen, _expected(bare, options), options)
    stream = seen.stream
    if name in _TEXT and options.encoding is not None:
        from lossctl.tables.streams.transcoding import Transcoded

        stream = Transcoded(stream, options.encoding)
    return Content(stream, RECOGNISED[name])


def _expected(path: str, options: TableOptions) -> tuple[str, ...]:
    """Return the formats that a file may be in as far as --format-in or its name say."""
    return (options.format,) if options.format else _by_extension(path)


def _by_extension(path: str) -> tuple[str, ...]:
    extension = os.path.splitext(path)[1].lower()
    return tuple(name for name, entry in FORMATS.items() if extension in entry.extensions)


def _look(stream: Stream, options: TableOptions, expected: tuple[str, ...]) -> _Seen:
    """Return what is seen of a stream; raise DataError where nothing here reads such content."""
    if isinstance(stream, Source) and stream.size is not None:
        content = stream.head(SIZE)
    else:
        content = filled(stream, SIZE)
        stream = Rewound(content, stream)
    binary = bool(expected) and not set(expected) & set(_TEXT)
    head = Head(content, _members(stream, content), options.encoding is not None or binary)
    kind = kind_of(head)
    if kind is not None and not (kind.format or kind.compression):
        reason = f"the file is {kind.title}"
        if not content:
            raise NoRows(reason, kind.hint, file=stream.name, content=False)
        raise DataError(reason, kind.hint, file=stream.name)
    return _Seen(stream, head, kind)


def _members(stream: Stream, content: bytes) -> tuple[str, ...]:
    """Return the names of the files in a zip archive; where it cannot be asked, the first ones."""
    if content.startswith(magics.ZIP) and isinstance(stream, Source):
        from lossctl.tables.streams.archive import Archive

        try:
            return tuple(Archive(stream).names)
        except LossctlError:  # who reads it says what is wrong with it
            pass
    return first_members(content)


def _wrapper_of(seen: _Seen) -> str:
    """Return the extension that a file without a known one should have, if it is compressed."""
    if seen.kind is None:
        return ""
    arrays = any(name.endswith(".npy") for name in seen.head.members)
    return _ZIP if seen.kind.format == "npz" and not arrays else seen.kind.compression or ""


def _require_wrapper(seen: _Seen, wrapper: str) -> None:
    """Raise DataError if a file is known to be something else than what its name says."""
    kind = seen.kind
    if kind is not None and kind.compression != wrapper and (wrapper, kind.format) != (_ZIP, "npz"):
        meant = (
            "a zip archive" if wrapper == _ZIP else f"compressed ({COMPRESSIONS[wrapper].title})"
        )
        extension = FORMATS[kind.format].extensions[0] if kind.format else kind.compression
        raise DataError(
            f"the file is {kind.title}, not {meant}",
            f"its content contradicts its name: it should end in {extension}",
            file=seen.stream.name,
        )


def _unwrapped(
    stream: Stream, source: Source, wrapper: str, bare: str, options: TableOptions
) -> tuple[Stream, str]:
    """Return what is compressed in a stream, and the path whose extension says what that is."""
    if wrapper == _ZIP:
        return _only_member(source, options.limited)
    return Decompressed(stream, COMPRESSIONS[wrapper], options.limited), bare


def _format_of(seen: _Seen, expected: tuple[str, ...], options: TableOptions) -> str:
    """Return the name of the format; raise DataError if it is not one that is expected."""
    kind = seen.kind
    if kind is None and not expected:
        json = begins_json(seen.head.content.decode("latin-1"))
        return "json or jsonl" if json else "csv"
    if kind is not None and kind.format and (not expected or kind.format in expected):
        return kind.format
    text = is_text(seen.head.content)
    if kind is None and (expected[0] in _TEXT or not (text or options.format)):
        return expected[0]  # where it is damaged, or something unknown, its reader says so
    titles = [FORMATS[name].title for name in expected if name not in _TEXT] or ["text"]
    what = kind.title if kind is not None else "text" if text else "something else"
    raise DataError(
        f"the file is {what}, not {titles[0]}",
        _contradiction(seen, expected, options),
        file=seen.stream.name,
    )


def _contradiction(seen: _Seen, expected: tuple[str, ...], options: TableOptions) -> str:
    """Return what the content of a file contradicts, and the way out."""
    if options.format:
        return "its content contradicts --format-in"
    if not expected:
        return "it is compressed twice: decompress it once"
    if extension := _wrapper_of(seen):
        return f"its content contradicts its name: it should end in {extension}"
    other = f"; if that is wrong pass --format-in {seen.kind.format}" if seen.kind else ""
    return f"its content contradicts its name{other}"


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
