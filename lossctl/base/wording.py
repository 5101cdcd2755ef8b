"""Text for people: what came from a file is shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST_QUOTE = 60
_MOST_NEAR = 3
_SEPARATORS = r"[\W_]+"
_LIKE = 0.5
"""A word with one slip in it is more like what was meant."""
_LETTERS_PER_SLIP = 4
"""Longer words may have more than one slip in them."""
_RUN_TOGETHER = 0.85
"""More so is without its separators: houseid is house_id, and pred is not pred_old."""


def visible(text: str) -> str:
    """Return `text` with each control, bidirectional or otherwise unprintable character escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8 (surrogateescape)
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def quoted(text: str, mark: str = "'") -> str:
    """Return `text` made visible, shortened and in quotation marks."""
    shown = visible(text[: _LONGEST_QUOTE + 1])
    if len(text) > _LONGEST_QUOTE:
        shown = visible(text[:_LONGEST_QUOTE]) + "..."
    return f"{mark}{shown}{mark}"


def argument(text: str) -> str:
    """Return `text` made visible, as a shell takes it for one argument: in quotes if need be."""
    shown = visible(text)
    bare = all(char.isalnum() or char in "_-.:/%+@," for char in shown) and shown[:1] != "-"
    return shown if bare and shown else "'" + shown.replace("'", "'\\''") + "'"


def folded(sentence: str, width: int | None) -> list[str]:
    """Return the lines of a sentence, broken between words alone; None: one line.

    Lines behind the first one are indented, so that it shows where the next sentence begins.
    """
    if width is None:
        return [sentence]
    from textwrap import wrap

    return wrap(
        sentence,
        width,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(count: int, noun: str) -> str:
    """Return how many there are of what `noun` names: 1 row, 2 rows."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def listed(texts: Iterable[str], most: int) -> str:
    """Return the first `most` of several texts, with commas between them, and whether more came."""
    shown = list(islice(texts, most + 1))
    return ", ".join(shown[:most]) + (", ..." if len(shown) > most else "")


def either(words: Iterable[str]) -> str:
    """Return words of which one is to be chosen: a, b or c."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was most likely meant to be, or None.

    Those that differ in their digits, or in a whole word, are other names, not slips: p2 is not p1,
    and pred_new is not pred_old.
    """
    near = (one for one in nearest_ones(word, known) if _is_slip(word.lower(), one.lower()))
    return next(near, None)


def _is_slip(word: str, other: str) -> bool:
    """Return whether few letters of many are other ones, missing, too many or swapped.

    Words of the user have any letters: grape is not apple, though three of five are the same.
    """
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, word, other, autojunk=False).get_matching_blocks()
    others = len(word) + len(other) - 2 * sum(block.size for block in blocks)
    return others <= 2 * max(1, max(len(word), len(other)) // _LETTERS_PER_SLIP)


def nearest_ones(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that `word` may be meant to be: several where none is nearer."""
    from difflib import SequenceMatcher, get_close_matches

    digits = [char for char in word if char.isdigit()]
    alike = [other for other in known if [char for char in other if char.isdigit()] == digits]
    lower = {other.lower(): other for other in reversed(alike) if _may_be_slip(word, other)}
    similar = get_close_matches(word.lower(), reversed(lower), n=_MOST_NEAR)
    ratios = [SequenceMatcher(None, one, word.lower()).ratio() for one in similar]
    return [lower[one] for one, ratio in zip(similar, ratios, strict=True) if ratio == max(ratios)]


def _may_be_slip(word: str, other: str) -> bool:
    """Return whether each word in the one is like that in the other, or all are run together."""
    import re
    from difflib import SequenceMatcher

    mine, theirs = (
        [part for part in re.split(_SEPARATORS, text.lower()) if part] for text in (word, other)
    )
    if len(mine) != len(theirs):
        return SequenceMatcher(None, "".join(mine), "".join(theirs)).ratio() > _RUN_TOGETHER
    pairs = zip(mine, theirs, strict=True)
    return all(SequenceMatcher(None, *pair).ratio() > _LIKE for pair in pairs)


def choose(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the message and the hint for a `word` that is none of the `known` ones."""
    names = list(known)
    meant = nearest_ones(word, names)
    hint = f"did you mean {either(meant)}?" if meant else f"one of: {', '.join(names)}"
    return f"no {kind} is called {quoted(word)}", hint
