"""Decimal numbers in text: what is one, and its exact value."""

from __future__ import annotations

import re

_NUMBER = re.compile(r" *+[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)? *+")


def is_number(text: str) -> bool:
    """Return whether `text` is a decimal number in ASCII, spaces around it allowed."""
    return _NUMBER.fullmatch(text) is not None
