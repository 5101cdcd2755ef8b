"""Zip archives that are made, changed and read."""

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from lossctl.base.errors import DataError
from lossctl.tables.streams.archive import Archive
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream

METHODS = (ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2)
TEXT = b"cat,dog\n" + b"0.25,0.75\n" * 20
MEMBERS = {"p.csv": TEXT, "empty": b"", "a/t.csv": b"1,2\n"}
LIST_ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"
# Where the list of members states these, from the start of an entry.
FLAGS, METHOD, CRC, PACKED, SIZE, START = 8, 10, 16, 20, 24, 42

every_method = pytest.mark.parametrize("method", METHODS)


def zipped(members: Mapping[str, bytes], method: int = ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, method)
        file.comment = comment
    return stream.getvalue()


def patched(content: bytes, entry: int, place: int, form: str, value: int) -> bytes:
    """Return an archive whose list says something else of one entry (counted from 0)."""
    start = -1
    for _ in range(entry + 1):
        start = content.index(LIST_ENTRY, start + 1)
    changed = bytearray(content)
    struct.pack_into(form, changed, start + place, value)
    return bytes(changed)


def widened(content: bytes, filler: bytes) -> bytes:
    """Return an archive with something between its last member, grown by it, and its list."""
    start = content.index(LIST_ENTRY)
    packed = ZipFile(io.BytesIO(content)).infolist()[-1].compress_size
    content = patched(content, 0, PACKED, "<L", packed + len(filler))
    return content[:start] + filler + content[start:-6] + struct.pack("<LH", start + len(filler), 0)


def parts_of(stream: Stream, size: int = 1 << 20) -> Iterator[bytes]:
    while part := stream.read(size):
        assert len(part) <= size
        yield part


class Opener:
    """Opens bytes as an archive, each over the last."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, content: bytes, limited: bool = True) -> Archive:
        self.path.write_bytes(content)
        return Archive(Source(str(self.path)), limited)

    def all(self, content: bytes, size: int = 1 << 20) -> dict[str, bytes]:
        archive = self(content)
        found = {name: b"".join(parts_of(archive.open(name), size)) for name in archive.names}
        archive.close()
        return found

    def refusal(self, content: bytes) -> str:
        with pytest.raises(DataError) as refused:
            self.all(content)
        start, message = f"{self.path}:", refused.value.message
        assert message.startswith(start)
        return message.removeprefix(start).strip()
