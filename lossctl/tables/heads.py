"""What is seen of a file before it is parsed, and the questions that are asked of it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from lossctl.tables import magics

SIZE = 512
"""How many of the first bytes are looked at: a tar archive says what it is at the 257th."""
_TEXT = bytes([*b"\t\n\v\f\r", *range(0x20, 0x100)])
_BOM = b"\xef\xbb\xbf"
_PAGE = rb"<(!doctype html|(html|head|body|table)\b[^>,;|]*>(\s*\n\s*)?[<\w])"
_OFFICE = ("[Content_Types].xml", "_rels/", "docProps/", "xl/")
_SHEETS = ("xl/workbook.xml", "xl/worksheets/")
_JSON = r"""\s*+ (?: \{ \s*+ (?: ["'}] | \Z ) | \[ \s*+ (?: ["'{\[\]] | \Z | [-+]?[.0-9]
    | [-+]?(?i:nan|null|none|true|false|inf|infinity)\b ) )"""
"""As Python and NumPy print it, too."""
_REPLIES = {
    *(b"access denied", b"bad credentials", b"bad gateway", b"entry not found", b"forbidden"),
    *(b"internal server error", b"invalid username or password", b"not found", b"unauthorized"),
    *(b"repository not found", b"service unavailable", b"too many requests"),
}


class Head(NamedTuple):
    """The beginning of a file, or of what was compressed in it."""

    content: bytes
    """The first bytes, `SIZE` at most."""
    members: tuple[str, ...] = ()
    """The names of the files in it, of those that are known where it is a zip archive."""
    encoded: bool = False
    """Whether the encoding of its text is known, or no text is expected."""


Test = Callable[[Head], bool]


def is_text(content: bytes) -> bool:
    """Return whether there is no byte in it that text in an 8-bit encoding never holds."""
    return not content.translate(None, _TEXT)


def begins_json(text: str) -> bool:
    """Return whether a text begins as an object or an array does; [UNK] and {x} are names."""
    return re.match(_JSON, text, re.VERBOSE) is not None


def starts(*beginnings: bytes, at: int = 0) -> Test:
    """Return the test for one of these at a place in the head."""
    return lambda head: head.content.startswith(beginnings, at)


def opens(*beginnings: bytes) -> Test:
    """Return the test for one of these at the start of a text, where blank lines may come first."""
    return lambda head: _bare(head).startswith(beginnings)


def holds(*names: str) -> Test:
    """Return the test for a zip archive that has members of all of these names."""
    return lambda head: set(names) <= set(head.members)


def is_pytorch(head: Head) -> bool:
    """Return whether it is a zip archive as torch.save makes them, in a folder of any name."""
    return any(f"/{name}".endswith("/data.pkl") for name in head.members)


def is_workbook(head: Head) -> bool:
    """Return whether it is a zip archive as Excel makes them, or starts like one."""
    sheets = any(name.startswith(_SHEETS) for name in head.members)
    return sheets or (bool(head.members) and all(name.startswith(_OFFICE) for name in head.members))


def holds_under(*folders: str) -> Test:
    """Return the test for a zip archive with a member in one of these folders."""
    return lambda head: any(name.startswith(folders) for name in head.members)


def wide(width: int, place: int) -> Test:
    """Return the test for text of `width` bytes a character, all of them 0 but that at `place`."""

    def test(head: Head) -> bool:
        count = len(head.content) // width
        content = head.content[: count * width]
        zeros = content.count(0) == len(content) - count
        return not head.encoded and count > 3 and zeros and is_text(content[place::width])

    return test


def marked(*marks: bytes) -> Test:
    """Return the test for text that starts with one of these byte order marks."""
    return lambda head: not head.encoded and head.content.startswith(marks)


def is_page(head: Head) -> bool:
    """Return whether it is HTML, and no list of names such as <head>,<body>."""
    text = _bare(head)
    return text.startswith(b"<") and re.match(_PAGE, text, re.IGNORECASE) is not None


def is_storage_error(head: Head) -> bool:
    """Return whether it is what S3 and its kin answer instead of a file."""
    return _bare(head).startswith((b"<?xml", b"<Error>")) and b"<Error><Code>" in b"".join(
        head.content.split()
    )


def is_reply(head: Head) -> bool:
    """Return whether it is nothing but what a server says instead of sending a file."""
    text = head.content.lower().strip(b" .\r\n")
    return re.sub(rb"^\d{3}:? ", b"", text) in _REPLIES if len(text) < 64 else False


def is_dvc_pointer(head: Head) -> bool:
    """Return whether it is YAML that says where DVC keeps files."""
    lines = b"\n" + head.content.replace(b"\r", b"")
    listed = b"\nouts:\n" in lines or b"\ndeps:\n" in lines
    return listed and any(key in lines for key in (b"md5: ", b"etag: ", b"checksum: ", b"hash: "))


def has_conflict(head: Head) -> bool:
    """Return whether Git left both versions of some lines in it."""
    return b"\n<<<<<<< " in b"\n" + head.content


def is_pdf(head: Head) -> bool:
    """Return whether it is PDF, and no name such as %PDF-1,b."""
    start = head.content.startswith(b"%PDF-")
    return start and re.match(rb"%PDF-[12]\.\d\s*[\r\n]", head.content) is not None


def is_zlib(head: Head) -> bool:
    """Return whether it starts with the two bytes of a zlib stream, the second of which checks."""
    return head.content[:1] == b"\x78" and int.from_bytes(head.content[:2], "big") % 31 == 0


def is_tensorflow_record(head: Head) -> bool:
    """Return whether it starts with a length and the checksum of that."""
    length, checksum = head.content[:8], int.from_bytes(head.content[8:12], "little")
    if len(head.content) < 16:
        return False
    rest = 0xFFFFFFFF
    for byte in length:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    rest ^= 0xFFFFFFFF
    return checksum == ((rest >> 15 | rest << 17) + 0xA282EAD8) & 0xFFFFFFFF


def is_safetensors(head: Head) -> bool:
    """Return whether it starts with the length of a JSON object and that object."""
    length = int.from_bytes(head.content[:8], "little")
    return head.content[8:10] == b'{"' and length < 100 << 20


def is_matlab_4(head: Head) -> bool:
    """Return whether it starts with five numbers and a name, as version 4 of MATLAB has them."""
    numbers = [int.from_bytes(head.content[i : i + 4], "little") for i in range(0, 20, 4)]
    kind, rows, columns, imaginary, length = numbers
    name = head.content[20 : 20 + length]
    sizes = kind <= 52 and rows and columns and imaginary < 2 and 2 <= length <= 64
    return bool(sizes) and name[-1:] == b"\0" and name[:-1].replace(b"_", b"a").isalnum()


def first_members(content: bytes) -> tuple[str, ...]:
    """Return the names that are seen in the first bytes of a zip archive."""
    names, place = [], content.find(magics.ZIP)
    while place >= 0:
        size = int.from_bytes(content[place + 26 : place + 28], "little")
        names.append(content[place + 30 : place + 30 + size].decode("utf-8", "replace"))
        place = content.find(magics.ZIP, place + 30 + size)
    return tuple(names)


def _bare(head: Head) -> bytes:
    return head.content.removeprefix(_BOM).lstrip()
