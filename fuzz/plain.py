"""Fuzz the parser in C++ against the strict reader: `python fuzz/plain.py --minutes 30`.

Blocks of text are made of numbers, words and odd cells, and damaged. A finding is a block that the
native reader takes and the strict one refuses, another bit, or a byte read outside of the text:
behind the text lies a page that nobody may read. `make native-check` has it run with sanitisers.
"""

from __future__ import annotations

import argparse
import ctypes
import mmap
import random
import time
from functools import partial
from typing import Any

from text import ODD

from lossctl.base.errors import DataError
from lossctl.tables.cells import ClassIndex
from lossctl.tables.records.cuts import Cut, HeldCut
from lossctl.tables.table import Reading, Selection
from lossctl.tables.text import compiled, native, strict
from lossctl.tables.text.dialect import Dialect

WORDS = ("cat", "dog", "7", "a b", "0.5", "emu ")
IDS = ["7", "0.5", "a-1", "img 2", "1e5f", "2024-01-01", "1e+20", "12345678901234567.0", "x" * 257]
DAMAGE = b'0123456789.-e,;\t|\n\r +E"x\x00\xff'
LARGEST = 1 << 16


class Guarded(Cut):
    """Records at the end of a page, behind which none may be read."""

    def __init__(self, content: bytes, records: int) -> None:
        super().__init__(len(content), records, 1, 0)
        self._memory = mmap.mmap(-1, LARGEST + mmap.PAGESIZE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        page = ctypes.c_void_p(start + LARGEST), ctypes.c_size_t(mmap.PAGESIZE)
        assert protect(*page, 0) == 0, "the page is open"
        self._memory[LARGEST - len(content) : LARGEST] = content
        self._view = memoryview(self._memory)[LARGEST - len(content) : LARGEST]

    @property
    def content(self) -> Any:
        """The records; no bytes, but what `plain` takes as well."""
        return self._view


def number(rng: random.Random) -> str:
    """Return a number as programs write it, a tie between two floats among them."""
    kind, value = rng.randrange(7), rng.gauss(0, 1) * 10.0 ** rng.randrange(-12, 15)
    if kind < 2:
        return repr(rng.random())
    if kind == 2:
        return str(rng.randrange(10)) + rng.choice(["", "", ".0"])
    if kind == 3:
        return f"{value:.{rng.randrange(30)}f}"
    if kind == 4:
        return f"{value:.{rng.randrange(25)}{rng.choice('eEg')}}"
    digits = str((2 * (rng.getrandbits(53) | 1 << 52) + 1) * 5 ** (shift := rng.randrange(1, 60)))
    tie = f"{digits.rjust(shift + 1, '0')[:-shift]}.{digits.rjust(shift, '0')[-shift:]}"
    return tie[: rng.choice([18, 19, 20, 21, 24, 80])]


def block(rng: random.Random) -> tuple[bytes, int, strict.Layout]:
    """Return lines of text, how many these are, and how they are to be read."""
    width, rows = rng.randint(1, 5), rng.randint(1, 6)
    dialect = Dialect(rng.choice(",;\t|"), rng.choice("..,"))
    kinds = rng.choices("nnnwt-", k=width)
    makers = {"n": partial(number, rng), "w": partial(rng.choice, WORDS)}
    makers |= {"t": partial(rng.choice, IDS), "-": partial(rng.choice, [*IDS, *ODD])}
    newline = rng.choice(["\n", "\n", "\n", "\r\n"])
    lines = []
    for _ in range(rows):
        cells = [makers[kind]() for kind in kinds]
        if rng.random() < 0.05:
            cells[rng.randrange(width)] = rng.choice(ODD)
        lines.append(dialect.delimiter.join(c.replace(".", dialect.decimal) for c in cells))
    content = bytearray((newline.join(lines) + newline).encode()[: LARGEST - 8])
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        at = rng.randrange(len(content) + 1)
        content[at : at + rng.randrange(2)] = bytes(rng.choices(DAMAGE, k=rng.randrange(2)))
    if not content.endswith(b"\n"):
        content += b"\n"
    values = [i for i, kind in enumerate(kinds) if kind in "nw"]
    rng.shuffle(values)
    words = {i: ClassIndex(WORDS) for i in values if kinds[i] == "w"}
    texts = [i for i, kind in enumerate(kinds) if kind == "t"]
    beside = dict(zip(["id", "sample[0]", "label[0]", "label[1]", "label[2]"], texts, strict=False))
    reading = Reading("p.csv", Selection(values, words, beside))
    return bytes(content), content.count(b"\n"), strict.Layout(reading, dialect, width)


def judge(content: bytes, rows: int, layout: strict.Layout) -> bool:
    """Return whether the native reader took it; raise AssertionError for what it should not."""
    columns = native.Columns.of(layout)
    found = columns and native.read(Guarded(content, rows), layout, columns)
    part = content[: len(content) // 2]
    ends = [i + 1 for i, byte in enumerate(part) if byte == ord("\n")][: rows - 1]
    assert compiled.first_lines(part, rows - 1) == (len(ends), [0, *ends][-1]), "other lines"
    if not found:
        return False
    try:
        expected = strict.read(HeldCut(content, rows, 1, 0), layout, rows)
    except DataError as error:
        raise AssertionError(f"taken, but strictly: {error.message}") from error
    assert found.values.tobytes("F") == expected.values.tobytes("F"), "other numbers"
    assert found.values.flags.f_contiguous
    assert {role: ids.tolist() for role, ids in found.beside.items()} == {
        role: ids.tolist() for role, ids in expected.beside.items()
    }, "other texts"
    return True


def main() -> None:
    """Judge blocks until the time is over; stop at the first finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    assert compiled.plain is not None, "the extension is not there"
    end, taken, tried = time.monotonic() + 60 * options.minutes, 0, 0
    while time.monotonic() < end:
        made = block(random.Random(f"{options.seed}/{tried}"))
        try:
            taken += judge(*made)
        except AssertionError as error:
            found = f"FOUND in block {tried} of seed {options.seed}: {error}\n{made}"
            raise SystemExit(found) from error
        tried += 1
    print(f"plain: {tried} blocks tried, {taken} taken, none of them otherwise than strictly")


if __name__ == "__main__":
    main()
