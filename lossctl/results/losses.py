"""Losses by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from lossctl.base.wording import listed, quoted, visible

T = TypeVar("T")
_SHOWN = 10


class Losses(dict[str, T]):
    """A dict whose KeyError says which losses there are."""

    def __missing__(self, name: object) -> T:
        raise not_here(name, self)


def not_here(name: object, there: Iterable[str]) -> KeyError:
    """Return the error for a name that is none of those that are there."""
    known = listed(map(visible, there), _SHOWN)
    return KeyError(f"there is no {quoted(str(name))} here: {known}")
