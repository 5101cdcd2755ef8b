"""What a cell of text may hold: the one place that knows a bad one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from lossctl.base.decimals import is_number
from lossctl.base.wording import argument, listed, quoted
from lossctl.tables.missing import is_failed_formula
from lossctl.tables.missing import is_missing as is_missing  # noqa: PLC0414, known from here

MINUS_INFINITY = {"-inf", "-infinity"}
"""What says -inf, in lower case and without spaces around it."""
TRUE = {"True", "true", "TRUE"}
FALSE = {"False", "false", "FALSE"}
EXACT_BELOW = 2.0**53
LONGEST_ID = 256
"""In bytes of UTF-8."""
SKIP = "to leave out samples with a missing value, and count them, pass --nan skip"
LOGARITHMS = (
    "-inf is a value of log-probabilities and of logits alone: if predictions are that, pass "
    "--from log-probs or --from logits"
)
FORMULA = (
    "mend its formula, or empty the cell, and leave its sample out with --nan skip, which counts it"
)
ROUNDED = rb"[0-9]{16}\.0\Z|[eE]\+[0-9]+\Z|[0-9]\.[0-9]+E[0-9]+\Z"
"""How floats beyond 2^53 end, as C, Python and Java write them."""
NOT_EXACT = "is an integer that a 64-bit float cannot hold exactly"
COMMENT = (
    "a comment line is no row: remove it, or pass --comment '#' where it is above the first row"
)

Meaning = Callable[[str], float]
"""What the cells of a column stand for: from the text of one to its number, or BadCell.

It goes where spans go: a function of a module, a `partial` of one, or a `ClassIndex`."""


class BadCell(ValueError):
    """A cell that is not what its column holds: the reason, and the way out if there is one."""

    column: int | str | None = None
    """The position of its column among the values, or the role of one beside them."""
    label: str | int | None = None
    """What messages call its column, where that is several columns."""
    value: object = None
    """The cell."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def number(text: str) -> float:
    """Return the float64 nearest to a decimal number; raise BadCell for anything else."""
    if not is_number(text):
        raise BadCell(*_not_a_number(text))
    value = float(text)
    if abs(value) < EXACT_BELOW:
        return value
    if value in (float("inf"), float("-inf")):
        raise BadCell(f"{quoted(text)} is too large for a 64-bit float")
    digits = text.strip(" ").lstrip("+-").lstrip("0")
    if digits.isdigit() and int(digits) != abs(int(value)):
        raise BadCell(f"{quoted(text)} {NOT_EXACT}")
    return value


def decimal_comma(text: str) -> float:
    """Return the float64 nearest to a number with a decimal comma; raise BadCell for others."""
    pointed = text.replace(",", ".")
    if "." in text or not is_number(pointed):
        raise BadCell(*_not_a_number(text, decimal=","))
    return number(pointed)


def with_point(cell: str, decimal: str) -> str:
    """Return a number that has this decimal point with a point; any other text as it is."""
    if decimal == ".":
        return cell
    pointed = cell.replace(decimal, ".")
    return pointed if is_number(pointed) else cell


def number_with(decimal: str) -> Meaning:
    """Return what cells mean as numbers that have this decimal point."""
    return decimal_comma if decimal == "," else number


def _not_a_number(text: str, decimal: str = ".") -> tuple[str, str | None]:
    from lossctl.tables.oddities import beside_decimal_commas, way_out

    bare = text.strip(" ")
    reason, hint = "not a number", None
    if is_missing(bare):
        hint = SKIP
    elif is_minus_infinity(bare):
        hint = LOGARITHMS
    elif is_failed_formula(bare):
        reason, hint = "an error of a spreadsheet, not a number", FORMULA
    elif bare.startswith("#"):
        hint = COMMENT
    elif is_boolean(bare.strip("'")):
        hint = "write 1 for true and 0 for false"
    elif decimal == ",":
        reason = "not a number with a decimal comma"
        hint = beside_decimal_commas(bare)
    else:
        hint = way_out(text)
    return f"{quoted(text) if bare else 'an empty cell'} is {reason}", hint


def is_boolean(text: str) -> bool:
    """Return whether a cell is true or false, as pandas, R and JSON write them."""
    return text in TRUE or text in FALSE


def boolean(text: str) -> float:
    """Return 1 for true and 0 for false; raise BadCell for anything else."""
    if not is_boolean(text):
        raise BadCell(f"{quoted(text)} is neither true nor false, as the first row is")
    return float(text in TRUE)


def boolean_class(true: float, text: str) -> float:
    """Return the class that true or false, however written, names: `true`, or the other of two."""
    return true if boolean(text) else 1.0 - true


def no_label(text: str, labels: Collection[str] | None, what: str) -> tuple[str, str] | None:
    """Return message and hint for a text that is no label at all, or has a space around one.

    `what` is what it is not; no label has a space around it where the known `labels` are None.
    None is returned for what may be another label.
    """
    from lossctl.tables.oddities import around

    bare = text.strip()
    if not bare:
        return f"an empty cell is {what}", SKIP
    if is_failed_formula(text):
        return f"{quoted(text)} is an error of a spreadsheet, {what}", FORMULA
    if bare != text and (labels is None or bare in labels):
        return f"{quoted(text)} is {what}", around(text)
    return None


