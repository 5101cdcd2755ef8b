"""Zip archives that are damaged, that lie, or that are not supported: refused."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile
from zlib import crc32

import pytest
from archives import (
    CRC,
    END,
    FLAGS,
    MEMBERS,
    PACKED,
    SIZE,
    START,
    TEXT,
    Opener,
    every_method,
    parts_of,
    patched,
    widened,
    zipped,
)

from lossctl.base.errors import DataError, ResourceError
from lossctl.tables.streams import archive as archive_module
from lossctl.tables.streams import compression
from lossctl.tables.streams.stream import Stream


def until_refused(stream: Stream) -> Iterator[bytes]:
    with suppress(DataError):
        yield from parts_of(stream, 5)
        raise AssertionError("nothing was refused")


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    return Opener(tmp_path / "p.npz")


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
