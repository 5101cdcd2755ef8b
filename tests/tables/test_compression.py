"""Compressed streams: the same content, or an error; in bounded memory."""

import bz2
import gzip
import lzma
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lossctl.base.errors import DataError, ResourceError
from lossctl.tables.streams import compression
from lossctl.tables.streams.compression import COMPRESSIONS, Decompressed, refuse_bomb
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream

zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

CONTENT = b"cat,dog\n" + b"".join(b"%d,%d\n" % (row, row * row % 97) for row in range(30))
CHECKED = {zstd.CompressionParameter.checksum_flag: 1}
Compress = Callable[[bytes], bytes]
COMPRESS: dict[str, Compress] = {
    ".gz": partial(gzip.compress, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": partial(zstd.compress, options=CHECKED),
}
# What compresses zeros little by little, at a level whose decompressor needs little memory.
COMPRESSOR: dict[str, Callable[[], Any]] = {
    ".gz": lambda: zlib.compressobj(9, wbits=31),
    ".bz2": lambda: bz2.BZ2Compressor(1),
    ".xz": lambda: lzma.LZMACompressor(preset=0),
    ".zst": lambda: zstd.ZstdCompressor(options=CHECKED),
}
every_kind = pytest.mark.parametrize("kind", COMPRESSIONS)


class Pieces:
    source: Source  # there is none below
    """A stream over bytes that gives at most `most` of them at a time."""

    name = "p.csv"
    size = None

    def __init__(self, content: bytes, most: int = 1 << 20) -> None:
        self.content = content
        self.most = most
        self.start = 0
        self.closed = False

    def progress(self) -> float | None:
        return self.start / len(self.content)

    def read(self, size: int) -> bytes:
        part = self.content[self.start : self.start + min(size, self.most)]
        self.start += len(part)
        return part

    def close(self) -> None:
        self.closed = True


def parts_of(stream: Stream, size: int = 1 << 20) -> Iterator[bytes]:
    while part := stream.read(size):
        assert len(part) <= size
        yield part


def decompressed(kind: str, content: bytes, most: int = 1 << 20, size: int = 1 << 20) -> bytes:
    stream: Stream = Decompressed(Pieces(content, most), COMPRESSIONS[kind])
    return b"".join(parts_of(stream, size))


def zeros(kind: str, mebibytes: int) -> bytes:
    compressor, block = COMPRESSOR[kind](), bytes(1 << 20)
    return b"".join([*(compressor.compress(block) for _ in range(mebibytes)), compressor.flush()])


def refusal(kind: str, content: bytes) -> tuple[str, str | None]:
    with pytest.raises(DataError) as refused:
        decompressed(kind, content)
    return refused.value.message, refused.value.hint


@every_kind
@pytest.mark.parametrize("most", [1, 7, 1 << 20])
@pytest.mark.parametrize("size", [1, 5, 1 << 20])
@pytest.mark.parametrize("content", [CONTENT, b"", b"\n", bytes(3000)])
def test_what_was_compressed_comes_out(kind: str, most: int, size: int, content: bytes) -> None:
    assert decompressed(kind, COMPRESS[kind](content), most, size) == content


@every_kind
@pytest.mark.parametrize("most", [1, 7, 1 << 20])
def test_members_one_after_another_are_one_content(kind: str, most: int) -> None:
    members = [CONTENT, b"", CONTENT[:5], b"", bytes(3000)]
    stream = b"".join(map(COMPRESS[kind], members))
    assert decompressed(kind, stream, most) == b"".join(members)
    assert decompressed(kind, COMPRESS[kind](b"a,b\n") * 5000, most) == b"a,b\n" * 5000


@every_kind
@pytest.mark.parametrize(("most", "size"), [(1, 1 << 20), (1 << 20, 1), (1 << 20, 1 << 20)])
def test_a_stream_cut_anywhere_has_no_end(kind: str, most: int, size: int) -> None:
    first, second = COMPRESS[kind](CONTENT), COMPRESS[kind](b"1,2\n")
    whole = first + second
    for length in range(len(whole)):
        if length != len(first):
            with pytest.raises(DataError, match=r"is truncated|is empty"):
                decompressed(kind, whole[:length], most, size)


@every_kind
def test_a_flipped_bit_is_found_or_harmless(kind: str) -> None:
    content = CONTENT[:60]
    whole = COMPRESS[kind](content) + COMPRESS[kind](b"1,2\n")
    refused = 0
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            try:
                assert decompressed(kind, bytes(flipped)) == content + b"1,2\n"
            except (DataError, ResourceError):
                refused += 1
    assert refused > 6 * len(whole)


@every_kind
def test_what_is_wrong_is_said(kind: str) -> None:
    title, stream = COMPRESSIONS[kind].title, COMPRESS[kind](CONTENT)
    damaged = stream[:-4] + bytes([stream[-4] ^ 0xFF]) + stream[-3:]
    other = f"p.csv: not {title}, though its name says so", "its content contradicts its name"
    assert refusal(kind, CONTENT) == other
    assert refusal(kind, b"\n") == other
    assert refusal(kind, b"") == ("p.csv: the file is empty", None)
    assert refusal(kind, stream[:-1]) == (f"p.csv: the {title} data is truncated", None)
    assert refusal(kind, damaged)[0].startswith(f"p.csv: the {title} data is damaged (")
    for junk in (b"\n", b"\0", bytes(512), b"1,2\n", b"\x1f", stream[1:]):
        if not stream.startswith(junk):
            followed = f"p.csv: followed by something that is not {title}"
            assert refusal(kind, stream + junk) == (followed, None)


def test_a_checksum_is_named() -> None:
    stream = bytearray(COMPRESS[".gz"](CONTENT))
    stream[-8] ^= 1
    assert refusal(".gz", bytes(stream))[0].endswith("is damaged (incorrect data check)")


def test_a_gzip_header_may_hold_more() -> None:
    header = b"\x1f\x8b\x08\x1e\0\0\0\0\0\xff" + b"\x06\0BC\x02\0\x1b\0" + b"p.csv\0note\0"
    header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    stream = header + COMPRESS[".gz"](CONTENT)[10:]
    assert decompressed(".gz", stream * 2) == CONTENT * 2


def test_zstd_frames_to_skip_are_skipped() -> None:
    frame, skip = COMPRESS[".zst"](CONTENT), b"\x5a\x2a\x4d\x18\x03\0\0\0abc"
    assert decompressed(".zst", skip + frame + skip + frame + skip, most=1) == CONTENT * 2
    assert "truncated" in refusal(".zst", frame + skip[:-1])[0]


@every_kind
@pytest.mark.parametrize("mebibytes", [127, 140])
def test_a_bomb_is_refused(kind: str, mebibytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_INPUT", 1 << 10)
    bomb = zeros(kind, mebibytes)
    stream = Decompressed(Pieces(bomb), COMPRESSIONS[kind])
    if mebibytes < 128:
        assert sum(map(len, parts_of(stream))) == mebibytes << 20
        return
    sizes = r"p.csv: \d+ compressed bytes become 134\d{6} or more"
    with pytest.raises(ResourceError, match=sizes) as bombed:
        list(parts_of(stream))
    assert bombed.value.hint == "pass --unlimited if that is right"
    unlimited = Decompressed(Pieces(bomb), COMPRESSIONS[kind], limited=False)
    assert sum(map(len, parts_of(unlimited))) == mebibytes << 20


@every_kind
def test_large_content_is_no_bomb(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE_OUTPUT", 1)
    assert decompressed(kind, COMPRESS[kind](CONTENT) * 600) == CONTENT * 600


@pytest.mark.parametrize(
    ("compressed", "expanded", "refused"),
    [
        (1, 128 << 20, False),
        (1, (128 << 20) + 1, True),
        (1 << 20, 500 << 20, False),
        (1 << 20, (500 << 20) + 1, True),
    ],
)
def test_the_limit_needs_both_a_size_and_a_ratio(
    compressed: int, expanded: int, refused: bool
) -> None:
    if not refused:
        refuse_bomb("p.csv", compressed, expanded)
        return
    with pytest.raises(ResourceError, match=f"{compressed} compressed bytes become {expanded}"):
        refuse_bomb("p.csv", compressed, expanded)


@every_kind
def test_memory_stays_flat(kind: str) -> None:
    stream = Pieces(zeros(kind, 100))
    total = 0
    tracemalloc.start()
    for part in parts_of(Decompressed(stream, COMPRESSIONS[kind]), 1 << 30):
        total += len(part)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 100 << 20
    assert peak < 4 << 20


def test_a_window_of_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    large = {zstd.CompressionParameter.window_log: 28}
    compressor = zstd.ZstdCompressor(options=large)
    streams = {".zst": compressor.compress(CONTENT) + compressor.flush()}
    streams[".xz"] = lzma.compress(CONTENT, preset=9)
    assert decompressed(".xz", streams[".xz"]) == CONTENT
    monkeypatch.setattr(compression, "_XZ_MEMORY", 1 << 20)
    for kind, content in streams.items():
        with pytest.raises(ResourceError, match="needs a window of too much memory") as refused:
            decompressed(kind, content)
        assert refused.value.hint == "pass --unlimited if that is right"
        unlimited = Decompressed(Pieces(content), COMPRESSIONS[kind], limited=False)
        assert b"".join(parts_of(unlimited)) == CONTENT


def test_zstd_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ResourceError, match="this Python cannot decompress zstd") as missing:
        Decompressed(Pieces(b""), COMPRESSIONS[".zst"])
    assert missing.value.hint == "pip install 'lossctl[zstd]'"


def test_zstd_that_is_broken_is_not_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ImportError("bad .so")
    for module in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    with (
        patch("lossctl.base.registry.import_module", side_effect=broken),
        pytest.raises(ResourceError, match=r"cannot be imported \(bad .so\)$") as refused,
    ):
        Decompressed(Pieces(b""), COMPRESSIONS[".zst"])
    assert refused.value.hint is None


def test_a_decompression_that_no_extra_installs_has_no_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "lzma", None)
    with pytest.raises(ResourceError, match=r"this Python cannot decompress xz$") as refused:
        Decompressed(Pieces(b""), COMPRESSIONS[".xz"])
    assert refused.value.hint is None


def test_a_decompressor_is_imported_when_it_is_used() -> None:
    code = "import sys, lossctl.tables.streams.compression; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"bz2", "lzma", "gzip", "backports.zstd"} & set(run.stdout.split()) == set()


@pytest.mark.parametrize("size", [0, -1])
def test_a_read_of_nothing_is_not_the_end(size: int) -> None:
    with pytest.raises(ValueError, match="one byte or more"):
        Decompressed(Pieces(b""), COMPRESSIONS[".gz"]).read(size)


def test_closing_closes_what_is_below(tmp_path: Path) -> None:
    pieces = Pieces(b"")
    Decompressed(pieces, COMPRESSIONS[".gz"]).close()
    assert pieces.closed
    path = tmp_path / "p\x1b.csv.gz"
    path.write_bytes(COMPRESS[".gz"](CONTENT))
    stream = Decompressed(Source(str(path)), COMPRESSIONS[".gz"])
    assert (b"".join(parts_of(stream)), stream.size) == (CONTENT, None)
    assert stream.name.endswith(r"p\x1b.csv.gz")
    path.write_bytes(b"")
    with pytest.raises(ResourceError, match="changed while it was read"):
        stream.close()
