"""The table of first bytes: what a file starts with says what it is, whatever it is called."""

from __future__ import annotations

NPY = b"\x93NUMPY"
ZIP = b"PK\x03\x04"
ZIP_END = b"PK\x05\x06"
"""The list of members ends with it, and so an archive without members starts with it."""
PARQUET = b"PAR1"
PARQUET_ENCRYPTED = b"PARE"
ARROW = b"ARROW1"
ARROW_STREAM = b"\xff\xff\xff\xff"
"""Each message of a stream starts with it; before 2019, only with its length."""
FEATHER_V1 = b"FEA1"
GZIP = b"\x1f\x8b"
BZIP2 = b"BZh"
XZ = b"\xfd7zXZ\x00"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_SKIPPED = tuple(bytes([low, 0x2A, 0x4D, 0x18]) for low in range(0x50, 0x60))
"""A frame of zstd that is to be skipped; pzstd writes one in front of each of the others."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of text in UTF-16."""
