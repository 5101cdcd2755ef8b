"""Zip archives: the members they were made of, in bounded memory."""

import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from archives import END, LIST_ENTRY, MEMBERS, TEXT, Opener, every_method, parts_of, zipped

from lossctl.base.errors import ResourceError
from lossctl.tables.streams.archive import Archive
from lossctl.tables.streams.source import Source


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


def test_folders_and_what_macos_adds_are_left_out_and_nothing_else(opened: Opener) -> None:
    of_macos = ["__MACOSX/a/._p.csv", "__MACOSX/._a", ".DS_Store", "a/.DS_Store", "a/._p.csv"]
    ours = ["a/p.csv", "_p.csv", ".p.csv", "MACOSX/p.csv", "a/__MACOSX", "DS_Store"]
    files = {
        "a/": b"",
        "__MACOSX/": b"",
        **dict.fromkeys(of_macos, b"x"),
        **dict.fromkeys(ours, TEXT),
    }
    assert list(opened.all(zipped(files))) == ours
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
