"""What tables say, read by the plainest code there is: the judge of the fuzzers."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

Rows = list[list[float]]

NUMBER = re.compile(rb" *([+-]?)([0-9]*)(\.?)([0-9]*)(?:[eE]([+-]?[0-9]+))? *")
ID = re.compile(rb"(.*[_ -])?(id|Id|ID)|.*[a-z]Id|__index_level_[0-9]+__")
MISSING = {b"", b"na", b"n/a", b"<na>", b"null", b"none", b"missing", b"<missing>", rb"\n"}
MISSING |= {b"#n/a", b"#na", b"#n/a n/a"}
NOT_A_NUMBER = re.compile(rb"[+-]?(nan(\((ind|qnan|snan)\))?|1\.#(qnan|snan|ind)0*)|\.[a-z_]?")
"""Of C, in lower case; of SAS and Stata."""
MAGICS = (b"\x93NUMPY", b"PK\x03\x04", b"PAR1", b"ARROW1", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")


class Refuse(Exception):
    """The definition says that this must be refused."""


class Unknown(Exception):
    """The definition does not say."""


class Either(Exception):
    """The definition leaves open whether this number comes out, or a refusal."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number


def loss_of(rows: Rows, targets: Rows) -> float:
    """Return the mean of the sums of absolute differences, correctly rounded."""
    if (one_hot := _one_hot(rows, targets)) is not None:
        raise Either(loss_of(rows, one_hot))
    if _may_be_ids(rows, targets):
        raise Either(_mean(rows, targets))
    return _mean(rows, targets)


def _one_hot(rows: Rows, targets: Rows) -> Rows | None:
    """Return what one column of targets says of several of predictions, if it may be labels."""
    width = len(rows[0]) if rows else 0
    if width < 2 or any(len(row) != width for row in rows) or len(rows) != len(targets):
        return None
    if any(len(target) != 1 or target[0] not in range(width) for target in targets):
        return None
    return [[float(target[0] == index) for index in range(width)] for target in targets]


def _may_be_ids(rows: Rows, targets: Rows) -> bool:
    """Return whether the first of several columns may be ids: whole, different, 3 or more."""
    if min(len(rows), len(targets)) < 3 or min(len(rows[0]), len(targets[0])) < 2:
        return False
    firsts = [[row[0] for row in side if row] for side in (rows, targets)]
    whole = all(value % 1 == 0 for side in firsts for value in side)
    different = all(len({*side}) == len(side) for side in firsts)
    counts = any(np.diff(side).tolist() == [1] * (len(side) - 1) for side in firsts)
    return whole and different and (counts or {*firsts[0]} == {*firsts[1]} or len(rows) >= 100)


def _mean(rows: Rows, targets: Rows) -> float:
    if len(rows) != len(targets) or any(
        len(r) != len(t) for r, t in zip(rows, targets, strict=True)
    ):
        raise Refuse("other shapes")
    total, count = Fraction(0), 0
    for row, target in zip(rows, targets, strict=True):
        if np.isnan(row).any():  # left out, with its missing value
            continue
        loss = 0.0
        for y, d in zip(row, target, strict=True):
            loss += abs(y - d)
        if not np.isfinite(loss):
            raise Refuse("a loss beyond float64")
        total, count = total + Fraction(loss), count + 1
    if not count:
        raise Refuse("no sample is left")
    return float(total / count)


def number(cell: bytes) -> float:
    """Return the float64 nearest to a decimal number, by integers alone."""
    match = NUMBER.fullmatch(cell)
    if not match or not (match[2] or match[4]):
        raise Refuse(f"{cell!r} is not a number")
    digits = int(match[2] + match[4])
    power = int(match[5] or b"0") - len(match[4])
    if digits == 0:
        value = 0.0
    elif power + len(str(digits)) > 310:
        raise Refuse("too large")
    elif power + len(str(digits)) < -330:
        value = 0.0
    else:
        try:
            value = digits * 10**power / 1 if power >= 0 else digits / 10**-power
        except OverflowError:
            raise Refuse("too large") from None
        if value == float("inf"):
            raise Refuse("too large")
    if not match[3] and match[5] is None and digits >= 1 << 53 and int(value) != digits:
        raise Refuse("an integer that is not exact")
    return -value if match[1] == b"-" else value