class ClassIndex:
    """From the name of a class to its index."""

    def __init__(
        self, names: tuple[str, ...], hint: str | Callable[[str], str] | None = None
    ) -> None:
        """`hint` is the way out for what is not the name of a class, or says it of a text."""
        self._names = names
        self._hint = hint
        self._index = {name: float(position) for position, name in enumerate(names)}

    def __call__(self, text: str) -> float:
        """Return the index of a class; raise BadCell for what is not the name of one."""
        index = self._index.get(text)
        if index is None:
            index = self._index.get(label_text(text))
        if index is None:
            raise BadCell(*self._unknown(text))
        return index

    def _unknown(self, text: str) -> tuple[str, str]:
        """Return message and hint for what is not the name of a class."""
        if known := no_label(text, None, "not a class name"):
            return known
        if is_missing(text):
            hint = f"if it is a class, name the columns with --classes; {SKIP}"
        elif self._hint is not None:
            hint = self._hint if isinstance(self._hint, str) else self._hint(text)
        elif not self._names:
            hint = "name the columns of the predictions: --classes a,b,c"
        else:
            hint = f"the classes are {listed(map(quoted, self._names), 10)}"
        return f"{quoted(text)} is not a class name", hint


def or_missing(meaning: Meaning, text: str) -> float:
    """Return what a cell means, NaN for a missing value; raise BadCell for what is neither."""
    try:
        return meaning(text)
    except BadCell:
        if is_missing(text):
            return float("nan")
        raise


def or_minus_infinity(meaning: Meaning, text: str) -> float:
    """Return what a cell means, or -inf where it says so; raise BadCell for what is neither."""
    try:
        return meaning(text)
    except BadCell:
        if is_minus_infinity(text):
            return float("-inf")
        raise


def is_minus_infinity(text: str) -> bool:
    """Return whether a cell says -inf, as C, Python, R, Java, JSON or polars write it."""
    return text.strip(" ").lower() in MINUS_INFINITY


def label_text(text: str) -> str:
    """Return the text of a label; of a whole number without sign, point and spaces around it."""
    if is_number(text) and abs(float(text)) < EXACT_BELOW and float(text).is_integer():
        return str(int(float(text)))
    return text


def way_as_ids(name: str) -> str:
    """Return the hint for a column whose values are no numbers, but may be ids."""
    return f"if both tables have this column, it can pair the rows: --id {argument(name)}"


def id_bytes(text: str) -> bytes:
    """Return the text of an id, as it stands, in UTF-8; raise BadCell for what is none."""
    try:
        content = text.encode()
    except UnicodeEncodeError:  # only where bytes that are no UTF-8 were kept as surrogates
        raise BadCell(f"{quoted(text)} is not UTF-8") from None
    if not content:
        raise BadCell("an empty cell is no id")
    if re.search(ROUNDED, content) and is_number(text) and abs(float(text)) >= EXACT_BELOW:
        raise BadCell(
            f"{quoted(text)} was a 64-bit float, which rounds so large an id",
            "keep ids as text or as integers where the file is made (a workbook holds 15 digits)",
        )
    if b"\0" in content:
        raise BadCell(f"{quoted(text)} is no id: it holds a NUL character")
    if len(content) > LONGEST_ID:
        raise BadCell(f"an id of {len(content)} bytes is too long: {LONGEST_ID} is the most")
    return content


def is_whole(text: str) -> bool:
    """Return whether a cell is digits alone, but for a minus sign and spaces around it."""
    return text.isascii() and text.strip().removeprefix("-").isdecimal()


def counts_up(cells: Sequence[str]) -> bool:
    """Return whether the cells are 0..k-1 or 1..k, as pandas writes columns without names."""
    numbers = [float(cell) if is_number(cell) else -1.0 for cell in cells]
    return bool(numbers) and numbers in (
        [float(i) for i in range(len(cells))],
        [i + 1.0 for i in range(len(cells))],
    )


def any_bytes(text: str) -> bytes:
    """Return a text in UTF-8 as it stands or, if it is very long or holds a NUL, its digest."""
    content = text.encode("utf-8", "surrogateescape")
    if len(content) <= LONGEST_ID and b"\0" not in content:
        return content
    from hashlib import sha256

    return sha256(content).hexdigest().encode()


class Role(NamedTuple):
    """What a column beside the predictions and targets is for."""

    text: bool
    """Its cells are texts, held as UTF-8; otherwise they are numbers."""
    missing: str
    """What is said of a cell that is missing."""
    none: str
    """What is said behind a cell that cannot be one."""
    any_cell: bool = False
    """No cell of it is refused, as nobody asked for the column; whole numbers stay numbers."""
    as_it_lies: bool = False
    """Its array is handed on as it is; only tables of arrays have such columns."""

    def bytes_of(self, text: str) -> bytes:
        """Return the text of a cell in UTF-8; raise BadCell for what cannot be one."""
        return any_bytes(text) if self.any_cell else id_bytes(text)


MOST_LEVELS, MOST_IDS = 16, 4
ROLES = {
    "id": Role(True, "an id is missing", "is no id"),
    **{f"sample[{number}]": Role(True, "", "", any_cell=True) for number in range(MOST_IDS)},
    **{
        f"index[{level}]": Role(False, "", "", any_cell=True, as_it_lies=True)
        for level in range(MOST_LEVELS)
    },
    **{f"label[{level}]": Role(True, "", "", any_cell=True) for level in range(MOST_LEVELS)},
}
"""By the names that the columns have in outputs. `sample[0]` is a column that looks like an id, by
which samples that are there twice are found, `index[0]` a level of an index of labels, and
`label[0]` one that only its name tells of: these three appear in no output."""
