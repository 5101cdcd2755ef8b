"""Zip archives, .npz among them: each member a stream, nothing is ever extracted to disk."""

from __future__ import annotations

import struct
from io import FileIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile
from zlib import crc32

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.wording import visible
from lossctl.tables import magics
from lossctl.tables.streams.compression import COMPRESSIONS, DEFLATE, Decompressed, refuse_bomb
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.stream import Stream

MOST_MEMBERS = 10_000
_LARGEST_LIST = 4 << 20
_PIECE = 1 << 20
_MEMBER_HEADER = struct.Struct("<4s4xH16xHH")
_END = struct.Struct("<4s6xH8xH")
_ENCRYPTED = 0x2041  # bits 0, 6 and 13: the content, strongly, the header
_PATCH = 0x20
_UTF8 = 0x800
# One member of an archive is one stream of its method, and nothing in its name speaks of it.
_METHODS = {ZIP_DEFLATED: DEFLATE, ZIP_BZIP2: COMPRESSIONS[".bz2"]._replace(magics=())}


class _ListFile(FileIO):
    """The archive as zipfile reads its list of members, which has to fit in memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_LIST:
            raise BadZipFile(f"its list of members has {size} bytes")
        return super().read(size) or b""


class Archive:
    """The members of a zip file; closing one of their streams closes the archive.

    Raises ResourceError for a pipe and DataError for what is no zip archive or a damaged one.
    """

    def __init__(self, source: Source, limited: bool = True) -> None:
        if source.size is None:
            raise ResourceError(f"{source.name}: an archive is read from regular files, not a pipe")
        self.name = source.name
        self.source = source
        self._size = source.size
        self._limited = limited
        if self._read(0, 4) not in (magics.ZIP, magics.ZIP_END):
            raise DataError(
                "not a zip archive, though its name says so",
                "its content contradicts its name",
                file=self.name,
            )
        members = self._list_members()
        self._check_members(members)
        self._members = {
            member.orig_filename: member for member in members if _is_file(member.orig_filename)
        }

    @property
    def names(self) -> list[str]:
        """The names of the members that are files of the user's, in the order of the archive."""
        return list(self._members)

    def open(self, name: str) -> Stream:
        """Return the content of the member of that name, which is one of `names`.

        Raises DataError if it is encrypted, damaged or compressed by an unsupported method, and
        ResourceError if it would expand too much.
        """
        member = self._members[name]
        shown = f"{self.name}:{visible(name)}"
        if member.flag_bits & _ENCRYPTED:
            raise DataError("the member is encrypted", file=shown)
        method = member.compress_type
        if (method != ZIP_STORED and method not in _METHODS) or member.flag_bits & _PATCH:
            raise DataError(
                f"compression method {method} is not supported",
                "compress it with deflate, as zip and numpy.savez_compressed do",
                file=shown,
            )
        if self._limited:
            refuse_bomb(shown, member.compress_size, member.file_size)
        content: Stream = _Span(self, shown, self._start_of(member, shown), member.compress_size)
        if method != ZIP_STORED:
            content = Decompressed(content, _METHODS[method], self._limited)
        return _Member(content, member.file_size, member.CRC)

    def close(self) -> None:
        """Close the file; raise ResourceError if it changed while it was read."""
        self.source.close()

    def _read(self, offset: int, size: int) -> bytes:
        """Return as many bytes as asked for, or fewer at the end of the file."""
        content = bytearray(max(min(size, self._size - offset), 0))
        self.source.read_into(memoryview(content), offset)
        return bytes(content)

    def _list_members(self) -> list[ZipInfo]:
        try:
            with _ListFile(self.source.descriptor, closefd=False) as file:
                if not is_zipfile(file):
                    raise BadZipFile("its list of members is missing")
                archive = ZipFile(file)
        except (BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from None
        except OSError as error:
            raise ResourceError(f"{self.name}: {error.strerror or error}") from None
        members, comment = archive.infolist(), archive.comment
        self._list_start = archive.start_dir
        end = self._read(self._size - _END.size - len(comment), _END.size)
        signature, count, comment_size = _END.unpack(end)
        if signature != magics.ZIP_END or comment_size != len(comment):
            raise self._damaged("something follows it")
        if count not in (len(members), 0xFFFF):  # the latter: the number is in a zip64 record
            raise self._damaged(f"{len(members)} members where its end says {count}")
        return members

    def _check_members(self, members: list[ZipInfo]) -> None:
        """Raise DataError unless each member has a name and a place of its own."""
        if len(members) > MOST_MEMBERS:
            raise DataError(f"an archive of over {MOST_MEMBERS} members", file=self.name)
        names = set()
        for member in members:
            name = member.orig_filename
            if name in names:
                raise DataError(f"two members are called {visible(name)}", file=self.name)
            if name.endswith("/") and member.file_size:
                raise self._damaged(f"the folder {visible(name)} has content")
            names.add(name)
        self._check_places(sorted(members, key=lambda member: member.header_offset))

    def _check_places(self, members: list[ZipInfo]) -> None:
        if (members[0].header_offset if members else self._list_start) != 0:
            raise self._damaged("something else comes first")
        end = 0
        for member in members:
            if member.header_offset < end:
                raise self._damaged("its members overlap")
            end = member.header_offset + _MEMBER_HEADER.size + member.compress_size
        if end > self._list_start:
            raise self._damaged("a member goes on behind its end")

    def _start_of(self, member: ZipInfo, shown: str) -> int:
        """Return where a member's content starts; its header must not contradict the list."""
        name = member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437")
        offset = member.header_offset
        header = self._read(offset, _MEMBER_HEADER.size + len(name))
        signature, method, name_size, extra_size = _MEMBER_HEADER.unpack_from(header)
        start: int = offset + _MEMBER_HEADER.size + name_size + extra_size
        if (
            (signature, method) != (magics.ZIP, member.compress_type)
            or name_size != len(name)
            or not header.endswith(name)
            or start + member.compress_size > self._list_start
        ):
            raise DataError("the header of the member contradicts the archive's list", file=shown)
        return start

    def _damaged(self, reason: str) -> DataError:
        return DataError(f"the zip archive is damaged ({visible(reason)})", file=self.name)


def _is_file(name: str) -> bool:
    """Return whether a member is a file, and none that macOS adds beside those of the user's."""
    folder, _, base = name.rpartition("/")
    of_macos = folder.split("/")[0] == "__MACOSX" or base == ".DS_Store" or base.startswith("._")
    return bool(base) and not of_macos


class _Span:
    """The bytes of an archive that hold one member."""

    size: int | None = None

    @property
    def source(self) -> Source:
        return self._archive.source

    def __init__(self, archive: Archive, name: str, start: int, size: int) -> None:
        self.name = name
        self._archive = archive
        self._start = start
        self._size = size
        self._end = start + size

    def read(self, size: int) -> bytes:
        part = self._archive._read(self._start, min(size, _PIECE, self._end - self._start))
        self._start += len(part)
        return part

    def progress(self) -> float | None:
        return 1 - (self._end - self._start) / self._size if self._size else None

    def close(self) -> None:
        self._archive.close()


class _Member:
    """The content of one member; it ends where its size and its CRC-32 are right, or never."""

    size: int | None = None

    @property
    def source(self) -> Source:
        return self._content.source

    def __init__(self, content: Stream, size: int, crc: int) -> None:
        self.name = content.name
        self._content = content
        self._left = size
        self._crc = crc
        self._running_crc = 0

    def read(self, size: int) -> bytes:
        part = self._content.read(size)
        self._left -= len(part)
        self._running_crc = crc32(part, self._running_crc)
        if self._left < 0 or (self._left and not part):
            raise DataError(
                "the member is damaged (its size is not the stated one)", file=self.name
            )
        if not part and self._running_crc != self._crc:
            raise DataError("the member is damaged (its CRC-32 is wrong)", file=self.name)
        return part

    def progress(self) -> float | None:
        return self._content.progress()

    def close(self) -> None:
        self._content.close()
