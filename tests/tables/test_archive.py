"""Zip archives: the members they were made of, or an error; in bounded memory."""

import io
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile
from zlib import crc32

import numpy as np
import pytest

from lossctl.base.errors import DataError, ResourceError
from lossctl.tables.streams import archive as archive_module
from lossctl.tables.streams import compression
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


class Pipe(io.RawIOBase):
    """What zipfile cannot seek in, so that it writes the sizes behind the content."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        part = bytes(memoryview(data))  # type: ignore[arg-type]
        self.content += part
        return len(part)


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


def until_refused(stream: Stream) -> Iterator[bytes]:
    with suppress(DataError):
        yield from parts_of(stream, 5)
        raise AssertionError("nothing was refused")


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


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    return Opener(tmp_path / "p.npz")


@every_method
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_members_are_what_was_stored(opened: Opener, method: int, size: int) -> None:
    content = zipped(MEMBERS, method, comment=b"a note")
    assert opened.all(content, size) == MEMBERS
    assert list(opened.all(content)) == list(MEMBERS)


def test_what_numpy_saves_is_read(opened: Opener) -> None:
    arrays = {"p": np.arange(6.0).reshape(3, 2), "t": np.ones(3, np.int8)}
    for save in (np.savez, np.savez_compressed):
        stream = io.BytesIO()
        save(stream, **arrays)  # type: ignore[arg-type]
        found = opened.all(stream.getvalue())
        assert list(found) == ["p.npy", "t.npy"]
        for name, array in arrays.items():
            assert np.array_equal(np.load(io.BytesIO(found[f"{name}.npy"])), array)


def test_folders_are_left_out_and_nothing_else(opened: Opener) -> None:
    files = {"a/": b"", "a/p.csv": TEXT, "__MACOSX/": b"", "__MACOSX/._p.csv": b"x"}
    assert list(opened.all(zipped(files))) == ["a/p.csv", "__MACOSX/._p.csv"]
    assert opened.all(zipped({})) == {}
    assert "the folder a/ has content" in opened.refusal(zipped({"a/": b"x"}))


@every_method
def test_sizes_behind_the_content_are_read(opened: Opener, method: int) -> None:
    pipe = Pipe()
    with ZipFile(pipe, "w", method) as file:
        for name, content in MEMBERS.items():
            file.writestr(name, content)
    assert opened.all(pipe.content) == MEMBERS


def test_zip64_is_read(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 3)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    content = zipped(MEMBERS)
    assert b"PK\x06\x06" in content
    assert opened.all(content) == MEMBERS
    unsaid = bytearray(content)
    struct.pack_into("<HH", unsaid, content.index(END) + 8, 0xFFFF, 0xFFFF)
    assert opened.all(bytes(unsaid)) == MEMBERS


@pytest.mark.parametrize("size", [1, 7])
def test_a_stream_whose_last_bits_wait_is_read_to_its_end(opened: Opener, size: int) -> None:
    # A raw deflate stream has no trailer: all of it may be taken while output is still waiting.
    members = {str(count): b"a" * count for count in range(1, 300)}
    assert opened.all(zipped(members), size) == members


def test_the_list_may_have_another_order(opened: Opener) -> None:
    content = zipped({"p.csv": TEXT, "t.csv": TEXT[::-1]})
    first, end = content.index(LIST_ENTRY), content.index(END)
    second = (first + end) // 2
    swapped = content[:first] + content[second:end] + content[first:second] + content[end:]
    assert list(opened.all(swapped).items()) == [("t.csv", TEXT[::-1]), ("p.csv", TEXT)]


def test_members_are_read_side_by_side(opened: Opener) -> None:
    archive = opened(zipped({"p.csv": TEXT, "t.csv": TEXT[::-1]}))
    streams = [archive.open(name) for name in archive.names]
    parts = list(zip(*(parts_of(stream, 3) for stream in streams), strict=True))
    assert [b"".join(column) for column in zip(*parts, strict=True)] == [TEXT, TEXT[::-1]]
    for stream in streams:
        stream.close()


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)  # so that opening the other end does not wait
    with pytest.raises(ResourceError, match="regular files, not a pipe"):
        Archive(Source(str(path)))
    os.close(writer)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", b"a,b\n" * 99])
def test_what_is_no_archive_is_refused(opened: Opener, content: bytes) -> None:
    with pytest.raises(DataError, match="not a zip archive, though its name") as refused:
        opened(content)
    assert refused.value.hint == "its content contradicts its name"


@every_method
def test_an_archive_cut_anywhere_is_refused(opened: Opener, method: int) -> None:
    content = zipped(MEMBERS, method, comment=b"a note")
    for length in range(len(content)):
        with pytest.raises(DataError, match=r"not a zip archive|is damaged"):
            opened(content[:length])


@every_method
def test_a_flipped_bit_is_found_or_harmless(opened: Opener, method: int) -> None:
    members = {"p.csv": TEXT[:40], "t": b"1,2\n"}
    content = zipped(members, method)
    refused = 0
    for place in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            try:
                assert opened.all(bytes(flipped)) == members
            except (DataError, ResourceError):
                refused += 1
    assert refused > 4 * len(content)


def test_content_before_or_behind_the_archive_is_refused(opened: Opener) -> None:
    content = zipped(MEMBERS)
    behind = "the zip archive is damaged (something follows it)"
    assert opened.refusal(content + b"\n") == behind
    assert opened.refusal(content + bytes(999)) == behind
    assert opened.refusal(zipped(MEMBERS, comment=b"note")[:-1]) == behind
    assert "not a zip archive" in opened.refusal(b"#!/bin/sh\n" + content)
    before = "the zip archive is damaged (something else comes first)"
    assert opened.refusal(content[:60] + content) == before


def test_two_members_of_one_name_are_refused(opened: Opener) -> None:
    stream = io.BytesIO()
    with warnings.catch_warnings(), ZipFile(stream, "w") as file:
        warnings.simplefilter("ignore")
        for content in (b"1", b"2"):
            file.writestr("p\t.csv", content)
    assert opened.refusal(stream.getvalue()) == r"two members are called p\x09.csv"


def test_members_in_one_place_are_refused(opened: Opener) -> None:
    content = zipped({"p.csv": TEXT, "t.csv": TEXT})
    assert "its members overlap" in opened.refusal(patched(content, 1, START, "<L", 0))
    size = patched(content, 1, PACKED, "<L", len(content))
    assert "a member goes on behind its end" in opened.refusal(size)


def test_too_many_members_are_refused(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({str(number): b"" for number in range(10_000)}, ZIP_STORED)
    assert len(opened(content).names) == 10_000
    content = zipped({str(number): b"" for number in range(10_001)}, ZIP_STORED)
    assert opened.refusal(content) == "an archive of over 10000 members"
    monkeypatch.setattr(archive_module, "_LARGEST_LIST", 1 << 18)
    assert "its list of members has" in opened.refusal(content)


def test_a_list_that_lacks_a_member_is_refused(opened: Opener) -> None:
    content = bytearray(zipped(MEMBERS))
    struct.pack_into("<H", content, content.index(END) + 10, 4)
    assert "3 members where its end says 4" in opened.refusal(bytes(content))
    start = content.index(END)
    content[start + 8 : start + 20] = b"\xff" * 4 + bytes(4) + start.to_bytes(4, "little")
    assert "is damaged" in opened.refusal(bytes(content))  # a list of no members at all
    assert "its list of members is missing" in opened.refusal(bytes(content[:-9]))


@pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
def test_an_encrypted_member_is_refused(opened: Opener, flag: int) -> None:
    content = zipped({"p\x1b.csv": TEXT, "t.csv": TEXT})
    content = patched(content, 0, FLAGS, "<H", flag)
    assert opened.refusal(content) == r"p\x1b.csv: the member is encrypted"
    assert b"".join(parts_of(opened(content).open("t.csv"))) == TEXT


def test_an_unsupported_method_is_refused(opened: Opener) -> None:
    message = "p.csv: compression method 14 is not supported"
    assert opened.refusal(zipped({"p.csv": TEXT}, ZIP_LZMA)) == message
    patch = patched(zipped({"p.csv": TEXT}), 0, FLAGS, "<H", 0x20)
    assert "is not supported" in opened.refusal(patch)
    version = patched(zipped({"p.csv": TEXT}), 0, 6, "<H", 99)
    assert "is damaged (zip file version 9.9)" in opened.refusal(version)


@pytest.mark.parametrize("name", ["p\x1b[31m.csv", "p\n.csv", "\u202ep.csv", "p\u00e9.csv"])
def test_a_name_is_shown_and_never_obeyed(opened: Opener, name: str) -> None:
    archive = opened(zipped({name: TEXT}))
    stream = archive.open(name)
    assert (archive.names, stream.size) == ([name], None)
    assert stream.name.isprintable()
    assert stream.name.startswith(f"{opened.path}:")


def test_a_name_is_not_cut_at_a_zero_byte(opened: Opener) -> None:
    content = zipped({"p_x": b"1", "p_y": b"2"}).replace(b"p_", b"p\0")
    assert opened.all(content) == {"p\0x": b"1", "p\0y": b"2"}


def test_a_name_of_old_is_read(opened: Opener) -> None:
    content = zipped({"p_.csv": TEXT}).replace(b"p_", b"p\x82")
    assert opened.all(content) == {"p\u00e9.csv": TEXT}


def test_a_name_that_is_not_utf8_is_refused(opened: Opener) -> None:
    content = zipped({"\u00e9.csv": TEXT}).replace("\u00e9".encode(), b"\xff\xff")
    assert "the zip archive is damaged" in opened.refusal(content)


@every_method
def test_a_size_that_lies_is_refused(opened: Opener, method: int) -> None:
    content = zipped({"p.csv": TEXT}, method)
    for size in (0, 8, len(TEXT) - 1, len(TEXT) + 1, 1 << 20):
        lie = patched(content, 0, SIZE, "<L", size)
        lie = patched(lie, 0, CRC, "<L", crc32(TEXT[:size]))
        message = "p.csv: the member is damaged (its size is not the stated one)"
        assert opened.refusal(lie) == message
        assert sum(map(len, until_refused(opened(lie).open("p.csv")))) <= size
    wrong = patched(content, 0, CRC, "<L", 1)
    assert opened.refusal(wrong) == "p.csv: the member is damaged (its CRC-32 is wrong)"


@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_BZIP2])
def test_a_stream_that_ends_early_or_late_is_refused(opened: Opener, method: int) -> None:
    content = zipped({"p.csv": TEXT}, method)
    packed = ZipFile(io.BytesIO(content)).getinfo("p.csv").compress_size
    short = patched(content, 0, PACKED, "<L", packed - 1)
    assert "data is truncated" in opened.refusal(short)
    damaged = bytearray(content)
    damaged[35] ^= 0xFF
    assert "data is damaged (" in opened.refusal(bytes(damaged))
    assert "followed by something that is not" in opened.refusal(widened(content, b"x"))


@pytest.mark.parametrize("place", [0, 8, 26, 28, 30])
def test_a_header_that_contradicts_the_list_is_refused(opened: Opener, place: int) -> None:
    content = bytearray(zipped({"first": b"", "p.csv": TEXT}))  # it has to start with a header
    content[content.index(b"p.csv") - 30 + place] ^= 1
    message = "p.csv: the header of the member contradicts the archive's list"
    assert opened.refusal(bytes(content)) == message


def test_a_bomb_is_refused_by_the_size_it_states(opened: Opener) -> None:
    content = patched(zipped({"p.csv": TEXT}), 0, SIZE, "<L", (128 << 20) + 1)
    packed = ZipFile(io.BytesIO(content)).getinfo("p.csv").compress_size
    with pytest.raises(ResourceError) as refused:
        opened(content).open("p.csv")
    sizes = f"p.csv: {packed} compressed bytes become {(128 << 20) + 1} or more"
    assert sizes in refused.value.message
    assert refused.value.hint == "pass --unlimited if that is right"
    assert opened(content, limited=False).open("p.csv").read(9) == TEXT[:9]


def test_a_bomb_is_refused_by_the_size_it_has(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "FREE_OUTPUT", 1 << 20)
    monkeypatch.setattr(compression, "_INPUT", 1 << 10)
    bomb = widened(zipped({"p.csv": bytes(4 << 20)}), bytes(1 << 13))
    stream = opened(bomb).open("p.csv")
    with pytest.raises(ResourceError, match="compressed bytes become"):
        list(parts_of(stream))
    unlimited = opened(bomb, limited=False).open("p.csv")
    with pytest.raises(DataError, match="followed by something that is not deflate"):
        list(parts_of(unlimited))


@every_method
def test_memory_stays_flat(opened: Opener, method: int) -> None:
    with ZipFile(opened.path, "w", method, compresslevel=1) as file, file.open("p", "w") as member:
        for _ in range(100):
            member.write(bytes(1 << 20))
    archive = Archive(Source(str(opened.path)))
    total = 0
    tracemalloc.start()
    for part in parts_of(archive.open("p"), 1 << 30):
        total += len(part)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 100 << 20
    assert peak < 4 << 20


def test_closing_tells_of_a_change_once(opened: Opener) -> None:
    archive = opened(zipped(MEMBERS))
    stream = archive.open("p.csv")
    opened.path.write_bytes(b"")
    with pytest.raises(ResourceError, match="changed while it was read"):
        list(parts_of(stream))
    with pytest.raises(ResourceError, match="changed while it was read"):
        stream.close()
    archive.close()
