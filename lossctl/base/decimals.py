"""Decimal numbers in text: what is one, and its exact value."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

_NUMBER = re.compile(r" *+[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)? *+")


def is_number(text: str) -> bool:
    """Return whether `text` is a decimal number in ASCII, spaces around it allowed."""
    return _NUMBER.fullmatch(text) is not None


_FINITE = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,4})?"


def finite_decimal(text: str) -> Decimal | None:
    """Return the number that is written, exactly; None for what is no finite decimal number."""
    if not re.fullmatch(_FINITE, text) or not math.isfinite(float(text)):
        return None
    from decimal import Decimal

    return Decimal(text)
