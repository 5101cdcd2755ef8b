"""What a cell that is no number most likely is, and the way out."""

from __future__ import annotations

import re

from lossctl.base.decimals import is_number
from lossctl.base.wording import quoted

ENCODING = (
    "if the text is in another encoding, name it: --encoding latin-1; where there is another file, "
    "in UTF-8, rewrite this one instead: iconv -f LATIN1 -t UTF-8 FILE > NEW"
)
GROUPED = "write numbers with a decimal point and no thousands separator"
PASS_DECIMAL = (
    "pass --decimal , (targets in a file of their own: with --targets-decimal . if they have "
    "points, or --targets-decimal , alone if only they have commas)"
)
DECIMAL_COMMA = f"{GROUPED}, or {PASS_DECIMAL}"
POINTLESS = "where --decimal , is passed a point is never dropped: write no thousands separator"
POINTS = (
    "if only the targets have decimal points, pass --targets-decimal . too; if only the "
    "predictions have them, pass --targets-decimal , alone"
)

_NUMBER = r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)"
_GROUPS = r"[+-]?[0-9]++(?:(?:[.,][0-9]++)++|(?:['_ \u2019\xa0\u202f][0-9]{3})++(?:[.,][0-9]++)?)"
_COMMA = r"[+-]?([0-9]*+),([0-9]++)(?:[eE][+-]?[0-9]++)?"
_PAIRS = (
    r"[0-9]++:[+-]?[0-9]?\.[0-9]++(?:[eE][+-]?[0-9]++)?|"
    rf"[0-9]++:{_NUMBER}(?: +[0-9]++:{_NUMBER})++"
)
"""1:0.63 0:0.37; a single pair with whole numbers, or more digits, may be a time."""
PAIRS = (
    "these are pairs of a number and a value, as LIBSVM has them: write the values alone, a column "
    "for each number, all rows in one order"
)
_KNOWN = (
    (_PAIRS, PAIRS),
    (rf"{_NUMBER} *%", "it is a percentage: write a share as a decimal number, 12% as 0.12"),
    (r"[+-]?0[xX][0-9a-fA-F.]++(?:[pP][+-]?[0-9]++)?", "it is hexadecimal: write it in decimals"),
    (rf"{_NUMBER}[dD][+-]?[0-9]++", "Fortran writes exponents so: write 1.5e3 for 1.5d3"),
    (r"\([0-9.,]++\)", "accountants write negative numbers so: write -1.5 for (1.5)"),
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def way_out(text: str) -> str | None:
    """Return the way out for a text that is no number, where it is known what it is.

    A hint that names an option is right whatever the rest of the table holds.
    """
    bare = text.strip(" ")
    if bare.startswith("["):
        return _of_list(bare)
    if comma := re.fullmatch(_COMMA, bare):
        return DECIMAL_COMMA if _is_decimal(comma) else either_reading(bare)
    if re.fullmatch(_GROUPS, bare):
        return GROUPED
    known = next((hint for pattern, hint in _KNOWN if re.fullmatch(pattern, bare)), None)
    return known or _of_characters(bare)


def is_pairs(text: str) -> bool:
    """Return whether a cell holds a value behind its number, or several such pairs."""
    return re.fullmatch(_PAIRS, text.strip(" ")) is not None


def beside_decimal_commas(text: str) -> str | None:
    """Return the way out for a number with a point, where numbers have decimal commas."""
    if "." not in text or not is_number(text.replace(",", "")):
        return None
    pointed = re.fullmatch(_COMMA, text.replace(".", ","))
    if pointed is None:
        return POINTLESS
    return POINTS if _is_decimal(pointed) else f"{POINTS}; {POINTLESS}"


def decimal_comma_in(cells: str, delimiter: str) -> bool:
    """Return whether some cell of a text has a comma that can only be a decimal point."""
    if "," not in cells or (delimiter == "," and '"' not in cells):
        return False
    mark = '"' if delimiter == "," else f'"{re.escape(delimiter)}\n'
    found = re.finditer(rf"(?:(?<=[{mark}])|\A) *+({_COMMA}) *+(?=[{mark}]|\Z)", cells)
    return any(_is_decimal(comma) for match in found if (comma := re.fullmatch(_COMMA, match[1])))


def _is_decimal(comma: re.Match[str]) -> bool:
    """Return whether the comma cannot part thousands: behind a 0, or not before three digits."""
    before, behind = comma.groups()
    return len(behind) != 3 or before.strip("0") == "" != before


def either_reading(text: str) -> str:
    """Return the way out for a number whose comma may be its decimal point or part thousands."""
    pointed, joined = text.replace(",", "."), text.replace(",", "")
    return f"is it {pointed} or {joined}? {GROUPED[0].upper()}{GROUPED[1:]}"


def _of_list(text: str) -> str:
    if "..." in text:
        return (
            "NumPy leaves values out of long arrays that it prints (...): write all of them, by "
            "np.set_printoptions(threshold=sys.maxsize), or as lists, array.tolist()"
        )
    if text.startswith("[[") or "[" in text[1:]:
        return "it is a list of lists: a cell may hold one list, of the components of its sample"
    if not text.strip("[] \n"):
        return "it is an empty list: its sample has no components"
    return "a cell may hold a list of numbers, such as [0.1, 0.9] or [0.1 0.9], as in the first row"


def _of_characters(text: str) -> str | None:
    import unicodedata

    rest = ""
    for char in text:
        if char.isascii() and char != "$":
            rest += char
            continue
        kind, code = unicodedata.category(char), f"U+{ord(char):04X}"
        named = f"it has a character {code}, {unicodedata.name(char, 'without a name').lower()}"
        if char in _DASHES:
            return f"{named}: write minus as -"
        if kind == "Zs" or char in _INVISIBLE:
            return f"{named}: remove it"
        if kind == "Nd":
            return f"{named}: write digits as 0 to 9"
        if kind == "Sc" and is_number(text.replace(char, "").strip(" ").replace(",", "")):
            return f"{named}: write the number without its currency"
    return None


def around(text: str) -> str:
    """Return the way out for a label with a space before or behind it."""
    return f"there is a space around {quoted(text.strip())}: take it out"