def lines_of(content: bytes) -> bytes:
    """Return text with newlines alone, the last line ended; refuse what is no text or empty."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", *MAGICS)):
        raise Refuse("no text")
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content:
        raise Refuse("empty")
    if not content.endswith(b"\n"):  # a file cut between CR and LF is one without a final newline
        content += b"\n"
    return content.replace(b"\r\n", b"\n")


def csv_records(content: bytes, delimiter: bytes) -> list[list[bytes]]:
    """Return the cells of each record, byte by byte."""
    content = lines_of(content)
    if delimiter == b" ":
        if b'"' in content:
            raise Unknown("quotation marks between spaces")
        return [[c for c in line.split(b" ") if c] for line in content.split(b"\n")[:-1]]
    records: list[list[bytes]] = []
    row: list[bytes] = []
    at = 0
    while at < len(content):
        if not row and content[at : at + 1] == b"\n":  # blank: no row, not even of an empty cell
            records.append([])
            at += 1
            continue
        cell, at = _cell(content, at, delimiter)
        row.append(cell)
        if content[at : at + 1] == b"\n":
            records.append(row)
            row = []
        at += 1
    return records


def _cell(content: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    """Return the cell that starts here, and where the mark behind it is."""
    marks = (delimiter, b"\n")
    if content[at : at + 1] != b'"':
        end = at
        while content[end : end + 1] not in marks:
            end += 1
        if b'"' in content[at:end]:
            raise Refuse("a quotation mark in a cell")
        return content[at:end], end
    cell, at = b"", at + 1
    while True:
        end = content.find(b'"', at)
        if end < 0:
            raise Refuse("a quotation mark left open")
        cell, at = cell + content[at:end], end + 1
        if content[at : at + 1] != b'"':
            break
        cell, at = cell + b'"', at + 1
    if content[at : at + 1] not in marks:
        raise Refuse("text behind a quotation")
    return cell, at


def check_names(names: list[bytes]) -> None:
    """Refuse names of columns that are none."""
    for name in names:
        try:
            text = name.decode()
        except UnicodeDecodeError:
            raise Refuse("a name that is not UTF-8") from None
        if not text.strip() or text != text.strip() or "\0" in text:
            raise Refuse("a blank or padded name")
    if len(set(names)) < len(names):
        raise Refuse("a name twice")
    numbers = [int(name[1:]) for name in names if re.fullmatch(rb"c[0-9]+", name)]
    if len(numbers) == len(names) > 1 and numbers != sorted(numbers):
        raise Unknown("names that count in another order, beside targets without names")


def csv_rows(
    content: bytes, delimiter: bytes, header: bool, decimal: bytes = b".", skip: bool = False
) -> Rows:
    """Return the numbers of a table; with `skip`, missing ones are NaN."""
    start = lines_of(content)[:1]
    if start in (b"{", b"[") or (start == b"#" and not header):
        raise Refuse("JSON or a comment")
    if b"[" in content and b"]" in content:
        raise Unknown("it may be a list")
    records = csv_records(content, delimiter)
    if not records[0]:
        raise Refuse("a blank line")
    if header:
        check_names(records[0])
        if len(records[0]) > 1 and any(ID.fullmatch(name) for name in records[0]):
            raise Unknown("an id")
        width, records = len(records[0]), records[1:]
    else:
        width = len(records[0])
    if not records:
        raise Refuse("no rows")
    if any(len(record) != width for record in records):
        raise Refuse("a short or long row")
    return [[_value(cell, decimal, skip) for cell in record] for record in records]


def _value(cell: bytes, decimal: bytes, skip: bool) -> float:
    bare = cell.strip(b" ").lower()
    if skip and (bare in MISSING or NOT_A_NUMBER.fullmatch(bare)):
        return float("nan")
    if decimal == b"," and b"." in cell:
        raise Refuse("a point where the comma is the decimal point")
    return number(cell.replace(decimal, b"."))


def labelled_rows(content: bytes) -> tuple[Rows, Rows]:
    """Return predictions and one-hot targets of columns a, b, c and t, in any order."""
    records = csv_records(content, b",")
    names = records[0]
    check_names(names)
    if not {b"a", b"b", b"c", b"t"} <= set(names) or len(records) < 2:
        raise Refuse("a column is missing")
    if any(len(record) != len(names) for record in records):
        raise Refuse("a short or long row")
    first = records[1][names.index(b"t")]
    if first not in (b"a", b"b", b"c"):
        raise Unknown("other labels")
    predictions, targets = [], []
    for record in records[1:]:
        predictions.append([number(record[names.index(name)]) for name in (b"a", b"b", b"c")])
        label = record[names.index(b"t")]
        if label not in (b"a", b"b", b"c"):
            raise Refuse("not a class")
        targets.append([float(label == name) for name in (b"a", b"b", b"c")])
    return predictions, targets
