"""igzip in place of zlib: the same content, and the same words about what is damaged."""

import gzip
import sys
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from lossctl.base.errors import LossctlError
from lossctl.tables.streams.compression import COMPRESSIONS, Decompressed
from lossctl.tables.streams.igzip import Igzip
from lossctl.tables.streams.source import Source

ROWS = b"".join(b"%.17g,%d\n" % (Random(row).random(), row % 9) for row in range(3000))


def told(path: Path, quick: bool, size: int = 1 << 18) -> bytes | str:
    """Return what is in a file, or what is told of it, with igzip or without it."""
    found = b""
    hidden = {} if quick else {"lossctl.tables.streams.igzip": None}
    with patch.dict(sys.modules, hidden):
        stream = Decompressed(Source(str(path)), COMPRESSIONS[".gz"])
    try:
        while part := stream.read(size):
            found += part
    except LossctlError as error:
        return str(error)
    finally:
        stream.close()
    return found


def damaged(rng: Random) -> bytes:
    """Return members, one after another, some of whose bytes are altered, lost or added."""
    content = ROWS[: rng.choice([0, 22, 6000, len(ROWS)])]
    members = (gzip.compress(content, rng.choice([0, 1, 6, 9])) for _ in range(rng.randint(1, 3)))
    found = bytearray(b"".join(members))
    for _ in range(rng.choice([0, 1, 1, 2])):
        end = rng.choice([len(found), min(12, len(found))])
        at = rng.choice([rng.randrange(end), len(found) - 1 - rng.randrange(8)])
        found[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    return bytes(found[: rng.choice([len(found), len(found), rng.randint(1, len(found))])])


def test_whatever_is_damaged_is_told_as_zlib_tells_it(tmp_path: Path) -> None:
    path, outcomes = tmp_path / "p.csv.gz", set[str]()
    for seed in range(300):
        path.write_bytes(damaged(Random(seed)))
        expected = told(path, quick=False)
        assert told(path, quick=True, size=Random(seed).choice([100, 1 << 20])) == expected, seed
        outcomes.add(expected[-30:] if isinstance(expected, str) else "sound")
    assert len(outcomes) > 5  # sound, cut off, and damaged in several ways


@pytest.mark.parametrize("quick", [True, False])
def test_files_are_read_by_igzip_where_it_is_installed(tmp_path: Path, quick: bool) -> None:
    path = tmp_path / "p.csv.gz"
    path.write_bytes(gzip.compress(ROWS))
    with patch.object(Igzip, "decompress", side_effect=AssertionError("igzip was asked")):
        if quick:
            with pytest.raises(AssertionError):
                told(path, quick)
        else:
            assert told(path, quick) == ROWS
