"""Tables of text to fuzz lossctl with: CSV and its kin, with labels, JSON Lines and JSON."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import json_oracle
import oracles as oracle
from oracles import Either, Refuse, Rows, Unknown

READERS = ("native", "fast", "strict")
Way = dict[str, Any]


class Case(NamedTuple):
    """An input: the ways to evaluate it, and what may come out."""

    files: dict[str, bytes]
    ways: list[Way]
    """Options of `evaluate`; and `reader` (of text), `pipe`, `p` and `t` (inputs)."""
    allowed: set[float] | None
    """The right numbers; None: whatever, but one outcome for all ways."""
    refusal: bool
    """It may be refused."""
    messages: bool = False
    """The messages of all ways are the same, too."""
    unseen: Callable[[set[float]], bool] = lambda numbers: False
    """Whether other numbers are no finding, for want of a checksum; they are counted."""


# Odd numbers, and damage.

ODD = ["", "NA", "nan", "inf", "1e400", "-1e400", "1e-400", "5e-324", "1_0", "0x10", "1;5", "--1"]
ODD += ["1e", ".", "e5", "+", "1 2", "1.5.2", "9007199254740993", "9007199254740992", "-0", "00012"]
ODD += ["1d5", "1.", ".5", "True", "#1", '"', '1"5', '"1"5', '""', "\xe9", "\u0661", "\u00a01"]
ODD += [
    "\x00",
    "\x1a",
    "\r",
    "\t1",
    "- 1",
    "1e 5",
    " 1",
    "1 ",
    "+1",
    '"1"',
    '" 1"',
    '"1\n"',
    "1E+2",
]
ODD += ["18446744073709551617", "2.2250738585072011e-308", "1.7976931348623159e308", "4.9e-324"]
ODD += ["0." + "0" * 40 + "1", "1" + "0" * 30, "123456789012345678", "3e22", "1e23", "-1e-5 "]
ODD += ["[1]", "[1, 2]", "[1 2]", "#DIV/0!", "1,5", "0,5", "1,234", "12%", "0x1", "\u22121"]
MISSING = ["", "NA", "n/a", "null", "None", "nan", " ", "<NA>", "#N/A", ".", "\\N", "-nan(ind)"]
TOKENS = [
    b"\n",
    b"\r\n",
    b"\r",
    b",",
    b'"',
    b'""',
    b"\n\n",
    b"\0",
    b"\xff",
    b" ",
    b"\t",
    b";",
    b"#",
]
TOKENS += [
    b"\xef\xbb\xbf",
    b"1",
    b"e",
    b"-",
    b"+",
    b".",
    b"0",
    b"nan",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
]
TOKENS += [
    b"\\u0000",
    b"\\",
    b"null",
    b"true",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"PK\x05\x06",
]
TOKENS += [b"PK\x01\x02", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"ARROW1", b"1e999", b"9" * 20]


def damaged(rng: random.Random, content: bytes, most: int = 3) -> bytes:
    """Return content with a few flips, cuts, splices and insertions."""
    for _ in range(rng.randint(1, most)):
        at, size = rng.randrange(len(content) + 1), rng.choice([1, 1, 2, 4, 8, 32])
        other = rng.randrange(len(content) + 1)
        kind = rng.randrange(9)
        if kind <= 2 and content:
            at = min(at, len(content) - 1)
            new = bytes([content[at] ^ (1 << rng.randrange(8))])
            content = content[:at] + new + content[at + 1 :]
        elif kind == 3:
            content = content[:at] + rng.choice(TOKENS) + content[at:]
        elif kind == 4:
            content = content[:at] + rng.choice(TOKENS) + content[at + size :]
        elif kind == 5:
            content = content[:at] + content[at + size :]
        elif kind == 6:
            content = content[:at] + content[other : other + size] + content[at:]
        elif kind == 7:
            value = rng.choice([0, 1, 0x7F, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF, len(content)])
            new = struct.pack("<I", value & 0xFFFFFFFF)[: rng.choice([1, 2, 4])]
            content = content[:at] + new + content[at + len(new) :]
        else:
            content = content[:at] if rng.random() < 0.5 else content[at:] + content[:at]
    return content


def judged(judge: Callable[[], float]) -> tuple[set[float] | None, bool]:
    """Return what an oracle allows: a number, a refusal, or anything."""
    try:
        return {judge()}, False
    except Refuse:
        return set(), True
    except Either as either:
        return {either.number}, True
    except Unknown:
        return None, True


def plain(rng: random.Random) -> float:
    """Return a number as files have them."""
    return rng.choice(
        [
            round(rng.uniform(-9, 9), rng.randint(0, 9)),
            rng.random(),
            rng.uniform(-1, 1) * 10.0 ** rng.randint(-20, 14),
            float(rng.randint(-9, 9)),
        ]
    )


def table(rng: random.Random) -> tuple[Rows, Rows]:
    """Return predictions and targets of one shape."""
    width, rows = rng.choice([1, 2, 2, 3, 5]), rng.choice([1, 2, 3, 7, 20])
    predictions, targets = (
        [[plain(rng) for _ in range(width)] for _ in range(rows)] for _ in range(2)
    )
    return predictions, targets


# The readers.


def csv_case(rng: random.Random) -> Case:
    """Text: fast and strict, by the plain parser."""
    if rng.random() < 0.3:
        return labelled_case(rng)
    rows, targets = table(rng)
    delimiter = rng.choice([",", ",", "\t", ";", "|", " "])
    decimal = "," if delimiter != "," and rng.random() < 0.2 else "."
    skip, header, odd = (rng.random() < chance for chance in (0.2, 0.5, 0.5))
    cells = [
        [
            rng.choice(ODD + MISSING * skip) if odd and rng.random() < 0.1 else _written(rng, y)
            for y in row
        ]
        for row in rows
    ]
    lines = [delimiter.join(row).replace(".", decimal) for row in cells]
    if header:
        lines.insert(0, delimiter.join(f"c{j}" for j in range(len(rows[0]))))
    newline = rng.choice(["\n", "\n", "\n", "\r\n", "\r"])
    content = (newline.join(lines) + rng.choice([newline, newline, ""])).encode()
    if rng.random() < 0.5:
        content = damaged(rng, content)
    told = rng.random() < 0.8
    options: dict[str, Any] = {"decimal": decimal, "nan": "skip" if skip else "error"}

    def judge(mark: str, named: bool) -> float:
        found = oracle.csv_rows(content, mark.encode(), named, decimal.encode(), skip)
        return oracle.loss_of(found, targets)

    if told:
        options |= {"delimiter": delimiter, "header": header}
        allowed, refusal = judged(lambda: judge(delimiter, header))
    else:  # whatever it was taken for, the numbers are those of some reading
        readings = [(mark, named) for mark in ",\t;| " for named in (True, False)]
        found = [judged(partial(judge, *reading))[0] for reading in readings]
        known = [numbers for numbers in found if numbers is not None]
        allowed, refusal = set().union(*known) if len(known) == len(found) else None, True
    return Case({"p.csv": content}, fast_and_strict(rng, targets, options), allowed, refusal, True)


def fast_and_strict(rng: random.Random, targets: Any, options: dict[str, Any]) -> list[Way]:
    """Return the ways to read a text: by each reader, and in blocks of other sizes."""
    ways = [{"reader": reader, "t": targets, **options} for reader in READERS]
    block = rng.randint(1, 8)
    return ways + [{**way, "block_rows": block} for way in ways]


def _written(rng: random.Random, value: float) -> str:
    style = rng.randrange(8)
    if style == 0:
        return f"{value:.{rng.randint(0, 30)}e}"
    if style == 1:
        return f"{value:.{rng.randint(0, 40)}f}"
    if style == 2:
        return f' "{value!r}"'.removeprefix(" ") if rng.random() < 0.2 else f" {value!r}"
    return repr(value)


def labelled_case(rng: random.Random) -> Case:
    """Predictions, class names and an id in one table of text."""
    names = ["a", "b", "c", "t", "key"][: rng.choice([4, 5])]
    rng.shuffle(names)
    lines = [",".join(names)]
    for row in range(rng.choice([1, 3, 9])):
        words = {"t": rng.choice("abc"), "key": rng.choice([f"k{row}", "x", '"q"', "\xe9", ""])}
        lines.append(",".join(words.get(name) or _written(rng, plain(rng)) for name in names))
    content = ("\n".join(lines) + "\n").encode()
    if rng.random() < 0.7:
        content = damaged(rng, content)

    def judge() -> float:
        return oracle.loss_of(*oracle.labelled_rows(content))

    allowed, refusal = judged(judge)
    options = {"pred_cols": "a,b,c", "target_col": "t", "header": True, "delimiter": ","}
    ways = fast_and_strict(rng, None, options)
    return Case({"p.csv": content}, ways, allowed, refusal, messages=True)


def jsonl_case(rng: random.Random) -> Case:
    """JSON Lines, by a parser of its own."""
    rows, targets, names = _json_table(rng)
    lines = []
    for cells in rows:
        space = rng.choice(["", " ", "\t"])
        if names is not None:
            pairs = [f'"{n}"{space}:{space}{cell}' for n, cell in zip(names, cells, strict=True)]
            rng.shuffle(pairs) if lines else None
            lines.append("{" + f",{space}".join(pairs) + "}" + space)
        else:
            lines.append("[" + f",{space}".join(cells) + "]" + space)
    newline = rng.choice(["\n", "\n", "\r\n", "\r"])
    content = (newline.join(lines) + rng.choice([newline, ""])).encode()
    if rng.random() < 0.6:
        content = damaged(rng, content)
    allowed, refusal = judged(lambda: oracle.loss_of(json_oracle.lines_rows(content), targets))
    ways = [{"t": targets}, {"t": targets, "block_rows": rng.randint(1, 8)}]
    return Case({"p.jsonl": content}, ways, allowed, refusal, messages=True)


def json_case(rng: random.Random) -> Case:
    """Documents in JSON in many layouts, by a parser of its own."""
    rows, targets, names = _json_table(rng)
    newline = rng.choice(["", "", "\n", "\r\n", "\n  "])
    space = rng.choice(["", " "])

    def joined(marks: str, parts: list[str]) -> str:
        return marks[0] + newline + f",{newline or space}".join(parts) + newline + marks[1]

    def pairs(keys: list[str], cells: list[str]) -> str:
        return joined("{}", [f'"{k}":{space}{cell}' for k, cell in zip(keys, cells, strict=True)])

    if names is None:
        single = len(rows[0]) == 1 and rng.random() < 0.7
        text = joined("[]", [row[0] if single else joined("[]", row) for row in rows])
    elif rng.random() < 0.3:
        keys = [str(i) for i in range(len(rows))]
        rng.shuffle(keys) if rng.random() < 0.3 else None
        columns = [list(column) for column in zip(*rows, strict=True)]
        text = pairs(names, [pairs(keys, column) for column in columns])
        if rng.random() < 0.3:
            text = pairs(keys, [pairs(names, row) for row in rows])
    else:
        text = joined("[]", [pairs(names, row) for row in rows])
    content = text.encode() + rng.choice([b"", b"\n", b"\r\n "])
    if rng.random() < 0.6:
        content = damaged(rng, content)
    allowed, refusal = judged(lambda: oracle.loss_of(json_oracle.document_rows(content), targets))
    ways: list[Way] = [{"t": targets}, {"t": targets, "block_rows": rng.randint(1, 8)}]
    return Case({"p.json": content}, ways, allowed, refusal, messages=True)


def _json_table(rng: random.Random) -> tuple[list[list[str]], Rows, list[str] | None]:
    """Return cells as JSON writes them, some in lists or as strings, targets, names if any."""
    rows, targets = table(rng)
    width = len(rows[0])
    odd = ["null", "true", "NaN", "Infinity", '"1"', "[1]", "{}", "01", "1.", ".5", "+1", "-0"]
    odd += ["1e5", '"x"', '"NaN"', "[]", "[1,2]", "[[1]]", '" 1"', '"1_0"', "\\u0031"]
    odd += ["1e400", "9007199254740993", "1E-400", "-", "1e", "0x1", "1_0", "\u0661"]
    strings = [rng.random() < 0.2 for _ in range(width)]
    start = rng.randrange(width) if width > 1 and rng.random() < 0.3 else width
    found = []
    for row in rows:
        cells = [
            rng.choice(odd) if rng.random() < 0.02 else f'"{y!r}"' if text else repr(y)
            for y, text in zip(row, strings, strict=True)
        ]
        if start < width:
            cells[start:] = ["[" + ",".join(cells[start:]) + "]"]
        found.append(cells)
    names = [f"c{j}" for j in range(len(found[0]))] if rng.random() < 0.5 else None
    return found, targets, names
